"""A reception: the files of trainees are read, each piece goes to its trainees, and the latest version counts.

Nothing is lost: the table lists what is replaced or not taken, and the originals stay in `recus/`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from course.core import syllabus, team, words, zips
from course.core.answers import path_of
from course.core.bar import Choice, Question, bar
from course.core.handin.package import test_files
from course.core.names import legible, refused_name
from course.core.refusal import Refusal, Unreadable
from course.core.syllabus import Goal
from course.core.team import Team
from course.core.terminal import typed
from course.instructor.cohort import places
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.receipt import SECRET
from course.instructor.cohort.roster import Trainee
from course.instructor.intake import exchange, sources
from course.instructor.intake.decisions import ASIDE, YES, Ask, Decisions, version_text
from course.instructor.intake.names import BETWEEN
from course.instructor.intake.owners import Documents, Owned, Owners, senders_of
from course.instructor.intake.people import People, Unmatched
from course.instructor.intake.piece import Piece, Problem, stamp_in
from course.instructor.intake.reasons import Outcome, Reason, Why
from course.instructor.intake.reception import Reception, ReceptionRow, write
from course.instructor.intake.selection import Absent, Instructor, Selection, Verdict, Version
from course.instructor.intake.sources import unpacked
from course.instructor.intake.store import (
    DECISIONS,
    ORIGINALS,
    REGISTER,
    Received,
    Register,
    State,
    WorkFolders,
    open_folders,
)
from course.instructor.intake.submission import names, present

_NEAR = timedelta(hours=1)  # by which a clock may be ahead without a remark
_OLD = timedelta(days=366)  # a date longer before the reception is more likely a clock that lost its battery
_SHORTEST = 6  # characters of an original's name
_NAMED = 6  # trainees in a sentence


def take_in(
    cohort: Cohort, paths: Sequence[Path | str], ask: Ask | None = None, now: datetime | None = None
) -> Reception:
    """Read the files of trainees, and put each hand-in where grading finds it. Done again, it changes nothing.

    Args:
        cohort: The class.
        paths: Files and folders; `exchange` stands for nbgrader's.
        ask: Asks the instructor; None sets aside what only the instructor knows.
        now: The moment of reception, in UTC; now by default.

    Returns:
        The outcome of each file; `cohort/bilans/reception.csv` holds it too.

    Raises:
        Refusal: The list of trainees cannot be used, or the class's folder cannot be written. No trainee's file ever
            raises it.
    """
    moment = (now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    with open_folders(cohort) as folders:
        run = _Run(cohort, folders, People(cohort, Decisions(cohort, ask)), Register(cohort), moment)
        run.settle_leavers()
        run.read(paths)
        run.take([piece for piece in run.pieces if not piece.objective])
        run.take([piece for piece in run.pieces if piece.objective])
        run.keep_refused()
        reception = run.reception()
    return Reception(reception.rows, (*reception.notices, write(cohort, reception)))


def put_back(cohort: Cohort, name: str, ask: Ask | None = None, now: datetime | None = None) -> Reception:
    """Make an earlier version count again for all its trainees; later receptions do not change that.

    A mate who has a version since that is not of all of them keeps it unless the instructor agrees.

    Args:
        cohort: The class.
        name: A trainee, by identifier or name, one of whose versions is then asked for; or the beginning of the name
            of an original in `recus/`, as the register gives it.
        ask: Asks which version; None when nobody can be asked.
        now: As for `take_in`.

    Returns:
        The outcome of the version for each of its trainees.

    Raises:
        Refusal: The name stands for no version, or for several; the sentence lists them. Or none of the version's
            trainees is on the list any more.
    """
    moment = (now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    with open_folders(cohort) as folders:
        people, register = People(cohort, Decisions(cohort, ask)), Register(cohort)
        line, named = _version_of(people, register, name)
        gone = [Reason(Why.NOT_BACK, id=student, list=cohort.roster.name)
                for student in sorted(line.students) if people.get(student) is None]  # fmt: skip
        if len(gone) == len(line.students):
            raise Refusal("\n".join(map(str, gone)))
        back = _Return(line.students, named or (line.students if len(line.students) == 1 else frozenset()))
        run = _Run(cohort, folders, people, register, moment, back=back, notices=gone)
        run.read([cohort.folder / ORIGINALS / line.original])
        pieces = [piece for piece in run.pieces if piece.key == line.key]
        if not pieces:
            raise Refusal(f"« {ORIGINALS}/{line.original} » ne se laisse pas remettre en place : il a changé.")
        run.take(pieces)
        reception = run.reception()
    return Reception(reception.rows, (*reception.notices, write(cohort, reception)))


def _version_of(people: People, register: Register, name: str) -> tuple[Received, frozenset[str]]:
    """Return the line of the register that a name stands for, and whose name it is; asks where there are several."""
    versions = [line for line in register.lines if line.key and line.state is not State.REFUSED and line.students]
    stem = Path(name).name.casefold()
    lines = [line for line in versions if len(stem) >= _SHORTEST and line.original.casefold().startswith(stem)]
    trainee = None if lines else people.get(name.strip()) or people.known(name)
    if trainee is not None:
        lines = [line for line in versions if trainee.id in line.students]
    if not lines and trainee is None and len(several := people.spelled(name)) > 1:
        typed_lines = (f"\n  {one.name} ({one.group or one.id})\u00a0:\n    {typed('intake', '--remettre', student)}"
                       for student, one in sorted(several.items()))  # fmt: skip
        raise Refusal(f"Plusieurs personnes s’appellent «\u202f{name}\u202f». Tapez la ligne de celle dont une version "
                      f"doit revenir\u00a0:{''.join(typed_lines)}")  # fmt: skip
    if not lines:
        raise Refusal(
            f"« {name} » n’est ni un stagiaire qui a remis, ni le début du nom d’un fichier de « {ORIGINALS} » : voyez "
            f"« {ORIGINALS}/{REGISTER} »."
        )
    named = frozenset({trainee.id}) if trainee else frozenset[str]()
    if len(lines) == 1:
        return lines[0], named
    versions_of = {line.original: _described(line, people) for line in lines}
    if not people.decisions.can_ask:
        listed = (f"\n  {text} :\n    {typed('intake', '--remettre', key[:12])}" for key, text in versions_of.items())
        raise Refusal(f"Il y a plusieurs versions. Tapez la ligne de celle qui doit compter :{''.join(listed)}")
    question = Reason(Why.WHICH_VERSION, name=trainee.name if trainee else name)
    choices = [Choice(key, text) for key, text in versions_of.items()] + [Choice(ASIDE, str(Reason(Why.LEAVE)))]
    answer = people.decisions.answer(str(question), Question(str(question), tuple(choices)))
    for line in lines:
        if line.original == answer:
            return line, named
    raise Refusal("Rien n’est changé.")


def _described(line: Received, people: People) -> str:
    trainees = ((student, people.get(student)) for student in sorted(line.students))
    names = words.few([legible(trainee.name if trainee else student) for student, trainee in trainees], _NAMED)
    return str(Reason(Why.VERSION, content=line.content, place=line.place, date=line.dated, names=names))


@dataclass(frozen=True, slots=True)
class _Return:
    """A version that is put back by hand.

    Attributes:
        students: The identifiers of its trainees.
        named: Those of them for whom the instructor named it, who are not asked about.
    """

    students: frozenset[str]
    named: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A trainee's folder that is ready, the verdicts on the pieces, and the originals to keep.

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
    folders: WorkFolders
    people: People
    register: Register
    now: datetime
    back: _Return | None = None
    pieces: list[Piece] = field(default_factory=list)
    rows: list[ReceptionRow] = field(default_factory=list)
    refused: list[Problem] = field(default_factory=list)
    notices: list[Reason] = field(default_factory=list)
    order: dict[str, int] = field(default_factory=dict)  # of the files, as they were read
    versions: dict[tuple[str, str], list[Version]] = field(default_factory=dict)  # by identifiers of trainee and goal

    def settle_leavers(self) -> None:
        """Look for those who have work and are not on the list."""
        workers: dict[str, list[str]] = {}
        for folder in sorted(self.cohort.submitted.glob("*/but-[1-5]")):
            if not (folder.is_symlink() or folder.parent.is_symlink() or refused_name(folder.parent.name)):
                workers.setdefault(folder.parent.name, [])
        for student, written in workers.items():
            if (listed := self.people.get(student)) is None or listed.id != student:
                submissions = (present(self.cohort, student, goal) for goal in syllabus.load().goals)
                members = (member for submission in submissions for member in submission.team.members)
                written.extend(dict.fromkeys(member for member in members if member != student))
        self.notices += self.people.settle_leavers(workers)

    def read(self, paths: Sequence[Path | str]) -> None:
        homes: dict[str, Path] = {}  # by what a piece is asked about, where that is
        for path in paths:
            pieces: list[Piece] = []
            for piece in self._pieces(path):
                self.order.setdefault(piece.location, len(self.order))
                if isinstance(piece, Problem):
                    self.refused.append(piece)
                else:
                    pieces.append(piece)
            home = Path(path).expanduser().absolute().parent
            for piece in _with_siblings(pieces):
                bundle = piece.bundle or piece.location
                if homes.setdefault(bundle, home) != home:  # another archive of the same name
                    bundle = f"{bundle} ({home})"
                self.pieces.append(replace(piece, bundle=bundle))

    def _pieces(self, path: Path | str) -> Iterator[Piece | Problem]:
        keep = self.folders.keep
        if path in exchange.WORDS and not Path(path).exists():
            inbound: Path | None = places.exchange(self.cohort) / exchange.INBOUND
        else:
            inbound = exchange.inbound_of(Path(path).expanduser().absolute())
        if inbound is None:
            yield from sources.pieces(Path(path), keep)
            return
        work = self.folders.work / "recueil"
        work.mkdir(exist_ok=True)
        yield from exchange.drops(self.cohort, inbound, work, keep)

    def take(self, pieces: Sequence[Piece]) -> None:
        if not pieces:
            return
        owners = Owners(self.people, self.pieces, self._documents(pieces), self.register.taken)
        versions: dict[tuple[str, str], list[Version]] = defaultdict(list)
        self.versions = versions
        # Members first: a group whose members nobody wrote is then known by those who did.
        for piece in sorted(pieces, key=lambda piece: (not piece.team.members, not piece.team.group)):
            version = self._version(piece)
            for one in owners.of(piece) if self.back is None else self._returned(self.back, version):
                if isinstance(one, Unmatched):
                    self.rows.append(_row(version, Outcome.UNMATCHED, (one.reason,), "", legible(one.name)))
                    continue
                if held := self.people.held(one.trainee):
                    self.rows.append(_row(version, Outcome.UNMATCHED, (held,), one.trainee.id, one.trainee.name))
                    continue
                remarks = (*version.remarks, *((one.remark,) if one.remark else ()), *piece.remarks)
                known = one.trainee.id in self.register.taken(piece.key)
                owned = replace(version, piece=one.piece, remarks=remarks, known=known)
                versions[one.trainee.id, piece.goal.id].append(owned)
        self.people.save()
        groups = sorted(versions.items(), key=lambda item: item[0])
        self._put_in_place(self._prepared(*key, group) for key, group in bar(groups, "Rangement", len(groups)))

    def _returned(self, back: _Return, version: Version) -> Iterator[Owned]:
        """Yield the trainees for whom a version counts again; the others have a row in the table."""
        piece, decisions = version.piece, self.people.decisions
        trainees = [trainee for student in sorted(back.students) if (trainee := self.people.get(student))]
        again: list[Trainee] = []
        for trainee in trainees:
            date = self._apart(trainee, piece, back.students)
            if date is None or trainee.id in back.named:
                again.append(trainee)
                continue
            question = Reason(Why.APART, name=legible(trainee.name), date=date)
            choices = (Choice(YES, str(Reason(Why.REPLACE_TOO))), Choice(ASIDE, str(Reason(Why.KEEP_APART))))
            answer = decisions.answer(version_text(piece.content, trainee.id), Question(str(question), choices))
            if answer == YES:
                again.append(trainee)
                continue
            outcome = Outcome.SUPERSEDED if answer else Outcome.UNMATCHED
            reason = Reason(Why.APART_STAYS, date=date) if answer else question
            self.rows.append(_row(version, outcome, (reason,), trainee.id, trainee.name))
        for trainee in again:  # after the last question: whoever stops there has decided nothing
            decisions.choose(trainee.id, piece.goal, piece.content, piece.key)
        yield from (Owned(piece, trainee) for trainee in again)

    def _apart(self, trainee: Trainee, piece: Piece, team: frozenset[str]) -> datetime | None:
        """Return the date of what a piece would replace where that is no version of all of a team; else None."""
        now = present(self.cohort, trainee.id, piece.goal)
        single = now.merged.get(piece.objective)
        whole = [now.base.key] if now.base and (not piece.objective or path_of(piece.objective) in now.files) else []
        codes = [canvas.code for canvas in now.merged.values()]
        keys = [single.code] if single else whole if piece.objective else whole + codes
        lines = map(self.register.get, keys)
        return now.date if any(line is None or not team <= line.students for line in lines) else None

    def _version(self, piece: Piece) -> Version:
        received = self.register.first(piece.key) or self.now
        if piece.date is None:
            return Version(piece, received, (Reason(Why.NO_DATE),), sure=False)
        if piece.date > received:
            late = piece.date > received + _NEAR
            remarks = (Reason(Why.FUTURE_DATE, date=piece.date),) if late else ()
            return Version(piece, received, remarks, sure=not late)
        return Version(piece, piece.date, sure=received - piece.date < _OLD)

    def _prepared(self, student: str, goal_id: str, versions: Sequence[Version]) -> _Prepared:
        """Write a trainee's new folder to the work folder: a class's files are never all in memory."""
        trainee, goal = self.people[student], syllabus.load().goal(goal_id)
        selection = self._selected(trainee, goal, versions)
        codes: set[str] = set()
        for verdict in selection.verdicts:
            if verdict.outcome is not Outcome.REFUSED:
                waits = "; ".join(map(str, verdict.reasons)) if verdict.outcome is Outcome.UNMATCHED else ""
                codes |= self._registered(verdict.version.piece, trainee, waits)
        failure = ""
        if selection.changed:
            try:
                codes |= self._old_kept(trainee, goal)
                self.folders.prepare(trainee.id, goal.assignment, selection.submission)
            except Unreadable as error:
                failure = error.reason
        return _Prepared(trainee, goal, selection.verdicts, selection.changed, codes, failure)

    def _selected(self, trainee: Trainee, goal: Goal, versions: Sequence[Version]) -> Selection:
        mates = partial(self._mates, trainee, goal)
        return self._judged(versions, Instructor(self.people.decisions, trainee, goal, self.people.are_same, mates))

    def _mates(self, trainee: Trainee, goal: Goal, version: Version, other: str) -> list[Trainee]:
        """Return the other trainees for whom it is in doubt too which of two pieces counts."""
        mates: list[Trainee] = []
        for (student, goal_id), group in self.versions.items():
            shared = goal_id == goal.id and any(one.piece.key == version.piece.key for one in group)
            if shared and student != trainee.id:
                absent = Absent(self.people.decisions, self.people[student], goal, self.people.are_same)
                self._judged(group, absent)
                if (version.piece.key, other) in absent.doubts:
                    mates.append(absent.trainee)
        return mates

    def _judged(self, versions: Sequence[Version], instructor: Instructor) -> Selection:
        trainee, goal = instructor.trainee, instructor.goal
        selection = Selection(present(self.cohort, trainee.id, goal), goal, instructor)
        singles = [version for version in versions if version.piece.objective]
        wholes = [version for version in versions if not version.piece.objective]
        selection.take_wholes(wholes, lambda whole: self._files(whole, trainee))
        members = next((version.piece.team for version in singles if version.piece.team), Team("", (trainee.name,)))
        selection.take_singles(singles, self.folders.original, team.written(members))
        return selection

    def _files(self, whole: Piece, trainee: Trainee) -> dict[str, bytes]:
        files = unpacked(self.folders.original(whole.code), names(whole.goal))
        for name in test_files(files)[1]:
            del files[name]  # the piece's remarks say why
        if not whole.account:
            files.pop(SECRET, None)
        members = whole.team or Team("", (trainee.name,))
        try:
            same = team.parse(files.get(team.FILE, b"")) == members
        except Unreadable:
            same = False
        return files if same else {**files, team.FILE: team.written(members)}

    def _put_in_place(self, prepared: Iterable[_Prepared]) -> None:
        folders = list(prepared)
        self.folders.settle(set().union(*(folder.codes for folder in folders)))
        self.register.save()
        failed = self.folders.replace()
        for folder in folders:
            why = folder.failure or failed.get((folder.trainee.id, folder.goal.assignment), "")
            for verdict in folder.verdicts:
                outcome, reasons = verdict.outcome, verdict.reasons
                if why and folder.changed and outcome is Outcome.ACCEPTED:
                    outcome, reasons = Outcome.REFUSED, (Reason(Why.NOT_PLACED, detail=why),)
                    self._note(verdict.version.piece, folder.trainee, why)
                self.rows.append(_row(verdict.version, outcome, reasons, folder.trainee.id, folder.trainee.name))
        self.register.save()

    def _registered(self, piece: Piece, trainee: Trainee, waits: str) -> set[str]:
        """Enter a piece in the register; return the SHA-256 of the originals to keep for it."""
        codes = set() if piece.key in self.register else {piece.code, piece.notebook} - {""}
        if not (waits and trainee.id in self.register.taken(piece.key)):
            self._note(piece, trainee, waits)
        return codes

    def _note(self, piece: Piece, trainee: Trainee, waits: str) -> None:
        """Enter a piece in the register as taken for a trainee, or as one that waits, with the reason."""
        content, date, original = piece.content, piece.date or "", self.folders.name(piece.code)
        state, whose = State.WAITING if waits else State.TAKEN, frozenset({trainee.id})
        line = Received(original, piece.key, self.now, piece.location, content, date, whose, waits, state)
        self.register.note(line)

    def keep_refused(self) -> None:
        """Keep what is refused, with its reason and its sender, as far as its path names one."""
        codes: set[str] = set()
        for problem in self.refused:
            senders = senders_of(problem, self.people)
            reasons = (problem.reason, *([problem.unkept] if problem.unkept else []))
            name = legible(problem.envelope.person or str(problem.team))
            unknown = ReceptionRow(problem.location, problem.outcome, reasons, name=name)
            self.rows += [replace(unknown, student=sender.id, name=sender.name) for sender in senders] or [unknown]
            if problem.outcome is not Outcome.REFUSED:
                continue
            original = self.folders.name(problem.code) if problem.code else ""
            students, reason = frozenset(trainee.id for trainee in senders), " ".join(map(str, reasons))
            line = Received(original, "", self.now, problem.location, "", "", students, reason, State.REFUSED)
            self.register.note(line)
            codes |= {problem.code} - {""}
        self.people.save()
        self.folders.settle(codes)
        self.register.save()

    def _old_kept(self, trainee: Trainee, goal: Goal) -> set[str]:
        """Keep a folder that is about to be replaced, unless all of it is in `recus/` already; return its SHA-256.

        Raises:
            Unreadable: A file of it cannot be kept.
        """
        stored = self.folders.everything(trainee.id, goal.assignment)
        now = present(self.cohort, trainee.id, goal)
        keys = [canvas.code for canvas in now.merged.values()] + ([now.base.key] if now.base else [])
        recoverable = now.recoverable and stored.keys() == now.files.keys()
        if not stored or (recoverable and all(key in self.register for key in keys)):
            return set()
        code = self.folders.keep(zips.packed(dict(sorted(stored.items()))), ".zip")
        place, whose = f"copie de {trainee.id} qui était là", frozenset({trainee.id})
        self.register.note(Received(self.folders.name(code), "", self.now, place, goal.assignment, "", whose))
        return {code}

    def _documents(self, pieces: Sequence[Piece]) -> Documents:
        """Return the trainees of each stored canvas that is among the pieces; only those of this class."""
        documents: dict[tuple[str, str], dict[bytes, list[str]]] = {}
        wanted = {(piece.objective, piece.document) for piece in pieces if piece.document}
        for goal in syllabus.load().goals if wanted else ():
            for folder in sorted(self.cohort.submitted.glob(f"*/{goal.assignment}")):
                trainee = self.people.get(folder.parent.name)
                if trainee is None or trainee.id != folder.parent.name:
                    continue
                files = present(self.cohort, trainee.id, goal).files
                for objective in goal.objectives:
                    key = (objective.id, stamp_in(files.get(path_of(objective))).document)
                    if key in wanted:
                        documents.setdefault(key, {}).setdefault(files.get(team.FILE, b""), []).append(trainee.id)
        return documents

    def reception(self) -> Reception:
        rows = tuple(sorted(self.rows, key=lambda row: self.order[row.file]))
        notices = [*map(str, self.notices)]
        if unanswered := self.people.decisions.unanswered:
            notices.append(str(Reason(Why.UNANSWERED, count=words.counted(unanswered, "question"))))
        if self.people.is_open:
            notices.append(str(Reason(Why.NO_LIST, list=str(self.cohort.roster))))
        if any(row.outcome is Outcome.UNMATCHED for row in rows):
            notices.append(str(Reason(Why.TO_ASSIGN, file=str(self.cohort.folder / DECISIONS))))
        if self.refused:
            notices.append(str(Reason(Why.KEPT, file=str(self.cohort.folder / ORIGINALS / REGISTER))))
        return Reception(rows, tuple(notices))


def _with_siblings(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces, where a second version of a canvas, « 1.1-PC.json », has the names of the first beside it.

    Programs that synchronise folders make such copies, and add words to the name of the file.
    """
    first: dict[tuple[str, str], Piece] = {}
    others: dict[str, Piece] = {}
    for piece in sorted((piece for piece in pieces if piece.document), key=lambda piece: len(piece.location)):
        home, _, name = piece.location.rpartition(BETWEEN)
        sibling = first.setdefault((home, piece.document), piece)
        stem = sibling.location.rpartition(BETWEEN)[2].partition(".json")[0]
        if sibling is not piece and name.startswith(stem):
            others[piece.location] = replace(piece, envelope=sibling.envelope, bundle=sibling.bundle)
    return [others.get(piece.location, piece) for piece in pieces]


def _row(version: Version, outcome: Outcome, reasons: tuple[Reason, ...], student: str, name: str) -> ReceptionRow:
    piece = version.piece
    return ReceptionRow(
        piece.location, outcome, reasons, piece.goal.assignment, piece.objective, student, name, version.date
    )
