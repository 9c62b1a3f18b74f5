"""`course enter`: work that was handed in otherwise, in Word, in Excel or on paper, taken in like any other.

It is put into a workbook that begins with what the trainee has handed in, is packed as « Remettre » packs one, and
goes through the same reception.
"""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from course.core import sheets, syllabus, team
from course.core.answers import FOLDER, file_name
from course.core.answers.format import MAX_BYTES, load
from course.core.answers.store import settle_at
from course.core.bar import asker
from course.core.content import VERSION
from course.core.files import free, open_plain, read_bytes
from course.core.handin.manifest import stem_of
from course.core.handin.package import pack
from course.core.names import legible
from course.core.plan import format as plan_format
from course.core.plan.plan import home as plan_home
from course.core.plan.plan import in_workbook
from course.core.refusal import Refusal, Unreadable
from course.core.syllabus import Goal, Objective
from course.core.team import Team
from course.core.words import counted, few
from course.documents.importing import take
from course.documents.incoming import read_file
from course.documents.reading import Ask
from course.instructor import output
from course.instructor.cohort import places, plans, roster
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.receipt import moment_of
from course.instructor.cohort.roster import Trainee
from course.instructor.intake.intake import take_in
from course.instructor.intake.names import BETWEEN, keys
from course.instructor.intake.person import find
from course.instructor.intake.reception import lines
from course.instructor.intake.store import MAX_ORIGINAL, Received, Register, State, open_folders

