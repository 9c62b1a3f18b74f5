"""What was sent: hand-ins, packed or unpacked, answers alone, and folders and zips of all of these.

Nothing is unpacked to disk, no link is followed, and a bad file is a `Problem` beside the others: a class's zip from
Moodle must not be lost for what one trainee put into hers.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
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
from course.core.zips import Bounds, PathRule
from course.instructor.intake.names import Envelope, envelope
from course.instructor.intake.reasons import Outcome, Reason, Why

MAX_FILES = 20_000  # in a folder
MAX_DEPTH = 12  # of folders

# A zip in a zip is held in memory, and one trainee's must not spend what a class's may.
_INNERMOST = Bounds(archive=64 * 1024**2, entries=2_000, free=32 * 1024**2, folders=MAX_DEPTH)
INNER = replace(_INNERMOST, inner=_INNERMOST)
OUTER = Bounds(archive=4 * 1024**3, entries=MAX_FILES, free=1024**3, folders=MAX_DEPTH, inner=INNER)
# What was proved before it was kept, or was in the class's folder.
ORIGINAL = Bounds(archive=2 * 1024**3, entries=MAX_FILES, free=4 * 1024**3)

_MANY = 20  # files, from which a bar says how far one is
_OFFICE = (".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub", ".jar", ".whl", ".apk")

Keep = Callable[[bytes, str], str]


@dataclass(frozen=True, slots=True)
class Piece:
    """All of a goal, as handed in at once, or the answers of one canvas.

    Attributes:
        place: Where it was found, for the table: « classe.zip › Awa_12_…/Groupe-3_but-1.zip ».
        envelope: The names on its path.
        goal: The goal.
        team: Whose it says it is; of one canvas, by the `equipe.json` it lay beside; nobody without one.
        code: The SHA-256 of its original.
        key: What is the same in every copy of it, however renamed or packed again.
        date: When it was handed in or last saved, as it says, in UTC; None when it does not say.
        objective: Of one canvas, its objective: `1.1`; else empty.
        document: The identifier of the canvas it comes from, the same in every copy; may be empty.
        blank: Whether nothing is written in it.
        notebook: The SHA-256 of the notebook that the canvas lay beside; empty without one.
        account: The account of nbgrader's exchange that handed it in; empty when it came otherwise.
        proven: Whether the system vouches for that account.
        remarks: What in it is not as it should be.
    """

    place: str
    envelope: Envelope
    goal: Goal
    team: Team
    code: str
    key: str
    date: datetime | None
    objective: str = ""
    document: str = ""
    blank: bool = False
    notebook: str = ""
    account: str = ""
    proven: bool = False
    remarks: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that is not taken, and why."""

    place: str
    reason: Reason

    @property
    def outcome(self) -> Outcome:
        """What became of it."""
        return Outcome.SUPERSEDED if self.reason.why is Why.OLDER_DROP else Outcome.REFUSED


Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _OnDisk:
    """A file of a folder, or one that was named by itself; it is read as a file of a zip is."""

    place: Path
    path: str

    def read(self, limit: int) -> bytes:
        try:
            raw = durable.read_bytes(self.place.parent, self.place.name, limit=limit)
        except OSError as error:
            raise Unreadable(f"Le fichier ne se laisse pas lire ({durable.cause(error)}).") from None
        if raw is None:
            raise Unreadable("Ce fichier n’existe pas.")
        return raw

    @contextmanager
    def opened(self, paths: PathRule) -> Iterator[zips.Archive]:
        with durable.open_plain(self.place) as stream, zips.opened(stream, OUTER, paths) as archive:
            yield archive


_File = _OnDisk | zips.Entry
_Refused = tuple[str, Unreadable]


def _visible(name: str) -> str | None:
    path = zips.path_of(name)
    return None if path is None or path.rpartition("/")[2].startswith(".") else path


def _walk(folder: Path, above: Parts = ()) -> Iterator[_OnDisk | _Refused]:
    """What is in a folder and the folders below it, in alphabetical order; no link is followed."""
    try:
        with os.scandir(folder) as scanned:
            entries = sorted(islice(scanned, MAX_FILES + 1), key=lambda entry: entry.name)
    except OSError:
        yield "/".join(above or (folder.name,)), Unreadable("Le dossier ne se laisse pas lire.")
        return
    for entry in entries:
        path = "/".join((*above, entry.name))
        if entry.name.startswith(".") or zips.is_dropping(entry.name):
            continue
        if entry.is_file(follow_symlinks=False):
            yield _OnDisk(Path(entry.path), path)
        elif not entry.is_dir(follow_symlinks=False):
            yield path, Unreadable("C’est un lien, ou ce n’est pas un fichier ordinaire.")
        elif len(above) < MAX_DEPTH:
            yield from _walk(Path(entry.path), (*above, entry.name))
        else:
            yield path, Unreadable(f"Il y a plus de {MAX_DEPTH} dossiers l’un dans l’autre.")


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
        found = list(islice(_walk(path), MAX_FILES + 1))
        refused = [each for each in found if isinstance(each, tuple)]
        if len(found) > MAX_FILES:
            refused.append(("…", Unreadable(f"Il y a plus de {MAX_FILES} fichiers : la suite n’est pas lue.")))
        yield from reader.all([each for each in found[:MAX_FILES] if isinstance(each, _OnDisk)], refused, trail)
    else:
        yield from reader.file(_OnDisk(path, path.name), replace(trail, alone=True))


