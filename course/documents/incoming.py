"""The tables and texts of a file that somebody filled in: an Excel workbook, a Word document or CSV, within bounds."""

from __future__ import annotations

import io
import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from course.core import sheets, zips
from course.core.files import open_plain
from course.core.layouts import kind_of
from course.core.names import legible
from course.core.refusal import Unreadable
from course.core.zips import Bounds
from course.documents.escapes import unescaped

MAX_BYTES = 16 * 1024 * 1024
_MIB = 1024 * 1024
_BOUNDS = Bounds(archive=MAX_BYTES, entries=2_000, file=16 * _MIB, total=64 * _MIB, free=16 * _MIB)
_MAX_PARTS = 100_000  # cells and paragraphs; the largest plan has 40,000
_MAX_CHARACTERS = 8 * _MIB
_DEEPEST = 60
_HEADED = 30  # rows of which the widest says how wide a sheet is
_OLD = b"\xd0\xcf\x11\xe0"
_OTHER_PARTS = (("header", "en-tête"), ("comments", "commentaires"), ("footnotes", "notes"), ("endnotes", "notes"))
_BULLET = "•\u00a0"
_LISTS = ("ListBullet", "ListNumber", "Listepuces", "Listenumros")
_MARK = re.compile(r"[A-Za-z0-9_-]{1,128}/[A-Za-z0-9_-]{0,128}")
_UNSEEN = frozenset({"del", "moveFrom", "Fallback", "instrText", "delText", "pPr", "rPr", "tcPr", "trPr", "sdtPr"})
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_WORD = "Ce document Word ne se laisse pas lire."
_LARGE = "Ce fichier est trop grand pour un canevas\u00a0: gardez-y seulement le tableau rempli."
_MACROS = "Ce fichier contient des macros, qui sont des programmes\u00a0: enregistrez-le en .xlsx ou en .docx."


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell, or a text outside of tables.

    Attributes:
        text: Its text.
        place: Where it is, in French: « feuille Canevas 1.1, cellule C5 ».
        mark: What the course hid in it to know its row again; empty without.
        formula: Whether a spreadsheet computes it.
        above: The text of the cell above that it is merged with, while it has none itself; empty for any other.
    """

    text: str
    place: str
    mark: str = ""
    formula: bool = False
    above: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table, with the texts that stand between it and the one before.

    Attributes:
        name: What it is called, in French.
        above: The texts above it.
        rows: Its rows that are not empty; none for the texts after the last table.
        is_sheet: Whether it is a sheet of its own, which nothing before it is about.
    """

    name: str
    above: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    is_sheet: bool = False


def read_file(path: Path) -> tuple[Table, ...]:
    """Read the tables of a file; raises as `read`."""
    with open_plain(path) as stream:
        raw = stream.read(MAX_BYTES + 1)
    return read(raw)


