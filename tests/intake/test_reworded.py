"""No French sentence decides anything: reworded, all of them, the same files end in the same places."""

from __future__ import annotations

import csv
import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest
from mail import MONDAY, NOW, TUESDAY, Desk, answers, drop, put, zipped

from course.core.bar import Question
from course.instructor.cohort.places import COURSE_ID
from course.instructor.cohort.receipt import SECRET
from course.instructor.intake import exchange
from course.instructor.intake.decisions import YES
from course.instructor.intake.reasons import Outcome, Reason, Why
from course.instructor.intake.reception import lines

LATER = "2026-11-25T10:00:00Z"


def received(root: Path) -> tuple[object, ...]:
    """Receptions of much that can happen, as data: what became of each file, how many came again, and the class."""
    desk = Desk(root)
    again = desk.handin("a.zip", "Awa Kaboré", "Paul Kéïta", group="Groupe 3").read_bytes()
    desk.handin("b.zip", "Awa Kaboré", date=TUESDAY, text="Plus tard")
    desk.handin("c.zip", "Moussa N’Guessan", date=NOW + timedelta(days=99))
    desk.handin("d.zip", "Zoé Inconnue")
    desk.handin("e.zip", "Li M.")
    desk.handin("Moussa N’Guessan/faux.zip", "Paul Kéïta", date=TUESDAY)
    put(desk.mail, {
        "a (1).zip": again, "abîmé.zip": b"PK", "vide.zip": zipped({}), "x.docx": b"x", "x.rar": b"x", "x.txt": b"x",
        "y/but-2.ipynb": b"{}", "x.recu.html": b"x", "Awa Kaboré/1.1.json": answers(text="Seul", saved=LATER),
        "Awa Kaboré/1.2.json": answers("1.2", ""), "Paul Kéïta/1.1.json": answers(saved="2026-11-01T10:00:00Z"),
        "1.1.json": answers(text="De personne", document="d7"), "li/1.3.json": answers("1.3", "Plus tard", LATER),
    })  # fmt: skip
    proven = {"timestamp.txt": b"2026-11-23 10:00:00 UTC", SECRET: b"0" * 32}
    put(
        desk.cohort.submitted / "li/but-1",
        {"reponses/1.3.json": answers("1.3", saved="2026-11-23T10:00:00Z"), **proven},
    )
    inbound = desk.tmp / "échange" / COURSE_ID / "inbound"
    for account, date in (("paul", "2026-11-26 10:00:00 UTC"), ("paul", "2026-11-20 10:00:00 UTC")):
        drop(inbound, account, date, {"reponses/1.1.json": answers(text=f"Par l’échange, {date}"), "x": b"x"})
    drop(inbound, "moussa", "jeudi", {})
    (inbound / "moussa+but-1+2026-11-21 10:00:00 UTC+x").symlink_to(inbound)
    (inbound / "hasard").mkdir()
    receptions = [desk.take(), desk.take(desk.mail, inbound), desk.take(desk.mail, inbound, ask=yes_or_first)]
    rows = [
        (row.file, row.outcome, row.goal, row.student, [reason.why for reason in row.reasons])
        for reception in receptions
        for row in reception.rows
    ]
    sums = [list(lines(reception))[-1 - len(reception.notices)] for reception in receptions]
    numbers = [re.findall(r"\d+", line) for line in sums]  # of each outcome, and of what came again
    assert {row[1] for row in rows} == set(Outcome)
    tree = desk.tree()
    register = tree.pop("recus/registre.csv").decode("utf-8-sig").splitlines()
    cells = [[*row[:7], *row[8:]] for row in csv.reader(register, delimiter=";")]  # the reason between is for people
    return rows, numbers, tree, cells


def yes_or_first(question: Question) -> str:
    values = [choice.value for choice in question.choices]
    return YES if YES in values else values[0]


def test_reworded_all_alike_the_same_becomes_of_every_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pwd", reason="nbgrader's exchange does not exist on Windows")
    as_it_is = received(tmp_path / "a" / "classe")
    for why in Why:
        monkeypatch.setattr(why, "sentence", "partout la même phrase")
    for outcome in Outcome:
        monkeypatch.setattr(outcome, "one", "mot")
        monkeypatch.setattr(outcome, "many", "mots")
    emit = exchange._Log.emit

    def reworded(self: logging.Handler, record: logging.LogRecord) -> None:
        record.msg, record.args = "partout la même phrase", ()
        emit(self, record)

    monkeypatch.setattr(exchange._Log, "emit", reworded)
    assert received(tmp_path / "b" / "classe") == as_it_is


def test_no_two_reasons_are_one() -> None:
    assert len(Why) == len(Why.__members__)
    assert len(Outcome) == len(Outcome.__members__)
    assert str(Reason(Why.AGAIN_BUT, reason=Reason(Why.LATER_CAME, date=MONDAY))).startswith("déjà reçue")
    assert Outcome.UNMATCHED.counted(2) == "2 à attribuer"
