"""Under whose names the answers of a workbook stand: `.equipe.json` at its root, beside `equipe.json`.

Names are saved while they are typed, so what is typed is measured against the names that were confirmed, never against
what was typed just before. A change that takes a confirmed name away is held until a person says whether it is a
correction or other people; `equipe.json` stays as it was, and nothing is handed in meanwhile.

Confirmed are the names under which answers were written or handed in, and those that a person calls a correction.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from course.core import documents, files, results, syllabus, team
from course.core.answers.format import FOLDER, MAX_BYTES, is_blank, load, view
from course.core.documents import Fields, read_fields
from course.core.files import read_bytes
from course.core.folders import EXERCISES, LESSONS
from course.core.lock import held as lock_held
from course.core.plan import format as plan_format
from course.core.refusal import NotWritten, Refusal, Unreadable
from course.core.team import Team, grown, newcomers, same_people, team_of

FILE = ".equipe.json"
_LOCK = ".equipe.json.lock"
_LOCK_SECONDS = 5.0
_BUSY = "Un autre programme enregistre les noms ; nouvel essai dans un instant."
_MOST_BYTES = 256 * 1024  # three teams, every character of them escaped
_MOST_FILES = 500
_LARGEST = 16 * MAX_BYTES  # a file too large for answers still belongs to somebody


@dataclass(frozen=True, slots=True)
class Authorship:
    """The authors of a workbook's answers.

    Attributes:
        names: The names under which answers were last written or handed in; other people give these back.
        confirmed: The same people by the spelling that was first confirmed: many small changes are one large one.
        answers: What the answers were when this was last judged, as `fingerprint` gives it; empty when there were none.
        held: The names that wait for a person's word; None when none do.
    """

    names: Team = field(default_factory=Team)
    confirmed: Team = field(default_factory=Team)
    answers: str = ""
    held: Team | None = None

    def settled(self, present: Team, answers: str, claimed: bool = False) -> Authorship:
        """The authors, once those named while the answers were written have their part in them.

        Args:
            present: The team of `equipe.json`.
            answers: The fingerprint of the answers that are there.
            claimed: Whether names that were put to answers without a name have stood long enough.
        """
        if self.held is not None:
            return self  # also where the answers are drafts, which only the browser that holds them knows of
        if not answers:
            return Authorship()
        if not present or not same_people(self.confirmed, present):
            return self
        written = answers != self.answers
        if written or (claimed and not self.confirmed):
            return Authorship(present, grown(self.confirmed, present), answers)
        return self

    def proposed(self, present: Team, proposal: Team, answers: str, claimed: bool = False) -> tuple[Authorship, bool]:
        """Judges names that were typed.

        Returns:
            Whose the answers are then, and whether the names may be written.
        """
        settled = self.settled(present, answers, claimed)
        if not same_people(settled.confirmed, proposal):
            return replace(settled, held=proposal), False
        return replace(settled, held=None, answers=answers), True

    def corrected(self, proposal: Team, answers: str) -> Authorship:
        """The authors when a person says that these names are theirs who wrote the answers."""
        return Authorship(proposal, proposal, answers) if answers else Authorship()

    def given_back(self, answers: str) -> Authorship:
        """The authors when a person says that the names that wait are other people's: `names` stand again."""
        return replace(self, held=None, answers=answers)

    def handed_in(self, present: Team, answers: str) -> Authorship:
        """The authors once the answers were handed in under the present names."""
        return Authorship(present, grown(self.confirmed, present), answers) if answers and present else self

    def covers(self, who: Team) -> bool:
        """Whether the answers may be handed in under these names."""
        return self.held is None and same_people(self.confirmed, who)


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a workbook as they stand on its disk.

    Attributes:
        team: Who works, as `equipe.json` says.
        authors: Whose the answers are; nobody while there are none.
        held: The names that wait for a person's word; None when none do.
    """

    team: Team
    authors: Team = field(default_factory=Team)
    held: Team | None = None

    @property
    def owners(self) -> Team:
        """Those whose workbook it is: the authors, else the team."""
        return self.authors or self.team


def opened(root: Path, claimed: bool = True) -> tuple[Names, str]:
    """The names of a workbook that somebody opens.

    Where `equipe.json` names others than those of the answers, as after an edit by hand, theirs come back and the
    others' wait for a person's word. A lost or damaged `equipe.json` is written again.

    Args:
        root: The workbook's root.
        claimed: As `Authorship.settled`.

    Returns:
        The names, and a French sentence when a file was set aside, else an empty text.
    """
    present, notice = team.recover(root)
    try:
        with _locked(root):
            before, answers = _read(root), fingerprint(root)
            after = before.settled(present, answers, claimed)
            if after.confirmed and not same_people(after.confirmed, present):
                if present and after.held is None:
                    after = replace(after, held=present)
                _write(root, before, after)
                team.save(root, present := after.names)
            elif after != before:
                _write(root, before, after)
    except (NotWritten, Refusal):
        after = _read(root)  # a folder that nobody can write, which `unconfirmed` judges all the same
    return Names(present, after.names, after.held), notice


def propose(root: Path, proposal: Team, claimed: bool = False, drafts: Collection[str] = ()) -> Names:
    """Writes the names that were typed, unless they take a name away from the answers: then they wait.

    Args:
        root: The workbook's root.
        proposal: The names.
        claimed: As `Authorship.settled`.
        drafts: The documents of this workbook of which a browser holds texts that are not on disk: answers, too.

    Raises:
        NotWritten: The files are as they were; the sentence is French.
    """
    with _locked(root):
        return _propose(root, proposal, claimed, drafts)


def correct(root: Path, proposal: Team, drafts: Collection[str] = ()) -> Names:
    """Writes names that waited, once a person has said that they are a correction.

    Other names than those that wait are judged anew: the question was not about them. Where none wait, the question
    was answered already, and nothing changes.

    Args:
        root: The workbook's root.
        proposal: The names.
        drafts: As `propose`.

    Raises:
        NotWritten: The names still wait; the sentence is French.
    """
    return _answer(root, proposal, drafts, lambda before, answers: (proposal, before.corrected(proposal, answers)))


def give_back(root: Path, proposal: Team, drafts: Collection[str] = ()) -> Names:
    """Forgets names that waited, once a person has said that they are other people's; the first names stand again.

    Other names, or none that wait: as `correct`.

    Raises:
        NotWritten: The names still wait; the sentence is French.
    """
    return _answer(root, proposal, drafts, lambda before, answers: (before.names, before.given_back(answers)))


def handed_in(root: Path) -> None:
    """Keeps that the answers were handed in under the present names."""
    with suppress(NotWritten, Unreadable), _locked(root):
        before = _read(root)
        _write(root, before, before.handed_in(team.read(root), fingerprint(root)))


def unconfirmed(root: Path, who: Team) -> str:
    """Why a workbook's answers may not be handed in under some names, in French; empty when they may.

    Args:
        root: The workbook's root.
        who: The names that a hand-in would carry.
    """
    try:
        present = team.read(root)
    except Unreadable:
        present = Team()
    found = _read(root).settled(present, fingerprint(root))
    if found.covers(who):
        return ""
    if not who:
        return f"Ces réponses sont celles de : {found.names}. Dites de nouveau qui travaille, sur la page d’accueil."
    return (
        f"Ces réponses sont celles de : {found.names}. D’autres noms ont été écrits : sous « Qui travaille ? », dites "
        "d’abord si c’est une correction ou si ce sont d’autres personnes."
    )


def newcomers_of(root: Path, proposal: Team) -> Team:
    """The names among those typed that are not already those of the answers."""
    return newcomers(_read(root).names, proposal)


# ---- the answers of a workbook


def homes(root: Path) -> list[Path]:
    """The folders of a workbook that may hold answers to canvases, or the plan."""
    names = [goal.assignment for goal in syllabus.load().goals]
    # Assignments that nbgrader fetched side by side are one person's.
    return [root, root / LESSONS, *sorted((root / EXERCISES).glob("*")), *(root.parent / name for name in names)]


def answers_files(root: Path) -> Iterator[Path]:
    """The answers files of a workbook's canvases, its plan, and the copies kept of them, at most 500."""
    number = 0
    for home in homes(root):
        for path in _files_in(home / FOLDER, ".json", ".bon"):
            if number == _MOST_FILES:
                return
            number += 1
            yield path


