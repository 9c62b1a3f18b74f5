"""Taking in: everything is read, each piece goes to its trainees, the latest counts, and nothing is lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from course.core import syllabus, team
from course.core.bar import bar
from course.core.names import legible
from course.core.refusal import Unreadable
from course.core.syllabus import Goal
from course.core.team import Team
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.roster import Trainee
from course.instructor.intake import exchange, reading
from course.instructor.intake.choosing import Chooser, Dated, Verdict
from course.instructor.intake.matching import Documents, Matched, Matcher
from course.instructor.intake.originals import Received, Register, bundle, unbundled
from course.instructor.intake.people import Ask, People, Unmatched
from course.instructor.intake.pieces import Piece, Problem, Single, Whole
from course.instructor.intake.placing import Place, open_place, unkept
from course.instructor.intake.reception import Outcome, Reception, Row, in_words, write
from course.instructor.intake.submissions import SECRET, document_of, names, present

FUTURE = timedelta(days=1)  # what clocks and time zones may be ahead

_Key = tuple[str, str]  # a trainee's identifier and a goal's


def take_in(
    cohort: Cohort, sources: Sequence[Path | str], ask: Ask | None = None, now: datetime | None = None
) -> Reception:
    """Reads what trainees sent, and puts each hand-in where grading finds it. Done again, it changes nothing.

    Args:
        cohort: The class.
        sources: Files and folders; `exchange` stands for nbgrader's.
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
        taking = _Taking(cohort, place, People(cohort, ask), Register(cohort), moment)
        taking.read(sources)
        taking.take(Whole)
        taking.take(Single)
        reception = taking.reception()
    told = write(cohort, reception)
    return Reception(reception.rows, (*reception.notices, told))


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A trainee's folder that is ready, what became of her pieces, and the originals to keep."""

    trainee: Trainee
    goal: Goal
    verdicts: tuple[Verdict, ...]
    changed: bool
    codes: set[str]


