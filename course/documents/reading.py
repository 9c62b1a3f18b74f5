"""The canvases in the tables of a file: which cell is which text of which option, however people laid them out.

A row with the mark of the course comes back to the letter. In any other row, columns are known by their headings, an
option by its number or its label, or by the cell above where cells are merged; bullets in a cell are several actions.
What only the person knows is asked; what finds no place is returned with its reason, and never dropped.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count, zip_longest
from typing import Any

from course.core import syllabus
from course.core.answers.edits import identified, new_document
from course.core.answers.format import ACTION_FIELDS, MAX_ACTIONS, MAX_CHARACTERS, MAX_STRATEGIES
from course.core.bar import Choice, Question
from course.core.layouts import cleaned, items, kind_of, plain
from course.core.syllabus import Objective, Option
from course.documents import plans
from course.documents.canvases import columns
from course.documents.incoming import Cell, Table
from course.documents.rows import (
    LONGEST_NAME,
    OPTION,
    has_option,
    heading_of_canvas,
    heading_of_plan,
    is_rank,
    is_title,
    mark_of,
    repeats_headings,
    rest_of,
    second_heading,
    unmasked,
)

Ask = Callable[[Question], str]
"""Asks a person; the answer is the value of a choice, empty for none."""

_FIELDS = ("strategy", *ACTION_FIELDS)
_DETAILS = tuple(field for field in ACTION_FIELDS if field != "action")
_WORDS_OF_TITLE = 6
_CANVAS = re.compile(
    r"\s*(?:(?:canevas|objectif|obj\.?)\s*(?:n°\s*)?([1-5]\.[1-5])(?!\.?\w)|([1-5]\.[1-5])\s*(?:$|[:–—-]))", re.I
)
_CANVAS_WITHIN = re.compile(r"\b(?:canevas|objectif)\s*(?:n°\s*)?([1-5]\.[1-5])(?!\.?\w)", re.I)
_GOAL = re.compile(r"\s*(?:but\s*)?([1-5])(?![\w])\s*(?:$|[:–—.-])", re.I)
_LETTER = re.compile(r"\s*(?:option\s+)?([a-d])\s*(?:$|[.):–—-])", re.I)
_FRAME = re.compile(
    r"Classeur sans nom\.?(?: Dites qui travaille sur la page d’accueil\.)?|"
    r"Écrit le \d\d/\d\d/\d{4}(?: à \d\d\s?h\s?\d\d)?|Noms\s*:\s*…*|Date\s*:\s*…*|"
    r"\d+ textes? attend(?:ent)? votre choix dans le canevas\s: ce document n’a que ce qui y est montré\."
)
_OWNER = re.compile(r"Classeur de\s*: (.+)", re.S)
_EXCERPT = 60
_NAMES = {column.key: column.heading for column in columns(syllabus.load().objectives[0])}
_ASIDE = "aside"

NO_COLUMN = "sa colonne n’est pas du canevas"
NO_OPTION = "rien ne dit à quelle option cela va"
OTHER_OPTION = "ce n’est pas une option du canevas, telle que le cours l’écrit"
TWICE = "une autre colonne dit déjà cela de la même action"
NO_CANVAS = "rien ne dit que c’est un canevas"
FORMULA = "c’est une formule, que le cours ne calcule pas\u00a0; voici son dernier résultat"
LONG = "le texte dépasse 4\u202f000 caractères"
FULL = "il n’y a plus de place\u00a0: 20 stratégies par option, 20 actions par stratégie"
OUTSIDE = "ce texte est en dehors du tableau"


@dataclass(frozen=True, slots=True)
class Left:
    """A text that found no place.

    Attributes:
        place: Where it is in the file.
        text: All of it.
        reason: Why, in French, without a capital or a stop.
    """

    place: str
    text: str
    reason: str


@dataclass(slots=True)
class Reading:
    """The canvases of a file.

    Attributes:
        documents: The answers by canvas, every row with an id, within the limits of the format.
        places: Where each text stood: by option, row and field.
        left: The texts that found no place.
        people: Whose workbook it came from, as it says; empty when it does not.
        plans: The tables of a plan, each from its headings on.
    """

    documents: dict[Objective, dict[str, Any]] = field(default_factory=dict)
    places: dict[tuple[str, str, str], str] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    people: str = ""
    plans: list[Table] = field(default_factory=list)


def reading(tables: Iterable[Table], ask: Ask | None = None) -> Reading:
    """Read the canvases in the tables of a file.

    Args:
        tables: The tables (`incoming.read`).
        ask: Asks what the file does not say; None leaves it aside.
    """
    return _Reader(ask).read(tables)


def excerpt(text: str) -> str:
    """Return the beginning of a text on one line, as a message quotes it."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: 4 * _EXCERPT]).split())
    return line if len(line) <= _EXCERPT else f"{line[:_EXCERPT].rstrip()}…"


