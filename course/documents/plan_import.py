"""A plan that was filled in without the course, taken into a workbook's: which row is which action, and what it says.

Actions come from the canvases alone: a row is known by the mark of the course or by the text of its action. Texts are
merged like those of any two writers; of a tick, a level or an answer, what the plan has stays, and the other is told.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from course.core import syllabus
from course.core.answers.edits import Edit
from course.core.answers.format import MAX_CHARACTERS, tidy
from course.core.answers.registers import version, versions_of
from course.core.bar import Choice, Question
from course.core.layouts import cleaned
from course.core.plan import plan as plans
from course.core.plan.format import FIELDS, LABELS, LEVELS, MAX_ORDER, PRINCIPLES, QUARTERS
from course.core.plan.plan import Source, Sources
from course.core.plan.store import PlanStore, is_kept_beside
from course.core.refusal import NotWritten
from course.core.words import counted
from course.documents.incoming import Cell, Table
from course.documents.plans import MARK, kinds_of, value_of
from course.documents.reading import FORMULA, LONG, NO_COLUMN, TWICE, Ask, Left, excerpt
from course.documents.rows import is_rank, mark_of, names_option, repeats_headings, unmasked

NO_ACTION = "cette action n’est d’aucun canevas de ce classeur\u00a0: écrivez-la d’abord dans le sien, puis recommencez"
OWN_TEXT = "le plan montre ici le canevas\u00a0: c’est là qu’on le corrige"
_STEP = 1024  # between two ranks, as in workbook/plan/rows.js
_HINTS = {
    **dict.fromkeys(QUARTERS, "pour un trimestre, on met une croix ou rien"),
    **dict.fromkeys((*LEVELS, *PRINCIPLES), "ce n’est pas un des mots de la liste"),
    "principles": "ce n’est pas de la forme «\u202f1 oui, 2 non, 3 à revoir\u202f»",
    "cost": "un coût s’écrit en chiffres, sans lettres",
}


@dataclass(frozen=True, slots=True)
class Place:
    """An action of the plan: its row, its option and the id of its strategy, and its text."""

    row: str
    option: str
    parent: str
    action: str


@dataclass(frozen=True, slots=True)
class Value:
    """What a cell says of an action.

    Attributes:
        place: The action.
        field: The field of the plan.
        text: Its value, as edits spell it.
        cell: The cell.
    """

    place: Place
    field: str
    text: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class PlanImport:
    """What became of the plan of a file.

    Attributes:
        lines: The report in French: a sum, and a line for each value that was taken, changed or kept.
        left: What found no place.
    """

    lines: tuple[str, ...]
    left: tuple[Left, ...]


def take(tables: Sequence[Table], root: Path, ask: Ask | None) -> PlanImport:
    """Merge the plan of a file into that of a workbook.

    Args:
        tables: Its tables, each from its headings on, which `plans.kinds_of` knows.
        root: The root of the workbook.
        ask: Asks which of several actions of one text is meant; None leaves it aside.
    """
    store, sources = PlanStore(plans.home(root)), plans.sources(root)
    try:
        opened = store.open()
        reader = PlanReader(sources, opened.document, ask)
        reader.read(tables)
        merging = _Merging(opened.document, sources)
        merging.merge(reader)
        saved = store.save(merging.edits) if merging.edits else opened
    except NotWritten as error:
        whole = PlanReader(sources, {}, None)
        whole.read(tables)
        reason = error.reason.rstrip(".")
        cells = [Left(value.cell.place, value.cell.text, reason) for value in whole.values if value.cell.text.strip()]
        return PlanImport((f"Plan\u00a0: rien n’est repris. {error.reason}",), (*whole.left, *cells))
    refused = {(r.edit.row, r.edit.field): r.reason.rstrip(".") for r in saved.refusals}
    lines, left, sums = [], list(reader.left), dict.fromkeys(("Pris", "Changé", "Gardé"), 0)
    for word, value, reason in merging.outcomes:
        if problem := refused.get((value.place.row, value.field), reason if word == "Refusé" else ""):
            left.append(Left(value.cell.place, value.cell.text, problem))
            continue
        sums[word] += 1
        quoted = f"\u00a0: «\u202f{excerpt(value.cell.text)}\u202f»" if value.cell.text.strip() else ""
        name = f"«\u202f{excerpt(value.place.action)}\u202f», {_name(value.field)}"
        lines.append(f"{word}\u00a0– {value.cell.place}\u00a0→ {name}{quoted}{reason}.")
    parts = (
        (sums["Pris"], "réponse prise", "réponses prises"),
        (sums["Changé"], "texte changé", "textes changés"),
        (sums["Gardé"], "réponse vide dans le fichier", "réponses vides dans le fichier"),
        (merging.same, "réponse déjà là", "réponses déjà là"),
    )
    whole_sum = ", ".join(counted(number, one, many) for number, one, many in parts if number)
    absent = sum(bool(entry.get("chosen")) for row, entry in reader.entries.items() if row not in reader.rows)
    if absent:
        lines.append(f"Dans le plan et pas dans ce fichier\u00a0: {counted(absent, 'action')}, qui y restent.")
    notice = [opened.notice] if opened.notice else []
    return PlanImport((f"Plan\u00a0: {whole_sum or 'rien d’écrit'}.", *lines, *notice), tuple(left))


def _name(field: str) -> str:
    titles = plans.principles()
    if field == "chosen":
        return "dans le plan"
    if field.endswith("_reason"):
        return f"principe {field[1]} ({titles[field[:2]]}), pourquoi"
    return titles.get(field, LABELS.get(field, field.upper()))


class PlanReader:
    """Reads the tables of a plan.

    Attributes:
        values: What they say, in their order.
        rows: The actions that they have, in their order.
        left: What found no place.
    """

    def __init__(self, sources: Sources, document: Mapping[str, Any], ask: Ask | None) -> None:
        """A reader for a workbook.

        Args:
            sources: The actions of its canvases.
            document: Its plan; `{}` for none.
            ask: Asks which of several actions is meant; None leaves it aside.
        """
        self.values: list[Value] = []
        self.rows: dict[str, Place] = {}
        self.left: list[Left] = []
        self.ask = ask
        self.sources = {source.row: source for source in sources.actions}
        self.by_text: dict[str, list[Source]] = {}
        for source in sources.actions:
            self.by_text.setdefault(tidy(source.action), []).append(source)
        self.entries: Mapping[str, Mapping[str, Any]] = document.get("entries", {})
        self.known: dict[tuple[str, str], str] = {}

    def read(self, tables: Sequence[Table]) -> None:
        """Read tables, each from its headings on."""
        for table in tables:
            names = [cell.text for cell in table.rows[0]]
            kinds = kinds_of(names) or []
            for row in table.rows[1:]:
                if not repeats_headings(row, names):
                    self._read_row(row, kinds)

    def _read_row(self, row: Sequence[Cell], kinds: Sequence[str]) -> None:
        # What is merged over several actions is of each.
        whole = [replace(cell, text=cell.text or cell.above) for cell in row]
        row = [unmasked(cell, kind) for cell, kind in zip_longest(whole, kinds[: len(row)])]
        mark = mark_of(row, kinds)
        cells = [(kinds[number] if number < len(kinds) else "", cell) for number, cell in enumerate(row)]
        full = [(kind, cell) for kind, cell in cells if cell.text.strip() and kind != "mark"]
        if all(kind == "number" and is_rank(cell.text) for kind, cell in full):
            return
        place = self._place(cells, mark)
        if place is None:
            self.left += (Left(cell.place, cell.text, NO_ACTION) for kind, cell in full if kind != "number")
            return
        self.rows.setdefault(place.row, place)
        for kind, cell in cells:
            if cell.formula and cell.text.strip():
                self._leave(cell, FORMULA)
            elif kind in FIELDS or kind == "principles":
                self._read_value(place, kind, cell, is_marked=bool(mark))
            elif not self._is_known(place, kind, cell):
                self._leave(cell, OWN_TEXT if kind in ("option", "label", "strategy", "action") else NO_COLUMN)

    def _place(self, cells: Sequence[tuple[str, Cell]], mark: str) -> Place | None:
        """Return the action of a row: by its mark, else by its text."""
        row = mark.removeprefix(MARK) if mark.startswith(MARK) else ""
        if row in self.sources:
            return _place_of(self.sources[row])
        if row in self.entries:
            entry = self.entries[row]
            return Place(row, entry["option"], entry.get("strategy_id", ""), entry.get("seen_action", ""))
        text = next((cell.text for kind, cell in cells if kind == "action"), "")
        named = " ".join(cell.text[:40] for kind, cell in cells if kind == "option")
        same = self.by_text.get(tidy(text), []) or self.by_text.get(tidy(cleaned(text)), []) if text.strip() else []
        same = [source for source in same if names_option(named, source.option)] or same
        if len(same) > 1 and self.ask is not None:
            words = (
                f"L’action «\u202f{excerpt(text)}\u202f» est dans plusieurs canevas. De laquelle parle le "
                "fichier\u202f?"
            )
            choices = tuple(
                Choice(source.row, f"{source.option}\u00a0: {excerpt(source.strategy) or 'sans stratégie'}")
                for source in same
            )
            answer = self.ask(Question(words, choices))
            same = [source for source in same if source.row == answer]
        return _place_of(same[0]) if len(same) == 1 else None

    def _read_value(self, place: Place, kind: str, cell: Cell, *, is_marked: bool) -> None:
        if len(cell.text) > MAX_CHARACTERS:
            self._leave(cell, LONG)
            return
        is_text = kind in FIELDS and FIELDS[kind].kind == "text"
        values = value_of(kind, cell.text if is_marked or not is_text else cleaned(cell.text))
        if values is None:
            self._leave(cell, _HINTS.get(kind, NO_COLUMN))
            return
        for field, text in values.items():
            known = self.known.setdefault((place.row, field), text)
            if known != text:
                self._leave(cell, TWICE)
            elif text or is_marked:
                self.values.append(Value(place, field, text, cell))

    def _is_known(self, place: Place, kind: str, cell: Cell) -> bool:
        """Return True for a cell that says what the plan says of the action by itself."""
        text, source = cell.text.strip(), self.sources.get(place.row)
        if not text or kind == "mark":
            return True
        objective = syllabus.load().objective(syllabus.load().option(place.option).objective)
        if kind == "label":
            return tidy(text) == tidy(objective.title)
        if kind == "option":
            return names_option(text, place.option) and tidy(text.removeprefix(place.option)) in ("", objective.title)
        if kind in ("strategy", "action"):
            shown = place.action if kind == "action" else (source.strategy if source else text)
            return tidy(cleaned(text)) == tidy(cleaned(shown))
        return kind == "number" and is_rank(text)

    def _leave(self, cell: Cell, reason: str) -> None:
        if cell.text.strip():
            self.left.append(Left(cell.place, cell.text, reason))


def _place_of(source: Source) -> Place:
    return Place(source.row, source.option, source.strategy_id, source.action)


class _Merging:
    """The edits that bring the values of a file into a plan, and what they do.

    Attributes:
        edits: To be saved together.
        outcomes: For each value that is not there already: `Pris`, `Changé`, `Gardé` or `Refusé`, with more to say.
        same: The number of values that are there.
    """

    def __init__(self, document: Mapping[str, Any], sources: Sources) -> None:
        self.document = document
        self.sources = {source.row: source for source in sources.actions}
        self.versions = versions_of(document)
        conflicts = document.get("sync", {}).get("conflicts", [])
        self.beside = {
            (one.get("row"), one.get("field"), one.get("text")) for one in conflicts if isinstance(one, dict)
        }
        self.stem = uuid.uuid4().hex
        self.edits: list[Edit] = []
        self.outcomes: list[tuple[str, Value, str]] = []
        self.same = 0

    def merge(self, reader: PlanReader) -> None:
        entries = self.document["entries"]
        rank = max((entry.get("order", 0) for entry in entries.values() if entry.get("chosen")), default=0)
        for row, place in reader.rows.items():
            if not entries.get(row, {}).get("chosen"):
                rank = min(rank + _STEP, MAX_ORDER)
                self._choose(place, rank)
        for value in reader.values:
            self._merge(value)

    def _choose(self, place: Place, rank: int) -> None:
        source = self.sources.get(place.row)
        if source and "seen_action" not in self.document["entries"].get(place.row, {}):
            self._set(place, "seen_strategy", source.strategy)
            self._set(place, "seen_action", source.action)
        self._set(place, "chosen", "1")
        self._set(place, "order", str(rank))
        self.outcomes.append(("Pris", Value(place, "chosen", "1", Cell("", "la ligne de l’action")), ""))

    def _merge(self, value: Value) -> None:
        shown = self._shown(value)
        text = value.text
        if not (text.strip() or shown.strip()):
            return
        if text.strip() == shown.strip() or (value.place.row, value.field, text) in self.beside:
            self.same += bool(text.strip())
        elif not text.strip():
            self.outcomes.append(
                ("Gardé", value, f"\u00a0: vide dans le fichier, le plan garde «\u202f{excerpt(shown)}\u202f»")
            )
        elif not shown.strip():
            self._set(value.place, value.field, text)
            self.outcomes.append(("Pris", value, ""))
        elif is_kept_beside(value.field):
            # Two clients: the second writes what the first replaced, so that both are kept.
            self._set(value.place, value.field, text)
            self._set(value.place, value.field, shown, "present")
            self.outcomes.append(("Changé", value, "\u00a0: les deux sont gardés, choisissez dans le plan"))
        else:
            reason = (
                f"le plan dit déjà autre chose ({_name(value.field)})\u00a0: changez-le dans «\u202fMon plan\u202f»"
            )
            self.outcomes.append(("Refusé", value, reason))

    def _shown(self, value: Value) -> str:
        entry = self.document["entries"].get(value.place.row, {})
        if value.field in entry:
            return FIELDS[value.field].text(entry[value.field])
        source = self.sources.get(value.place.row)
        return source.proposed.get(value.field, "") if source else ""

    def _set(self, place: Place, field: str, text: str, client: str = "reprise") -> None:
        base = version(self.versions, place.row, field)[0]
        name = f"{client}-{self.stem}"
        self.edits.append(
            Edit("set", place.row, place.option, place.parent, field, text, base, name, len(self.edits) + 1)
        )
