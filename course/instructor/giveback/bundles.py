"""What leaves with the pages of a class: zips, a table for mail merge, and the zips that Moodle hands out.

A zip has the pages of several people: it is for the instructor alone.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from course.core import sheets, zips
from course.core.names import ascii_name, safe
from course.core.syllabus import Goal
from course.instructor import output
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.roster import Trainee
from course.instructor.intake.names import MoodleFolder, keys, moodle_folder
from course.instructor.intake.store import Received, Register

ZIP = "retours"
MERGE = "publipostage.csv"
_SUBJECT = "Vos retours, cours Soins centrés sur les personnes"
_LONGEST = 40  # characters of a name in another script, three or four bytes each

Pages = Sequence[tuple[Trainee, Path]]


def bundle(path: Path, pages: Pages, suffix: str, *, merge: bool = False) -> None:
    """Write pages into one zip, one file per trainee, under portable names.

    Args:
        path: The zip.
        pages: The trainees and their pages.
        suffix: The end of each file name, after the trainee's name: « but-1 ».
        merge: Whether the zip has a table for mail merge too: an address, a subject and a file a row.

    Raises:
        Refusal: It cannot be written; an older zip is unchanged.
    """
    named = list(_named(pages, suffix))
    stream = io.BytesIO()
    try:
        with zips.writing(stream) as archive:
            if merge:
                archive.add(MERGE, _merge(pages, [name for name, _ in named]))
            for name, source in named:
                archive.add(name, source.read_bytes())
    except OSError as error:  # a page was removed just after it was written
        raise output.not_written(path, error) from error
    output.write(path, stream.getvalue())


def for_moodle(cohort: Cohort, pages: Mapping[str, Pages], goals: Iterable[Goal]) -> list[Path]:
    """Write a zip per goal whose folders Moodle gives back to their people: those that its export had.

    Moodle finds the trainee in the folder's name, `Awa Ouédraogo_4301_assignsubmission_file_` (its
    `mod/assign/feedback/file/importziplib.php`); who has none there is in no zip.

    Args:
        cohort: The class.
        pages: By assignment, each trainee's page on it.
        goals: The goals.

    Returns:
        The zips; those of goals that did not come through Moodle are removed.

    Raises:
        Refusal: A zip cannot be written, or the register of intake cannot be read.
    """
    written = []
    lines = Register(cohort).lines if any(pages.values()) else ()
    for goal in goals:
        path = cohort.reports / f"{ZIP}-{goal.assignment}-moodle.zip"
        folders = _moodle_folders(lines, goal, [trainee for trainee, _ in pages.get(goal.assignment, ())])
        if not folders:
            output.remove(path)
            continue
        stream = io.BytesIO()
        with zips.writing(stream) as archive:
            for trainee, page in pages[goal.assignment]:
                if trainee.id in folders:
                    archive.add(f"{folders[trainee.id]}/{page.name}", page.read_bytes())
        output.write(path, stream.getvalue())
        written.append(path)
    return written


def _moodle_folders(lines: Iterable[Received], goal: Goal, trainees: Iterable[Trainee]) -> dict[str, str]:
    """Return the names of folders in which Moodle sent the hand-ins of a goal, by trainee.

    A number that two people bear is nobody's: one of the folders was made by hand.
    """
    people = {trainee.id: keys(trainee.name) for trainee in trainees}
    contents = {goal.assignment, *(objective.id for objective in goal.objectives)}
    folders: dict[str, MoodleFolder] = {}
    bearers: dict[str, set[str]] = {}
    for line in lines:
        if line.content not in contents or not (folder := moodle_folder(line.place)):
            continue
        owners = [student for student in line.taken_for if not people.get(student, frozenset()).isdisjoint(folder.keys)]
        bearers.setdefault(folder.number, set()).update(owners or [folder.name])
        if len(owners) == 1:
            folders[owners[0]] = folder
    return {student: folder.name for student, folder in folders.items() if bearers[folder.number] == {student}}


def _merge(pages: Pages, names: Sequence[str]) -> bytes:
    """Return the table for mail merge: a row per trainee, those without an address last."""
    rows = [
        (trainee.email, trainee.first_name, trainee.last_name, _SUBJECT, name)
        for (trainee, _), name in zip(pages, names, strict=True)
    ]
    rows.sort(key=lambda row: not row[0])
    return sheets.written([("adresse", "prénom", "nom", "objet", "fichier"), *rows])


def _named(pages: Iterable[tuple[Trainee, Path]], suffix: str) -> Iterator[tuple[str, Path]]:
    taken: set[str] = set()
    for trainee, path in pages:
        stem = _stem(trainee)
        names = [stem, f"{stem}-{safe(trainee.id)}"]
        number = 1
        while (name := f"{names[0]}_{suffix}.html").casefold() in taken:
            number += 1
            names = [*names[1:], f"{stem}-{number}"]
        taken.add(name.casefold())
        yield name, path


def _stem(trainee: Trainee) -> str:
    """Return a trainee's name in ASCII, or in its own script where it has no ASCII form."""
    own = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", trainee.name)).strip("-")[:_LONGEST]
    return ascii_name(trainee.name) or own or safe(trainee.name)
