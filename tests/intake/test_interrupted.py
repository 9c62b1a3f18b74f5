"""A reception that is stopped at any step, by a real death of its process, and the one after it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from mail import ACCEPTED, NOW, REFUSED, TUESDAY, Desk, answers, put, spaced

from course.core.refusal import Refusal
from course.instructor.intake import store

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork: a process is stopped at each step")

# What changes a disk, or opens something that may.
STEPS = {"open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.truncate", "shutil.rmtree"}
POINTS = 45  # of all steps: about every third


def stopped(act: Callable[[], object], at: int) -> int:
    """Does something in a process of its own that dies before a step.

    Args:
        act: What to do.
        at: The number of the step; -1 for none.

    Returns:
        How many steps were done.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        done = 0

        def step(event: str, arguments: tuple[object, ...]) -> None:
            nonlocal done
            if event in STEPS and "courrier" not in str(arguments[:1]) and "/cours" in str(arguments[:1]):
                if done == at:
                    os.write(writer, str(done).encode())
                    os._exit(9)
                done += 1

        try:
            sys.addaudithook(step)
            act()
            os.write(writer, str(done).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as stream:
        steps = int(stream.read() or -1)
    os.waitpid(child, 0)
    return steps


def received(root: Path) -> Desk:
    """A class that took something in, and to which more has come since."""
    desk = Desk(root)
    desk.handin("a.zip", "Awa Kaboré", "Paul Kéïta", group="Groupe 3")
    put(desk.cohort.submitted / "li/but-1", {"reponses/1.1.json": answers(text="À la main"),
                                             "timestamp.txt": b"2026-11-01 10:00:00 UTC"})  # fmt: skip
    desk.take()
    desk.handin("b.zip", "Awa Kaboré", "Zoé", date=TUESDAY, text="Le nouveau texte")
    desk.handin("c.zip", "李 明", text="Le texte de Li")
    put(desk.mail, {"Paul Kéïta 1.1.json": answers(text="Seul", saved="2026-11-25T10:00:00Z")})
    return desk


def snapshot(desk: Desk) -> dict[str, dict[str, bytes]]:
    return {student: desk.files(student) for student in ("awa", "paul", "li")}


def test_leaves_old_or_new_and_the_next_one_finishes(tmp_path: Path) -> None:
    first, whole = received(tmp_path / "avant").tmp, Desk(tmp_path / "entier")
    shutil.copytree(first, whole.tmp, dirs_exist_ok=True)
    old = snapshot(whole)
    steps = stopped(whole.take, -1)
    new, tree = snapshot(whole), whole.tree()
    assert steps > 20
    assert old != new
    for at in range(0, steps, max(1, steps // POINTS)):
        desk = Desk(tmp_path / str(at))
        shutil.copytree(first, desk.tmp, dirs_exist_ok=True)
        assert stopped(desk.take, at) == at
        for student, files in snapshot(desk).items():
            # Between the two renames of a swap there is neither: the next run mends it.
            moved = not files and list(desk.cohort.folder.glob(f".reception/ancien/{student}/*"))
            # Canvases that came alone follow what was handed in at once.
            halfway = files.get("timestamp.txt") in {old[student]["timestamp.txt"], new[student]["timestamp.txt"]}
            assert moved or halfway, (at, student)
            assert moved or files in (old[student], new[student]), (at, student)
        desk.take()
        assert desk.tree() == tree, at
        assert not (desk.cohort.folder / ".reception").exists()


def test_the_disk_has_what_is_put_in_place_first_and_is_asked_no_more_than_it_must(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        desk.handin(f"{number}.zip", f"Trainee {number}")
    lines = ["identifiant;prénom;nom", *(f"t{number};Trainee;{number}" for number in range(4))]
    desk.cohort.roster.write_text("\n".join(lines), encoding="utf-8")
    seen: list[tuple[set[str], int]] = []

    def sync() -> None:
        seen.append((desk.students, len(list(desk.cohort.folder.glob(".reception/neuf/*/but-1/reponses/*")))))

    monkeypatch.setattr(os, "sync", sync)
    desk.take()
    before, after = seen
    assert before == (set(), 8)
    assert after == ({"t0", "t1", "t2", "t3"}, 0)
    desk.take()
    assert seen == [before, after]


def test_two_at_once_are_refused_in_french(desk: Desk) -> None:
    desk.handin("a.zip", "Awa Kaboré")
    with store.open_folders(desk.cohort), pytest.raises(Refusal, match="Une autre réception est en cours"):
        desk.take()
    assert desk.take(now=NOW).rows


def test_a_disk_that_is_full_changes_nothing_and_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.handin("a.zip", "Awa Kaboré")
    before = desk.tree()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        with pytest.raises(Refusal, match="disque est plein"):
            desk.take()
    assert desk.tree() == before
    desk.take()
    assert desk.students == {"awa"}


def test_what_a_killed_program_left_half_written_is_removed_and_nothing_behind_a_link(desk: Desk) -> None:
    halves = [desk.cohort.folder / ".noms.csv.71.tmp", desk.cohort.reports / ".reception.csv.71.tmp"]
    put(desk.cohort.folder, {path.relative_to(desk.cohort.folder).as_posix(): b"x" for path in halves})
    outside = put(desk.tmp / "ailleurs", {".registre.csv.71.tmp": b"x"})
    (desk.cohort.folder / "recus").symlink_to(outside)
    with store.receiving(desk.cohort):
        assert not [path for path in halves if path.exists()]
    assert [path.name for path in outside.iterdir()] == [".registre.csv.71.tmp"]


def waiting(desk: Desk) -> tuple[frozenset[str], frozenset[str]]:
    """Those for whom the only hand-in of the register waits, for a reason that stands there, and those who have it."""
    [line] = [line for line in store.Register(desk.cohort).lines if line.key]
    assert bool(line.reason) == (line.students != line.taken_for)
    return line.students - line.taken_for, line.taken_for


def test_one_folder_that_cannot_be_written_stops_no_other(desk: Desk) -> None:
    put(desk.cohort.submitted, {"awa": b"a file"})
    desk.handin("a.zip", "Awa Kaboré", "Paul Kéïta")
    rows = {row.student: row for row in desk.take().rows}
    assert rows["awa"].outcome is REFUSED
    assert rows["paul"].outcome is ACCEPTED
    assert (desk.cohort.submitted / "awa").read_bytes() == b"a file"
    assert waiting(desk) == ({"awa"}, {"paul"})
    (desk.cohort.submitted / "awa").unlink()
    assert desk.take().count(ACCEPTED) == 1
    assert waiting(desk) == (set(), {"awa", "paul"})


def test_a_folder_with_a_file_that_cannot_be_kept_is_not_replaced(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_ORIGINAL", 10_000)
    files = {"reponses/1.1.json": answers(text="À la main"), "timestamp.txt": b"2026-11-01 10:00:00 UTC"}
    home = put(desk.cohort.submitted / "awa/but-1", {**files, "film": b"f" * 10_001})
    (home / "lien").symlink_to(desk.tmp)
    desk.handin("a.zip", "Awa Kaboré", "Paul Kéïta", date=TUESDAY, text="À la main")
    before = desk.files("awa")
    rows = {row.student: row for row in desk.take().rows}
    assert (rows["awa"].outcome, rows["paul"].outcome) == (REFUSED, ACCEPTED)
    assert "film » se perdrait" in spaced(rows["awa"].reason)
    assert waiting(desk) == ({"awa"}, {"paul"})
    assert desk.files("awa") == before
    (home / "film").rename(desk.tmp / "film")
    assert {row.student: row.outcome for row in desk.take().rows} == {"awa": ACCEPTED, "paul": ACCEPTED}
    assert desk.date("awa") == "2026-11-24 10:00:00 UTC"


@pytest.mark.usefixtures("short_cells")
@pytest.mark.parametrize("name", ["recus/registre.csv", "noms.csv"])
def test_a_register_that_nobody_can_read_is_not_written_over(desk: Desk, name: str) -> None:
    desk.handin("a.zip", "Awa Kaboré")
    desk.take()
    broken = 'a;b\n"' + "x" * 200_000
    (desk.cohort.folder / name).write_text(broken)
    before = desk.tree()
    desk.handin("b.zip", "Paul Kéïta")
    with pytest.raises(Refusal, match=name.rpartition("/")[2]):
        desk.take()
    assert desk.tree() == before
