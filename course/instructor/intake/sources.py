"""What was sent: hand-ins, packed or unpacked, answers alone, and folders and zips of all of these.

Nothing is unpacked to disk, no link is followed, and a bad file is a `Problem` beside the others: a class's zip from
Moodle must not be lost for what one trainee put into hers.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course.core import files as durable
from course.core import syllabus, team, zips
from course.core.answers import FOLDER, file_name
from course.core.answers.format import ACTION_FIELDS, FORMAT, MAX_BYTES, load
from course.core.bar import bar
from course.core.documents import read_json
from course.core.handin import manifest
from course.core.handin.package import handin_of, notebook_name
from course.core.names import legible
from course.core.refusal import Unreadable
from course.core.syllabus import Goal, Objective
from course.core.team import Team
from course.core.zips import Bounds
from course.instructor.intake.boxes import MAX_FILES, Box, File, Parts, file_on_disk, folder
from course.instructor.intake.names import Envelope, envelope
from course.instructor.intake.reasons import Outcome, Reason, Why

# What was proved before it was kept, or was in the class's folder.
ORIGINAL = Bounds(archive=2 * 1024**3, entries=MAX_FILES, free=4 * 1024**3)

_MANY = 20  # files, from which a bar says how far one is
_OFFICE = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub", ".jar", ".whl", ".apk")

Keep = Callable[[bytes, str], str]


@dataclass(frozen=True, slots=True)
class Whole:
    """All of a goal, as handed in at once.

    Attributes:
        place: Where it was found, for the table: « classe.zip › Awa_12_…/Groupe-3_but-1.zip ».
        envelope: The names on its path.
        goal: The goal.
        team: Whose it says it is.
        key: What is the same in every copy of it, however renamed or packed again.
        date: When it was handed in, as it says, in UTC.
        code: The SHA-256 of its original.
        account: The account of nbgrader's exchange that handed it in; empty when it came otherwise.
        proven: Whether the system vouches for that account.
        remarks: What in it is not as it should be.
    """

    place: str
    envelope: Envelope
    goal: Goal
    team: Team
    key: str
    date: datetime
    code: str
    account: str = ""
    proven: bool = False
    remarks: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Single:
    """The answers of one canvas.

    Attributes:
        place: As of `Whole`.
        envelope: As of `Whole`.
        goal: Its goal.
        objective: Its objective: `1.1`.
        team: Whose it is by the `equipe.json` it lay beside; nobody without one.
        code: The SHA-256 of the file, which is its original and its key.
        date: When it was last saved, in UTC; None when it does not say.
        document: The identifier of the canvas it comes from, the same in every copy; may be empty.
        blank: Whether nothing is written in it.
        notebook: The SHA-256 of the notebook it lay beside; empty without one.
    """

    place: str
    envelope: Envelope
    goal: Goal
    objective: str
    team: Team
    code: str
    date: datetime | None
    document: str
    blank: bool
    notebook: str = ""

    @property
    def key(self) -> str:
        """As of `Whole`."""
        return self.code


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that is not taken, and why."""

    place: str
    reason: Reason

    @property
    def outcome(self) -> Outcome:
        """What became of it."""
        return Outcome.SUPERSEDED if self.reason.why is Why.OLDER_DROP else Outcome.REFUSED


Piece = Whole | Single


@dataclass(frozen=True, slots=True)
class _Trail:
    """The way to a file: what the instructor named, then folders and zips.

    Attributes:
        outer: The name of what the instructor named.
        inner: The names below it.
        names: Those of them that may be a person's.
        alone: Whether the instructor named the file itself, or the zip of one person.
        zips: How many zips it leads through.
    """

    outer: str
    inner: Parts = ()
    names: Parts = ()
    alone: bool = False
    zips: int = 0

    def to(self, *names: str) -> _Trail:
        """The way on from here."""
        return replace(self, inner=(*self.inner, *names), names=(*self.names, *names))

    def common(self) -> _Trail:
        """The same way, when what it leads to is of several people: its name is nobody's."""
        return replace(self, alone=False) if not self.inner else replace(self, names=self.names[:-1])

    @property
    def place(self) -> str:
        return " › ".join(map(legible, (self.outer, *self.inner)))

    @property
    def envelope(self) -> Envelope:
        return envelope(self.outer, self.names, self.alone)


def pieces(path: Path, keep: Keep) -> Iterator[Piece | Problem]:
    """What is in a file or folder that the instructor named.

    Args:
        path: It; a link is not followed.
        keep: Sets an original aside until it is known whether it is taken, and returns its SHA-256.

    Yields:
        Pieces, and a problem for each file that is none; nothing that systems add by themselves.
    """
    path = path.expanduser().absolute()
    trail = _Trail(path.name or str(path))
    reader = _Reader(keep)
    if not path.is_symlink() and path.is_dir():
        yield from reader.box(folder(path), trail)
    else:
        yield from reader.file(file_on_disk(path, (path.name,)), replace(trail, alone=True))


