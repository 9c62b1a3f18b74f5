"""Charts of goal 2: who sits where, and what becomes of promises."""

from __future__ import annotations

from course.authoring.district.charts.plot import LEFT, Chart, Scale, across, bar, key, label, pale_bar
from course.authoring.district.figures import voices
from course.authoring.district.figures.reading import Line, lines
from course.core.palette import BLUE, GREEN, OCHRE, RUST, SOFT
from course.core.words import french

_NOWHERE = "aucune instance"
_MAKERS = ("équipe du CSPS", "COGES", "commune", "équipe cadre du district", "habitants")


def bodies() -> Chart:
    """2.1: the actors of each body, one square each, and the share of women among those who speak for them."""
    seats: dict[str, list[Line]] = {}
    for actor in voices.actors():
        seats.setdefault(actor["instance"] or _NOWHERE, []).append(actor)
    top, step = 98, 34
    shapes = key(66, [(BLUE, True, "un acteur"), (RUST, False, "un acteur qui parle au nom des usagers")])
    shapes.append(label((736, 66), "Femmes (%)", anchor="end", fill=SOFT))
    told = []
    for rank, (body, found) in enumerate(seats.items()):
        y = top + rank * step
        shapes.append(label((312, y + 17), body, anchor="end"))
        for place, actor in enumerate(found):
            at = (326 + place * 32, y)
            users = actor["represente_usagers"] == "oui"
            shapes.append(bar(at, (24, 24), RUST) if users else pale_bar(at, (24, 24), BLUE))
        known = [int(actor["femmes_pct"]) for actor in found if actor["femmes_pct"]]
        women = sum(known) / len(known)
        shapes.append(label((736, y + 17), french(women), anchor="end"))
        users = sum(actor["represente_usagers"] == "oui" for actor in found)
        told.append(f"{body} : {len(found)}, {users} et {french(women)} %")
    bottom = top + step * len(seats)
    shapes.append(
        label(
            (LEFT, bottom + 16), "Femmes : part moyenne parmi ceux qui représentent les acteurs ; inconnue pour deux."
        )
    )
    return Chart(
        "Qui siège dans chaque instance du district",
        "Pour chaque instance : nombre d’acteurs, dont ceux qui parlent pour les usagers, et part moyenne des femmes. "
        f"{' ; '.join(told)}.",
        "Table : parties_prenantes.csv, novembre 2025.",
        bottom + 62,
        tuple(shapes),
    )


def promises() -> Chart:
    """2.2: commitments kept, not kept or not yet looked at: posted or not, then by who made them."""
    every = lines("journal_redevabilite")
    groups = [("affiché au centre", [c for c in every if c["date_affichage"]])]
    groups.append(("jamais affiché", [c for c in every if not c["date_affichage"]]))
    groups += [(f"pris par : {maker}", [c for c in every if c["pris_par"] == maker]) for maker in _MAKERS]
    ends = (("oui", "tenus", GREEN, False), ("non", "non tenus", RUST, True), ("", "pas encore constatés", OCHRE, True))
    scale = Scale(0, 50, 266, 720)
    top, step = 100, 36
    bottom = top + step * len(groups) + 10
    shapes = key(66, [(family, pale, words) for _, words, family, pale in ends])
    shapes += across(scale, top - 8, bottom, range(0, 51, 10), "Engagements (nombre)")
    told = []
    for rank, (name, found) in enumerate(groups):
        y, x = top + rank * step + (10 if rank > 1 else 0), scale(0)
        shapes.append(label((256, y + 18), name, anchor="end"))
        counts = []
        for end, words, family, pale in ends:
            count = sum(c["tenu"] == end for c in found)
            counts.append(f"{count} {words if count > 1 else words.replace('és', 'é').replace('nus', 'nu')}")
            if not count:
                continue
            long = scale(count) - scale(0)
            shapes.append((pale_bar if pale else bar)((x, y), (long, 26), family))
            if count > 2:
                shapes.append(
                    label((x + long / 2, y + 18), str(count), anchor="middle", fill="#ffffff" * (not pale) or "#16212b")
                )
            x += long
        told.append(f"{name.replace('pris par : ', '')} : {', '.join(counts)}")
    return Chart(
        "Ce que sont devenus les engagements",
        f"Engagements de 2024 et 2025. {' ; '.join(told)}.",
        "Table : journal_redevabilite.csv, 2024 et 2025.",
        bottom + 84,
        tuple(shapes),
    )
