"""`course adapt`: replace the words of one country by those of another in all texts of a class, and back.

The words are in the table `data/country.csv`. Their articles are replaced too: « du CMA » becomes « de l’hôpital de
zone ». Nothing is written unless every file can be restored exactly.
"""

from __future__ import annotations

import csv
import html
import io
import json
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from course.authoring.notebooks import clone
from course.core import files, zips
from course.core.refusal import Refusal
from course.core.syllabus import rows
from course.core.terminal import typed
from course.core.words import FIRM, NARROW, counted, typeset

TABLE = "data/country.csv"
_COLUMNS = ("sens", "cours", "pays", "texte")
_BEFORE = "data/.country.zip"  # the former files, while the new ones are being written
_NOTEBOOKS = ("modules/*.ipynb", "solutions/*/*.ipynb", "exercises/*/*.ipynb")
_PAGES = (
    "modules/fiches/*.html", "modules/images/*.svg", "solutions/*/images/*.svg", "exercises/*/images/*.svg",
    "data/district/graphiques/*.svg",
)  # fmt: skip
_TEXTS = (
    "solutions/*.csv", "data/options.csv", "data/rubric.csv", "data/clinical_review.csv", "data/quiz/*.md",
    "data/district/*.csv", "data/district/datapackage.json", "data/district/codebook.md",
)  # fmt: skip
_REAL = frozenset({"preuves", "sources"})  # cells on studies of real places, left unchanged

