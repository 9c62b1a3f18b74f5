"""The instructor's guide: plans whose hours add up, all canvases, copies marked by the letter of the grid."""

from __future__ import annotations

import json
import re
from collections import Counter
from fractions import Fraction
from functools import cache

from goals import LESSONS as GOAL_LESSONS
from goals import MODULES, OBJECTIVES, ROOT
from test_short_path import CANVAS, QUIZ
from test_skeleton import ENTRY, LESSONS, cells, plain

from course.authoring.district import TABLES
from course.authoring.district.key_figures import KEY_FIGURES
from course.core import rubric, syllabus
from course.core.answers import Action, Answers, Strategy
from course.core.completeness import completeness
from course.core.words import points

NAME = "22-guide"
DAY, USEFUL = (8 * 60 + 30, 16 * 60 + 30), 390  # minutes
PLANS = {"plan-1": 1, "plan-3": 3, "plan-5": 5}
ROW = re.compile(r"^\| (\d+) h (\d\d) \| (\d+) \| (.+) \|$", re.MULTILINE)
LESSON = re.compile(r"\]\((\d\d-[a-z0-9-]+)\.ipynb\)")
TIMED = re.compile(r"^(?:#+ (?:À vous : |Fiche : )?|- \*\*)(.+?)(?:\*\*)? \((\d+) min\)", re.MULTILINE)
COPIES = {"copie-1-2": "1.2", "copie-5-4": "5.4", "copie-4-2": "4.2"}
ANSWER = re.compile(r"^\| (\d\.\d\.[a-d]) \| (.+?) \| (.+?) \|$", re.MULTILINE)
MARK = re.compile(r"^\| (Q\d) \| ([\d,]+) sur (\d) \| (.+) \|$", re.MULTILINE)


@cache
def guide() -> dict[str, str]:
    every = json.loads((MODULES / f"{NAME}.ipynb").read_bytes())["cells"]
    return {one["id"]: re.sub(r"[\u00a0\u202f]", " ", "".join(one["source"])) for one in every}


def days(plan: str) -> list[list[tuple[int, int, str]]]:
    """The days of a plan, each the rows of its table: minute of the day, minutes, what is done."""
    tables = re.split(r"\n\| heure .+\n\|[-:| ]+\n", guide()[plan])[1:]
    return [[(60 * int(h) + int(m), int(lasts), what) for h, m, lasts, what in ROW.findall(one)] for one in tables]


def rows(plan: str) -> list[tuple[int, str]]:
    return [(lasts, what) for day in days(plan) for _, lasts, what in day]


def test_the_hours_of_each_day_add_up() -> None:
    wrong = []
    for plan, number in PLANS.items():
        if len(days(plan)) != number:
            wrong.append(f"{plan} : {len(days(plan))} jours")
        for day, table in enumerate(days(plan), 1):
            now = DAY[0]
            for start, lasts, what in table:
                wrong += [f"{plan}, jour {day} : {what}"] * (start != now)
                now += lasts
            useful = sum(lasts for _, lasts, what in table if what not in ("Pause", "Repas"))
            wrong += [f"{plan}, jour {day} : {useful} minutes utiles"] * (now != DAY[1] or useful != USEFUL)
    assert not wrong


def test_a_lesson_and_what_goes_with_it_get_the_time_that_they_state() -> None:
    minutes = {
        re.sub(r"« | »", "", title).lower(): int(lasts)
        for name in LESSONS
        for one in cells(name)
        for title, lasts in TIMED.findall(plain(one["source"]))
    }
    wrong, done = [], set()
    for plan in PLANS:
        for lasts, what in rows(plan):
            lessons = LESSON.findall(what)
            if lessons:
                stated = ENTRY.fullmatch(plain(cells(lessons[0])[1]["source"]))
                named = re.findall(r"« (.+?) »", what)
                least = int(stated["read"]) + QUIZ * ("quiz" in what)
                for title in named:
                    least += min((m for t, m in minutes.items() if title.lower() in t), default=1000)
                wrong += [f"{plan} : {what} : {least} min"] * (lasts < least)
            for title, stated in minutes.items():
                if what.lower().startswith(title):
                    done.add(title)
                    wrong += [f"{plan} : {what} : {stated} min"] * (lasts != stated)
            canvases = re.match(r"\*\*Canevas ", what)
            wrong += [f"{plan} : {what} : {CANVAS} min"] * bool(canvases and lasts < CANVAS)
    assert not wrong, "au moins l’exposé que la leçon annonce, les activités nommées, dix minutes de quiz"
    assert len(done) >= 10, "les activités des buts"


def test_the_plans_lead_to_as_many_canvases_as_the_welcome_page_says() -> None:
    once = {
        plan: [
            re.findall(r"\d\.\d", found[1])
            for _, what in rows(plan)
            if (found := re.match(r"\*\*Canevas (.+?)\*\*", what))
        ]
        for plan in PLANS
    }
    assert [len(once[plan]) for plan in PLANS] == [2, 6, 18]
    assert [one for canvas in once["plan-5"] for one in canvas] == [objective.id for objective in OBJECTIVES]
    assert {choice[0][0] for choice in once["plan-3"]} == {goal.id for goal in syllabus.load().goals}
    known = {objective.id for objective in OBJECTIVES}
    assert all(set(choice) <= known for plan in PLANS for choice in once[plan])


def test_the_first_line_is_written_within_the_hour_and_the_first_canvas_before_the_meal() -> None:
    for plan in PLANS:
        ends = {what.split("**")[1]: start + lasts for start, lasts, what in days(plan)[0] if what.startswith("**")}
        meal = next(start for start, _, what in days(plan)[0] if what == "Repas")
        assert ends["Première ligne"] <= DAY[0] + 60, plan
        assert ends["Canevas 1.1"] <= meal, plan