def is_document(raw: bytes) -> bool:
    """Return True for a file that is meant for `read`, readable or not, and False for a hand-in or answers in JSON."""
    if not zips.is_zip(raw):
        return not raw[:64].translate(None, b"\0\xff\xfe\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))
    try:
        with zips.opened(io.BytesIO(raw), _BOUNDS) as archive:
            return any(name.startswith(("word/", "xl/")) or name == "content.xml" for name in archive.names)
    except Unreadable:
        return False


def read(raw: bytes) -> tuple[Table, ...]:
    """Read the tables of a file, whatever its name says. Nothing in it is executed, followed or computed.

    Raises:
        Unreadable: It is no table of a format that is read, has macros, or is too large.
    """
    if len(raw) > MAX_BYTES:
        raise Unreadable(_LARGE)
    if raw.startswith(_OLD):
        raise Unreadable(
            "C’est un fichier d’Office d’avant 2007, ou protégé\u00a0: enregistrez-le en .xlsx ou en .docx."
        )
    if not zips.is_zip(raw):
        tables = _csv(raw)
    else:
        with zips.opened(io.BytesIO(raw), _BOUNDS) as archive:
            files = {entry.path: entry for entry in archive.entries}
            if any(name.lower().endswith("vbaproject.bin") for name in files):
                raise Unreadable(_MACROS)
            if any(name.startswith("word/") for name in files):
                return _word(files)
            if "content.xml" in files:
                raise Unreadable("C’est un fichier de LibreOffice\u00a0: enregistrez-le en .xlsx ou en .docx.")
            if "xl/workbook.xml" not in files:
                raise Unreadable("Ce n’est ni un classeur Excel, ni un document Word, ni un CSV.")
        tables = _excel(raw)
    return tables


def _csv(raw: bytes) -> tuple[Table, ...]:
    if (
        b"\0" in raw[:4096]
        and not raw.startswith((b"\xff\xfe", b"\xfe\xff"))
        and raw[:4096].count(0) < len(raw[:4096]) // 4
    ):
        raise Unreadable("Ce n’est ni un classeur Excel, ni un document Word, ni un CSV.")
    return (_sheet(sheets.read(raw, _delimiter(raw)), "", _Tally()),)


def _delimiter(raw: bytes) -> str:
    """Return the separator of the cells of a CSV by its line of headings: a title above may have other signs."""
    for line in sheets.decoded(raw)[0].split("\n", 30)[:30]:
        for delimiter in ";,\t|":
            if sum(bool(kind_of(cell.strip(' "\r'))) for cell in line[:4_000].split(delimiter)) > 1:
                return delimiter
    return ""


@dataclass(slots=True)
class _Tally:
    """The cells and paragraphs of a file, bounded."""

    parts: int = 0

    def add(self, number: int = 1) -> None:
        self.parts += number
        if self.parts > _MAX_PARTS:
            raise Unreadable(_LARGE)


def _excel(raw: bytes) -> tuple[Table, ...]:
    tables, tally, characters = list[Table](), _Tally(), 0
    with closing(sheets.book(raw, shown=True)) as book:
        for sheet in book:
            tables.append(_sheet(sheet, f"feuille {legible(sheet.name, 40)}, ", tally))
            characters += sum(len(cell.text) for row in tables[-1].rows for cell in row)
            if characters > _MAX_CHARACTERS:
                raise Unreadable(_LARGE)
    return tuple(tables)


def _sheet(sheet: sheets.Sheet, name: str, tally: _Tally) -> Table:
    rows, by_line = list[tuple[Cell, ...]](), dict(zip(sheet.lines, sheet.rows, strict=True))
    columns = dict(sorted(sheet.merged))  # the last one of each line
    wide = max(map(_length, sheet.rows[:_HEADED]), default=0)

    def above(line: int, column: int) -> str:
        first, _ = sheet.merged.get((line, column), (0, 0))
        return next(iter(by_line.get(first, ())[column - 1 : column]), "")

    for line, texts in by_line.items():
        length = max(_length(texts), columns.get(line, 0), min(len(texts), wide))
        tally.add(length)
        rows.append(
            tuple(
                Cell(
                    text,
                    f"{name}cellule {_letters(column)}{line}",
                    formula=(line, column) in sheet.formulas,
                    above="" if text else above(line, column),
                )
                for column, text in enumerate((*texts[:length], *[""] * (length - len(texts))), 1)
            )
        )
    return Table(sheet.name, (), tuple(rows), is_sheet=True)


def _length(texts: Sequence[str]) -> int:
    """Return the number of cells up to the last one that is filled in."""
    return next((number for number in range(len(texts), 0, -1) if texts[number - 1]), 0)


def _letters(column: int) -> str:
    column, letter = divmod(column - 1, 26)
    return (_letters(column) if column else "") + chr(ord("A") + letter)


def _word(files: Mapping[str, zips.Entry]) -> tuple[Table, ...]:
    try:
        body = _main(files).find("body")
        if body is None:
            raise Unreadable(_WORD)
        tally = _Tally()
        tables = tuple(_tables(body, tally))
        others = list[Cell]()
        for stem, kind in _OTHER_PARTS:
            for path, file in files.items():
                if path.startswith(f"word/{stem}") and path.endswith(".xml"):
                    others += (Cell("".join(_text(block, tally)), kind) for block in _inside(sheets.part(file), ("p",)))
    except (ParseError, UnicodeDecodeError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(_WORD) from error
    others = [cell for cell in others if cell.text.strip()]
    return (*tables, Table("", tuple(others), ())) if others else tables


def _main(files: Mapping[str, zips.Entry]) -> Element:
    """Return the part that a Word document begins with, by its links: its name is free."""
    links = sheets.part(files["_rels/.rels"]) if "_rels/.rels" in files else ()
    names = [link.get("Target", "") for link in links if link.get("Type", "").endswith("/officeDocument")]
    name = names[0].removeprefix("/") if names else "word/document.xml"
    if name not in files:
        raise Unreadable(_WORD)
    return sheets.part(files[name])


def _tables(body: Element, tally: _Tally) -> Iterator[Table]:
    above: list[Cell] = []
    number = 0
    for rank, block in enumerate(_inside(body, ("p", "tbl")), 1):
        if block.tag == "p":
            text = "".join(_text(block, tally))
            if text.strip():
                above.append(Cell(text, f"paragraphe {rank}"))
            continue
        waiting = deque([block])
        while waiting:  # a table in a cell is one by itself
            table, number = waiting.popleft(), number + 1
            tops: dict[int, str] = {}
            rows = [
                _row(row, f"tableau {number}, ligne {line}", waiting, tops, tally)
                for line, row in enumerate(_inside(table, ("tr",)), 1)
            ]
            full = tuple(row for row in rows if any(cell.text.strip() for cell in row))
            yield Table(f"tableau {number}", tuple(above), full)
            above = []
    if above:
        yield Table("", tuple(above), ())


def _row(row: Element, place: str, nested: deque[Element], tops: dict[int, str], tally: _Tally) -> tuple[Cell, ...]:
    """Return the cells of a row, and add the tables in them to `nested`.

    Args:
        row: The row.
        place: Where it is.
        nested: The tables that wait.
        tops: By column, the text with which the cells below may be merged; it is kept up to date.
        tally: What the file has.
    """
    cells: list[Cell] = []
    tally.add()
    for before in row.findall("trPr/gridBefore"):
        tally.add(_count(before))
        cells += [Cell("", place)] * _count(before)
    for cell in _inside(row, ("tc",)):
        tally.add()
        blocks = list(_inside(cell, ("p", "tbl")))
        nested += (block for block in blocks if block.tag == "tbl")
        lines = [_text(block, tally) for block in blocks if block.tag == "p"]
        where = f"{place}, colonne {len(cells) + 1}"
        # A program that saves a document again may split a text that is hidden.
        mark = "".join(hidden for _, hidden in lines)
        texts = [text for text, _ in lines]
        if mark and not _MARK.fullmatch(mark):
            texts, mark = [*texts, mark], ""
        text, merge = unescaped("\n".join(texts)), cell.find("tcPr/vMerge")
        is_merged = merge is not None and merge.get("val", "continue") == "continue"
        column = len(cells)
        tops[column] = tops.get(column, "") if is_merged else text
        cells.append(Cell(text, where, mark, above=tops[column] if is_merged and not text else ""))
        for span in cell.findall("tcPr/gridSpan"):
            tally.add(_count(span))
            cells += [Cell("", where)] * (_count(span) - 1)
    return tuple(cells)


def _count(element: Element) -> int:
    text = element.get("val", "")
    return min(int(text), 100) if text.isascii() and text.isdigit() else 0


def _inside(element: Element, tags: tuple[str, ...], depth: int = 0) -> Iterator[Element]:
    """Yield the nearest elements with one of these tags, whatever stands around them: content controls, revisions."""
    if depth > _DEEPEST:
        raise Unreadable(_WORD)
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag not in _UNSEEN:
            yield from _inside(child, tags, depth + 1)


def _text(paragraph: Element, tally: _Tally) -> tuple[str, str]:
    """Return the text of a paragraph that people see, and what is hidden in it."""
    tally.add()
    seen: list[str] = []
    hidden: list[str] = []
    for element, is_hidden in _pieces(paragraph):
        (hidden if is_hidden else seen).append(element)
    text = "".join(seen)
    is_listed = paragraph.find("pPr/numPr") is not None or any(
        style.get("val", "").startswith(_LISTS) for style in paragraph.findall("pPr/pStyle")
    )
    return (f"{_BULLET}{text}" if is_listed and text.strip() else text), "".join(hidden)


def _pieces(element: Element, is_hidden: bool = False, depth: int = 0) -> Iterator[tuple[str, bool]]:
    if depth > _DEEPEST:
        raise Unreadable(_WORD)
    if element.tag == "r":
        vanish = element.find("rPr/vanish")
        is_hidden = vanish is not None and vanish.get("val", "1") not in ("0", "false", "off")
    for child in element:
        if child.tag == "t":
            yield child.text or "", is_hidden
        elif child.tag == "sym":
            code = child.get("char", "")
            yield chr(int(code, 16)) if re.fullmatch("[0-9A-Ca-cE-Fe-f][0-9A-Fa-f]{3}", code) else "\ufffd", is_hidden
        elif child.tag in _SIGNS and element.tag == "r":
            yield _SIGNS[child.tag], is_hidden
        elif child.tag not in _UNSEEN:
            yield from _pieces(child, is_hidden, depth + 1)
