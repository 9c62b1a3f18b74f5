"""Erasure of a person from a class, in an order in which the same command, run again, goes on where it stopped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from hashlib import md5
from pathlib import Path

from sqlalchemy import Connection, delete, select, text

from course.core import files as durable
from course.core import team, words, zips
from course.core.answers import FOLDER
from course.core.bar import bar
from course.core.files import open_plain, read_bytes
from course.core.pages import way_to
from course.core.plan import format as plan_format
from course.core.refusal import Refusal, Unreadable
from course.instructor.cohort import deadlines, places, plans, roster, schema
from course.instructor.cohort import gradebook as book
from course.instructor.cohort.alone import remove
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import ARCHIVES, Cohort
from course.instructor.cohort.receipt import read_secret
from course.instructor.cohort.roster import Trainee
from course.instructor.intake.decisions import decisions
from course.instructor.intake.person import everybody
from course.instructor.intake.store import DECISIONS, ORIGINALS, Register
from course.instructor.keeping import redaction
from course.instructor.keeping.archives import BOUNDS, EXCHANGE, is_apart
from course.instructor.keeping.traces import Traces, plain_files, traces_of

_SHOWN = 12
_WRITTEN = ("strategy", "action", "seen_strategy", "seen_action")  # in a canvas, and what a plan keeps of one
_DRAWN = (".png", ".pdf", ".svg", ".parquet", ".jpg")  # in which a name cannot be looked for
_LISTS = ("cohort/stagiaires.csv", "carnet/student.jsonl")  # of people, in an archive
_MAX_LIST = 64 * 1024**2  # bytes


def erase(cohort: Cohort, person: Trainee, *, archives: bool) -> Iterator[str]:
    """Remove a person from all files of a class, from the list of trainees last.

    Args:
        cohort: The class, held by `exclusive`.
        person: The person.
        archives: Whether to remove the archives in the class's folder that hold the person.

    Yields:
        French sentences on what was removed, and on what still names the person.

    Raises:
        Refusal: A list of the class cannot be read, and nothing is changed; or a file cannot be removed, and the same
            command goes on from there.
    """
    decisions(cohort), Register(cohort)  # a damaged one is refused before anything is removed
    traces = traces_of(person, _words(cohort, person))
    secrets, own = _secrets(cohort, person), plans.stems(cohort, [person.id])
    try:
        # First, because a graded copy of a trainee who is not in the gradebook counts as a loss of the gradebook.
        yield from _folder(cohort.autograded, person)
        naming = _gradebook(cohort, traces)
        yield from _folders(cohort, person)
        yield from _exchange(cohort, person, secrets)
        stay = {trainee.id for trainee in everybody(cohort)} - {person.id}
        removed, changed = redaction.received(cohort, traces, stay)
        if removed or changed:
            yield f"Fichiers reçus : {words.counted(removed, 'effacé')}, son nom retiré de {changed}."
        yield from _sent(cohort, traces)
        if mates := redaction.group_files(cohort, traces):
            folders = words.counted(mates, "dossier")
            yield f"Son nom est retiré de {folders} de son groupe, qui garde le travail commun."
        yield from _tables(cohort, traces, stay, own)
        yield from _archives(cohort, traces, archives)
    except OSError as error:
        raise Refusal(
            f"« {error.filename} » ne se laisse pas effacer ({durable.cause(error)}) : fermez ce fichier, puis lancez "
            "de nouveau la même commande, qui reprendra où elle s’est arrêtée."
        ) from error
    roster.remove(cohort, person.id)
    yield f"{person.name} : effacé du carnet de notes, des dossiers et de la liste."
    if naming:
        one, many = "commentaire donné à quelqu’un d’autre la nomme", "commentaires donnés à d’autres la nomment"
        yield f"{words.counted(naming, one, many)} : à relire dans le banc de relecture."
    yield from _still_naming(cohort, traces)


def _words(cohort: Cohort, person: Trainee) -> Iterator[str]:
    """Yield the texts that the person wrote alone."""
    for home in (cohort.autograded, cohort.submitted):
        for folder in sorted((home / person.id).glob("but-*")):
            together = len(team.read_or_nobody(folder).members) > 1
            for path in [] if together else sorted((folder / FOLDER).glob("*.json")):
                with suppress(Unreadable, ValueError, RecursionError):
                    yield from _texts(
                        json.loads(read_bytes(folder, FOLDER, path.name, limit=plan_format.MAX_BYTES) or b"null")
                    )


def _texts(value: object) -> Iterator[str]:
    """Yield the strategies and actions of a canvas or a plan, wherever they are in it."""
    for item in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
        yield from _texts(item)
    if isinstance(value, dict):
        yield from (text for name in _WRITTEN if isinstance(text := value.get(name), str))


def _secrets(cohort: Cohort, person: Trainee) -> list[tuple[str, str]]:
    """Return the secrets of the submissions that came through the exchange, each with its assignment."""
    secrets: set[tuple[str, str]] = set()
    for home in cohort.trainee_homes:
        for folder in (home / person.id).glob("but-*"):
            with suppress(Unreadable, OSError):
                if secret := read_secret(folder):
                    secrets.add((secret, folder.name))
    return sorted(secrets)


def _gradebook(cohort: Cohort, traces: Traces) -> int:
    """Remove all rows of a person, and the phrases that name them; the comments to others stay.

    Returns:
        The number of comments to others that name the person.

    Raises:
        Refusal: The gradebook is in use; the rows that were removed stay so.
    """
    with opened(cohort, writing=True) as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA secure_delete = ON"))
        _rows(connection, traces.trainee.id)
        for phrase in connection.scalars(select(schema.phrase.c.text)).all():
            if traces.in_bytes(phrase.encode(), words=False):
                connection.execute(delete(schema.phrase).where(schema.phrase.c.text == phrase))
        column = schema.comment.c.manual_comment
        comments = connection.scalars(select(column).where(column.is_not(None)))
        naming = sum(traces.in_bytes(comment.encode(), words=False) for comment in comments)
    try:
        book.compact(cohort)
    except Refusal as refusal:
        raise Refusal(
            f"{refusal} Ses notes sont effacées, mais pas encore leurs traces dans le fichier : fermez JupyterLab, "
            "puis lancez de nouveau la même commande."
        ) from refusal
    return naming


def _rows(connection: Connection, student: str) -> None:
    submission, part = schema.submitted_assignment, schema.submitted_notebook
    submissions = select(submission.c.id).where(submission.c.student_id == student)
    notebooks = select(part.c.id).where(part.c.assignment_id.in_(submissions))
    for table in (schema.grade, schema.comment):
        connection.execute(delete(table).where(table.c.notebook_id.in_(notebooks)))
    connection.execute(delete(part).where(part.c.assignment_id.in_(submissions)))
    connection.execute(delete(submission).where(submission.c.student_id == student))
    for table in schema.tables():
        if table.name.startswith("course_") and "student" in table.columns:
            connection.execute(delete(table).where(table.c.student == student))
    connection.execute(delete(schema.student).where(schema.student.c.id == student))


def _folders(cohort: Cohort, person: Trainee) -> Iterator[str]:
    for home in sorted(cohort.folder.iterdir()):
        if home.name in (ARCHIVES, EXCHANGE) or home.is_symlink() or not home.is_dir():
            continue
        yield from _folder(home, person)


def _folder(home: Path, person: Trainee) -> Iterator[str]:
    place = home / person.id
    if place.is_symlink():
        place.unlink()  # the link, never what it leads to
    elif place.is_dir():
        remove(place)
        if place.exists():
            raise OSError(0, "il est ouvert ou protégé", str(place))
    else:
        return
    yield f"Effacé : {home.name}/{person.id}"


def _exchange(cohort: Cohort, person: Trainee, secrets: list[tuple[str, str]]) -> Iterator[str]:
    """Remove the person's drops and pages from an exchange in the class's folder; name one that is elsewhere."""
    root = places.exchange(cohort)
    if root.is_symlink() or not root.is_dir():
        return
    if cohort.folder.absolute() not in root.absolute().parents:
        yield f"L’échange « {root} » est hors de la promotion : effacez-y vous-même « inbound/{person.id}+… »."
        return
    count = 0
    for place in sorted((root / "inbound").glob("*")):
        if place.name.startswith(f"{person.id}+") and not place.is_symlink():
            remove(place)
            count += not place.exists()
    for secret, assignment in secrets:
        # As nbgrader names a page (`nbgrader.utils.notebook_hash`); it is no seal here.
        name = md5(f"{secret}{assignment}".encode(), usedforsecurity=False).hexdigest()
        page = root / "feedback" / f"{name}.html"
        count += page.exists()
        page.unlink(missing_ok=True)
    if count:
        yield f"Effacé de l’échange : {words.counted(count, 'dossier ou page', 'dossiers ou pages')}."


def _sent(cohort: Cohort, traces: Traces) -> Iterator[str]:
    """Redact the files that wait in the class's folder to be taken in."""
    known = (*cohort.trainee_homes, cohort.reports, cohort.folder / ORIGINALS)
    for home in sorted(cohort.folder.iterdir()):
        if home not in known and not is_apart(home.name) and home.is_dir() and not home.is_symlink():
            removed, changed = redaction.sent(home, traces)
            if removed or changed:
                files = words.counted(removed, "fichier effacé")
                yield f"Dans « {home.name} » : {files}, son nom retiré de {changed}."


