"""Several plans side by side: nothing is merged by the program, and the result is a plan like any other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from planning import filled, row, said

from course.core.plan import format as plan_format
from course.core.plan import plan_of, read
from course.core.plan.district import Contribution, district_plan, side_by_side
from course.core.plan.plan import Line, Plan, Sources, Verdict
from course.core.plan.store import PlanStore, rejoin
from course.core.refusal import Refusal

NOTHING = Sources((), {})


def line(option: str, action: str, name: str = "a1", **values: Any) -> Line:
    verdicts = {f"p{number}": Verdict() for number in range(1, 7)} | values.pop("verdicts", {})
    objective = option[:3]
    return Line(plan_format.row_of(objective, name), objective, option, "Stratégie", action, chosen=True,
                verdicts=verdicts, **values)  # fmt: skip


def contribution(origin: str, *lines: Line, saved_at: str = "2026-11-20T10:00:00Z") -> Contribution:
    return Contribution(origin, f"document de {origin}", Plan(lines, (), "FCFA", {}), saved_at)


A = contribution(
    "Groupe A",
    line("1.1.b", "Former dix relais de Wobgoré", "a2", order=1),
    line("1.1.a", "Tenir une séance chaque mois au village de Laogotin", order=2, cost=150_000,
         quarters=(True, False, False, True), verdicts={"p2": Verdict("yes", "Les femmes parlent.")}),
)  # fmt: skip
B = contribution(
    "Groupe B",
    line("1.1.a", "Recruter un chauffeur", "a9", order=1),
    line("1.1.a", "Tenir chaque mois une séance dans le village", order=2, cost=90_000, responsible="La sage-femme"),
    saved_at="2026-11-21T10:00:00Z",
)


def test_like_actions_of_an_option_stand_side_by_side_and_each_stays_as_it_was() -> None:
    groups = side_by_side([B, A])
    assert [[(one.origin, one.line.action) for one in group] for group in groups] == [
        [
            ("Groupe A", "Tenir une séance chaque mois au village de Laogotin"),
            ("Groupe B", "Tenir chaque mois une séance dans le village"),
        ],
        [("Groupe B", "Recruter un chauffeur")],
        [("Groupe A", "Former dix relais de Wobgoré")],
    ]


def test_the_result_is_a_plan_like_any_other_whatever_the_order_they_come_in() -> None:
    document = district_plan([A, B])
    raw = json.dumps(document).encode()
    assert document == district_plan([B, A])
    Draft202012Validator(json.loads(Path(plan_format.__file__).with_name("plan-1.schema.json").read_bytes())).validate(
        document
    )
    plan = plan_of(plan_format.load(raw), NOTHING)
    first, second, *_ = plan.lines
    assert len(plan.lines) == 4
    assert (first.origin, first.cost, first.quarters, first.verdicts["p2"].reason) == (
        "Groupe A", 150_000, (True, False, False, True), "Les femmes parlent.",
    )  # fmt: skip
    assert (second.origin, second.cost, second.responsible) == ("Groupe B", 90_000, "La sage-femme")
    assert len({one.row for one in plan.lines}) == 4, "the same id in two canvases is two actions"
    assert not any(one.change.value != "none" for one in plan.lines)
    assert document["saved_at"] == "2026-11-21T10:00:00Z"


def test_it_is_taken_up_in_a_workbook_beside_its_own_plan_and_twice_is_once(tmp_path: Path) -> None:
    folder = filled(tmp_path)
    store = PlanStore(folder)
    store.save([said("1.1.a", "chosen", "1", 1)])
    for _ in range(2):
        store.save(rejoin(store.open().document, district_plan([A, B])).edits)
    plan = read(folder)
    assert [one.origin for one in plan.lines].count("") == 1
    assert len(plan.lines) == 5
    assert next(one for one in plan.lines if not one.origin).row == row("1.1.a")


def test_a_district_s_plan_among_others_says_both_whose_it_was_and_whose_it_is() -> None:
    once = plan_of(plan_format.load(json.dumps(district_plan([A])).encode()), NOTHING)
    twice = district_plan([Contribution("District", "d", once), B])
    assert {entry["origin"] for entry in twice["entries"].values()} == {"District (Groupe A)", "Groupe B"}


def test_more_than_a_plan_holds_is_refused_in_words() -> None:
    many = [line("1.1.a", f"Action {number}", f"a{number}") for number in range(1001)]
    with pytest.raises(Refusal, match="ces plans en ont"):
        district_plan([contribution("Tous", *many)])
