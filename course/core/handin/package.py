"""The hand-in of one goal: the completeness of its canvases, its zip archive, and the archive's validating reader.

The zip holds the answers, the notebook, the team, and where there are any the plan and the results of the test before
and after the course, in a fixed order, each file with its SHA-256. The results of the test count for no mark.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from course.core import results, zips
from course.core.answers.format import FOLDER, MAX_BYTES, file_name, is_blank, parse, path_of
from course.core.completeness import Completeness, completeness
from course.core.files import read_bytes
from course.core.folders import LESSONS, root_of
from course.core.handin import manifest
from course.core.handin.manifest import Manifest, Sealed, stem_of
from course.core.names import legible
from course.core.plan.format import PATH as PLAN
from course.core.plan.format import load as load_plan
from course.core.plan.plan import in_workbook
from course.core.quizzes import SITTINGS
from course.core.refusal import Unreadable
from course.core.syllabus import Goal, Objective
from course.core.team import FILE as TEAM_FILE
from course.core.team import Team
from course.core.team import written as team_bytes

# An archive that contains it travels in a kernel's messages, which Jupyter limits to 10 MiB.
MAX_NOTEBOOK = 4 * 1024 * 1024
TESTS = tuple(map(results.path_of, SITTINGS))
"""The paths of the results of the test before the course and after it, in a hand-in and below the lessons' folder."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The state of one canvas.

    Attributes:
        objective: Its objective.
        result: Its completeness.
        raw: The bytes of its answers file; None without a readable one.
        blank: Whether it has no text.
        problem: A French sentence on why its file cannot be read; empty when it can, or when there is none.
    """

    objective: Objective
    result: Completeness
    raw: bytes | None = None
    blank: bool = True
    problem: str = ""

    @property
    def complete(self) -> bool:
        """True when every option is treated."""
        return len(self.result.treated) == self.result.total

    @property
    def words(self) -> str:
        """« 3 options sur 4 traitées », or the reason without a count."""
        if self.problem:
            return f"réponses illisibles : {self.problem.rstrip('.')}"
        return "rien d’écrit" if self.blank else str(self.result)


def standing_of(objective: Objective, raw: bytes | None) -> Standing:
    """Return the state of a canvas from the bytes of its answers file, or None without one."""
    if raw is None:
        return _empty(objective)
    try:
        answers = parse(raw, objective)
    except Unreadable as error:
        return _empty(objective, error.reason)
    return Standing(objective, completeness(objective, answers), raw, is_blank(answers))


def _empty(objective: Objective, problem: str = "") -> Standing:
    return Standing(objective, completeness(objective, None), problem=problem)


def standings(folder: Path, goal: Goal) -> tuple[Standing, ...]:
    """Return the state of each canvas of a goal in the folder of its notebook, in the order of the course."""
    result = []
    for objective in goal.objectives:
        try:
            raw = read_bytes(folder, FOLDER, file_name(objective), limit=MAX_BYTES)
        except Unreadable as error:
            result.append(_empty(objective, error.reason))
        else:
            result.append(standing_of(objective, raw))
    return tuple(result)


def incomplete(standings: Sequence[Standing]) -> str:
    """Return « 2 canevas sur 3 ne sont pas complets. »; empty when all are complete."""
    number = sum(not standing.complete for standing in standings)
    if not number:
        return ""
    if len(standings) == 1:
        return "Le canevas n’est pas complet."
    return f"{number} canevas sur {len(standings)} {'ne sont pas complets' if number > 1 else 'n’est pas complet'}."


@dataclass(frozen=True, slots=True)
class Packed:
    """An archive to hand in.

    Attributes:
        name: Its file name: `Groupe-3_but-1.zip`.
        raw: Its bytes.
        manifest: Its manifest.
        standings: The state of each of its canvases.
        notices: French sentences on the files that could not be packed.
    """

    name: str
    raw: bytes
    manifest: Manifest
    standings: tuple[Standing, ...]
    notices: tuple[str, ...]

    @property
    def sha256(self) -> str:
        """The SHA-256 of the archive, in hexadecimal."""
        return hashlib.sha256(self.raw).hexdigest()


def notebook_name(goal: Goal) -> str:
    """Return the file name of a goal's notebook: `but-1.ipynb`."""
    return f"{goal.assignment}.ipynb"


