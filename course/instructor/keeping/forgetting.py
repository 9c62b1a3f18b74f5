"""Forgetting a person: in an order in which the same command, run again, goes on where it was stopped."""

from __future__ import annotations

import csv
import json
import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from hashlib import md5
from pathlib import Path

from course.core import files as durable
from course.core import team
from course.core.answers.format import MAX_BYTES
from course.core.answers.reading import FOLDER
from course.core.bar import bar
from course.core.files import read_bytes
from course.core.handin.archive import DAMAGE
from course.core.names import refused_name
from course.core.refusal import Refusal, Unreadable
from course.instructor.cohort import roster
from course.instructor.cohort.alone import remove
from course.instructor.cohort.places import COURSE_ID, Cohort
from course.instructor.cohort.roster import Trainee
from course.instructor.intake.decisions import FILE as NAMES
from course.instructor.intake.decisions import Decisions
from course.instructor.intake.names import keys, nearest
from course.instructor.intake.originals import FOLDER as RECEIVED
from course.instructor.intake.originals import Register
from course.instructor.keeping import erasing, redacting
from course.instructor.keeping.apart import ARCHIVES, EXCHANGE, is_apart
from course.instructor.keeping.traces import Traces, plain_files, traces

_SHOWN = 12
_ONE = "Un commentaire donné à quelqu’un d’autre la nomme"
_DRAWN = (".png", ".pdf", ".svg", ".parquet", ".jpg")  # in which a name cannot be looked for


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
    found = [each for each in known if each.id == asked]
    found = found or [each for each in known if each.id.casefold() == asked.casefold()]
    found = found or [each for each in known if asked and keys(asked) & (keys(each.name) | keys(each.id))]
    if len(found) == 1:
        return found[0]
    if found:
        raise Refusal(f"« {asked} » peut être {_listed(found)} : donnez l’identifiant.")
    near = nearest(asked, [(each.name, each.id) for each in known] + [(each.id, each.id) for each in known])
    like = [each for each in known if each.id in near]
    hint = f" Est-ce {_listed(like)} ?" if like else ""
    raise Refusal(f"Personne ne s’appelle « {asked} » dans cette promotion.{hint}")


def forget(cohort: Cohort, person: Trainee, *, archives: bool) -> Iterator[str]:
    """Removes a person, the list of trainees last.

    Args:
        cohort: The class, which nothing else changes meanwhile.
        person: Who.
        archives: Whether archives in the class's folder that hold her go too.

    Yields:
        French sentences on what was done and what is left.

    Raises:
        Refusal: A list of the class cannot be read, and nothing is changed; or something cannot be removed, and the
            same command goes on from there.
    """
    Decisions(cohort), Register(cohort)  # what nobody can read is refused while nothing is gone
    who = traces(person, _words(cohort, person))
    secrets = _secrets(cohort, person)
    naming = erasing.erase(cohort, who)
    try:
        yield from _folders(cohort, person)
        yield from _exchange(cohort, person, secrets)
        stay = {each.id for each in _known(cohort)} - {person.id}
        removed, changed = redacting.received(cohort, who, stay)
        if removed or changed:
            yield f"Fichiers reçus : {removed} effacés, son nom retiré de {changed}."
        yield from _sent(cohort, who)
        if mates := sum(1 for _ in redacting.group_files(cohort, who)):
            yield f"Son nom est retiré de {mates} dossiers de son groupe, qui garde le travail commun."
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
        these = f"{naming} commentaires donnés à d’autres la nomment" if naming > 1 else _ONE
        yield f"{these} : à relire dans le banc de relecture."
    yield from _left(cohort, who)


def _known(cohort: Cohort) -> list[Trainee]:
    known = {each.id: each for each in roster.read(cohort)}
    for identifier, (first, last, email) in erasing.students(cohort).items():
        if identifier in ("", ".", "..") or re.search(r"[/\\\0]", identifier):
            continue  # it is no folder's name: what it leads to is nobody's
        each = known.get(identifier, Trainee(identifier))
        if not (each.first_name or each.last_name):
            known[identifier] = Trainee(identifier, first, last, each.email or email, each.group)
    for home in (cohort.submitted, cohort.autograded, cohort.feedback):
        with suppress(OSError):
            for folder in home.iterdir():
                if not refused_name(folder.name):
                    known.setdefault(folder.name, Trainee(folder.name))
    return list(known.values())


def _listed(found: list[Trainee]) -> str:
    shown = [f"« {each.id} » ({each.name})" for each in found[:_SHOWN]]
    return " ou ".join(shown) + (" …" if len(found) > _SHOWN else "")


