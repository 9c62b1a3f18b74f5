"""What trainees send, made as the course, browsers and Moodle make it; and classes that receive it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from course.core import syllabus, team, words
from course.core.bar import Question
from course.core.handin import pack
from course.core.team import Team
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.receipt import SECRET
from course.instructor.intake.intake import take_in
from course.instructor.intake.reasons import Outcome
from course.instructor.intake.reception import Reception

GOAL = syllabus.load().goal("1")
BEGIN, MINUTE = datetime(2000, 1, 1, tzinfo=UTC), timedelta(minutes=1)
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
NOW = datetime(2026, 11, 30, 8, 0, tzinfo=UTC)
ACCEPTED, SUPERSEDED, REFUSED, UNMATCHED = Outcome

LIST = """identifiant;prénom;nom;courriel;groupe
awa;Awa;Kaboré;awa@exemple.org;Groupe 3
paul;Paul;Kéïta;;Groupe 3
moussa;Moussa;N’Guessan;;Groupe 1
li;明;李;;Groupe 1
"""


def spaced(text: str) -> str:
    """A text with the spaces of a typewriter."""
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


def moment(date: datetime) -> str:
    """A moment as the tables say it, with the spaces of a typewriter."""
    return spaced(words.moment(date))


def answers(
    objective: str = "1.1",
    text: str = "Former les agents",
    saved: str = "",
    document: str = "",
    revision: int | None = None,
) -> bytes:
    """A canvas's answers file; by default its revision grows with its date, and it does not say of which document."""
    option = syllabus.load().objective(objective).options[0].id
    rows = [{"id": "s", "strategy": text, "actions": [{"id": "a", "action": f"{text} au CSPS"}]}] if text else []
    said = {"format": "canevas/1", "objective": objective, "document": document}
    minutes = (datetime.fromisoformat(saved) - BEGIN) // MINUTE if saved else 3
    said["revision"] = minutes if revision is None else revision
    said |= {"saved_at": saved} if saved else {}
    return json.dumps({**said, "options": {option: rows}}, ensure_ascii=False).encode()


def handin(
    where: Path,
    who: Team | None = None,
    date: datetime = MONDAY,
    text: str = "Former les agents",
    objectives: tuple[str, ...] = ("1.1", "1.2"),
    goal: str = "1",
    document: str = "",
    revision: int | None = None,
    tests: Mapping[str, bytes] = MappingProxyType({}),
) -> bytes:
    """The zip that « Remettre » makes, of the workbook of the first who is named; with results of the test."""
    where = where / hashlib.sha256(repr((who, date, text, objectives, goal, document, revision)).encode()).hexdigest()
    (where / "reponses").mkdir(parents=True, exist_ok=True)
    saved = date.strftime("%Y-%m-%dT%H:%M:%SZ")
    for objective in objectives:
        first = who.members[0] if who and who.members else str(who)
        raw = answers(objective, text, saved, document or f"{first}{objective}", revision)
        (where / "reponses" / f"{objective}.json").write_bytes(raw)
    put(where / "modules/resultats", tests)
    (where / f"but-{goal}.ipynb").write_text('{"cells": []}', encoding="utf-8")
    return pack(where, syllabus.load().goal(goal), who or Team("", ("Awa Kaboré",)), "0.1.0", date).raw


def unpacked(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return stream.getvalue()


def put(folder: Path, files: Mapping[str, bytes]) -> Path:
    """A folder with files in it."""
    for name, raw in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    return folder


def drop(inbound: Path, account: str, date: str, content: dict[str, bytes]) -> None:
    """A hand-in that lies in an exchange's inbound folder."""
    put(inbound / f"{account}+but-1+{date}+x", {**content, "timestamp.txt": date.encode(), SECRET: b"s" * 32})


class Desk:
    """A class, and what arrives for it."""

    def __init__(self, tmp_path: Path, roster: str | None = LIST) -> None:
        self.tmp = tmp_path
        self.mail = tmp_path / "courrier"
        self.mail.mkdir(parents=True)
        self.cohort = Cohort(tmp_path / "cours d’été")
        self.cohort.folder.mkdir(parents=True)
        if roster is not None:
            self.cohort.roster.write_text(roster, encoding="utf-8-sig")

    def handin(self, name: str, *members: str, group: str = "", **said: object) -> Path:
        """A hand-in that lies in the mail."""
        raw = handin(self.tmp / "classeurs", Team(group, members), **said)
        path = self.mail / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
        return path

    def take(self, *sources: Path | str, ask: object = None, now: datetime = NOW) -> Reception:
        return take_in(self.cohort, sources or (self.mail,), ask, now)

    def tree(self) -> dict[str, bytes]:
        """Everything of the class, but the table of what was received."""
        found = {}
        for path in sorted(self.cohort.folder.rglob("*")):
            name = path.relative_to(self.cohort.folder).as_posix()
            if path.is_file() and name != "bilans/reception.csv":
                found[name] = path.read_bytes()
        return found

    def files(self, student: str, goal: str = "but-1") -> dict[str, bytes]:
        home = self.cohort.submitted / student / goal
        return {path.relative_to(home).as_posix(): path.read_bytes() for path in home.rglob("*") if path.is_file()}

    def texts(self, student: str, objective: str = "1.1") -> str:
        document = json.loads(self.files(student, f"but-{objective[0]}")[f"reponses/{objective}.json"])
        return next(iter(document["options"].values()))[0]["strategy"]

    def date(self, student: str) -> str:
        return self.files(student)["timestamp.txt"].decode()

    @property
    def students(self) -> set[str]:
        return {path.name for path in self.cohort.submitted.iterdir()} if self.cohort.submitted.is_dir() else set()

    def team(self, student: str) -> Team:
        return team.parse(self.files(student)["equipe.json"])


def outcomes(reception: Reception) -> dict[str, Outcome]:
    return {row.file.rpartition(" › ")[2]: row.outcome for row in reception.rows}


def reasons(reception: Reception) -> str:
    return spaced("\n".join(row.reason for row in reception.rows))


class Instructor:
    """Answers questions as they come, and remembers them."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[Question] = []

    def __call__(self, question: Question) -> str:
        self.asked.append(question)
        return self.answers.pop(0)
