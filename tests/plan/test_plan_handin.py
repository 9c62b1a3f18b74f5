"""The plan goes with each goal's hand-in, and comes back merged; one that cannot be read stops nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from planning import filled, row, said

from course.core import plan, syllabus
from course.core.handin import Packed, open_handin, pack
from course.core.handin.resumption import bring, resume_plan
from course.core.plan.format import PATH
from course.core.plan.store import PlanStore
from course.core.team import Team
from course.workbook.handin.command import take_up

DATE = datetime(2026, 11, 22, 10, 5, 0, tzinfo=UTC)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = filled(tmp_path)
    PlanStore(folder).save([said("1.1.a", "chosen", "1", 1), said("1.1.a", "funding", "Les mutuelles", 2)])
    return tmp_path


def packed(root: Path, goal: str = "1") -> Packed:
    return pack(root / "exercises" / f"but-{goal}", syllabus.load().goal(goal), Team("G", ("Awa",)), "0.1.0", DATE)


def elsewhere(root: Path) -> Path:
    (other := root / "ailleurs").mkdir()
    return filled(other)


def test_it_is_in_the_hand_in_of_each_goal_to_the_letter(root: Path) -> None:
    for goal in ("1", "5"):
        assert open_handin(packed(root, goal).raw).plan == (root / "modules" / PATH).read_bytes()


def test_an_empty_one_is_not_packed_and_a_damaged_one_is_said(root: Path) -> None:
    folder = elsewhere(root)
    PlanStore(folder).open()
    assert open_handin(packed(folder.parent).raw).plan is None
    (folder / PATH).write_bytes(b"{}")
    result = packed(folder.parent)
    assert open_handin(result.raw).plan is None
    assert [notice for notice in result.notices if "plan" in notice]


def test_it_comes_back_into_a_new_workbook_and_twice_is_once(root: Path) -> None:
    folder, raw = elsewhere(root), packed(root).raw
    assert resume_plan(bring(raw).plan, folder) == ("Plan\u00a0: 2 réponses reprises.",)
    assert plan.read(folder).lines[0].funding == "Les mutuelles"
    assert resume_plan(bring(raw).plan, folder) == ("Plan\u00a0: tout était déjà là.",)


def test_what_is_there_stays_and_another_text_is_kept_beside(root: Path) -> None:
    folder = elsewhere(root)
    PlanStore(folder).save([said("1.1.a", "funding", "L’État", 1, client="b")])
    [line] = resume_plan(bring((root / "modules" / PATH).read_bytes()).plan, folder)
    assert "1 texte gardé à côté du vôtre" in line
    document = PlanStore(folder).open().document
    assert document["entries"][row("1.1.a")]["funding"] == "L’État"
    assert [conflict["text"] for conflict in document["sync"]["conflicts"]] == ["Les mutuelles"]


def test_by_the_command_as_well(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = elsewhere(root)
    (archive := root / "remise.zip").write_bytes(packed(root).raw)
    take_up(archive, folder.parent, sure=True)
    assert "Plan\u00a0: 2 réponses reprises." in capsys.readouterr().out
    take_up(root / "modules" / PATH, folder.parent / "exercises" / "but-1", sure=True)
    assert "Plan\u00a0: tout était déjà là." in capsys.readouterr().out
    assert plan.read(folder).lines[0].funding == "Les mutuelles"
