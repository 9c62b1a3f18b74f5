"""Taking in what trainees sent: everything is read, each piece goes to its trainees, and the latest version counts.

Nothing is lost: what is replaced or not taken stands in the table, and the originals stay in `recus/`.
"""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from course.core import syllabus, team, zips
from course.core.answers import FOLDER, file_name
from course.core.bar import PAGE, Choice, Question, bar
from course.core.bar import ask as ask_page
from course.core.names import legible, refused_name
from course.core.refusal import Refusal, Unreadable
from course.core.syllabus import Goal
from course.core.team import Team
from course.instructor.cohort import places
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.receipt import SECRET
from course.instructor.cohort.rereading import to_reread
from course.instructor.cohort.roster import Trainee
from course.instructor.intake import exchange, sources
from course.instructor.intake.names import Envelope
from course.instructor.intake.owners import Documents, Owned, Owners
from course.instructor.intake.people import ASIDE, Ask, People, Unmatched
from course.instructor.intake.reasons import Outcome, Reason, Why
from course.instructor.intake.reception import Reception, Row, lines, write
from course.instructor.intake.sources import Piece, Problem, unpacked
from course.instructor.intake.store import (
    DECISIONS,
    ORIGINALS,
    REGISTER,
    Place,
    Received,
    Register,
    State,
    is_recoverable,
    open_place,
)
from course.instructor.intake.submissions import MOMENT, Selection, Verdict, Version, names, present, stamp_in

_NEAR = timedelta(hours=1)  # what a clock may be ahead without a word
_OLD = timedelta(days=366)  # a date longer before the reception is more likely a clock that lost its battery
_SHORTEST = 6  # characters of an original's name


def intake(
    paths: Sequence[Path | str],
    folder: Path | None = None,
    ask: bool = True,
    inbound: bool = False,
    back: str | None = None,
) -> None:
    """`course intake`: takes in, and prints what became of each file. Done again, it changes nothing.

    Args:
        paths: Files and folders: zips of « Remettre », of Moodle, attachments, answers files, an inbound folder; the
            word `exchange` for the exchange that nbgrader's settings name. By default, the class's own inbox.
        folder: The course's folder; None for the one where one stands.
        ask: Whether to ask what only the instructor knows; else it is set aside.
        inbound: Whether to read that exchange too.
        back: What to put back by hand instead: a trainee, whose version is then chosen, or an original in `recus/`.

    Raises:
        Refusal: There is no course, nothing was named, or the class's folder cannot be written.
    """
    cohort = places.find(folder)
    if back is not None:
        reception = put_back(cohort, back, asker() if ask else None)
    else:
        word = exchange.WORDS[0]
        named = [*paths, *([word] if inbound and word not in paths else [])]
        if not named and cohort.inbox.is_dir():
            named = [cohort.inbox]
        if not named:
            raise Refusal(
                "Dites ce qu’il faut recevoir : un fichier, un dossier, ou le mot « exchange ». "
                "Par exemple : course intake ~/Téléchargements/remises.zip"
            )
        reception = take_in(cohort, named, asker() if ask else None)
    for line in lines(reception):
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
        run.settle_leavers()
        run.read(paths)
        run.take([piece for piece in run.pieces if not piece.objective])
        run.take([piece for piece in run.pieces if piece.objective])
        run.keep_refused()
        reception = run.reception()
    return Reception(reception.rows, (*reception.notices, write(cohort, reception)))


