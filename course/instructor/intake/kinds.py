"""Kinds of files that hold no answers, by their content: tables of first bytes, endings of names, folders in zips."""

from __future__ import annotations

from course.core import results, team, zips
from course.core.documents import in_utf8
from course.core.plan import format as plan_format
from course.instructor.intake.reasons import Why

UNFINISHED = (".crdownload", ".part", ".partial", ".download", ".opdownload")
# Bytes at an offset of a file. The ending of its name counts only where no bytes decide.
_STARTS: tuple[tuple[int, tuple[bytes, ...], Why], ...] = (
    (0, zips.OTHER_MAGIC, Why.OTHER_ARCHIVE),
    (257, (b"ustar",), Why.OTHER_ARCHIVE),
    (0, (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*"), Why.PICTURE),
    (4, (b"ftyphei", b"ftyphev", b"ftypmif", b"ftypavif"), Why.PICTURE),
    (8, (b"WEBP",), Why.PICTURE),
    (4, (b"ftyp",), Why.RECORDING),
    (0, (b"OggS", b"ID3", b"RIFF", b"#!AMR", b"\x1aE\xdf\xa3", b"\xff\xfb", b"\xff\xf1"), Why.RECORDING),
    (0, (b"%PDF",), Why.PDF),
    (0, (b"{\\rtf",), Why.WORD_FILE),
    (0, (b"\xd0\xcf\x11\xe0",), Why.OFFICE_FILE),
    (0, (b"From ", b"Return-Path:", b"Received:", b"MIME-Version:", b"Delivered-To:"), Why.MESSAGE),
    (0, (b"\x78\x9f\x3e\x22",), Why.MESSAGE),  # winmail.dat
)
_NAMES: tuple[tuple[tuple[str, ...], Why], ...] = (
    ((".recu.html",), Why.RECEIPT),
    ((".html", ".htm", ".mhtml"), Why.WEB_PAGE),
    ((".ipynb",), Why.NOTEBOOK),
    ((".docx", ".doc", ".odt", ".rtf", ".pages"), Why.WORD_FILE),
    ((".xlsx", ".xls", ".ods", ".csv", ".numbers"), Why.EXCEL_FILE),
    ((".pptx", ".ppt", ".odp"), Why.OFFICE_FILE),
    ((".jpg", ".jpeg", ".png", ".gif", ".heic", ".webp", ".bmp", ".tif", ".tiff"), Why.PICTURE),
    ((".eml", ".msg"), Why.MESSAGE),
    (zips.OTHER_ENDINGS, Why.OTHER_ARCHIVE),
    (UNFINISHED, Why.UNFINISHED),
    ((zips.ENDING,), Why.DAMAGED),
)
_OLD_OFFICE = (".doc", ".xls", ".msg")  # one format for all, and for any that has a password
_INSIDE = (("word/", Why.WORD_FILE), ("xl/", Why.EXCEL_FILE), ("ppt/", Why.OFFICE_FILE))
_OPEN_DOCUMENTS = ((b"opendocument.text", Why.WORD_FILE), (b"opendocument.spreadsheet", Why.EXCEL_FILE),
                   (b"opendocument", Why.OFFICE_FILE), (b"epub", Why.OFFICE_FILE))  # fmt: skip


def kind_of(head: bytes, name: str) -> Why:
    """Return the kind of a file that is neither a zip nor JSON, by its first bytes, else by its name."""
    if not head:
        return Why.EMPTY_FILE
    named = next((why for ends, why in _NAMES if name.lower().endswith(ends)), Why.NEITHER)
    for offset, starts, why in _STARTS:
        if head.startswith(starts, offset):
            return named if why is Why.OFFICE_FILE and name.lower().endswith(_OLD_OFFICE) else why
    return Why.WEB_PAGE if named is Why.NEITHER and head.lstrip()[:1] == b"<" else named


def office(archive: zips.Archive) -> Why | None:
    """Return the kind of office document that a zip is; None for any other zip."""
    paths = {entry.path: entry for entry in archive.entries}
    if "[Content_Types].xml" in paths:
        return next((why for top, why in _INSIDE if any(path.startswith(top) for path in paths)), Why.OFFICE_FILE)
    if any(path.endswith(".iwa") or path == "Index.zip" for path in paths):
        return Why.OFFICE_FILE  # of Pages, Numbers or Keynote
    kind = paths["mimetype"].head(200) if "mimetype" in paths else b""
    return next((why for part, why in _OPEN_DOCUMENTS if part in kind), None)


def is_json(head: bytes) -> bool:
    """Return whether a file begins as a JSON object or list does."""
    return in_utf8(head[:16]).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def json_kind(value: object, name: str) -> Why:
    """Return the kind of a JSON file that holds no answers."""
    fields = value if isinstance(value, dict) else {}
    if fields.get("format") == team.FORMAT:
        return Why.TEAM_FILE
    if fields.get("format") == results.FORMAT:
        return Why.RESULTS_FILE
    if fields.get("format") == plan_format.FORMAT:
        return Why.PLAN_FILE
    return Why.NOTEBOOK if "nbformat" in fields or ".ipynb" in name.lower() else Why.NEITHER
