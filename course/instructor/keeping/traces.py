"""What a person leaves in files: her names as programs write them, and her own words, found by their bytes."""

from __future__ import annotations

import io
import json
import os
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import IO, BinaryIO

from course.core.handin.archive import DAMAGE
from course.core.handin.naming import safe
from course.instructor.cohort.roster import Trainee
from course.instructor.intake.names import keys

_CHUNK = 1024**2
_ZIP = b"PK\x03\x04"
_MOST_ARCHIVES = 3  # one in the other, as Moodle sends them
_MAX_INSIDE = 512 * 1024**2  # bytes read out of one zip
_LEAST = 25  # characters: shorter texts may be anybody's
_LONGEST = 300  # characters of a name
_MOST = 400  # texts that are looked for


@dataclass(frozen=True, slots=True)
class Traces:
    """How a person is known again.

    Attributes:
        trainee: Who.
        names: Her identifier, name and address as they may be written. An identifier that may be anything, as « 1 »
            or « a2 », is looked for where identifiers are, and not here: « 1.1.json » is everybody's.
        words: Texts that she alone wrote.
    """

    trainee: Trainee
    names: tuple[str, ...]
    words: tuple[str, ...] = ()

    def is_her(self, name: str, *, identifier: bool = True) -> bool:
        """Whether a whole text is one of her names, however it is written; `identifier` says whether it may be that."""
        if name in self.names:
            return True
        mine = _keys(self.trainee.name) if self.trainee.name != self.trainee.id else frozenset()
        return len(name) <= _LONGEST and bool(_keys(name) & (mine | (_keys(self.trainee.id) if identifier else mine)))

    def in_bytes(self, raw: bytes, *, words: bool = True) -> bool:
        """Whether bytes of a file name her, or quote her."""
        return any(_alone(raw, needle) for needle in _needles(self.names)) or (
            words and any(needle in raw for needle in _needles(self.words))
        )

    def in_file(self, path: Path, *, words: bool = True) -> bool:
        """The same for a plain file of any size, and for what is in it when it is a zip (an Excel file is one)."""
        who = self if words else replace(self, words=())
        with path.open("rb") as stream:
            zipped = stream.read(len(_ZIP)) == _ZIP
            stream.seek(0)
            return who._in_zip(stream, _MOST_ARCHIVES) if zipped else who._in_stream(stream)

    def without(self, text: str) -> str:
        """A text with her names taken out."""
        return _written(self.names).sub("(nom retiré)", text) if self.names else text

    def _in_zip(self, stream: BinaryIO, depth: int) -> bool:
        left = _MAX_INSIDE
        try:
            with zipfile.ZipFile(stream) as archive:
                for info in archive.infolist():
                    left -= info.file_size
                    if left < 0:
                        return True  # one cannot tell: it counts as hers
                    if self.in_bytes(info.filename.encode("utf-8", "replace")):
                        return True
                    with archive.open(info) as inside:
                        head = inside.read(len(_ZIP))
                        if head == _ZIP and depth:
                            if self._in_zip(io.BytesIO(head + inside.read()), depth - 1):
                                return True
                        elif self._in_stream(inside, head):
                            return True
        except DAMAGE:
            stream.seek(0)
            return self._in_stream(stream)
        return False

    def _in_stream(self, stream: IO[bytes], head: bytes = b"") -> bool:
        longest = max((len(needle) for needle in (*_needles(self.names), *_needles(self.words))), default=0)
        tail = head
        while chunk := stream.read(_CHUNK):
            if self.in_bytes(tail + chunk):
                return True
            tail = (tail + chunk)[-longest - 1 :]
        return self.in_bytes(tail)


def traces(trainee: Trainee, words: Iterable[str] = ()) -> Traces:
    """How a person is known again.

    Args:
        trainee: Who.
        words: Texts that she wrote; short ones are left out.
    """
    first, last = trainee.first_name, trainee.last_name
    written = {trainee.id if is_distinct(trainee.id) else "", trainee.email}
    if first and last:
        written |= {f"{first} {last}", f"{last} {first}", f"{last.upper()} {first}", f"{first} {last.upper()}"}
        written |= {safe(f"{first} {last}"), safe(f"{last} {first}")}
    elif trainee.name != trainee.id and (len(trainee.name) >= 4 or not trainee.name.isascii()):
        written.add(trainee.name)
    long = dict.fromkeys(text.strip() for text in words if len(text.strip()) >= _LEAST)
    return Traces(trainee, tuple(sorted(filter(None, written))), tuple(long)[:_MOST])


def is_distinct(identifier: str) -> bool:
    """Whether an identifier that stands in a text stands for the person."""
    return not identifier.isascii() or len(identifier) >= 6 or (len(identifier) >= 3 and not identifier.isdigit())


def plain_files(folder: Path) -> Iterator[Path]:
    """All plain files below a folder; no link is followed."""
    for home, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(home, name)
            if path.is_file() and not path.is_symlink():
                yield path


@lru_cache(maxsize=65_536)
def _keys(name: str) -> frozenset[str]:
    return keys(name)


@lru_cache(maxsize=16)
def _written(names: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, longest_first))})(?![^\W_])")


@lru_cache(maxsize=16)
def _needles(texts: tuple[str, ...]) -> tuple[bytes, ...]:
    """Texts as UTF-8, as HTML and as JSON write them, composed and decomposed."""
    found: set[str] = set()
    for text in texts:
        forms = {unicodedata.normalize(form, text) for form in ("NFC", "NFD")}
        found |= forms | {escape(form) for form in forms}
        found |= {json.dumps(form, ensure_ascii=pure)[1:-1] for form in forms for pure in (True, False)}
    return tuple(form.encode("utf-8", "replace") for form in sorted(found))


def _alone(raw: bytes, needle: bytes) -> bool:
    """Whether a name stands in bytes as a word of its own: « awa » is not in « Bawaka »."""
    at = raw.find(needle)
    while at >= 0:
        around = raw[max(0, at - 1) : at], raw[at + len(needle) : at + len(needle) + 1]
        if not any(side.isalnum() or side >= b"\x80" for side in around):
            return True
        at = raw.find(needle, at + 1)
    return False