PLACE = "remis autrement"
"""The first part of the displayed path of what was handed in otherwise."""
_HEADS = ("Option", "Stratégie", "Action")
_FILLED = (".xlsx", ".docx", ".csv")
_NAMED = 12
_LINE = re.compile(r"\s*(?:(?P<option>[1-5]\.[1-5]\.[a-d])\s*[:.)–-]*)?\s*(?P<rest>.*?)\s*", re.S)
_ARROW = re.compile(r"\s*(?:→|=>|->|\||\t)\s*")


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose work it is.

    Attributes:
        trainees: One, or those of a group.
        team: The same as a workbook says it.
    """

    trainees: tuple[Trainee, ...]
    team: Team


def enter(  # noqa: PLR0913, PLR0917 - the arguments of the command
    paths: Sequence[Path],
    name: str = "",
    canvas: str = "",
    text: str = "",
    folder: Path | None = None,
    ask: bool = True,
) -> None:
    """Take in what a trainee or a group handed in otherwise, and print what became of it.

    Args:
        paths: Canvases or plans filled in Word, Excel or CSV, or folders of them; any other file, a photograph for
            example, is not read. All are kept in the class.
        name: The trainee, by identifier or name, or the name of a group of the list.
        canvas: The canvas that `text` is for: `1.1`; may be empty when each line names its option.
        text: What counts of a work on paper: a line per action, « 1.1.a : stratégie → action ».
        folder: The course's folder; found from the working folder by default.
        ask: Whether to ask what only the instructor knows.

    Raises:
        Refusal: Nobody has that name, nothing was named, a text cannot be placed, or a file cannot be read or kept.
    """
    cohort = places.find(folder)
    if not name.strip():
        raise Refusal("Dites de qui est ce travail\u00a0: ajoutez --pour, et son nom ou celui de son groupe.")
    if not paths and not text.strip():
        raise Refusal(
            "Dites ce qui a été remis\u00a0: un fichier, ou, avec --texte, ce qui compte d’un travail sur papier."
        )
    paths = [file for path in paths for file in _files(path)]
    if not paths and not text.strip():
        raise Refusal("Il n’y a aucun fichier à entrer, ni aucun texte.")
    owner = owner_of(cohort, name)
    questions = asker("Interrompu\u00a0: rien n’est repris de ce travail.") if ask else None
    filled = [path for path in paths if path.suffix.lower() in _FILLED]
    packed = _packed(cohort, owner, filled, typed_rows(text, canvas), questions) if filled or text.strip() else []
    if paths:
        _keep(cohort, owner, paths, canvas)
        print(f"Gardé avec son travail\u00a0: {few([legible(path.name) for path in paths], _NAMED)}.", flush=True)
    if packed:
        for line in lines(take_in(cohort, packed, questions)):
            print(line, flush=True)
    elif filled or text.strip():
        print("Rien de nouveau n’est entré dans ses canevas ni dans son plan.", flush=True)
    for path in paths:
        if path.parent == cohort.otherwise:  # the desk put it there, and the class has kept it
            path.unlink()


def _files(path: Path) -> list[Path]:
    """Return a file, or those of a folder in their order, without links and hidden ones."""
    if path.is_dir():
        return [one for one in sorted(path.iterdir()) if one.is_file() and not one.is_symlink() and one.name[0] != "."]
    return [path]


def owner_of(cohort: Cohort, name: str) -> Owner:
    """Return whose work it is: the trainees of a group of the list, else one trainee.

    Raises:
        Refusal: Nobody has that name, or several may.
    """
    group = [one for one in roster.read(cohort) if one.group and not keys(one.group).isdisjoint(keys(name))]
    if group:
        return Owner(tuple(group), Team(group[0].group, tuple(one.name for one in group)))
    one = find(cohort, name)
    return Owner((one,), _team_of(cohort, one))


def _team_of(cohort: Cohort, trainee: Trainee) -> Team:
    """Return the group in which a trainee handed in last; else the trainee alone."""
    homes = sorted((cohort.submitted / trainee.id).glob("but-*"), key=lambda home: home.stat().st_mtime_ns)
    teams = [who for home in homes if len((who := team.read_or_nobody(home)).members) > 1]
    return teams[-1] if teams else Team("", (trainee.name,))


def typed_rows(text: str, canvas: str = "") -> list[tuple[str, str, str]]:
    """Return the rows of a canvas that an instructor types: option, strategy, action.

    Args:
        text: A line per action: « 1.1.a : stratégie → action »; a line without an arrow is an action of the strategy
            above, and one without an option belongs to the option above.
        canvas: The canvas, whose first option a first line without one belongs to.

    Raises:
        Refusal: A line belongs to no option of the course.
    """
    known = {option.id for option in syllabus.load().options}
    option = next((one.id for one in _objective(canvas).options), "") if canvas.strip() else ""
    strategy, rows = "", list[tuple[str, str, str]]()
    for number, line in enumerate(filter(str.strip, text.splitlines()), 1):
        match = _LINE.fullmatch(line)
        assert match is not None  # each part may be empty
        if match["option"] and match["option"] != option:
            option, strategy = match["option"], ""
        if option not in known:
            raise Refusal(
                f"Ligne {number}, «\u202f{line.strip()[:60]}\u202f»\u00a0: dites de quelle option elle est. "
                "Par exemple\u00a0: 1.1.a\u00a0: la stratégie → l’action."
            )
        parts = [part.strip() for part in _ARROW.split(match["rest"], maxsplit=1)]
        strategy, action = (parts[0], parts[1]) if len(parts) > 1 else (strategy, parts[0])
        rows.append((option, strategy, action))
    return rows


def _objective(canvas: str) -> Objective:
    try:
        return syllabus.load().objective(canvas.strip())
    except KeyError:
        raise Refusal(f"«\u202f{canvas[:20]}\u202f» n’est pas un canevas\u00a0: écrivez 1.1, 1.2 … 5.5.") from None


def _packed(
    cohort: Cohort, owner: Owner, filled: Sequence[Path], rows: Sequence[tuple[str, str, str]], ask: Ask | None
) -> list[Path]:
    """Put documents and typed rows into a workbook, and pack the goals that change into the class's inbox."""
    with tempfile.TemporaryDirectory(prefix="autrement-") as name:
        root = Path(name)
        _begin(cohort, owner, root)
        sources = list(filled)
        if rows:
            typed = root / "texte.csv"
            typed.write_bytes(sheets.written([_HEADS, *rows], one_line=False))
            sources.append(typed)
        changed: set[str] = set()
        before = in_workbook(root)
        for path in sources:
            changed |= set(_take(cohort, path, root, ask))
        goals = [goal for goal in syllabus.load().goals if any(one.id in changed for one in goal.objectives)]
        if not goals and in_workbook(root) != before:  # the plan goes with any goal: with the first that has answers
            answered = [goal for goal in syllabus.load().goals if any(_home(root, goal).glob(f"{FOLDER}/*.json"))]
            goals = answered[:1]
        return [_pack(cohort, owner, root, goal) for goal in goals]


