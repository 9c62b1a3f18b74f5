"""Taking up again what was handed in, on this computer or another one, without losing a text of either side.

What a canvas shows stays shown. An incoming text that it does not hold is added; one that contradicts it is kept beside
it, as any two writers' texts are, in `sync.conflicts`.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from course.core import syllabus, zips
from course.core.answers.edits import IDENTIFIER, Edit, identified
from course.core.answers.format import ACTION_FIELDS, FOLDER, MAX_BYTES, MAX_CHARACTERS, load, parse
from course.core.answers.store import AnswersStore
from course.core.documents import in_utf8, read_json
from course.core.handin import manifest
from course.core.handin.package import handin_of, read_source
from course.core.refusal import NotWritten, Unreadable
from course.core.syllabus import Objective
from course.core.team import Team
from course.core.words import counted

Row = Mapping[str, Any]

_ANSWERS = re.compile(rf"(?:.*/)?{FOLDER}/(\d\.\d)\.json")


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file brings to a workbook.

    Attributes:
        answers: The bytes of each canvas's answers, every one readable.
        team: Who handed it in; nobody when the file does not say.
        notices: French sentences on what in it could not be read.
    """

    answers: Mapping[Objective, bytes]
    team: Team = field(default_factory=Team)
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resumed:
    """What became of one canvas.

    Attributes:
        objective: Its objective.
        taken: The number of texts that were brought in.
        beside: The number of texts that are kept beside what was there, until somebody chooses.
        same: The number of texts that were there already.
        without_place: The number of texts that found no place; they are still in the file.
        problem: Why nothing of it was taken, in French; empty when it was.
        notice: What the store says of the file that was there.
    """

    objective: Objective
    taken: int = 0
    beside: int = 0
    same: int = 0
    without_place: int = 0
    problem: str = ""
    notice: str = ""


def bring(source: bytes | Path) -> Brought:
    """Reads what a person takes up again.

    Args:
        source: A hand-in, the zip of a temporary session, one canvas's own JSON, or the path of one.

    Raises:
        Unreadable: It is none of them, or cannot be trusted; nothing was changed.
    """
    raw = in_utf8(read_source(source))
    if not zips.is_zip(raw):
        return _one(raw)
    files = zips.files(raw)
    if any(name.rpartition("/")[2] == manifest.FILE for name in files):
        handin = handin_of(files, "")
        notices = tuple(f"Canevas {name} : réponses illisibles. {reason}" for name, reason in handin.problems.items())
        answers = {syllabus.load().objective(name): content for name, content in handin.answers.items()}
        return Brought(answers, handin.manifest.team, notices)
    return _many(files)


def resume(answers: Mapping[Objective, bytes], folders: Mapping[str, Path]) -> tuple[Resumed, ...]:
    """Brings answers into a workbook, through its stores.

    Args:
        answers: The bytes of each canvas's answers, every one readable.
        folders: By goal, the folder of its notebook.

    Returns:
        What became of each canvas, in the order of the course.
    """
    ordered = sorted(answers.items(), key=lambda item: item[0].id)
    return tuple(_resume(objective, raw, folders.get(objective.goal)) for objective, raw in ordered)


def summary(resumed: Sequence[Resumed]) -> tuple[str, ...]:
    """What became of the canvases that held something, a French line each."""
    lines = tuple(f"Canevas {canvas.objective.id} : {text}" for canvas in resumed if (text := _sentence(canvas)))
    return lines or ("Il n’y a rien d’écrit dans ce fichier.",)


def _one(raw: bytes) -> Brought:
    """The answers of one canvas, as its own file holds them."""
    try:
        document = read_json(raw, MAX_BYTES)
        named = document.get("objective") if isinstance(document, dict) else None
        objective = syllabus.load().objective(named if isinstance(named, str) else "")
        parse(raw, objective)
    except Unreadable as error:
        raise Unreadable(f"Ce n’est ni une remise, ni des réponses du cours. {error.reason}") from None
    except KeyError:
        raise Unreadable("Ce n’est ni une remise, ni des réponses du cours.") from None
    return Brought({objective: raw})


def _many(files: Mapping[str, bytes]) -> Brought:
    """All answers of a workbook, as the bar of a temporary session packs them."""
    answers: dict[Objective, bytes] = {}
    notices = []
    for name, raw in files.items():
        match = _ANSWERS.fullmatch(name)
        try:
            objective = syllabus.load().objective(match[1] if match else "")
        except KeyError:
            continue
        try:
            if objective in answers:
                raise Unreadable("Ce canevas y est deux fois.")
            parse(raw, objective)
        except Unreadable as error:
            notices.append(f"Canevas {objective.id} : réponses illisibles. {error.reason}")
        else:
            answers[objective] = raw
    if not answers:
        raise Unreadable("Cette archive ne contient pas de réponses du cours.")
    return Brought(answers, notices=tuple(notices))