@dataclass(slots=True)
class _Reader:
    keep: Keep

    def box(self, box: Box, trail: _Trail) -> Iterator[Piece | Problem]:
        for bad, sentence in box.bad:
            yield _unreadable(trail.to(*bad), sentence)
        left = {file.parts: file for file in box.files}
        for parts in [parts for parts in left if parts[-1] == manifest.FILE]:
            yield self._unpacked(parts[:-1], left, trail)
        teams = {parts[:-1]: _team(left.pop(parts)) for parts in list(left) if parts[-1] == team.FILE}
        notebooks = self._notebooks(left)
        items = left.items()
        for parts, file in items if trail.zips > 1 or len(left) < _MANY else bar(items, "Lecture", len(left)):
            who = next((teams[above] for above in _above(parts) if above in teams), None) or Team()
            home = parts[:-2] if parts[-2:-1] == (FOLDER,) else parts[:-1]
            for piece in self.file(file, trail.to(*parts[:-1])):
                if isinstance(piece, Single):
                    code = notebooks.get((*home, notebook_name(piece.goal)), "") if file.name.endswith(".json") else ""
                    yield replace(piece, team=piece.team or who, notebook=piece.notebook or code)
                else:
                    yield piece

    def file(self, file: File, trail: _Trail) -> Iterator[Piece | Problem]:
        here = trail if trail.alone and not trail.inner and not trail.zips else trail.to(file.name)
        name = file.name.lower()
        try:
            if name.endswith(".json"):
                yield self._single(file, here)
            elif why := _no_piece(name):
                yield Problem(here.place, Reason(why))
            else:
                with file.open() as box:
                    yield from self._zip(file, box, replace(here, zips=here.zips + 1))
        except Unreadable as error:
            yield _unreadable(here, error.reason)

    def _zip(self, file: File, box: Box, trail: _Trail) -> Iterator[Piece | Problem]:
        paths = [each.parts for each in box.files]
        tops = {parts[0] for parts in paths}
        if (manifest.FILE,) in paths or (len(tops) == 1 and (*tops, manifest.FILE) in paths):
            if box.bad:
                raise Unreadable(box.bad[0][1])
            top = () if (manifest.FILE,) in paths else tuple(tops)
            left = {each.parts: each for each in box.files}
            yield self._unpacked(top, left, trail, file)
            for parts, other in left.items():
                yield from self.file(other, trail.to(*parts[:-1]))
            return
        empty = True
        for piece in self.box(box, trail if _is_of_one(paths) else trail.common()):
            empty = False
            yield piece
        if empty:
            yield Problem(trail.place, Reason(Why.EMPTY_ARCHIVE))

    def _unpacked(
        self, top: Parts, left: dict[Parts, File], trail: _Trail, whole: File | None = None
    ) -> Whole | Problem:
        """The hand-in whose files stand in a folder; they are taken out of `left`."""
        here = trail.to(*top)
        manifest_file = left.pop((*top, manifest.FILE))
        try:
            raw = manifest_file.read(manifest.MAX_BYTES)
            claim = manifest.parse(raw)
        except Unreadable as error:
            return _unreadable(here, error.reason)
        files = {name: left.pop(parts) for name, parts in _paths(claim.goal, top, left).items()}
        try:
            content = {manifest.FILE: raw, **{name: file.read(zips.HANDIN.file) for name, file in files.items()}}
            handin = handin_of(content, "")
            if team.FILE in content and _parsed_team(content[team.FILE]) != claim.team:
                return Problem(here.place, Reason(Why.FORGED_TEAM))  # « Remettre » writes the same names twice
            original = whole.read(zips.HANDIN.archive) if whole is not None and not left else b""
            if not original or unpacked(original, content) != content:
                original = zips.packed(dict(sorted(content.items())))  # what stands in its folder is what was read
        except Unreadable as error:
            return _unreadable(here, error.reason)
        remarks = tuple(
            Reason(Why.UNREADABLE_CANVAS, objective=name, detail=_lowered(why)) for name, why in handin.problems.items()
        )
        key = hashlib.sha256(raw).hexdigest()
        code = self.keep(original, ".zip")
        return Whole(here.place, here.envelope, claim.goal, claim.team, key, claim.date, code, remarks=remarks)

    def _notebooks(self, left: dict[Parts, File]) -> dict[Parts, str]:
        """The notebooks that lie beside answers, by their path; they are taken out of `left`."""
        homes = {parts[:-2] for parts in left if parts[-2:-1] == (FOLDER,) and parts[-1].endswith(".json")}
        codes: dict[Parts, str] = {}
        for goal in syllabus.load().goals:
            for home in homes:
                if file := left.pop((*home, notebook_name(goal)), None):
                    try:
                        codes[file.parts] = self.keep(file.read(zips.HANDIN.file), ".ipynb")
                    except Unreadable:
                        continue  # the answers suffice
        return codes

    def _single(self, file: File, trail: _Trail) -> Piece | Problem:
        if durable.is_aside(file.name):
            return Problem(trail.place, Reason(Why.SET_ASIDE))
        raw = file.read(MAX_BYTES)
        try:
            objective = _objective(read_json(raw, MAX_BYTES))
            if objective is None:
                return Problem(trail.place, Reason(Why.NEITHER))
            document = load(raw, objective)
        except Unreadable as error:
            return Problem(trail.place, Reason(Why.UNREADABLE_ANSWERS, detail=error.reason))
        stamp = stamp_of(document)
        return Single(
            trail.place,
            trail.envelope,
            syllabus.load().goal(objective.goal),
            objective.id,
            Team(),
            self.keep(raw, ".json"),
            stamp.saved,
            stamp.document,
            _is_blank(document, objective),
        )


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a canvas's answers say of where they come from.

    Attributes:
        document: The identifier of the canvas, the same in every copy of it; may be empty.
        saved: When they were last saved, in UTC, to the second; None when they do not say.
    """

    document: str = ""
    saved: datetime | None = None


def stamp_of(document: object) -> Stamp:
    """The stamp in the JSON value of an answers file; an empty one when it is none."""
    fields = document if isinstance(document, dict) else {}
    name, date = (fields.get(key) for key in ("document", "saved_at"))
    try:
        moment = datetime.fromisoformat(date if isinstance(date, str) else "")
        saved = moment.astimezone(UTC).replace(microsecond=0) if moment.tzinfo else None
    except (ValueError, OverflowError):
        saved = None
    return Stamp(name if isinstance(name, str) else "", saved)


def unpacked(original: bytes, names: Iterable[str]) -> dict[str, bytes]:
    """Some files of an original that was read and proved before, without the folder that they may be packed in."""
    wanted = set(names)
    with zips.opened(io.BytesIO(original), ORIGINAL) as archive:
        entries = {entry.path: entry for entry in archive.entries}
        tops = {path.partition("/")[0] for path in entries if path.rpartition("/")[2] == manifest.FILE}
        top = "" if manifest.FILE in entries or len(tops) != 1 else f"{tops.pop()}/"
        return {name: entry.read() for path, entry in entries.items() if (name := path.removeprefix(top)) in wanted}


def _no_piece(name: str) -> Why | None:
    """Why a file of that name is not looked into; None when it is."""
    if name.endswith(_OFFICE):
        return Why.OFFICE_FILE
    if name.endswith(".ipynb"):
        return Why.NOTEBOOK
    if name.endswith(".recu.html"):
        return Why.RECEIPT
    if zips.is_archive(name) and not name.endswith(".zip"):
        return Why.OTHER_ARCHIVE
    return None if ".zip" in name or "." not in name else Why.NEITHER


def _unreadable(trail: _Trail, sentence: str) -> Problem:
    return Problem(trail.place, Reason(Why.UNREADABLE, detail=sentence))


def _objective(document: object) -> Objective | None:
    name = document.get("objective") if isinstance(document, dict) and document.get("format") == FORMAT else None
    try:
        return syllabus.load().objective(name if isinstance(name, str) else "")
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
        return _parsed_team(file.read(team.MAX_BYTES))
    except Unreadable:
        return None


def _parsed_team(raw: bytes) -> Team | None:
    try:
        return team.parse(raw)
    except Unreadable:
        return None


def _is_of_one(paths: list[Parts]) -> bool:
    """Whether a zip looks like one person's: no other zip in it, and no canvas twice."""
    answers = [parts[-1] for parts in paths if parts[-1].endswith(".json")]
    return len(answers) == len(set(answers)) and not any(".zip" in part.lower() for parts in paths for part in parts)


def _above(parts: Parts) -> Iterator[Parts]:
    for length in range(len(parts) - 1, -1, -1):
        yield parts[:length]


def _paths(goal: Goal, top: Parts, left: Mapping[Parts, File]) -> dict[str, Parts]:
    """Where the files of a hand-in are, by the name it gives them: Moodle lays answers flat beside the others."""
    places: dict[str, Parts] = {}
    for name in (team.FILE, notebook_name(goal), *(f"{FOLDER}/{file_name(each)}" for each in goal.objectives)):
        for parts in ((*top, *name.split("/")), (*top, name.rpartition("/")[2])):
            if parts in left:
                places[name] = parts
                break
    return places


def _lowered(sentence: str) -> str:
    return (sentence[:1].lower() + sentence[1:]).rstrip(".")
