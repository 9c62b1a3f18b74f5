"""Charts of goal 1: explanations given, people lost to follow-up, people and roads."""

from __future__ import annotations

from course.authoring.district.charts.plot import LEFT, Chart, Scale, across, bar, key, label, pale_bar
from course.authoring.district.figures import pathways, territory, voices
from course.authoring.district.figures.reading import Line, share
from course.core.palette import BLUE, OCHRE, PLUM, RUST
from course.core.words import french, listed, percent

_LANGUAGES = ("mooré", "dioula", "fulfuldé", "gourmantchéma")
_ACCESS = {"praticable": (BLUE, True), "difficile": (OCHRE, False), "coupé": (RUST, False)}
FARES = ("à pied ou moins de 500 FCFA", "de 500 à 1 499 FCFA", "1 500 FCFA et plus")


def explanations() -> Chart:
    """1.1: what people say of the explanations and of the decision, by language and by displacement."""
    forms = voices.forms()
    groups: list[tuple[str, tuple[Line, ...]]] = [("Ensemble", forms)]
    groups += [(name, tuple(form for form in forms if form["langue"] == name)) for name in _LANGUAGES]
    groups += [("déplacée", voices.forms(displaced=True)), ("non déplacée", voices.forms(displaced=False))]
    marks, shares = Scale(1, 5, 216, 446), Scale(0, 1, 510, 710)
    top, step = 92, 34
    bottom = top + step * len(groups) + 12
    shapes = across(marks, top - 8, bottom, (1, 2, 3, 4, 5), "Note des explications (de 1 à 5)")
    shapes += across(shares, top - 8, bottom, (0, 0.5, 1), "Ont pris part au choix (%)", lambda v: french(100 * v))
    told = []
    for rank, (name, found) in enumerate(groups):
        y = top + rank * step + (0 if rank == 0 else 6 if rank < 5 else 12)
        note = sum(int(form["explication_1_5"]) for form in found) / len(found)
        shared = share(found, lambda form: form["decision_partagee"] == "oui")
        shapes += [
            label((206, y + 16), f"{name} ({len(found)})", anchor="end", bold=rank == 0),
            bar((marks(1), y), (marks(note) - marks(1), 22), BLUE),
            label((marks(note) + 6, y + 16), french(note, 1)),
            pale_bar((shares(0), y), (shares(shared) - shares(0), 22), PLUM),
            label((shares(shared) + 6, y + 16), french(100 * shared)),
        ]
        told.append(f"{name}, {len(found)} fiches : {french(note, 1)} et {percent(shared)}")
    return Chart(
        "Explications reçues, par langue de la maison et déplacement",
        f"Note moyenne des explications, puis part des personnes qui ont pris part au choix. {' ; '.join(told)}.",
        "Table : enquete_satisfaction.csv, 2025. Entre parenthèses : fiches.",
        bottom + 96,
        (label((LEFT, 66), "Groupe (fiches)"), *shapes),
    )


def peers() -> Chart:
    """1.2: people lost to follow-up, in a peer group or not, all and by the cost of transport."""
    bands = [("Ensemble", None), *((words, rank) for rank, words in enumerate(FARES))]
    scale = Scale(0, 0.6, 250, 690)
    top, step = 104, 66
    bottom = top + step * len(bands)
    shapes = key(70, [(BLUE, False, "viennent à un groupe de pairs"), (RUST, True, "n’y viennent pas")])
    shapes += across(
        scale, top - 8, bottom, (0, 0.2, 0.4, 0.6), "Personnes perdues de vue (%)", lambda v: french(100 * v)
    )
    told = []
    for rank, (name, band) in enumerate(bands):
        y = top + rank * step
        shapes.append(label((240, y + 31), name, anchor="end", bold=rank == 0))
        counts = []
        for low, with_peers in enumerate((True, False)):
            found = [p for p in pathways.followed(with_peers) if band is None or pathways.fare_band(p) == band]
            lost = sum(p["perdu_de_vue"] == "oui" for p in found)
            place = y + 1 + 26 * low
            size = (scale(lost / len(found)) - scale(0), 22)
            shapes += [
                bar((scale(0), place), size, BLUE) if with_peers else pale_bar((scale(0), place), size, RUST),
                label((scale(lost / len(found)) + 6, place + 16), f"{lost} sur {len(found)}"),
            ]
            counts.append(f"{lost} sur {len(found)}")
        told.append(f"{name} : {counts[0]} en groupe de pairs, {counts[1]} hors groupe")
    return Chart(
        "Perdus de vue, selon le groupe de pairs et le coût du transport",
        f"Personnes perdues de vue à la fin de 2025. {' ; '.join(told)}.",
        "Table : suivi_chroniques.csv. Coût d’un aller-retour ; inconnu pour 12 personnes.",
        bottom + 84,
        tuple(shapes),
    )


def people_and_roads() -> Chart:
    """1.3: the people of each area, from the nearest centre to the farthest, and the road in the rains."""
    centres = sorted(territory.centres(kind=None), key=lambda c: int(c["distance_cma_km"]))
    scale = Scale(0, 40000, 210, 700)
    top, step = 92, 25
    bottom = top + step * len(centres)
    shapes = [label((LEFT, 66), "Route en saison des pluies :")]
    shapes += key(66, [(family, pale, territory.ROADS[words]) for words, (family, pale) in _ACCESS.items()], left=236)
    shapes += across(scale, top - 6, bottom, range(0, 40001, 10000), "Habitants de l’aire (personnes)")
    for rank, centre in enumerate(centres):
        y, people = top + rank * step, int(centre["population_aire"])
        family, pale = _ACCESS[centre["acces_saison_pluies"]]
        shapes += [
            label((200, y + 15), f"{centre['nom']}, {centre['distance_cma_km']} km", anchor="end"),
            (pale_bar if pale else bar)((scale(0), y + 1), (scale(people) - scale(0), 18), family),
            label((scale(people) + 6, y + 15), french(people)),
        ]
    told = []
    for access in _ACCESS:
        found = [c for c in centres if c["acces_saison_pluies"] == access]
        named = listed(f"{c['nom']} ({c['distance_cma_km']} km) {french(int(c['population_aire']))}" for c in found)
        told.append(f"route {territory.ROADS[access]} : {named}")
    return Chart(
        "Habitants de chaque aire sanitaire et distance au CMA",
        f"Habitants de chaque aire, selon la route en saison des pluies, du plus proche au plus loin du CMA. "
        f"{' ; '.join(told)}.",
        "Table : formations_sanitaires.csv, 2025. Distance par la route.",
        bottom + 84,
        tuple(shapes),
    )