def pack(folder: Path, goal: Goal, team: Team, version: str, date: datetime) -> Packed:
    """Pack a goal's answers and notebook.

    Args:
        folder: The folder of the goal's notebook.
        goal: The goal.
        team: The team that hands in.
        version: The course's version.
        date: The present time, in UTC.

    Returns:
        The archive. Unreadable answers and results are left out, and so is a notebook that is missing or too large;
        the notices say so. The same files at the same second give the same bytes.
    """
    canvases = standings(folder, goal)
    notices = [
        f"Le canevas {canvas.objective.id} n’est pas joint : son fichier « {path_of(canvas.objective)} » est illisible "
        f"({canvas.problem.rstrip('.')})."
        for canvas in canvases
        if canvas.problem
    ]
    files = {TEAM_FILE: team_bytes(team)}
    files |= {path_of(canvas.objective): canvas.raw for canvas in canvases if canvas.raw is not None}
    try:
        plan = in_workbook(folder)
        if plan is not None and load_plan(plan)["entries"]:
            files[PLAN] = plan
    except Unreadable as error:
        notices.append(f"Le plan n’est pas joint : son fichier « {PLAN} » est illisible ({error.reason.rstrip('.')}).")
    try:
        notebook = read_bytes(folder, notebook_name(goal), limit=MAX_NOTEBOOK)
        reason = "" if notebook is not None else "il n’est pas dans son dossier"
    except Unreadable as error:
        notebook, reason = None, error.reason.rstrip(".")
    if notebook is None:
        notices.append(f"Le cahier « {notebook_name(goal)} » n’est pas joint ({reason}) : vos réponses suffisent.")
    else:
        files[notebook_name(goal)] = notebook
    tests, unread = test_files(_stored_tests(root_of(folder) / LESSONS))
    notices += [
        f"Le fichier « {name} » n’est pas joint ({reason.rstrip('.')}) : vos réponses suffisent."
        for name, reason in unread.items()
    ]
    files |= tests
    sealed = {name: Sealed(hashlib.sha256(raw).hexdigest(), len(raw)) for name, raw in files.items()}
    counts = {canvas.objective.id: (len(canvas.result.treated), canvas.result.total) for canvas in canvases}
    description = Manifest(goal, team, date.replace(microsecond=0), version, sealed, counts)
    raw = zips.packed({manifest.FILE: manifest.written(description), **files}, description.date)
    return Packed(f"{stem_of(team, goal)}.zip", raw, description, canvases, tuple(notices))


@dataclass(frozen=True, slots=True)
class Handin:
    """A validated hand-in of one goal.

    Attributes:
        manifest: Goal, team, date and version; its counts are an unverified claim.
        answers: By objective, the bytes of each readable answers file.
        problems: By objective, a French sentence on why an answers file cannot be read.
        notebook: The bytes of the notebook, never parsed; None without one.
        tests: By path, the bytes of the readable results of the test before and after the course.
        unread: By path, a French sentence on why results of the test cannot be read.
        sha256: The SHA-256 of the archive, in hexadecimal; the receipt prints its beginning.
        plan: The bytes of the team's plan, readable; None without one.
        plan_problem: A French sentence on why the plan cannot be read; empty when it can, or when there is none.
    """

    manifest: Manifest
    answers: Mapping[str, bytes]
    problems: Mapping[str, str]
    notebook: bytes | None
    tests: Mapping[str, bytes]
    unread: Mapping[str, str]
    sha256: str
    plan: bytes | None = None
    plan_problem: str = ""


def open_handin(source: bytes | Path) -> Handin:
    """Read and validate a hand-in; nothing is written to disk.

    Args:
        source: The zip, or its path: a regular file, not a link. It may have been unpacked and packed again in a folder
            of its own, as long as the files are the same.

    Raises:
        Unreadable: It is not a valid hand-in.
    """
    raw = read_source(source)
    return handin_of(zips.files(raw), hashlib.sha256(raw).hexdigest())


