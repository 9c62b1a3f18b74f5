"""`course adapt`: another country's words in all that a class reads, with their articles, and the way back."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import nbformat
import pytest
from nbgrader.utils import compute_checksum

from course.authoring import country
from course.authoring.country import TABLE, Vocabulary, Word
from course.authoring.district.__main__ import main as district
from course.authoring.notebooks import tidied
from course.commands import main
from course.core import files, glossary, quizzes, syllabus

ROOT = Path(__file__).resolve().parents[2]
# Examples for the test: what a country calls things is for its teacher to say.
BENIN = {
    "CSPS (m)": "ARRS (m)", "CMA (m)": "HZ (m)", "COGES (m)": "COGECS (m)", "ASBC (mf)": "RECO (mf)",
    "ECD (f)": "EEZS (f)", "équipe cadre (f)": "direction de zone (f)", "mooré (m)": "fon (m)",
    "dioula (m)": "yoruba (m)", "M1 (m)": "avril 2031 (m)", "T4 (m)": "dernier trimestre 2031 (m)",
    "centre médical avec antenne chirurgicale (m)": "hôpital de zone (m)",
}  # fmt: skip
SENEGAL = {
    "CSPS (m)": "structure de santé (f)",
    "CMA (m)": "EPSS (m)",
    "ASBC (mf)": "bajenu (mf)",
    "FCFA (m)": "XOF (m)",
}


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A whole course, to be turned over."""
    root = tmp_path / "cours"
    for room in ("modules", "solutions", "exercises", "data"):
        shutil.copytree(ROOT / room, root / room, ignore=shutil.ignore_patterns("reponses", ".ipynb_checkpoints"))
    shutil.copy(ROOT / "nbgrader_config.py", root)
    monkeypatch.chdir(root)
    return root


def fill(root: Path, words: dict[str, str]) -> None:
    """Write the words of a country into the table, as a spreadsheet would."""
    path = root / TABLE
    with path.open(encoding="utf-8-sig", newline="") as stream:
        table = list(csv.DictReader(stream, delimiter=";"))
    assert set(words) <= {line["cours"] for line in table}
    for line in table:
        line["pays"] = words.get(line["cours"], "")
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, table[0], delimiter=";")
        writer.writeheader()
        writer.writerows(table)


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path != root / TABLE
    }


def reading(root: Path) -> str:
    """What a class reads in notebooks, without the names of files and the cells on real places."""
    texts = [
        "".join(cell["source"])
        for path in (*root.glob("modules/*.ipynb"), *root.glob("*/but-*/*.ipynb"))
        for cell in json.loads(path.read_bytes())["cells"]
        if cell["cell_type"] == "markdown" and cell["id"] not in ("preuves", "sources")
    ]
    texts += [path.read_text("utf-8-sig") for path in (*root.glob("data/quiz/*.md"), *root.glob("solutions/*.csv"))]
    return re.sub(r"\]\([^)\n]*\)|`[^`\n]*`", "", "\n".join(texts)).replace("\u00a0", " ")


@pytest.mark.parametrize("words", [BENIN, SENEGAL], ids=["Bénin", "Sénégal"])
def test_the_words_change_everywhere_and_come_back_to_the_last_byte(clone: Path, words: dict[str, str]) -> None:
    before = contents(clone)
    fill(clone, words)
    assert main(["adapt"]) == 0
    text, after = reading(clone), contents(clone)
    for old, new in words.items():
        plain, wanted = old.split(" (")[0], new.split(" (")[0]
        assert not re.search(rf"(?<![\w-]){plain}(?![\w-])", text), plain
        assert wanted in text or plain in ("M1", "FCFA"), wanted
    assert after.keys() == before.keys()
    assert main(["adapt", "--revenir"]) == 0
    assert contents(clone) == before


def test_what_is_adapted_is_still_the_course(clone: Path) -> None:
    fill(clone, SENEGAL)
    assert main(["adapt"]) == 0
    assert syllabus.read(clone / "data").options[0].label == syllabus.load().options[0].label
    assert len(glossary.read(clone / "modules" / f"{glossary.LESSON}.ipynb")) == 14
    for path in (clone / "data" / "quiz").glob("*.md"):
        assert quizzes.parse(path.read_text("utf-8"), path.stem).questions
    for path in (*clone.glob("modules/*.ipynb"), *clone.glob("solutions/*/*.ipynb")):
        assert tidied(path.read_bytes(), path.name) == path.read_bytes(), path.name
    for path in (*clone.rglob("*.svg"),):
        ET.fromstring(path.read_bytes())
    # What nbgrader locked is still known to it as released.
    locked = [
        cell
        for path in clone.glob("exercises/*/*.ipynb")
        for cell in nbformat.read(path, as_version=4).cells
        if "checksum" in cell.metadata.get("nbgrader", {})
    ]
    assert len(locked) > 50
    assert [cell.id for cell in locked if compute_checksum(cell) != cell.metadata.nbgrader.checksum] == []
    # A statement on care is still word for word in the lesson that the list names.
    with (clone / "data" / "clinical_review.csv").open(encoding="utf-8-sig", newline="") as stream:
        listed = [row for row in csv.DictReader(stream, delimiter=";") if row["cellule"].startswith("07 ")]
    lesson = json.loads(next(clone.glob("modules/07-*.ipynb")).read_bytes())
    cells = {f"07 [{cell['id']}]": "".join(cell["source"]) for cell in lesson["cells"]}
    assert listed
    assert [row for row in listed if row["énoncé"] not in cells[row["cellule"]]] == []