_ENTRY = re.compile(r"([^\W\d_](?:[\w’ -]{0,58}\w)?) \((m|f|mf)\)")
# The articles and other determiners that agree with the next word: masculine and feminine, then both before a vowel.
_SERIES = (
    ("le", "la", "l’", "l’"),
    ("du", "de la", "de l’", "de l’"),
    ("au", "à la", "à l’", "à l’"),
    ("un", "une", "un", "une"),
    ("ce", "cette", "cet", "cette"),
    ("son", "sa", "son", "son"),
    ("de", "de", "d’", "d’"),
    ("quel", "quelle", "quel", "quelle"),
    ("aucun", "aucune", "aucun", "aucune"),
)
_ARTICLES = "|".join(sorted({form for series in _SERIES for form in series}, key=len, reverse=True))
_UNTOUCHED = re.compile(r"(\]\([^)\n]*\)|`[^`\n]*`)")  # targets of links, names of files and columns
_MARKUP = re.compile(r"(<style.*?</style>|<[^>]*>)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Word:
    """A noun and its gender.

    Attributes:
        text: One or more words, invariable in the plural.
        gender: `m`, `f`, or `mf` for a noun for women and men.
    """

    text: str
    gender: str

    @property
    def elides(self) -> bool:
        """True when « le » becomes « l’ » before it: before a vowel or an « h », which counts as mute."""
        return unicodedata.normalize("NFD", self.text[0].lower())[0] in "aeiouhœæ"

    def article(self, series: Sequence[str], gender: str) -> str:
        """Return the form of an article before this word."""
        return series[(gender == "f") + 2 * self.elides]


Pair = tuple[Word, Word]


class Vocabulary:
    """Replacements of words, articles included."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        """Keep the pairs of different words."""
        self.pairs = tuple((old, new) for old, new in pairs if old != new)
        self.regendered: Counter[str] = Counter()
        """The number of replacements by a word of another gender, whose agreements must be proofread."""
        self._by_text = {old.text: (old, new) for old, new in self.pairs}
        for old, new in self.pairs:  # « Dioula » at the start of a sentence
            if old.text[0].islower():
                capitals = Word(_capital(old.text), old.gender), Word(_capital(new.text), new.gender)
                self._by_text.setdefault(capitals[0].text, capitals)
        words = "|".join(re.escape(text) for text in sorted(self._by_text, key=len, reverse=True))
        self._pattern = re.compile(
            rf"(?:(?<!\w)(?P<article>(?i:{_ARTICLES}))(?P<gap>(?<=’)|[ {FIRM}{NARROW}])(?P<mark>\*{{0,2}}))?"
            rf"(?<![\w-])(?P<word>{words})(?![\w-])"
        )

    def __call__(self, text: str) -> str:
        """Return a text with the new words."""
        # Most texts have none of the words: the pattern would try its articles at each letter.
        return self._pattern.sub(self._replace, text) if any(word in text for word in self._by_text) else text

    def _replace(self, match: re.Match[str]) -> str:
        old, new = self._by_text[match["word"]]
        self.regendered[old.text] += old.gender != new.gender
        if match["article"] is None:
            return new.text
        for series in _SERIES:
            for gender in old.gender:  # « l’ASBC » is masculine by default
                if old.article(series, gender) == match["article"].lower():
                    form = new.article(series, gender if new.gender == "mf" else new.gender)
                    gap = "" if form.endswith("’") else match["gap"] or " "
                    form = _capital(form) if match["article"][0].isupper() else form
                    return f"{form}{gap}{match['mark']}{new.text}"
        return f"{match['article']}{match['gap']}{match['mark']}{new.text}"


def adapt(*, back: bool = False, root: Path | None = None) -> None:
    """Put the words of the table's column « pays » into all texts of a class; print a summary in French.

    Args:
        back: Put the words of the column « cours » instead: the course as it was written.
        root: The course; by default the clone that contains the working folder.

    Raises:
        Refusal: There is no clone, the table is malformed, or a file could not be restored later. No file has changed.
    """
    root = root or clone(typed("adapt"))
    _roll_back(root)
    table = _table(root)
    columns = ["cours" if back or not line["pays"] else "pays" for line in table]
    present = [_word(line["texte"]) for line in table]
    wanted = [_word(line[column]) for line, column in zip(table, columns, strict=True)]
    forth, home = _both_ways(list(zip(present, wanted, strict=True)))
    if not forth.pairs:
        print(typeset("Rien à changer : les textes disent déjà les mots de la table."))
        return
    changed = dict(_changed(root, forth, home))
    for line, column in zip(table, columns, strict=True):
        line["texte"] = line[column]
    changed[root / TABLE] = _written(table)
    _write(root, changed)
    for old, new in forth.pairs:
        print(typeset(f"{old.text} → {new.text}"))
    print(typeset(f"{counted(len(changed) - 1, 'fichier changé', 'fichiers changés')}."))
    if regendered := [f"{text} ({number})" for text, number in sorted(forth.regendered.items()) if number]:
        print(typeset(f"Le genre change : relisez les accords autour de {', '.join(regendered)}."))


def adapted(svg: bytes) -> bytes:
    """Return a picture of the district, drawn with the words of the course, with the present words of the texts."""
    return _page(_current()[0])(svg)


def original(value: str) -> str:
    """Return a text of a table of the district with the words of the course, which the program knows."""
    return _current()[1](value)


@cache
def _current() -> tuple[Vocabulary, Vocabulary]:
    """Return the replacements from the words of the course to the present words of the texts, and back."""
    return _both_ways([(_word(line["cours"]), _word(line["texte"])) for line in rows("country")])


def _both_ways(pairs: Sequence[Pair]) -> tuple[Vocabulary, Vocabulary]:
    return Vocabulary(pairs), Vocabulary([(new, old) for old, new in pairs])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# The table


def _table(root: Path) -> list[dict[str, str]]:
    try:
        table = list(rows("country", root / "data"))
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(
            typeset(f"{TABLE} : cette table ne se lit pas. Enregistrez-la en « CSV UTF-8 », avec des points-virgules.")
        ) from error
    if not table or any(tuple(line) != _COLUMNS or None in line.values() for line in table):
        raise Refusal(typeset(f"{TABLE} : il y faut quatre colonnes, {' ; '.join(_COLUMNS)}."))
    for line in table:
        line["pays"] = line["pays"].strip()
        if line["pays"] and (_word(line["cours"]).gender == "mf") != (_word(line["pays"]).gender == "mf"):
            raise Refusal(
                typeset(f"{TABLE} : « {line['cours']} » et « {line['pays']} » sont tous deux (mf), ou aucun des deux.")
            )
    words = Counter(_word(line["pays"] or line["cours"]).text for line in table)
    if twice := [text for text, number in words.items() if number > 1]:
        raise Refusal(
            typeset(
                f"{TABLE} : « {twice[0]} » y prend la place de deux mots ; on ne pourrait plus revenir. Changez-en un."
            )
        )
    return table


def _word(entry: str) -> Word:
    match = _ENTRY.fullmatch(unicodedata.normalize("NFC", entry.strip()).replace("'", "’"))
    if not match:
        raise Refusal(
            typeset(
                f"{TABLE} : « {entry[:60]} » ne se comprend pas. Écrivez un nom, sans article, puis son genre : "
                "« hôpital de zone (m) », « équipe (f) », « relais (mf) » pour qui peut être une femme ou un homme."
            )
        )
    return Word(match[1], match[2])


def _written(table: Sequence[dict[str, str]]) -> bytes:
    stream = io.StringIO()
    writer = csv.DictWriter(stream, _COLUMNS, delimiter=";", lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return stream.getvalue().encode("utf-8-sig")


# The files


def _changed(root: Path, forth: Vocabulary, home: Vocabulary) -> Iterator[tuple[Path, bytes]]:
    """Yield the files that change with their new content; raises `Refusal` for one that could not be restored."""
    for patterns, converter in ((_NOTEBOOKS, _notebook), (_PAGES, _page), (_TEXTS, _text)):
        for path in (path for pattern in patterns for path in sorted(root.glob(pattern))):
            name = path.relative_to(root).as_posix()
            try:
                raw = path.read_bytes()
                converted = converter(forth)(raw)
                reversible = converter(home)(converted) == raw
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise Refusal(typeset(f"{name} : ce fichier ne se lit pas. Rien n’a été changé.")) from error
            if not reversible:
                raise Refusal(typeset(f"{name} : {_obstacle(raw.decode('utf-8-sig'), forth)} Rien n’a été changé."))
            if converted != raw:
                yield path, converted


def _obstacle(text: str, forth: Vocabulary) -> str:
    taken = [new.text for _, new in forth.pairs if re.search(rf"(?<!\w){re.escape(new.text)}(?!\w)", text)]
    if taken:
        return f"« {taken[0]} » s’y lit déjà, et l’on ne pourrait plus revenir. Choisissez un autre mot."
    return "les nouveaux mots ne pourraient plus y être remplacés par les anciens. Choisissez-en d’autres."


def _notebook(words: Vocabulary) -> Callable[[bytes], bytes]:
    def convert(raw: bytes) -> bytes:
        notebook = json.loads(raw)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "markdown" and cell["id"] not in _REAL:
                source = _prose("".join(cell["source"]), words)
                cell["source"] = source.splitlines(keepends=True)
                if "checksum" in cell["metadata"].get("nbgrader", {}):
                    cell["metadata"]["nbgrader"]["checksum"] = _checksum({**cell, "source": source})
        return f"{json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True)}\n".encode()

    return convert


def _checksum(cell: dict[str, Any]) -> str:
    """Return the checksum by which nbgrader recognises an unchanged cell of an exercise."""
    from nbformat import from_dict  # noqa: PLC0415
    from nbgrader.utils import compute_checksum  # noqa: PLC0415

    return str(compute_checksum(from_dict(cell)))


def _text(words: Vocabulary) -> Callable[[bytes], bytes]:
    return lambda raw: _prose(raw.decode(), words).encode()


def _prose(text: str, words: Vocabulary) -> str:
    pieces = _UNTOUCHED.split(text)
    return "".join(piece if rank % 2 else words(piece) for rank, piece in enumerate(pieces))


def _page(words: Vocabulary) -> Callable[[bytes], bytes]:
    def convert(raw: bytes) -> bytes:
        pieces = _MARKUP.split(raw.decode())
        for rank in range(0, len(pieces), 2):
            text = html.unescape(pieces[rank])
            if (new := words(text)) != text:
                escapes = (_all_escaped,) if raw.isascii() else (_spaces_escaped, _plain)
                pieces[rank] = next((escape for escape in escapes if escape(text) == pieces[rank]), _plain)(new)
        return "".join(pieces).encode()

    return convert


def _all_escaped(text: str) -> str:
    return _plain(text).encode("ascii", "xmlcharrefreplace").decode()


def _spaces_escaped(text: str) -> str:
    return _plain(text).replace(FIRM, "&#160;").replace(NARROW, "&#8239;")


def _plain(text: str) -> str:
    return html.escape(text, quote=False)


def _write(root: Path, changed: dict[Path, bytes]) -> None:
    """Write all files or none: until the last is written, the former ones are kept beside the table."""
    before = {path.relative_to(root).as_posix(): path.read_bytes() for path in changed}
    try:
        files.put(root / _BEFORE, zips.packed(before))
        for path, raw in changed.items():
            files.put(path, raw)
    except OSError as error:
        _roll_back(root)
        raise Refusal(
            typeset(
                f"« {error.filename} » ne se laisse pas écrire ({files.cause(error)}). Fermez-le ailleurs, puis "
                "recommencez. Rien n’a été changé."
            )
        ) from error
    (root / _BEFORE).unlink()


def _roll_back(root: Path) -> None:
    """Undo an interrupted run; words that were put into the table since are kept."""
    journal = root / _BEFORE
    if not journal.is_file():
        return
    with zipfile.ZipFile(journal) as archive:
        for name in archive.namelist():
            raw = archive.read(name)
            if name != TABLE or _present_words(raw) != _present_words((root / name).read_bytes()):
                files.put(root / name, raw)
    journal.unlink()


def _present_words(table: bytes) -> list[str | None]:
    lines = csv.DictReader(io.StringIO(table.decode("utf-8-sig", "replace"), newline=""), delimiter=";")
    return [line.get("texte") for line in lines]
