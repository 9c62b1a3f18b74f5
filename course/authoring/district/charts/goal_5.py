"""Charts of goal 5: reports received, returns to hospital, bonuses and visits, influence and interest, receipts."""

from __future__ import annotations

from statistics import median

from course.authoring.district.calendar import MONTHS
from course.authoring.district.charts.plot import LEFT, Chart, Scale, across, bar, key, label, pale_bar, rule
from course.authoring.district.figures import means, pathways, territory, voices
from course.authoring.district.figures.reading import lines
from course.authoring.figures.drawing import dot
from course.core.palette import BLUE, GREEN, OCHRE, RUST
from course.core.words import french

_SERVICES = ("médecine", "pédiatrie", "chirurgie", "maternité")


def reports() -> Chart:
    """5.1: the monthly reports of each centre, on time, late or never received."""
    centres = sorted(territory.centres(kind=None), key=lambda c: int(c["distance_cma_km"]))
    on_time = {(r["fs_id"], r["mois"]) for r in territory.reports(on_time=True)}
    came = {(r["fs_id"], r["mois"]) for r in territory.reports() if r["date_reception"]}
    left, top, step, cell = 196, 122, 24, 19.4
    shapes = key(66, [(GREEN, True, "reçu à temps"), (RUST, False, "reçu en retard")])
    shapes += [label((370, 66), "× jamais reçu"), label((736, 104), "À temps", anchor="end")]
    for place, month in enumerate(MONTHS):
        if month[5:] in {"01", "07"}:
            name = f"{'janvier' if month[5:] == '01' else 'juillet'} {month[:4]}"
            shapes.append(label((left + place * cell, 104), name))
    told = []
    for rank, centre in enumerate(centres):
        y = top + rank * step
        shapes.append(label((left - 10, y + 14), f"{centre['nom']}, {centre['distance_cma_km']} km", anchor="end"))
        for place, month in enumerate(MONTHS):
            at, which = (left + place * cell, y), (centre["fs_id"], month)
            if which not in came:
                shapes.append(label((at[0] + 8, y + 15), "×", anchor="middle", bold=True))
            else:
                shapes.append(
                    pale_bar((at[0] + 1, y + 1), (14, 16), GREEN) if which in on_time else bar(at, (16, 18), RUST)
                )
        good = sum(fs == centre["fs_id"] for fs, _ in on_time)
        shapes.append(label((736, y + 14), f"{good} sur 24", anchor="end"))
        told.append(f"{centre['nom']} ({centre['distance_cma_km']} km) {good}")
    bottom = top + step * len(centres)
    return Chart(
        "Les rapports mensuels reçus par le district",
        f"Rapports reçus à temps, sur 24 attendus de chaque centre : {', '.join(told)}. Un seul n’est jamais arrivé : "
        "Koroblaso, août 2024.",
        "Table : activites_mensuelles.csv. À temps : avant le 11 du mois suivant.",
        bottom + 46,
        tuple(shapes),
    )


def returns_to_hospital() -> Chart:
    """5.2: people back in hospital within 30 days, visited at home or not, by ward."""
    gone = [stay for stay in pathways.stays() if stay["readmission_30j"]]
    wards = [("Ensemble", gone), *((ward, [s for s in gone if s["service"] == ward]) for ward in _SERVICES)]
    scale = Scale(0, 0.3, 200, 640)
    top, step = 104, 64
    bottom = top + step * len(wards)
    shapes = key(66, [(BLUE, False, "visités à domicile"), (OCHRE, True, "non visités")])
    shapes += across(
        scale, top - 8, bottom, (0, 0.1, 0.2, 0.3), "Hospitalisés de nouveau dans les 30 jours (%)",
        lambda v: french(100 * v),
    )  # fmt: skip
    told = []
    for rank, (name, found) in enumerate(wards):
        y, counts = top + rank * step, []
        shapes.append(label((190, y + 31), name, anchor="end", bold=rank == 0))
        for low, visited in enumerate(("oui", "non")):
            group = [stay for stay in found if stay["suivi_domicile"] == visited]
            back = sum(stay["readmission_30j"] == "oui" for stay in group)
            at, long = (scale(0), y + 1 + 26 * low), scale(back / len(group)) - scale(0)
            if back:
                shapes.append(pale_bar(at, (long, 22), OCHRE) if low else bar(at, (long, 22), BLUE))
            shapes.append(label((at[0] + long + 6, at[1] + 16), f"{back} sur {len(group)}"))
            counts.append(f"{back} sur {len(group)}")
        told.append(f"{name} : {counts[0]} parmi les personnes visitées, {counts[1]} parmi les autres")
    return Chart(
        "De retour à l’hôpital dans les trente jours",
        f"Personnes hospitalisées de nouveau, sur les personnes rentrées chez elles. {' ; '.join(told)}.",
        "Table : hospitalisations_cma.csv, juillet à décembre 2025.",
        bottom + 84,
        tuple(shapes),
    )


