"""A person taken out of a class: in an order in which the same command, run again, goes on where it was stopped."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from hashlib import md5
from pathlib import Path

from sqlalchemy import Connection, delete, select, text

from course.core import files as durable
from course.core import team, words, zips
from course.core.answers import FOLDER
from course.core.answers.format import MAX_BYTES
from course.core.bar import bar
from course.core.files import open_plain, read_bytes
from course.core.names import refused_name
from course.core.refusal import Refusal, Unreadable
from course.instructor.cohort import gradebook as book
from course.instructor.cohort import places, roster
from course.instructor.cohort.alone import remove
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import ARCHIVES, Cohort
from course.instructor.cohort.receipt import read_secret
from course.instructor.cohort.roster import Trainee
from course.instructor.intake.names import keys, nearest
from course.instructor.intake.people import decisions
from course.instructor.intake.store import DECISIONS, ORIGINALS, Register
from course.instructor.keeping import archives as class_archives
from course.instructor.keeping import redaction
from course.instructor.keeping.archives import EXCHANGE, is_apart
from course.instructor.keeping.traces import Traces, plain_files, traces

_SHOWN = 12
_DRAWN = (".png", ".pdf", ".svg", ".parquet", ".jpg")  # in which a name cannot be looked for
_LISTS = ("cohort/stagiaires.csv", "carnet/student.jsonl")  # of people, in an archive
_MAX_LIST = 64 * 1024**2  # bytes


def find(cohort: Cohort, asked: str) -> Trainee:
    """The person that an instructor means.

    Args:
        cohort: The class.
        asked: Her identifier, or her name however it is written.

    Raises:
        Refusal: It is nobody, or it may be several: the sentence names them.
    """
    known = _known(cohort)
    asked = " ".join(asked.split())
    matches = [person for person in known if person.id == asked]
    matches = matches or [person for person in known if person.id.casefold() == asked.casefold()]
    matches = matches or [person for person in known if asked and keys(asked) & (keys(person.name) | keys(person.id))]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise Refusal(f"« {asked} » peut être {_listed(matches)} : donnez l’identifiant.")
    near = nearest(asked, [(person.name, person.id) for person in known] + [(person.id, person.id) for person in known])
    like = [person for person in known if person.id in near]
    hint = f" Est-ce {_listed(like)} ?" if like else ""
    raise Refusal(f"Personne ne s’appelle « {asked} » dans cette promotion.{hint}")


def erase(cohort: Cohort, person: Trainee, *, archives: bool) -> Iterator[str]:
    """Removes a person, the list of trainees last.

    Args:
        cohort: The class, held by `exclusive`.
        person: Who.
        archives: Whether archives in the class's folder that hold her go too.

    Yields:
        French sentences on what was done and what is left.

    Raises:
        Refusal: A list of the class cannot be read, and nothing is changed; or something cannot be removed, and the
            same command goes on from there.
    """
    decisions(cohort), Register(cohort)  # what nobody can read is refused while nothing is gone
    who = traces(person, _words(cohort, person))
    secrets = _secrets(cohort, person)
    try:
        # A graded copy of whom the gradebook does not know is taken for a loss: where this stops, there is none.
        yield from _folder(cohort.autograded, person)
        naming = _gradebook(cohort, who)
        yield from _folders(cohort, person)
        yield from _exchange(cohort, person, secrets)
        stay = {trainee.id for trainee in _known(cohort)} - {person.id}
        removed, changed = redaction.received(cohort, who, stay)
        if removed or changed:
            yield f"Fichiers reçus : {words.counted(removed, 'effacé')}, son nom retiré de {changed}."
        yield from _sent(cohort, who)
        if mates := redaction.group_files(cohort, who):
            folders = words.counted(mates, "dossier")
            yield f"Son nom est retiré de {folders} de son groupe, qui garde le travail commun."
        yield from _tables(cohort, who, stay)
        yield from _archives(cohort, who, archives)
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
    yield from _left(cohort, who)


def _known(cohort: Cohort) -> list[Trainee]:
    """Everybody of whom the class has a trace, in the list, the gradebook or a folder."""
    known = {person.id: person for person in roster.read(cohort)}
    columns = book.student.c
    with opened(cohort) as connection:
        query = select(columns.id, columns.first_name, columns.last_name, columns.email)
        rows = connection.execute(query).all()
    for row in rows:
        if row.id in ("", ".", "..") or re.search(r"[/\\\0]", row.id):
            continue  # it is no folder's name: what it leads to is nobody's
        person = known.get(row.id, Trainee(row.id))
        if not (person.first_name or person.last_name):
            email = person.email or row.email or ""
            known[row.id] = Trainee(row.id, row.first_name or "", row.last_name or "", email, person.group)
    for home in _homes(cohort):
        with suppress(OSError):
            for folder in home.iterdir():
                if not refused_name(folder.name):
                    known.setdefault(folder.name, Trainee(folder.name))
    return list(known.values())


def _homes(cohort: Cohort) -> tuple[Path, ...]:
    return cohort.submitted, cohort.autograded, cohort.feedback


def _listed(trainees: list[Trainee]) -> str:
    names = [f"« {person.id} » ({person.name})" for person in trainees[:_SHOWN]]
    return " ou ".join(names) + (" …" if len(trainees) > _SHOWN else "")


def _words(cohort: Cohort, person: Trainee) -> Iterator[str]:
    """What she wrote and nobody with her."""
    for home in (cohort.autograded, cohort.submitted):
        for folder in sorted((home / person.id).glob("but-*")):
            together = len(team.read_or_nobody(folder).members) > 1
            for path in [] if together else sorted((folder / FOLDER).glob("*.json")):
                with suppress(Unreadable, ValueError, RecursionError):
                    yield from _texts(json.loads(read_bytes(folder, FOLDER, path.name, limit=MAX_BYTES) or b"null"))


def _texts(value: object) -> Iterator[str]:
    """The strategies and actions of an answers file, wherever they are in it."""
    for item in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
        yield from _texts(item)
    if isinstance(value, dict):
        yield from (text for name in ("strategy", "action") if isinstance(text := value.get(name), str))


def _secrets(cohort: Cohort, person: Trainee) -> list[tuple[str, str]]:
    """The secrets of what she handed in through the exchange, with the assignment."""
    secrets: set[tuple[str, str]] = set()
    for home in _homes(cohort):
        for folder in (home / person.id).glob("but-*"):
            with suppress(Unreadable, OSError):
                if secret := read_secret(folder):
                    secrets.add((secret, folder.name))
    return sorted(secrets)


def _gradebook(cohort: Cohort, who: Traces) -> int:
    """Removes all rows of a person; what others were given stays.

    Returns:
        How many comments that others were given name her.

    Raises:
        Refusal: The gradebook is in use; what was removed is, and the same can be asked again.
    """
    with opened(cohort, writing=True) as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("PRAGMA secure_delete = ON"))
        _rows(connection, who.trainee.id)
        for phrase in connection.scalars(select(book.phrase.c.text)).all():
            if who.in_bytes(phrase.encode(), words=False):
                connection.execute(delete(book.phrase).where(book.phrase.c.text == phrase))
        column = book.comment.c.manual_comment
        comments = connection.scalars(select(column).where(column.is_not(None)))
        naming = sum(who.in_bytes(comment.encode(), words=False) for comment in comments)
    try:
        book.compact(cohort)
    except Refusal as refusal:
        raise Refusal(
            f"{refusal} Ses notes sont effacées, mais pas encore leurs traces dans le fichier : fermez JupyterLab, "
            "puis lancez de nouveau la même commande."
        ) from refusal
    return naming


def _rows(connection: Connection, student: str) -> None:
    submission, part = book.submitted_assignment, book.submitted_notebook
    hers = select(submission.c.id).where(submission.c.student_id == student)
    parts = select(part.c.id).where(part.c.assignment_id.in_(hers))
    for table in (book.grade, book.comment):
        connection.execute(delete(table).where(table.c.notebook_id.in_(parts)))
    connection.execute(delete(part).where(part.c.assignment_id.in_(hers)))
    connection.execute(delete(submission).where(submission.c.student_id == student))
    for table in book.tables():
        if table.name.startswith("course_") and "student" in table.columns:
            connection.execute(delete(table).where(table.c.student == student))
    connection.execute(delete(book.student).where(book.student.c.id == student))


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
    """What nbgrader's exchange holds of her, where it is in the class's folder; else the instructor is told."""
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


def _sent(cohort: Cohort, who: Traces) -> Iterator[str]:
    """What stands in the class's folder to be taken in."""
    known = (*_homes(cohort), cohort.reports, cohort.folder / ORIGINALS)
    for home in sorted(cohort.folder.iterdir()):
        if home not in known and not is_apart(home.name) and home.is_dir() and not home.is_symlink():
            removed, changed = redaction.sent(home, who)
            if removed or changed:
                files = words.counted(removed, "fichier effacé")
                yield f"Dans « {home.name} » : {files}, son nom retiré de {changed}."


