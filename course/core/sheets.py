"""Tables: read from the CSV or .xlsx of any spreadsheet; written as CSV for a French Excel, without formulas."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from xml.etree import ElementTree

from course.core import zips
from course.core.names import OLD_ENCODINGS, likeness
from course.core.refusal import Unreadable
from course.core.zips import Bounds

_FORMULAS = ("=", "+", "-", "@", "\t", "\r")
_DELIMITERS = ";,\t|"
_MAX_UNPACKED = 32 * 1024 * 1024
_MAX_TAGS = 2_000_000  # of a part: an element takes some hundred bytes of memory, and six of its file
_NUMBER = re.compile(r"-?\d+(?:\.\d*)?(?:E[+-]?\d{1,4})?", re.I)
_BOOK = Bounds(archive=16 * 1024**2, entries=2_000, file=_MAX_UNPACKED, total=4 * _MAX_UNPACKED, free=_MAX_UNPACKED)
_MAX_SHEETS, _MAX_ROWS, _MAX_COLUMNS = 50, 20_000, 200
# What XML cannot hold or does not keep, the carriage return; and the form that stands for it.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPE = re.compile("_x((?![Dd][89A-Fa-f])[0-9A-Fa-f]{4})_")
# How a number is shown: by the formats that Excel numbers (ECMA-376 part 1, 18.8.30), or by the letters of a code.
_FORMS = {
    **dict.fromkeys((14, 15, 16, 22, *range(27, 37), *range(50, 59)), "day"),
    17: "month",
    **dict.fromkeys((18, 19, 20, 21, 45, 47), "hour"),
    46: "hours",
    **dict.fromkeys((9, 10), "percent"),
}
_LONGEST_CODE = 255  # characters, Excel's own limit
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
_LETTERS = {
    "hours": re.compile(r"\[(?:h+|m+|s+)\]", re.I),
    "percent": re.compile("%"),
    "day": re.compile(r"(?<![a-z])(?:d{1,4}|j{1,4})(?![a-z])", re.I),
    "hour": re.compile(r"(?<![a-z])(?:h{1,2}|s{1,2})(?![a-z])", re.I),
    "month": re.compile(r"(?<![a-z])(?:m{1,5}|y{2,4}|a{2,4})(?![a-z])", re.I),
}
_FIRST_DAY, _FIRST_DAY_OF_MACINTOSH, _LAST_DAY = date(1899, 12, 30), date(1904, 1, 1), 2_958_466
_TRUTHS = {"1": "VRAI", "0": "FAUX"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table saved by a spreadsheet.

    Attributes:
        rows: Its rows of text cells, the headings first, without formula guards and without empty rows.
        lines: The line number of each row in the file, from 1.
        delimiter: The separator of its cells.
        encoding: The encoding of its bytes.
        name: Its name in its workbook; empty for CSV.
        formulas: The cells that are formulas, or the error of one, as line and column from 1; their text is the last
            result, or, as texts are shown, the formula where there is none.
        merged: The first cell of each that is merged with one above it.
    """

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    delimiter: str
    encoding: str
    name: str = ""
    formulas: frozenset[tuple[int, int]] = frozenset()
    merged: Mapping[tuple[int, int], tuple[int, int]] = field(default_factory=dict)