@dataclass(slots=True)
class _Strategy:
    id: str
    strategy: str = ""
    actions: list[dict[str, str]] = field(default_factory=list)


class _Reader:
    def __init__(self, ask: Ask | None) -> None:
        self.ask = ask
        self.result = Reading()
        self.rows: dict[str, list[_Strategy]] = {}  # by option
        self.course = syllabus.load()
        self.ids: set[tuple[str, str]] = set()  # by canvas
        self.marked: dict[tuple[str, str], _Strategy] = {}  # by option and id in the mark
        self.objective: Objective | None = None
        self.option: Option | None = None
        self.unknown = ""  # what stands for the option, where it is none of the course
        self.is_loose = False  # the last row names no option in a table of the course, where all rows do
        self.asked: dict[str, str] = {}

    def read(self, tables: Iterable[Table]) -> Reading:
        for table in tables:
            self._read_table(table)
        for option, strategies in self.rows.items():
            objective = self.course.objective(self.course.option(option).objective)
            document = self.result.documents.setdefault(objective, new_document(objective, ""))
            document["options"][option] = [
                {"id": row.id, "strategy": row.strategy, "actions": row.actions} for row in strategies
            ]
        for objective, document in self.result.documents.items():
            self.result.documents[objective] = identified(document, objective)
        return self.result

    # ---- tables

    def _read_table(self, table: Table) -> None:
        self.option, self.unknown, self.is_loose = None, "", False
        if table.is_sheet or table.above:
            self.objective = None
        for cell in (Cell(table.name, ""), *table.above):
            self._hear_title(cell)
        plan = heading_of_plan(table.rows)
        head = heading_of_canvas(table.rows) if plan is None else plan
        if not table.rows:
            return
        for cell in (cell for row in table.rows[: head or 0] for cell in row):
            self._hear_title(cell)
        if plan is not None:
            self.result.plans.append(replace(table, above=(), rows=table.rows[plan:]))
            return
        if head is not None:
            names = [cell.text[:LONGEST_NAME] for cell in table.rows[head]]
            kinds = [kind_of(cell.text, loose=True) for cell in table.rows[head]]
            if more := second_heading(table.rows[head + 1 : head + 2], kinds):
                head, kinds = head + 1, more
        else:
            names, kinds = [], self._guess(table)
        if not {"strategy", "action"} & set(kinds):
            text = "\n".join("\t".join(cell.text for cell in row).strip() for row in table.rows[head or 0 :])
            self._leave(Cell(text, next(cell.place for row in table.rows[head or 0 :] for cell in row)), NO_CANVAS)
            return
        rows = table.rows[0 if head is None else head + 1 :]
        current: _Strategy | None = None
        for number, row in enumerate(rows):
            current = self._read_row(table, row, kinds, names, current, rows[number + 1 :])

    def _hear_title(self, cell: Cell) -> None:
        """Take the canvas, the option or the people that a title names; keep what it says beside."""
        text = cell.text.strip()
        option = self._option(text, sure=True)
        if option and not rest_of(text, option):
            self._enter(option)
        elif named := _CANVAS.match(text):
            self.objective = self._objective(named[1] or named[2])
            if not self.objective or not is_title(text[named.end() :], self.objective.title):
                self._leave_title(cell)
        elif owner := _OWNER.fullmatch(text):
            self.result.people = owner[1]
        elif not (self._is_goal(text) or _FRAME.fullmatch(text) or plans.is_title(text)):
            named = _CANVAS_WITHIN.search(text[:LONGEST_NAME])
            if named and len(text.split()) <= _WORDS_OF_TITLE:
                self.objective = self._objective(named[1])
            self._leave_title(cell)

    def _leave_title(self, cell: Cell) -> None:
        if cell.place:  # the name of a sheet has none
            self._leave(cell, OUTSIDE)

    def _is_goal(self, text: str) -> bool:
        """Return True for a text that names a goal, and says nothing beside."""
        named = _GOAL.match(text)
        return named is not None and is_title(text[named.end() :], self.course.goal(named[1]).title)

    def _guess(self, table: Table) -> list[str]:
        """Return the kinds of the columns of a table without headings: by the words of its first row, or by asking."""
        width = max(map(len, table.rows))
        first = [next((r[n].text for r in table.rows if n < len(r) and r[n].text.strip()), "") for n in range(width)]
        at = next((number for number, text in enumerate(first) if self._option(text, sure=True)), None)
        texts = width - (at or 0) - 1
        if at is not None and 1 < texts <= len(_FIELDS):
            return [*[""] * at, "option", *_FIELDS[:texts]]
        choices = tuple(Choice(kind, _NAMES[kind]) for kind in ("option", *_FIELDS))
        if self.ask is None or sum(map(bool, first)) < 2:
            return [""] * width
        return [
            self._answer(
                f"Le tableau «\u202f{excerpt(table.name) or 1}\u202f» n’a pas de titres de colonnes. Sa colonne "
                f"{number} commence par «\u202f{excerpt(text)}\u202f». Qu’est-ce que c’est\u202f?",
                (*choices, Choice(_ASIDE, "Autre chose, à laisser de côté")),
            )
            if text
            else ""
            for number, text in enumerate(first, 1)
        ]

    # ---- rows

    def _read_row(  # noqa: PLR0913, PLR0917
        self,
        table: Table,
        row: Sequence[Cell],
        kinds: list[str],
        names: list[str],
        current: _Strategy | None,
        below: Sequence[Sequence[Cell]],
    ) -> _Strategy | None:
        row = [unmasked(cell, kind) for cell, kind in zip_longest(row, kinds[: len(row)])]
        mark = mark_of(row, kinds)
        if not mark and (option := self._title_of(row, kinds)):
            return current if self._enter(option) else None
        if repeats_headings(row, names):
            return current
        before, fields = (self.option, self.unknown), list[tuple[str, Cell]]()
        for number, cell in enumerate(row):
            kind = kinds[number] if number < len(kinds) else ""
            if cell.formula and cell.text.strip():
                self._leave(cell, FORMULA)
            elif kind in _FIELDS:
                fields.append((kind, cell))
            else:
                self._read_other(cell, kind, mark)
        is_loose = "mark" in kinds and not mark and not has_option(row, kinds)
        if is_loose and not self.is_loose and self._ends_here(below, kinds):
            self.option, self.unknown = None, ""  # below the last row of a document of the course: of any option
        self.is_loose = is_loose
        if (self.option, self.unknown) != before:
            current = None
        if not mark and not any(cell.text.strip() for _, cell in fields):
            return current
        if self.option is None:
            self.option = self._ask_option(table)
        if self.option is None:
            for _, cell in fields:
                self._leave(cell, NO_OPTION)
            return current
        return self._take_marked(mark, fields) if mark else self._take(fields, current)

    def _title_of(self, row: Sequence[Cell], kinds: Sequence[str]) -> Option | None:
        """Return the option of a row that names it and nothing else; in its own column where there is one."""
        full = [(cell, kind) for cell, kind in zip_longest(row, kinds[: len(row)]) if cell.text.strip()]
        if len(full) != 1 or ("option" in kinds and full[0][1] in _FIELDS):
            return None
        option = self._option(full[0][0].text, sure=True)
        return option if option and not rest_of(full[0][0].text, option) else None

    def _ends_here(self, below: Sequence[Sequence[Cell]], kinds: Sequence[str]) -> bool:
        """Return True where no row below is of the same option."""
        texts = (cell.text for row in below for cell, kind in zip(row, kinds, strict=False) if kind == "option")
        following = next((text for text in texts if text.strip()), "")
        return self.option is None or self._option(following) != self.option

    def _read_other(self, cell: Cell, kind: str, mark: str) -> None:
        """Read a cell that says where its row belongs, or keep it."""
        text = cell.text.strip()
        if not text or (kind == "mark" and text == mark) or (kind == "number" and is_rank(text)):
            return
        if kind == "option":
            self._read_option(cell)
        elif kind == "objective":
            named = _CANVAS.match(text)
            objective = self._objective(named[1] or named[2]) if named else self._titled(text)
            self.objective = objective or self.objective
            if objective is None or (named and not is_title(text[named.end() :], objective.title)):
                self._leave(cell, NO_COLUMN)
        elif kind == "label" and (option := self._option(text, sure=True)) and not rest_of(text, option):
            return
        elif kind != "goal" or not self._is_goal(text):
            self._leave(cell, NO_COLUMN)

    def _read_option(self, cell: Cell) -> None:
        text = cell.text.strip()
        option = self._option(text)
        self.option, self.unknown = None, "" if option else text
        if option is None:
            self._leave(cell, OTHER_OPTION)
            return
        self._enter(option)
        lettered = _LETTER.match(text)
        if rest_of(text[lettered.end() :] if lettered else text, option):
            self._leave(cell, NO_COLUMN)

    def _take_marked(self, mark: str, fields: list[tuple[str, Cell]]) -> _Strategy:
        """Take a row of a document of the course, to the letter."""
        assert self.option is not None
        strategy_id, _, action_id = mark.partition("/")
        home, texts = self.rows.setdefault(self.option.id, []), dict[str, Cell]()
        for kind, cell in fields:
            if texts.setdefault(kind, cell) is not cell:
                self._leave(cell, NO_COLUMN)
        written, place = texts.get("strategy"), (self.option.id, strategy_id)
        row = self.marked.get(place)
        is_other = row is not None and row.strategy and written and written.text.strip()
        if row is None or (is_other and written is not None and written.text != row.strategy):
            row = _Strategy("")
            if len(home) < MAX_STRATEGIES:
                row.id = self._free(strategy_id)
                home.append(row)
            elif written:
                self._leave(written, FULL)
            self.marked[place] = row
        if written and written.text and row.id:
            row.strategy = self._kept(row.id, "strategy", written, written.text)
        others = {kind: cell for kind, cell in texts.items() if kind != "strategy"}
        if action_id or any(cell.text for cell in others.values()):
            self._append(row, action_id, others, str)
        return row

    def _take(self, fields: list[tuple[str, Cell]], current: _Strategy | None) -> _Strategy | None:
        """Take a row that people laid out."""
        waiting: dict[str, Cell] = {}  # what stands before the action that it belongs to
        action: dict[str, Cell] | None = None
        groups = list[tuple[_Strategy | None, dict[str, Cell]]]()
        if any(kind == "action" and cell.text.strip() for kind, cell in fields):
            # A person or a date that is merged over several actions is of each.
            fields = [(k, replace(cell, text=cell.above or cell.text) if k in _DETAILS else cell) for k, cell in fields]
        for kind, cell in fields:
            if not cell.text.strip():
                continue
            if kind == "strategy":
                current, action = self._strategy(cell), None
            elif kind == "action":
                action = {"action": cell, **waiting}
                waiting = {}
                groups.append((current, action))
            elif action is not None and kind not in action:
                action[kind] = cell
            elif kind not in waiting:
                waiting[kind] = cell
            else:
                self._leave(cell, NO_COLUMN)
        if waiting and groups:  # a second date or person of the last action
            for cell in waiting.values():
                self._leave(cell, TWICE)
        elif waiting:
            groups.append((current, waiting))
        for strategy, cells in groups:
            current = strategy or current or self._strategy(Cell("", ""))
            self._take_action(current, cells)
        return current

    def _strategy(self, cell: Cell) -> _Strategy:
        """Return the strategy of a cell: the one whose text it repeats, else a new one; one without id has no room."""
        assert self.option is not None
        text = cleaned(cell.text)
        home = self.rows.setdefault(self.option.id, [])
        same = next((row for row in home if text and row.strategy == text), None)
        if same is not None:
            return same
        if len(home) >= MAX_STRATEGIES:
            self._leave(cell, FULL)
            return _Strategy("")
        row = _Strategy(self._free(_id(self.option.id, text)))
        row.strategy = self._kept(row.id, "strategy", cell, text)
        home.append(row)
        return row

    def _take_action(self, row: _Strategy, cells: Mapping[str, Cell]) -> None:
        """Take the action of a cell, or its actions where the cell is a list."""
        cell = cells.get("action")
        several = (items(cell.text) or self._lines(cell)) if cell else None
        if cell is None or several is None:
            self._append(row, "", cells, cleaned)
            return
        details = {kind: (other, items(other.text) or _lines_of(other.text)) for kind, other in cells.items()}
        for rank, item in enumerate(several):
            if not item:
                continue  # a bullet alone
            parts = {"action": Cell(item, cell.place)}
            for kind, (other, lines) in details.items():
                if kind != "action":
                    parts[kind] = Cell(lines[rank] if len(lines) == len(several) else other.text, other.place)
            self._append(row, "", parts, cleaned)

    def _lines(self, cell: Cell) -> list[str] | None:
        """Return the lines of a cell that are an action each, as the person says once; None where they are one text."""
        lines = _lines_of(cell.text)
        if len(lines) < 2 or self.ask is None:
            return None
        answer = self._answer(
            f"Des cellules ont plusieurs lignes ({cell.place}\u00a0: «\u202f{excerpt(cell.text)}\u202f»). Chaque ligne "
            "est-elle une action\u202f?",
            (Choice("several", "Oui, une action par ligne"), Choice("one", "Non, c’est un seul texte")),
            key="lines",
        )
        return lines if answer == "several" else None

    def _append(self, row: _Strategy, identifier: str, cells: Mapping[str, Cell], form: Callable[[str], str]) -> None:
        if not row.id or len(row.actions) >= MAX_ACTIONS:
            for cell in cells.values():
                self._leave(cell, FULL)
            return
        texts = {kind: form(cell.text) for kind, cell in cells.items()}
        same = any(all(action[k] == texts.get(k, "") for k in ACTION_FIELDS) for action in row.actions)
        if not identifier and (same or not any(texts.values())):
            return
        name = self._free(identifier or _id(row.id, *(texts.get(kind, "") for kind in ACTION_FIELDS)))
        kept = {kind: self._kept(name, kind, cell, texts[kind]) for kind, cell in cells.items()}
        row.actions.append({"id": name, **{kind: kept.get(kind, "") for kind in ACTION_FIELDS}})

    def _kept(self, row: str, kind: str, cell: Cell, text: str) -> str:
        """Return the text of a cell, and remember where it was; an empty one where it is too long."""
        assert self.option is not None
        if len(text) > MAX_CHARACTERS:
            self._leave(cell, LONG)
            return ""
        self.result.places[self.option.id, row, kind] = cell.place
        return text

    def _free(self, identifier: str) -> str:
        """Return an id that no other row of the canvas has: this one, or the same with a number."""
        assert self.option is not None
        names = chain([identifier], (f"{identifier[:110]}-{number}" for number in count(2)))
        name = next(name for name in names if (self.option.objective, name) not in self.ids)
        self.ids.add((self.option.objective, name))
        return name

    # ---- options and canvases

    def _enter(self, option: Option) -> bool:
        """Go on with an option; return whether it was the current one."""
        same = self.option == option
        self.option, self.objective, self.unknown = option, self._objective(option.objective), ""
        return same

    def _option(self, text: str, *, sure: bool = False) -> Option | None:
        """Return the option that a text names, by number or by label; unless `sure`, by its letter too."""
        text = text[:LONGEST_NAME]
        if numbered := OPTION.match(text):
            try:
                return self.course.option(f"{numbered[1]}.{numbered[2]}".lower())
            except KeyError:
                return None
        options = self.objective.options if self.objective and not sure else self.course.options
        lettered = _LETTER.match(text)
        for name in (text, text[lettered.end() :] if lettered else ""):
            bare = plain(re.sub(r"^\s*option\s*:?\s*", "", name, flags=re.I))
            named = [option for option in options if bare and plain(option.label) == bare]
            if len(named) == 1:
                return named[0]
        if sure or self.objective is None or lettered is None:
            return None
        return next((o for o in self.objective.options if o.id[-1] == lettered[1].lower()), None)

    def _objective(self, identifier: str) -> Objective | None:
        try:
            return self.course.objective(identifier)
        except KeyError:
            return None

    def _titled(self, text: str) -> Objective | None:
        name = plain(text)
        return next((objective for objective in self.course.objectives if plain(objective.title) == name), None)

    def _ask_option(self, table: Table) -> Option | None:
        """Return the option of rows that name none: the only one of its canvas, or the one that the person says."""
        name = excerpt(table.name)
        if self.objective is None:
            choices = tuple(Choice(o.id, f"{o.id}\u00a0: {o.title}") for o in self.course.objectives)
            answer = self._answer(f"De quel canevas est le tableau «\u202f{name}\u202f»\u202f?", choices)
            self.objective = self._objective(answer)
        if self.objective is None:
            return None
        options = self.objective.options
        if len(options) == 1:
            return options[0]
        words = (
            f"Le tableau «\u202f{name}\u202f» a pour option «\u202f{excerpt(self.unknown)}\u202f». Laquelle est-ce "
            f"dans le canevas {self.objective.id}\u202f?"
            if self.unknown
            else f"Le tableau «\u202f{name}\u202f» ne dit pas à quelle option du canevas {self.objective.id} vont "
            "ses lignes sans option. À laquelle\u202f?"
        )
        choices = tuple(Choice(option.id, f"{option.id}\u00a0: {option.label}") for option in options)
        answer = self._answer(words, choices, f"{words}\n{self.unknown}")
        return next((option for option in options if option.id == answer), None)

    def _answer(self, words: str, choices: tuple[Choice, ...], key: str = "") -> str:
        """Ask once; an answer that is no choice is none."""
        key = key or words
        if key not in self.asked:
            answer = self.ask(Question(words, choices)) if self.ask else ""
            self.asked[key] = answer if answer in {choice.value for choice in choices} else ""
        return self.asked[key]

    def _leave(self, cell: Cell, reason: str) -> None:
        last = self.result.left[-8:]
        if cell.text.strip() and not any((left.place, left.text) == (cell.place, cell.text) for left in last):
            self.result.left.append(Left(cell.place, cell.text, reason))


def _lines_of(text: str) -> list[str]:
    return [cleaned(line) for line in text.splitlines() if line.strip()]


def _id(*texts: str) -> str:
    """Return the id of a row by its words: the same each time that its file is read."""
    return uuid.uuid5(uuid.NAMESPACE_OID, "\0".join(texts)).hex
