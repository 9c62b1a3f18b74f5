"""Charts of goal 4: who was sent and what came back, who pays for supervision, who gave the signal first."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from course.authoring.district.alerts import OUTSIDE
from course.authoring.district.charts.plot import LEFT, Chart, Scale, across, bar, key, label, pale_bar, rule, upwards
from course.authoring.district.figures import means, pathways
from course.authoring.district.figures.reading import lines
from course.core.palette import BLUE, GREEN, OCHRE, PLUM, RUST
from course.core.words import french

_HOURS = 3
_PARTNERS = (("A", BLUE, False), ("B", OCHRE, False), ("C", GREEN, False), ("D", PLUM, True))


def returns() -> Chart:
    """4.1: people sent to the CMA and counter-referrals received, by hour of departure."""
    sent, back = Counter[int](), Counter[int]()
    for referral in pathways.referrals():
        slot = datetime.fromisoformat(referral["date_depart"]).hour // _HOURS
        sent[slot] += 1
        back[slot] += referral["retour_recu"] == "oui"
    left, step, wide = 76, 83, 36
    scale = Scale(0, 150, 350, 128)
    shapes = key(66, [(BLUE, True, "personnes adressées"), (RUST, False, "volets de retour reçus")])
    shapes += upwards(scale, left, 740, range(0, 151, 50), "Personnes (nombre)")
    told = []
    for slot in range(24 // _HOURS):
        x = left + 6 + slot * step
        hours = f"{slot * _HOURS} à {(slot + 1) * _HOURS} h"
        for place, (count, family, pale) in enumerate(((sent[slot], BLUE, True), (back[slot], RUST, False))):
            at = (x + place * wide, scale(count))
            if count:
                shapes.append((pale_bar if pale else bar)(at, (wide - 4, scale(0) - scale(count)), family))
            shapes.append(label((at[0] + wide / 2 - 2, at[1] - 6), str(count), anchor="middle"))
        shapes.append(label((x + wide - 2, 371), hours, anchor="middle"))
        told.append(f"{hours} : {sent[slot]} et {back[slot]}")
    shapes.append(label((408, 396), "Heure du départ du CSPS (tranches de 3 heures)", anchor="middle"))
    return Chart(
        "Personnes adressées au CMA et volets de contre-référence reçus",
        f"Par heure de départ, personnes adressées puis volets de retour reçus. {' ; '.join(told)}.",
        "Table : references.csv, 2024 et 2025.",
        440,
        tuple(shapes),
    )


def supervision() -> Chart:
    """4.2: what each partner plans for the supervision of the CSPS, in three years."""
    scale = Scale(0, 50, 84, 690)
    top, step = 104, 62
    shapes = key(66, [(family, pale, f"partenaire {name}") for name, family, pale in _PARTNERS])
    bottom = top + 3 * step
    shapes += across(
        scale, top - 8, bottom, range(0, 51, 10), "Budget prévu pour la supervision des CSPS (millions de FCFA)"
    )
    told = []
    for rank, year in enumerate((2023, 2024, 2025)):
        y, x, parts = top + rank * step + 6, scale(0), []
        shapes.append(label((74, y + 24), str(year), anchor="end", bold=True))
        for name, family, pale in _PARTNERS:
            found = [
                int(row["prevu_fcfa"]) / 1e6
                for row in lines("budget_financement")
                if row["annee"] == str(year) and row["programme"] == means.SUPERVISION and row["source"][-1] == name
            ]
            if not found:
                continue
            long = scale(sum(found)) - scale(0)
            said = french(sum(found), 1)
            shapes += [
                (pale_bar if pale else bar)((x, y), (long, 36), family),
                label(
                    (x + long / 2, y + 24), f"{name} : {said}", anchor="middle", fill="#16212b" if pale else "#ffffff"
                ),
            ]
            parts.append(f"{name} {said}")
            x += long
        told.append(f"{year} : {', '.join(parts)}")
    return Chart(
        "Qui paie la supervision des CSPS, de 2023 à 2025",
        f"Budget prévu par chaque partenaire, en millions de FCFA. {' ; '.join(told)}.",
        "Table : budget_financement.csv, programme Supervision des CSPS.",
        bottom + 84,
        tuple(shapes),
    )


def first_signals() -> Chart:
    """4.3: the events signalled from outside and by a health service, days between the two, and the sectors."""
    gaps = Counter(means.leads())
    left, top, bottom = 60, 118, 268
    days = Scale(-4, 12, left + 10, 720)
    count = Scale(0, 6, bottom, top)
    shapes = upwards(count, left, 740, (0, 2, 4, 6), "Événements (nombre)")
    for day in range(-4, 13, 2):
        shapes.append(label((days(day), bottom + 20), french(day), anchor="middle"))
    for day, found in gaps.items():
        at = (days(day) - 15, count(found))
        shapes.append((pale_bar if day < 0 else bar)(at, (30, bottom - count(found)), OCHRE if day < 0 else BLUE))
    shapes += [
        rule([(days(0), top - 6), (days(0), bottom)], dashed=True),
        label((390, bottom + 44), "Jours entre le signal du dehors et celui d’un service de santé", anchor="middle"),
        label((days(0) - 10, 66), "← le service de santé d’abord", anchor="end"),
        label((days(0) + 10, 66), "le dehors d’abord →"),
    ]
    shapes += key(364, [(GREEN, False, "la santé seule"), (PLUM, True, "un autre secteur au moins")], left=250)
    shapes.append(label((LEFT, 364), "Secteurs impliqués, par signal :"))
    scale, shared = Scale(0, 50, 210, 690), []
    for rank, (name, outside) in enumerate((("signal du dehors", True), ("service de santé", False))):
        found = [alert for alert in means.alerts() if (alert["source"] in OUTSIDE) == outside]
        others = sum("," in alert["secteurs_impliques"] for alert in found)
        y = 382 + rank * 34
        split = scale(len(found) - others)
        shapes += [
            label((200, y + 18), name, anchor="end"),
            bar((scale(0), y), (split - scale(0), 26), GREEN),
            label(((scale(0) + split) / 2, y + 18), str(len(found) - others), anchor="middle", fill="#ffffff"),
            pale_bar((split, y), (scale(len(found)) - split, 26), PLUM),
            label(((split + scale(len(found))) / 2, y + 18), str(others), anchor="middle"),
        ]
        shared.append(f"{name} : {len(found) - others} avec la santé seule, {others} avec un autre secteur")
    told = ", ".join(f"{french(day)} j ({gaps[day]})" for day in sorted(gaps))
    return Chart(
        "Deux signaux pour un même événement",
        "Jours entre le signal du dehors et celui d’un service de santé, négatifs quand le service de santé est le "
        f"premier, et nombre d’événements : {told}. Secteurs impliqués par signal : {' ; '.join(shared)}.",
        "Table : alertes.csv, 2024 et 2025. En bas : nombre de signaux.",
        498,
        tuple(shapes),
    )
