"""The list of trainees, `cohort/stagiaires.csv`: a table that an instructor may write in Excel, or that Moodle gives.

It is read in any form: .csv, .txt or .xlsx, any encoding and separator, headings of Moodle too, in French or English,
below a title or with their accents lost. It is always written as .csv.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from course.core import files, sheets
from course.core.names import ascii_name, refused_name
from course.core.refusal import NotWritten, Refusal, Unreadable
from course.core.sheets import Sheet
from course.instructor.cohort.places import Cohort

# The headings that a column may have, as `ascii_name` gives them, in the singular; of several columns of one field the
# first named wins.
_HEADINGS = {
    "id": "identifiant id login nom-d-utilisateur username matricule numero-d-identification id-number idnumber"
    " numero-matricule n-matricule numero-de-matricule n-de-matricule n-d-identification identifiant-unique",
    "first_name": "prenom first-name firstname given-name",
    "last_name": "nom nom-de-famille last-name lastname surname nom-complet full-name prenom-nom nom-prenom"
    " nom-et-prenom prenom-et-nom first-name-last-name first-name-surname",
    "email": "courriel mel adresse-de-courriel adresse-electronique e-mail email adresse-e-mail adresse-mail mail"
    " email-address e-mail-address",
    "group": "groupe equipe group",
}
_FIELDS = {
    re.sub(r"s\b", "", heading): (field, rank)
    for field, text in _HEADINGS.items()
    for rank, heading in enumerate(text.split())
}
# « ID étudiant », « Numéro de l’étudiant », « Matricule du stagiaire »
_IDENTIFIER = re.compile(
    "(?:(?:identifiant|id|matricule|code|login|numero|n|no|num)-)+(?:de-|du-|d-|l-|la-)*"
    "(?:(?:etudiant|apprenant|participant|candidat)e?|stagiaire|eleve|agent|utilisateur|moodle)"
    "|(?:student|user)-(?:id|number)"
)
_SURE = 4  # letters that an accent lost in a heading leaves at least
_MOST_LOST = 4  # letters that a heading with lost accents may lack; a search takes three times as long for each
_TITLES = 10  # rows above the headings, at most
_ENDINGS = (".csv", ".txt", ".tsv", ".xlsx")
_FOREIGN = (".xls", ".ods", ".numbers", ".xlsm", ".xlsb", ".docx", ".doc", ".pdf", ".odt")
_QUESTIONED, _REPLACED = re.compile(r"\w\?|\?\w"), re.compile("\\w\ufffd|\ufffd\\w")  # for letters that are lost
_MAX_BYTES = 4 * 1024 * 1024
_MAX_CHARACTERS = 128  # what the gradebook holds


@dataclass(frozen=True, slots=True)
class Trainee:
    """One trainee.

    Attributes:
        id: The identifier: the name of folders and the key in the gradebook.
        first_name: May be empty, as all that follow.
        last_name: The family name.
        email: The address, for the platform that takes the marks.
        group: The name of the trainee's group.
    """

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    group: str = ""

    @property
    def name(self) -> str:
        """First name and family name, or the identifier when there is neither."""
        return " ".join(filter(None, (self.first_name, self.last_name))) or self.id


def read(cohort: Cohort) -> tuple[Trainee, ...]:
    """Return the trainees of a class, in the order of the list; none when there is no list.

    Args:
        cohort: The class.

    Raises:
        Refusal: The list cannot be used: there are two, it has no column of identifiers or addresses, an identifier is
            there twice, or cannot be a folder's name.
    """
    table = _table(cohort)
    return tuple(_trainees(table)) if table else ()


def write(cohort: Cohort, trainees: Iterable[Trainee]) -> None:
    """Write the list durably, for a French Excel.

    Raises:
        Refusal: It is open elsewhere, or the disk is full; it is as it was.
    """
    rows = ((each.id, each.first_name, each.last_name, each.email, each.group) for each in trainees)
    _put(cohort, sheets.written((("identifiant", "prénom", "nom", "courriel", "groupe"), *rows), one_line=False))


def extend(cohort: Cohort, trainees: Iterable[Trainee]) -> None:
    """Add trainees to the list durably; the rest of it, other columns included, stays as it is.

    Args:
        cohort: The class.
        trainees: Those who are not on the list; a field without a column is left out.

    Raises:
        Refusal: It is open elsewhere, or the disk is full; it is as it was.
    """
    table = _table(cohort)
    if table is None or not read(cohort):
        write(cohort, trainees)
        return
    rows = []
    for each in trainees:
        row = {"id": each.id, "first_name": each.first_name, "email": each.email, "group": each.group}
        row["last_name"] = each.last_name if "first_name" in table.columns else each.name
        rows.append([row.get(column, "") for column in table.columns])
    _rewrite(cohort, table, [*table.sheet.rows, *rows])


def rename(cohort: Cohort, identifiers: Mapping[str, str]) -> None:
    """Change identifiers of the list durably; the rest of it stays as it is.

    Args:
        cohort: The class.
        identifiers: The new identifiers, by the former ones.

    Raises:
        Refusal: It is open elsewhere, or the disk is full; it is as it was.
    """
    if not identifiers or (table := _table(cohort)) is None:
        return
    place = table.columns.index("id")

    def renamed(row: tuple[str, ...]) -> Sequence[str]:
        known = identifiers.get(_cell(row[place])) if len(row) > place else None
        return (*row[:place], known, *row[place + 1 :]) if known else row

    _rewrite(cohort, table, [*table.sheet.rows[: table.head + 1], *map(renamed, table.sheet.rows[table.head + 1 :])])


def remove(cohort: Cohort, identifier: str) -> None:
    """Remove a trainee from the list durably; the other rows stay as they are.

    Raises:
        Refusal: It is open elsewhere, or the disk is full; it is as it was.
    """
    if all(each.id != identifier for each in read(cohort)) or (table := _table(cohort)) is None:
        return
    place = table.columns.index("id")
    rows = [row for row in table.sheet.rows if len(row) <= place or _cell(row[place]) != identifier]
    _rewrite(cohort, table, rows)
    if table.path != cohort.roster:
        table.path.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Table:
    """The list as its file has it: path, cells, the index of the row of headings, the field of each column."""

    path: Path
    sheet: Sheet
    head: int
    columns: tuple[str, ...]


def _file(cohort: Cohort) -> Path | None:
    """Return the file of the list; None when there is none.

    Raises:
        Refusal: Several files may be the list.
    """
    stem = cohort.roster.stem
    try:
        there = sorted(cohort.folder.iterdir())
    except OSError:
        return None
    like = [path for path in there if path.name.casefold().startswith(f"{stem}.") and path.is_file()]
    lists = [path for path in like if path.name.casefold().endswith(_ENDINGS) and path.stat().st_size]
    if not lists:
        if foreign := next((path for path in like if path.name.casefold().endswith(_FOREIGN)), None):
            raise Refusal(f"La liste « {foreign} » ne se lit pas : enregistrez-la en .xlsx ou en .csv.")
        return None
    usual = next((path for path in lists if path == cohort.roster), None)
    if usual and len(lists) > 1 and len(_raw(usual).strip().splitlines()) < 2:  # headings alone
        lists.remove(usual)
        usual = None
    others = [path for path in lists if usual is None or path.stat().st_mtime > usual.stat().st_mtime]
    if len(others) + (usual is not None) > 1:
        names = " et ".join(f"« {path.name} »" for path in ([usual] if usual else []) + others)
        raise Refusal(
            f"Le dossier « {cohort.folder} » a plusieurs listes, {names} : gardez celle qui est juste, et déplacez "
            "l’autre."
        )
    return usual or others[0]


def _table(cohort: Cohort) -> _Table | None:
    path = _file(cohort)
    raw = _raw(path) if path else b""
    if path is None or not raw.strip():
        return None
    best = _Table(path, Sheet((), (), ";", ""), 0, ())
    for sheet in _sheets(path, raw):
        for head, row in enumerate(sheet.rows[: _TITLES + 1]):
            columns = _columns(row, sheet.rows[head + 1 :])
            if len({*columns}) > len({*best.columns}) and "id" in columns:
                best = _Table(path, sheet, head, columns)
        if best.columns:
            break
    if not best.columns:
        raise Refusal(
            f"La liste « {path.name} » n’a pas de colonne « identifiant », ni de colonne « courriel » : ajoutez-la en "
            "tête de la première ligne."
        )
    return best


def _raw(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            raw = stream.read(_MAX_BYTES + 1)
    except OSError:
        raise Refusal(f"La liste « {path} » ne se laisse pas lire : fermez-la dans Excel, puis recommencez.") from None
    if len(raw) > _MAX_BYTES:
        raise Refusal(
            f"La liste « {path} » dépasse {_MAX_BYTES // 1024**2} Mio : est-ce bien une liste de stagiaires ?"
        )
    return raw


def _sheets(path: Path, raw: bytes) -> Iterator[Sheet]:
    """Yield the tables in a file: the sheets of a workbook, or its text split in several ways."""
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refusal(
            f"La liste « {path} » est un ancien classeur Excel (.xls), ou un classeur protégé par un mot de passe : "
            "enregistrez-la en .xlsx ou en .csv, sans mot de passe."
        )
    if raw.lstrip()[:9].lower().startswith((b"<!doctype", b"<html", b"<table", b"<?xml")):
        raise Refusal(f"La liste « {path} » est une page web : ouvrez-la dans Excel, puis enregistrez-la en .xlsx.")
    try:
        if sheets.is_book(raw):
            yield from sheets.book(raw)
        else:  # a title may hold other delimiters than the table
            yield from (sheets.read(raw, delimiter, mended=True) for delimiter in ("", *";,\t|"))
    except Unreadable:
        raise Refusal(
            f"La liste « {path} » n’est pas un tableau CSV, ni un classeur .xlsx : enregistrez-la de nouveau dans "
            "Excel."
        ) from None


def _rewrite(cohort: Cohort, table: _Table, rows: Iterable[Sequence[str]]) -> None:
    _put(cohort, sheets.written(rows, delimiter=table.sheet.delimiter, one_line=False))


def _put(cohort: Cohort, raw: bytes) -> None:
    try:
        files.write(cohort.roster, raw)
    except NotWritten as error:
        raise Refusal(f"La liste « {cohort.roster} » n’est pas écrite. {error.reason}") from error


def _trainees(table: _Table) -> Iterator[Trainee]:
    name = table.path.name
    seen: set[str] = set()
    head = table.head + 1
    bare = all(cell.isascii() for row in table.sheet.rows for cell in row)
    by_address = _field(table.sheet.rows[table.head][table.columns.index("id")])[0] == "email"
    for cells, line in zip(table.sheet.rows[head:], table.sheet.lines[head:], strict=True):
        row = {column: _cell(cell) for column, cell in zip(table.columns, cells, strict=False) if column}
        if not any(row.values()):
            continue
        identifier, place = row.get("id", ""), f"La liste « {name} », ligne {line}"
        if reason := refused_name(identifier):
            raise Refusal(f"{place} : l’identifiant « {identifier[:40]} » ne va pas, {reason}.")
        if identifier.casefold() in seen:
            raise Refusal(f"{place} : l’identifiant « {identifier} » y est deux fois.")
        for cell in (row.get("first_name", ""), row.get("last_name", "")):
            if _REPLACED.search(cell) or (bare and _QUESTIONED.search(cell)):
                raise Refusal(
                    f"{place} : les accents de « {cell} » sont perdus. Enregistrez de nouveau la liste depuis "
                    "l’original, en .xlsx ou en « CSV UTF-8 »."
                )
        seen.add(identifier.casefold())
        yield Trainee(**row, **({"email": identifier} if by_address else {}))


def _columns(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the field of a trainee that each column holds; empty for other columns of the instructor.

    The addresses are the identifiers, unless a column holds other ones.
    """
    chosen: dict[str, tuple[bool, bool, int, int]] = {}  # by field: is its column guessed, empty; its rank, its place
    for place, heading in enumerate(headings):
        field, guessed, rank = _field(heading)
        empty = not any(place < len(row) and row[place].strip() for row in rows)
        if field:
            chosen[field] = min(chosen.get(field, (True, True, 2 * len(_FIELDS), 0)), (guessed, empty, rank, place))
    if "email" in chosen and not chosen["email"][1] and chosen.get("id", (True, True))[1]:
        chosen["id"] = chosen.pop("email")
    places = {place: field for field, (*_, place) in chosen.items()}
    return tuple(places.get(place, "") for place in range(len(headings)))


