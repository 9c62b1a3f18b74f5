"""What a person leaves in files: her names as programs write them, and her own words, found by their bytes."""

from __future__ import annotations

import json
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from itertools import chain, count
from pathlib import Path

from course.core import zips
from course.core.names import safe
from course.core.refusal import Unreadable
from course.core.zips import Bounds
from course.instructor.cohort.roster import Trainee
from course.instructor.intake.names import keys

_CHUNK = 1024**2
_MAX_INSIDE = 512 * 1024**2  # bytes read out of one zip
_LEAST = 25  # characters: shorter texts may be anybody's
_LONGEST = 300  # characters of a name
_MOST = 400  # texts that are looked for

# An Excel file is a zip too. Three may be one in the other below the outermost, as Moodle sends them.
_INNERMOST = Bounds(archive=_MAX_INSIDE, entries=20_000, free=sys.maxsize, folders=sys.maxsize)
_BOUNDS = replace(_INNERMOST, inner=replace(_INNERMOST, inner=replace(_INNERMOST, inner=_INNERMOST)))


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
        return any(_is_alone(raw, needle) for needle in _needles(self.names)) or (
            words and any(needle in raw for needle in _needles(self.words))
        )

    def in_name(self, name: str) -> bool:
        """Whether the name or path of a file names her."""
        return self.in_bytes(name.encode("utf-8", "replace"), words=False)

    def in_file(self, path: Path, *, words: bool = True) -> bool:
        """The same for a plain file of any size, and for what is in it when it is a zip."""
        who = self if words else replace(self, words=())
        with path.open("rb") as stream:
            if stream.read(len(zips.MAGIC)) == zips.MAGIC:
                try:
                    with zips.opened(stream, _BOUNDS, _paths()) as archive:
                        return who._in_archive(archive)
                except Unreadable:
                    pass  # its bytes as they are may show her
            stream.seek(0)
            return who._in_chunks(iter(lambda: stream.read(_CHUNK), b""))

    def without(self, text: str) -> str:
        """A text with her names taken out."""
        return _written(self.names).sub("(nom retiré)", text) if self.names else text

    def _in_archive(self, archive: zips.Archive) -> bool:
        if sum(entry.size for entry in archive.entries) > _MAX_INSIDE:
            return True  # one cannot tell: it counts as hers
        if any(self.in_bytes(name.encode("utf-8", "replace")) for name in archive.names):
            return True
        if any(map(self._in_entry, archive.entries)):
            return True
        for _, error in archive.refused:
            raise error
        return False

    def _in_entry(self, entry: zips.Entry) -> bool:
        chunks = entry.chunks()
        head = next(chunks, b"")
        if head.startswith(zips.MAGIC):
            try:
                with entry.opened(_paths()) as archive:
                    return self._in_archive(archive)
            except Unreadable:
                pass
        return self._in_chunks(chain([head], chunks))

    def _in_chunks(self, chunks: Iterable[bytes]) -> bool:
        longest = max((len(needle) for needle in (*_needles(self.names), *_needles(self.words))), default=0)
        tail = b""
        for chunk in chunks:
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


def _paths() -> Callable[[str], str]:
    """A path for each file of an archive, whatever its name: one that is there twice is two files."""
    numbers = count()
    return lambda name: f"{next(numbers)} {name}"


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
    forms = {unicodedata.normalize(form, text) for text in texts for form in ("NFC", "NFD")}
    needles = forms | {escape(form) for form in forms}
    needles |= {json.dumps(form, ensure_ascii=ascii_only)[1:-1] for form in forms for ascii_only in (True, False)}
    return tuple(needle.encode("utf-8", "replace") for needle in sorted(needles))


def _is_alone(raw: bytes, needle: bytes) -> bool:
    """Whether a name stands in bytes as a word of its own: « awa » is not in « Bawaka »."""
    at = raw.find(needle)
    while at >= 0:
        around = raw[max(0, at - 1) : at], raw[at + len(needle) : at + len(needle) + 1]
        if not any(side.isalnum() or side >= b"\x80" for side in around):
            return True
        at = raw.find(needle, at + 1)
    return False
