"""The reader of what trainees send: hand-ins, packed or unpacked, answers alone, and folders and zips of all of these.

Nothing is unpacked to disk, no link is followed, and a bad file is a `Problem` beside the others: one trainee's file
must not spoil a class's zip from Moodle.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from course.core import files as durable
from course.core import syllabus, team, zips
from course.core.answers import FOLDER, path_of
from course.core.answers.format import FORMAT, MAX_BYTES, is_blank, load, view
from course.core.bar import bar
from course.core.documents import in_utf8, read_json
from course.core.handin import manifest
from course.core.handin.package import TESTS, handin_of, notebook_name
from course.core.names import legible
from course.core.plan.format import PATH as PLAN
from course.core.refusal import Unreadable
from course.core.syllabus import Goal, Objective
from course.core.team import Team
from course.core.zips import Bounds, PathRule
from course.instructor.intake.kinds import UNFINISHED, is_json, json_kind, kind_of, office
from course.instructor.intake.names import BETWEEN, Envelope, envelope, is_answers_folder, is_own_folder
from course.instructor.intake.piece import Piece, Problem, stamp_of
from course.instructor.intake.reasons import Reason, Why

MAX_FILES = 20_000  # in a folder
MAX_DEPTH = 12  # folders one in the other
MAX_KEPT = 32 * 1024**2  # bytes of a refused file
MAX_ALL_KEPT = 512 * 1024**2  # bytes of all refused files of what the instructor named

# A zip in a zip is held in memory, and that of one trainee has narrower bounds than that of a class.
_INNERMOST = Bounds(archive=64 * 1024**2, entries=2_000, free=32 * 1024**2, folders=MAX_DEPTH)
INNER = replace(_INNERMOST, inner=_INNERMOST)
OUTER = Bounds(archive=4 * 1024**3, entries=MAX_FILES, free=1024**3, folders=MAX_DEPTH, inner=INNER)
# An original in `recus/`: checked before it was kept, or made of the class's own folder.
ORIGINAL = Bounds(archive=2 * 1024**3, entries=MAX_FILES, free=4 * 1024**3)

_MANY = 20  # files, from which a bar shows progress
_HEAD = 1024  # bytes by which a file's kind is known

Keep = Callable[[bytes, str], str]


Parts = tuple[str, ...]


@contextmanager
def _refusing() -> Iterator[None]:
    """Raise `Unreadable` for a file, and for it alone, where the disk fails."""
    try:
        yield
    except OSError as error:
        raise Unreadable(f"Le fichier ne se laisse pas lire ({durable.cause(error)}).") from None


@dataclass(frozen=True, slots=True)
class _OnDisk:
    """A file of a folder, or one that the instructor named, with the interface of a zip's entry."""

    file: Path
    path: str
    unsure: bool = False

    def head(self, number: int) -> bytes:
        with durable.open_plain(self.file) as stream, _refusing():
            return stream.read(number)

    @property
    def size(self) -> int:
        with suppress(OSError):
            return self.file.lstat().st_size
        return 0

    def read(self, limit: int) -> bytes:
        with _refusing():
            raw = durable.read_bytes(self.file.parent, self.file.name, limit=limit)
        if raw is None:
            raise Unreadable("Ce fichier n’existe pas.")
        return raw

    @contextmanager
    def opened(self, paths: PathRule) -> Iterator[zips.Archive]:
        with durable.open_plain(self.file) as stream, zips.opened(stream, OUTER, paths) as archive:
            yield archive


_File = _OnDisk | zips.Entry
_Refused = tuple[str, Unreadable]


def _visible(name: str) -> str | None:
    path = zips.path_of(name)
    return None if path is None or path.rpartition("/")[2].startswith(".") else path