def read_source(source: bytes | Path) -> bytes:
    """Read the bytes of an untrusted hand-in.

    Raises:
        Unreadable: It is missing, too large or not a regular file.
    """
    if isinstance(source, bytes):
        return source
    try:
        raw = read_bytes(source.absolute().parent, source.name, limit=zips.HANDIN.archive)
    except OSError:
        raise Unreadable("Il ne se laisse pas ouvrir.") from None
    if raw is None:
        raise Unreadable("Ce fichier n’existe pas.")
    return raw


def handin_of(files: Mapping[str, bytes], sha256: str) -> Handin:
    """Validate the files of a hand-in archive.

    Raises:
        Unreadable: They differ from those that were packed.
    """
    files = _unwrapped(files)
    if manifest.FILE not in files:
        raise Unreadable(f"« {manifest.FILE} » y manque : ce n’est pas une remise faite par le cours.")
    description = manifest.parse(files[manifest.FILE])
    goal = description.goal
    allowed = {TEAM_FILE, PLAN, notebook_name(goal), *map(path_of, goal.objectives), *TESTS}
    content = {name: raw for name, raw in files.items() if name != manifest.FILE}
    for name in (*content, *description.files):
        if name not in allowed:
            raise Unreadable(f"« {legible(name, 80)} » n’a rien à faire dans une remise du but {goal.id}.")
    for name, sealed in description.files.items():
        if name not in content:
            raise Unreadable(f"« {name} » y manque.")
        if (hashlib.sha256(content[name]).hexdigest(), len(content[name])) != (sealed.sha256, sealed.size):
            raise Unreadable(f"« {name} » a changé depuis la remise.")
    for name in content:
        if name not in description.files:
            raise Unreadable(f"« {name} » a été ajouté depuis la remise.")
    answers, problems = _answers(goal, content)
    plan, problem = content.get(PLAN), ""
    try:
        load_plan(plan) if plan is not None else None
    except Unreadable as error:
        plan, problem = None, error.reason
    tests, unread = test_files(content)
    notebook = content.get(notebook_name(goal))
    return Handin(description, answers, problems, notebook, tests, unread, sha256, plan, problem)


def test_files(files: Mapping[str, bytes | Unreadable]) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the readable results of the test among files, by path, and the reasons why others cannot be read.

    Args:
        files: Any files by path, from whoever; one that could not be opened is its error.
    """
    tests: dict[str, bytes] = {}
    unread: dict[str, str] = {}
    for sitting, name in zip(SITTINGS, TESTS, strict=True):
        raw = files.get(name)
        if raw is None:
            continue
        try:
            if isinstance(raw, Unreadable):
                raise raw
            results.parse(raw, sitting)
        except Unreadable as error:
            unread[name] = error.reason
        else:
            tests[name] = raw
    return tests, unread


def _stored_tests(lessons: Path) -> dict[str, bytes | Unreadable]:
    """Return the results of the test in the folder of the lessons, by their path there."""
    stored: dict[str, bytes | Unreadable] = {}
    for name in TESTS:
        try:
            raw = read_bytes(lessons, *name.split("/"), limit=results.MAX_BYTES)
        except Unreadable as error:
            stored[name] = error
        else:
            stored |= {} if raw is None else {name: raw}
    return stored


def _unwrapped(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files without the single folder that may contain them all."""
    tops = {name.partition("/")[0] for name in files}
    if manifest.FILE in files or len(tops) != 1:
        return dict(files)
    return {name.partition("/")[2] or name: raw for name, raw in files.items()}


def _answers(goal: Goal, content: Mapping[str, bytes]) -> tuple[dict[str, bytes], dict[str, str]]:
    answers: dict[str, bytes] = {}
    problems: dict[str, str] = {}
    for objective in goal.objectives:
        raw = content.get(path_of(objective))
        if raw is None:
            continue
        try:
            parse(raw, objective)
        except Unreadable as error:
            problems[objective.id] = error.reason
        else:
            answers[objective.id] = raw
    return answers, problems
