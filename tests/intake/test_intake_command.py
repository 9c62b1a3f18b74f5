"""`course intake`: what an instructor reads on the screen, and what she is asked there."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from mail import MONDAY, REFUSED, UNMATCHED, Desk, moment, put, spaced
from terminal import on_terminal

from course.core.refusal import Refusal
from course.instructor.intake.command import intake
from course.instructor.intake.reception import MAX_SHOWN, Reception, ReceptionRow, lines

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def course(desk: Desk) -> Desk:
    shutil.copy(REPOSITORY / "nbgrader_config.py", desk.cohort.root)
    return desk


def test_the_table_and_its_sum_are_shown(course: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    course.handin("a.zip", "Awa Kaboré", "Paul Kéïta", group="Groupe 3")
    put(course.mail, {"x.txt": b"x", "z.zip": course.handin("z.zip", "Zoé").read_bytes()})
    intake([str(course.mail)], course.cohort.root, ask=True)
    said = spaced(capsys.readouterr().out).splitlines()
    assert said[0] == f"acceptée     courrier › a.zip  but-1  Awa Kaboré, Paul Kéïta  {moment(MONDAY)}"
    assert said[1].startswith("refusée      courrier › x.txt  (Ce n’est ni une remise, ni des réponses du cours.")
    assert said[2].startswith("à attribuer  courrier › z.zip  but-1  Zoé")
    assert said[3] == "3 fichiers : 1 acceptée, 1 refusée, 1 à attribuer."
    assert "répondez" in said[4]
    assert said[5].startswith("Ce qui est refusé est gardé")
    assert said[6].endswith("reception.csv")
    intake([course.mail], course.cohort.root)
    assert "1 acceptée (dont 1 déjà reçue)" in spaced(capsys.readouterr().out)


def test_nothing_to_take_in_is_said(course: Desk) -> None:
    with pytest.raises(Refusal, match="Dites ce qu’il faut recevoir"):
        intake([], course.cohort.root)


def test_nowhere_to_take_it_in_is_said(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="n’est pas le dossier d’un cours"):
        intake([tmp_path], tmp_path)


def test_many_lines_are_cut_on_the_screen_alone() -> None:
    rows = tuple(ReceptionRow(f"{number}.txt", REFUSED) for number in range(MAX_SHOWN + 40))
    said = [spaced(line) for line in lines(Reception(rows))]
    assert len(said) == MAX_SHOWN + 2
    assert said[-2].endswith("… et 40 autres")
    assert said[-1] == "100 fichiers : 100 refusées."
    assert "100 à attribuer" in spaced(list(lines(Reception(tuple(ReceptionRow(r.file, UNMATCHED) for r in rows))))[-1])


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_on_a_terminal_it_asks_in_french_and_only_once(course: Desk) -> None:
    course.handin("a.zip", "Awa K.", "Zoé")
    said, code = on_terminal(course, b"9\n", b"1\n", b"Keita\n", b"1\n")
    assert code == 0, said
    assert "« Awa K. » n’est pas dans stagiaires.csv. Qui est-ce ?" in said
    assert "1. Awa Kaboré (awa, Groupe 3)" in said
    assert "nouveau stagiaire" in said
    assert "laisser de côté" in said
    assert "Ce n’est pas un numéro de la liste." in said
    assert course.students == {"awa", "paul"}
    again, code = on_terminal(course)
    assert code == 0, again
    assert "Qui est-ce" not in again
    assert "déjà reçue" in again