def _tables(cohort: Cohort, who: Traces, stay: set[str]) -> Iterator[str]:
    names = cohort.folder / DECISIONS
    if names.is_file() and not names.is_symlink():
        redaction.table(names, who, set())
    gone = []
    for path in plain_files(cohort.reports) if not cohort.reports.is_symlink() else ():
        if path.suffix == ".csv":
            with suppress(Unreadable):  # it is no table, and looked at as any other file
                redaction.table(path, who, stay)
                continue
        if path.suffix in _DRAWN or who.in_bytes(path.name.encode()) or who.in_file(path):
            path.unlink()
            gone.append(path.relative_to(cohort.reports).as_posix())
    if gone:
        yield (
            f"Effacés de « {cohort.reports.name} », parce qu’ils pouvaient la nommer : {', '.join(gone[:_SHOWN])}"
            f"{' …' if len(gone) > _SHOWN else ''}. Refaites-les quand vous voudrez (course feedback, course marks, "
            "course class)."
        )


def _archives(cohort: Cohort, who: Traces, wanted: bool) -> Iterator[str]:
    place = cohort.folder / ARCHIVES
    holding = [path for path in sorted(place.glob("*.zip")) if not path.is_symlink() and _holds(path, who)]
    for path in holding if wanted else ():
        path.unlink()
    if holding:
        names = ", ".join(path.name for path in holding)
        done = "effacées" if wanted else "pas effacées : ajoutez --archives pour les effacer aussi"
        yield f"Archives où elle est encore ({done}) : {names}."
    yield "Les archives copiées ailleurs (clé, autre ordinateur) la contiennent encore : pensez-y."


def _holds(path: Path, who: Traces) -> bool:
    try:
        with open_plain(path) as stream, zips.opened(stream, class_archives.BOUNDS, lambda name: name) as archive:
            if any(who.trainee.id in name.split("/") for name in archive.names):
                return True
            lists = [entry for entry in archive.entries if entry.path in _LISTS]
            return any(who.in_bytes(entry.read(_MAX_LIST), words=False) for entry in lists)
    except (Unreadable, OSError):
        return True  # one cannot tell


def _left(cohort: Cohort, who: Traces) -> Iterator[str]:
    """What still names her, in all that is left."""
    tops = [top for top in sorted(cohort.folder.iterdir()) if not is_apart(top.name) and not top.is_symlink()]
    left = [path for top in tops for path in (plain_files(top) if top.is_dir() else [top])]
    naming = []
    for path in bar(left, "Dernière vérification"):
        name = path.relative_to(cohort.folder).as_posix()
        with suppress(OSError):
            if who.in_name(name) or who.in_file(path, words=False):
                naming.append(name)
    if naming:
        yield f"Ces fichiers la nomment encore, à relire vous-même : {words.few(naming, _SHOWN)}."