def _files_in(folder: Path, *endings: str) -> list[Path]:
    """Return the files of a folder; the folder itself where it cannot be listed, since it may hold anything."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix in endings)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError:
        return [folder]


def read_answers(path: Path) -> bytes:
    """The bytes of one of `answers_files`, whatever they are; raises `Unreadable`."""
    return read_bytes(path.parent, path.name, limit=_LARGEST) or b""


def fingerprint(root: Path) -> str:
    """A digest of all that is answered in a workbook's canvases, plan and quizzes; empty when nothing is."""
    digest = hashlib.sha256()
    anything = False
    for path in answers_files(root):
        if path.suffix == ".bon" and os.path.exists(path.with_name(path.name[1:].removesuffix(".bon"))):  # noqa: PTH110
            continue
        try:
            raw = read_answers(path)
        except Unreadable as error:
            raw = error.reason.encode()
        if not _is_blank(path, raw):
            anything = True
            digest.update(hashlib.sha256(raw).digest())
    for path in _files_in(root / LESSONS / results.FOLDER, ".json")[:_MOST_FILES]:
        try:
            raw = read_bytes(path.parent, path.name, limit=results.MAX_BYTES) or b""
            answered = bool(results.parse(raw, path.stem).questions)
        except Unreadable as error:
            raw, answered = error.reason.encode(), True
        if answered:
            anything = True
            digest.update(hashlib.sha256(raw).digest())
    return digest.hexdigest() if anything else ""


