"""The receipt of a hand-in: one self-contained French page that prints on one sheet of A4.

The archive and its receipt are written together; earlier hand-ins are kept.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from html import escape
from pathlib import Path

from course.core import authorship, files, zips
from course.core.files import read_bytes
from course.core.folders import HANDED_IN
from course.core.handin.manifest import codes
from course.core.handin.package import Packed
from course.core.refusal import NotWritten, Unreadable
from course.core.words import counted, moment

# The maximum width of all names together, in narrow letters: forty usual names. The archive contains them all.
_ROOM = 1150
_SMALL = 300  # beyond this width they are printed small
EARLIER = "precedentes"

_STYLE = """
@page { size: A4; margin: 14mm 16mm; }
* { box-sizing: border-box; }
body { max-width: 178mm; margin: 8mm auto; padding: 0 4mm; color: #111; }
body { font: 10.5pt/1.35 "Liberation Sans", Arial, sans-serif; }
h1 { margin: 0 0 2mm; font-size: 19pt; }
h2 { margin: 5mm 0 2mm; font-size: 12pt; }
p { margin: 0 0 2mm; }
dl { display: grid; grid-template-columns: 30mm 1fr; gap: 1.2mm 4mm; margin: 4mm 0 0; }
dt { font-weight: bold; }
dd { margin: 0; overflow-wrap: anywhere; }
.code { font: bold 15pt/1.2 "Liberation Mono", monospace; letter-spacing: .06em; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 1.2mm 2mm; border: 1px solid #767676; text-align: left; vertical-align: top; }
td { overflow-wrap: anywhere; }
.many { font-size: 8.5pt; line-height: 1.25; }
.sign { display: grid; grid-template-columns: 1fr 1fr; gap: 6mm; margin-top: 5mm; }
.sign div { height: 22mm; padding: 2mm; border: 1px solid #767676; }
.small { margin-top: 3mm; font-size: 9pt; }
@media print { body { margin: 0; padding: 0; max-width: none; } }
""".strip()


def receipt_html(packed: Packed) -> str:
    """Return the page, all text of trainees escaped.

    Args:
        packed: The archive.

    Returns:
        HTML without a script, a link or a picture.
    """
    manifest = packed.manifest
    facts = [
        ("Groupe", escape(manifest.team.group) or "<em>sans nom de groupe</em>"),
        ("Membres", _members(manifest.team.members) or "<em>personne n’est nommé</em>"),
        ("But", f"{manifest.goal.id} : {escape(manifest.goal.title)}"),
        ("Remis le", moment(manifest.date, zone=True)),
        ("Fichier", escape(packed.name)),
        ("Code", f'<span class="code">{codes(packed.sha256)}</span>'),
    ]
    listed = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts)
    rows = "".join(
        f'<tr><th scope="row">{canvas.objective.id}</th><td>{escape(canvas.objective.title)}</td>'
        f"<td>{'réponses illisibles' if canvas.problem else escape(canvas.words)}</td></tr>"
        for canvas in packed.standings
    )
    return f"""<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Reçu : {escape(packed.name)}</title>
<style>
{_STYLE}
</style>
</head>
<body>
<main>
<h1>Reçu de remise</h1>
<p>Soins centrés sur les personnes, cahier du but {manifest.goal.id}</p>
<dl>{listed}</dl>
<h2>Ce qui est rempli</h2>
<table>
<thead><tr><th scope="col">Canevas</th><th scope="col">Objectif</th><th scope="col">Complétude</th></tr></thead>
<tbody>{rows}</tbody>
</table>
<p class="small">La complétude compte ce qui est rempli. La qualité, c’est votre formateur qui la lit.</p>
<div class="sign">
<div>Remis par (nom, signature) :</div>
<div>Reçu par (nom, date, signature) :</div>
</div>
<p class="small">Le code vient du contenu du fichier remis : un fichier auquel on a touché en donne un autre.
Cours, version {escape(manifest.version)}.</p>
</main>
</body>
</html>
"""


def _members(members: tuple[str, ...]) -> str:
    """Return the names, escaped, as many as fit."""
    shown: list[str] = []
    room = _ROOM
    for name in members:
        room -= _width(name) + 2
        if room < 0:
            break
        shown.append(name)
    omitted = len(members) - len(shown)
    more = [f"{counted(omitted, 'autre')}, dans le fichier remis"] if omitted else []
    names = escape(", ".join(shown + more))
    return f'<span class="many">{names}</span>' if len(names) > _SMALL else names


def _width(name: str) -> int:
    """Return the maximum printed width of a name, in narrow letters."""
    return sum(1 if c in " -.’'" or (c not in "mw" and (c.islower() or c.isdecimal())) else 2 for c in name)


@dataclass(frozen=True, slots=True)
class Delivered:
    """The paths of an archive and of its receipt."""

    archive: Path
    receipt: Path


def deliver(root: Path, packed: Packed) -> Delivered:
    """Write an archive and its receipt durably into `remises/`.

    Args:
        root: The workbook's root.
        packed: The archive.

    Returns:
        Their paths. An earlier pair of the same name is kept in `remises/precedentes/`, under its own code.

    Raises:
        NotWritten: A French sentence says why; what was there is as it was. Answers are not handed in under names that
            nobody confirmed for them.
    """
    if reason := authorship.unconfirmed(root, packed.manifest.team):
        raise NotWritten(reason)
    folder = root / HANDED_IN
    stem = packed.name.removesuffix(".zip")
    delivered = Delivered(folder / packed.name, folder / f"{stem}.recu.html")
    try:
        for path in (delivered.archive, delivered.receipt):
            files.refuse_folder(path)
        _keep_earlier(folder, stem)
    except OSError as error:  # a folder that this account may not look into
        raise NotWritten(files.why(error, f"Le dossier « {HANDED_IN} » ne se laisse pas ouvrir")) from error
    files.write(delivered.archive, packed.raw)
    files.write(delivered.receipt, receipt_html(packed).encode())
    authorship.handed_in(root)
    return delivered


def _keep_earlier(folder: Path, stem: str) -> None:
    code = ""
    for ending in (".zip", ".recu.html"):
        try:
            raw = read_bytes(folder, f"{stem}{ending}", limit=zips.HANDIN.archive) if folder.is_dir() else None
        except Unreadable:
            raw = None  # not written by this course
        if raw is None:
            return
        code = code or hashlib.sha256(raw).hexdigest()[:12]
        files.write(folder / EARLIER / f"{stem}.{code}{ending}", raw)
