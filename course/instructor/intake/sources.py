"""What was sent: hand-ins, packed or unpacked, answers alone, and folders and zips of all of these.

Nothing is unpacked to disk, no link is followed, and a bad file is a `Problem` beside the others: a class's zip from
Moodle must not be lost for what one trainee put into hers.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from course.core import files as durable
from course.core import results, syllabus, team, zips
from course.core.answers import FOLDER, file_name
from course.core.answers.format import FORMAT, MAX_BYTES, is_blank, load, view
from course.core.bar import bar
from course.core.documents import in_utf8, read_json
from course.core.handin import manifest
from course.core.handin.package import handin_of, notebook_name
from course.core.names import legible
from course.core.refusal import Unreadable
from course.core.syllabus import Goal, Objective
from course.core.team import Team
from course.core.zips import Bounds, PathRule
from course.instructor.intake.names import Envelope, envelope, is_answers_folder, is_own_folder
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
_BEFORE = 64  # bytes in which a zip begins: mail programs put a few before it
_HEAD = 1024  # bytes by which a file's kind is known
MAX_KEPT = 32 * 1024**2  # of a refused file

Keep = Callable[[bytes, str], str]
Ours = Callable[[Envelope], bool]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a canvas's answers say of where they come from.

    Attributes:
        document: The identifier of the canvas, the same in every copy of it; may be empty.
        revision: How many times they were saved, by whichever clock; 0 when they do not say.
        saved: When they were last saved, in UTC, to the second; None when they do not say.
    """

    document: str = ""
    revision: int = 0
    saved: datetime | None = None


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
        stamps: By objective, what its answers say of where they come from; of a canvas too.
        bundle: The workbook, zip or file that it came in, when that is one person's.
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
    stamps: Mapping[str, Stamp] = field(default_factory=dict)
    bundle: str = ""
    blank: bool = False
    notebook: str = ""
    account: str = ""
    proven: bool = False
    remarks: tuple[Reason, ...] = ()

    @property
    def document(self) -> str:
        """Of one canvas, the identifier of where it comes from, the same in every copy; may be empty."""
        return self.stamps[self.objective].document if self.objective in self.stamps else ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that is not taken, and why.

    Attributes:
        place: Where it was found.
        reason: Why it is not taken, and what to do.
        envelope: The names on its path.
        code: The SHA-256 of what is kept of it; empty when nothing is.
    """

    place: str
    reason: Reason
    envelope: Envelope = field(default_factory=Envelope)
    code: str = ""

    @property
    def outcome(self) -> Outcome:
        """What became of it."""
        return Outcome.SUPERSEDED if self.reason.why is Why.OLDER_DROP else Outcome.REFUSED


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
    """A file of a folder, or one that was named by itself; it is read as a file of a zip is."""

    place: Path
    path: str
    unsure: bool = False

    def head(self, number: int) -> bytes:
        with durable.open_plain(self.place) as stream, _refusing():
            return stream.read(number)

    def read(self, limit: int) -> bytes:
        with _refusing():
            raw = durable.read_bytes(self.place.parent, self.place.name, limit=limit)
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
    """The way to a file: what the instructor named, then folders and zips.

    Attributes:
        outer: The name of what the instructor named.
        inner: The names below it.
        names: Those of them that may be a person's.
        alone: Whether the instructor named the file itself, or the zip of one person.
        named: Whether the instructor named the file itself, or a zip that it is in.
        zips: How many zips it leads through.
        unsure: Whether a name on it may have other letters.
    """

    outer: str
    inner: Parts = ()
    names: Parts = ()
    alone: bool = False
    named: bool = False
    zips: int = 0
    unsure: bool = False

    def to(self, *names: str) -> _Trail:
        """The way on from here."""
        return replace(self, inner=(*self.inner, *names), names=(*self.names, *names))

    def common(self) -> _Trail:
        """The same way, when what it leads to is of several people: its name is nobody's."""
        return replace(self, alone=False) if not self.inner else replace(self, names=self.names[:-1])

    def onto(self, name: str) -> _Trail:
        """The way to a file in the folder that it leads to; in a workbook's folder of answers its name is nobody's."""
        here = self.to(name)
        return replace(here, names=self.names) if self.inner and is_answers_folder(self.inner[-1]) else here

    @property
    def place(self) -> str:
        return " › ".join(map(legible, (self.outer, *self.inner)))

    @property
    def envelope(self) -> Envelope:
        return replace(envelope(self.outer, self.names, self.alone), unsure=self.unsure)

    def bundle(self, parts: Parts) -> str:
        """The workbook, below which a file is at a path, or that file itself where it is in none."""
        inside = len(parts) > 1 and is_answers_folder(parts[-2])
        own = next(number for number, name in enumerate(parts) if is_own_folder(name)) if inside else len(parts)
        return " › ".join(map(legible, (self.outer, *self.inner, *parts[:own])))


