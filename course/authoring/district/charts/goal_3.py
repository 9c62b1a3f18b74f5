"""Charts of goal 3: antenatal visits, alerts, budget, bed-days, power and roads."""

from __future__ import annotations

from collections import Counter
from datetime import date
from statistics import median
from typing import get_args

from course.authoring.district.charts.plot import LEFT, Chart, Scale, across, bar, key, label, pale_bar, rule, upwards
from course.authoring.district.figures import means, pathways, territory
from course.authoring.district.figures.territory import Zone
from course.authoring.figures.drawing import box, dot
from course.core.palette import BLUE, FAINT, GREEN, OCHRE, PAPER, WASH
from course.core.words import french, listed, percent

_ZONES = {"near": "jusqu’à 10 km", "middle": "de 11 à 20 km", "far": "plus de 20 km"}
SOURCES = ("CSPS", "CMA", "laboratoire", "habitants", "école", "élevage", "commune", "radio locale")
_LEVELS = (("soins primaires", GREEN, False), ("hôpital", BLUE, False), ("district", OCHRE, True))
_POWERS, _ROADS = ("réseau", "solaire", "aucune"), ("praticable", "difficile", "coupé")


def antenatal() -> Chart:
    """3.1: women who came to a first antenatal visit and not to a fourth, by distance and by date of the report."""
    kinds = (
        (None, "tous les rapports", BLUE, False),
        (True, "reçus à temps", GREEN, True),
        (False, "en retard", OCHRE, False),
    )
    scale = Scale(0, 0.8, 316, 700)
    top, step = 104, 96
    bottom = top + step * len(_ZONES) - 8
    shapes = key(66, [(family, pale, words) for _, words, family, pale in kinds])
    shapes += across(
        scale,
        top - 8,
        bottom,
        (0, 0.2, 0.4, 0.6, 0.8),
        "Venues à la CPN1, pas à la CPN4 (%)",
        lambda v: french(100 * v),
    )
    told = []
    for rank, zone in enumerate(get_args(Zone)):
        y = top + rank * step
        count = len(territory.centres(zone, kind=None))
        shapes += [
            label((LEFT, y + 32), _ZONES[zone], bold=True),
            label((LEFT, y + 52), f"{count} centres"),
        ]
        values = []
        for low, (on_time, words, family, pale) in enumerate(kinds):
            value, reports = territory.antenatal_dropout(zone, on_time), len(territory.reports(zone, on_time=on_time))
            place = y + 27 * low
            shapes += [
                label((306, place + 16), f"{reports} rapports", anchor="end"),
                (pale_bar if pale else bar)((scale(0), place), (scale(value) - scale(0), 22), family),
                label((scale(value) + 6, place + 16), french(100 * value)),
            ]
            values.append(f"{words} ({reports}) {percent(value)}")
        told.append(f"{_ZONES[zone]} : {', '.join(values)}")
    return Chart(
        "De la première à la quatrième consultation prénatale",
        "Part des femmes venues à la première consultation prénatale (CPN1) et non à la quatrième (CPN4), selon la "
        f"distance entre le centre et le CMA, puis selon l’arrivée du rapport. {' ; '.join(told)}.",
        "Table : activites_mensuelles.csv, 2024 et 2025. À temps : avant le 11.",
        bottom + 84,
        tuple(shapes),
    )