def read(raw: bytes, delimiter: str = "", *, mended: bool = False) -> Sheet:
    """Read a table that a spreadsheet saved as CSV or as .xlsx, on any system.

    Args:
        raw: Its bytes. Of CSV: UTF-8 or UTF-16 with or without a mark, or an old Windows, Macintosh or DOS encoding;
            separated by semicolons, commas, tabs or bars; lines end with LF, CR or both; a first line `sep=;` is
            obeyed. Of .xlsx: its first sheet is read.
        delimiter: The separator of the cells of CSV; by default the most frequent in its first line.
        mended: Whether to repair a text that was decoded wrongly, then saved as UTF-8.

    Raises:
        Unreadable: It is not a table.
    """
    if is_book(raw):
        with closing(book(raw)) as sheets:
            return next(sheets, Sheet((), (), ";", "utf-8-sig"))
    text, encoding = decoded(raw)
    text = (_untangled(text) if mended else text).replace("\r\n", "\n").replace("\r", "\n")
    head, _, rest = text.partition("\n")
    skipped = 0
    if head.casefold().startswith("sep=") and len(head) == len("sep=") + 1:
        text, delimiter, skipped = rest, head[-1], 1
    elif not delimiter:
        first = next((line for line in text.split("\n") if line.strip(f"{_DELIMITERS} ")), "")
        delimiter = max(_DELIMITERS, key=first.count)
    table = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, lines = [], []
    try:
        for cells in table:
            if any(cell.strip() for cell in cells):
                rows.append(tuple(unguarded(cell) for cell in cells))
                lines.append(table.line_num + skipped)
    except csv.Error:
        raise Unreadable("Ce n’est pas un tableau CSV.") from None
    return Sheet(tuple(rows), tuple(lines), delimiter, encoding)


def decoded(raw: bytes) -> tuple[str, str]:
    """Decode a file of unknown encoding; return its text and the encoding, the likeliest for French."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return raw.decode(encoding, errors="replace"), encoding
    sample = raw[:4096]
    if sample.count(0) > len(sample) // 4:
        encoding = "utf-16-le" if sample[1::2].count(0) > sample[::2].count(0) else "utf-16-be"
        return raw.decode(encoding, errors="replace"), encoding
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        texts = {encoding: raw.decode(encoding, errors="replace") for encoding in OLD_ENCODINGS}
        best = max(texts, key=lambda encoding: likeness(texts[encoding]))
        return texts[best], best


def _untangled(text: str) -> str:
    """Repair a text that was decoded wrongly and saved as UTF-8: « KaborÃ© » or « KaborŽ » is « Kaboré »."""
    readings = {text: likeness(text)}
    for written in OLD_ENCODINGS:
        for read in ("utf-8", *(OLD_ENCODINGS if readings[text] < 0 else ())):
            with suppress(UnicodeError):
                other = text.encode(written).decode(read)
                readings.setdefault(other, likeness(other))
    return max(readings, key=lambda reading: readings[reading])


def is_book(raw: bytes) -> bool:
    """Return True when the first bytes are those of an .xlsx."""
    return raw.startswith(zips.MAGIC)


def book(raw: bytes, *, shown: bool = False) -> Generator[Sheet]:
    """Yield the sheets of an .xlsx; numbers are the stored values, without the zeros that their format adds.

    Args:
        raw: Its bytes.
        shown: Whether a cell is what a French Excel shows: a date « 31/12/2026 » or « 12/2026 », « 80 % », « 12:30 »,
            « 0,5 », « VRAI ».

    Raises:
        Unreadable: It is not an .xlsx, a sheet cannot be read, or one has more than 20,000 rows or 200 columns, or
            there are more than 50.
    """
    try:
        with zips.opened(io.BytesIO(raw), _BOOK) as archive:
            files = {entry.path: entry for entry in archive.entries}
            shared, styles = "xl/sharedStrings.xml", "xl/styles.xml"
            texts = [_text(item) for item in part(files[shared]).iter("si")] if shared in files else []
            whole = part(files["xl/workbook.xml"])
            value = _shown(whole, part(files[styles]) if styles in files else None) if shown else _stored
            for name, path in _sheets(whole, files):
                formulas = set[tuple[int, int]]()
                sheet = part(files[path])
                rows = enumerate(_cells(sheet, texts, value, formulas), 1)
                kept = [(number, row) for number, row in rows if any(cell.strip() for cell in row)]
                lines = tuple(number for number, _ in kept)
                cells = tuple(row for _, row in kept)
                yield Sheet(cells, lines, ";", "utf-8-sig", name, frozenset(formulas), _merged(sheet))
    except Unreadable:
        raise
    except (LookupError, ValueError, OverflowError, ElementTree.ParseError) as error:
        raise Unreadable("Ce classeur Excel ne se laisse pas lire.") from error


def part(file: zips.Entry) -> ElementTree.Element:
    """Return the root of an XML part of an Office file, tags and attributes without their name spaces.

    Raises:
        Unreadable: It is damaged, too large, or declares entities.
        ElementTree.ParseError, UnicodeDecodeError: It is not XML in UTF-8.
    """
    text = file.read().decode("utf-8-sig")
    # No office program writes a DOCTYPE, and entities may grow without end. A null byte makes the parser read UTF-16.
    if any(mark in text for mark in ("\0", "<!DOCTYPE", "<!ENTITY")):
        raise Unreadable("Ce fichier contient des définitions qu’aucun tableur ni traitement de texte n’écrit.")
    if text.count("<") > _MAX_TAGS:
        raise Unreadable("Ce fichier est trop grand\u00a0: gardez-y seulement le tableau utile.")
    root = ElementTree.fromstring(text)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
        element.attrib = {name.rpartition("}")[2]: value for name, value in element.attrib.items()}
    return root


def escaped(text: str) -> str:
    """Replace what XML cannot hold as Excel does: `_x0001_`; a text that looks so already is kept apart.

    Source: ECMA-376 part 1, 22.9.2.19 (ST_Xstring).
    """
    return _UNFIT.sub(lambda found: f"_x{ord(found[0]):04X}_", _LIKE_ESCAPE.sub("_x005F_", text))


def unescaped(text: str) -> str:
    """Undo `escaped`."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _text(item: ElementTree.Element) -> str:
    """Return a rich text, without phonetic readings."""
    return unescaped("".join(piece.text or "" for piece in (*item.findall("t"), *item.findall("r/t"))))


