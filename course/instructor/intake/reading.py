"""From files to pieces: hand-ins, packed or unpacked, answers alone, and zips and folders of all of these."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course.core import syllabus, team
from course.core.answers.format import ACTION_FIELDS, FORMAT, MAX_BYTES, load, read_json
from course.core.answers.reading import FOLDER, file_name
from course.core.bar import bar
from course.core.handin import archive, manifest
from course.core.handin.archive import is_archive
from course.core.handin.opening import handin_of
from course.core.handin.packing import notebook_name
from course.core.names import legible
from course.core.refusal import Unreadable
from course.core.syllabus import Goal, Objective
from course.core.team import Team
from course.instructor.intake.boxes import Box, File
from course.instructor.intake.folders import file_on_disk, folder
from course.instructor.intake.names import Envelope, envelope
from course.instructor.intake.originals import bundle, unbundled
from course.instructor.intake.pieces import Piece, Problem, Single, Whole

Keep = Callable[[bytes, str], str]

NEITHER = "Ce n’est ni une remise, ni des réponses du cours."
_FORGED = (
    f"« {team.FILE} » ne nomme pas les mêmes personnes que « {manifest.FILE} » : ce n’est pas « Remettre » qui a "
    "fait ce fichier."
)
_MANY = 20  # files, from which a bar says how far one is
_OFFICE = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub", ".jar", ".whl", ".apk")


@dataclass(frozen=True, slots=True)
class Trail:
    """The way to a file: what the instructor named, then folders and zips.

    Attributes:
        outer: The name of what the instructor named.
        inner: The names below it.
        names: Those of them that may be a person's.
        alone: Whether the instructor named the file itself, or the zip of one person.
    """

    outer: str
    inner: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    alone: bool = False

    def to(self, *names: str) -> Trail:
        """The way on from here."""
        return replace(self, inner=(*self.inner, *names), names=(*self.names, *names))

    def common(self) -> Trail:
        """The same way, when what it leads to is of several people: its name is nobody's."""
        return replace(self, alone=False) if not self.inner else replace(self, names=self.names[:-1])

    @property
    def place(self) -> str:
        """The way in words."""
        return " › ".join(map(legible, (self.outer, *self.inner)))

    @property
    def envelope(self) -> Envelope:
        """The names on it."""
        return envelope(self.outer, self.names, self.alone)


def pieces(path: Path, keep: Keep) -> Iterator[Piece | Problem]:
    """What is in a file or folder that the instructor named.

    Args:
        path: It; a link is not followed.
        keep: Puts an original aside until it is known whether it is taken, and gives its SHA-256.

    Yields:
        Pieces, and a problem for each file that is none; nothing that systems add by themselves.
    """
    path = path.expanduser().absolute()
    trail = Trail(path.name or str(path))
    reader = _Reader(keep)
    if not path.is_symlink() and path.is_dir():
        yield from reader.box(folder(path), trail, 0)
    else:
        yield from reader.file(file_on_disk(path, (path.name,)), replace(trail, alone=True), 0)