def _walk(folder: Path, above: Parts = ()) -> Iterator[_OnDisk | _Refused]:
    """Yield the files of a folder and of the folders below it, in alphabetical order; no link is followed."""
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
        try:
            is_file, is_folder = entry.is_file(follow_symlinks=False), entry.is_dir(follow_symlinks=False)
        except OSError as error:
            yield path, Unreadable(f"Le fichier ne se laisse pas lire ({durable.cause(error)}).")
            continue
        if is_file:
            yield _OnDisk(Path(entry.path), path)
        elif not is_folder:
            yield path, Unreadable("C’est un lien, ou ce n’est pas un fichier ordinaire.")
        elif len(above) < MAX_DEPTH:
            yield from _walk(Path(entry.path), (*above, entry.name))
        else:
            yield path, Unreadable(f"Il y a plus de {MAX_DEPTH} dossiers l’un dans l’autre.")


@dataclass(frozen=True, slots=True)
class _Trail:
    """Path to a file: what the instructor named, then folders and zips.

    Attributes:
        outer: The name of what the instructor named.
        inner: The names below it.
        names: Those of them that may be a person's.
        alone: Whether the instructor named the file itself, or the zip of one person.
        zips: The number of zips on the path.
        unsure: Whether a name on it may have other letters, in another encoding.
        team: The team that a manifest or an `equipe.json` on it names.
    """

    outer: str
    inner: Parts = ()
    names: Parts = ()
    alone: bool = False
    zips: int = 0
    unsure: bool = False
    team: Team = field(default_factory=Team)

    def to(self, *names: str) -> _Trail:
        """Return the path to something below."""
        return replace(self, inner=(*self.inner, *names), names=(*self.names, *names))

    def common(self) -> _Trail:
        """Return the same path to something of several people, whose name is nobody's."""
        return replace(self, alone=False) if not self.inner else replace(self, names=self.names[:-1])

    def onto(self, name: str) -> _Trail:
        """Return the path to a file of this folder; in a workbook's folder of answers its name is nobody's."""
        here = self.to(name)
        return replace(here, names=self.names) if self.inner and is_answers_folder(self.inner[-1]) else here

    @property
    def location(self) -> str:
        return BETWEEN.join(map(legible, (self.outer, *self.inner)))

    @property
    def envelope(self) -> Envelope:
        return replace(envelope(self.outer, self.names, self.alone), unsure=self.unsure)

    def bundle(self, parts: Parts) -> str:
        """Return the displayed path of the workbook that a file below is in, or of that file where it is in none."""
        inside = len(parts) > 1 and is_answers_folder(parts[-2])
        own = next(number for number, name in enumerate(parts) if is_own_folder(name)) if inside else len(parts)
        return BETWEEN.join(map(legible, (self.outer, *self.inner, *parts[:own])))


def pieces(path: Path, keep: Keep) -> Iterator[Piece | Problem]:
    """Read a file or folder that the instructor named.

    Args:
        path: The file or folder; a link is not followed.
        keep: Sets an original aside until it is known whether it is taken, and returns its SHA-256.

    Yields:
        Pieces, and a problem for each file that is none; nothing for the files that systems add by themselves.
    """
    path = path.expanduser().absolute()
    trail = _Trail(path.name or str(path))
    reader = _Reader(keep, MAX_ALL_KEPT)
    if _is_folder(path):
        listing = list(islice(_walk(path), MAX_FILES + 1))
        refused = [file for file in listing if isinstance(file, tuple)]
        if len(listing) > MAX_FILES:
            refused.append(("…", Unreadable(f"Il y a plus de {MAX_FILES} fichiers : la suite n’est pas lue.")))
        yield from reader.all([file for file in listing[:MAX_FILES] if isinstance(file, _OnDisk)], refused, trail)
    else:
        yield from reader.file(_OnDisk(path, path.name), replace(trail, alone=True))


def _is_folder(path: Path) -> bool:
    try:
        return not path.is_symlink() and path.is_dir()
    except OSError:  # as a file, it is refused with the reason
        return False