def _is_blank(path: Path, raw: bytes) -> bool:
    """Whether a file is a canvas or a plan in which nothing is written; what cannot be read may hold anything."""
    name = path.name.removeprefix(".").removesuffix(".bon")
    try:
        if name == plan_format.FILE:
            document = plan_format.load(raw)
            blank = not any(map(plan_format.is_written, document["entries"].values()))
        else:
            objective = syllabus.load().objective(name.removesuffix(".json"))
            document = load(raw, objective)
            blank = is_blank(view(document, objective))
    except (KeyError, Unreadable, Refusal):
        return False
    sync = document.get("sync")
    return blank and not (isinstance(sync, dict) and sync.get("conflicts"))


# ---- the file


def _answer(
    root: Path,
    proposal: Team,
    drafts: Collection[str],
    settle: Callable[[Authorship, str], tuple[Team, Authorship]],
) -> Names:
    """Write the names and the authorship that follow from a person's answer about names that wait."""
    with _locked(root):
        before = _read(root)
        if before.held is None:
            return Names(team.recover(root)[0], before.names)
        if before.held != proposal:
            return _propose(root, proposal, drafts=drafts)
        names, after = settle(before, _answered(root, drafts))
        team.save(root, names)  # first: a program that ends in between asks again
        _write(root, before, after)
        return Names(names, names)


def _propose(root: Path, proposal: Team, claimed: bool = False, drafts: Collection[str] = ()) -> Names:
    present, _ = team.recover(root)
    before, answers = _read(root), _answered(root, drafts)
    after, may_be_written = before.proposed(present, proposal, answers, claimed)
    _write(root, before, after)
    if not may_be_written:
        return Names(present, after.names, after.held)
    if proposal != present:
        team.save(root, proposal)
    return Names(proposal, after.names)


def _answered(root: Path, drafts: Collection[str]) -> str:
    """The fingerprint of the answers on disk, or else of the documents that a browser holds drafts of."""
    return fingerprint(root) or (hashlib.sha256("\n".join(sorted(drafts)).encode()).hexdigest() if drafts else "")


def _read(root: Path) -> Authorship:
    """The record that is kept; nobody is known where it cannot be read."""
    try:
        raw = read_bytes(root, FILE, limit=_MOST_BYTES)
        if raw is None:
            return Authorship()
        fields = read_fields(raw, _MOST_BYTES, team.FORMAT)
        names = team_of(fields.take("group", ""), fields.take("members", []))
        confirmed = _team(fields.values["confirmed"]) if "confirmed" in fields.values else names
        waiting = fields.values.get("held")
        return Authorship(names, confirmed, fields.take("answers", ""), None if waiting is None else _team(waiting))
    except Unreadable:
        return Authorship()


def _team(value: object) -> Team:
    fields = Fields.of(value)
    return team_of(fields.take("group", ""), fields.take("members", []))


def _write(root: Path, before: Authorship, after: Authorship) -> None:
    if after == before:
        return
    document = {
        "format": team.FORMAT,
        **_fields(after.names),
        "confirmed": _fields(after.confirmed),
        "answers": after.answers,
        **({} if after.held is None else {"held": _fields(after.held)}),
    }
    files.write(root / FILE, documents.written(document))


def _fields(who: Team) -> dict[str, object]:
    return {"group": who.group, "members": list(who.members)}


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    try:
        with lock_held(root / _LOCK, _BUSY, _LOCK_SECONDS):
            yield
    except Refusal as error:
        raise NotWritten(str(error)) from error