def _resume(objective: Objective, raw: bytes, folder: Path | None) -> Resumed:
    if folder is None:
        return Resumed(objective, problem=f"le cahier du but {objective.goal} n’est pas dans ce classeur.")
    store = AnswersStore(folder, objective)
    try:
        opened = store.open()
        plan = rejoin(opened.document, identified(load(raw, objective), objective), objective)
        saved = store.save(plan.edits) if plan.edits else opened
    except NotWritten as error:
        return Resumed(objective, problem=f"non repris. {error.reason}")
    refused = sum(refusal.edit.kind == "set" for refusal in saved.refusals)
    return Resumed(objective, plan.taken - refused, plan.beside, plan.same, refused, notice=opened.notice)


def _sentence(canvas: Resumed) -> str:
    if canvas.problem:
        return canvas.problem
    parts = [
        (canvas.taken, "texte repris", "textes repris"),
        (canvas.same, "texte déjà là", "textes déjà là"),
        (
            canvas.without_place,
            "texte resté dans le fichier, sans place ici",
            "textes restés dans le fichier, sans place ici",
        ),
    ]
    sentence = ", ".join(counted(number, one, many) for number, one, many in parts if number)
    if canvas.beside:
        one = "1 texte diffère de ce qui est écrit ici : les deux sont gardés, choisissez dans le canevas"
        many = f"{canvas.beside} textes diffèrent de ce qui est écrit ici : tout est gardé, choisissez dans le canevas"
        sentence = " ; ".join(filter(None, (sentence, one if canvas.beside == 1 else many)))
    return " ".join(filter(None, (f"{sentence}." if sentence else "", canvas.notice)))


@dataclass(slots=True)
class Rejoined:
    """The edits for one canvas, and how many texts they concern.

    Attributes:
        edits: To be saved together.
        taken: The texts that are added, or that make a shorter one longer.
        beside: The texts that are kept beside another one.
        same: The texts that are there already.
    """

    edits: list[Edit] = field(default_factory=list)
    taken: int = 0
    beside: int = 0
    same: int = 0


def rejoin(present: Row, incoming: Row, objective: Objective) -> Rejoined:
    """The edits that bring `incoming` into `present`.

    Args:
        present: The document as the store has it, every row with an id.
        incoming: Another document of the same objective, every row with an id.
        objective: Their objective.
    """
    return _Rejoining(present, objective).bring(incoming, objective)


@dataclass(slots=True)
class _Place:
    """A row of the present copy, with what it will hold once the edits are made."""

    id: str
    option: str
    parent: str
    texts: dict[str, str]
    versions: dict[str, int]
    actions: list[_Place] = field(default_factory=list)


