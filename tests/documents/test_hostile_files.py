"""Files that would harm are refused in a sentence: nothing in them is run, followed or unpacked without bounds."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest

from course.core import syllabus
from course.core.refusal import Unreadable
from course.documents import incoming
from course.documents.reading import reading


def docx_with(body: str, **others: bytes) -> bytes:
    """A Word document with another body, and other parts."""
    docx.Document().save(stream := io.BytesIO())
    with zipfile.ZipFile(stream) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["word/document.xml"] = body.encode()
    return zipped({**parts, **{name.replace("__", "/"): raw for name, raw in others.items()}})


def zipped(parts: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(stream := io.BytesIO(), "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in parts.items():
            archive.writestr(name, raw)
    return stream.getvalue()


def xlsx_with(sheet: str, **others: bytes) -> bytes:
    openpyxl.Workbook().save(stream := io.BytesIO())
    with zipfile.ZipFile(stream) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    return zipped({**parts, **{name.replace("__", "/"): raw for name, raw in others.items()}})


SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
WORD = f"<w:document {SPACE}><w:body>{{}}</w:body></w:document>"
ENTITY = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
BILLION = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
SHEET = "<worksheet><sheetData>{}</sheetData></worksheet>"

HOSTILE = {
    "a bomb in Word": lambda: docx_with(WORD.format(" " * 20_000_000)),
    "a bomb in Excel": lambda: xlsx_with(SHEET.format(" " * 40_000_000)),
    "an external entity": lambda: docx_with(ENTITY + WORD.format("<w:p><w:r><w:t>&a;</w:t></w:r></w:p>")),
    "a billion laughs": lambda: xlsx_with(BILLION + SHEET.format("")),
    "macros of Word": lambda: docx_with(WORD.format(""), word__vbaProject=b"", **{"word__vbaProject.bin": b"x"}),
    "macros of Excel": lambda: xlsx_with(SHEET.format(""), **{"xl__vbaProject.bin": b"x"}),
    "too many rows": lambda: xlsx_with(SHEET.format('<row r="1000000"><c t="str"><v>x</v></c></row>')),
    "a row that is no number": lambda: xlsx_with(SHEET.format('<row r="x"/>')),
    "an old format": lambda: b"\xd0\xcf\x11\xe0" + bytes(600),
    "a LibreOffice file": lambda: zipped({"content.xml": b"<x/>", "mimetype": b"x"}),
    "another archive": lambda: zipped({"remise.json": b"{}"}),
    "a picture": lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 4,
    "too large": lambda: b"a;b\n" * 5_000_000,
    "deep nesting": lambda: docx_with(WORD.format("<w:sdt>" * 5_000 + "</w:sdt>" * 5_000)),
    "deep runs": lambda: docx_with(WORD.format("<w:p>" + "<w:ins>" * 5_000 + "</w:ins>" * 5_000 + "</w:p>")),
    "too many cells": lambda: docx_with(WORD.format(f"<w:tbl><w:tr>{'<w:tc/>' * 100}</w:tr></w:tbl>" * 1_000)),
    "a wide cell": lambda: docx_with(
        WORD.format(
            "<w:tbl><w:tr>" + '<w:tc><w:tcPr><w:gridSpan w:val="99999999999"/></w:tcPr></w:tc>' * 1_000
            + "</w:tr></w:tbl>"
        )
    ),
    "too many paragraphs": lambda: docx_with(WORD.format("<w:p/>" * 110_000)),
    "too many paragraphs in cells": lambda: docx_with(
        WORD.format("<w:tbl><w:tr><w:tc>" + "<w:p/>" * 110_000 + "</w:tc></w:tr></w:tbl>")
    ),
    "too many elements": lambda: docx_with(WORD.format(f"<w:p>{'<w:r/>' * 2_100_000}</w:p>")),
    "too many cells in Excel": lambda: xlsx_with(SHEET.format('<row><c r="GR1" t="str"><v>x</v></c></row>' * 600)),
    "too many cells in CSV": lambda: b";" * 110_000 + b"x",
    "too many columns": lambda: xlsx_with(SHEET.format('<row><c r="GS1" t="str"><v>x</v></c></row>')),
    "broken XML": lambda: docx_with("<w:document"),
    "not UTF-8": lambda: xlsx_with(SHEET.format(""), **{"xl__workbook.xml": b"\xff\xfe\x00"}),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_in_a_french_sentence(name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        incoming.read(HOSTILE[name]())
    assert refused.value.reason[0].isupper() or refused.value.reason.startswith("«")
    assert refused.value.reason.endswith(".")


def test_a_link_to_a_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("Option;Action\n1.1.a;x\n")
    (tmp_path / "lien.csv").symlink_to(tmp_path / "secret.csv")
    with pytest.raises(Unreadable, match="lien"):
        incoming.read_file(tmp_path / "lien.csv")


def test_marks_that_nobody_of_the_course_wrote_lose_no_text() -> None:
    objective = syllabus.load().objective("1.1")
    option = objective.options[0].id
    rows = "Repère;Option;Stratégie;Action\n" + "".join(
        f"{mark};{option};S{n};a{n}\n" for n, mark in enumerate(("s/a", "s/a", "../x/y", "s/", "é/é", "/", "s/a/b"))
    )
    found = reading(incoming.read(rows.encode()))
    texts = [text for row in found.documents[objective]["options"][option] for text in (row["strategy"],)]
    assert sorted(texts) == [f"S{n}" for n in range(7)]
    assert {left.text for left in found.left} == {"../x/y", "é/é", "/", "s/a/b"}


def sheet_of(*rows: list[str]) -> bytes:
    cells = ("".join(f'<c t="str"><v>{text}</v></c>' for text in row) for row in rows)
    return xlsx_with(SHEET.format("".join(f"<row>{row}</row>" for row in cells)))


@pytest.mark.parametrize(
    ("heading", "text"),
    [("N°", "." * 200_000 + "x"), ("Option", "a" + " " * 200_000 + "x"), ("But", "1" * 200_000 + "x")],
)
def test_a_long_cell_is_kept_in_the_time_that_it_takes_to_read_it(heading: str, text: str) -> None:
    found = reading(incoming.read(sheet_of([heading, "Action", "Responsable"], [text, "a", "b"])))
    assert text in {left.text for left in found.left}


def test_a_long_heading_is_compared_once_with_each_row() -> None:
    rows = [[option.id, "S", "a"] for option in syllabus.load().options] * 40
    found = reading(incoming.read(sheet_of(["Option", "Stratégie", f"Action ({'x' * 2_000_000})"], *rows)))
    assert found.documents


@pytest.mark.parametrize("name", ["F\x9b31m", "F\u202egnp"])
def test_the_name_of_a_sheet_reaches_no_terminal_as_it_is(name: str) -> None:
    made = openpyxl.Workbook()
    made.worksheets[0].title = name
    made.worksheets[0].append(["x"])
    made.save(stream := io.BytesIO())
    (cell,) = incoming.read(stream.getvalue())[0].rows[0]
    assert cell.place == f"feuille {name.replace(name[1], chr(0xFFFD))}, cellule A1"


def test_all_that_a_word_document_says_is_read_or_kept() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    cells = "".join(f"<w:tc><w:p>{run.format(text)}</w:p></w:tc>" for text in ("Option", "Stratégie", "Action"))
    row = "".join(f"<w:tc><w:p>{run.format(text)}</w:p></w:tc>" for text in ("1.1.a", "S", "un"))
    inner = f"<w:tbl><w:tr>{cells}</w:tr><w:tr>{row}</w:tr></w:tbl>"
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>caché</w:t></w:r></w:p>"
    body = f"{hidden}<w:tbl><w:tr><w:tc>{inner}<w:p>{run.format('autour')}</w:p></w:tc></w:tr></w:tbl>"
    note = f"<w:x {SPACE}><w:p>{run.format('{}')}</w:p></w:x>"
    others = {f"word__{kind}.xml": note.format(kind).encode() for kind in ("comments", "header1", "footnotes")}
    for name in ("word/document.xml", "word/document2.xml"):
        raw = docx_with(WORD.format(body), **others)
        if name != "word/document.xml":
            with zipfile.ZipFile(io.BytesIO(raw)) as archive:
                parts = {each: archive.read(each) for each in archive.namelist()}
            parts[name] = parts.pop("word/document.xml")
            parts["_rels/.rels"] = parts["_rels/.rels"].replace(b"word/document.xml", name.encode())
            raw = zipped(parts)
        found = reading(incoming.read(raw))
        (row_read,) = next(iter(found.documents.values()))["options"]["1.1.a"]
        assert (row_read["strategy"], row_read["actions"][0]["action"]) == ("S", "un")
        assert [left.text for left in found.left] == ["caché", "autour", "header1", "comments", "footnotes"]


@pytest.mark.parametrize(
    ("raw", "is_document"),
    [
        (b'\xef\xbb\xbf {"format": "canevas/1"}', False), ('{"a": 1}'.encode("utf-16"), False),
        (zipped({"remise.json": b"{}"}), False), (zipped({"a/reponses/1.1.json": b"{}"}), False),
        (b"Option;Action", True), (b"\xd0\xcf\x11\xe0", True), (zipped({"content.xml": b""}), True),
        (docx_with(WORD), True), (zipped({"xl/vbaProject.bin": b""}), True),
    ],
)  # fmt: skip
def test_a_document_is_known_by_its_content(raw: bytes, is_document: bool) -> None:
    assert incoming.is_document(raw) is is_document