def test_a_plenary_gives_its_groups_the_minutes_that_the_guide_says() -> None:
    number = {"trois": 3, "quatre": 4, "cinq": 5, "huit": 8}
    a_group, spoken, talked, rewritten = re.search(
        r"(\w+) minutes par groupe : (\w+) pour lire, (\w+) pour échanger, (\w+) pour récrire", guide()["pleniere"]
    ).groups()
    assert number[a_group.lower()] == {"deux": 2}[spoken] + number[talked] + {"une": 1}[rewritten]
    told = [
        (lasts, number[found[1]] * number[found[2]])
        for plan in PLANS
        for lasts, what in rows(plan)
        if (found := re.fullmatch(r"\*\*Plénière\*\* : (\w+) groupes, (\w+) minutes chacun", what))
    ]
    assert told
    assert all(lasts >= needed for lasts, needed in told)


def test_each_canvas_has_what_is_likely_to_come_and_a_question() -> None:
    told: Counter[str] = Counter()
    wrong = []
    for goal in GOAL_LESSONS:
        for canvas, likely, question in re.findall(
            r"^\| (\d\.\d) \| (.+?) \| (.+?) \|$", guide()[f"erreurs-but-{goal}"], re.MULTILINE
        ):
            told[canvas] += 1
            wrong += [canvas] * (not question.endswith("?") or canvas[0] != goal or not likely)
    assert not wrong
    assert {objective.id: told[objective.id] >= 2 for objective in OBJECTIVES} == {o.id: True for o in OBJECTIVES}


def test_three_copies_are_marked_as_the_machine_and_the_grid_mark() -> None:
    wrong = []
    totals = []
    for name, number in COPIES.items():
        objective = syllabus.load().objective(number)
        text = guide()[name]
        options: dict[str, tuple[Strategy, ...]] = {option.id: () for option in objective.options}
        for option, strategy, action in ANSWER.findall(text):
            options[option] += (Strategy(strategy=strategy, actions=(Action(action=action),)),)
        complete = completeness(objective, Answers(number, options)).mark
        if f"**Complétude : {points(complete)} sur 6.**" not in text:
            wrong.append(f"{name} : la machine compte {points(complete)}")
        quality = Fraction(0)
        given = MARK.findall(text)
        assert [row[0].lower() for row in given] == [criterion.id for criterion in rubric.load()]
        for (_, mark, full, reason), criterion in zip(given, rubric.load(), strict=True):
            worth = Fraction(mark.replace(",", "."))
            quality += worth
            if worth not in {criterion.worth(level) for level in range(3)} or int(full) != criterion.points:
                wrong.append(f"{name}, {criterion.id} : {mark} sur {full}")
            wrong += [f"{name}, {criterion.id}"] * (len(reason.split()) < 2)
        if (
            f"| **Total** | **{points(quality)} sur 14** |" not in text
            or f"{points(quality + complete)} sur 20" not in text
        ):
            wrong.append(f"{name} : {points(quality)} sur 14, {points(quality + complete)} sur 20")
        wrong += [f"{name} : un seul changement"] * (text.count("Un seul changement : ") != 1)
        totals.append(quality)
    assert not wrong
    assert max(totals) == 14
    assert min(totals) < 7 <= sorted(totals)[1]


def test_what_two_markers_settle_is_what_the_copy_was_given() -> None:
    wrong = []
    settled = re.findall(
        r"^\| (\d\.\d), (Q\d) \| ([\d,]+) \| ([\d,]+) \| \*\*([\d,]+)\.\*\*", guide()["deux-correcteurs"], re.MULTILINE
    )
    for number, criterion, one, other, kept in settled:
        marks = {row[0]: row[1] for row in MARK.findall(guide()[f"copie-{number.replace('.', '-')}"])}
        wrong += [f"{number}, {criterion}"] * (marks[criterion] != kept or one == other or kept not in (one, other))
    assert not wrong
    assert {number for number, *_ in settled} == set(COPIES.values())


def test_the_figures_of_the_copies_are_the_district_s() -> None:
    assert (
        f"{KEY_FIGURES['lost_to_follow_up_peers']():.0%}",
        f"{KEY_FIGURES['lost_to_follow_up_no_peers']():.0%}",
    ) == (
        "17%",
        "33%",
    )
    assert round(94 * KEY_FIGURES["lost_to_follow_up_fare_1500_and_more"]()) == 43
    assert (KEY_FIGURES["user_groups_without_seat"](), KEY_FIGURES["user_groups"]()) == (3, 5)


def test_the_tables_to_replace_are_all_there_with_the_canvases_that_use_them() -> None:
    used: dict[str, set[str]] = {table: set() for table in TABLES}
    for goal in GOAL_LESSONS:
        name = f"but-{goal}"
        for one in json.loads((ROOT / "solutions" / name / f"{name}.ipynb").read_bytes())["cells"]:
            if one["id"].startswith("qualite-"):
                for table in re.findall(r"`(\w+)\.csv`", "".join(one["source"])):
                    used[table].add(one["id"].removeprefix("qualite-").replace("-", "."))
    told = dict(re.findall(r"^\| `(\w+)` \| ([\d., ]+) \|", guide()["votre-district"], re.MULTILINE))
    assert {table: set(canvases.split(", ")) for table, canvases in told.items()} == used


def test_it_owns_that_nobody_has_been_taught_yet() -> None:
    assert "n’a pas encore eu de promotion" in guide()["titre"]
    assert not re.search(
        r"l’expérience montre|nos stagiaires|à chaque formation|on nous a ", "\n".join(guide().values())
    )
