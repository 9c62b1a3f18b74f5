"""The plan as it is read beside the canvases: changes, gaps in words, pictures with texts."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from planning import ACTIONS, fill, filled, row, said

from course.core import plan
from course.core.plan.gaps import EMPTY, gaps
from course.core.plan.pictures import pictures
from course.core.plan.plan import Line, Plan, Verdict, currency, home
from course.core.plan.store import PlanStore
from course.core.refusal import Unreadable

FIRST, SECOND, THIRD = ACTIONS.values()
NOBODY = dict.fromkeys(("p1", "p2", "p3", "p4", "p5", "p6"), Verdict())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return filled(tmp_path)


def line(number: int = 1, goal: str = "1", **more: object) -> Line:
    verdicts = {**NOBODY, **more.pop("verdicts", {})}
    return Line(f"{goal}-1-a{number}", f"{goal}.1", f"{goal}.1.a", "S", f"Action {number}", verdicts=verdicts, **more)


class TestReading:
    def test_without_a_file_every_action_of_the_canvases_may_be_chosen(self, folder: Path, tmp_path: Path) -> None:
        for place in (folder, tmp_path, tmp_path / "exercises" / "but-2"):
            read = plan.read(place)
            assert (read.lines, [one.action for one in read.others]) == ((), [FIRST, SECOND, THIRD])
        assert home(tmp_path / "exercises" / "but-2") == folder
        assert plan.read(folder).currency == currency() == "FCFA"

    def test_a_changed_a_removed_and_an_unreadable_one_are_told_apart(self, folder: Path, tmp_path: Path) -> None:
        edits = []
        for option, text in ACTIONS.items():
            for name, value in (("chosen", "1"), ("seen_action", text), ("seen_strategy", f"Stratégie de {option}")):
                edits.append(said(option, name, value, len(edits) + 1))
        PlanStore(folder).save(edits)
        assert {one.change for one in plan.read(folder).lines} == {plan.Change.NONE}
        fill(tmp_path, "1.1.a", "action", "Tenir deux séances", 2)
        fill(tmp_path, "1.2.a", "action", "", 2)
        (tmp_path / "exercises/but-2/reponses/2.1.json").write_bytes(b"{")
        read = {one.row: one for one in plan.read(folder).lines}
        changed, removed, unknown = (read[row(option)] for option in ACTIONS)
        assert (changed.change, changed.action, changed.before[1]) == (plan.Change.CHANGED, "Tenir deux séances", FIRST)
        assert (removed.change, removed.action) == (plan.Change.REMOVED, SECOND)
        assert (unknown.change, unknown.action) == (plan.Change.UNKNOWN, THIRD)
        assert set(plan.read(folder).unreadable) == {"2.1"}

    def test_a_damaged_plan_is_said_and_not_taken_for_an_empty_one(self, folder: Path) -> None:
        PlanStore(folder).open().document  # noqa: B018
        (folder / "reponses/plan.json").write_bytes(b"[]")
        with pytest.raises(Unreadable):
            plan.read(folder)


class TestGaps:
    def test_an_empty_plan_lacks_actions_and_nothing_else_is_said(self) -> None:
        assert gaps(Plan()) == (EMPTY,)

    def test_what_no_action_serves_is_said_and_what_one_serves_is_not(self) -> None:
        said = gaps(Plan((line(verdicts={"p2": Verdict("yes"), "p3": Verdict("no"), "p4": Verdict("review")}),)))
        assert "Aucune action ne sert l’équité." not in said
        assert "Aucune action ne sert l’approche participative." in said
        assert "1 réponse est à revoir sur les principes." in said
        assert next(one for one in said if one.startswith("Aucune action pour le but")).startswith(
            "Aucune action pour le but 2"
        )

    def test_quarters_and_what_is_not_said_of_one_action_or_several(self) -> None:
        done = line(1, quarters=(True, False, True, False), responsible="Awa", cost=0, indicator="n")
        said = gaps(Plan((done, line(2, cost=5), line(3, cost=5, funding="ONG"))))
        assert "Rien n’est prévu en T2 et T4." in said
        assert "2 actions n’ont pas de responsable." in said
        assert "«\u202fAction 2\u202f» n’a pas de source de financement." in said
        assert not [one for one in said if "de coût" in one]


class TestPictures:
    def test_each_is_a_svg_whose_texts_are_texts_and_which_says_the_same_in_words(self) -> None:
        hostile = Line("1-1-a", "1.1", "1.1.a", "S", '<script>alert("1")</script>\x00 & co', verdicts=NOBODY, cost=7,
                       funding='"><b>\ud7ff', quarters=(False, True, False, False))  # fmt: skip
        drawn = pictures(
            Plan((hostile, line(2, "3", cost=3, funding="ONG", verdicts={"p2": Verdict("yes")})), (), "FCFA")
        )
        assert [one.title for one in drawn] == [
            "Les actions par trimestre", "Les six principes et les actions", "Le coût par source de financement",
            "Les buts servis",
        ]  # fmt: skip
        for one in drawn:
            root = ElementTree.fromstring(one.svg)
            assert {node.tag.rpartition("}")[2] for node in root.iter()} <= {"svg", "text", "rect", "line"}
            assert root.get("aria-label")
            assert one.text
        quarters, principles, sources, goals = drawn
        assert "T2" in quarters.text
        assert "pas de trimestre" in quarters.text
        assert "Centrage sur l’équité\u00a0: oui 1 fois" in principles.text
        assert "En tout\u00a0: 10\u00a0FCFA" in sources.text
        assert "aucune action" in goals.text

    def test_the_same_source_in_other_letters_is_one(self) -> None:
        [_, _, sources, _] = pictures(Plan((line(1, cost=2, funding="ONG "), line(2, cost=3, funding="ong")), (), "F"))
        assert sources.text.startswith("ONG\u00a0: 5\u00a0F")

    def test_an_empty_plan_has_none(self) -> None:
        assert pictures(Plan()) == ()