@dataclass(slots=True)
class _Reader:
    keep: Keep
    room: int  # bytes of refused files that are still kept

    def all(
        self, files: Sequence[_File], refused: Sequence[_Refused], trail: _Trail, whole: _File | None = None
    ) -> Iterator[Piece | Problem]:
        """Read the files of a folder or zip; `whole` is the zip, where that is one person's."""
        left = _by_path(files)
        homes = [parts[:-1] for parts in left if parts[-1] == manifest.FILE]
        claims = {parts[:-1]: _claimed(parts[:-1], left) for parts in left if parts[-1] in (manifest.FILE, team.FILE)}
        code, unkept = self._kept(whole) if whole is not None and refused else ("", Reason(Why.NOT_KEPT))
        for name, error in refused:
            parts = tuple(name.split("/")[: MAX_DEPTH + 1])
            here, claim = trail.to(*parts), _nearest(claims, parts) or trail.team
            yield Problem(
                here.location, Reason(Why.NOT_OPENED, detail=error.reason), here.envelope, code, claim, unkept
            )
        for home in homes:
            yield self._unpacked(home, left, trail)
        teams = {parts[:-1]: _team(left.pop(parts)) for parts in list(left) if parts[-1] == team.FILE}
        notebooks = self._notebooks(left)
        items = left.items()
        for parts, file in items if trail.zips > 1 or len(left) < _MANY else bar(items, "Lecture", len(left)):
            members = next((teams[above] for above in _above(parts) if above in teams), Team())
            home = parts[:-2] if parts[-2:-1] == (FOLDER,) else parts[:-1]
            claim = _nearest(claims, parts) or trail.team
            here = replace(trail.to(*parts[:-1]), unsure=trail.unsure or file.unsure, team=claim)
            for piece in self.file(file, here):
                if isinstance(piece, Piece) and piece.objective and not piece.bundle:
                    code = notebooks.get((*home, notebook_name(piece.goal)), "")
                    bundle = trail.bundle(parts) if whole is None else trail.location
                    yield replace(piece, team=members, notebook=code, bundle=bundle)
                else:
                    yield piece

    def file(self, file: _File, trail: _Trail) -> Iterator[Piece | Problem]:
        name = file.path.rpartition("/")[2]
        here = trail if trail.alone and not trail.inner and not trail.zips else trail.onto(name)
        try:
            head = file.head(_HEAD)
            if zips.is_zip(head):
                with file.opened(_visible) as archive:
                    yield from self._zip(file, archive, replace(here, zips=here.zips + 1))
            elif is_json(head):
                yield self._single(file, name, here)
            else:
                yield self._refused(file, here, kind_of(head, name))
        except Unreadable as error:
            yield self._refused(file, here, error)

    def _refused(self, file: _File, trail: _Trail, why: Why | Reason | Unreadable) -> Problem:
        """Refuse a file, and keep its original within bounds."""
        if isinstance(why, Unreadable):
            unfinished = file.path.lower().endswith(UNFINISHED)
            why = Reason(Why.UNFINISHED) if unfinished else Reason(Why.UNREADABLE, detail=why.reason)
        reason = why if isinstance(why, Reason) else Reason(why)
        code, unkept = self._kept(file)
        return Problem(trail.location, reason, trail.envelope, code, trail.team, unkept)

    def _kept(self, file: _File) -> tuple[str, Reason | None]:
        """Keep the original of what is refused; return its SHA-256, or why it is not kept."""
        if file.size > MAX_KEPT:
            return "", Reason(Why.NOT_KEPT_LARGE, size=f"{MAX_KEPT // 1024**2} Mio")
        if file.size > self.room:
            return "", Reason(Why.NOT_KEPT_MANY, size=f"{MAX_ALL_KEPT // 1024**2} Mio")
        try:
            raw = file.read(MAX_KEPT)
        except Unreadable:
            return "", Reason(Why.NOT_KEPT)
        self.room -= len(raw)
        ending = re.search(r"\.[A-Za-z0-9]{1,7}$", file.path)
        return self.keep(raw, ending[0].lower() if ending else ""), None

    def _zip(self, file: _File, archive: zips.Archive, trail: _Trail) -> Iterator[Piece | Problem]:
        left = _by_path(archive.entries)
        if why := office(archive):
            yield self._refused(file, trail, why)
            return
        refused = [(name, error) for name, error in archive.refused if not isinstance(error, zips.Locked)]
        if len(refused) < len(archive.refused):
            yield self._refused(file, trail, Why.PASSWORD)
            if not refused and not left:
                return
        top = _top(left)
        if top is not None and all(parts[: len(top)] == top for parts in left):
            trail = replace(trail, team=_claimed(top, left) or trail.team)
            if refused:
                yield self._refused(file, trail, refused[0][1])
                return
            yield self._unpacked(top, left, trail, file)
            for parts, other in left.items():
                yield from self.file(other, trail.to(*parts[:-1]))
            return
        of_one = _is_of_one([*left])
        empty = True
        for piece in self.all(archive.entries, refused, trail if of_one else trail.common(), file if of_one else None):
            empty = False
            yield piece
        if empty:
            yield self._refused(file, trail, Why.EMPTY_ARCHIVE)

    def _unpacked(
        self, top: Parts, left: dict[Parts, _File], trail: _Trail, whole: _File | None = None
    ) -> Piece | Problem:
        """Read the hand-in whose files are in a folder, and remove them from `left`."""
        here = replace(trail.to(*top), team=_claimed(top, left) or trail.team)
        manifest_file = left.pop((*top, manifest.FILE))
        try:
            raw = manifest_file.read(manifest.MAX_BYTES)
            claim = manifest.parse(raw)
        except Unreadable as error:
            return self._refused(whole or manifest_file, here, error)
        files = {name: left.pop(parts) for name, parts in _paths(claim.goal, top, left).items()}
        try:
            content = {manifest.FILE: raw, **{name: file.read(zips.HANDIN.file) for name, file in files.items()}}
            handin = handin_of(content, "")
            if team.FILE in content and team.or_nobody(content[team.FILE]) != claim.team:
                # « Remettre » writes the same names twice.
                return self._refused(whole or manifest_file, here, Why.FORGED_TEAM)
            original = whole.read(zips.HANDIN.archive) if whole is not None and not left else b""
            if not original or unpacked(original, content) != content:
                original = zips.packed(dict(sorted(content.items())))  # the original is exactly what was read
        except Unreadable as error:
            return self._refused(whole or manifest_file, here, error)
        remarks = tuple(
            Reason(Why.UNREADABLE_CANVAS, objective=name, detail=_lowered(why)) for name, why in handin.problems.items()
        )
        if handin.plan_problem:
            remarks = (*remarks, Reason(Why.UNREADABLE_PLAN, detail=_lowered(handin.plan_problem)))
        remarks += tuple(
            Reason(Why.FILE_LEFT_OUT, name=name, detail=_lowered(why)) for name, why in handin.unread.items()
        )
        key = hashlib.sha256(raw).hexdigest()
        code = self.keep(original, ".zip")
        return Piece(here.location, here.envelope, claim.goal, claim.team, code, key, claim.date, remarks=remarks)

    def _notebooks(self, left: dict[Parts, _File]) -> dict[Parts, str]:
        """Keep the notebooks beside answers, and remove them from `left`; return the SHA-256 of each by path."""
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
            return self._refused(file, trail, Why.SET_ASIDE)
        raw = in_utf8(file.read(MAX_BYTES))
        try:
            objective = _objective(value := read_json(raw, MAX_BYTES))
            if objective is None:
                return self._refused(file, trail, json_kind(value, name))
            document = load(raw, objective)
        except Unreadable as error:
            return self._refused(file, trail, Reason(Why.UNREADABLE_ANSWERS, detail=error.reason))
        stamp, code, goal = stamp_of(document), self.keep(raw, ".json"), syllabus.load().goal(objective.goal)
        return Piece(
            trail.location,
            trail.envelope,
            goal,
            Team(),
            code,
            code,
            stamp.saved,
            objective=objective.id,
            document=stamp.document,
            blank=is_blank(view(document, objective)),
        )


