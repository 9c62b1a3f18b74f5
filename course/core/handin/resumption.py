"""Resuming a hand-in, on this computer or another one, without losing a text of either side.

The texts that a canvas shows stay. A new incoming text is added; one that contradicts a present text is kept beside it
in `sync.conflicts`, like the texts of any two writers.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from course.core import authorship, files, results, syllabus, zips
from course.core.answers.edits import Edit, identified
from course.core.answers.format import ACTION_FIELDS, FOLDER, MAX_CHARACTERS, load, parse
from course.core.answers.registers import IDENTIFIER, version, versions_of
from course.core.answers.store import AnswersStore
from course.core.documents import in_utf8, read_json
from course.core.folders import LESSONS
from course.core.handin import manifest
from course.core.handin.package import TESTS, handin_of, read_source
from course.core.names import legible
from course.core.plan import format as plan_format
from course.core.plan.plan import home as plan_home
from course.core.plan.plan import newest
from course.core.plan.store import PlanStore
from course.core.plan.store import rejoin as rejoin_plan
from course.core.quizzes import AFTER, SITTINGS
from course.core.refusal import NotWritten, Unreadable
from course.core.syllabus import Objective
from course.core.team import MAX_NAME, Team
from course.core.words import counted

Document = Mapping[str, Any]
Row = Mapping[str, Any]
Conflict = Mapping[str, Any]

ANYWAY = "Le reprendre ici quand même\u202f?"
"""The question to `other_people`."""

_SHOWN = 8 * MAX_NAME  # characters of a team in a sentence: those of any real one
_ANSWERS = re.compile(rf"(?:.*/)?{FOLDER}/(\d\.\d)\.json")


@dataclass(frozen=True, slots=True)
class Brought:
    """The contents of a file to resume.

    Attributes:
        answers: The bytes of each canvas's answers, all readable.
        team: The team that handed it in; empty when the file does not say.
        notices: French sentences on its unreadable contents.
        plan: The bytes of the team's plan, readable; None without one.
        tests: By path, the bytes of the results of the test, all readable.
    """

    answers: Mapping[Objective, bytes]
    team: Team = field(default_factory=Team)
    notices: tuple[str, ...] = ()
    plan: bytes | None = None
    tests: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Resumed:
    """The result of resuming one canvas.

    Attributes:
        objective: Its objective.
        taken: The number of texts added.
        beside: The number of texts kept beside a present one, until the trainee chooses.
        same: The number of texts already present.
        without_place: The number of texts without room in the canvas; they are still in the file.
        problem: Why the canvas was not resumed, in French; else empty.
        notice: The notice of the store on the present file.
    """

    objective: Objective
    taken: int = 0
    beside: int = 0
    same: int = 0
    without_place: int = 0
    problem: str = ""
    notice: str = ""


def bring(source: bytes | Path) -> Brought:
    """Read a file to resume; nothing is changed.

    Args:
        source: A hand-in, the zip of a temporary session, the JSON of one canvas or of a plan, or the path of one of
            them.

    Raises:
        Unreadable: It is none of them, or invalid.
    """
    raw = in_utf8(read_source(source))
    if not zips.is_zip(raw):
        return _one_canvas(raw)
    content = zips.files(raw)
    if any(name.rpartition("/")[2] == manifest.FILE for name in content):
        handin = handin_of(content, "")
        notices = tuple(f"Canevas {name} : réponses illisibles. {reason}" for name, reason in handin.problems.items())
        answers = {syllabus.load().objective(name): raw for name, raw in handin.answers.items()}
        if handin.plan_problem:
            notices += (f"Le plan est illisible. {handin.plan_problem}",)
        return Brought(answers, handin.manifest.team, notices, handin.plan, handin.tests)
    return _whole_workbook(content)


def resume(answers: Mapping[Objective, bytes], folders: Mapping[str, Path]) -> tuple[Resumed, ...]:
    """Merge answers into a workbook, through its stores.

    Args:
        answers: The bytes of each canvas's answers, all readable.
        folders: By goal, the folder of its notebook.

    Returns:
        The result for each canvas, in the order of the course.
    """
    ordered = sorted(answers.items(), key=lambda item: item[0].id)
    return tuple(_resume(objective, raw, folders.get(objective.goal)) for objective, raw in ordered)


def resume_plan(raw: bytes | None, folder: Path) -> tuple[str, ...]:
    """Merge a plan into that of a workbook, through its store.

    Args:
        raw: The bytes of the plan, readable; None without one.
        folder: The root of the workbook, or the folder of any of its notebooks.

    Returns:
        What was done, a French line; nothing without a plan.
    """
    if raw is None:
        return ()
    store = PlanStore(plan_home(folder))
    try:
        opened = store.open()
        back = rejoin_plan(opened.document, plan_format.load(raw))
        saved = store.save(back.edits) if back.edits else opened
    except NotWritten as error:
        return (f"Plan : non repris. {error.reason}",)
    counts = (
        (back.taken, "réponse reprise", "réponses reprises"),
        (back.beside, "texte gardé à côté du vôtre", "textes gardés à côté des vôtres"),
        (len(saved.refusals), "réponse sans place ici", "réponses sans place ici"),
    )
    parts = [counted(number, one, many) for number, one, many in counts if number]
    return (f"Plan : {', '.join(parts) or 'tout était déjà là'}.",)


def resume_tests(tests: Mapping[str, bytes], root: Path) -> tuple[str, ...]:
    """Bring the results of the test into a workbook that has none; those that are there stay.

    Args:
        tests: By path, the bytes of the results, all readable.
        root: The workbook's root.

    Returns:
        A French sentence for each sitting that was brought, or that could not be.
    """
    lessons, lines = root / LESSONS, []
    for sitting, name in zip(SITTINGS, TESTS, strict=True):
        if name not in tests:
            continue
        title = "Test final" if sitting == AFTER else "Test de départ"
        try:
            if not lessons.is_dir():
                raise NotWritten("Les leçons ne sont pas dans ce classeur.")
            stored = results.read(lessons, sitting)
            if stored is not None and stored.questions:
                continue
            files.refuse_folder(lessons / name)
            files.write(lessons / name, tests[name])
        except (Unreadable, NotWritten) as error:
            lines.append(f"{title}\u00a0: non repris. {error.reason}")
        else:
            lines.append(f"{title}\u00a0: vos réponses sont reprises.")
    return tuple(lines)


def other_people(people: Team | str, root: Path) -> str:
    """Return what a person must be asked about before a file is taken into a workbook: it is of other people.

    Args:
        people: The team of the file, or its words in a document (`str` of a team); empty when the file does not say.
        root: The workbook's root.

    Returns:
        Two French sentences, without the question (`ANYWAY`); empty where the file is of the workbook's owners, or of a
        team in a workbook that names nobody, whose workbook it then becomes.

    Raises:
        Unreadable: Other names wait for an answer in this workbook.
    """
    names, _ = authorship.opened(root, claimed=False)
    if names.held is not None:
        raise Unreadable("D’autres noms attendent votre réponse\u00a0: dites d’abord qui travaille (page d’accueil).")
    owners = names.owners
    if not people or people == owners or _plain(people) == _plain(owners) or (isinstance(people, Team) and not owners):
        return ""
    here = f"est celui de\u00a0: {owners}." if owners else "ne dit pas encore qui travaille."
    return f"Ce fichier est celui de\u00a0: {legible(str(people), _SHOWN)}. Ce classeur {here}"


def _plain(people: Team | str) -> str:
    return " ".join(str(people).split()).casefold()


def summary(resumed: Sequence[Resumed]) -> tuple[str, ...]:
    """Return the results of the canvases that are not blank, a French line each."""
    lines = tuple(f"Canevas {canvas.objective.id} : {text}" for canvas in resumed if (text := _sentence(canvas)))
    return lines or ("Il n’y a rien d’écrit dans ce fichier.",)


def _one_canvas(raw: bytes) -> Brought:
    """Read the JSON file of one canvas, or of a plan."""
    try:
        document = read_json(raw, plan_format.MAX_BYTES)
        if isinstance(document, dict) and document.get("format") == plan_format.FORMAT:
            plan_format.load(raw)
            return Brought({}, plan=raw)
        identifier = document.get("objective") if isinstance(document, dict) else None
        objective = syllabus.load().objective(identifier if isinstance(identifier, str) else "")
        parse(raw, objective)
    except Unreadable as error:
        raise Unreadable(f"Ce n’est ni une remise, ni des réponses du cours. {error.reason}") from None
    except KeyError:
        raise Unreadable("Ce n’est ni une remise, ni des réponses du cours.") from None
    return Brought({objective: raw})


def _whole_workbook(content: Mapping[str, bytes]) -> Brought:
    """Read all answers of a workbook, as the bar of a temporary session packs them."""
    answers: dict[Objective, bytes] = {}
    notices = []
    plans = [raw for name, raw in content.items() if f"/{name}".endswith(f"/{plan_format.PATH}")]
    plan = newest(plans)
    if plans and plan is None:
        notices.append("Le plan est illisible.")
    for name, raw in content.items():
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
    if not answers and plan is None:
        raise Unreadable("Cette archive ne contient pas de réponses du cours.")
    return Brought(answers, notices=tuple(notices), plan=plan)


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
    """The edits for one canvas, and the numbers of texts that they concern.

    Attributes:
        edits: The edits, to be saved together.
        taken: The texts that are added, or that extend a shorter one.
        beside: The texts that are kept beside another one.
        same: The texts already present.
        origins: By the row of an edit, the incoming row that it is of.
    """

    edits: list[Edit] = field(default_factory=list)
    taken: int = 0
    beside: int = 0
    same: int = 0
    origins: dict[str, str] = field(default_factory=dict)


def rejoin(present: Document, incoming: Document, objective: Objective, *, longer_wins: bool = True) -> Rejoined:
    """Return the edits that merge `incoming` into `present`.

    Args:
        present: The document of the store, every row with an id.
        incoming: Another document of the same objective, every row with an id.
        objective: Their objective.
        longer_wins: Whether a text that holds the other replaces it, as between two states of one workbook; else both
            are kept, since « 5 % » is no beginning of « 15 % ».
    """
    return _Rejoining(present, objective, longer_wins).merge(incoming, objective)


@dataclass(slots=True)
class _PresentRow:
    """A row of the present document, with its texts after the edits."""

    id: str
    option: str
    parent: str
    texts: dict[str, str]
    versions: dict[str, int]
    actions: list[_PresentRow] = field(default_factory=list)


class _Rejoining:
    def __init__(self, present: Document, objective: Objective, longer_wins: bool) -> None:
        self.result = Rejoined()
        self.longer_wins = longer_wins
        # Two clients: the second restores the texts that the first replaced, so that both are kept.
        stem = uuid.uuid4().hex
        self.bearer, self.keeper = f"reprise-{stem}", f"present-{stem}"
        self.versions = versions_of(present)
        self.beside = {_key(conflict) for conflict in _conflicts(present)}
        self.options = {
            option.id: [self._present(row, option.id) for row in present["options"][option.id]]
            for option in objective.options
        }
        self.ids = {
            row.id for rows in self.options.values() for strategy in rows for row in (strategy, *strategy.actions)
        }
        self.targets: dict[str, _PresentRow] = {}  # by incoming row id

    def merge(self, incoming: Document, objective: Objective) -> Rejoined:
        for option in objective.options:
            home = self.options[option.id]
            rows = [
                row for row in incoming["options"][option.id] if _has_text(row) or any(map(_has_text, row["actions"]))
            ]
            for row, match in _paired(rows, home, "strategy"):
                strategy = match or self._add(row, option.id, "", home)
                self._merge_row(row, strategy, ("strategy",))
                actions = [action for action in row["actions"] if _has_text(action)]
                for action, counterpart in _paired(actions, strategy.actions, "action"):
                    target = counterpart or self._add(action, option.id, strategy.id, strategy.actions)
                    self._merge_row(action, target, ACTION_FIELDS)
        for conflict in _conflicts(incoming):
            place = self.targets.get(conflict["row"])
            if place is not None and conflict["field"] in place.texts:
                self._merge_text(place, conflict["field"], conflict["text"], beside=True)
        return self.result

    def _merge_row(self, row: Row, target: _PresentRow, fields: tuple[str, ...]) -> None:
        self.targets[row["id"]] = target
        self.result.origins.setdefault(target.id, row["id"])
        for name in fields:
            self._merge_text(target, name, row.get(name, ""))

    def _add(self, row: Row, option: str, parent: str, home: list[_PresentRow]) -> _PresentRow:
        fields = ACTION_FIELDS if parent else ("strategy",)
        target = _PresentRow(row["id"], option, parent, dict.fromkeys(fields, ""), dict.fromkeys(fields, 0))
        if target.id in self.ids:
            target.id = _alias(row["id"], target)
        self.ids.add(target.id)
        home.append(target)
        self._edit("add", target)
        return target

    def _merge_text(self, target: _PresentRow, name: str, text: str, beside: bool = False) -> None:
        shown = target.texts[name]
        if not text.strip():
            return
        is_held = text.strip() in shown if self.longer_wins else text.strip() == shown.strip()
        holds = shown.strip() in text if self.longer_wins else not shown.strip()
        if is_held or (target.id, name, text) in self.beside:
            self.result.same += 1
        elif holds and not (beside and shown.strip()):
            self._set(target, name, text, self.bearer)
            self.result.taken += 1
        else:
            number = target.versions[name]
            self._set(target, name, text, self.bearer)
            self._set(target, name, shown, self.keeper, base=number)
            self.beside.add((target.id, name, text))
            self.result.beside += 1

    def _set(self, target: _PresentRow, name: str, text: str, client: str, base: int | None = None) -> None:
        number = target.versions[name]
        self._edit("set", target, client, field=name, value=text, base=number if base is None else base)
        target.texts[name], target.versions[name] = text, number + 1

    def _edit(self, kind: Literal["add", "set"], target: _PresentRow, client: str = "", **more: Any) -> None:  # noqa: ANN401
        number = len(self.result.edits) + 1
        self.result.edits.append(
            Edit(kind, target.id, target.option, target.parent, client=client or self.bearer, number=number, **more)
        )

    def _present(self, row: Row, option: str, parent: str = "") -> _PresentRow:
        fields = ACTION_FIELDS if parent else ("strategy",)
        versions = {name: version(self.versions, row["id"], name)[0] for name in fields}
        present = _PresentRow(row["id"], option, parent, {name: row.get(name, "") for name in fields}, versions)
        present.actions = [self._present(action, option, row["id"]) for action in row.get("actions", ())]
        return present


def _has_text(row: Row) -> bool:
    return any(row.get(name, "").strip() for name in ("strategy", *ACTION_FIELDS))


def _paired(rows: Sequence[Row], home: Sequence[_PresentRow], name: str) -> list[tuple[Row, _PresentRow | None]]:
    """Pair each row with the present row for its texts, the surest pairs first; repeating it gives the same pairs."""
    free = list(home)
    pairs: dict[int, _PresentRow] = {}
    for fits in (_same_row, _same_text, _same_id):
        for index, row in enumerate(rows):
            match = None if index in pairs else next((present for present in free if fits(row, present, name)), None)
            if match is not None:
                pairs[index] = match
                free.remove(match)
    return [(row, pairs.get(index)) for index, row in enumerate(rows)]


def _same_row(row: Row, present: _PresentRow, name: str) -> bool:
    text, shown = row.get(name, "").strip(), present.texts[name].strip()
    return _same_id(row, present, name) and (text in shown or shown in text)


def _same_text(row: Row, present: _PresentRow, name: str) -> bool:
    text = row.get(name, "").strip()
    return bool(text) and present.texts[name].strip() == text


def _same_id(row: Row, present: _PresentRow, _: str) -> bool:
    return present.id in (row["id"], _alias(row["id"], present))


def _alias(identifier: str, present: _PresentRow) -> str:
    """Return another id for a row whose own is used elsewhere in the canvas: the same each time."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{present.option} {present.parent} {identifier}").hex


def _conflicts(document: Document) -> Iterator[Conflict]:
    """Yield the valid conflicts of a document."""
    conflicts = document.get("sync", {}).get("conflicts", [])
    for conflict in conflicts if isinstance(conflicts, list) else ():
        match conflict:
            case {"row": str(row), "parent": str(parent), "field": str(name), "text": str(text)}:
                fits = name in (ACTION_FIELDS if parent else ("strategy",)) and len(text) <= MAX_CHARACTERS
                if fits and IDENTIFIER.fullmatch(row):
                    yield conflict


def _key(conflict: Conflict) -> tuple[str, str, str]:
    return conflict["row"], conflict["field"], conflict["text"]
