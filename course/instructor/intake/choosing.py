"""Which of several hand-ins counts: the rules of `submissions`, and a French verdict on each piece."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from course.core import syllabus
from course.core.answers.format import load
from course.core.answers.reading import FOLDER
from course.core.refusal import Unreadable
from course.instructor.intake.pieces import Piece, Single, Whole
from course.instructor.intake.reading import saved_at
from course.instructor.intake.reception import Outcome, in_words
from course.instructor.intake.submissions import Base, Merged, Submission, document_of, sealed

Files = Mapping[str, bytes]
# Of an unproven piece, whether it may replace or stand before a proven one: True, False, or nobody was asked.
Approve = Callable[[str, str, datetime, datetime], bool | None]

AGAIN = "déjà reçue"
_SAME = "la même que"
_BY_EXCHANGE = "remise par l’échange, dont le compte est vérifié"


@dataclass(frozen=True, slots=True)
class Dated:
    """A piece, the date by which it is compared, in UTC to the second, and whether it was received before."""

    piece: Piece
    date: datetime
    note: str = ""
    known: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a piece for one trainee: French words beside the outcome."""

    piece: Piece
    date: datetime
    outcome: Outcome
    reason: str


class Chooser:
    """One trainee's hand-in for one goal, as pieces come."""

    def __init__(self, now: Submission, approve: Approve) -> None:
        """Starts from what is there.

        Args:
            now: What is there.
            approve: Says whether an unproven piece may stand where a proven one would: its key, its place, its date,
                and that of the proven one.
        """
        self._there = self._now = now
        self._approve = approve
        self._verdicts: dict[int, Verdict] = {}
        self._taken: Dated | None = None
        self.changed = False

    @property
    def submission(self) -> Submission:
        """What it is now."""
        return self._now

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What became of each piece."""
        return tuple(self._verdicts.values())

    def take_wholes(self, wholes: Sequence[Dated], files_of: Callable[[Whole], Files]) -> None:
        """Takes the latest of what was handed in at once.

        Args:
            wholes: Pieces that are `Whole`.
            files_of: Gives the files of one, as they are to stand in this trainee's folder.
        """
        for each in sorted(wholes, key=lambda each: (not each.piece.proven, each.date, each.piece.key)):
            whole: Whole = each.piece
            outcome, reason = self._judged(whole, each.date)
            if outcome is Outcome.ACCEPTED and not reason.startswith((AGAIN, _SAME)):
                if self._taken is not None:
                    before, same = self._taken, self._taken.piece.key == whole.key
                    why = f"{_SAME} « {whole.place} »" if same else f"celle du {in_words(each.date)} est plus récente"
                    self._say(before, Outcome.ACCEPTED if same else Outcome.SUPERSEDED, why, before.note)
                self._put(each, files_of(whole))
            self._say(each, outcome, reason, each.note, *whole.notes)

    def _judged(self, whole: Whole, date: datetime) -> tuple[Outcome, str]:
        base = self._now.base
        if base is None:
            return Outcome.ACCEPTED, ""
        if base.key == whole.key:
            return self._again(base, whole)
        newer = date > base.date
        if whole.proven in (base.proven, newer):
            return self._by_date(base, newer)
        unproven, proven_date = (whole.key, base.date) if base.proven else (base.key, date)
        approved = self._approve(unproven, whole.place, date if base.proven else base.date, proven_date)
        if approved is None:
            there = _BY_EXCHANGE if base.proven else "plus récente, sans compte vérifié"
            return Outcome.UNMATCHED, f"une copie du {in_words(base.date)} est là, {there} : laquelle compte ?"
        if approved == base.proven:
            return self._by_date(base, newer=True)
        kept = _BY_EXCHANGE if base.proven else "choisie par vous"
        return Outcome.SUPERSEDED, f"la copie du {in_words(base.date)} reste, {kept}"

    def _again(self, base: Base, whole: Whole) -> tuple[Outcome, str]:
        if whole.proven and not base.proven:
            return Outcome.ACCEPTED, "remise aussi par l’échange, dont le compte est vérifié"
        return Outcome.ACCEPTED, f"{_SAME} « {self._taken.piece.place} »" if self._taken else AGAIN

    def _by_date(self, base: Base, newer: bool) -> tuple[Outcome, str]:
        if not newer:
            return Outcome.SUPERSEDED, f"celle du {in_words(base.date)} est plus récente, ou du même moment"
        if self._taken is not None:
            return Outcome.ACCEPTED, ""
        whose = f" ({team})" if (team := self._there.team) else ""
        return Outcome.ACCEPTED, f"remplace celle du {in_words(base.date)}{whose}, gardée dans recus"

    def _put(self, each: Dated, files: Files) -> None:
        whole, date = each.piece, each.date
        content, merged = dict(files), {}
        for objective, single in self._there.merged.items():
            name = f"{FOLDER}/{objective}.json"
            if single.date > (_canvas_date(content.get(name), objective) or date) or name not in content:
                content[name], merged[objective] = self._there.files[name], single
        self._now = sealed(content, Base(whole.key, date, whole.proven), merged)
        self._taken, self.changed = each, True

    def take_singles(self, singles: Sequence[Dated], raw_of: Callable[[str], bytes], team: bytes) -> None:
        """Takes canvases that came by themselves, each where it is the latest.

        Args:
            singles: Pieces that are `Single`.
            raw_of: Gives the bytes of an original, by its SHA-256.
            team: The `equipe.json` of this trainee, for when there is none.
        """
        latest: dict[str, Dated] = {}
        for each in sorted(singles, key=lambda each: (each.date, each.piece.key)):
            single: Single = each.piece
            name = f"{FOLDER}/{single.objective}.json"
            outcome, reason = self._compared(single, each.date, self._now.files.get(name))
            if outcome is Outcome.ACCEPTED and not reason.startswith(AGAIN):
                if before := latest.get(single.objective):
                    self._say(before, Outcome.SUPERSEDED, "une autre, enregistrée après, est plus récente")
                latest[single.objective] = each
                files = {"equipe.json": team, **self._now.files, name: raw_of(single.code)}
                if single.notebook:
                    files[f"{single.goal.assignment}.ipynb"] = raw_of(single.notebook)
                merged = {**self._now.merged, single.objective: Merged(single.code, each.date)}
                self._now, self.changed = sealed(files, self._now.base, merged), True
            self._say(each, outcome, reason, each.note)

    def _compared(self, single: Single, date: datetime, there: bytes | None) -> tuple[Outcome, str]:
        if single.blank:
            return Outcome.REFUSED, "rien n’est écrit dans ce canevas"
        if there is None:
            return Outcome.ACCEPTED, f"canevas {single.objective} ajouté"
        if hashlib.sha256(there).hexdigest() == single.code:
            return Outcome.ACCEPTED, AGAIN
        own = self._now.merged.get(single.objective)
        base = self._now.base
        current = own.date if own else _canvas_date(there, single.objective)
        if current is None and base is not None and _is_readable(there, single.objective):
            current = base.date
        if current is not None and date <= current:
            return Outcome.SUPERSEDED, f"le canevas enregistré le {in_words(current)} est plus récent"
        if base is not None and base.proven and own is None and (held := self._held_back(single, date, base)):
            return held
        old = f" celles du {in_words(current)}" if current else " celles qui étaient là"
        return Outcome.ACCEPTED, f"canevas {single.objective} : ces réponses remplacent{old}"

    def _held_back(self, single: Single, date: datetime, base: Base) -> tuple[Outcome, str] | None:
        """Why a canvas does not replace that of a proven copy; None when the instructor said that it may."""
        approved = self._approve(single.key, single.place, date, base.date)
        if approved:
            return None
        there = f"la copie du {in_words(base.date)}"
        if approved is None:
            return Outcome.UNMATCHED, f"{there} est {_BY_EXCHANGE} : ce canevas y remplacerait le sien"
        return Outcome.SUPERSEDED, f"{there} reste, {_BY_EXCHANGE}"

    def _say(self, each: Dated, outcome: Outcome, *reasons: str) -> None:
        if each.known and outcome is Outcome.SUPERSEDED:
            reasons = (f"{AGAIN} : {reasons[0]}", *reasons[1:])
        self._verdicts[id(each.piece)] = Verdict(each.piece, each.date, outcome, " ; ".join(filter(None, reasons)))


def _canvas_date(raw: bytes | None, objective: str) -> datetime | None:
    return saved_at({"saved_at": document_of(raw)[1]}) if raw and _is_readable(raw, objective) else None


def _is_readable(raw: bytes, objective: str) -> bool:
    try:
        load(raw, syllabus.load().objective(objective))
    except Unreadable:
        return False
    return True