def put_back(cohort: Cohort, what: str, ask: Ask | None = None, now: datetime | None = None) -> Reception:
    """Makes an earlier version count again for all whose it is; later receptions leave it so.

    Args:
        cohort: The class.
        what: A trainee, by identifier or name, one of whose versions is then asked for; or the beginning of the name
            of an original in `recus/`, as the register gives it.
        ask: Asks which version; None when nobody can be asked.
        now: As for `take_in`.

    Returns:
        What became of it.

    Raises:
        Refusal: It is not known what to put back: the sentence names the versions that there are.
    """
    moment = (now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    with open_place(cohort) as place:
        people, register = People(cohort, ask), Register(cohort)
        line = _version_of(people, register, what, ask)
        run = _Run(cohort, place, people, register, moment, back=line)
        run.read([cohort.folder / ORIGINALS / line.original])
        pieces = [piece for piece in run.pieces if piece.key == line.key]
        if not pieces:
            raise Refusal(f"« {ORIGINALS}/{line.original} » ne se laisse pas remettre en place : il a changé.")
        run.take(pieces)
        reception = run.reception()
    return Reception(reception.rows, (*reception.notices, write(cohort, reception)))


def _version_of(people: People, register: Register, what: str, ask: Ask | None) -> Received:
    """The line of the register that is meant."""
    versions = [line for line in register.lines if line.key and line.state is not State.REFUSED and line.students]
    named = Path(what).name.casefold()
    lines = [line for line in versions if len(named) >= _SHORTEST and line.original.casefold().startswith(named)]
    trainee = None if lines else people.known(what)
    if trainee is not None:
        lines = [line for line in versions if trainee.id in line.students]
    if not lines:
        raise Refusal(
            f"« {what} » n’est ni un stagiaire qui a remis, ni le début du nom d’un fichier de « {ORIGINALS} » : voyez "
            f"« {ORIGINALS}/{REGISTER} »."
        )
    words = {line.original: str(Reason(Why.VERSION, content=line.content, place=line.place,
                                       date=line.date or line.received)) for line in lines}  # fmt: skip
    if len(lines) == 1:
        return lines[0]
    if ask is None:
        listed = " ; ".join(f"{original[:12]} ({text})" for original, text in words.items())
        raise Refusal(
            f"Plusieurs versions : {listed}. Dites laquelle : --remettre {lines[0].original[:12]}, par exemple."
        )
    question = Reason(Why.WHICH_VERSION, name=trainee.name if trainee else what)
    choices = [Choice(original, text) for original, text in words.items()] + [Choice(ASIDE, str(Reason(Why.LEAVE)))]
    answer = ask(Question(str(question), tuple(choices)))
    for line in lines:
        if line.original == answer:
            return line
    raise Refusal("Rien n’est changé.")


@dataclass(frozen=True, slots=True)
class _Answers:
    """What the instructor answers about the versions of one trainee's hand-in."""

    people: People
    trainee: Trainee
    goal: Goal

    def approved(self, key: str, place: str, unproven: datetime, proven: datetime) -> bool | None:
        question = Reason(Why.WHICH_COPY, place=place, name=self.trainee.name, proven=proven, unproven=unproven)
        text = f"remise {key[:12]} pour {self.trainee.id}"
        return self.people.approved(text, question, Why.UNPROVEN_COPY, Why.PROVEN_COPY)

    def preferred(self, key: str, other: str) -> bool | None:
        return self.people.preferred(key, other)

    def prefer(self, version: Version, other: str, reason: Reason) -> bool | None:
        piece = version.piece
        question = Reason(Why.WHICH_COUNTS, place=piece.place, name=self.trainee.name, reason=reason)
        return self.people.prefer(piece.key, other, question, Reason(Why.THIS_ONE, date=version.date), piece.bundle)

    def chosen(self, content: str) -> str:
        return self.people.chosen(self.trainee.id, content)

    def choose(self, content: str, key: str) -> None:
        self.people.choose(self.trainee.id, self.goal, content, key)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A trainee's folder that is ready, what became of the pieces, and the originals to keep.

    Attributes:
        failure: Why the folder cannot be replaced, in French; empty when it can.
    """

    trainee: Trainee
    goal: Goal
    verdicts: tuple[Verdict, ...]
    changed: bool
    codes: set[str]
    failure: str = ""


@dataclass(slots=True)
class _Run:
    cohort: Cohort
    place: Place
    people: People
    register: Register
    now: datetime
    back: Received | None = None
    pieces: list[Piece] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    notices: list[Reason] = field(default_factory=list)
    order: dict[str, int] = field(default_factory=dict)  # of the files, as they were read

    def settle_leavers(self) -> None:
        """Looks for those who have work and are not on the list."""
        workers: dict[str, list[str]] = {}
        for folder in sorted(self.cohort.submitted.glob("*/but-[1-5]")):
            if not (folder.is_symlink() or folder.parent.is_symlink() or refused_name(folder.parent.name)):
                workers.setdefault(folder.parent.name, [])
        for student, written in workers.items():
            if (known := self.people.known(student)) is None or known.id != student:
                submissions = (present(self.cohort, student, goal) for goal in syllabus.load().goals)
                members = (member for submission in submissions for member in submission.team.members)
                written.extend(dict.fromkeys(member for member in members if member != student))
        self.notices += self.people.settle_leavers(workers)

    def read(self, paths: Sequence[Path | str]) -> None:
        homes: dict[str, Path] = {}  # by what a piece is asked about, where that is
        for path in paths:
            pieces: list[Piece] = []
            for piece in self._pieces(path):
                self.order.setdefault(piece.place, len(self.order))
                if isinstance(piece, Problem):
                    self.refused.append(piece)
                else:
                    pieces.append(piece)
            home = Path(path).expanduser().absolute().parent
            for piece in _with_siblings(pieces):
                bundle = piece.bundle or piece.place
                if homes.setdefault(bundle, home) != home:  # another archive of the same name
                    bundle = f"{bundle} ({home})"
                self.pieces.append(replace(piece, bundle=bundle))

    def _pieces(self, path: Path | str) -> Iterator[Piece | Problem]:
        keep = self.place.keep
        if path in exchange.WORDS and not Path(path).exists():
            inbound: Path | None = places.exchange(self.cohort) / exchange.INBOUND
        else:
            inbound = exchange.inbound_of(Path(path).expanduser().absolute())
        if inbound is None:
            whole = Path(path).expanduser().absolute() == self.cohort.inbox

            def ours(path: Envelope) -> bool:
                return whole or bool(path.person) or bool(self._senders(path))

            yield from sources.pieces(Path(path), keep, ours)
            return
        work = self.place.work / "recueil"
        work.mkdir(exist_ok=True)
        yield from exchange.drops(self.cohort, inbound, work, keep)

    def take(self, pieces: Sequence[Piece]) -> None:
        if not pieces:
            return
        owners = Owners(self.people, self.pieces, self._documents(pieces), self.register.taken)
        versions: dict[tuple[str, str], list[Version]] = defaultdict(list)  # by identifiers of trainee and goal
        # Members first: a group whose members nobody wrote is then known by those who did.
        for piece in sorted(pieces, key=lambda piece: (not piece.team.members, not piece.team.group)):
            version = self._version(piece)
            for one in self._owners(owners, piece):
                if isinstance(one, Unmatched):
                    self.rows.append(_row(version, Outcome.UNMATCHED, (one.reason,), "", legible(one.name)))
                    continue
                if held := self.people.held(one.trainee):
                    self.rows.append(_row(version, Outcome.UNMATCHED, (held,), one.trainee.id, one.trainee.name))
                    continue
                remarks = (*version.remarks, *((one.remark,) if one.remark else ()), *piece.remarks)
                owned = replace(version, piece=one.piece, remarks=remarks)
                versions[one.trainee.id, piece.goal.id].append(owned)
        self.people.save()
        groups = sorted(versions.items(), key=lambda item: item[0])
        self._place(self._prepared(*key, group) for key, group in bar(groups, "Rangement", len(groups)))

    def _owners(self, owners: Owners, piece: Piece) -> Iterator[Owned | Unmatched]:
        """Whose a piece is; of one that is put back, those whose it was."""
        if self.back is None:
            yield from owners.of(piece)
            return
        content = piece.objective or piece.goal.assignment
        for student in sorted(self.back.students):
            if trainee := self.people.known(student):
                self.people.choose(trainee.id, piece.goal, content, piece.key)
                yield Owned(piece, trainee)

    def _version(self, piece: Piece) -> Version:
        first = self.register.first(piece.key)
        known, received = self.register.taken(piece.key), first or self.now
        if piece.date is None:
            return Version(piece, received, (Reason(Why.NO_DATE),), known, sure=False)
        if piece.date > received:
            late = piece.date > received + _NEAR
            remarks = (Reason(Why.FUTURE_DATE, date=piece.date),) if late else ()
            return Version(piece, received, remarks, known, sure=not late)
        return Version(piece, piece.date, (), known, sure=received - piece.date < _OLD)

    def _prepared(self, student: str, goal_id: str, versions: Sequence[Version]) -> _Prepared:
        """What a trainee's folder becomes, written beside the others: a class's files are never all in memory."""
        trainee, goal = self.people[student], syllabus.load().goal(goal_id)
        choice = self._choice(trainee, goal, versions)
        codes: set[str] = set()
        for verdict in choice.verdicts:
            if verdict.outcome is not Outcome.REFUSED:
                waits = "; ".join(map(str, verdict.reasons)) if verdict.outcome is Outcome.UNMATCHED else ""
                codes |= self._registered(verdict.version.piece, trainee, waits)
        failure = ""
        if choice.changed:
            try:
                codes |= self._old_kept(trainee, goal)
                self.place.prepare(trainee.id, goal.assignment, choice.submission)
            except Unreadable as error:
                failure = error.reason
        return _Prepared(trainee, goal, choice.verdicts, choice.changed, codes, failure)

    def _choice(self, trainee: Trainee, goal: Goal, versions: Sequence[Version]) -> Selection:
        choice = Selection(present(self.cohort, trainee.id, goal), goal, _Answers(self.people, trainee, goal))
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
            why = folder.failure or failed.get((folder.trainee.id, folder.goal.assignment), "")
            for verdict in folder.verdicts:
                outcome, reasons = verdict.outcome, verdict.reasons
                if why and folder.changed and outcome is Outcome.ACCEPTED:
                    outcome, reasons = Outcome.REFUSED, (Reason(Why.NOT_PLACED, detail=why),)
                self.rows.append(_row(verdict.version, outcome, reasons, folder.trainee.id, folder.trainee.name))

    def _registered(self, piece: Piece, trainee: Trainee, waits: str) -> set[str]:
        """Notes a piece in the register; the SHA-256 of the originals to keep for it."""
        codes = set() if piece.key in self.register else {piece.code, piece.notebook} - {""}
        if not (waits and self.register.taken(piece.key)):
            content, date = piece.objective or piece.goal.assignment, piece.date.strftime(MOMENT) if piece.date else ""
            state = State.WAITING if waits else State.TAKEN
            whose = frozenset({trainee.id})
            original = self.place.name(piece.code)
            line = Received(original, piece.key, self.now, piece.place, content, date, whose, waits, state)
            self.register.note(line)
        return codes

    def keep_refused(self) -> None:
        """Keeps what is refused, with its reason, under the name of whoever sent it, as far as its path says."""
        codes: set[str] = set()
        for problem in self.refused:
            senders = self._senders(problem.envelope) or self._by_moodle(problem.envelope)
            unknown = Row(problem.place, problem.outcome, (problem.reason,), name=legible(problem.envelope.person))
            self.rows += [replace(unknown, student=each.id, name=each.name) for each in senders] or [unknown]
            if problem.outcome is not Outcome.REFUSED:
                continue
            original = self.place.name(problem.code) if problem.code else ""
            students, reason = frozenset(trainee.id for trainee in senders), str(problem.reason)
            line = Received(original, "", self.now, problem.place, "", "", students, reason, State.REFUSED)
            self.register.note(line)
            codes |= {problem.code} - {""}
        self.people.save()
        self.place.settle(codes)
        self.register.save()

    def _senders(self, path: Envelope) -> tuple[Trainee, ...]:
        """Who sent a file that is refused, as far as its path says: a person, or a group of the list."""
        for name in filter(None, (path.person, *path.names, *path.outer)):
            if known := self.people.known(name):
                return (known,)
            if group := self.people.of_group(name):
                return group
        return ()

    def _by_moodle(self, path: Envelope) -> tuple[Trainee, ...]:
        """The trainee that a class without a list has by Moodle's name for her."""
        one = self.people.match(path.person, "") if path.person and self.people.is_open else None
        return (one,) if isinstance(one, Trainee) else ()

    def _old_kept(self, trainee: Trainee, goal: Goal) -> set[str]:
        """Keeps what is about to be replaced, unless all of it is in `recus/` already; its SHA-256."""
        there = self.place.everything(trainee.id, goal.assignment)
        now = present(self.cohort, trainee.id, goal)
        keys = [canvas.code for canvas in now.merged.values()] + ([now.base.key] if now.base else [])
        if not there or (is_recoverable(there, now) and all(key in self.register for key in keys)):
            return set()
        code = self.place.keep(zips.packed(dict(sorted(there.items()))), ".zip")
        place, whose = f"copie de {trainee.id} qui était là", frozenset({trainee.id})
        self.register.note(Received(self.place.name(code), "", self.now, place, goal.assignment, "", whose))
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
        notices = [*map(str, self.notices)]
        if self.people.is_open:
            notices.append(str(Reason(Why.NO_LIST, list=str(self.cohort.roster))))
        if any(row.outcome is Outcome.UNMATCHED for row in rows):
            notices.append(str(Reason(Why.TO_ASSIGN, file=str(self.cohort.folder / DECISIONS))))
        if self.refused:
            notices.append(str(Reason(Why.KEPT, file=str(self.cohort.folder / ORIGINALS / REGISTER))))
        return Reception(rows, tuple(notices))


def _with_siblings(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces; a second version of a canvas is of whoever the first one beside it is: « 1.1-PC.json », « 1.1.json ».

    Programs that synchronise folders make such copies, and add words to the name of the file.
    """
    first: dict[tuple[str, str], Piece] = {}
    others: dict[str, Piece] = {}
    for piece in sorted((piece for piece in pieces if piece.document), key=lambda piece: len(piece.place)):
        home, _, name = piece.place.rpartition(" › ")
        sibling = first.setdefault((home, piece.document), piece)
        stem = sibling.place.rpartition(" › ")[2].partition(".json")[0]
        if sibling is not piece and name.startswith(stem):
            others[piece.place] = replace(piece, envelope=sibling.envelope, bundle=sibling.bundle)
    return [others.get(piece.place, piece) for piece in pieces]


def _row(version: Version, outcome: Outcome, reasons: tuple[Reason, ...], student: str, name: str) -> Row:
    piece = version.piece
    return Row(piece.place, outcome, reasons, piece.goal.assignment, piece.objective, student, name, version.date)