def pieces(path: Path, keep: Keep, ours: Ours) -> Iterator[Piece | Problem]:
    """What is in a file or folder that the instructor named.

    Args:
        path: It; a link is not followed.
        keep: Sets an original aside until it is known whether it is taken, and returns its SHA-256.
        ours: Whether a refused file in a folder that was looked through is to be kept, by the names on its path: there
            may be all of a person's life.

    Yields:
        Pieces, and a problem for each file that is none; nothing that systems add by themselves.
    """
    path = path.expanduser().absolute()
    trail = _Trail(path.name or str(path))
    reader = _Reader(keep, ours)
    if _is_folder(path):
        listing = list(islice(_walk(path), MAX_FILES + 1))
        refused = [file for file in listing if isinstance(file, tuple)]
        if len(listing) > MAX_FILES:
            refused.append(("…", Unreadable(f"Il y a plus de {MAX_FILES} fichiers : la suite n’est pas lue.")))
        yield from reader.all([file for file in listing[:MAX_FILES] if isinstance(file, _OnDisk)], refused, trail)
    else:
        yield from reader.file(_OnDisk(path, path.name), replace(trail, alone=True, named=True))


def _is_folder(path: Path) -> bool:
    try:
        return not path.is_symlink() and path.is_dir()
    except OSError:  # as a file, it is refused with the reason
        return False


