"""The 18 charts of the situations: fresh, honest, readable without eyes, and silent about what there is to find."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from course.authoring.district import TABLES
from course.authoring.district.__main__ import main
from course.authoring.district.charts import CHARTS, place
from course.authoring.district.figures import KEY_FIGURES, means, pathways, territory, voices
from course.authoring.district.figures.reading import lines
from course.core import syllabus
from course.core.words import FIRM, french, percent, typeset

ROOT = Path(__file__).resolve().parents[2]
SVG = "{http://www.w3.org/2000/svg}"
OBJECTIVES = [objective.id for objective in syllabus.load().objectives]
REMEDY = "lancez « python -m course.authoring.district --graphiques », recopiez l’alternative, puis « course tidy »"

each_objective = pytest.mark.parametrize("objective", OBJECTIVES)


def key(name: str) -> float:
    return KEY_FIGURES[name]()


# A number of each chart's text alternative, computed here from the tables by another way than the chart's.
CONFIRMED: dict[str, Callable[[], str]] = {
    "1.1": lambda: (
        f"déplacée, 76 fiches{FIRM}: {french(voices.mean_score('explication_1_5', displaced=True), 1)} et "
        f"{percent(key('shared_decision_displaced'))}"
    ),
    "1.2": lambda: f"{len(pathways.followed(peers=True))} en groupe de pairs",
    "1.3": lambda: f"Samandjo (36{FIRM}km) {french(26842)}",
    "2.1": lambda: f"aucune instance{FIRM}: 5, {voices.user_groups(seated=False)} et",
    "2.2": lambda: f"ffiché au centre{FIRM}: {sum(c['tenu'] == 'oui' for c in voices.commitments(posted=True))} tenus",
    "3.1": lambda: f"en retard (54) {percent(key('antenatal_dropout_far_late'))}",
    "3.2": lambda: f"CSPS, {sum(a['source'] == 'CSPS' for a in means.alerts())} signaux",
    "3.3": lambda: f"2025{FIRM}: soins primaires {french(key('primary_care_planned_2025') / 1e6, 1)}",
    "3.4": lambda: (
        f"autres motifs{FIRM}: {french(sum(int(s['duree_j']) for s in pathways.stays('non') if s['duree_j']))}"
    ),  # type: ignore[arg-type]
    "3.5": lambda: f"Samandjo ({french(26842)})",
    "4.1": lambda: f"9 à 12{FIRM}h{FIRM}: 137 et 42",
    "4.2": lambda: f"2023{FIRM}: A 13,2, B 12,9",
    "4.3": lambda: f"−2{FIRM}j ({means.leads().count(-2)})",
    "5.1": lambda: f"Samandjo (36{FIRM}km) 9",
    "5.2": lambda: f"Ensemble{FIRM}: 5 sur 68",
    "5.3": lambda: f"0{FIRM}mois, {len(means.agents((0, 0)))} agents",
    "5.4": lambda: f"1 et 5{FIRM}: 3, dont 3 pour les usagers",
    "5.5": lambda: f"ferait {french(means.flat_amount())}",
}

# The figures that the words of a situation give, and where they come from; no other number may stand there.
SAID: dict[str, Callable[[], list[str]]] = {
    "1.1": lambda: [f"{len(voices.forms())} personnes", f"{french(key('explanation'), 1)} sur 5"],
    "1.2": lambda: [f"{len(pathways.followed())} personnes", f"{len(pathways.followed(peers=True))} viennent"],
    "1.3": lambda: [f"{territory.csps(10)} CSPS sur {territory.csps()}", "10 km"],
    "2.1": lambda: [f"{len(voices.actors())} acteurs"],
    "2.2": lambda: [
        f"{len(lines('journal_redevabilite'))} engagements",
        f"{len(voices.commitments())} dont",
        f"{sum(c['tenu'] == 'oui' for c in voices.commitments())} ont été tenus",
    ],
    "3.1": lambda: ["sur 100 femmes", f"{french(100 * key('antenatal_dropout'))} ne sont pas venues"],
    "3.2": lambda: [f"{key('alerts')} signaux", f"{key('alerts_outside')} ne venaient pas"],
    "3.3": lambda: [],
    "3.4": lambda: [f"{key('stays')} séjours", f"{french(key('bed_days'))} journées"],
    "3.5": lambda: [f"{territory.csps()} CSPS"],
    "4.1": lambda: [
        f"{key('referrals')} personnes",
        f"revenu {sum(r['retour_recu'] == 'oui' for r in pathways.referrals())}",
    ],
    "4.2": lambda: [f"{french(key('supervision_cost_2025') / 1e6, 1)} millions"],
    "4.3": lambda: [
        f"{len({a['evenement'] for a in means.alerts()})} événements",
        f"{key('events_signalled_twice')} d’entre eux",
    ],
    "5.1": lambda: [
        f"{len(territory.centres(kind=None))} centres",
        "le 10 du mois",
        f"{len(territory.reports(on_time=True))} sur {len(territory.reports())}",
    ],
    "5.2": lambda: [
        f"{sum(bool(s['readmission_30j']) for s in pathways.stays())} personnes",
        f"{sum(s['readmission_30j'] == 'oui' for s in pathways.stays())} ont été",
        f"visité {sum(s['suivi_domicile'] == 'oui' for s in pathways.stays())}",
    ],
    "5.3": lambda: [f"{len(means.agents())} agents", "20 000 FCFA", f"{len(means.agents((1, 12)))} l’attendaient"],
    "5.4": lambda: [f"{len(voices.actors())} acteurs"],
    "5.5": lambda: [f"{territory.csps()} CSPS", f"{french(means.flat_amount())} FCFA"],
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


def drawn(objective: str) -> ET.Element:
    return ET.fromstring((ROOT / "solutions" / place(objective)).read_text(encoding="utf-8"))


def words_in(figure: ET.Element) -> str:
    return " ".join("".join(piece.itertext()) for piece in figure.iter(f"{SVG}tspan"))


def situation(objective: str, room: str = "solutions") -> list[str]:
    """The paragraphs of a situation: heading, problem, picture, question, what to do."""
    goal, cell = objective[0], f"situation-{objective.replace('.', '-')}"
    cells = json.loads((ROOT / room / f"but-{goal}" / f"but-{goal}.ipynb").read_text(encoding="utf-8"))["cells"]
    return "".join(next(c["source"] for c in cells if c["id"] == cell)).split("\n\n")


def plain(said: str) -> str:
    return said.replace("\u202f", " ").replace("\u00a0", " ")


class TestFiles:
    def test_there_is_one_for_each_objective(self):
        assert list(CHARTS) == OBJECTIVES

    def test_the_command_makes_exactly_the_committed_files(self, tmp_path, capsys):
        assert main([str(tmp_path), "--graphiques"]) == 0
        assert "18 fichiers" in capsys.readouterr().out
        made = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.svg"))
        assert made == sorted(place(objective) for objective in OBJECTIVES)
        for room in ("solutions", "exercises"):
            there = (path.relative_to(ROOT / room).as_posix() for path in (ROOT / room).glob("*/images/*"))
            assert made == sorted(there), REMEDY
            for name in made:
                assert (tmp_path / name).read_bytes() == (ROOT / room / name).read_bytes(), f"{name} : {REMEDY}"

    def test_no_objective_of_the_workbook_lacks_a_table_of_the_district(self):
        said = " ".join(chart().source for chart in CHARTS.values())
        assert {name for name in TABLES if f"{name}.csv" in said} == set(TABLES)


class TestChart:
    @each_objective
    def test_says_what_it_is_and_that_it_is_invented(self, objective):
        figure = drawn(objective)
        title, told = figure.find(f"{SVG}title").text, figure.find(f"{SVG}desc").text
        assert "données fictives" in words_in(figure)
        assert title in words_in(figure)
        assert told.startswith(title) and told.endswith("Données fictives.")  # noqa: PT018
        assert figure.attrib["lang"] == "fr"

    @each_objective
    def test_letters_are_of_14_pixels_or_more_on_a_picture_that_a_cell_shows_whole(self, objective):
        figure = drawn(objective)
        assert float(figure.attrib["width"]) <= 760
        assert all(float(said.attrib["font-size"]) >= 14 for said in figure.iter(f"{SVG}text"))

    @each_objective
    def test_everything_stands_on_the_paper(self, objective):
        figure = drawn(objective)
        wide, high = float(figure.attrib["width"]), float(figure.attrib["height"])
        for shape in figure.iter(f"{SVG}rect"):
            x, y, w, h = (float(shape.get(name, 0)) for name in ("x", "y", "width", "height"))
            assert 0 <= x <= x + w <= wide
            assert 0 <= y <= y + h <= high
        for said in figure.iter(f"{SVG}tspan"):
            assert 0 < float(said.attrib["x"]) < wide
            assert 0 < float(said.attrib["y"]) < high

    @each_objective
    def test_axes_say_their_unit(self, objective):
        units = r"\((?:%|de \d à \d|jours|nombre|personnes|FCFA|millions de FCFA|tranches de 3.heures)\)|sur 24"
        assert re.search(units, words_in(drawn(objective)))

    @each_objective
    def test_reaches_for_nothing_outside_itself(self, objective):
        raw = (ROOT / "solutions" / place(objective)).read_text(encoding="utf-8")
        assert re.findall(r"\w+://[^\"]+", raw) == ["http://www.w3.org/2000/svg"]
        assert not re.search(r"<(?:script|image|use|foreignObject|style|a)\b|\bon\w+=|href", raw)

    @each_objective
    def test_typography_is_french(self, objective):
        figure = drawn(objective)
        for said in (words_in(figure), figure.find(f"{SVG}desc").text):
            assert not re.search(r"['\"]|(?<!\u00a0):|(?<!\u202f)[;!?»]|«(?!\u202f)|  ", said)


class TestSituation:
    @each_objective
    @pytest.mark.parametrize("room", ["solutions", "exercises"])
    def test_shows_its_chart_with_all_its_values_in_words(self, objective, room):
        picture = situation(objective, room)[2]
        shown = re.fullmatch(r"!\[(.+)\]\((images/canevas-\d-\d\.svg)\)", picture)
        assert shown, picture
        assert f"but-{objective[0]}/{shown[2]}" == place(objective)
        assert shown[1] == CHARTS[objective]().alternative, REMEDY

    @each_objective
    def test_its_alternative_holds_a_number_that_the_tables_confirm(self, objective):
        assert plain(CONFIRMED[objective]()) in plain(situation(objective)[2])

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
        for said in map(plain, SAID[objective]()):
            assert said in problem
            problem = problem.replace(said, "")
        assert re.findall(r"\d[\d ,]*", problem.replace("2025", "")) == []

    @each_objective
    def test_neither_the_words_nor_the_chart_s_title_tell_the_finding(self, objective):
        _, problem, _, question, _ = situation(objective)
        chart = CHARTS[objective]()
        told = plain(f"{problem} {question} {chart.title} {chart.source}")
        assert not re.search(TELLING[objective], told, re.IGNORECASE)


@pytest.mark.parametrize(
    ("typed", "set_well"),
    [
        ("part : 22 %", "part\u00a0: 22\u00a0%"),
        ("« oui » ; non ?", "«\u202foui\u202f»\u202f; non\u202f?"),
        ("fini. encore 3 jours", "fini. Encore 3\u00a0jours"),
    ],
)
def test_a_text_typed_plainly_is_set_in_french(typed, set_well):
    assert typeset(typed) == set_well


def test_numbers_are_written_as_in_french():
    assert french(1234567.5, 1) == "1\u202f234\u202f567,5"
    assert french(-2) == "−2"
    assert percent(0.224) == "22\u00a0%"