@dataclass(slots=True)
class _Reader:
    keep: Keep

    def all(self, files: Sequence[_File], refused: Iterable[_Refused], trail: _Trail) -> Iterator[Piece | Problem]:
        for name, error in refused:
            yield _unreadable(trail.to(*name.split("/")), error)
        left = {tuple(file.path.split("/")): file for file in files}
        for parts in [parts for parts in left if parts[-1] == manifest.FILE]:
            yield self._unpacked(parts[:-1], left, trail)
        teams = {parts[:-1]: _team(left.pop(parts)) for parts in list(left) if parts[-1] == team.FILE}
        notebooks = self._notebooks(left)
        items = left.items()
        for parts, file in items if trail.zips > 1 or len(left) < _MANY else bar(items, "Lecture", len(left)):
            who = next((teams[above] for above in _above(parts) if above in teams), None) or Team()
            home = parts[:-2] if parts[-2:-1] == (FOLDER,) else parts[:-1]
            for piece in self.file(file, trail.to(*parts[:-1])):
                if isinstance(piece, Piece) and piece.objective:
                    code = notebooks.get((*home, notebook_name(piece.goal)), "") if parts[-1].endswith(".json") else ""
                    yield replace(piece, team=piece.team or who, notebook=piece.notebook or code)
                else:
                    yield piece

    def file(self, file: _File, trail: _Trail) -> Iterator[Piece | Problem]:
        name = file.path.rpartition("/")[2]
        here = trail if trail.alone and not trail.inner and not trail.zips else trail.to(name)
        try:
            if name.lower().endswith(".json"):
                yield self._single(file, name, here)
            elif why := _no_piece(name.lower()):
                yield Problem(here.place, Reason(why))
            else:
                with file.opened(_visible) as archive:
                    yield from self._zip(file, archive, replace(here, zips=here.zips + 1))
        except Unreadable as error:
            yield _unreadable(here, error)

    def _zip(self, file: _File, archive: zips.Archive, trail: _Trail) -> Iterator[Piece | Problem]:
        left: dict[Parts, _File] = {tuple(entry.path.split("/")): entry for entry in archive.entries}
        tops = {parts[0] for parts in left}
        if (manifest.FILE,) in left or (len(tops) == 1 and (*tops, manifest.FILE) in left):
            for _, error in archive.refused:
                raise error
            top = () if (manifest.FILE,) in left else tuple(tops)
            yield self._unpacked(top, left, trail, file)
            for parts, other in left.items():
                yield from self.file(other, trail.to(*parts[:-1]))
            return
        empty = True
        for piece in self.all(archive.entries, archive.refused, trail if _is_of_one([*left]) else trail.common()):
            empty = False
            yield piece
        if empty:
            yield Problem(trail.place, Reason(Why.EMPTY_ARCHIVE))

    def _unpacked(
        self, top: Parts, left: dict[Parts, _File], trail: _Trail, whole: _File | None = None
    ) -> Piece | Problem:
        """The hand-in whose files stand in a folder; they are taken out of `left`."""
        here = trail.to(*top)
        manifest_file = left.pop((*top, manifest.FILE))
        try:
            raw = manifest_file.read(manifest.MAX_BYTES)
            claim = manifest.parse(raw)
        except Unreadable as error:
            return _unreadable(here, error)
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
            return _unreadable(here, error)
        remarks = tuple(
            Reason(Why.UNREADABLE_CANVAS, objective=name, detail=_lowered(why)) for name, why in handin.problems.items()
        )
        key = hashlib.sha256(raw).hexdigest()
        code = self.keep(original, ".zip")
        return Piece(here.place, here.envelope, claim.goal, claim.team, code, key, claim.date, remarks=remarks)

    def _notebooks(self, left: dict[Parts, _File]) -> dict[Parts, str]:
        """The notebooks that lie beside answers, by their path; they are taken out of `left`."""
        homes = {parts[:-2] for parts in left if parts[-2:-1] == (FOLDER,) and parts[-1].endswith(".json")}
        codes: dict[Parts, str] = {}
        for goal in syllabus.load().goals:
            for home in homes:
                if file := left.pop((*home, notebook_name(goal)), None):
                    try:
                        codes[(*home, notebook_name(goal))] = self.keep(file.read(zips.HANDIN.file), ".ipynb")
                    except Unreadable:
                        continue  # the answers suffice
        return codes

    def _single(self, file: _File, name: str, trail: _Trail) -> Piece | Problem:
        if durable.is_aside(name):
            return Problem(trail.place, Reason(Why.SET_ASIDE))
        raw = file.read(MAX_BYTES)
        try:
            objective = _objective(read_json(raw, MAX_BYTES))
            if objective is None:
                return Problem(trail.place, Reason(Why.NEITHER))
            document = load(raw, objective)
        except Unreadable as error:
            return Problem(trail.place, Reason(Why.UNREADABLE_ANSWERS, detail=error.reason))
        stamp, code, goal = stamp_of(document), self.keep(raw, ".json"), syllabus.load().goal(objective.goal)
        return Piece(
            trail.place,
            trail.envelope,
            goal,
            Team(),
            code,
            code,
            stamp.saved,
            objective=objective.id,
            document=stamp.document,
            blank=_is_blank(document, objective),
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


def _unreadable(trail: _Trail, error: Unreadable) -> Problem:
    return Problem(trail.place, Reason(Why.UNREADABLE, detail=error.reason))


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


def _team(file: _File) -> Team | None:
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


def _paths(goal: Goal, top: Parts, left: Mapping[Parts, _File]) -> dict[str, Parts]:
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
