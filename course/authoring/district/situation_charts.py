"""The charts of the workbook's 18 situations: each shows the data from which a trainee finds a fact, without naming it.

`python -m course.authoring.district --graphiques` writes them beside the notebooks of `solutions/`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from statistics import mean, median
from typing import get_args

from course.authoring.district import findings
from course.authoring.district.findings import Zone
from course.authoring.district.tables import MONTHS, Line, lines
from course.authoring.drawing import LEFT, RIGHT, Drawing, Fill, Scale, SvgSheet, per_cent
from course.core import syllabus
from course.core.palette import BLUE, FAINT, GREEN, INK, OCHRE, PAPER, PLUM, RUST, SOFT, WASH
from course.core.words import french, listed, percent

_ACCESS = {"praticable": Fill(BLUE, pale=True), "difficile": Fill(OCHRE), "coupé": Fill(RUST)}
_FARES = ("à pied ou moins de 500 FCFA", "de 500 à 1 499 FCFA", "1 500 FCFA et plus")
_LANGUAGES = ("mooré", "dioula", "fulfuldé", "gourmantchéma")
_LEVELS = {"soins primaires": Fill(GREEN), "hôpital": Fill(BLUE), "district": Fill(OCHRE, pale=True)}
_MAKERS = ("équipe du CSPS", "COGES", "commune", "équipe cadre du district", "habitants")
_NOWHERE = "aucune instance"
_PARTNERS = {"A": Fill(BLUE), "B": Fill(OCHRE), "C": Fill(GREEN), "D": Fill(PLUM, pale=True)}
_POWERS = ("réseau", "solaire", "aucune")
_SOURCES = ("CSPS", "CMA", "laboratoire", "habitants", "école", "élevage", "commune", "radio locale")
_WARDS = ("médecine", "pédiatrie", "chirurgie", "maternité")
_YEARS = (2023, 2024, 2025)
_ZONES: dict[Zone, str] = {"near": "jusqu’à 10 km", "middle": "de 11 à 20 km", "far": "plus de 20 km"}


def _count(group: Sequence[Line], column: str, value: str = "oui") -> int:
    return sum(line[column] == value for line in group)


def _place(centre: Line) -> str:
    return f"{centre['nom']}, {centre['distance_cma_km']} km"


def _median(values: Sequence[int]) -> str:
    return french(median(values), 1).removesuffix(",0")


# Goal 1


def explanations() -> Drawing:
    """1.1: ratings of the explanations and shared decisions, by language and by displacement."""
    sheet = SvgSheet(
        "Explications reçues, par langue de la maison et déplacement",
        "Table : Enquête de satisfaction, 2025. Entre parenthèses : fiches.",
    )
    groups: list[tuple[str, Sequence[Line]]] = [("Ensemble", findings.forms())]
    groups += [(name, [form for form in findings.forms() if form["langue"] == name]) for name in _LANGUAGES]
    groups += [("déplacée", findings.forms(displaced=True)), ("non déplacée", findings.forms(displaced=False))]
    marks, shares = Scale(1, 5, 216, 446), Scale(0, 1, 510, 710)
    bottom = 104 + 34 * len(groups)
    sheet.text(LEFT, 66, "Groupe (fiches)")
    sheet.across(marks, 84, bottom, (1, 2, 3, 4, 5), "Note des explications (de 1 à 5)")
    sheet.across(shares, 84, bottom, (0, 0.5, 1), "Ont pris part au choix (%)", per_cent)
    values = []
    for rank, (name, forms) in enumerate(groups):
        y = 92 + 34 * rank + (0 if rank == 0 else 6 if rank <= len(_LANGUAGES) else 12)
        mark = mean(int(form["explication_1_5"]) for form in forms)
        shared = _count(forms, "decision_partagee") / len(forms)
        sheet.text(206, y + 16, f"{name} ({len(forms)})", anchor="end", bold=rank == 0)
        sheet.row(marks, y, 22, mark, Fill(BLUE), french(mark, 1))
        sheet.row(shares, y, 22, shared, Fill(PLUM, pale=True), per_cent(shared))
        values.append(f"{name}, {len(forms)} fiches : {french(mark, 1)} et {percent(shared)}")
    return sheet.chart(
        bottom + 96,
        "Note moyenne des explications, puis part des personnes qui ont pris part au choix. "
        f"{' ; '.join(values)}.",
    )  # fmt: skip


def peers() -> Drawing:
    """1.2: people lost to follow-up, in a peer group or not, all and by the cost of transport."""
    sheet = SvgSheet(
        "Perdus de vue, selon le groupe de pairs et le coût du transport",
        "Table : Suivi des maladies chroniques.\nAller-retour, coût inconnu pour 12 personnes.",
    )
    groups = [(True, Fill(BLUE), "viennent à un groupe de pairs"), (False, Fill(RUST, pale=True), "n’y viennent pas")]
    bands = [("Ensemble", None), *((name, rank) for rank, name in enumerate(_FARES))]
    scale = Scale(0, 0.6, 250, 690)
    bottom = 104 + 66 * len(bands)
    sheet.key(70, [(fill, name) for _, fill, name in groups])
    sheet.across(scale, 96, bottom, (0, 0.2, 0.4, 0.6), "Personnes perdues de vue (%)", per_cent)
    values = []
    for rank, (name, band) in enumerate(bands):
        y = 104 + 66 * rank
        sheet.text(240, y + 31, name, anchor="end", bold=rank == 0)
        counts = []
        for low, (with_peers, fill, _) in enumerate(groups):
            people = findings.followed(with_peers, band)
            lost = findings.lost(people)
            counts.append(f"{lost} sur {len(people)}")
            sheet.row(scale, y + 1 + 26 * low, 22, lost / len(people), fill, counts[-1])
        values.append(f"{name} : {counts[0]} en groupe de pairs, {counts[1]} hors groupe")
    return sheet.chart(bottom + 84, f"Personnes perdues de vue à la fin de 2025. {' ; '.join(values)}.")


def people_and_roads() -> Drawing:
    """1.3: the people of each area, from the nearest centre to the farthest, and the road in the rains."""
    sheet = SvgSheet(
        "Habitants de chaque aire sanitaire et distance au CMA",
        "Table : Formations sanitaires, 2025. Distance par la route.",
    )
    centres = findings.by_distance()
    scale = Scale(0, 40000, 210, 700)
    bottom = 92 + 25 * len(centres)
    entries = [(fill, findings.ROADS[access]) for access, fill in _ACCESS.items()]
    sheet.key(66, entries, "Route en saison des pluies :")
    sheet.across(scale, 86, bottom, range(0, 40001, 10000), "Habitants de l’aire (personnes)")
    by_access: dict[str, list[str]] = {access: [] for access in _ACCESS}
    for rank, centre in enumerate(centres):
        y, people, access = 92 + 25 * rank, int(centre["population_aire"]), centre["acces_saison_pluies"]
        sheet.text(200, y + 15, _place(centre), anchor="end")
        sheet.row(scale, y + 1, 18, people, _ACCESS[access], french(people))
        by_access[access].append(f"{centre['nom']} ({centre['distance_cma_km']} km) {french(people)}")
    values = [f"route {findings.ROADS[access]} : {listed(places)}" for access, places in by_access.items()]
    return sheet.chart(
        bottom + 84,
        "Habitants de chaque aire, selon la route en saison des pluies, du plus proche au plus loin du CMA. "
        f"{' ; '.join(values)}.",
    )


# Goal 2


def bodies() -> Drawing:
    """2.1: the actors of each body, one square each, and the share of women among those who speak for them."""
    sheet = SvgSheet("Qui siège dans chaque instance du district", "Table : Parties prenantes, novembre 2025.")
    seats: dict[str, list[Line]] = {}
    for actor in findings.actors():
        seats.setdefault(actor["instance"] or _NOWHERE, []).append(actor)
    sheet.key(66, [(Fill(BLUE, pale=True), "un acteur"), (Fill(RUST), "un acteur qui parle au nom des usagers")])
    sheet.text(736, 66, "Femmes (%)", anchor="end", fill=SOFT)
    values = []
    for rank, (body, actors) in enumerate(seats.items()):
        y = 98 + 34 * rank
        sheet.text(312, y + 17, body, anchor="end")
        for place, actor in enumerate(actors):
            fill = Fill(RUST) if findings.for_users(actor) else Fill(BLUE, pale=True)
            sheet.bar((326 + 32 * place, y), (24, 24), fill)
        women = french(mean(int(actor["femmes_pct"]) for actor in actors if actor["femmes_pct"]))
        sheet.text(736, y + 17, women, anchor="end")
        values.append(f"{body} : {len(actors)}, {sum(map(findings.for_users, actors))} et {women} %")
    bottom = 98 + 34 * len(seats)
    sheet.text(LEFT, bottom + 16, "Femmes : part moyenne parmi ceux qui représentent les acteurs ; inconnue pour deux.")
    return sheet.chart(
        bottom + 62,
        "Pour chaque instance : nombre d’acteurs, dont ceux qui parlent pour les usagers, et part moyenne des femmes. "
        f"{' ; '.join(values)}.",
    )


def promises() -> Drawing:
    """2.2: commitments kept, not kept or not yet verified: posted or not, then by their maker."""
    sheet = SvgSheet("Ce que sont devenus les engagements", "Table : Journal de redevabilité, 2024 et 2025.")
    commitments = lines("journal_redevabilite")
    groups = [
        ("affiché au centre", [line for line in commitments if line["date_affichage"]]),
        ("jamais affiché", [line for line in commitments if not line["date_affichage"]]),
        *((maker, [line for line in commitments if line["pris_par"] == maker]) for maker in _MAKERS),
    ]
    ends = (
        ("oui", "tenu", Fill(GREEN)), ("non", "non tenu", Fill(RUST, pale=True)),
        ("", "pas encore constaté", Fill(OCHRE, pale=True)),
    )  # fmt: skip
    scale = Scale(0, 50, 290, 720)
    bottom = 110 + 36 * len(groups)
    sheet.key(66, [(fill, f"{words}s") for _, words, fill in ends])
    sheet.across(scale, 92, bottom, range(0, 51, 10), "Engagements (nombre)")
    values = []
    for rank, (name, group) in enumerate(groups):
        y = 100 + 36 * rank + (10 if rank > 1 else 0)
        sheet.text(280, y + 18, name if rank < 2 else f"pris par : {name}", anchor="end")
        counts = [(_count(group, "tenu", end), words, fill) for end, words, fill in ends]
        sheet.stack(scale, y, 26, [(count, fill, str(count) if count > 2 else "") for count, _, fill in counts])
        parts = [f"{count} {words}{'s' * (count > 1)}" for count, words, _ in counts]
        values.append(f"{name} : {', '.join(parts)}")
    return sheet.chart(bottom + 84, f"Engagements de 2024 et 2025. {' ; '.join(values)}.")


# Goal 3


def antenatal() -> Drawing:
    """3.1: women who came to a first antenatal visit and not to a fourth, by distance and by date of the report."""
    sheet = SvgSheet(
        "De la première à la quatrième consultation prénatale",
        "Table : Activités mensuelles, 2024 et 2025. À temps : avant le 11.",
    )
    kinds = (
        (None, "tous les rapports", Fill(BLUE)), (True, "reçus à temps", Fill(GREEN, pale=True)),
        (False, "en retard", Fill(OCHRE)),
    )  # fmt: skip
    scale = Scale(0, 0.8, 316, 700)
    bottom = 96 + 96 * len(_ZONES)
    sheet.key(66, [(fill, words) for _, words, fill in kinds])
    sheet.across(scale, 96, bottom, (0, 0.2, 0.4, 0.6, 0.8), "Venues à la CPN1, pas à la CPN4 (%)", per_cent)
    values = []
    for rank, zone in enumerate(get_args(Zone)):
        y, parts = 104 + 96 * rank, []
        sheet.text(LEFT, y + 32, _ZONES[zone], bold=True)
        sheet.text(LEFT, y + 52, f"{len(findings.centres(zone, kind=None))} centres")
        for low, (on_time, words, fill) in enumerate(kinds):
            dropout, reports = findings.antenatal_dropout(zone, on_time), len(findings.reports(zone, on_time=on_time))
            sheet.text(306, y + 27 * low + 16, f"{reports} rapports", anchor="end")
            sheet.row(scale, y + 27 * low, 22, dropout, fill, per_cent(dropout))
            parts.append(f"{words} ({reports}) {percent(dropout)}")
        values.append(f"{_ZONES[zone]} : {', '.join(parts)}")
    return sheet.chart(
        bottom + 84,
        "Part des femmes venues à la première consultation prénatale (CPN1) et non à la quatrième (CPN4), selon la "
        f"distance entre le centre et le CMA, puis selon l’arrivée du rapport. {' ; '.join(values)}.",
    )


def checking() -> Drawing:
    """3.2: days from each signal to its verification, by source."""
    sheet = SvgSheet(
        "Combien de jours pour vérifier un signal", "Table : Alertes sanitaires, 2024 et 2025. Un point : un signal."
    )
    scale = Scale(0, 10, 216, 620)
    bottom = 92 + 46 * len(_SOURCES)
    sheet.text(690, 66, "Sans date", anchor="middle")
    sheet.text(178, 66, "Source (signaux)", anchor="end")
    sheet.across(scale, 84, bottom, range(0, 11, 2), "Du signal à la vérification (jours)")
    values = []
    for rank, source in enumerate(_SOURCES):
        signals = [alert for alert in findings.alerts() if alert["source"] == source]
        days = sorted(findings.check_days(signals))
        undated = len(signals) - len(days)
        y = 130 + 46 * rank
        sheet.line([(scale(0) - 18, y), (scale(10) + 18, y)])
        sheet.text(180, y - 6, f"{source} ({len(signals)})", anchor="end")
        sheet.text(690, y - 6, str(undated), anchor="middle")
        for day, count in Counter(days).items():
            for n in range(count):
                left = 7 * (n // 4 - (count - 1) // 4 / 2)
                sheet.dot(scale(day) + left, y - 6 - 8 * (n % 4), 3.4, BLUE.deep)
        values.append(
            f"{source}, {len(signals)} signaux : de {days[0]} à {days[-1]} jour{'s' if days[-1] > 1 else ''}, "
            f"médiane {_median(days)}, {undated} sans date"
        )
    return sheet.chart(bottom + 84, f"Un point par signal vérifié. {' ; '.join(values)}.")


def levels() -> Drawing:
    """3.3: the budget of three years, by level, in millions of francs CFA."""
    sheet = SvgSheet(
        "Budget du district par niveau, de 2023 à 2025", "Table : Budget et financement. Salaires non compris."
    )
    scale = Scale(0, 600, 360, 122)
    sheet.key(66, [(fill, level) for level, fill in _LEVELS.items()])
    sheet.upwards(scale, 84, RIGHT, range(0, 601, 200), "Budget prévu (millions de FCFA)")
    values = []
    for rank, year in enumerate(_YEARS):
        x, amounts = 112 + 226 * rank, []
        for place, (level, fill) in enumerate(_LEVELS.items()):
            amount = findings.budget(year, level=level) / 1e6
            sheet.column(scale, x + 60 * place, 56, amount, fill, french(amount, 1))
            amounts.append(f"{level} {french(amount, 1)}")
        total = french(findings.budget(year) / 1e6, 1)
        sheet.text(x + 88, 382, str(year), anchor="middle", bold=True)
        sheet.text(x + 88, 404, f"total : {total}", anchor="middle")
        values.append(f"{year} : {', '.join(amounts)}, total {total}")
    return sheet.chart(450, f"Budget prévu, en millions de FCFA. {' ; '.join(values)}.")


def bed_days() -> Drawing:
    """3.4: bed-days by reason of the stay, and the place of care that the review recommends."""
    sheet = SvgSheet(
        "Journées au CMA, par motif et avis de la revue",
        "Table : Hospitalisations au CMA. Dossiers revus, durée connue.",
    )
    verdicts = (
        ("non", "hôpital", Fill(BLUE, pale=True)), ("jour", "hôpital de jour", Fill(OCHRE)),
        ("domicile", "domicile", Fill(GREEN)),
    )  # fmt: skip
    days: dict[str, Counter[str]] = {}
    for stay in findings.stays():
        if stay["duree_j"]:
            days.setdefault(stay["motif"], Counter())[stay["evitable_selon_revue"]] += int(stay["duree_j"])
    avoidable = [(reason, counts) for reason, counts in days.items() if counts["jour"] + counts["domicile"]]
    shown = sorted(avoidable, key=lambda pair: (-pair[1].total(), pair[0]))
    others = sum((counts for reason, counts in days.items() if (reason, counts) not in shown), Counter[str]())
    scale = Scale(0, 160, 350, 690)
    bottom = 128 + 28 * len(shown)
    sheet.key(66, [(fill, words) for _, words, fill in verdicts], "Selon la revue, il fallait :")
    sheet.across(scale, 92, bottom, range(0, 161, 40), "Journées d’hospitalisation (jours)")
    values = []
    for rank, (reason, counts) in enumerate([*shown, ("autres motifs", others)]):
        y, beyond = 100 + 28 * rank, counts is others
        sheet.text(340, y + 15, reason, anchor="end")
        parts = [(counts[verdict], words, fill) for verdict, words, fill in verdicts]
        x = sheet.stack(scale, y + 1, 18, [(0 if beyond else count, fill, "") for count, _, fill in parts])
        total = french(sum(count for count, *_ in parts))
        sheet.text(x + 6, y + 15, f"{total}, hors échelle" if beyond else total)
        values.append(f"{reason} : {', '.join(f'{french(count)} {words}' for count, words, _ in parts if count)}")
    return sheet.chart(
        bottom + 84,
        f"Journées de juillet à décembre 2025, selon le lieu que la revue aurait choisi. {' ; '.join(values)}.",
    )


def power_and_roads() -> Drawing:
    """3.5: the 14 CSPS by their power and by the road in the rains."""
    sheet = SvgSheet(
        "Courant et route des 14 CSPS, avec leurs habitants",
        "Table : Formations sanitaires, 2025. Habitants de l’aire (personnes).",
    )
    left, top, wide, high = 126, 124, 202, 118
    sheet.text(left + 1.5 * wide, 72, "Courant du centre", anchor="middle", bold=True)
    sheet.text(LEFT, 112, "Route", bold=True)
    for column, power in enumerate(_POWERS):
        sheet.text(left + (column + 0.5) * wide, 104, power, anchor="middle")
    values = []
    for row, (road, words) in enumerate(findings.ROADS.items()):
        sheet.text(LEFT, top + (row + 0.5) * high + 5, words)
        for column, power in enumerate(_POWERS):
            centres = [
                (centre["nom"], french(int(centre["population_aire"])))
                for centre in findings.centres()
                if (centre["acces_saison_pluies"], centre["electricite"]) == (road, power)
            ]
            x, y = left + column * wide + 3, top + row * high + 3
            sheet.box((x, y), (wide - 6, high - 6), fill=WASH if centres else PAPER, stroke=FAINT, radius=4)
            for place, (name, people) in enumerate(centres):
                sheet.text(x + 10, y + 21 + 21 * place, f"{name}, {people}")
            if centres:
                source = "sans courant" if power == "aucune" else f"courant {power}"
                named = listed(f"{name} ({people})" for name, people in centres)
                values.append(f"route {words}, {source} : {named}")
    return sheet.chart(
        top + 3 * high + 44,
        "Chaque CSPS, avec les habitants de son aire, selon sa route en saison des pluies et sa source de courant. "
        f"{' ; '.join(values)}.",
    )


# Goal 4


def returns() -> Drawing:
    """4.1: people sent to the CMA and counter-referrals received, by hour of departure."""
    sheet = SvgSheet(
        "Personnes adressées au CMA et volets de contre-référence reçus", "Table : Références, 2024 et 2025."
    )
    sent, back = Counter[int](), Counter[int]()
    for referral in findings.referrals():
        slot = datetime.fromisoformat(referral["date_depart"]).hour // 3
        sent[slot] += 1
        back[slot] += referral["retour_recu"] == "oui"
    scale = Scale(0, 150, 350, 128)
    sheet.key(66, [(Fill(BLUE, pale=True), "personnes adressées"), (Fill(RUST), "volets de retour reçus")])
    sheet.upwards(scale, 76, RIGHT, range(0, 151, 50), "Personnes (nombre)")
    values = []
    for slot in range(8):
        x, hours = 82 + 83 * slot, f"{3 * slot} à {3 * slot + 3} h"
        sheet.column(scale, x, 32, sent[slot], Fill(BLUE, pale=True), str(sent[slot]))
        sheet.column(scale, x + 36, 32, back[slot], Fill(RUST), str(back[slot]))
        sheet.text(x + 34, 371, hours, anchor="middle")
        values.append(f"{hours} : {sent[slot]} et {back[slot]}")
    sheet.text(408, 396, "Heure du départ du CSPS (tranches de 3 heures)", anchor="middle")
    return sheet.chart(
        440, f"Par heure de départ, personnes adressées puis volets de retour reçus. {' ; '.join(values)}."
    )


def supervision() -> Drawing:
    """4.2: the budget of each partner for the supervision of the CSPS, in three years."""
    sheet = SvgSheet(
        "Qui paie la supervision des CSPS, de 2023 à 2025",
        "Table : Budget et financement, programme Supervision des CSPS.",
    )
    scale = Scale(0, 50, 84, 690)
    bottom = 104 + 62 * len(_YEARS)
    sheet.key(66, [(fill, f"partenaire {name}") for name, fill in _PARTNERS.items()])
    sheet.across(scale, 96, bottom, range(0, 51, 10), "Budget prévu pour la supervision des CSPS (millions de FCFA)")
    values = []
    for rank, year in enumerate(_YEARS):
        y, parts = 110 + 62 * rank, []
        for name, fill in _PARTNERS.items():
            amount = findings.budget(year, programme=findings.SUPERVISION, source=f"Partenaire {name}") / 1e6
            if amount:
                parts.append((amount, fill, name))
        sheet.text(74, y + 24, str(year), anchor="end", bold=True)
        sheet.stack(scale, y, 36, [(amount, fill, f"{name} : {french(amount, 1)}") for amount, fill, name in parts])
        values.append(f"{year} : {', '.join(f'{name} {french(amount, 1)}' for amount, _, name in parts)}")
    return sheet.chart(bottom + 84, f"Budget prévu par chaque partenaire, en millions de FCFA. {' ; '.join(values)}.")


def first_signals() -> Drawing:
    """4.3: the events signalled from outside and by a health service, days between the two, and the sectors."""
    sheet = SvgSheet(
        "Deux signaux pour un même événement", "Table : Alertes sanitaires, 2024 et 2025. En bas : nombre de signaux."
    )
    gaps = Counter(findings.leads())
    bottom = 288
    days, count = Scale(-4, 12, 70, 720), Scale(0, 6, bottom, 138)
    sheet.upwards(count, 60, RIGHT, (0, 2, 4, 6), "Événements (nombre)")
    for day in range(-4, 13, 2):
        sheet.text(days(day), bottom + 20, french(day), anchor="middle")
    for day, events in gaps.items():
        sheet.column(count, days(day) - 15, 30, events, Fill(OCHRE, pale=True) if day < 0 else Fill(BLUE), "")
    sheet.line([(days(0), 58), (days(0), bottom)], stroke=INK, dashed=True)
    sheet.text(390, bottom + 44, "Jours entre le signal du dehors et celui d’un service de santé", anchor="middle")
    sheet.text(days(0) - 10, 70, "← le service de santé", "d’abord", anchor="end")
    sheet.text(days(0) + 10, 70, "le dehors d’abord →")
    sectors = (Fill(GREEN), "la santé seule"), (Fill(PLUM, pale=True), "un autre secteur au moins")
    sheet.key(384, sectors, "Secteurs impliqués, par signal :")
    scale, shared = Scale(0, 50, 210, 690), []
    for rank, (name, outside) in enumerate((("signal du dehors", True), ("service de santé", False))):
        alerts = findings.alerts(outside)
        others = sum("," in alert["secteurs_impliques"] for alert in alerts)
        y, alone = 402 + 34 * rank, len(alerts) - others
        sheet.text(200, y + 18, name, anchor="end")
        sheet.stack(scale, y, 26, [(alone, sectors[0][0], str(alone)), (others, sectors[1][0], str(others))])
        shared.append(f"{name} : {alone} avec la santé seule, {others} avec un autre secteur")
    values = ", ".join(f"{french(day)} j ({gaps[day]})" for day in sorted(gaps))
    return sheet.chart(
        518,
        "Jours entre le signal du dehors et celui d’un service de santé, négatifs quand le service de santé est le "
        f"premier, et nombre d’événements : {values}. Secteurs impliqués par signal : {' ; '.join(shared)}.",
    )


# Goal 5


def monthly_reports() -> Drawing:
    """5.1: the monthly reports of each centre, on time, late or never received."""
    sheet = SvgSheet(
        "Les rapports mensuels reçus par le district",
        "Table : Activités mensuelles. À temps : avant le 11 du mois suivant.",
    )
    on_time = {(report["fs_id"], report["mois"]) for report in findings.reports(on_time=True)}
    received = {(report["fs_id"], report["mois"]) for report in findings.reports() if report["date_reception"]}
    centres = findings.by_distance()
    sheet.key(66, [(Fill(GREEN, pale=True), "reçu à temps"), (Fill(RUST), "reçu en retard")])
    sheet.text(370, 66, "× jamais reçu")
    sheet.text(736, 104, "À temps", anchor="end")
    for place in range(0, 24, 6):
        month = "janvier" if place % 12 == 0 else "juillet"
        sheet.text(196 + 19.4 * place, 104, f"{month} {MONTHS[place][:4]}")
    values = []
    for rank, centre in enumerate(centres):
        y, code = 122 + 24 * rank, centre["fs_id"]
        sheet.text(186, y + 14, _place(centre), anchor="end")
        for place, month in enumerate(MONTHS):
            x = 196 + 19.4 * place
            if (code, month) in on_time:
                sheet.bar((x + 1, y + 1), (14, 16), Fill(GREEN, pale=True))
            elif (code, month) in received:
                sheet.bar((x, y), (16, 18), Fill(RUST))
            else:
                sheet.text(x + 8, y + 15, "×", anchor="middle", bold=True)
        punctual = sum(fs == code for fs, _ in on_time)
        sheet.text(736, y + 14, f"{punctual} sur 24", anchor="end")
        values.append(f"{centre['nom']} ({centre['distance_cma_km']} km) {punctual}")
    return sheet.chart(
        168 + 24 * len(centres),
        f"Rapports reçus à temps, sur 24 attendus de chaque centre : {', '.join(values)}. "
        "Un seul n’est jamais arrivé : Koroblaso, août 2024.",
    )


def returns_to_hospital() -> Drawing:
    """5.2: people back in hospital within 30 days, visited at home or not, by ward."""
    sheet = SvgSheet(
        "De retour à l’hôpital dans les trente jours", "Table : Hospitalisations au CMA, juillet à décembre 2025."
    )
    home = [stay for stay in findings.stays() if stay["readmission_30j"]]
    wards = [("Ensemble", home), *((ward, [s for s in home if s["service"] == ward]) for ward in _WARDS)]
    groups = (("oui", Fill(BLUE), "visités à domicile"), ("non", Fill(OCHRE, pale=True), "non visités"))
    scale = Scale(0, 0.3, 200, 640)
    bottom = 104 + 64 * len(wards)
    sheet.key(66, [(fill, words) for _, fill, words in groups])
    sheet.across(scale, 96, bottom, (0, 0.1, 0.2, 0.3), "Hospitalisés de nouveau dans les 30 jours (%)", per_cent)
    values = []
    for rank, (name, stays) in enumerate(wards):
        y, counts = 104 + 64 * rank, []
        sheet.text(190, y + 31, name, anchor="end", bold=rank == 0)
        for low, (visited, fill, _) in enumerate(groups):
            group = [stay for stay in stays if stay["suivi_domicile"] == visited]
            back = _count(group, "readmission_30j")
            counts.append(f"{back} sur {len(group)}")
            sheet.row(scale, y + 1 + 26 * low, 22, back / len(group), fill, counts[-1])
        values.append(f"{name} : {counts[0]} parmi les personnes visitées, {counts[1]} parmi les autres")
    return sheet.chart(
        bottom + 84,
        f"Personnes hospitalisées de nouveau, sur les personnes rentrées chez elles. {' ; '.join(values)}.",
    )


def bonuses() -> Drawing:
    """5.3: the home visits of each ASBC in December 2025, by the number of months of unpaid bonus."""
    sheet = SvgSheet(
        "Visites des ASBC et mois de prime dus",
        "Table : Agents de santé à base communautaire,\ndécembre 2025. Un point : un agent.",
    )
    scale = Scale(0, 80, 210, 700)
    bottom = 88 + 56 * 6
    sheet.text(190, 66, "Mois de prime dus", anchor="end")
    sheet.across(scale, 76, bottom, range(0, 81, 20), "Visites à domicile de décembre 2025 (nombre)")
    values = []
    for wait in range(6):
        visits = sorted(int(agent["visites_mois"]) for agent in findings.agents((wait, wait)))
        y = 134 + 56 * wait
        sheet.line([(scale(0), y), (scale(80), y)])
        sheet.text(190, y - 10, f"{wait} mois ({len(visits)} agents)", anchor="end")
        for number, count in Counter(visits).items():
            for height in range(count):
                sheet.dot(scale(number), y - 5 - 6.6 * height, 3, BLUE.deep)
        values.append(f"{wait} mois, {len(visits)} agents : de {visits[0]} à {visits[-1]}, médiane {_median(visits)}")
    return sheet.chart(
        bottom + 100, f"Visites à domicile de chaque agent, selon les mois de prime qu’il attend. {' ; '.join(values)}."
    )


def influence() -> Drawing:
    """5.4: the 34 actors by influence and interest."""
    sheet = SvgSheet(
        "Les acteurs du district, leur influence et leur intérêt", "Table : Parties prenantes, novembre 2025."
    )
    power, interest = Scale(0.5, 5.5, 70, 740), Scale(0.5, 5.5, 420, 110)
    sheet.key(66, [(Fill(BLUE, pale=True), "un acteur"), (Fill(RUST), "un acteur qui parle au nom des usagers")])
    sheet.text(LEFT, 96, "Intérêt pour la santé du district (de 1 à 5)")
    for value in range(1, 6):
        sheet.line([(70, interest(value) + 31), (740, interest(value) + 31)])
        sheet.text(52, interest(value) + 5, str(value), anchor="end")
        sheet.text(power(value), 441, str(value), anchor="middle")
    sheet.text(405, 464, "Influence sur les décisions (de 1 à 5)", anchor="middle")
    cells: dict[tuple[int, int], list[bool]] = {}
    for actor in findings.actors():
        cell = int(actor["influence_1_5"]), int(actor["interet_1_5"])
        cells.setdefault(cell, []).append(findings.for_users(actor))
    values = []
    for (across, up), users in sorted(cells.items()):
        for rank, speaks in enumerate(users):
            x = power(across) - len(users) * 12.5 + rank * 25
            sheet.bar((x, interest(up) - 11), (22, 22), Fill(RUST) if speaks else Fill(BLUE, pale=True))
        users_count = f", dont {sum(users)} pour les usagers" if any(users) else ""
        values.append(f"{across} et {up} : {len(users)}{users_count}")
    return sheet.chart(
        508, f"Nombre d’acteurs pour chaque influence et chaque intérêt, dans cet ordre. {' ; '.join(values)}."
    )


def receipts() -> Drawing:
    """5.5: the receipts of each CSPS per enrolled person in 2025, from the nearest to the farthest."""
    sheet = SvgSheet("Recettes de chaque CSPS par personne inscrite", "Table : Simulation de paiement, 2025.")
    centres = findings.by_distance("CSPS")
    payments = {row["fs_id"]: row for row in lines("paiement_simulation")}
    scale, flat = Scale(0, 2500, 210, 660), findings.flat_amount()
    bottom = 92 + 26 * len(centres)
    sheet.across(scale, 86, bottom, range(0, 2501, 500), "Recettes par personne inscrite (FCFA)")
    values = []
    for rank, centre in enumerate(centres):
        payment, y = payments[centre["fs_id"]], 92 + 26 * rank
        amount = int(payment["recettes_actuelles"]) / int(payment["population_inscrite"])
        sheet.text(200, y + 16, _place(centre), anchor="end")
        sheet.row(scale, y + 2, 19, amount, Fill(GREEN, pale=True), "")
        sheet.text(736, y + 16, french(amount), anchor="end")
        values.append(f"{centre['nom']} ({centre['distance_cma_km']} km) {french(amount)}")
    sheet.line([(scale(flat), 80), (scale(flat), bottom)], stroke=INK, dashed=True)
    sheet.text(scale(flat), 70, f"même somme pour tous : {french(flat)}", anchor="middle")
    return sheet.chart(
        bottom + 84,
        f"Recettes de 2025 par personne inscrite, en FCFA : {', '.join(values)}. La même somme, partagée également "
        f"entre les inscrits des 14 CSPS, ferait {french(flat)}.",
    )


SITUATION_CHARTS: dict[str, Callable[[], Drawing]] = {
    "1.1": explanations,
    "1.2": peers,
    "1.3": people_and_roads,
    "2.1": bodies,
    "2.2": promises,
    "3.1": antenatal,
    "3.2": checking,
    "3.3": levels,
    "3.4": bed_days,
    "3.5": power_and_roads,
    "4.1": returns,
    "4.2": supervision,
    "4.3": first_signals,
    "5.1": monthly_reports,
    "5.2": returns_to_hospital,
    "5.3": bonuses,
    "5.4": influence,
    "5.5": receipts,
}
"""The function that draws the chart of each objective."""


def place(identifier: str) -> str:
    """Return the path of an objective's chart in `solutions/` or `exercises/`: `but-1/images/canevas-1-1.svg`."""
    objective = syllabus.load().objective(identifier)
    return f"but-{objective.goal}/images/canevas-{objective.cell}.svg"
