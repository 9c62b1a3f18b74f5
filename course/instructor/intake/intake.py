"""Taking in what trainees sent: everything is read, each piece goes to its trainees, and the latest version counts.

Nothing is lost: what is replaced or not taken stands in the table, and the originals stay in `recus/`.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from course.core import syllabus, team, zips
from course.core.answers import FOLDER, file_name
from course.core.bar import PAGE, Question, bar
from course.core.bar import ask as ask_page
from course.core.names import legible
from course.core.refusal import Refusal, Unreadable
from course.core.syllabus import Goal
from course.core.team import Team
from course.instructor.cohort import places
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.receipt import SECRET
from course.instructor.cohort.rereading import to_reread
from course.instructor.cohort.roster import Trainee
from course.instructor.intake import exchange, sources
from course.instructor.intake.owners import Documents, Owners
from course.instructor.intake.people import ASIDE, DECISIONS, Ask, People, Unmatched
from course.instructor.intake.reasons import Outcome, Reason, Why
from course.instructor.intake.reception import Reception, Row, lines, write
from course.instructor.intake.sources import Piece, Problem, unpacked
from course.instructor.intake.store import Place, Received, Register, is_recoverable, open_place
from course.instructor.intake.submissions import MOMENT, Choice, Verdict, Version, names, present, stamp_in

FUTURE = timedelta(days=1)  # what clocks and time zones may be ahead


def intake(paths: Sequence[Path | str], folder: Path | None = None, ask: bool = True, inbound: bool = False) -> None:
    """`course intake`: takes in, and prints what became of each file. Done again, it changes nothing.

    Args:
        paths: Files and folders: zips of « Remettre », of Moodle, attachments, answers files, an inbound folder; the
            word `exchange` for the exchange that nbgrader's settings name. By default, the class's own inbox.
        folder: The course's folder; None for the one where one stands.
        ask: Whether to ask what only the instructor knows; else it is set aside.
        inbound: Whether to read that exchange too.

    Raises:
        Refusal: There is no course, nothing was named, or the class's folder cannot be written.
    """
    cohort = places.find(folder)
    word = exchange.WORDS[0]
    named = [*paths, *([word] if inbound and word not in paths else [])]
    if not named and cohort.inbox.is_dir():
        named = [cohort.inbox]
    if not named:
        raise Refusal(
            "Dites ce qu’il faut recevoir : un fichier, un dossier, ou le mot « exchange ». "
            "Par exemple : course intake ~/Téléchargements/remises.zip"
        )
    for line in lines(take_in(cohort, named, asker() if ask else None)):
        print(line, flush=True)
    if told := to_reread(cohort):
        print(told, flush=True)


def asker() -> Ask | None:
    """Who can be asked what only the instructor knows; None where there is nobody."""
    if os.environ.get(PAGE):
        return partial(ask_page, otherwise=ASIDE)
    return _on_terminal if sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty() else None


def _on_terminal(question: Question) -> str:
    """The answer to a question: a number of the list, or a name that is not on it."""
    print(f"\n{question.words}")
    for number, choice in enumerate(question.choices, 1):
        print(f"  {number}. {choice.words}")
    while True:
        try:
            answer = input("Un numéro, ou un nom de la liste : " if question.free else "Un numéro : ").strip()
        except EOFError:
            print()
            return ASIDE
        if answer.isdecimal() and 1 <= int(answer) <= len(question.choices):
            return question.choices[int(answer) - 1].value
        if question.free and answer and not answer.isdecimal():
            return answer
        print("Ce n’est pas un numéro de la liste.")


def take_in(
    cohort: Cohort, paths: Sequence[Path | str], ask: Ask | None = None, now: datetime | None = None
) -> Reception:
    """Reads what trainees sent, and puts each hand-in where grading finds it. Done again, it changes nothing.

    Args:
        cohort: The class.
        paths: Files and folders; `exchange` stands for nbgrader's.
        ask: Asks the instructor; None sets aside what only she knows.
        now: The moment of reception, in UTC; now by default.

    Returns:
        What became of each file; it is in `cohort/bilans/reception.csv` too.

    Raises:
        Refusal: The list of trainees cannot be used, or the class's folder cannot be written. No file that somebody
            sent is a reason.
    """
    moment = (now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    with open_place(cohort) as place:
        run = _Run(cohort, place, People(cohort, ask), Register(cohort), moment)
        run.read(paths)
        run.take([piece for piece in run.pieces if not piece.objective])
        run.take([piece for piece in run.pieces if piece.objective])
        reception = run.reception()
    return Reception(reception.rows, (*reception.notices, write(cohort, reception)))


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A trainee's folder that is ready, what became of her pieces, and the originals to keep."""

    trainee: Trainee
    goal: Goal
    verdicts: tuple[Verdict, ...]
    changed: bool
    codes: set[str]