@dataclass(slots=True)
class _Reader:
    keep: Keep

    def box(self, box: Box, trail: Trail, depth: int) -> Iterator[Piece | Problem]:
        for bad in box.bad:
            yield Problem(trail.to(*bad.parts).place, bad.reason)
        left = {file.parts: file for file in box.files}
        for parts in [parts for parts in left if parts[-1] == manifest.FILE]:
            yield self._unpacked(parts[:-1], left, trail)
        teams = {parts[:-1]: _team(left.pop(parts)) for parts in list(left) if parts[-1] == team.FILE}
        notebooks = self._notebooks(left)
        shown = left.items() if depth > 1 or len(left) < _MANY else bar(left.items(), "Lecture", len(left))
        for parts, file in shown:
            who = next((teams[above] for above in _above(parts) if above in teams), None) or Team()
            for piece in self.file(file, trail.to(*parts[:-1]), depth):
                home = parts[:-2] if parts[-2:-1] == (FOLDER,) else parts[:-1]
                if not isinstance(piece, Single):
                    yield piece
                    continue
                code = notebooks.get((*home, notebook_name(piece.goal)), "") if parts[-1].endswith(".json") else ""
                yield replace(piece, team=piece.team or who, notebook=piece.notebook or code)

    def file(self, file: File, trail: Trail, depth: int) -> Iterator[Piece | Problem]:
        here = trail if trail.alone and not trail.inner and depth == 0 else trail.to(file.name)
        name = file.name.lower()
        try:
            if name.endswith(".json"):
                yield self._single(file, here)
            elif name.endswith(_OFFICE):
                yield Problem(here.place, f"{NEITHER} Les réponses s’écrivent dans les canevas.")
            elif name.endswith(".ipynb"):
                yield Problem(here.place, "Un cahier seul ne porte pas de réponses : demandez le fichier que fait "
                              "« Remettre ».")  # fmt: skip
            elif name.endswith(".recu.html"):
                yield Problem(here.place, "C’est un reçu : il n’y a rien à y prendre.")
            elif is_archive(name) and not name.endswith(".zip"):
                yield Problem(here.place, "Cette sorte d’archive ne se lit pas : extrayez-la, puis donnez le dossier.")
            elif ".zip" in name or "." not in name:
                yield from self._zip(file, here, depth + 1)
            else:
                yield Problem(here.place, NEITHER)
        except Unreadable as error:
            yield Problem(here.place, error.reason)

    def _zip(self, file: File, trail: Trail, depth: int) -> Iterator[Piece | Problem]:
        with file.open(depth) as box:
            names = [each.parts for each in box.files]
            tops = {parts[0] for parts in names}
            if (manifest.FILE,) in names or (len(tops) == 1 and (*tops, manifest.FILE) in names):
                if box.bad:
                    raise Unreadable(box.bad[0].reason)
                top = () if (manifest.FILE,) in names else tuple(tops)
                left = {each.parts: each for each in box.files}
                yield self._unpacked(top, left, trail, file)
                for parts, other in left.items():
                    yield from self.file(other, trail.to(*parts[:-1]), depth)
                return
            found = False
            for piece in self.box(box, trail if _of_one(names) else trail.common(), depth):
                found = True
                yield piece
            if not found:
                raise Unreadable("Cette archive est vide.")

    def _unpacked(
        self, top: tuple[str, ...], left: dict[tuple[str, ...], File], trail: Trail, whole: File | None = None
    ) -> Whole | Problem:
        """The hand-in whose files stand in a folder; they are taken out of `left`."""
        here = trail.to(*top)
        said_file = left.pop((*top, manifest.FILE))
        try:
            raw = said_file.read(manifest.MAX_BYTES)
            said = manifest.parse(raw)
        except Unreadable as error:
            return Problem(here.place, error.reason)
        files = {name: left.pop(parts) for name, parts in _sealed(said.goal, top, left).items()}
        try:
            content = {manifest.FILE: raw, **{name: each.read(archive.MAX_FILE_BYTES) for name, each in files.items()}}
            handin = handin_of(content, "")
            if team.FILE in content and _parsed(content[team.FILE]) != said.team:
                raise Unreadable(_FORGED)  # « Remettre » writes the same names twice
            original = whole.read(archive.MAX_BYTES) if whole is not None and not left else b""
            if not original or unbundled(original, content) != content:
                original = bundle(content)  # what stands in its folder is what was read
        except Unreadable as error:
            return Problem(here.place, error.reason)
        notes = tuple(f"canevas {name} illisible : {_lowered(why)}" for name, why in handin.problems.items())
        key = hashlib.sha256(raw).hexdigest()
        code = self.keep(original, ".zip")
        return Whole(here.place, here.envelope, said.goal, said.team, key, said.date, code, notes=notes)

    def _notebooks(self, left: dict[tuple[str, ...], File]) -> dict[tuple[str, ...], str]:
        """The notebooks that lie beside answers, by their path; they are taken out of `left`."""
        homes = {parts[:-2] for parts in left if parts[-2:-1] == (FOLDER,) and parts[-1].endswith(".json")}
        found: dict[tuple[str, ...], str] = {}
        for goal in syllabus.load().goals:
            for home in homes:
                if file := left.pop((*home, notebook_name(goal)), None):
                    try:
                        found[(*home, notebook_name(goal))] = self.keep(file.read(archive.MAX_FILE_BYTES), ".ipynb")
                    except Unreadable:
                        continue  # the answers suffice
        return found

    def _single(self, file: File, trail: Trail) -> Piece | Problem:
        if file.name.startswith(tuple(f"{each.id}-illisible" for each in syllabus.load().objectives)):
            return Problem(
                trail.place, "Le canevas avait mis ce fichier de côté, illisible : il n’y a rien à y prendre."
            )
        raw = file.read(MAX_BYTES)
        try:
            objective = _objective(read_json(raw, MAX_BYTES))
            if objective is None:
                return Problem(trail.place, NEITHER)
            document = load(raw, objective)
        except Unreadable as error:
            return Problem(trail.place, f"Réponses illisibles. {error.reason}")
        return Single(
            trail.place,
            trail.envelope,
            syllabus.load().goal(objective.goal),
            objective.id,
            Team(),
            self.keep(raw, ".json"),
            saved_at(document),
            document.get("document", ""),
            _is_blank(document, objective),
        )