@dataclass(slots=True)
class _Taking:
    cohort: Cohort
    place: Place
    people: People
    register: Register
    now: datetime
    pieces: list[Piece] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    order: dict[str, int] = field(default_factory=dict)  # of the files, as they were read

    def read(self, sources: Sequence[Path | str]) -> None:
        for source in sources:
            for piece in self._found(source):
                self.order.setdefault(piece.place, len(self.order))
                if isinstance(piece, Problem):
                    outcome = Outcome.SUPERSEDED if piece.reason is exchange.OLDER else Outcome.REFUSED
                    self.rows.append(Row(piece.place, "", "", "", "", "", outcome, piece.reason))
                else:
                    self.pieces.append(piece)

    def _found(self, source: Path | str) -> Iterator[Piece | Problem]:
        keep = self.place.keep
        if source in exchange.WORDS and not Path(source).exists():
            inbound: Path | None = exchange.configured(self.cohort)
        else:
            inbound = exchange.inbound_of(Path(source).expanduser().absolute())
        if inbound is None:
            yield from reading.pieces(Path(source), keep)
            return
        work = self.place.work / "recueil"
        work.mkdir(exist_ok=True)
        yield from exchange.drops(self.cohort, inbound, work, keep)

    def take(self, kind: type[Whole] | type[Single]) -> None:
        chosen = [piece for piece in self.pieces if isinstance(piece, kind)]
        if not chosen:
            return
        documents = self._documents() if kind is Single else {}
        matcher = Matcher(self.people, self.pieces, documents, self.register.first)
        groups: dict[_Key, list[tuple[Matched, Dated]]] = defaultdict(list)
        # Members first: a group whose members nobody wrote is then known by those who did.
        for piece in sorted(chosen, key=lambda each: (not each.team.members, not each.team.group)):
            dated = self._dated(piece)
            for found in matcher.match(piece):
                if isinstance(found, Unmatched):
                    self.rows.append(_row(piece, "", legible(found.name), dated.date, Outcome.UNMATCHED, found.why))
                else:
                    note = " ; ".join(filter(None, (dated.note, found.note)))
                    groups[found.trainee.id, piece.goal.id].append(
                        (found, Dated(found.piece, dated.date, note, dated.known))
                    )
        self.people.save()
        todo = sorted(groups.items(), key=lambda item: item[0])
        self._place(self._prepared(key, group) for key, group in bar(todo, "Rangement", len(todo)))

    def _dated(self, piece: Piece) -> Dated:
        first = self.register.first(piece.key)
        known, received = first is not None, first or self.now
        if piece.date is None:
            return Dated(piece, received, "sans date : comptée du moment de sa réception", known)
        if piece.date > received + FUTURE:
            note = f"datée du {in_words(piece.date)}, dans l’avenir : comptée du moment de sa réception"
            return Dated(piece, received, note, known)
        return Dated(piece, piece.date, "", known)

    def _choose(self, key: _Key, group: list[tuple[Matched, Dated]]) -> tuple[Trainee, Goal, Chooser]:
        trainee, goal = self.people[key[0]], syllabus.load().goal(key[1])

        def approve(code: str, place: str, unproven: datetime, proven: datetime) -> bool | None:
            words = (
                f"{place} : {trainee.name} a aussi une copie de l’échange, dont le compte est vérifié, du "
                f"{in_words(proven)}. Celle sans compte vérifié est du {in_words(unproven)}. Laquelle compte ?"
            )
            text = f"remise {code[:12]} pour {trainee.id}"
            return self.people.approved(text, words, "celle sans compte vérifié", "celle de l’échange")

        chooser = Chooser(present(self.cohort, trainee.id, goal), approve)
        wholes = [dated for _, dated in group if isinstance(dated.piece, Whole)]
        singles = [dated for _, dated in group if isinstance(dated.piece, Single)]
        chooser.take_wholes(wholes, lambda whole: self._files(whole, trainee))
        said = next((dated.piece.team for dated in singles if dated.piece.team), None)
        written = team.written(said or Team("", (trainee.name,)))
        chooser.take_singles(singles, self.place.original, written)
        return trainee, goal, chooser

    def _files(self, whole: Whole, trainee: Trainee) -> dict[str, bytes]:
        files = unbundled(self.place.original(whole.code), names(whole.goal))
        if not whole.account:
            files.pop(SECRET, None)
        who = whole.team or Team("", (trainee.name,))
        try:
            same = team.parse(files.get(team.FILE, b"")) == who
        except Unreadable:
            same = False
        return files if same else {**files, team.FILE: team.written(who)}

    def _prepared(self, key: _Key, group: list[tuple[Matched, Dated]]) -> _Prepared:
        """What a trainee's folder becomes, written beside the others: a class's files are never all in memory."""
        trainee, goal, chooser = self._choose(key, group)
        codes: set[str] = set()
        for verdict in chooser.verdicts:
            if verdict.outcome in (Outcome.ACCEPTED, Outcome.SUPERSEDED):
                codes |= self._register(verdict.piece, trainee)
        if chooser.changed:
            codes |= self._keep_old(trainee, goal)
            self.place.prepare(trainee.id, goal.assignment, chooser.submission)
        return _Prepared(trainee, goal, chooser.verdicts, chooser.changed, codes)

    def _place(self, prepared: Iterable[_Prepared]) -> None:
        chosen = list(prepared)
        self.place.settle(set().union(*(each.codes for each in chosen)))
        self.register.save()
        failed = self.place.replace()
        for each in chosen:
            why = failed.get((each.trainee.id, each.goal.assignment), "")
            for verdict in each.verdicts:
                taken = verdict.outcome is Outcome.ACCEPTED and each.changed
                outcome, reason = (Outcome.REFUSED, why) if why and taken else (verdict.outcome, verdict.reason)
                self.rows.append(_row(verdict.piece, each.trainee.id, each.trainee.name, verdict.date, outcome, reason))

    def _register(self, piece: Piece, trainee: Trainee) -> set[str]:
        known = self.register.first(piece.key)
        content = piece.objective if isinstance(piece, Single) else piece.goal.assignment
        date = in_words(piece.date) if piece.date else ""
        original = self.place.name(piece.code)
        self.register.note(Received(original, piece.key, self.now, piece.place, content, date, frozenset({trainee.id})))
        more = {piece.notebook} if isinstance(piece, Single) and piece.notebook else set()
        return set() if known else {piece.code, *more}

    def _keep_old(self, trainee: Trainee, goal: Goal) -> set[str]:
        """Keeps what is about to be replaced, unless all of it is in `recus/` already."""
        there = self.place.everything(trainee.id, goal.assignment)
        now = present(self.cohort, trainee.id, goal)
        keys = [each.code for each in now.merged.values()] + ([now.base.key] if now.base else [])
        if not unkept(there, now) and all(self.register.first(key) for key in keys):
            return set()
        code = self.place.keep(bundle(there), ".zip") if there else ""
        if not code:
            return set()
        what = f"copie de {trainee.id} qui était là"
        original = self.place.name(code)
        self.register.note(Received(original, "", self.now, what, goal.assignment, "", frozenset({trainee.id})))
        return {code}

    def _documents(self) -> dict[tuple[str, str], Documents]:
        """Whose each canvas is that was taken in: only what this class's trainees have."""
        found: dict[tuple[str, str], Documents] = {}
        wanted = {(each.objective, each.document) for each in self.pieces if isinstance(each, Single) and each.document}
        for goal in syllabus.load().goals if wanted else ():
            for folder in sorted(self.cohort.submitted.glob(f"*/{goal.assignment}")):
                trainee = self.people.known(folder.parent.name)
                if trainee is None or trainee.id != folder.parent.name:
                    continue
                files = present(self.cohort, trainee.id, goal).files
                for objective in goal.objectives:
                    document = document_of(files.get(f"reponses/{objective.id}.json"))[0]
                    if (objective.id, document) in wanted:
                        whose = found.setdefault((objective.id, document), Documents({}))
                        whose.teams.setdefault(files.get(team.FILE, b""), []).append(trainee.id)
        return found

    def reception(self) -> Reception:
        notices: list[str] = []
        rows = tuple(sorted(self.rows, key=lambda row: self.order[row.file]))
        if self.people.is_open:
            notices.append(
                f"Cette classe n’a pas de liste : chaque nom nouveau devient un stagiaire de « {self.cohort.roster} »."
            )
        if any(row.outcome is Outcome.UNMATCHED for row in rows):
            notices.append(
                "Pour attribuer ce qui reste : recommencez sans --sans-question, ou par le bouton « Recueillir » "
                "du bureau du formateur, et répondez ; ou "
                f"complétez « {self.cohort.folder / 'noms.csv'} » (nom écrit ; identifiant), puis recommencez."
            )
        return Reception(rows, tuple(notices))


def _row(piece: Piece, student: str, name: str, date: datetime, outcome: Outcome, reason: str) -> Row:  # noqa: PLR0913, PLR0917
    objective = piece.objective if isinstance(piece, Single) else ""
    return Row(piece.place, piece.goal.assignment, objective, student, name, in_words(date), outcome, reason)