class _Rejoining:
    def __init__(self, present: Row, objective: Objective) -> None:
        self.result = Rejoined()
        # Two clients: the second puts back what the first replaced, so that both texts are kept.
        stem = uuid.uuid4().hex
        self.bearer, self.keeper = f"reprise-{stem}", f"present-{stem}"
        versions = present.get("sync", {}).get("versions", {})
        self.versions = versions if isinstance(versions, dict) else {}
        self.beside = {_key(conflict) for conflict in _conflicts(present)}
        self.options = {
            option.id: [self._known(row, option.id) for row in present["options"][option.id]]
            for option in objective.options
        }
        self.taken = {place.id for rows in self.options.values() for row in rows for place in (row, *row.actions)}
        self.homes: dict[str, _Place] = {}  # row ids of the other copy -> where their texts went

    def bring(self, incoming: Row, objective: Objective) -> Rejoined:
        for option in objective.options:
            home = self.options[option.id]
            rows = [
                row for row in incoming["options"][option.id] if _has_text(row) or any(map(_has_text, row["actions"]))
            ]
            for row, match in _paired(rows, home, "strategy"):
                place = match or self._add(row, option.id, "", home)
                self._bring_row(row, place, ("strategy",))
                actions = [action for action in row["actions"] if _has_text(action)]
                for action, counterpart in _paired(actions, place.actions, "action"):
                    task = counterpart or self._add(action, option.id, place.id, place.actions)
                    self._bring_row(action, task, ACTION_FIELDS)
        for conflict in _conflicts(incoming):
            target = self.homes.get(conflict["row"])
            if target is not None and conflict["field"] in target.texts:
                self._bring(target, conflict["field"], conflict["text"], beside=True)
        return self.result

    def _bring_row(self, row: Row, place: _Place, fields: tuple[str, ...]) -> None:
        self.homes[row["id"]] = place
        for name in fields:
            self._bring(place, name, row.get(name, ""))

    def _add(self, row: Row, option: str, parent: str, home: list[_Place]) -> _Place:
        fields = ACTION_FIELDS if parent else ("strategy",)
        place = _Place(row["id"], option, parent, dict.fromkeys(fields, ""), dict.fromkeys(fields, 0))
        if place.id in self.taken:
            place.id = _alias(row["id"], place)
        self.taken.add(place.id)
        home.append(place)
        self._edit("add", place)
        return place

    def _bring(self, place: _Place, name: str, text: str, beside: bool = False) -> None:
        shown = place.texts[name]
        if not text.strip():
            return
        if text.strip() in shown or (place.id, name, text) in self.beside:
            self.result.same += 1
        elif shown.strip() in text and not (beside and shown.strip()):
            self._set(place, name, text, self.bearer)
            self.result.taken += 1
        else:
            version = place.versions[name]
            self._set(place, name, text, self.bearer)
            self._set(place, name, shown, self.keeper, base=version)
            self.beside.add((place.id, name, text))
            self.result.beside += 1

    def _set(self, place: _Place, name: str, text: str, client: str, base: int | None = None) -> None:
        version = place.versions[name]
        self._edit("set", place, client, field=name, value=text, base=version if base is None else base)
        place.texts[name], place.versions[name] = text, version + 1

    def _edit(self, kind: Literal["add", "set"], place: _Place, client: str = "", **more: Any) -> None:  # noqa: ANN401
        number = len(self.result.edits) + 1
        self.result.edits.append(
            Edit(kind, place.id, place.option, place.parent, client=client or self.bearer, number=number, **more)
        )

    def _known(self, row: Row, option: str, parent: str = "") -> _Place:
        fields = ACTION_FIELDS if parent else ("strategy",)
        versions = {name: self._version(row["id"], name) for name in fields}
        place = _Place(row["id"], option, parent, {name: row.get(name, "") for name in fields}, versions)
        place.actions = [self._known(action, option, row["id"]) for action in row.get("actions", ())]
        return place

    def _version(self, row: str, name: str) -> int:
        fields = self.versions.get(row)
        match fields.get(name) if isinstance(fields, dict) else None:
            case [int(number), str(), int()]:
                return number
        return 0


def _has_text(row: Row) -> bool:
    return any(row.get(name, "").strip() for name in ("strategy", *ACTION_FIELDS))


def _paired(rows: Sequence[Row], home: Sequence[_Place], name: str) -> list[tuple[Row, _Place | None]]:
    """Each row with the place where its texts go: the surest pairs first, so that repeating it gives the same pairs."""
    free = list(home)
    pairs: dict[int, _Place] = {}
    for fits in (_same_row, _same_text, _same_id):
        for index, row in enumerate(rows):
            place = None if index in pairs else next((p for p in free if fits(row, p, name)), None)
            if place is not None:
                pairs[index] = place
                free.remove(place)
    return [(row, pairs.get(index)) for index, row in enumerate(rows)]


def _same_row(row: Row, place: _Place, name: str) -> bool:
    text, shown = row.get(name, "").strip(), place.texts[name].strip()
    return _same_id(row, place, name) and (text in shown or shown in text)


def _same_text(row: Row, place: _Place, name: str) -> bool:
    text = row.get(name, "").strip()
    return bool(text) and place.texts[name].strip() == text


def _same_id(row: Row, place: _Place, _: str) -> bool:
    return place.id in (row["id"], _alias(row["id"], place))


def _alias(name: str, place: _Place) -> str:
    """Another id for a row whose own is taken elsewhere in the canvas: the same each time."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{place.option} {place.parent} {name}").hex


def _conflicts(document: Row) -> Iterator[Row]:
    """The texts kept beside others in a document, as far as they can be understood."""
    conflicts = document.get("sync", {}).get("conflicts", [])
    for conflict in conflicts if isinstance(conflicts, list) else ():
        match conflict:
            case {"row": str(row), "parent": str(parent), "field": str(name), "text": str(text)}:
                fits = name in (ACTION_FIELDS if parent else ("strategy",)) and len(text) <= MAX_CHARACTERS
                if fits and IDENTIFIER.fullmatch(row):
                    yield conflict


def _key(conflict: Row) -> tuple[str, str, str]:
    return conflict["row"], conflict["field"], conflict["text"]