def saved_at(document: Mapping[str, Any]) -> datetime | None:
    """When a canvas's answers were last saved, in UTC, to the second; None when they do not say."""
    try:
        moment = datetime.fromisoformat(document.get("saved_at", ""))
        return moment.astimezone(UTC).replace(microsecond=0) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _objective(document: object) -> Objective | None:
    named = document.get("objective") if isinstance(document, dict) and document.get("format") == FORMAT else None
    try:
        return syllabus.load().objective(named if isinstance(named, str) else "")
    except KeyError:
        return None


def _is_blank(document: Mapping[str, Any], objective: Objective) -> bool:
    rows = [row for option in objective.options for row in document["options"].get(option.id, ())]
    actions = [action for row in rows for action in row.get("actions", ())]
    texts = [row.get("strategy", "") for row in rows]
    texts += [action.get(name, "") for action in actions for name in ACTION_FIELDS]
    return not any(text.strip() for text in texts)


def _team(file: File) -> Team | None:
    try:
        return _parsed(file.read(team.MAX_BYTES))
    except Unreadable:
        return None


def _parsed(raw: bytes) -> Team | None:
    try:
        return team.parse(raw)
    except Unreadable:
        return None


def _of_one(names: list[tuple[str, ...]]) -> bool:
    """Whether a zip looks like one person's: no other zip in it, and no canvas twice."""
    answers = [parts[-1] for parts in names if parts[-1].endswith(".json")]
    return len(answers) == len(set(answers)) and not any(".zip" in part.lower() for parts in names for part in parts)


def _above(parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for length in range(len(parts) - 1, -1, -1):
        yield parts[:length]


def _sealed(goal: Goal, top: tuple[str, ...], left: Mapping[tuple[str, ...], File]) -> dict[str, tuple[str, ...]]:
    """Where the files of a hand-in are, by the name it gives them: Moodle lays answers flat beside the others."""
    found = {}
    for name in (team.FILE, notebook_name(goal), *(f"{FOLDER}/{file_name(each)}" for each in goal.objectives)):
        for parts in ((*top, *name.split("/")), (*top, name.rpartition("/")[2])):
            if parts in left:
                found[name] = parts
                break
    return found


def _lowered(reason: str) -> str:
    return (reason[:1].lower() + reason[1:]).rstrip(".")
