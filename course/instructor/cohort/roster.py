"""The list of trainees, `cohort/stagiaires.csv`: a table that an instructor may write in Excel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from course.core import files, sheets
from course.core.names import refused_name
from course.core.refusal import NotWritten, Refusal, Unreadable
from course.core.sheets import Sheet
from course.instructor.cohort.places import Cohort

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
        cohort: The class. The list may be any table that a spreadsheet saved as CSV.

    Raises:
        Refusal: The list cannot be used: no column of identifiers, one twice, or one that cannot be a folder's name.
    """
    raw = _raw(cohort)
    return tuple(_trainees(_sheet(cohort, raw), cohort.roster.name)) if raw.strip() else ()


def write(cohort: Cohort, trainees: Iterable[Trainee]) -> None:
    """Writes the list durably, for a French Excel.

    Raises:
        Refusal: It is as it was: it is open elsewhere, or the disk is full.
    """
    rows = ((each.id, each.first_name, each.last_name, each.email, each.group) for each in trainees)
    _put(cohort, sheets.written((("identifiant", "prénom", "nom", "courriel", "groupe"), *rows), one_line=False))


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
    raw = _raw(cohort)
    sheet = _sheet(cohort, raw)
    columns = _columns(sheet)
    rows = []
    for each in trainees:
        row = {"id": each.id, "first_name": each.first_name, "email": each.email, "group": each.group}
        row["last_name"] = each.last_name if "first_name" in columns else each.name
        rows.append([row.get(column, "") for column in columns])
    added = sheets.written(rows, delimiter=sheet.delimiter, encoding="utf-8", one_line=False)
    _put(cohort, f"{sheets.decoded(raw)[0].rstrip()}\r\n".encode("utf-8-sig") + added)


def remove(cohort: Cohort, identifier: str) -> None:
    """Takes a trainee off the list durably; what an instructor wrote there of the others stays.

    Raises:
        Refusal: It is as it was: it is open elsewhere, or the disk is full.
    """
    if all(each.id != identifier for each in read(cohort)):
        return
    sheet = _sheet(cohort, _raw(cohort))
    place = _columns(sheet).index("id")
    rows = [row for row in sheet.rows if len(row) <= place or _cell(row[place]) != identifier]
    _put(cohort, sheets.written(rows, delimiter=sheet.delimiter, one_line=False))


def _raw(cohort: Cohort) -> bytes:
    path = cohort.roster
    try:
        raw = path.read_bytes() if path.exists() else b""
    except OSError:
        raise Refusal(f"La liste « {path} » ne se laisse pas lire : fermez-la dans Excel, puis recommencez.") from None
    if len(raw) > _MAX_BYTES:
        raise Refusal(
            f"La liste « {path} » dépasse {_MAX_BYTES // 1024**2} Mio : est-ce bien une liste de stagiaires ?"
        )
    return raw


def _sheet(cohort: Cohort, raw: bytes) -> Sheet:
    try:
        return sheets.read(raw)
    except Unreadable:
        path = cohort.roster
        raise Refusal(f"La liste « {path} » n’est pas un tableau CSV : enregistrez-la de nouveau dans Excel.") from None


def _put(cohort: Cohort, raw: bytes) -> None:
    try:
        files.write(cohort.roster, raw)
    except NotWritten as error:
        raise Refusal(f"La liste « {cohort.roster} » n’est pas écrite. {error.reason}") from error


def _trainees(sheet: Sheet, name: str) -> Iterator[Trainee]:
    columns = _columns(sheet)
    if "id" not in columns:
        raise Refusal(
            f"La liste « {name} » n’a pas de colonne « identifiant » : ajoutez-la en tête de la première ligne."
        )
    seen: set[str] = set()
    for cells, line in zip(sheet.rows[1:], sheet.lines[1:], strict=True):
        row = {column: _cell(cell) for column, cell in zip(columns, cells, strict=False) if column}
        if not any(row.values()):
            continue
        identifier, place = row.get("id", ""), f"La liste « {name} », ligne {line}"
        if reason := refused_name(identifier):
            raise Refusal(f"{place} : l’identifiant « {identifier[:40]} » ne va pas, {reason}.")
        if identifier.casefold() in seen:
            raise Refusal(f"{place} : l’identifiant « {identifier} » y est deux fois.")
        seen.add(identifier.casefold())
        yield Trainee(**row)


def _columns(sheet: Sheet) -> Sequence[str]:
    """The field of a trainee that each column of the list holds; empty for a column of the instructor's own."""
    headings = [" ".join(heading.strip().casefold().split()) for heading in sheet.rows[0]]
    return [next((field for field, names in _HEADINGS.items() if each in names), "") for each in headings]


def _cell(cell: str) -> str:
    return " ".join(sheets.flat(cell).split())[:_MAX_CHARACTERS]