def _field(heading: str) -> tuple[str, bool, int]:
    """Return the field that a heading names, whether that is a guess, and the heading's rank among those of the field.

    A remark in brackets and a plural are ignored. A heading that lacks letters with an accent is a guess.
    """
    heading = heading[:_MAX_CHARACTERS]  # what a cell holds may be of any length
    bare = re.sub(r"\([^)]*\)", " ", heading)
    bare = (bare if ascii_name(bare) else heading).strip().lower()
    plain = re.sub(r"s\b", "", ascii_name(bare))
    if plain in _FIELDS:
        field, rank = _FIELDS[plain]
        return field, False, rank + (len(_FIELDS) if bare != heading.strip().lower() else 0)
    if _IDENTIFIER.fullmatch(plain):
        return "id", False, len(_FIELDS)
    letters = re.sub(r"[\s'’-]+", "-", bare[:40])
    letters = re.sub(r"s(?=-|$)", "", letters)
    known = sum(c.isascii() and c.isalnum() for c in letters)
    lost = sum(not c.isascii() or not (c.isalnum() or c == "-") for c in letters)
    if known < _SURE or not 0 < lost <= _MOST_LOST:
        return "", True, 0
    pattern = "".join(c if c.isascii() and (c.isalnum() or c == "-") else "[a-z-]{0,2}" for c in letters)
    name = next((name for name in _FIELDS if re.fullmatch(pattern, name)), "")
    return (_FIELDS[name][0], True, _FIELDS[name][1]) if name else ("", True, 0)


def _cell(cell: str) -> str:
    return " ".join(sheets.flat(cell).split())[:_MAX_CHARACTERS]