def _shown(workbook: ElementTree.Element, styles: ElementTree.Element | None) -> Callable[[ElementTree.Element], str]:
    """Return what gives a cell without a text of its own the text that Excel shows."""
    forms = _forms(styles) if styles is not None else ()
    is_macintosh = any(setting.get("date1904", "0") in ("1", "true") for setting in workbook.findall("workbookPr"))
    first_day = _FIRST_DAY_OF_MACINTOSH if is_macintosh else _FIRST_DAY

    def shown(cell: ElementTree.Element) -> str:
        text, style = cell.findtext("v", ""), int(cell.get("s", "0"))
        if cell.get("t") == "b":
            return _TRUTHS.get(text, text)
        if cell.get("t", "n") != "n" or not _NUMBER.fullmatch(text):
            return text
        value, form = float(text), forms[style] if 0 <= style < len(forms) else ""
        if form in ("day", "month") and 1 <= value < _LAST_DAY - (first_day - _FIRST_DAY).days:
            day = first_day + timedelta(days=int(value))
            return f"{day:%d/%m/%Y}" if form == "day" else f"{day:%m/%Y}"
        if form in ("hour", "hours") and 0 <= value < _LAST_DAY:
            hour, minute = divmod(round(value * 24 * 60), 60)
            return f"{hour % 24 if form == 'hour' else hour:02}:{minute:02}"
        if form == "percent":
            return f"{value * 100:.12g} %".replace(".", ",")
        return str(int(value)) if value.is_integer() else f"{value:.15g}".replace(".", ",")

    return shown


def _stored(cell: ElementTree.Element) -> str:
    """Return the value that a cell without a text of its own stores."""
    text = cell.findtext("v", "")
    if cell.get("t", "n") != "n" or not _NUMBER.fullmatch(text):
        return text
    value = float(text)
    return str(int(value)) if value.is_integer() else text


def _forms(styles: ElementTree.Element) -> tuple[str, ...]:
    """Return how each style shows a number, a key of `_LETTERS`; empty for the number itself."""
    own = {int(form.get("numFmtId", "0")): _form(form.get("formatCode", "")) for form in styles.iter("numFmt")}
    numbers = (int(style.get("numFmtId", "0")) for cells in styles.iter("cellXfs") for style in cells.iter("xf"))
    return tuple(own.get(number, _FORMS.get(number, "")) for number in numbers)


def _form(code: str) -> str:
    code = code[:_LONGEST_CODE]
    bare = _LITERAL.sub(" ", code)
    return next((form for form, sign in _LETTERS.items() if sign.search(code if form == "hours" else bare)), "")