@dataclass(slots=True)
class _Reader:
    keep: Keep
    ours: Ours

    def all(
        self, files: Sequence[_File], refused: Iterable[_Refused], trail: _Trail, *, of_one: bool = False
    ) -> Iterator[Piece | Problem]:
        for name, error in refused:
            here = trail.to(*name.split("/")[: MAX_DEPTH + 1])
            yield Problem(here.place, Reason(Why.NOT_OPENED, detail=error.reason), here.envelope)
        left = _by_path(files)
        for parts in [parts for parts in left if parts[-1] == manifest.FILE]:
            yield self._unpacked(parts[:-1], left, trail)
        teams = {parts[:-1]: _team(left.pop(parts)) for parts in list(left) if parts[-1] == team.FILE}
        notebooks = self._notebooks(left)
        items = left.items()
        for parts, file in items if trail.zips > 1 or len(left) < _MANY else bar(items, "Lecture", len(left)):
            who = next((teams[above] for above in _above(parts) if above in teams), None) or Team()
            home = parts[:-2] if parts[-2:-1] == (FOLDER,) else parts[:-1]
            here = replace(trail.to(*parts[:-1]), unsure=trail.unsure or file.unsure)
            for piece in self.file(file, here):
                if isinstance(piece, Piece) and piece.objective and not piece.bundle:
                    code = notebooks.get((*home, notebook_name(piece.goal)), "")
                    bundle = trail.place if of_one else trail.bundle(parts)
                    yield replace(piece, team=who, notebook=code, bundle=bundle)
                else:
                    yield piece

    def file(self, file: _File, trail: _Trail) -> Iterator[Piece | Problem]:
        name = file.path.rpartition("/")[2]
        here = trail if trail.alone and not trail.inner and not trail.zips else trail.onto(name)
        try:
            head = file.head(_HEAD)
            if head.startswith(b"PK") or zips.MAGIC in head[:_BEFORE]:
                with file.opened(_visible) as archive:
                    yield from self._zip(file, archive, replace(here, zips=here.zips + 1))
            elif _is_json(head):
                yield self._single(file, name, here)
            else:
                yield self._refused(file, here, kind_of(head, name))
        except Unreadable as error:
            unfinished = name.lower().endswith(_UNFINISHED)
            why = Reason(Why.UNFINISHED) if unfinished else Reason(Why.UNREADABLE, detail=error.reason)
            yield self._refused(file, here, why)

    def _refused(self, file: _File, trail: _Trail, why: Why | Reason, *, ours: bool = False) -> Problem:
        """What becomes of a file that is not taken: it is kept when it is ours, and no larger than any hand-in is."""
        code = ""
        if ours or trail.named or self.ours(trail.envelope):
            with suppress(Unreadable):
                code = self.keep(file.read(MAX_KEPT), Path(file.path).suffix[:8])
        return Problem(trail.place, why if isinstance(why, Reason) else Reason(why), trail.envelope, code)

    def _zip(self, file: _File, archive: zips.Archive, trail: _Trail) -> Iterator[Piece | Problem]:
        left = _by_path(archive.entries)
        if why := _office(archive):
            yield self._refused(file, trail, why)
            return
        refused = [(name, error) for name, error in archive.refused if not isinstance(error, zips.Locked)]
        if len(refused) < len(archive.refused):
            yield self._refused(file, trail, Why.PASSWORD)
            if not refused and not left:
                return
        tops = {parts[0] for parts in left}
        if (manifest.FILE,) in left or (len(tops) == 1 and (*tops, manifest.FILE) in left):
            for _, error in refused:
                raise error
            top = () if (manifest.FILE,) in left else tuple(tops)
            yield self._unpacked(top, left, trail, file)
            for parts, other in left.items():
                yield from self.file(other, trail.to(*parts[:-1]))
            return
        of_one = _is_of_one([*left])
        empty = True
        for piece in self.all(archive.entries, refused, trail if of_one else trail.common(), of_one=of_one):
            empty = False
            yield piece
        if empty:
            yield self._refused(file, trail, Why.EMPTY_ARCHIVE)

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
            return self._refused(manifest_file, here, Reason(Why.UNREADABLE, detail=error.reason), ours=True)
        files = {name: left.pop(parts) for name, parts in _paths(claim.goal, top, left).items()}
        try:
            content = {manifest.FILE: raw, **{name: file.read(zips.HANDIN.file) for name, file in files.items()}}
            handin = handin_of(content, "")
            if team.FILE in content and _parsed_team(content[team.FILE]) != claim.team:
                # « Remettre » writes the same names twice.
                return self._refused(whole or manifest_file, here, Why.FORGED_TEAM, ours=True)
            original = whole.read(zips.HANDIN.archive) if whole is not None and not left else b""
            if not original or unpacked(original, content) != content:
                original = zips.packed(dict(sorted(content.items())))  # what stands in its folder is what was read
        except Unreadable as error:
            why = Reason(Why.UNREADABLE, detail=error.reason)
            return self._refused(whole or manifest_file, here, why, ours=True)
        remarks = tuple(
            Reason(Why.UNREADABLE_CANVAS, objective=name, detail=_lowered(why)) for name, why in handin.problems.items()
        )
        key = hashlib.sha256(raw).hexdigest()
        code = self.keep(original, ".zip")
        stamps = stamps_in(handin.answers)
        return Piece(
            here.place, here.envelope, claim.goal, claim.team, code, key, claim.date, stamps=stamps, remarks=remarks
        )

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
            return self._refused(file, trail, Why.SET_ASIDE)
        raw = in_utf8(file.read(MAX_BYTES))
        try:
            objective = _objective(value := read_json(raw, MAX_BYTES))
            if objective is None:
                return self._refused(file, trail, _json_kind(value, name))
            document = load(raw, objective)
        except Unreadable as error:
            return self._refused(file, trail, Reason(Why.UNREADABLE_ANSWERS, detail=error.reason), ours=True)
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
            stamps={objective.id: stamp},
            blank=is_blank(view(document, objective)),
        )


