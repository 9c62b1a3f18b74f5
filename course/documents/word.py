"""A document as Word: real styles and headings, A4 or A3 on its side, headings of tables that repeat on each page."""

from __future__ import annotations

import copy
import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.text.run import Run

from course.core.palette import INK
from course.documents.escapes import escaped
from course.documents.model import Column, Document, Row, Sheet

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.oxml.table import CT_Row
    from docx.styles.style import ParagraphStyle
    from docx.table import Table, _Cell, _Row

_MARGIN = 15  # millimetres
_FONT = "Calibri"
_SMALL = 8  # points
_HIGH = 16  # millimetres of a row to write in by hand
HEADED = "D9E7EA"  # behind headings


def word(document: Document) -> bytes:
    """Return a document as a .docx; characters that XML cannot hold are escaped (`escapes`)."""
    made = docx.Document()
    _set_page(made, document)
    _set_styles(made, document.points)
    made.add_paragraph(escaped(document.title), style="Title")
    made.add_paragraph(escaped(document.people))
    made.add_paragraph(escaped(document.date))
    for number, sheet in enumerate(document.sheets):
        if len(document.sheets) > 1:
            heading = made.add_heading(escaped(sheet.title), level=1)
            heading.paragraph_format.page_break_before = number > 0
        if sheet.note:
            made.add_paragraph(escaped(sheet.note))
        _add_table(made, sheet, document)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def _set_page(made: Word, document: Document) -> None:
    section = made.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = map(Mm, document.paper.millimetres)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(_MARGIN)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    foot.add_run(f"{escaped(document.title[:80])}\u00a0– page\u00a0")
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = foot.add_run()
        code = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            code.set(qn("w:fldCharType"), kind)
        else:
            code.text = text
        run._r.append(code)
    properties = made.core_properties
    properties.title, properties.author, properties.comments = escaped(document.title), "", ""
    properties.language = "fr"


def _set_styles(made: Word, points: int) -> None:
    sizes = {"Normal": points, "Title": 18, "Heading 1": 14, "Footer": 8}
    for name, size in sizes.items():
        style: ParagraphStyle = made.styles[name]
        style.font.name, style.font.size = _FONT, Pt(size)
        style.font.color.rgb = RGBColor.from_string(INK.removeprefix("#"))
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        style.paragraph_format.space_after = Pt(4)
    for language in made.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "fr-FR")


def _add_table(made: Word, sheet: Sheet, document: Document) -> None:
    columns = list(_shown(sheet.columns))
    table = made.add_table(rows=1, cols=len(columns))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    _pad(table, document.points)
    whole, room = sum(first.width for first, *_ in columns), document.paper.millimetres[0] - 2 * _MARGIN
    widths = [Mm(room * first.width / whole) for first, *_ in columns]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    head = table.rows[0]
    _set(head, "w:tblHeader")
    for cell, (first, *_) in zip(head.cells, columns, strict=True):
        run = cell.paragraphs[0].add_run(escaped(first.heading))
        run.bold = True
        if document.points <= _SMALL:
            run.font.size = Pt(document.points - 1)
        _shade(cell)
    for cell, width in zip(head.cells, widths, strict=True):
        cell.width = width
    empty = _empty_row(table, widths, is_blank=document.blank)
    for row in sheet.rows:
        added = copy.deepcopy(empty)
        table._tbl.append(added)
        _fill(added, row, columns)


def _empty_row(table: Table, widths: Sequence[Length], *, is_blank: bool) -> CT_Row:
    """Return a row to copy, which is ten times as fast as to make one cell after the other."""
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    if is_blank:
        row.height, row.height_rule = Mm(_HIGH), WD_ROW_HEIGHT_RULE.AT_LEAST
        _set(row, "w:cantSplit")
    for cell, width in zip(row.cells, widths, strict=True):
        cell.width = width
        cell.paragraphs[0].paragraph_format.space_after = Pt(0)
    table._tbl.remove(row._tr)
    return row._tr


def _shown(columns: tuple[Column, ...]) -> Iterator[list[Column]]:
    """Yield the columns of the page, each with those that stand under it."""
    together: list[Column] = []
    for column in columns:
        if together and not column.under:
            yield together
            together = []
        together.append(column)
    yield together


def _fill(added: CT_Row, row: Row, columns: list[list[Column]]) -> None:
    """Write the texts of a row into the paragraphs of its cells, one for each line."""
    for rank, (cell, (first, *others)) in enumerate(zip(added.tc_lst, columns, strict=True)):
        paragraph = cell.p_lst[0]
        lines = [*row.shown(first).split("\n"), *(row.shown(column) for column in others if not row.continued)]
        paragraphs = [paragraph, *(copy.deepcopy(paragraph) for _ in lines[1:])]
        for one, line in zip(paragraphs, lines, strict=True):
            if line:
                one.add_r().text = escaped(line)
            if one is not paragraph:
                cell.append(one)
        if rank == 0:
            for run in paragraph.r_lst:
                Run(run, None).bold = not row.continued  # type: ignore[arg-type]
            if row.mark:
                mark = paragraph.add_r()
                mark.text = row.mark
                Run(mark, None).font.hidden = True  # type: ignore[arg-type]


def _set(row: _Row, tag: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(tag))


def _pad(table: Table, points: int) -> None:
    """Leave a millimetre above and under the texts of a table, and beside them in small letters."""
    margins: Any = OxmlElement("w:tblCellMar")
    for side in ("top", "bottom") if points > _SMALL else ("top", "left", "bottom", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "57")  # twentieths of a point
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")


def _shade(cell: _Cell) -> None:
    shade: Any = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", HEADED)):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)
