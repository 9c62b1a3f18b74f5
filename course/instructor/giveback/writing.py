"""The pages of a class on disk: where nbgrader looks for them, and only those that changed are written."""

from __future__ import annotations

import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from markupsafe import Markup

from course.core import files as durable
from course.core.files import read_bytes
from course.core.handin.naming import safe
from course.core.refusal import Refusal, Unreadable
from course.core.syllabus import Goal
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.receipt import DATE, MAX_SECRET_BYTES, SECRET
from course.instructor.cohort.roster import Trainee
from course.instructor.giveback import page
from course.instructor.giveback.page import Feedback
from course.instructor.giveback.records import Record

WHOLE = "retour.html"
ZIP = "retours"
_MOMENT = (2000, 1, 1, 0, 0, 0)  # the same pages make the same zip
_SMALL = 1024
_LONGEST = 40  # of its own letters, three or four bytes each


@dataclass(slots=True)
class Given:
    """What a run gave back.

    Attributes:
        pages: By assignment, each trainee's page on it.
        wholes: Each trainee's page on all goals.
        fresh: How many pages are new or changed.
        waiting: By assignment, how many copies have a canvas that waits.
        reachable: By assignment, how many copies nbgrader's exchange can give back.
    """

    pages: dict[str, list[tuple[Trainee, Path]]] = field(default_factory=dict)
    wholes: list[tuple[Trainee, Path]] = field(default_factory=list)
    fresh: int = 0
    waiting: dict[str, int] = field(default_factory=dict)
    reachable: dict[str, int] = field(default_factory=dict)


def write(cohort: Cohort, records: Iterable[Record], goals: tuple[Goal, ...], models: Mapping[str, str]) -> Given:
    """Writes each trainee's pages.

    Args:
        cohort: The class.
        records: What the trainees got.
        goals: The goals whose pages are wanted; the page on all goals comes with them.
        models: The model answers to add, as `shown_models` gives them; the page on all goals has none.

    Raises:
        Refusal: A page cannot be written; those before it are there.
    """
    given = Given({goal.assignment: [] for goal in goals})
    for record in records:
        try:
            _write_one(cohort, record, goals, models, given)
        except OSError as error:
            raise not_written(cohort.feedback / record.trainee.id, error) from error
    return given


def bundle(path: Path, pages: Iterable[tuple[Trainee, Path]], ending: str) -> None:
    """Puts pages into one zip, a file a trainee, under names that any system takes.

    Args:
        path: The zip.
        pages: The trainees and their pages.
        ending: What follows the name: « but-1 ».

    Raises:
        Refusal: It cannot be written; an older one is as it was.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp", delete=False) as made:
            try:
                with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
                    for name, source in _named(pages, ending):
                        info = zipfile.ZipInfo(name, _MOMENT)
                        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                        archive.writestr(info, source.read_bytes())
                made.close()
                durable.replace(Path(made.name), path)
            finally:
                with suppress(OSError):
                    Path(made.name).unlink(missing_ok=True)
    except OSError as error:
        raise not_written(path, error) from error


def not_written(path: Path, error: OSError) -> Refusal:
    """The refusal that says that a file or folder of the class is as it was, and what to do."""
    if isinstance(error, PermissionError):
        return Refusal(
            f"« {path} » n’est pas écrit : fermez-le s’il est ouvert (dans Excel ?), et vérifiez vos droits."
        )
    return Refusal(f"« {path} » n’est pas écrit. {durable.why(error, 'Il ne se laisse pas écrire')}")


def _write_one(
    cohort: Cohort, record: Record, goals: tuple[Goal, ...], models: Mapping[str, str], given: Given
) -> None:
    name, sections = record.trainee.name, list[tuple[Feedback, Markup]]()
    for work in record.works.values():
        folder = cohort.autograded / record.trainee.id / work.goal.assignment
        if not folder.is_dir():
            continue
        wanted = work.goal in goals
        said = page.feedback(work, folder, models if wanted else {})
        plain = page.without_models(said) if models else said
        sections.append((plain, page.section(plain)))
        if not wanted:
            continue
        shown = page.section(said) if models else sections[-1][1]
        place = cohort.feedback / record.trainee.id / work.goal.assignment
        place.mkdir(parents=True, exist_ok=True)
        given.fresh += _put(place / f"{work.goal.assignment}.html", page.page(name, [(said, shown)]))
        given.pages[work.goal.assignment].append((record.trainee, place / f"{work.goal.assignment}.html"))
        given.waiting[work.goal.assignment] = given.waiting.get(work.goal.assignment, 0) + bool(work.waiting)
        reachable = [_copied(folder, place, each) for each in (DATE, SECRET)][1]
        given.reachable[work.goal.assignment] = given.reachable.get(work.goal.assignment, 0) + reachable
    if sections:
        whole = cohort.feedback / record.trainee.id / WHOLE
        whole.parent.mkdir(parents=True, exist_ok=True)
        given.fresh += _put(whole, page.page(name, sections, whole=True))
        given.wholes.append((record.trainee, whole))


def _put(path: Path, text: str) -> bool:
    """Writes a page unless it is there already; whether it was written."""
    raw = text.encode()
    with suppress(OSError):
        if path.read_bytes() == raw:
            return False
    # Made anew by one command: it need not outlive a power cut, and synchronising thousands of files takes minutes.
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_bytes(raw)
    if path.exists():
        path.chmod(0o644)  # nbgrader's own pages cannot be replaced on Windows otherwise
    durable.replace(temporary, path)
    return True


def _copied(source: Path, target: Path, name: str) -> bool:
    """Copies what nbgrader's exchange needs beside a page; whether there is such a file."""
    try:
        raw = read_bytes(source, name, limit=max(MAX_SECRET_BYTES, _SMALL))
    except Unreadable:
        raw = None
    path = target / name
    if raw is None:
        path.unlink(missing_ok=True)
    elif not path.exists() or path.read_bytes() != raw:
        path.unlink(missing_ok=True)
        path.write_bytes(raw)
    return raw is not None


def _named(pages: Iterable[tuple[Trainee, Path]], ending: str) -> Iterator[tuple[str, Path]]:
    taken: set[str] = set()
    for trainee, path in pages:
        stem = _stem(trainee)
        names = [stem, f"{stem}-{safe(trainee.id)}"]
        number = 1
        while (name := f"{names[0]}_{ending}.html").casefold() in taken:
            number += 1
            names = [*names[1:], f"{stem}-{number}"]
        taken.add(name.casefold())
        yield name, path


def _stem(trainee: Trainee) -> str:
    """Her name in ASCII, or in her own letters where ASCII has none for them: a zip can hold those too."""
    stem = safe(trainee.name)
    if not stem.startswith("equipe-"):  # what `safe` gives when nothing is left
        return stem
    own = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFC", trainee.name)).strip("-")[:_LONGEST]
    return own or stem
