"""The pictures of the district: fresh, told in words with their values, and silent about what there is to find."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

from every import every

from course.authoring.district import TABLES, TITLES, findings
from course.authoring.district.__main__ import main, pictures
from course.authoring.district.key_figures import KEY_FIGURES
from course.authoring.district.lesson_charts import MAP
from course.authoring.district.situation_charts import SITUATION_CHARTS, place
from course.authoring.district.tables import lines
from course.authoring.drawing import Drawing, round_ticks
from course.core import syllabus
from course.core.words import FIRM, french, percent, typeset

ROOT = Path(__file__).resolve().parents[2]
SVG = "{http://www.w3.org/2000/svg}"
REMEDY = "lancez « python -m course.authoring.district --graphiques », recopiez l’alternative, puis « course tidy »"

each_objective = every("objective", SITUATION_CHARTS)
each_picture = every("picture", pictures, lambda picture: picture[1])


def key(name: str) -> float:
    return KEY_FIGURES[name]()


# A number of each chart's text alternative, computed here from the tables by another way than the chart's.
CONFIRMED: dict[str, Callable[[], str]] = {
    "1.1": lambda: (
        f"déplacée, 76 fiches{FIRM}: {french(findings.mean_score('explication_1_5', displaced=True), 1)} et "
        f"{percent(key('shared_decision_displaced'))}"
    ),
    "1.2": lambda: f"{len(findings.followed(peers=True))} en groupe de pairs",
    "1.3": lambda: f"Samandjo (36{FIRM}km) {french(26842)}",
    "2.1": lambda: f"aucune instance{FIRM}: 5, {findings.user_groups(seated=False)} et",
    "2.2": lambda: f"ffiché au centre{FIRM}: {kept(posted=True)} tenus",
    "3.1": lambda: f"en retard (54) {percent(key('antenatal_dropout_far_late'))}",
    "3.2": lambda: f"CSPS, {sum(a['source'] == 'CSPS' for a in findings.alerts())} signaux",
    "3.3": lambda: f"2025{FIRM}: soins primaires {french(key('primary_care_planned_2025') / 1e6, 1)}",
    "3.4": lambda: f"autres motifs{FIRM}: {french(findings.bed_days('non'))}",  # type: ignore[arg-type]
    "3.5": lambda: f"Samandjo ({french(26842)})",
    "4.1": lambda: f"9 à 12{FIRM}h{FIRM}: 137 et 42",
    "4.2": lambda: f"2023{FIRM}: A 13,2, B 12,9",
    "4.3": lambda: f"−2{FIRM}j ({findings.leads().count(-2)})",
    "5.1": lambda: f"Samandjo (36{FIRM}km) 9",
    "5.2": lambda: f"Ensemble{FIRM}: 5 sur 68",
    "5.3": lambda: f"0{FIRM}mois, {len(findings.agents((0, 0)))} agents",
    "5.4": lambda: f"1 et 5{FIRM}: 3, dont 3 pour les usagers",
    "5.5": lambda: f"ferait {french(findings.flat_amount())}",
}

# The figures that the words of a situation give, and where they come from; no other number may stand there.
GIVEN: dict[str, Callable[[], list[str]]] = {
    "1.1": lambda: [f"{len(findings.forms())} personnes", f"{french(key('explanation'), 1)} sur 5"],
    "1.2": lambda: [f"{len(findings.followed())} personnes", f"{len(findings.followed(peers=True))} viennent"],
    "1.3": lambda: [f"{findings.csps(10)} CSPS sur {findings.csps()}", "10 km"],
    "2.1": lambda: [f"{len(findings.actors())} acteurs"],
    "2.2": lambda: [
        f"{len(lines('journal_redevabilite'))} engagements",
        f"{len(findings.commitments())} dont",
        f"{kept()} ont été tenus",
    ],
    "3.1": lambda: ["sur 100 femmes", f"{french(100 * key('antenatal_dropout'))} ne sont pas venues"],
    "3.2": lambda: [f"{key('alerts')} signaux", f"{key('alerts_outside')} ne venaient pas"],
    "3.3": lambda: [],
    "3.4": lambda: [f"{key('stays')} séjours", f"{french(key('bed_days'))} journées"],
    "3.5": lambda: [f"{findings.csps()} CSPS"],
    "4.1": lambda: [
        f"{key('referrals')} personnes",
        f"{sum(r['retour_recu'] == 'oui' for r in findings.referrals())} volets sont revenus",
    ],
    "4.2": lambda: [f"{french(key('supervision_cost_2025') / 1e6, 1)} millions"],
    "4.3": lambda: [
        f"{len({a['evenement'] for a in findings.alerts()})} événements",
        f"{key('events_signalled_twice')} d’entre eux",
    ],
    "5.1": lambda: [
        f"{len(findings.centres(kind=None))} centres",
        "le 10 du mois",
        f"{len(findings.reports(on_time=True))} sur {len(findings.reports())}",
    ],
    "5.2": lambda: [
        f"{sum(bool(s['readmission_30j']) for s in findings.stays())} personnes",
        f"{sum(s['readmission_30j'] == 'oui' for s in findings.stays())} ont été",
        f"visité {sum(s['suivi_domicile'] == 'oui' for s in findings.stays())}",
    ],
    "5.3": lambda: [
        f"{len(findings.agents())} agents",
        "20 000 FCFA",
        f"{len(findings.agents((1, 12)))} l’attendaient",
    ],
    "5.4": lambda: [f"{len(findings.actors())} acteurs"],
    "5.5": lambda: [f"{findings.csps()} CSPS", f"{french(findings.flat_amount())} FCFA"],
}

# Words that would tell the finding planted in the chart's table.
TELLING = {
    "1.1": r"cach|masqu|moins bien|baisse",
    "1.2": r"moitié|deux fois|sélection|habitent plus près|viennent de plus près",
    "1.3": r"40|trois (?:CSPS|centres|aires)|les plus peuplés",
    "2.1": r"deux instances|2 (?:instances|sur 9)|deux (?:des|sur) neuf",
    "2.2": r"mieux tenus?|plus souvent tenus|l’affichage",
    "3.1": r"cach|masqu|augmente|plus loin, plus|éloign",
    "3.2": r"plus tard|plus lent|plus tôt|moins vite",
    "3.3": r"31|27|part des soins primaires|recule",
    "3.4": r"18 %|évitable",
    "3.5": r"sans courant ni route|coupés de tout",
    "4.1": r"nuit|aucun|22",
    "4.2": r"quatre|même chose|doublon|la même supervision",
    "4.3": r"plus tôt|27|en avance|plus tard",
    "5.1": r"retard croît|éloign|plus loin, plus",
    "5.2": r"réduit|deux fois moins|protège",
    "5.3": r"deux mois|parce que la prime|faute de prime",
    "5.4": r"peu d’influence|sans influence|n’ont aucun siège",
    "5.5": r"éloign|plus loin|puni|pénalis|défavoris",
}


def kept(posted: bool | None = None) -> int:
    return sum(one["tenu"] == "oui" for one in findings.commitments(posted))


@cache
def charts() -> Mapping[str, Drawing]:
    return {objective: draw() for objective, draw in SITUATION_CHARTS.items()}


def words_in(svg: bytes) -> str:
    return " ".join("".join(piece.itertext()) for piece in ET.fromstring(svg).iter(f"{SVG}tspan"))


def situation(objective: str, room: str = "solutions") -> list[str]:
    """The paragraphs of a situation: heading, problem, picture, question, what to do."""
    goal, cell = objective[0], f"situation-{objective.replace('.', '-')}"
    cells = json.loads((ROOT / room / f"but-{goal}" / f"but-{goal}.ipynb").read_text(encoding="utf-8"))["cells"]
    return "".join(next(c["source"] for c in cells if c["id"] == cell)).split("\n\n")


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\u00a0", " ")


class TestFiles:
    def test_the_command_makes_exactly_the_committed_files(self, tmp_path, capsys):
        assert main([str(tmp_path), "--graphiques"]) == 0
        assert "31 fichiers" in capsys.readouterr().out
        written = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*.svg")}
        assert [name for name, raw in written.items() if raw != (ROOT / name).read_bytes()] == [], REMEDY
        committed = [*ROOT.glob("solutions/*/images/*"), *ROOT.glob("data/district/graphiques/*")]
        assert sorted(written) == sorted(
            [*(path.relative_to(ROOT).as_posix() for path in committed), "modules/images/carte-district.svg"]
        )
        for objective in SITUATION_CHARTS:
            name = place(objective)
            assert written[f"solutions/{name}"] == (ROOT / "exercises" / name).read_bytes(), f"{name} : {REMEDY}"

    @each_picture
    def test_it_is_light_and_ascii(self, picture):
        svg = picture[-1].svg
        assert svg.isascii()
        assert len(gzip.compress(svg)) <= 6 * 1024

    def test_there_is_one_for_each_objective_and_each_table_has_one(self):
        assert list(charts()) == [objective.id for objective in syllabus.load().objectives]
        sources = " ".join(chart.source for chart in charts().values())
        assert {name for name, title in TITLES.items() if title in sources} == set(TABLES)
        assert ".csv" not in sources


class TestChart:
    @each_picture
    def test_says_what_it_is_and_that_it_is_invented(self, picture):
        room, name, drawing = picture
        assert "données fictives" in words_in(drawing.svg)
        assert drawing.title in words_in(drawing.svg)
        assert drawing.alternative == ET.fromstring(drawing.svg).findtext(f"{SVG}desc")
        assert drawing.alternative.endswith("Données fictives.")
        assert drawing.alternative.startswith(drawing.title) or name == MAP
        assert float(ET.fromstring(drawing.svg).attrib["width"]) <= (860 if room == "modules" else 760), "shown whole"

    @each_objective
    def test_axes_say_their_unit(self, objective):
        units = r"\((?:%|de \d à \d|jours|nombre|personnes|FCFA|millions de FCFA|tranches de 3.heures)\)|sur 24"
        assert re.search(units, words_in(charts()[objective].svg))


class TestSituation:
    @every("room", ["solutions", "exercises"])
    @each_objective
    def test_shows_its_chart_with_all_its_values_in_words(self, objective, room):
        picture = re.fullmatch(r"!\[(.+)\]\((images/canevas-\d-\d\.svg)\)", situation(objective, room)[2])
        assert picture
        assert f"but-{objective[0]}/{picture[2]}" == place(objective)
        assert picture[1] == charts()[objective].alternative, REMEDY

    @each_objective
    def test_its_alternative_holds_a_number_that_the_tables_confirm(self, objective):
        assert plain(CONFIRMED[objective]()) in plain(charts()[objective].alternative)

    @each_objective
    def test_is_a_problem_in_two_or_three_sentences_then_one_question_then_what_to_do(self, objective):
        _, problem, _, question, task = situation(objective)
        assert 2 <= len(re.findall(r"[.!](?= |$)", problem)) <= 3
        assert 30 <= len(problem.split()) <= 80
        assert question.startswith("**La question.** ")
        assert (problem.count("?"), question.count("?"), task.count("?")) == (0, 1, 0)
        assert task.startswith("**À vous.** ")

    @each_objective
    def test_its_words_give_the_figures_of_the_tables_and_no_other(self, objective):
        problem = plain(situation(objective)[1])
        for figure in map(plain, GIVEN[objective]()):
            assert figure in problem
            problem = problem.replace(figure, "")
        assert re.findall(r"\d[\d ,]*", problem.replace("2025", "")) == []

    @each_objective
    def test_neither_the_words_nor_the_chart_s_title_tell_the_finding(self, objective):
        _, problem, _, question, _ = situation(objective)
        chart = charts()[objective]
        text = plain(f"{problem} {question} {chart.title} {chart.source}")
        assert not re.search(TELLING[objective], text, re.IGNORECASE)


def test_a_text_typed_plainly_is_set_in_french():
    for typed, set_well in (
        ("part : 22 %", "part\u00a0: 22\u00a0%"),
        ("« oui » ; non ?", "«\u202foui\u202f»\u202f; non\u202f?"),
        ("fini. encore 3 jours", "fini. Encore 3\u00a0jours"),
    ):
        assert typeset(typed) == set_well


def test_numbers_are_written_as_in_french():
    assert french(1234567.5, 1) == "1\u202f234\u202f567,5"
    assert french(-2) == "−2"
    assert percent(0.224) == "22\u00a0%"


def test_an_axis_has_round_numbers_up_to_the_greatest_value():
    for high in (1, 3, 11, 30, 38, 77, 101, 203, 562.3, 34_029):
        ticks = round_ticks(high)
        assert ticks[-2] < high <= ticks[-1], high
        assert len(ticks) <= 7, high
        assert f"{ticks[1]:g}"[0] in "125", high
