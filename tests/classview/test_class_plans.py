"""The plans of a class: read as they were handed in, put side by side, and followed up three months later."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from promotion import GOALS, Team, Trainee, hand_in, promotion, text_of

from course.commands import main
from course.core import sheets
from course.core.plan.format import load
from course.instructor.classview import pages
from course.instructor.classview.command import count
from course.instructor.classview.summary import Section, summary
from course.instructor.cohort.places import Cohort
from course.instructor.keeping.commands import forget
from course.instructor.review.bench import Bench

AWA, PAUL, ZOE = (
    Trainee("awa.o", "Awa", "Ouédraogo"),
    Trainee("paul.k", "Paul", "Kaboré"),
    Trainee("zoe.n", "Zoé", "<i>N"),
)


def put_plan(cohort: Cohort, students: tuple[Trainee, ...], document: str, **values: Any) -> None:
    """The plan of some, in which the action of option 1.1.a is chosen."""
    entry = {"option": "1.1.a", "chosen": True, **values}
    plan = {"format": "plan/1", "document": document, "revision": 1, "saved_at": "", "entries": {"1-1-b": entry}}
    for student in students:
        path = cohort.submitted / student.id / "but-1" / "reponses" / "plan.json"
        path.write_text(json.dumps(plan), encoding="utf-8")


@pytest.fixture
def cohort(tmp_path: Path) -> Cohort:
    made = promotion(tmp_path / "cours", (AWA, PAUL, ZOE))
    hand_in(made, (AWA, PAUL), GOALS[0], "former les relais", Team("Groupe 3", ("Awa Ouédraogo", "Paul Kaboré")))
    hand_in(made, (ZOE,), GOALS[0], "écouter les veuves", Team("", ("Zoé <i>N",)))
    put_plan(made, (AWA, PAUL), "d1", status="begun", effect="Les femmes viennent.")
    put_plan(made, (ZOE,), "d2", cost=150_000)
    return made


def rows(cohort: Cohort) -> list[dict[str, str]]:
    heads, *cells = sheets.read((cohort.reports / "suivi-des-plans.csv").read_bytes()).rows
    return [dict(zip(heads, row, strict=False)) for row in cells]


def typed(cohort: Cohort, key: str, **values: str) -> None:
    """What an instructor types in a spreadsheet, with a column of her own."""
    before = rows(cohort)
    heads = [*before[0], "tél."] if "tél." not in before[0] else [*before[0]]
    for row in before:
        row.setdefault("tél.", "70 00 00 00")
        if row["équipe"] == key:
            row.update(values)
    raw = sheets.written([heads, *([row.get(head, "") for head in heads] for row in before)], one_line=False)
    (cohort.reports / "suivi-des-plans.csv").write_bytes(raw)


def run(cohort: Cohort) -> int:
    return main(["plans", "--dossier", str(cohort.root)])


def test_each_plan_counts_once_like_actions_stand_side_by_side_and_the_district_s_says_whose(cohort, capsys):
    assert run(cohort) == 0
    said = text_of(capsys.readouterr().out)
    assert "Groupe 3 : 1 action : 1 commencée." in said
    assert "En tout, 2 plans, 2 actions : 1 commencée, 1 sans nouvelle." in said
    page = (cohort.reports / "plans.html").read_text(encoding="utf-8")
    assert "Zoé &lt;i&gt;N" in page
    assert "<script" not in page
    assert "Côte à côte" in page
    entries = load((cohort.reports / "plan-district.json").read_bytes())["entries"].values()
    assert {entry["origin"] for entry in entries} == {"Groupe 3", "Zoé <i>N"}
    assert {entry["seen_action"] for entry in entries} == {
        "Réunir le comité chaque mois : former les relais",
        "Réunir le comité chaque mois : écouter les veuves",
    }


@pytest.mark.browser
def test_on_paper_the_page_folds_nothing(cohort: Cohort, page: Page) -> None:
    assert run(cohort) == 0
    page.goto((cohort.reports / "plans.html").as_uri())
    lack = page.get_by_text("Aucune action ne sert l’équité.").first
    expect(lack).to_be_hidden()
    page.emulate_media(media="print")
    expect(lack).to_be_visible()
    page.emulate_media(media="screen")


def test_what_is_typed_by_telephone_counts_and_nothing_typed_is_lost(cohort, capsys):
    assert run(cohort) == 0
    assert [row["d’après la remise"] for row in rows(cohort)] == ["commencée. Les femmes viennent", ""]
    typed(cohort, "Zoé <i>N", **{"où en est l’action": "Fait", "ce qui a empêché": "=La pluie"})
    typed(cohort, "Groupe 3", **{"où en est l’action": "on verra"})
    capsys.readouterr()
    assert run(cohort) == 0
    said = text_of(capsys.readouterr().out)
    assert "2 actions : 1 commencée, 1 faite." in said
    assert "« on verra » n’est ni prévue, ni commencée, ni faite" in said
    before = rows(cohort)
    assert [row["où en est l’action"] for row in before] == ["on verra", "Fait"]
    assert {row["tél."] for row in before} == {"70 00 00 00"}
    for student in (AWA, PAUL):
        (cohort.submitted / student.id / "but-1" / "reponses" / "plan.json").unlink()
    assert run(cohort) == 0
    typed(cohort, "Zoé <i>N", **{"où en est l’action": ""})
    typed(cohort, "Groupe 3", **{"où en est l’action": ""})
    assert run(cohort) == 0
    before = [{**row, "où en est l’action": ""} for row in before]
    assert sorted(map(str, rows(cohort))) == sorted(map(str, before)), "of an action that is in no plan now"
    assert "La pluie" in (cohort.reports / "plans.html").read_text(encoding="utf-8")


def test_a_table_without_a_column_is_named_and_left_as_it_is(cohort, capsys):
    assert run(cohort) == 0
    path = cohort.reports / "suivi-des-plans.csv"
    path.write_text("clé;équipe\np1;Groupe 3\n", encoding="utf-8")
    capsys.readouterr()
    assert run(cohort) == 2
    assert "n’a plus la colonne" in text_of(capsys.readouterr().err)
    assert path.read_text(encoding="utf-8") == "clé;équipe\np1;Groupe 3\n"


def test_who_is_forgotten_is_in_none_of_these_files_and_the_group_s_row_stays(cohort):
    assert run(cohort) == 0
    for one in (ZOE, AWA):
        forget(one.id, cohort.root, sure=True)
    assert [row["équipe"] for row in rows(cohort)] == ["Groupe 3"]
    for path in cohort.reports.iterdir():
        text = path.read_text(encoding="utf-8")
        assert "Zoé" not in text
        assert "Ouédraogo" not in text
    assert run(cohort) == 0


def test_what_a_group_said_by_telephone_stays_when_one_whom_its_plan_names_is_forgotten(cohort, capsys):
    put_plan(cohort, (AWA, PAUL), "d1", responsible="Awa Ouédraogo", effect="Awa Ouédraogo le dit.")
    assert run(cohort) == 0
    typed(cohort, "Groupe 3", **{"où en est l’action": "Faite", "ce qui a empêché": "Ouédraogo Awa était absente"})
    assert main(["attestations", "--participation", "--dossier", str(cohort.root)]) == 0
    forget(AWA.id, cohort.root, sure=True)
    group = next(row for row in rows(cohort) if row["équipe"] == "Groupe 3")
    assert (group["où en est l’action"], group["responsable"]) == ("Faite", "(nom retiré)")
    assert "Ouédraogo" not in " ".join(group.values())
    assert not [*cohort.reports.glob("attestations*")]
    assert "plan.json" in text_of(capsys.readouterr().out), "what still names her is told"
    forget(PAUL.id, cohort.root, sure=True)
    assert [row["équipe"] for row in rows(cohort)] == ["Zoé <i>N"]


def test_an_archive_brings_back_plans_and_what_was_typed_of_them(cohort):
    assert run(cohort) == 0
    typed(cohort, "Zoé <i>N", **{"où en est l’action": "Faite"})
    before = rows(cohort)
    assert main(["archive", "--dossier", str(cohort.root)]) == 0
    [archive] = (cohort.folder / "archives").iterdir()
    for one in (ZOE, AWA, PAUL):
        forget(one.id, cohort.root, sure=True)
    assert rows(cohort) == []
    assert main(["restore", "--oui", str(archive), "--dossier", str(cohort.root)]) == 0
    assert rows(cohort) == before
    assert run(cohort) == 0
    assert rows(cohort) == before
    assert "Zoé" in (cohort.reports / "plan-district.json").read_text(encoding="utf-8")


def test_a_plan_is_of_the_group_that_handed_it_in_even_when_one_of_it_works_with_others_now(cohort, capsys):
    hand_in(cohort, (AWA, ZOE), GOALS[1], "tenir les comités", Team("Groupe 9", ("Awa Ouédraogo", "Zoé <i>N")))
    assert run(cohort) == 0
    said = text_of(capsys.readouterr().out)
    assert "Groupe 3 : 1 action" in said
    assert "Groupe 9" not in said


def test_two_without_news_are_said_in_french(cohort, capsys):
    put_plan(cohort, (AWA, PAUL), "d1")
    assert run(cohort) == 0
    assert "En tout, 2 plans, 2 actions : 2 sans nouvelle." in text_of(capsys.readouterr().out)


def test_in_the_class_and_on_the_bench_a_plan_is_seen_with_what_became_of_it(cohort, capsys):
    assert run(cohort) == 0
    typed(cohort, "Zoé <i>N", **{"où en est l’action": "Faite"})
    numbers = count(cohort)
    lines = text_of("\n".join(summary(numbers)[Section.PLANS].lines))
    assert "Groupe 3 : 1 action : 1 commencée" in lines
    assert "En tout, 2 plans, 2 actions : 1 commencée, 1 faite." in lines
    assert "Zoé &lt;i&gt;N" in pages.fragment(numbers)
    bench = Bench(cohort)
    copies = {key: bench.copy("1.1", key)["copy"] for key, _, _ in bench.choose("1.1")["queue"]}
    shown = {key: copy["plan"] for key, copy in copies.items()}
    assert all(len(plan) == 1 and plan[0]["option"] == "1.1.a" for plan in shown.values())
    details = [dict(plan[0]["details"]) for plan in shown.values()]
    assert sorted(text.get("Trois mois après", "") for text in details) == ["", "commencée"]
    (cohort.submitted / ZOE.id / "but-1" / "reponses" / "plan.json").write_text("{", encoding="utf-8")
    assert sorted(len(bench.copy("1.1", key)["copy"]["plan"]) for key in copies) == [0, 1]
    capsys.readouterr()
