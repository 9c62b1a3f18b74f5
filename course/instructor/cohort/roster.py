"""The list of trainees, `cohort/stagiaires.csv`: a table that an instructor may write in Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from course.instructor.cohort.places import Cohort
from course.core import files as durable
from course.core.refusal import NotWritten
from course.core.names import refused_name
from course.core.refusal import Refusal

# The heading that is written, and others that the same column may have when the list comes from elsewhere.
_HEADINGS = {
    "id": ("identifiant", "id", "login", "nom d’utilisateur", "nom d'utilisateur", "username"),
    "first_name": ("prénom", "prenom", "prénoms", "prenoms", "first name", "firstname"),
    "last_name": ("nom", "nom de famille", "last name", "lastname", "surname"),
    "email": ("courriel", "adresse de courriel", "e-mail", "email", "adresse e-mail", "mail"),
    "group": ("groupe", "équipe", "equipe", "group"),
}
_MAX_BYTES = 4 * 1024 * 1024
_MAX_CHARACTERS = 128  # what the gradebook holds


@dataclass(frozen=True, slots=True)
class Trainee:
    """One trainee.

    Attributes:
        id: Her identifier: a folder's name and the gradebook's key.
        first_name: May be empty, as all that follows.
        last_name: For a list by name.
        email: For the platform where marks go.
        group: The group she works in.
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    group: str = ""

    @property
    def name(self) -> str:
        """Her name as one says it, or her identifier when nobody gave one."""
        return " ".join(filter(None, (self.first_name, self.last_name))) or self.id


def read(cohort: Cohort) -> tuple[Trainee, ...]:
    """The trainees of a class, in the order of the list; none when there is no list.

    Args:
        cohort: The class. The list may be separated by `;`, `,` or tabs, in UTF-8 or as an old Excel writes.

    Raises:
        Refusal: The list cannot be used: no column of identifiers, one twice, or one that cannot be a folder's name.
    """
    path = cohort.roster
    try:
        raw = path.read_bytes() if path.exists() else b""
    except OSError:
        raise Refusal(f"La liste « {path} » ne se laisse pas lire : fermez-la dans Excel, puis recommencez.") from None
    if len(raw) > _MAX_BYTES:
        raise Refusal(
            f"La liste « {path} » dépasse {_MAX_BYTES // 1024**2} Mio : est-ce bien une liste de stagiaires ?"
        )
    try:
        return tuple(_trainees(_text(raw), f"« {path.name} »")) if raw.strip() else ()
    except csv.Error:
        raise Refusal(f"La liste « {path} » n’est pas un tableau CSV : enregistrez-la de nouveau dans Excel.") from None


def write(cohort: Cohort, trainees: Iterable[Trainee]) -> None:
    """Writes the list durably, for a French Excel.

    Raises:
        Refusal: It is as it was: it is open elsewhere, or the disk is full.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(["identifiant", "prénom", "nom", "courriel", "groupe"])
    for each in trainees:
        cells = (each.id, each.first_name, each.last_name, each.email, each.group)
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULAS) else cell for cell in cells])
    try:
        durable.write(cohort.roster, stream.getvalue().encode("utf-8-sig"))
    except NotWritten as error:
        raise Refusal(f"La liste « {cohort.roster} » n’est pas écrite. {error.reason}") from error


def extend(cohort: Cohort, trainees: Iterable[Trainee]) -> None:
    """Adds trainees to the list durably; what an instructor wrote there, in columns of her own too, stays as it is.

    Args:
        cohort: The class.
        trainees: Those who are not on the list. What it has no column for is left out.

    Raises:
        Refusal: It is as it was: it is open elsewhere, or the disk is full.
    """
    if not read(cohort):
        write(cohort, trainees)
        return
    raw = cohort.roster.read_bytes()
    text = _text(raw)
    head = text.split("\n", 1)[0].rstrip("\r")
    delimiter = max(";,\t", key=head.count)
    columns = [_column(heading) for heading in next(csv.reader([head], delimiter=delimiter))]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter)
    for each in trainees:
        row = {"id": each.id, "first_name": each.first_name, "email": each.email, "group": each.group}
        row["last_name"] = each.last_name if "first_name" in columns else each.name
        cells = (row.get(column, "") for column in columns)
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULAS) else cell for cell in cells])
    try:
        durable.write(cohort.roster, f"{text.rstrip()}\r\n{stream.getvalue()}".encode("utf-8-sig"))
    except NotWritten as error:
        raise Refusal(f"La liste « {cohort.roster} » n’est pas écrite. {error.reason}") from error


def remove(cohort: Cohort, identifier: str) -> None:
    """Takes a trainee off the list durably; what an instructor wrote there of the others stays as it is.

    Raises:
        Refusal: It is as it was: it is open elsewhere, or the disk is full.
    """
    if all(each.id != identifier for each in read(cohort)):
        return
    text = _text(cohort.roster.read_bytes())
    head = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=head.count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    place = [_column(heading) for heading in rows[0]].index("id")
    stream = io.StringIO(newline="")
    left = [row for row in rows if len(row) <= place or _cell(row[place]) != identifier]
    csv.writer(stream, delimiter=delimiter).writerows(left)
    try:
        durable.write(cohort.roster, stream.getvalue().encode("utf-8-sig"))
    except NotWritten as error:
        raise Refusal(f"La liste « {cohort.roster} » n’est pas écrite. {error.reason}") from error


_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _trainees(text: str, name: str) -> Iterator[Trainee]:
    head = text.split("\n", 1)[0]
    table = csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=head.count))
    columns = [_column(heading) for heading in next(table, [])]
    if "id" not in columns:
        raise Refusal(f"La liste {name} n’a pas de colonne « identifiant » : ajoutez-la en tête de la première ligne.")
    seen: set[str] = set()
    for number, cells in enumerate(table, 2):
        row = {column: _cell(cell) for column, cell in zip(columns, cells, strict=False) if column}
        if not any(row.values()):
            continue
        identifier = row.get("id", "")
        if reason := refused_name(identifier):
            raise Refusal(f"La liste {name}, ligne {number} : l’identifiant « {identifier[:40]} » ne va pas, {reason}.")
        if identifier.casefold() in seen:
            raise Refusal(f"La liste {name}, ligne {number} : l’identifiant « {identifier} » y est deux fois.")
        seen.add(identifier.casefold())
        yield Trainee(**row)


def _column(heading: str) -> str:
    wanted = " ".join(heading.strip().casefold().split())
    return next((column for column, names in _HEADINGS.items() if wanted in names), "")


def _cell(cell: str) -> str:
    tidy = " ".join("".join(c if c.isprintable() else " " for c in cell).split())[:_MAX_CHARACTERS]
    return tidy[1:] if tidy.startswith("'") and tidy[1:].startswith(_FORMULAS) else tidy