def stamp_of(document: object) -> Stamp:
    """The stamp in the JSON value of an answers file; an empty one when it is none."""
    fields = document if isinstance(document, dict) else {}
    name, revision, date = (fields.get(key) for key in ("document", "revision", "saved_at"))
    try:
        moment = datetime.fromisoformat(date if isinstance(date, str) else "")
        saved = moment.astimezone(UTC).replace(microsecond=0) if moment.tzinfo else None
    except (ValueError, OverflowError):
        saved = None
    return Stamp(name if isinstance(name, str) else "", revision if type(revision) is int else 0, saved)


def stamps_in(answers: Mapping[str, bytes]) -> dict[str, Stamp]:
    """The stamps of readable answers, by objective."""
    return {name: stamp_of(read_json(raw, MAX_BYTES)) for name, raw in answers.items()}


def unpacked(original: bytes, names: Iterable[str]) -> dict[str, bytes]:
    """Some files of an original that was read and proved before, without the folder that they may be packed in."""
    wanted = set(names)
    with zips.opened(io.BytesIO(original), ORIGINAL) as archive:
        entries = {entry.path: entry for entry in archive.entries}
        tops = {path.partition("/")[0] for path in entries if path.rpartition("/")[2] == manifest.FILE}
        top = "" if manifest.FILE in entries or len(tops) != 1 else f"{tops.pop()}/"
        return {name: entry.read() for path, entry in entries.items() if (name := path.removeprefix(top)) in wanted}


