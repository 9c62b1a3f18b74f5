"""Traces of a person in files: names as programs write them, and texts of that person alone, searched as bytes."""

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
    """The names and texts by which a person is recognised in files.

    Attributes:
        trainee: The person.
        names: The identifier, name and address as they may be written. A short identifier, as « 1 » or « a2 », is
            looked for in columns and folders of identifiers only: « 1.1.json » names nobody.
        words: Texts that this person alone wrote.
    """

    trainee: Trainee
    names: tuple[str, ...]
    words: tuple[str, ...] = ()

    def is_name(self, name: str, *, identifier: bool = True) -> bool:
        """Return whether a whole text is a name of the person in any spelling; with `identifier`, or the identifier."""
        if name in self.names:
            return True
        if len(name) > _LONGEST:
            return False
        own = _keys(self.trainee.name) if self.trainee.name != self.trainee.id else frozenset()
        if identifier:
            own |= _keys(self.trainee.id)
        return not own.isdisjoint(_keys(name))

    def in_bytes(self, raw: bytes, *, words: bool = True) -> bool:
        """Return whether bytes hold a name of the person or, with `words`, one of their texts."""
        return any(_is_alone(raw, needle) for needle in _needles(self.names)) or (
            words and any(needle in raw for needle in _needles(self.words))
        )

    def in_name(self, name: str) -> bool:
        """Return whether the name or path of a file holds a name of the person."""
        return self.in_bytes(name.encode("utf-8", "replace"), words=False)

    def in_file(self, path: Path, *, words: bool = True) -> bool:
        """Return `in_bytes` of a plain file of any size, and of the files in it when it is a zip; raises `OSError`."""
        traces = self if words else replace(self, words=())
        with path.open("rb") as stream:
            if stream.read(len(zips.MAGIC)) == zips.MAGIC:
                try:
                    with zips.opened(stream, _BOUNDS, _paths()) as archive:
                        return traces._in_archive(archive)
                except Unreadable:
                    pass  # its bytes as they are may hold a name
            stream.seek(0)
            return traces._in_chunks(iter(lambda: stream.read(_CHUNK), b""))

    def without(self, text: str) -> str:
        """Return a text with the names of the person replaced."""
        return _written(self.names).sub("(nom retiré)", text) if self.names else text

    def _in_archive(self, archive: zips.Archive) -> bool:
        if sum(entry.size for entry in archive.entries) > _MAX_INSIDE:
            return True  # too large to search
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


def traces_of(trainee: Trainee, words: Iterable[str] = ()) -> Traces:
    """Return the traces by which a person is recognised.

    Args:
        trainee: The person.
        words: Texts that this person alone wrote; those under 25 characters are left out.
    """
    first, last = trainee.first_name, trainee.last_name
    spellings = {trainee.id if is_distinct(trainee.id) else "", trainee.email}
    if first and last:
        spellings |= {f"{first} {last}", f"{last} {first}", f"{last.upper()} {first}", f"{first} {last.upper()}"}
        spellings |= {safe(f"{first} {last}"), safe(f"{last} {first}")}
    elif trainee.name != trainee.id and (len(trainee.name) >= 4 or not trainee.name.isascii()):
        spellings.add(trainee.name)
    long = dict.fromkeys(text.strip() for text in words if len(text.strip()) >= _LEAST)
    return Traces(trainee, tuple(sorted(filter(None, spellings))), tuple(long)[:_MOST])


def is_distinct(identifier: str) -> bool:
    """Return whether an identifier is unusual enough to mean its person anywhere in a text."""
    return not identifier.isascii() or len(identifier) >= 6 or (len(identifier) >= 3 and not identifier.isdigit())


def plain_files(folder: Path) -> Iterator[Path]:
    """Yield all plain files below a folder; no link is followed."""
    for home, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(home, name)
            if path.is_file() and not path.is_symlink():
                yield path


def _paths() -> Callable[[str], str]:
    """Return a path rule that accepts every name; a name that an archive has twice gives two paths."""
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
    """Return texts as they stand in plain text, HTML and JSON, composed and decomposed, in UTF-8."""
    forms = {unicodedata.normalize(form, text) for text in texts for form in ("NFC", "NFD")}
    needles = forms | {escape(form) for form in forms}
    needles |= {json.dumps(form, ensure_ascii=ascii_only)[1:-1] for form in forms for ascii_only in (True, False)}
    return tuple(needle.encode("utf-8", "replace") for needle in sorted(needles))


def _is_alone(raw: bytes, needle: bytes) -> bool:
    """Return whether bytes hold a name as a word of its own: « Bawaka » does not hold « awa »."""
    at = raw.find(needle)
    while at >= 0:
        around = raw[max(0, at - 1) : at], raw[at + len(needle) : at + len(needle) + 1]
        if not any(side.isalnum() or side >= b"\x80" for side in around):
            return True
        at = raw.find(needle, at + 1)
    return False
