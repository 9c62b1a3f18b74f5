"""The fictional « District sanitaire de Tansobré »: its twelve tables, their codebook, their findings and pictures.

The tables in `data/district/` are the source, edited by hand or in a spreadsheet; `datapackage.json` describes them,
defects included. `python -m course.authoring.district` writes the files derived from them. Their content is fictional.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from course.core.content import content

DESCRIPTOR: dict[str, Any] = json.loads((content("data") / "district" / "datapackage.json").read_text(encoding="utf-8"))
"""The content of `datapackage.json`: the tables, their columns and their known defects."""
TITLES: dict[str, str] = {table["name"]: table["title"] for table in DESCRIPTOR["resources"]}
TABLES: tuple[str, ...] = tuple(TITLES)
"""The twelve tables, in the order of the codebook."""

_TYPES = {
    "string": "texte", "integer": "nombre entier", "boolean": "oui ou non", "date": "date", "datetime": "date et heure",
    "yearmonth": "mois (AAAA-MM)",
}  # fmt: skip
_OPENING = """\
# District sanitaire de Tansobré : dictionnaire des données

**Données fictives.** {description}

Chaque table est un fichier CSV : séparateur point-virgule, UTF-8 avec marque d’ordre des octets, une ligne d’en-têtes.
Un tableur en français l’ouvre d’un double clic. La dernière colonne, `mention`, vaut « données fictives » sur toutes
les lignes : recopiez cette mention sous chaque graphique. Les dates s’écrivent AAAA-MM-JJ. Une case vide veut dire
« on ne sait pas » ou « sans objet », jamais zéro.

Comme de vraies données de routine, ces tables ont des défauts. Ils sont tous dits ici : un mois manquant, un zéro qui
n’en est pas un, une double saisie. À vous de décider ce que vous en faites avant de calculer.

| n° | table | ce qu’elle contient | lignes |
| --- | --- | --- | --- |
"""


def write_codebook(folder: Path) -> Path:
    """Write `codebook.md`, the readable form of the descriptor.

    Args:
        folder: An existing folder.

    Returns:
        The path of the file.
    """
    sizes = {table["path"]: _size(content("data") / "district" / table["path"]) for table in DESCRIPTOR["resources"]}
    path = folder / "codebook.md"
    path.write_bytes("\n".join(_lines(sizes)).encode("utf-8"))
    return path


def _size(table: Path) -> int:
    return table.read_bytes().count(b"\n") - 1


def _lines(sizes: dict[str, int]) -> Iterator[str]:
    resources = DESCRIPTOR["resources"]
    yield _OPENING.format(description=DESCRIPTOR["description"]).removesuffix("\n")
    for number, table in enumerate(resources, 1):
        yield f"| {number} | `{table['path']}` | {table['title']} | {sizes[table['path']]} |"
    for number, table in enumerate(resources, 1):
        yield from ("", f"## {number}. {table['title']} : `{table['path']}`", "", table["description"], "")
        yield from (f"**Recueil.** {table['collecte']}", "")
        yield "| colonne | ce qu’elle dit | type | unité | valeurs |"
        yield "| --- | --- | --- | --- | --- |"
        yield from (_column(field) for field in table["schema"]["fields"])
        yield from ("", "**Défauts connus.**", "")
        yield from (f"- **{defect['id']}** {defect['texte']}" for defect in table["defauts"])
    yield ""


def _column(field: dict[str, Any]) -> str:
    unit = field.get("unit", "–")
    return f"| `{field['name']}` | {field['description']} | {_TYPES[field['type']]} | {unit} | {_values(field)} |"


def _values(field: dict[str, Any]) -> str:
    rule = field.get("constraints", {})
    if field["type"] == "boolean":
        return "oui, non"
    if "enum" in rule:
        return ", ".join(str(value) for value in rule["enum"])
    if field["type"] in {"date", "datetime", "yearmonth"} or "minimum" not in rule:
        return "–"
    return f"de {rule['minimum']} à {rule['maximum']}" if "maximum" in rule else f"{rule['minimum']} ou plus"