def test_the_district_is_drawn_with_the_new_words_and_redrawn_with_the_old(
    clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "course", clone / "course", ignore=shutil.ignore_patterns("__pycache__"))
    before = contents(clone)
    fill(clone, {"CSPS (m)": "ARRS (m)", "CMA (m)": "HZ (m)", "fulfuldé (m)": "peul (m)"})
    assert district(["--chiffres"]) == 0
    figures = capsys.readouterr().out
    assert main(["adapt"]) == 0
    adapted = contents(clone)
    # Where the course's files are is decided when it is imported: the clone's own need a Python of their own.
    program = "from course.authoring.district.__main__ import main\n"
    program += "raise SystemExit(main(['--chiffres']) or main(['--graphiques']) or main([]))"
    environment = {**os.environ, "PYTHONPATH": str(clone), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=clone, env=environment, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(figures)
    drawn = contents(clone)
    pictures = [name for name in drawn if name.endswith(".svg") and drawn[name] != before[name]]
    assert len(pictures) > 5
    assert all(b"CMA" not in drawn[name] and b"CSPS" not in drawn[name] for name in pictures)
    assert drawn["data/district/codebook.md"] == adapted["data/district/codebook.md"]
    assert main(["adapt", "--revenir"]) == 0
    assert contents(clone) == before


def test_articles_follow_the_word() -> None:
    words = Vocabulary([
        (Word("CMA", "m"), Word("hôpital de zone", "m")),
        (Word("CSPS", "m"), Word("maison de santé", "f")),
        (Word("ECD", "f"), Word("BCZ", "m")),
        (Word("ASBC", "mf"), Word("RECO", "mf")),
        (Word("M4", "m"), Word("avril", "m")),
        (Word("dioula", "m"), Word("wolof", "m")),
    ])  # fmt: skip
    for text, wanted in {
        "Le CMA, du CMA, au CMA, jusqu’au CMA": "L’hôpital de zone, de l’hôpital de zone, à l’hôpital de zone, "
        "jusqu’à l’hôpital de zone",
        "Au CSPS, d’un CSPS, ce CSPS, son CSPS, 14 CSPS, les CSPS": "À la maison de santé, d’une maison de santé, "
        "cette maison de santé, sa maison de santé, 14 maison de santé, les maison de santé",
        "L’ECD, de l’ECD, à l’**ECD**": "Le BCZ, du BCZ, au **BCZ**",
        "l’ASBC, une ASBC, d’un ASBC, deux ASBC": "le RECO, une RECO, d’un RECO, deux RECO",
        "fin de M4 ; M41": "fin d’avril ; M41",
        "Dioula ou dioula": "Wolof ou wolof",
    }.items():
        assert words(text) == wanted


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"CMA (m)": "hôpital"}, "puis son genre"),
        ({"CMA (m)": "h;o (m)"}, "puis son genre"),
        ({"CMA (m)": "<b>hôpital</b> (m)"}, "puis son genre"),
        ({"CMA (m)": "mairie (f)"}, "« mairie » s’y lit déjà"),
        ({"CMA (m)": "HZ (m)", "CSPS (m)": "HZ (m)"}, "prend la place de deux mots"),
        ({"ASBC (mf)": "relais (m)"}, "tous deux (mf)"),
    ],
)
def test_a_word_that_could_not_be_taken_back_is_refused_and_nothing_changes(
    clone: Path, capsys: pytest.CaptureFixture[str], words: dict[str, str], sentence: str
) -> None:
    before = contents(clone)
    fill(clone, words)
    assert main(["adapt"]) == 2
    assert sentence in re.sub(r"[\u00a0\u202f]", " ", capsys.readouterr().err)
    assert contents(clone) == before


def test_a_power_cut_in_the_middle_is_undone_by_the_next_run(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Cut(BaseException):
        """The power."""

    before = contents(clone)
    fill(clone, BENIN)
    real, written = files.put, []

    def put(path: Path, raw: bytes) -> None:
        if len(written) == 9:
            raise Cut
        written.append(path)
        real(path, raw)

    with monkeypatch.context() as patch:
        patch.setattr(files, "put", put)
        with pytest.raises(Cut):
            country.adapt(root=clone)
    assert contents(clone) != before
    fill(clone, SENEGAL)
    table = (clone / TABLE).read_bytes()
    country.adapt(back=True, root=clone)
    assert contents(clone) == before
    assert (clone / TABLE).read_bytes() == table, "ce que l’on y a écrit depuis reste"


def test_a_teacher_may_change_a_word_and_adapt_again(clone: Path) -> None:
    before = contents(clone)
    fill(clone, {"CMA (m)": "HZ (m)"})
    country.adapt(root=clone)
    table = clone / TABLE
    table.write_text(table.read_text("utf-8").replace(";HZ (m);", ";EPSS (m);"), encoding="utf-8")
    country.adapt(root=clone)
    assert "HZ" not in reading(clone)
    country.adapt(back=True, root=clone)
    assert contents(clone) == before