def _words(cohort: Cohort, person: Trainee) -> Iterator[str]:
    """What she wrote and nobody with her."""
    for home in (cohort.autograded, cohort.submitted):
        for folder in sorted((home / person.id).glob("but-*")):
            try:
                together = len(team.read(folder).members) > 1
            except Unreadable:
                together = False
            for path in [] if together else sorted((folder / FOLDER).glob("*.json")):
                with suppress(Unreadable, ValueError, RecursionError):
                    yield from _texts(json.loads(read_bytes(folder, FOLDER, path.name, limit=MAX_BYTES) or b"null"))


def _texts(value: object) -> Iterator[str]:
    """The strategies and actions of an answers file, wherever they are in it."""
    for each in value if isinstance(value, list) else value.values() if isinstance(value, dict) else ():
        yield from _texts(each)
    if isinstance(value, dict):
        yield from (text for name in ("strategy", "action") if isinstance(text := value.get(name), str))


def _secrets(cohort: Cohort, person: Trainee) -> list[tuple[str, str]]:
    """The secrets of what she handed in through the exchange, with the assignment."""
    found = set()
    for home in (cohort.submitted, cohort.autograded, cohort.feedback):
        for folder in (home / person.id).glob("but-*"):
            with suppress(Unreadable, OSError):
                raw = read_bytes(folder, "submission_secret.txt", limit=1024) or b""
                found |= {
                    (text, folder.name) for text in (raw.decode("ascii", "replace"), raw.decode().strip()) if text
                }
    return sorted(found)


def _folders(cohort: Cohort, person: Trainee) -> Iterator[str]:
    for home in sorted(cohort.folder.iterdir()):
        if home.name in (ARCHIVES, EXCHANGE) or home.is_symlink() or not home.is_dir():
            continue
        place = home / person.id
        if place.is_symlink():
            place.unlink()  # the link, never what it leads to
        elif place.is_dir():
            remove(place)
            if place.exists():
                raise OSError(0, "il est ouvert ou protégé", str(place))
        else:
            continue
        yield f"Effacé : {home.name}/{person.id}"


def _exchange(cohort: Cohort, person: Trainee, secrets: list[tuple[str, str]]) -> Iterator[str]:
    """What nbgrader's exchange holds of her, where it is in the class's folder; else the instructor is told."""
    root = cohort.folder / EXCHANGE / COURSE_ID
    outside = os.environ.get("COURSE_EXCHANGE")
    if outside and Path(outside).is_dir():
        yield f"L’échange « {outside} » est hors de la promotion : effacez-y vous-même « inbound/{person.id}+… »."
    if root.is_symlink() or not root.is_dir():
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
        yield f"Effacé de l’échange : {count} dossiers ou pages."


def _sent(cohort: Cohort, who: Traces) -> Iterator[str]:
    """What stands in the class's folder to be taken in."""
    known = (cohort.submitted, cohort.autograded, cohort.feedback, cohort.reports, cohort.folder / RECEIVED)
    for home in sorted(cohort.folder.iterdir()):
        if home not in known and not is_apart(home.name) and home.is_dir() and not home.is_symlink():
            removed, changed = redacting.sent(home, who)
            if removed or changed:
                yield f"Dans « {home.name} » : {removed} fichiers effacés, son nom retiré de {changed}."


def _tables(cohort: Cohort, who: Traces, stay: set[str]) -> Iterator[str]:
    names = cohort.folder / NAMES
    if names.is_file() and not names.is_symlink():
        redacting.table(names, who, set())
    gone = []
    for path in plain_files(cohort.reports) if not cohort.reports.is_symlink() else ():
        if path.suffix == ".csv":
            with suppress(csv.Error):  # it is no table, and looked at as any other file
                redacting.table(path, who, stay)
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
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                if who.trainee.id in name.split("/"):
                    return True
            lists = [name for name in ("cohort/stagiaires.csv", "carnet/student.jsonl") if name in archive.namelist()]
            return any(who.in_bytes(archive.read(name), words=False) for name in lists)
    except DAMAGE:
        return True  # one cannot tell


def _left(cohort: Cohort, who: Traces) -> Iterator[str]:
    """What still names her, in all that is left."""
    tops = [top for top in sorted(cohort.folder.iterdir()) if not is_apart(top.name) and not top.is_symlink()]
    left = [path for top in tops for path in (plain_files(top) if top.is_dir() else [top])]
    found = []
    for path in bar(left, "Dernière vérification"):
        name = path.relative_to(cohort.folder).as_posix()
        with suppress(OSError):
            if who.in_bytes(name.encode("utf-8", "replace"), words=False) or who.in_file(path, words=False):
                found.append(name)
    if found:
        more = f" et {len(found) - _SHOWN} autres" if len(found) > _SHOWN else ""
        yield f"Ces fichiers la nomment encore, à relire vous-même : {', '.join(found[:_SHOWN])}{more}."