def _begin(cohort: Cohort, owner: Owner, root: Path) -> None:
    """Make a workbook with what its people have handed in."""
    (root / "modules" / FOLDER).mkdir(parents=True)
    (root / team.FILE).write_bytes(team.written(owner.team))
    for goal in syllabus.load().goals:
        home = _home(root, goal) / FOLDER
        home.mkdir(parents=True)
        for objective in goal.objectives:
            place = (owner.trainees[0].id, goal.assignment, FOLDER, file_name(objective))
            try:
                raw = read_bytes(cohort.submitted, *place, limit=MAX_BYTES)
            except Unreadable:
                continue  # what cannot be read is replaced; the register keeps its original
            if raw is not None:
                (home / file_name(objective)).write_bytes(raw)
                with suppress(Unreadable):  # it goes on from there: a later revision of the same document
                    if document := load(raw, objective).get("document", ""):
                        settle_at(home / file_name(objective), document)
    if found := plans.newest_copy(cohort, [one.id for one in owner.trainees]):
        path = plan_home(root) / plan_format.PATH
        path.write_bytes(found[0])
        if document := plan_format.load(found[0]).get("document", ""):
            settle_at(path, document)


def _home(root: Path, goal: Goal) -> Path:
    """Return the folder of a goal in the workbook."""
    return root / "exercises" / goal.assignment


def _take(cohort: Cohort, path: Path, root: Path, ask: Ask | None) -> Iterator[str]:
    """Merge a document into a workbook, print the report, and yield the canvases that it changes."""
    try:
        taken = take(read_file(path), path.name, root, root, ask)
    except Unreadable as error:
        file = legible(path.name)
        raise Refusal(f"«\u202f{file}\u202f»\u00a0: {error.reason} Rien n’est pris de ce travail.") from error
    print(f"«\u202f{legible(path.name)}\u202f»", flush=True)
    if taken.question:
        print(f"  Rien n’en est repris. {taken.question}", flush=True)
    for line in taken.lines[:-1] if taken.kept else taken.lines:
        print(f"  {line}", flush=True)
    if taken.kept:  # in the workbook, which goes: it is kept in the class
        place = free(cohort.reports, taken.kept.stem, "txt")
        output.write(place, taken.kept.read_bytes())
        print(f"  Ce qui n’a pas trouvé de place est gardé dans «\u202f{place}\u202f».", flush=True)
    yield from taken.objectives


def _pack(cohort: Cohort, owner: Owner, root: Path, goal: Goal) -> Path:
    """Pack a goal into the class's inbox, at a later second than what is there, which would count otherwise."""
    dates = (moment_of(cohort.submitted, trainee.id, goal.assignment) for trainee in owner.trainees)
    if (last := max(filter(None, dates), default=None)) and (wait := 1 - (_now() - last).total_seconds()) > 0:
        time.sleep(min(wait, 1))
    packed = pack(_home(root, goal), goal, owner.team, VERSION, datetime.now(UTC))
    path = cohort.inbox / f"{PLACE.replace(' ', '-')}_{stem_of(owner.team, goal)}.zip"
    output.write(path, packed.raw)
    return path


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _keep(cohort: Cohort, owner: Owner, paths: Sequence[Path], canvas: str) -> None:
    """Keep files beside the work of their people, with a line in the register; they are never read."""
    content = _objective(canvas).id if canvas.strip() else ""
    originals = []
    for path in paths:
        try:
            with open_plain(path) as stream:
                raw = stream.read(MAX_ORIGINAL + 1)
        except Unreadable as error:
            raise Refusal(f"«\u202f{legible(path.name)}\u202f»\u00a0: {error.reason}") from error
        if len(raw) > MAX_ORIGINAL:
            most = counted(MAX_ORIGINAL // 1024**2, "Mio", "Mio")
            raise Refusal(
                f"«\u202f{legible(path.name)}\u202f» a plus de {most}\u00a0: gardez-en une photographie plus petite."
            )
        originals.append((path, raw))
    now = datetime.now(UTC).replace(microsecond=0)
    with open_folders(cohort) as folders:
        register = Register(cohort)
        codes = [folders.keep(raw, _ending(path)) for path, raw in originals]
        folders.settle(set(codes))
        for (path, _), code in zip(originals, codes, strict=True):
            place = BETWEEN.join((PLACE, legible(path.name)))
            students = frozenset(one.id for one in owner.trainees)
            register.note(Received(folders.name(code), "", now, place, content, "", students, state=State.TAKEN))
        register.save()


def _ending(path: Path) -> str:
    ending = path.suffix.lower()
    return ending if re.fullmatch(r"\.[a-z0-9]{1,5}", ending) else ".bin"
