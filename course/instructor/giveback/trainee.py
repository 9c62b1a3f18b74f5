"""`course trainee`: all that happened to one trainee's work, in order, on a page that settles an appeal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from course.core import rubric, syllabus
from course.core.words import counted, moment, points
from course.instructor import output
from course.instructor.cohort import deadlines, places
from course.instructor.cohort.deadlines import STANDINGS, Deadlines, Standing
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.marks import Change
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.roster import Trainee
from course.instructor.giveback import records, report_card, returns
from course.instructor.giveback.records import Record
from course.instructor.giveback.returns import Returns
from course.instructor.intake.person import find
from course.instructor.intake.store import ORIGINALS, Received, Register, State
from course.instructor.spreadsheets import Column, as_csv

FOLDER = "stagiaires"


class Kind(Enum):
    """What happened, in French."""

    TAKEN = "reçu"
    WAITING = "en attente"
    REFUSED = "refusé"
    MARKED = "noté"
    RETURNED = "rendu"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a trainee's work.

    Attributes:
        at: When; None when nothing says it.
        kind: What.
        about: A *cahier* or a canvas: « but-1 », « 1.1 »; may be empty.
        text: A French sentence.
    """

    at: datetime | None
    kind: Kind
    about: str
    text: str

    @property
    def moment(self) -> str:
        """The date in French; « sans date » when nothing says it."""
        return moment(self.at) if self.at else "sans date"


_STATES = {State.TAKEN: Kind.TAKEN, State.WAITING: Kind.WAITING, State.REFUSED: Kind.REFUSED}
_EXPORT = (Column("date", width=18), Column("événement"), Column("sur"), Column("détail", width=80))


def show(name: str, folder: Path | None) -> None:
    """Write the page of a trainee and its table, and print what is on it in a few lines.

    Args:
        name: An identifier, or a name in any spelling.
        folder: The course's folder; found from the working folder by default.

    Raises:
        Refusal: Nobody has that name, or several may; or a file cannot be written.
    """
    cohort = places.find(folder)
    trainee = find(cohort, name)
    dates = deadlines.read(cohort)
    now = datetime.now(UTC)
    with opened(cohort) as connection:
        (record,) = records.read(connection, cohort, [trainee.id]) or (Record(trainee, {}),)
        given_back = returns.read(connection, [], now.replace(tzinfo=None))
    events = tuple(history(cohort, record, given_back))
    path, table = (cohort.reports / FOLDER / f"{trainee.id}.{ending}" for ending in ("html", "csv"))
    standings = tuple(standing_lines(record, dates, now))
    output.write(path, page(record, given_back, events, standings, now).encode())
    rows = ((event.moment, event.kind.value, event.about, event.text) for event in events)
    output.write(table, as_csv(_EXPORT, rows))
    print(f"{trainee.name} ({trainee.id})\u00a0: {_summary(events)}.")
    for line in standings:
        print(f"  {line}")
    print(f"Tout est sur «\u202f{path}\u202f», à imprimer ou à lire ensemble, et dans «\u202f{table.name}\u202f».")


def history(cohort: Cohort, record: Record, given_back: Returns) -> Iterator[Event]:
    """Yield all that happened to a trainee's work, the oldest first, what has no date before it.

    Args:
        cohort: The class.
        record: The trainee's marks.
        given_back: What was given back.

    Raises:
        Refusal: The register of intake cannot be read.
    """
    events = [
        *_received(cohort, record.trainee),
        *(_marked(change) for work in record.works.values() for changes in work.changes.values() for change in changes),
        *_returned(record, given_back),
    ]
    first = datetime.min.replace(tzinfo=UTC)
    yield from sorted(events, key=lambda event: (event.at or first, event.about))