def unpacked(original: bytes, names: Iterable[str]) -> dict[str, bytes]:
    """Return the files of these names in an original that was checked before, without a folder around them."""
    wanted = set(names)
    with zips.opened(io.BytesIO(original), ORIGINAL) as archive:
        entries = {entry.path: entry for entry in archive.entries}
        top = "".join(f"{folder}/" for folder in _top(tuple(path.split("/")) for path in entries) or ())
        return {name: entry.read() for path, entry in entries.items() if (name := path.removeprefix(top)) in wanted}


def _top(paths: Iterable[Parts]) -> Parts | None:
    """Return the folder around a hand-in, empty where there is none; None where the paths are not one hand-in's."""
    homes = {parts[:-1] for parts in paths if parts[-1] == manifest.FILE and len(parts) <= 2}
    return () if () in homes else homes.pop() if len(homes) == 1 else None


def _by_path(files: Iterable[_File]) -> dict[Parts, _File]:
    """Return files by path, under the names that the course gives them."""
    left: dict[Parts, _File] = {}
    for file in files:
        *folders, name = file.path.split("/")
        parts = (*folders, _ours(name))
        left[(*folders, name) if parts in left else parts] = file
    return left


def _ours(name: str) -> str:
    """Return the name that the course gave a file, without what a messenger added to it: `remise.json.txt`."""
    plain = re.sub(r"(\.(?:json|ipynb))\.(?:txt|bin|html?|json)$", r"\1", name, flags=re.I)
    lowered = plain.lower()
    return lowered if lowered in (manifest.FILE, team.FILE) else plain


