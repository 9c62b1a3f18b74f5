"""The attestations of participation of a workbook: one page per person, written beside the answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from course.core import attestation as seals
from course.core import authorship, files, team
from course.core.attestation import Attestation
from course.core.names import safe
from course.core.refusal import NotWritten, Refusal, Unreadable
from course.core.workbooks import chosen

FOLDER = "attestations"


@dataclass(frozen=True, slots=True)
class Written:
    """An attestation on the disk: whose it is, its file, its bytes."""

    person: str
    path: Path
    raw: bytes


def attestation(folder: Path | None) -> None:
    """Write the attestations of a workbook, and print where they are.

    Args:
        folder: The workbook; None for the one that `course open` opens.

    Raises:
        Refusal: Nobody is named, nothing was done yet, or a page cannot be written.
    """
    written = write(chosen(folder).root)
    for one in written:
        print(f"Attestation de participation de {one.person}\u00a0: «\u202f{one.path}\u202f».")
    print("À ouvrir dans un navigateur et à imprimer\u00a0: elle tient sur une page.")


def write(root: Path) -> tuple[Written, ...]:
    """Write a page for each person of a workbook; what says the same as before keeps its date.

    Args:
        root: The workbook's root.

    Raises:
        Refusal: As `attestation`.
    """
    try:
        who = team.read(root)
    except Unreadable as error:
        raise Refusal(f"«\u202f{team.FILE}\u202f»\u00a0: {error.reason}") from error
    people = who.members or tuple(filter(None, (who.group,)))
    if not people:
        raise Refusal("Personne n’est nommé\u00a0: dites d’abord qui travaille, sur la page d’accueil du cours.")
    if reason := authorship.unconfirmed(root, who):
        raise Refusal(reason)
    now = datetime.now(UTC).replace(microsecond=0)
    taken: set[str] = set()
    written = []
    for person in people:
        content = seals.of_workbook(root, person, who.group if person != who.group else "", now)
        if not content.minutes and not content.lines:
            raise Refusal("Rien n’est encore fait\u00a0: lisez une leçon ou remplissez une option d’un canevas.")
        stem = f"attestation-{safe(person)}"
        name = next(name for number in count(1) if (name := stem if number == 1 else f"{stem}-{number}") not in taken)
        taken.add(name)
        path = root / FOLDER / f"{name}.html"
        raw = _kept(path, content) or seals.digested(content)
        try:
            files.write(path, raw)
        except NotWritten as error:
            raise Refusal(f"L’attestation n’est pas écrite. {error.reason}") from error
        written.append(Written(person, path, raw))
    return tuple(written)


def _kept(path: Path, content: Attestation) -> bytes | None:
    """Return the page that is there, where it says the same but for its date."""
    try:
        before = seals.digested(replace(content, date=seals.read(path).date))
    except Unreadable:
        return None
    return before if before == path.read_bytes() else None
