"""`course class`: what it prints and writes, whatever state the class is in."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pandas as pd
import pytest
from promotion import promotion, text_of
from school import TRAINEES

from course.core.refusal import Refusal
from course.instructor.classview import tables
from course.instructor.classview.command import OutputFolder, count, look, write_tables
from course.instructor.classview.numbers import Numbers
from course.instructor.cohort.places import Cohort

FILES = {
    "reponses.csv", "classe.xlsx", "reponses.parquet", "bilan.html", "pleniere.html", "graphiques.pdf",
    "graphique-1-completude.png", "graphique-2-avancement.png", "graphique-3-criteres.png",
}  # fmt: skip


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_it_tells_the_class_and_writes_all_files_below_cohort(
    school: Cohort, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = Path(shutil.copytree(school.root, tmp_path / "cours d’été"))
    before = {path for path in root.rglob("*") if "bilans" not in path.parts}
    look(root / "cohort" / "submitted")
    assert names(root / "cohort" / "bilans" / "classe") == FILES
    assert {path for path in root.rglob("*") if "bilans" not in path.parts} == before
    said = " ".join(text_of(capsys.readouterr().out).split())
    for line in (
        "6 stagiaires et 1 groupe ; 2 canevas relus.",
        "But 3 : 1 sur 6, le 21/11/2026",
        "Awa Traoré (awa) 20/11 10:00 20/11 10:00 – – –",
        "1 remise attend d’être corrigée : tapez « course grade ».",
        "1.1 ██████······ 3,3 (4 copies)",
        "Pertinence : zéro 0 %, moitié 50 %, plein 50 %",
        "1.1.b Prise de décisions cliniques",
    ):
        assert line in said, line
    assert "\x07" not in said


def test_only_the_plenary_view_when_that_is_asked_and_elsewhere_when_told(
    school: Cohort, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    look(school.root, tmp_path / "pour l’écran", plenary=True)
    assert names(tmp_path / "pour l’écran") == {"pleniere.html"}
    assert "gardez-les pour vous" in capsys.readouterr().out


def test_a_class_in_which_nobody_handed_in_is_told_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for trainees, sentence in ((TRAINEES, "6 stagiaires ; aucune copie n’est encore corrigée."), ((), "est vide")):
        cohort = promotion(tmp_path / f"cours {len(trainees)}", trainees)
        look(cohort.root)
        assert sentence in text_of(capsys.readouterr().out)
        assert len(pd.read_parquet(cohort.reports / "classe" / "reponses.parquet")) == 0
        assert names(cohort.reports / "classe") == {name for name in FILES if not name.startswith("graphique")}


def test_before_grading_it_says_how_many_wait(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cohort = promotion(tmp_path / "cours", TRAINEES)
    for student in ("awa", "paul"):
        folder = cohort.submitted / student / "but-1"
        folder.mkdir(parents=True)
    (folder / "timestamp.txt").write_text("hier soir")
    (cohort.submitted / "<script>").mkdir()
    (cohort.submitted / "lien").symlink_to(cohort.submitted / "awa")
    look(cohort.root)
    said = text_of(capsys.readouterr().out)
    assert "2 remises attendent d’être corrigées : tapez « course grade »." in said
    assert "sans date *" in said
    assert "script" not in said


def test_one_file_that_cannot_be_written_is_named_and_stops_no_other(
    school: Cohort, counted: Numbers, tmp_path: Path
) -> None:
    for name in ("classe.xlsx", "pleniere.html"):
        (tmp_path / name).mkdir()
    output_folder = OutputFolder(tmp_path)
    write_tables(counted, output_folder)
    assert {path.name for path in output_folder.written} == {"reponses.csv", "reponses.parquet"}
    with pytest.raises(Refusal, match=r"pleniere\.html.* n’est pas écrit"):
        look(school.root, tmp_path, plenary=True)


def test_a_folder_without_a_course_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="n’est pas le dossier d’un cours"):
        look(tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="Windows n’a pas de tubes nommés")
def test_what_is_no_plain_file_among_the_graded_copies_is_unreadable(school: Cohort, tmp_path: Path) -> None:
    root = Path(shutil.copytree(school.root, tmp_path / "cours"))
    answers = root / "cohort" / "autograded" / "selam" / "but-1" / "reponses"
    for name, make in (("1.1", os.mkfifo), ("1.2", Path.mkdir), ("1.3", lambda path: path.symlink_to("/etc/hostname"))):
        (answers / f"{name}.json").unlink()
        make(answers / f"{name}.json")
    table = tables.answers(count(Cohort(root)).overview).frame
    found = table[table["identifiants"] == "selam"]
    assert found["remarque"].str.startswith("réponse illisible").all()
    assert not found["stratégie"].str.strip().any()