def bonuses() -> Chart:
    """5.3: the home visits of each ASBC in December 2025, by the months of bonus she or he waits for."""
    scale = Scale(0, 80, 210, 700)
    waits = range(6)
    top, step = 84, 56
    bottom = top + step * len(waits) + 4
    shapes = [label((190, 66), "Mois de prime dus", anchor="end")]
    shapes += across(scale, top - 8, bottom, range(0, 81, 20), "Visites à domicile de décembre 2025 (nombre)")
    told = []
    for wait in waits:
        found = sorted(int(agent["visites_mois"]) for agent in means.agents((wait, wait)))
        y = top + wait * step + 50
        shapes += [
            rule([(scale(0), y), (scale(80), y)]),
            label((190, y - 10), f"{wait} mois ({len(found)} agents)", anchor="end"),
        ]
        placed: dict[int, int] = {}
        for visits in found:
            height = placed.get(visits, 0)
            placed[visits] = height + 1
            shapes.append(dot((scale(visits), y - 5 - 6.6 * height), BLUE.deep, 3))
        told.append(
            f"{wait} mois, {len(found)} agents : de {found[0]} à {found[-1]}, médiane "
            f"{french(median(found), 1).removesuffix(',0')}"
        )
    return Chart(
        "Visites des ASBC et mois de prime dus",
        f"Visites à domicile de chaque agent, selon les mois de prime qu’il attend. {' ; '.join(told)}.",
        "Table : asbc.csv, décembre 2025. Un point : un agent.",
        bottom + 84,
        tuple(shapes),
    )


def influence() -> Chart:
    """5.4: the 34 actors by influence and interest."""
    across_scale, up_scale = Scale(0.5, 5.5, 70, 740), Scale(0.5, 5.5, 420, 110)
    shapes = key(66, [(BLUE, True, "un acteur"), (RUST, False, "un acteur qui parle au nom des usagers")])
    shapes.append(label((LEFT, 96), "Intérêt pour la santé du district (de 1 à 5)"))
    for value in range(1, 6):
        shapes += [
            rule([(70, up_scale(value) + 31), (740, up_scale(value) + 31)]),
            label((52, up_scale(value) + 5), str(value), anchor="end"),
            label((across_scale(value), 441), str(value), anchor="middle"),
        ]
    shapes.append(label((405, 464), "Influence sur les décisions (de 1 à 5)", anchor="middle"))
    cells: dict[tuple[int, int], list[bool]] = {}
    for actor in voices.actors():
        place = int(actor["influence_1_5"]), int(actor["interet_1_5"])
        cells.setdefault(place, []).append(actor["represente_usagers"] == "oui")
    told = []
    for (power, interest), users in sorted(cells.items()):
        for rank, speaks in enumerate(users):
            at = (across_scale(power) - len(users) * 12.5 + rank * 25, up_scale(interest) - 11)
            shapes.append(bar(at, (22, 22), RUST) if speaks else pale_bar(at, (22, 22), BLUE))
        told.append(
            f"{power} et {interest} : {len(users)}" + (f", dont {sum(users)} pour les usagers" if any(users) else "")
        )
    return Chart(
        "Les acteurs du district, leur influence et leur intérêt",
        f"Nombre d’acteurs pour chaque influence et chaque intérêt, dans cet ordre. {' ; '.join(told)}.",
        "Table : parties_prenantes.csv, novembre 2025.",
        508,
        tuple(shapes),
    )


def receipts() -> Chart:
    """5.5: what each CSPS received for an enrolled person in 2025, from the nearest to the farthest."""
    centres = sorted(territory.centres(), key=lambda c: int(c["distance_cma_km"]))
    paid = {row["fs_id"]: row for row in lines("paiement_simulation")}
    scale = Scale(0, 2500, 210, 660)
    top, step = 92, 26
    bottom = top + step * len(centres)
    flat = means.flat_amount()
    shapes = across(scale, top - 6, bottom, range(0, 2501, 500), "Recettes par personne inscrite (FCFA)")
    told = []
    for rank, centre in enumerate(centres):
        row, y = paid[centre["fs_id"]], top + rank * step
        value = int(row["recettes_actuelles"]) / int(row["population_inscrite"])
        shapes += [
            label((200, y + 16), f"{centre['nom']}, {centre['distance_cma_km']} km", anchor="end"),
            pale_bar((scale(0), y + 2), (scale(value) - scale(0), 19), GREEN),
            label((736, y + 16), french(value), anchor="end"),
        ]
        told.append(f"{centre['nom']} ({centre['distance_cma_km']} km) {french(value)}")
    shapes += [
        rule([(scale(flat), top - 12), (scale(flat), bottom)], dashed=True),
        label((scale(flat), 70), f"même somme pour tous : {french(flat)}", anchor="middle"),
    ]
    return Chart(
        "Recettes de chaque CSPS par personne inscrite",
        f"Recettes de 2025 par personne inscrite, en FCFA : {', '.join(told)}. La même somme, partagée également "
        f"entre les inscrits des 14 CSPS, ferait {french(flat)}.",
        "Table : paiement_simulation.csv, 2025.",
        bottom + 84,
        tuple(shapes),
    )
