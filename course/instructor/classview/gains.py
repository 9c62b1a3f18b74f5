"""The gain of a class from the pre-test to the final test, without names, from the results that came with hand-ins."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from course.core import quizzes, results, team
from course.core.files import read_bytes
from course.core.quizzes import AFTER, BEFORE, SITTINGS, Question
from course.core.refusal import Unreadable
from course.core.results import Answered, Results
from course.core.team import Team
from course.core.words import french
from course.instructor.classview.overview import Handin
from course.instructor.cohort.places import Cohort

ENOUGH = 5
"""The least number of workbooks with both sittings of which a share is given; of a smaller number, counts are."""
LEAST = 2
"""The least number of workbooks with both sittings whose answers are given: those of one would be a person's."""

_FIRST = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Gain:
    """The right answers of the workbooks with both sittings, to one question or to all of them.

    Attributes:
        before: The number of right answers before the course.
        after: The number of right answers after it.
        of: The number of answers that could be right, before or after.
    """

    before: int
    after: int
    of: int

    @property
    def change(self) -> int:
        """The right answers gained; negative when there are fewer after the course."""
        return self.after - self.before

    @property
    def points(self) -> float:
        """The gain in percentage points."""
        return 100 * self.change / self.of


@dataclass(frozen=True, slots=True)
class Gains:
    """The gain of a class.

    A workbook counts once, whoever handed it in: a group's holds the answers of one person.

    Attributes:
        before: The number of workbooks with a whole sitting before the course.
        after: The number of workbooks with a whole sitting after it.
        both: The number of workbooks with both.
        items: The gain of each question, in the order of the test; empty with fewer workbooks than `LEAST`.
    """

    before: int = 0
    after: int = 0
    both: int = 0
    items: tuple[tuple[Question, Gain], ...] = ()

    @property
    def whole(self) -> Gain:
        """The gain of all questions together."""
        gains = [gain for _, gain in self.items]
        return Gain(
            sum(gain.before for gain in gains), sum(gain.after for gain in gains), sum(gain.of for gain in gains)
        )

    @property
    def in_shares(self) -> bool:
        """True when the workbooks are `ENOUGH` for shares."""
        return self.both >= ENOUGH


def signed(number: float) -> str:
    """Format a gain, rounded, with its sign: « +3 », « −1 », « 0 »."""
    whole = round(number)
    return f"+{french(whole)}" if whole > 0 else french(whole)


def read(cohort: Cohort, handins: Iterable[Handin]) -> Gains:
    """Count the gain of a class from the results in the trainees' folders; unreadable ones do not count.

    Args:
        cohort: The class, which is not changed.
        handins: The hand-ins; of a trainee's results, those of the latest hand-in that holds any count.
    """
    ordered = sorted(handins, key=lambda handin: (handin.at or _FIRST, handin.student, handin.goal.id))
    sittings_of = [
        (handin.student, sitting, found)
        for handin in ordered
        for sitting in SITTINGS
        if (found := _results(cohort, handin, sitting)) is not None
    ]
    workbooks = _workbooks((student, found) for student, _, found in sittings_of)
    newest: Mapping[str, dict[str, Results]] = {sitting: {} for sitting in SITTINGS}
    sat: dict[str, dict[str, str]] = {}  # by trainee and sitting, the workbook
    for student, sitting, found in sittings_of:
        workbook = workbooks[student, found.document]
        newest[sitting][workbook] = found.results
        sat.setdefault(student, {})[sitting] = workbook
    pairs = {keys[BEFORE]: keys[AFTER] for _, keys in sorted(sat.items()) if len(keys) == len(SITTINGS)}
    sittings = [(newest[BEFORE][before], newest[AFTER][after]) for before, after in pairs.items()]
    items = tuple(
        (
            question,
            Gain(
                sum(_is_right(before, question) for before, _ in sittings),
                sum(_is_right(after, question) for _, after in sittings),
                len(sittings),
            ),
        )
        for question in quizzes.load(BEFORE).questions
    )
    before, after = (len({keys[sitting] for keys in sat.values() if sitting in keys}) for sitting in SITTINGS)
    return Gains(before, after, len(pairs), items if len(pairs) >= LEAST else ())


@dataclass(frozen=True, slots=True)
class _Sitting:
    """The results of a whole sitting in a trainee's folder.

    Attributes:
        document: The identifier of their file; that of its bytes where it states none.
        code: The SHA-256 of its bytes.
        team: Those who handed it in together.
        results: The results.
    """

    document: str
    code: str
    team: Team
    results: Results


def _results(cohort: Cohort, handin: Handin, sitting: str) -> _Sitting | None:
    """Return the results of a sitting in a trainee's folder; None where it is not whole."""
    home, path = (cohort.submitted, handin.student, handin.goal.assignment), results.path_of(sitting).split("/")
    try:
        raw = read_bytes(*home, *path, limit=results.MAX_BYTES)
        stored = None if raw is None else results.parse(raw, sitting)
    except (Unreadable, OSError):
        return None
    if raw is None or stored is None or not stored.is_whole(quizzes.load(sitting)):
        return None
    code = hashlib.sha256(raw).hexdigest()
    who = team.read_or_nobody(cohort.submitted / handin.student / handin.goal.assignment)
    return _Sitting(stored.document or code, code, who or Team("", (handin.student,)), stored)


def _workbooks(sittings: Iterable[tuple[str, _Sitting]]) -> Mapping[tuple[str, str], str]:
    """Return the workbook of each trainee and document: those who handed a document in together share one.

    A folder that was opened once and then copied to many computers gives all of them one document. So those of no
    common hand-in share a workbook only where the bytes are the same, too: then one of them has the other's answers.
    """
    workbooks: dict[tuple[str, str], str] = {}
    first: dict[tuple[str, Team | str], tuple[str, str]] = {}
    for student, one in sittings:
        own = (student, one.document)
        workbooks.setdefault(own, f"{one.document} {student}")
        for shared in (one.team, one.code):
            same, other = workbooks[own], workbooks[first.setdefault((one.document, shared), own)]
            if same != other:
                workbooks |= {key: other for key, workbook in workbooks.items() if workbook == same}
    return workbooks


def _is_right(stored: Results, question: Question) -> bool:
    return stored.questions.get(question.key, Answered()).is_right(question)
