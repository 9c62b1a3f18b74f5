"""What the instructor decided: `cohort/noms.csv` (« nom écrit ; identifiant »), which she may edit.

A removed line is asked again.
"""

from __future__ import annotations

import csv
import unicodedata

from course.core import files as durable
from course.core.files import read_bytes
from course.core.refusal import NotWritten, Refusal, Unreadable
from course.instructor.cohort.places import Cohort
from course.instructor.intake import tables

FILE = "noms.csv"
HEADINGS = ("nom écrit", "identifiant")

_MAX_BYTES = 4 * 1024**2


class Decisions:
    """What was decided, by what it is about: a name as written, or a hand-in."""

    def __init__(self, cohort: Cohort) -> None:
        """Reads them.

        Raises:
            Refusal: There is such a file, and it cannot be read.
        """
        self._cohort = cohort
        try:
            rows = tables.read(self._raw(), 2)
        except csv.Error:
            raise Refusal(
                f"« {cohort.folder / FILE} » n’est pas un tableau CSV : corrigez-le, ou déplacez-le."
            ) from None
        self._made = {plain(text): (text, decision) for text, decision in rows if decision.strip()}

    def get(self, text: str) -> str | None:
        """What was decided, without the spaces around it; None for nothing."""
        known = self._made.get(plain(text))
        return known[1].strip() if known else None

    def decide(self, text: str, decision: str) -> None:
        """Takes a decision; `save` keeps it."""
        self._made[plain(text)] = (text, decision)

    def save(self) -> None:
        """Writes them durably, unless that is what the file says.

        Raises:
            Refusal: It is as it was.
        """
        rows = sorted(self._made.values())
        raw = tables.written(HEADINGS, rows)
        if not rows or raw == self._raw():
            return
        try:
            durable.write(self._cohort.folder / FILE, raw)
        except NotWritten as error:
            raise Refusal(f"Les réponses données ne sont pas gardées dans « {FILE} ». {error.reason}") from error

    def _raw(self) -> bytes:
        try:
            return read_bytes(self._cohort.folder, FILE, limit=_MAX_BYTES) or b""
        except (Unreadable, OSError) as error:
            if not self._cohort.folder.is_dir():
                return b""
            reason = error.reason if isinstance(error, Unreadable) else "Il ne se laisse pas lire."
            raise Refusal(f"« {self._cohort.folder / FILE} » : {reason}") from None


def plain(text: str) -> str:
    """A text as it is compared: neither case nor spaces count."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