def checking() -> Chart:
    """3.2: days from each signal to its verification, by who gave it."""
    scale = Scale(0, 10, 216, 620)
    top, step = 92, 46
    bottom = top + step * len(SOURCES)
    shapes = [label((690, 66), "Sans date", anchor="middle"), label((178, 66), "Source (signaux)", anchor="end")]
    shapes += across(scale, top - 8, bottom, range(0, 11, 2), "Du signal à la vérification (jours)")
    told = []
    for rank, source in enumerate(SOURCES):
        found = [alert for alert in means.alerts() if alert["source"] == source]
        days = Counter(
            (date.fromisoformat(a["date_verification"]) - date.fromisoformat(a["date_signal"])).days
            for a in found
            if a["date_verification"]
        )
        y = top + rank * step + 38
        shapes += [
            rule([(scale(0) - 18, y), (scale(10) + 18, y)]),
            label((180, y - 6), f"{source} ({len(found)})", anchor="end"),
            label((690, y - 6), str(len(found) - days.total()), anchor="middle"),
        ]
        for day, count in days.items():
            shapes += [
                dot((scale(day) + 7 * (n // 4 - (count - 1) // 4 / 2), y - 6 - 8 * (n % 4)), BLUE.deep, 3.4)
                for n in range(count)
            ]
        spread = sorted(days.elements())
        told.append(
            f"{source}, {len(found)} signaux : de {spread[0]} à {spread[-1]} jour{'s' if spread[-1] > 1 else ''}, "
            f"médiane {french(median(spread), 1).removesuffix(',0')}, {len(found) - days.total()} sans date"
        )
    return Chart(
        "Combien de jours pour vérifier un signal",
        f"Un point par signal vérifié. {' ; '.join(told)}.",
        "Table : alertes.csv, 2024 et 2025. Un point : un signal.",
        bottom + 84,
        tuple(shapes),
    )


def levels() -> Chart:
    """3.3: the budget of three years, by level, in millions of francs CFA."""
    scale = Scale(0, 600, 360, 96)
    left, wide, gap = 84, 56, 226
    shapes = key(66, [(family, pale, words) for words, family, pale in _LEVELS])
    shapes += upwards(Scale(0, 600, 360, 122), left, 740, range(0, 601, 200), "")
    scale = Scale(0, 600, 360, 122)
    shapes[-1] = label((LEFT, 96), "Budget prévu (millions de FCFA)")
    told = []
    for rank, year in enumerate((2023, 2024, 2025)):
        x, amounts = left + 28 + rank * gap, []
        for place, (level, family, pale) in enumerate(_LEVELS):
            amount = means.budget(year, level=level) / 1e6
            at = (x + place * (wide + 4), scale(amount))
            shapes += [
                (pale_bar if pale else bar)(at, (wide, scale(0) - scale(amount)), family),
                label((at[0] + wide / 2, at[1] - 6), french(amount, 1), anchor="middle"),
            ]
            amounts.append(f"{level} {french(amount, 1)}")
        whole = french(means.budget(year) / 1e6, 1)
        shapes += [
            label((x + wide * 1.5 + 4, 382), str(year), anchor="middle", bold=True),
            label((x + wide * 1.5 + 4, 404), f"total : {whole}", anchor="middle"),
        ]
        told.append(f"{year} : {', '.join(amounts)}, total {whole}")
    return Chart(
        "Budget du district par niveau, de 2023 à 2025",
        f"Budget prévu, en millions de FCFA. {' ; '.join(told)}.",
        "Table : budget_financement.csv. Salaires non compris.",
        450,
        tuple(shapes),
    )


def bed_days() -> Chart:
    """3.4: bed-days by reason of the stay, and where the review would have given the same care."""
    verdicts = (
        ("non", "hôpital", BLUE, True),
        ("jour", "hôpital de jour", OCHRE, False),
        ("domicile", "domicile", GREEN, False),
    )
    per_reason: dict[str, Counter[str]] = {}
    for stay in pathways.stays():
        if stay["duree_j"]:
            per_reason.setdefault(stay["motif"], Counter())[stay["evitable_selon_revue"]] += int(stay["duree_j"])
    ordered = sorted(per_reason.items(), key=lambda pair: (-pair[1].total(), pair[0]))
    shown = [pair for pair in ordered if pair[1]["jour"] + pair[1]["domicile"]]
    rest = Counter[str]()
    for pair in ordered:
        if pair not in shown:
            rest += pair[1]
    shown.append(("autres motifs", rest))
    scale = Scale(0, 160, 350, 690)
    top, step = 100, 28
    bottom = top + step * len(shown)
    shapes = [label((LEFT, 66), "Selon la revue, il fallait :")]
    shapes += key(66, [(family, pale, words) for _, words, family, pale in verdicts], left=220)
    shapes += across(scale, top - 8, bottom, range(0, 161, 40), "Journées d’hospitalisation (jours)")
    told = []
    for rank, (reason, found) in enumerate(shown):
        y, x = top + rank * step, scale(0)
        cut = reason == "autres motifs"
        shapes.append(label((340, y + 15), reason, anchor="end"))
        for verdict, _, family, pale in verdicts:
            long = scale(0 if cut else found[verdict]) - scale(0)
            if long:
                shapes.append((pale_bar if pale else bar)((x, y + 1), (long, 18), family))
            x += long
        shapes.append(
            label((x + 6, y + 15), french(sum(found[v] for v, *_ in verdicts)) + (", hors échelle" if cut else ""))
        )
        parts = [f"{french(found[verdict])} {words}" for verdict, words, *_ in verdicts if found[verdict]]
        told.append(f"{reason} : {', '.join(parts)}")
    return Chart(
        "Journées au CMA, par motif et avis de la revue",
        f"Journées de juillet à décembre 2025, selon le lieu que la revue aurait choisi. {' ; '.join(told)}.",
        "Table : hospitalisations_cma.csv. Dossiers revus, durée connue.",
        bottom + 84,
        tuple(shapes),
    )


def power_and_roads() -> Chart:
    """3.5: the 14 CSPS by their power and by the road in the rains."""
    left, top, wide, high = 126, 124, 202, 118
    shapes = [label((left + 1.5 * wide, 72), "Courant du centre", anchor="middle", bold=True)]
    shapes.append(label((LEFT, 112), "Route", bold=True))
    told = []
    for column, power in enumerate(_POWERS):
        shapes.append(label((left + (column + 0.5) * wide, 104), power, anchor="middle"))
    for row, road in enumerate(_ROADS):
        shapes.append(label((LEFT, top + (row + 0.5) * high + 5), territory.ROADS[road]))
        for column, power in enumerate(_POWERS):
            found = [c for c in territory.centres() if c["acces_saison_pluies"] == road and c["electricite"] == power]
            at = (left + column * wide + 3, top + row * high + 3)
            shapes.append(box(at, (wide - 6, high - 6), fill=WASH if found else PAPER, stroke=FAINT, round_by=4))
            shapes += [
                label((at[0] + 10, at[1] + 21 + 21 * place), f"{c['nom']}, {french(int(c['population_aire']))}")
                for place, c in enumerate(found)
            ]
            if found:
                named = listed(f"{c['nom']} ({french(int(c['population_aire']))})" for c in found)
                source = "sans courant" if power == "aucune" else f"courant {power}"
                told.append(f"route {territory.ROADS[road]}, {source} : {named}")
    return Chart(
        "Courant et route des 14 CSPS, avec leurs habitants",
        "Chaque CSPS, avec les habitants de son aire, selon sa route en saison des pluies et sa source de courant. "
        f"{' ; '.join(told)}.",
        "Table : formations_sanitaires.csv, 2025. Habitants de l’aire (personnes).",
        top + 3 * high + 44,
        tuple(shapes),
    )
