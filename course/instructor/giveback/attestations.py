"""`course attestations`: signed pages for those who passed goals by the rule of the gradebook, or who took part."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from course.core import attestation, team
from course.core.attestation import Attestation, Kind, Line, Seal
from course.core.bar import bar
from course.core.handin.package import standings
from course.core.refusal import Refusal, Unreadable
from course.core.terminal import typed
from course.core.words import counted, few, points, typeset
from course.instructor import output
from course.instructor.cohort import key, places
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.key import ClassKey
from course.instructor.cohort.places import Cohort
from course.instructor.giveback import bundles, records
from course.instructor.giveback.records import Record, Work

PUBLIC = "cle-publique.txt"
_NAMED = 12


def attestations(folder: Path | None, participation: bool, hours: str, session: str) -> None:
    """Write and sign the attestations of a class: one page per trainee, and a zip of them.

    Args:
        folder: The course's folder; found from the working folder by default.
        participation: Whether they say who took part, by the canvases handed in, instead of who passed.
        hours: The hours of the session; the length that the course plans when empty.
        session: Its place and dates; may be empty.

    Raises:
        Refusal: Nobody has passed or taken part, a text is not as it must be, or a page cannot be written.
    """
    cohort = places.find(folder)
    kind = Kind.PARTICIPATION if participation else Kind.SUCCESS
    shown_hours, shown_session = _session(hours, session)
    with opened(cohort) as connection:
        trainees = records.read(connection, cohort)
    contents = {
        record.trainee.id: (record.trainee, content)
        for record in trainees
        if (content := _content(kind, cohort, record, shown_hours, shown_session))
    }
    gone = _withdraw(cohort, kind, set(contents))
    if not contents:
        raise Refusal(_NOBODY[kind] + (f" {_GONE[kind].format(count=counted(gone, 'attestation'))}" if gone else ""))
    class_key = key.ensure(cohort)
    written = [
        (trainee, _write(_path(cohort, kind, trainee.id), one, class_key))
        for trainee, one in bar([*contents.values()], "Attestations")
    ]
    output.write(cohort.reports / PUBLIC, key.public_text(class_key.public).encode())
    bundle = cohort.reports / f"attestations-{kind.value}.zip"
    bundles.bundle(bundle, written, f"attestation-{kind.value}")
    pages_written = counted(len(written), "page")
    print(f"{_WRITTEN[kind]}\u00a0: {pages_written}, dans «\u202f{cohort.feedback}\u202f».")
    print(f"Pour toute la promotion, dans «\u202f{cohort.reports}\u202f»\u00a0: {bundle.name}.")
    if without := [record.trainee.name for record in trainees if record.trainee.id not in contents]:
        print(f"{_WITHOUT[kind]}\u00a0: {few(without, _NAMED)}.")
    if gone:
        print(typeset(_GONE[kind].format(count=counted(gone, "attestation"))))
    print(
        "Elles s’impriment sur une page, à signer et à tamponner. La clé de la promotion les signe, "
        f"{attestation.fingerprint(class_key.public)}. Donnez «\u202f{PUBLIC}\u202f» à qui veut vérifier un "
        "fichier\u00a0: "
        f"{typed('verify', 'ATTESTATION', '--cle', PUBLIC)}"
    )
    print(f"Gardez «\u202f{cohort.folder / places.KEY}\u202f» pour vous\u00a0: qui l’a peut signer à votre place.")


_NOBODY = {
    Kind.PARTICIPATION: "Personne n’a encore de canevas corrigé où une option est traitée.",
    Kind.SUCCESS: "Personne n’a encore réussi tous les canevas d’un but, notes de qualité comprises.",
}
_WRITTEN = {Kind.PARTICIPATION: "Attestations de participation", Kind.SUCCESS: "Attestations de réussite"}
_WITHOUT = {
    Kind.PARTICIPATION: "Sans canevas, et sans attestation",
    Kind.SUCCESS: "Sans but réussi, et sans attestation",
}
_GONE = {
    Kind.PARTICIPATION: "Effacé, parce que la personne n’a plus de canevas\u00a0: {count}.",
    Kind.SUCCESS: "Effacé, parce que la personne n’a plus de but réussi\u00a0: {count}. Reprenez ce qui a été remis.",
}


def passed(work: Work) -> bool:
    """Return True for a goal of which each canvas of the course has a final mark that passes."""
    there = {mark.objective for mark in work.marks if mark.final and mark.passed}
    return there >= {objective.id for objective in work.goal.objectives}


def _session(hours: str, session: str) -> tuple[str, str]:
    try:
        shown = attestation.hours(hours)
    except ValueError:
        raise Refusal(f"«\u202f{hours}\u202f»\u00a0: les heures s’écrivent en chiffres, 24 ou 24,5.") from None
    text = " ".join(session.split())
    if len(text) > attestation.MAX_SESSION:
        raise Refusal(
            f"Le lieu et les dates ont plus de {attestation.MAX_SESSION} caractères\u00a0: raccourcissez-les."
        )
    return shown, text


def _content(kind: Kind, cohort: Cohort, record: Record, hours: str, session: str) -> Attestation | None:
    """Return what the attestation of a trainee says, None for a trainee who has none."""
    now, name = datetime.now(UTC).replace(microsecond=0), record.trainee.name
    if kind is Kind.PARTICIPATION:
        homes = [cohort.autograded / record.trainee.id / work.goal.assignment for work in record.works.values()]
        canvases = [
            canvas
            for home, work in zip(homes, record.works.values(), strict=True)
            for canvas in standings(home, work.goal)
        ]
        content = attestation.of_canvases(name, _group(homes), canvases, now)
        return _with(content, hours, session) if content.lines else None
    works = [work for work in record.works.values() if passed(work)]
    if not works:
        return None
    goals = tuple(f"But {work.goal.id}\u00a0: {work.goal.title}" for work in works)
    lines = tuple(
        Line(objective, f"{points(mark.total)}\u00a0sur\u00a020")
        for work in works
        for objective in work.goal.objectives
        for mark in work.marks
        if mark.objective == objective.id
    )
    minutes = attestation.planned([work.goal.id for work in works])
    homes = [cohort.autograded / record.trainee.id / work.goal.assignment for work in works]
    return _with(Attestation(kind, name, now, _group(homes), minutes, summary=goals, lines=lines), hours, session)


def _with(content: Attestation, hours: str, session: str) -> Attestation:
    return replace(content, hours=hours, session=session)


def _group(homes: list[Path]) -> str:
    """Return the name of the group in which a trainee worked last; empty for one who worked alone."""
    names = [who.group for home in homes if len((who := team.read_or_nobody(home)).members) > 1]
    return names[-1] if names else ""


def _path(cohort: Cohort, kind: Kind, student: str) -> Path:
    return cohort.feedback / student / f"attestation-{kind.value}.html"


def _write(path: Path, content: Attestation, class_key: ClassKey) -> Path:
    """Write a page, unless the one that is there says the same: it keeps its date."""
    if before := _before(path, class_key):
        same = attestation.signed(replace(content, date=before.date), class_key.public, class_key.sign)
        if attestation.seal_of(same).signature == before.signature:
            return path
    output.write(path, attestation.signed(content, class_key.public, class_key.sign))
    return path


def _before(path: Path, class_key: ClassKey) -> Seal | None:
    try:
        seal = attestation.read(path)
    except Unreadable:
        return None
    return seal if seal.key == class_key.public else None


def _withdraw(cohort: Cohort, kind: Kind, students: set[str]) -> int:
    """Remove the pages of those who have none now; return their number."""
    number = 0
    for path in cohort.feedback.glob(f"*/attestation-{kind.value}.html"):
        if path.parent.name in students or path.parent.is_symlink():
            continue
        try:
            path.unlink()
        except OSError as error:
            raise output.not_written(path, error) from error
        number += 1
    return number
