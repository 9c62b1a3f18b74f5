"""Attestations: one self-contained French page of A4 each, sealed so that a changed letter is noticed.

The seal is over the whole page, its own two places left empty: the SHA-256 of it where a person makes the page alone,
the signature of a class's key (`Seal`) where an instructor does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from hashlib import sha256
from html import escape, unescape
from pathlib import Path

from course.core import pages, syllabus
from course.core.content import VERSION
from course.core.documents import moment_of, read_json, utc
from course.core.files import open_plain
from course.core.folders import EXERCISES, goal_folder
from course.core.handin.manifest import codes
from course.core.handin.package import Standing, standings
from course.core.names import legible
from course.core.refusal import Unreadable
from course.core.rubric import PASS_QUALITY, PASS_TOTAL, QUALITY_POINTS, TOTAL_POINTS
from course.core.syllabus import Objective
from course.core.terminal import typed
from course.core.words import counted, day, typeset

FORMAT = "attestation/1"
MAX_BYTES = 256 * 1024
MAX_SESSION = 120  # characters


class Kind(Enum):
    """What an attestation says."""

    PARTICIPATION = "participation"
    SUCCESS = "reussite"


TITLES = {Kind.PARTICIPATION: "Attestation de participation", Kind.SUCCESS: "Attestation de réussite"}

_RULES = {
    Kind.PARTICIPATION: typeset(
        "La règle\u00a0: une leçon compte quand la personne dit l’avoir lue\u202f; une option est traitée quand elle a "
        "une stratégie et une action écrites. Cette attestation dit ce qui a été fait, sans juger de sa qualité."
    ),
    Kind.SUCCESS: typeset(
        f"La règle\u00a0: un canevas est réussi à partir de {PASS_TOTAL} points sur {TOTAL_POINTS}, dont au moins "
        f"{PASS_QUALITY} sur {QUALITY_POINTS} pour la qualité, donnés par une personne qui forme\u202f; un but est "
        "réussi quand chacun de ses canevas l’est. Seuls les buts réussis sont nommés ici."
    ),
}
_LIMITS = typeset(
    "Cette attestation n’est ni un diplôme ni un titre, et n’ouvre aucun droit d’exercer. Ce cours n’est pas un "
    "produit de l’OMS."
)
_SEAL = re.compile(rb'(<meta name="course-seal" content=")([a-z0-9:]{0,300})(">)')
_CODE = re.compile(rb'(<span class="code">)([0-9a-f ]{0,40})(</span>)')
_FACTS = re.compile(r'<meta name="course-attestation" content="([^"<>]{1,4000})">')
_DIGEST, _SIGNATURE = "sha256", "ed25519"
_PARTS = re.compile(r"ed25519:([0-9a-f]{64}):([0-9a-f]{128})")

_STYLE = """
@page { size: A4; margin: 10mm 14mm; }
* { box-sizing: border-box; }
body { max-width: 178mm; margin: 8mm auto; padding: 0 4mm; color: #111; background: #fff; }
body { font: 10.5pt/1.35 "Liberation Sans", Arial, sans-serif; }
main { padding: 6mm 8mm; border: 1.5pt solid #00533f; }
h1 { margin: 0; font-size: 21pt; color: #00533f; }
h2 { margin: 3mm 0 1mm; font-size: 11.5pt; }
p { margin: 0 0 2mm; }
.name { margin: 4mm 0 1mm; font-size: 17pt; font-weight: bold; overflow-wrap: anywhere; }
.long { font-size: 12pt; }
dl { display: grid; grid-template-columns: 34mm 1fr; gap: .8mm 4mm; margin: 2mm 0 0; line-height: 1.25; }
dt { font-weight: bold; }
dd { margin: 0; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; font-size: 8.5pt; line-height: 1.15; }
th, td { padding: .5mm 2mm; border: 1px solid #767676; text-align: left; vertical-align: top; }
td:last-child { white-space: nowrap; }
.sign { display: grid; grid-template-columns: 1fr 1fr; gap: 5mm; margin-top: 4mm; }
.sign div { height: 24mm; padding: 2mm; border: 1px solid #767676; font-size: 9pt; }
.small { margin-top: 2.5mm; font-size: 8.5pt; line-height: 1.25; overflow-wrap: anywhere; }
.code { font: bold 11pt/1.2 "Liberation Mono", monospace; letter-spacing: .06em; }
@media print { body { margin: 0; padding: 0; max-width: none; } main { break-inside: avoid; } }
""".strip()


@dataclass(frozen=True, slots=True)
class Line:
    """A canvas in an attestation: its objective, and what is said of it (« 3 options sur 4 traitées »)."""

    objective: Objective
    result: str


@dataclass(frozen=True, slots=True)
class Attestation:
    """What an attestation says.

    Attributes:
        kind: Its kind.
        person: The name of the person.
        date: When it was made.
        group: The group's name; may be empty.
        minutes: The length that the course plans for what was done, in minutes; 0 where it is not said.
        hours: The hours of the session, as the instructor typed them; empty for the planned length.
        session: The place and the dates of the session, likewise; may be empty.
        summary: What was done, in French sentences.
        lines: The canvases.
    """

    kind: Kind
    person: str
    date: datetime
    group: str = ""
    minutes: int = 0
    hours: str = ""
    session: str = ""
    summary: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Seal:
    """The seal of a page whose every letter is as it was sealed, and what the page says of itself.

    Attributes:
        kind: Its kind.
        person: The name of the person.
        date: When it was made.
        code: Its code, as printed.
        key: The public key that it names, 64 hexadecimal digits; empty where nobody signed it.
        signature: The signature, not yet verified; empty likewise.
        message: What was signed.
    """

    kind: Kind
    person: str
    date: datetime
    code: str
    key: str
    signature: bytes
    message: bytes


def of_workbook(root: Path, person: str, group: str, date: datetime) -> Attestation:
    """Return the attestation of participation that a workbook gives, from its lessons and canvases.

    Args:
        root: The workbook's root.
        person: The name of one of its people.
        group: The group's name; may be empty.
        date: Now.
    """
    marks = pages.marks(root)
    lessons = [page for page in pages.load() if page.kind == pages.LESSON]
    read = [page for page in lessons if page.path in marks and marks[page.path].done]
    canvases: list[Standing] = []
    minutes = sum(pages.length(page)[0] for page in read)
    minutes += sum(pages.length(page)[1] for page in read if not page.goal)
    for goal in syllabus.load().goals:
        own = standings(goal_folder(root, goal) or root / EXERCISES / goal.assignment, goal)
        canvases += own
        practice = sum(pages.length(page)[1] for page in lessons if page.goal == goal.id)
        options = sum(canvas.result.total for canvas in own)
        minutes += practice * sum(len(canvas.result.treated) for canvas in own) // options
    worked = [canvas for canvas in canvases if canvas.result.treated]
    summary = (
        f"{counted(len(read), 'leçon lue', 'leçons lues')} sur {len(lessons)}",
        _treated(canvases),
    )
    lines = tuple(line_of(canvas) for canvas in worked)
    return Attestation(Kind.PARTICIPATION, person, date, group, minutes, summary=summary, lines=lines)


def of_canvases(person: str, group: str, canvases: Sequence[Standing], date: datetime) -> Attestation:
    """Return the attestation of participation that the canvases which a person handed in give.

    Args:
        person: The person's name.
        group: The group's name; may be empty.
        canvases: The canvases.
        date: Now.
    """
    lines = tuple(line_of(canvas) for canvas in canvases if canvas.result.treated)
    return Attestation(Kind.PARTICIPATION, person, date, group, summary=(_treated(canvases),), lines=lines)


def line_of(canvas: Standing) -> Line:
    """Return the line of a canvas in an attestation of participation."""
    return Line(canvas.objective, canvas.words)


def planned(goals: Sequence[str]) -> int:
    """Return the minutes that the course plans for the lessons and canvases of goals, `1` … `5`."""
    return sum(sum(pages.length(page)) for page in pages.load() if page.kind == pages.LESSON and page.goal in goals)


def hours(typed: str) -> str:
    """Return the hours of a session as people write them, from what was typed; raises `ValueError`."""
    text = typed.strip().removesuffix("h").strip()
    if not text:
        return ""
    if not re.fullmatch(r"[0-9]{1,3}(?:[.,][0-9])?", text) or not float(text.replace(",", ".")):
        raise ValueError(typed)
    return f"{text.replace('.', ',')}\u00a0h"


def digested(attestation: Attestation) -> bytes:
    """Return the page of a person who makes it alone, sealed with its digest only."""
    page = _page(attestation, "")
    return _filled(page, f"{_DIGEST}:{sha256(page).hexdigest()}")


def signed(attestation: Attestation, key: str, sign: Callable[[bytes], bytes]) -> bytes:
    """Return the page of a class, signed.

    Args:
        attestation: What it says.
        key: The class's public key, 64 hexadecimal digits.
        sign: Returns the signature of a message with the private key, 64 bytes (Ed25519, RFC 8032).
    """
    page = _page(attestation, key)
    return _filled(page, f"{_SIGNATURE}:{key}:{sign(page).hex()}")


def fingerprint(key: str) -> str:
    """Return a public key as people compare it: 16 digits of its SHA-256, in groups of 4."""
    digits = sha256(bytes.fromhex(key)).hexdigest()
    return " ".join(digits[i : i + 4] for i in range(0, 16, 4))


def read(path: Path) -> Seal:
    """Read an attestation's file, and compare it with its own seal; its signature is the caller's to verify.

    Raises:
        Unreadable: It is not a plain file, not an attestation of the course, or not as it was sealed.
    """
    with open_plain(path) as stream:
        return seal_of(stream.read(MAX_BYTES + 1))


def seal_of(raw: bytes) -> Seal:
    """Do as `read` for the bytes of a file."""
    # What mail and editors change without changing the page.
    page = raw.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    seals, printed = _SEAL.findall(page), _CODE.findall(page)
    if len(raw) > MAX_BYTES or len(seals) != 1 or len(printed) != 1:
        raise Unreadable("Ce n’est pas une attestation de ce cours, ou elle a été changée.")
    seal, code = seals[0][1].decode(), printed[0][1].decode()
    message = _CODE.sub(rb"\1\3", _SEAL.sub(rb"\1\3", page))
    digest = sha256(message).hexdigest()
    parts = _PARTS.fullmatch(seal)
    if code != codes(digest) or (not parts and seal != f"{_DIGEST}:{digest}"):
        raise Unreadable(CHANGED)
    kind, person, date = _facts(message)
    if kind is Kind.SUCCESS and not parts:
        raise Unreadable("Une attestation de réussite que personne n’a signée ne vaut rien.")
    key, signature = parts.groups() if parts else ("", "")
    return Seal(kind, person, date, code, key, bytes.fromhex(signature), message)


CHANGED = "Cette attestation a été changée depuis qu’elle a été faite\u00a0: elle ne vaut rien."


def _facts(message: bytes) -> tuple[Kind, str, datetime]:
    try:
        (written,) = _FACTS.findall(message.decode())
        facts = read_json(unescape(written).encode(), MAX_BYTES)
        if facts["format"] != FORMAT or not isinstance(facts["person"], str):
            raise ValueError(facts)
        return Kind(facts["kind"]), legible(facts["person"]), moment_of(facts["date"])
    except (ValueError, LookupError, TypeError, AttributeError):
        raise Unreadable("Ce n’est pas une attestation de ce cours.") from None


def _filled(page: bytes, seal: str) -> bytes:
    code = codes(sha256(page).hexdigest()).encode()
    return _SEAL.sub(rb"\g<1>" + seal.encode() + rb"\3", _CODE.sub(rb"\g<1>" + code + rb"\3", page))


def _treated(canvases: Sequence[Standing]) -> str:
    treated = sum(len(canvas.result.treated) for canvas in canvases)
    worked = sum(bool(canvas.result.treated) for canvas in canvases)
    return (
        f"{counted(treated, 'option traitée', 'options traitées')} sur {len(_options())}, dans {worked}\u00a0canevas "
        f"sur {len(syllabus.load().objectives)}"
    )


def _options() -> list[str]:
    return [option.id for objective in syllabus.load().objectives for option in objective.options]


def _length(attestation: Attestation) -> str:
    if attestation.hours:
        return escape(attestation.hours)
    if not attestation.minutes:
        return ""
    whole, rest = divmod(attestation.minutes, 60)
    length = f"{whole}\u00a0h\u00a0{rest:02d}" if whole else f"{rest}\u00a0min"
    return f"{length}, selon ce que le cours prévoit"


def _page(attestation: Attestation, key: str) -> bytes:
    """Return the page with its two places for the seal left empty; all texts of people are escaped."""
    facts = {
        "format": FORMAT,
        "kind": attestation.kind.value,
        "person": attestation.person,
        "date": utc(attestation.date),
    }
    title, name = TITLES[attestation.kind], escape(attestation.person)
    said = {
        Kind.PARTICIPATION: "a participé au cours «\u202fSoins centrés sur les personnes\u202f».",
        Kind.SUCCESS: "a réussi les buts nommés ici du cours «\u202fSoins centrés sur les personnes\u202f».",
    }[attestation.kind]
    rows = [
        ("Groupe", escape(attestation.group)),
        ("Session", escape(attestation.session)),
        ("Durée", _length(attestation)),
        (
            "Buts réussis" if attestation.kind is Kind.SUCCESS else "Travail fait",
            "<br>".join(map(escape, attestation.summary)),
        ),
        ("Faite le", day(attestation.date)),
    ]
    listed = "".join(f"<dt>{fact}</dt><dd>{value}</dd>" for fact, value in rows if value)
    titles = {line: escape(line.objective.title) for line in attestation.lines}
    lines = "".join(
        f'<tr><th scope="row">{line.objective.id}</th><td>{titles[line]}</td><td>{escape(line.result)}</td></tr>'
        for line in attestation.lines
    )
    heads = ("Objectif", "Titre", "Note" if attestation.kind is Kind.SUCCESS else "Canevas")
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    table = (
        f"<h2>Objectifs travaillés</h2><table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"
        if lines
        else ""
    )
    seal = (
        f"Signée par la clé de la promotion <b>{fingerprint(key)}</b>. Qui reçoit le fichier le vérifie, sans réseau, "
        f"par «\u202f{typed('verify')}\u202f» avec la clé publique que donne la formatrice ou le formateur."
        if key
        else "Faite par la personne elle-même, dans son classeur\u00a0: aucune clé ne la signe. "
        f"«\u202f{typed('verify')}\u202f» dit si le fichier a changé\u202f; il ne dit pas qui l’a écrit."
    )
    attribute = escape(json.dumps(facts, ensure_ascii=True))
    return f"""<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="course-attestation" content="{attribute}">
<meta name="course-seal" content="">
<title>{title}\u00a0: {name}</title>
<style>
{_STYLE}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p class="name{" long" if len(attestation.person) > 40 else ""}">{name}</p>
<p>{said}</p>
<dl>{listed}</dl>
{table}
<p class="small">{_RULES[attestation.kind]} {_LIMITS}</p>
<div class="sign">
<div>Fait à (lieu, date), nom et signature\u00a0:</div>
<div>Cachet\u00a0:</div>
</div>
<p class="small">Code\u00a0: <span class="code"></span> {seal} Cours, version {VERSION}.</p>
</main>
</body>
</html>
""".encode()