def page(
    record: Record, given_back: Returns, events: tuple[Event, ...], standings: tuple[str, ...], now: datetime
) -> str:
    """Return the page of a trainee as HTML.

    Args:
        record: The trainee's marks.
        given_back: What was given back.
        events: All that happened.
        standings: A French line per goal that has a deadline.
        now: The current moment, printed on it.
    """
    values = {
        "trainee": record.trainee,
        "card": report_card.card(record, given_back),
        "criteria": rubric.load(),
        "events": events,
        "standings": standings,
        "now": moment(now),
    }
    return output.page(
        "giveback/templates/trainee.html.j2", values, Path(__file__).with_name("templates") / "feedback.css"
    )


def standing_lines(record: Record, dates: Deadlines, now: datetime) -> Iterator[str]:
    """Yield a French line per goal for which a trainee has a deadline or is excused."""
    student = record.trainee.id
    for goal in syllabus.load().goals:
        work = record.works.get(goal.id)
        at = work.at.replace(tzinfo=UTC) if work and work.at else None
        standing = dates.standing(student, goal.id, at, now)
        if standing is Standing.NO_DEADLINE:
            continue
        due = dates.due(student, goal.id)
        until = f", échéance le {moment(due)}" if due else ""
        state = f"remis le {moment(at)}" if at else "pas remis" if work is None else "remis, sans date"
        yield f"But {goal.id}\u00a0: {state}{until}\u00a0: {STANDINGS[standing]}."


def _received(cohort: Cohort, trainee: Trainee) -> Iterator[Event]:
    for line in Register(cohort).lines:
        if trainee.id not in line.students:
            continue
        at = line.received if isinstance(line.received, datetime) else None
        kind = _STATES[line.state]
        if kind is Kind.TAKEN and trainee.id not in line.taken_for:
            kind = Kind.WAITING
        yield Event(at, kind, line.content, " ".join(_about(line, kind)))


def _about(line: Received, kind: Kind) -> Iterator[str]:
    yield f"Fichier «\u202f{line.place}\u202f»"
    if isinstance(line.date, datetime):
        yield f"daté du {moment(line.date)}"
    if len(line.students) > 1:
        yield f"pour {counted(len(line.students), 'personne')}"
    if line.original:
        yield f"(gardé\u00a0: {ORIGINALS}/{line.original[:12]}…)"
    if line.reason and kind is not Kind.TAKEN:
        yield f"\u2013 {line.reason}"


def _marked(change: Change) -> Event:
    at = change.at.replace(tzinfo=UTC) if change.at else None
    most = rubric.QUALITY_POINTS
    before, after = (None if value is None else points(value) for value in (change.before, change.after))
    if after is None:
        text = f"Note de qualité retirée ({before} sur {most} avant)"
    elif before is None:
        text = f"Note de qualité\u00a0: {after} sur {most}"
    elif before == after:
        text = f"Note de qualité gardée après une nouvelle remise\u00a0: {after} sur {most}"
    else:
        text = f"Note de qualité changée\u00a0: {after} sur {most}, au lieu de {before}"
    author = f", par {change.reviewer}" if change.reviewer else "" if change.at else ", dans un autre programme"
    return Event(at, Kind.MARKED, change.objective, f"{text}{author}.")


def _returned(record: Record, given_back: Returns) -> Iterator[Event]:
    for (student, objective), many in given_back.known.items():
        if student == record.trainee.id:
            for one in many:
                text = f"Retour écrit\u00a0: {points(one.total)} sur {rubric.TOTAL_POINTS}."
                yield Event(one.at.replace(tzinfo=UTC), Kind.RETURNED, objective, text)


def _summary(events: tuple[Event, ...]) -> str:
    parts = []
    for kind, one in ((Kind.TAKEN, "fichier reçu"), (Kind.WAITING, "en attente"), (Kind.REFUSED, "refusé"),
                      (Kind.MARKED, "note"), (Kind.RETURNED, "retour")):  # fmt: skip
        if number := sum(event.kind is kind for event in events):
            parts.append(counted(number, one, one if kind is Kind.WAITING else ""))
    return ", ".join(parts) or "rien n’est encore arrivé"