def _sheets(workbook: ElementTree.Element, files: Mapping[str, zips.Entry]) -> Iterator[tuple[str, str]]:
    links = {link.attrib["Id"]: link.attrib["Target"] for link in part(files["xl/_rels/workbook.xml.rels"])}
    for number, sheet in enumerate(workbook.iter("sheet"), 1):
        if number > _MAX_SHEETS:
            raise Unreadable(f"Le classeur a plus de {_MAX_SHEETS} feuilles\u00a0: gardez-y seulement celles à lire.")
        target = links[sheet.attrib["id"]].removeprefix("/")
        yield sheet.get("name", ""), target if target.startswith("xl/") else f"xl/{target}"


def _cells(
    sheet: ElementTree.Element,
    texts: Sequence[str],
    value: Callable[[ElementTree.Element], str],
    formulas: set[tuple[int, int]],
) -> Iterator[tuple[str, ...]]:
    last = 0
    for row in sheet.iter("row"):
        number = int(row.get("r", last + 1))
        if number > _MAX_ROWS:
            raise Unreadable(f"La feuille a plus de {_MAX_ROWS} lignes.")
        yield from [()] * (number - 1 - last)
        last = number
        cells: list[str] = []
        for cell in row.iter("c"):
            column, text = _column(cell.get("r", "")) or len(cells) + 1, _text_of(cell, texts, value)
            if column > _MAX_COLUMNS:
                if text.strip():
                    raise Unreadable(f"La feuille a plus de {_MAX_COLUMNS} colonnes (ligne {number}).")
                continue
            cells += [""] * (column - 1 - len(cells))
            cells.append(text)
            formula = cell.find("f")
            if cell.get("t") == "e" or formula is not None:
                formulas.add((number, column))
            if formula is not None and not text and cell.get("t") != "str" and value is not _stored:
                cells[-1] = f"={formula.text or ''}"  # no program has computed it yet
        yield tuple(cells)


def _merged(sheet: ElementTree.Element) -> dict[tuple[int, int], tuple[int, int]]:
    """Return the first cell of each merged with one above, of its first column alone, as many as there are rows."""
    merged: dict[tuple[int, int], tuple[int, int]] = {}
    for area in sheet.iter("mergeCell"):
        if span := re.fullmatch(r"([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})", area.get("ref", "")):
            column, first, last = _column(span[1]), int(span[2]), int(span[3])
            for line in range(first + 1, min(last, first + _MAX_ROWS - len(merged)) + 1):
                merged[line, column] = (first, column)
    return merged


def _column(reference: str) -> int:
    number = 0
    letters = re.match("[A-Za-z]{1,3}", reference)
    for letter in letters[0].upper() if letters else "":
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _text_of(cell: ElementTree.Element, texts: Sequence[str], value: Callable[[ElementTree.Element], str]) -> str:
    kind = cell.get("t", "n")
    if kind == "s":
        return texts[int(cell.findtext("v", ""))]
    if kind == "inlineStr":
        return "".join(map(_text, cell.findall("is")))
    return unescaped(cell.findtext("v", "")) if kind == "str" else value(cell)


def written(
    rows: Iterable[Sequence[str]], *, delimiter: str = ";", encoding: str = "utf-8-sig", one_line: bool = True
) -> bytes:
    """Serialise a table as CSV, by default for a French Excel; no cell is a formula.

    Args:
        rows: The headings and the rows.
        delimiter: The separator of cells.
        encoding: `utf-8-sig` for Excel, `utf-8` for other programs.
        one_line: Whether to replace line breaks and control characters by spaces, so that a row is one line.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter)
    for row in rows:
        writer.writerow([guarded(flat(cell) if one_line else cell) for cell in row])
    return stream.getvalue().encode(encoding, errors="replace")


def flat(cell: str) -> str:
    """Replace each character that is not printable by a space."""
    return "".join(character if character.isprintable() else " " for character in cell)


def guarded(cell: str) -> str:
    """Prefix with an apostrophe a cell that a spreadsheet would take for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULAS) else cell


def unguarded(cell: str) -> str:
    """Undo `guarded`."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULAS) else cell