_UNFINISHED = (".crdownload", ".part", ".partial", ".download", ".opdownload")
# By what a file begins with, at a place of it; the last of a name only tells what nothing else does.
_STARTS: tuple[tuple[int, tuple[bytes, ...], Why], ...] = (
    (0, (b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd"), Why.OTHER_ARCHIVE),
    (257, (b"ustar",), Why.OTHER_ARCHIVE),
    (0, (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\0", b"MM\0*"), Why.PICTURE),
    (4, (b"ftyphei", b"ftyphev", b"ftypmif", b"ftypavif"), Why.PICTURE),
    (8, (b"WEBP",), Why.PICTURE),
    (4, (b"ftyp",), Why.RECORDING),
    (0, (b"OggS", b"ID3", b"RIFF", b"#!AMR", b"\x1aE\xdf\xa3", b"\xff\xfb", b"\xff\xf1"), Why.RECORDING),
    (0, (b"%PDF",), Why.PDF),
    (0, (b"{\\rtf",), Why.WORD_FILE),
    (0, (b"\xd0\xcf\x11\xe0",), Why.OFFICE_FILE),
    (0, (b"From ", b"Return-Path:", b"Received:", b"MIME-Version:", b"Delivered-To:"), Why.MESSAGE),
    (0, (b"\x78\x9f\x3e\x22",), Why.MESSAGE),  # winmail.dat
)
_NAMES: tuple[tuple[tuple[str, ...], Why], ...] = (
    ((".recu.html",), Why.RECEIPT),
    ((".html", ".htm", ".mhtml"), Why.WEB_PAGE),
    ((".ipynb",), Why.NOTEBOOK),
    ((".docx", ".doc", ".odt", ".rtf", ".pages"), Why.WORD_FILE),
    ((".xlsx", ".xls", ".ods", ".csv", ".numbers"), Why.EXCEL_FILE),
    ((".pptx", ".ppt", ".odp"), Why.OFFICE_FILE),
    ((".jpg", ".jpeg", ".png", ".gif", ".heic", ".webp", ".bmp", ".tif", ".tiff"), Why.PICTURE),
    ((".eml", ".msg"), Why.MESSAGE),
    ((".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst"), Why.OTHER_ARCHIVE),
    (_UNFINISHED, Why.UNFINISHED),
    ((".zip",), Why.DAMAGED),
)
_OLD_OFFICE = (".doc", ".xls", ".msg")  # one form for all, and for any that has a password
_INSIDE = (("word/", Why.WORD_FILE), ("xl/", Why.EXCEL_FILE), ("ppt/", Why.OFFICE_FILE))
_OPEN_DOCUMENTS = ((b"opendocument.text", Why.WORD_FILE), (b"opendocument.spreadsheet", Why.EXCEL_FILE),
                   (b"opendocument", Why.OFFICE_FILE), (b"epub", Why.OFFICE_FILE))  # fmt: skip


def kind_of(head: bytes, name: str) -> Why:
    """What a file is that is neither a zip nor JSON, by its first bytes; only when these say nothing, by its name."""
    if not head:
        return Why.EMPTY_FILE
    named = next((why for ends, why in _NAMES if name.lower().endswith(ends)), Why.NEITHER)
    for place, starts, why in _STARTS:
        if head.startswith(starts, place):
            return named if why is Why.OFFICE_FILE and name.lower().endswith(_OLD_OFFICE) else why
    return Why.WEB_PAGE if named is Why.NEITHER and head.lstrip()[:1] == b"<" else named


def _office(archive: zips.Archive) -> Why | None:
    """The kind of office document that a zip is; None for any other zip."""
    paths = {entry.path: entry for entry in archive.entries}
    if "[Content_Types].xml" in paths:
        return next((why for top, why in _INSIDE if any(path.startswith(top) for path in paths)), Why.OFFICE_FILE)
    kind = paths["mimetype"].head(200) if "mimetype" in paths else b""
    return next((why for part, why in _OPEN_DOCUMENTS if part in kind), None)


def _is_json(head: bytes) -> bool:
    return in_utf8(head[:16]).removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in (b"{", b"[")


def _json_kind(value: object, name: str) -> Why:
    """What a JSON file is that holds no answers."""
    fields = value if isinstance(value, dict) else {}
    if fields.get("format") == team.FORMAT:
        return Why.TEAM_FILE
    if fields.get("format") == results.FORMAT:
        return Why.RESULTS_FILE
    return Why.NOTEBOOK if "nbformat" in fields or ".ipynb" in name.lower() else Why.NEITHER


def _by_path(files: Iterable[_File]) -> dict[Parts, _File]:
    """Files by their path, under the names that the course gave them."""
    left: dict[Parts, _File] = {}
    for file in files:
        *folders, name = file.path.split("/")
        parts = (*folders, _ours(name))
        left[(*folders, name) if parts in left else parts] = file
    return left


def _ours(name: str) -> str:
    """The name that the course gave a file, without what a system or a messenger put after it: `remise.json.txt`."""
    plain = re.sub(r"(\.(?:json|ipynb))\.(?:txt|bin|html?|json)$", r"\1", name, flags=re.I)
    lowered = plain.lower()
    return lowered if lowered in (manifest.FILE, team.FILE) else plain


def _objective(document: object) -> Objective | None:
    name = document.get("objective") if isinstance(document, dict) and document.get("format") == FORMAT else None
    try:
        return syllabus.load().objective(name if isinstance(name, str) else "")
    except KeyError:
        return None


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
    for name in (
        team.FILE,
        notebook_name(goal),
        *(f"{FOLDER}/{file_name(objective)}" for objective in goal.objectives),
    ):
        for parts in ((*top, *name.split("/")), (*top, name.rpartition("/")[2])):
            if parts in left:
                places[name] = parts
                break
    return places


def _lowered(sentence: str) -> str:
    return (sentence[:1].lower() + sentence[1:]).rstrip(".")