def _objective(document: object) -> Objective | None:
    name = document.get("objective") if isinstance(document, dict) and document.get("format") == FORMAT else None
    try:
        return syllabus.load().objective(name if isinstance(name, str) else "")
    except KeyError:
        return None


def _claimed(home: Parts, left: Mapping[Parts, _File]) -> Team:
    """Return the team that the manifest or the `equipe.json` of a folder names, whatever else of it is unreadable."""
    for name, limit in ((manifest.FILE, manifest.MAX_BYTES), (team.FILE, team.MAX_BYTES)):
        with suppress(Unreadable):
            fields = read_json(left[(*home, name)].read(limit) if (*home, name) in left else b"", limit)
            claim = (
                team.team_of(fields.get("group", ""), fields.get("members", [])) if isinstance(fields, dict) else None
            )
            if claim:
                return claim
    return Team()


def _nearest(teams: Mapping[Parts, Team], parts: Parts) -> Team:
    """Return the team of the nearest folder above a file that has one."""
    return next((teams[above] for above in _above(parts) if teams.get(above)), Team())


def _team(file: _File) -> Team:
    try:
        return team.or_nobody(file.read(team.MAX_BYTES))
    except Unreadable:
        return Team()


def _is_of_one(paths: list[Parts]) -> bool:
    """Return whether a zip looks like one person's: no other zip in it, and no canvas twice."""
    answers = [parts[-1] for parts in paths if parts[-1].endswith(".json")]
    return len(answers) == len(set(answers)) and not any(".zip" in part.lower() for parts in paths for part in parts)


def _above(parts: Parts) -> Iterator[Parts]:
    for length in range(len(parts) - 1, -1, -1):
        yield parts[:length]


def _paths(goal: Goal, top: Parts, left: Mapping[Parts, _File]) -> dict[str, Parts]:
    """Return the path of each file of a hand-in by its name there: Moodle lays answers flat beside the others."""
    paths: dict[str, Parts] = {}
    for name in (
        team.FILE,
        PLAN,
        notebook_name(goal),
        *map(path_of, goal.objectives),
        *TESTS,
    ):
        for parts in ((*top, *name.split("/")), (*top, name.rpartition("/")[2])):
            if parts in left:
                paths[name] = parts
                break
    return paths


def _lowered(sentence: str) -> str:
    return (sentence[:1].lower() + sentence[1:]).rstrip(".")