def _tables(cohort: Cohort, traces: Traces, stay: set[str], own: set[str]) -> Iterator[str]:
    for name in (DECISIONS, deadlines.TABLE):
        path = cohort.folder / name
        if path.is_file() and not path.is_symlink():
            redaction.table(path, traces, set())
    removed, shared = [], plans.stems(cohort, stay)
    for path in plain_files(cohort.reports) if not cohort.reports.is_symlink() else ():
        if path.suffix == ".csv":
            with suppress(Unreadable):  # it is no table: searched as any other file
                redaction.table(path, traces, stay | shared, own - shared)
                continue
        if path.suffix in _DRAWN or traces.in_bytes(path.name.encode()) or traces.in_file(path):
            path.unlink()
            removed.append(path.relative_to(cohort.reports).as_posix())
    if removed:
        yield (
            f"Effacés de « {cohort.reports.name} », parce qu’ils pouvaient la nommer : {', '.join(removed[:_SHOWN])}"
            f"{' …' if len(removed) > _SHOWN else ''}. Refaites-les quand vous voudrez\u00a0: "
            f"{way_to('feedback')}, {way_to('marks')}, {way_to('class')}, {way_to('plans')}."
        )


def _archives(cohort: Cohort, traces: Traces, wanted: bool) -> Iterator[str]:
    place = cohort.folder / ARCHIVES
    holding = [path for path in sorted(place.glob("*.zip")) if not path.is_symlink() and _holds(path, traces)]
    for path in holding if wanted else ():
        path.unlink()
    if holding:
        names = ", ".join(path.name for path in holding)
        done = "effacées" if wanted else "pas effacées : ajoutez --archives pour les effacer aussi"
        yield f"Archives où elle est encore ({done}) : {names}."
    yield "Les archives copiées ailleurs (clé, autre ordinateur) la contiennent encore : pensez-y."


def _holds(path: Path, traces: Traces) -> bool:
    try:
        with open_plain(path) as stream, zips.opened(stream, BOUNDS, lambda name: name) as archive:
            if any(traces.trainee.id in name.split("/") for name in archive.names):
                return True
            lists = [entry for entry in archive.entries if entry.path in _LISTS]
            return any(traces.in_bytes(entry.read(_MAX_LIST), words=False) for entry in lists)
    except (Unreadable, OSError):
        return True  # it cannot be searched


def _still_naming(cohort: Cohort, traces: Traces) -> Iterator[str]:
    """Name the remaining files that still name the person."""
    tops = [top for top in sorted(cohort.folder.iterdir()) if not is_apart(top.name) and not top.is_symlink()]
    remaining = [path for top in tops for path in (plain_files(top) if top.is_dir() else [top])]
    naming = []
    for path in bar(remaining, "Dernière vérification"):
        name = path.relative_to(cohort.folder).as_posix()
        with suppress(OSError):
            if traces.in_name(name) or traces.in_file(path, words=False):
                naming.append(name)
    if naming:
        yield f"Ces fichiers la nomment encore, à relire vous-même : {words.few(naming, _SHOWN)}."