@dataclass(slots=True)
class _Run:
    cohort: Cohort
    place: Place
    people: People
    register: Register
    now: datetime
    pieces: list[Piece] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    order: dict[str, int] = field(default_factory=dict)  # of the files, as they were read

    def read(self, paths: Sequence[Path | str]) -> None:
        for path in paths:
            for piece in self._pieces(path):
                self.order.setdefault(piece.place, len(self.order))
                if isinstance(piece, Problem):
                    self.rows.append(Row(piece.place, piece.outcome, (piece.reason,)))
                else:
                    self.pieces.append(piece)

    def _pieces(self, path: Path | str) -> Iterator[Piece | Problem]:
        keep = self.place.keep
        if path in exchange.WORDS and not Path(path).exists():
            inbound: Path | None = exchange.configured(self.cohort)
        else:
            inbound = exchange.inbound_of(Path(path).expanduser().absolute())
        if inbound is None:
            yield from sources.pieces(Path(path), keep)
            return
        work = self.place.work / "recueil"
        work.mkdir(exist_ok=True)
        yield from exchange.drops(self.cohort, inbound, work, keep)

    def take(self, pieces: Sequence[Piece]) -> None:
        if not pieces:
            return
        owners = Owners(self.people, self.pieces, self._documents(pieces), self.register.first)
        versions: dict[tuple[str, str], list[Version]] = defaultdict(list)  # by identifiers of trainee and goal
        # Members first: a group whose members nobody wrote is then known by those who did.
        for piece in sorted(pieces, key=lambda piece: (not piece.team.members, not piece.team.group)):
            version = self._version(piece)
            for one in owners.of(piece):
                if isinstance(one, Unmatched):
                    self.rows.append(_row(version, Outcome.UNMATCHED, (one.reason,), "", legible(one.name)))
                    continue
                remarks = (*version.remarks, *((one.remark,) if one.remark else ()), *piece.remarks)
                owned = Version(one.piece, version.date, remarks, version.known)
                versions[one.trainee.id, piece.goal.id].append(owned)
        self.people.save()
        groups = sorted(versions.items(), key=lambda item: item[0])
        self._place(self._prepared(*key, group) for key, group in bar(groups, "Rangement", len(groups)))

    def _version(self, piece: Piece) -> Version:
        first = self.register.first(piece.key)
        known, received = first is not None, first or self.now
        if piece.date is None:
            return Version(piece, received, (Reason(Why.NO_DATE),), known)
        if piece.date > received + FUTURE:
            return Version(piece, received, (Reason(Why.FUTURE_DATE, date=piece.date),), known)
        return Version(piece, piece.date, (), known)

    def _prepared(self, student: str, goal_id: str, versions: Sequence[Version]) -> _Prepared:
        """What a trainee's folder becomes, written beside the others: a class's files are never all in memory."""
        trainee, goal = self.people[student], syllabus.load().goal(goal_id)
        choice = self._choice(trainee, goal, versions)
        codes: set[str] = set()
        for verdict in choice.verdicts:
            if verdict.outcome in (Outcome.ACCEPTED, Outcome.SUPERSEDED):
                codes |= self._registered(verdict.version.piece, trainee)
        if choice.changed:
            codes |= self._old_kept(trainee, goal)
            self.place.prepare(trainee.id, goal.assignment, choice.submission)
        return _Prepared(trainee, goal, choice.verdicts, choice.changed, codes)

    def _choice(self, trainee: Trainee, goal: Goal, versions: Sequence[Version]) -> Choice:
        def approve(key: str, place: str, unproven: datetime, proven: datetime) -> bool | None:
            question = Reason(Why.WHICH_COPY, place=place, name=trainee.name, proven=proven, unproven=unproven)
            text = f"remise {key[:12]} pour {trainee.id}"
            return self.people.approved(text, question, Why.UNPROVEN_COPY, Why.PROVEN_COPY)

        choice = Choice(present(self.cohort, trainee.id, goal), approve)
        singles = [version for version in versions if version.piece.objective]
        wholes = [version for version in versions if not version.piece.objective]
        choice.take_wholes(wholes, lambda whole: self._files(whole, trainee))
        who = next((version.piece.team for version in singles if version.piece.team), Team("", (trainee.name,)))
        choice.take_singles(singles, self.place.original, team.written(who))
        return choice

    def _files(self, whole: Piece, trainee: Trainee) -> dict[str, bytes]:
        files = unpacked(self.place.original(whole.code), names(whole.goal))
        if not whole.account:
            files.pop(SECRET, None)
        who = whole.team or Team("", (trainee.name,))
        try:
            same = team.parse(files.get(team.FILE, b"")) == who
        except Unreadable:
            same = False
        return files if same else {**files, team.FILE: team.written(who)}

    def _place(self, prepared: Iterable[_Prepared]) -> None:
        folders = list(prepared)
        self.place.settle(set().union(*(folder.codes for folder in folders)))
        self.register.save()
        failed = self.place.replace()
        for folder in folders:
            why = failed.get((folder.trainee.id, folder.goal.assignment), "")
            for verdict in folder.verdicts:
                outcome, reasons = verdict.outcome, verdict.reasons
                if why and folder.changed and outcome is Outcome.ACCEPTED:
                    outcome, reasons = Outcome.REFUSED, (Reason(Why.NOT_PLACED, detail=why),)
                self.rows.append(_row(verdict.version, outcome, reasons, folder.trainee.id, folder.trainee.name))

    def _registered(self, piece: Piece, trainee: Trainee) -> set[str]:
        """Notes a piece in the register; the SHA-256 of the originals to keep for it."""
        known = self.register.first(piece.key)
        content = piece.objective or piece.goal.assignment
        self._note(piece.code, piece.key, piece.place, content, trainee, piece.date)
        return set() if known else {piece.code, piece.notebook} - {""}

    def _note(  # noqa: PLR0913, PLR0917
        self, code: str, key: str, place: str, content: str, trainee: Trainee, date: datetime | None
    ) -> None:
        text = date.strftime(MOMENT) if date else ""
        students = frozenset({trainee.id})
        self.register.note(Received(self.place.name(code), key, self.now, place, content, text, students))

    def _old_kept(self, trainee: Trainee, goal: Goal) -> set[str]:
        """Keeps what is about to be replaced, unless all of it is in `recus/` already; its SHA-256."""
        there = self.place.everything(trainee.id, goal.assignment)
        now = present(self.cohort, trainee.id, goal)
        keys = [canvas.code for canvas in now.merged.values()] + ([now.base.key] if now.base else [])
        if not there or (is_recoverable(there, now) and all(self.register.first(key) for key in keys)):
            return set()
        code = self.place.keep(zips.packed(dict(sorted(there.items()))), ".zip")
        self._note(code, "", f"copie de {trainee.id} qui était là", goal.assignment, trainee, None)
        return {code}

    def _documents(self, pieces: Sequence[Piece]) -> Documents:
        """Whose each canvas is that was taken in: only what this class's trainees have."""
        documents: dict[tuple[str, str], dict[bytes, list[str]]] = {}
        wanted = {(piece.objective, piece.document) for piece in pieces if piece.document}
        for goal in syllabus.load().goals if wanted else ():
            for folder in sorted(self.cohort.submitted.glob(f"*/{goal.assignment}")):
                trainee = self.people.known(folder.parent.name)
                if trainee is None or trainee.id != folder.parent.name:
                    continue
                files = present(self.cohort, trainee.id, goal).files
                for objective in goal.objectives:
                    key = (objective.id, stamp_in(files.get(f"{FOLDER}/{file_name(objective)}")).document)
                    if key in wanted:
                        documents.setdefault(key, {}).setdefault(files.get(team.FILE, b""), []).append(trainee.id)
        return documents

    def reception(self) -> Reception:
        rows = tuple(sorted(self.rows, key=lambda row: self.order[row.file]))
        notices: list[str] = []
        if self.people.is_open:
            notices.append(str(Reason(Why.NO_LIST, list=str(self.cohort.roster))))
        if any(row.outcome is Outcome.UNMATCHED for row in rows):
            notices.append(str(Reason(Why.TO_ASSIGN, file=str(self.cohort.folder / DECISIONS))))
        return Reception(rows, tuple(notices))


def _row(version: Version, outcome: Outcome, reasons: tuple[Reason, ...], student: str, name: str) -> Row:
    piece = version.piece
    return Row(piece.place, outcome, reasons, piece.goal.assignment, piece.objective, student, name, version.date)
