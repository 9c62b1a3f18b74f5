"""The class as one tidy table: each answer once, beside its marks, with types and without a lie."""

from __future__ import annotations

import pandas as pd
import pytest
from promotion import promotion
from school import EVIL, FORMULA, GROUP

from course.core import syllabus
from course.core.refusal import Refusal
from course.instructor.classview import columns, reading, table
from course.instructor.classview.numbers import Numbers


@pytest.fixture(scope="module")
def answers(counted: Numbers) -> pd.DataFrame:
    return table.answers(counted.overview)


def rows(answers: pd.DataFrame, copy: str, objective: str) -> pd.DataFrame:
    return answers[(answers["copie"] == copy) & (answers["objectif"] == objective)]


def test_its_columns_are_those_that_are_explained(answers: pd.DataFrame) -> None:
    assert list(answers.columns) == list(columns.ANSWERS)


def test_a_group_is_there_once_under_its_name_with_its_members(answers: pd.DataFrame) -> None:
    found = rows(answers, GROUP, "1.1")
    assert set(found["membres"]) == {"Awa Traoré, Paul Kaboré d’Été"}
    assert set(found["identifiants"]) == {"awa, paul"}
    assert list(found["option"]) == ["1.1.a", "1.1.b", "1.1.c", "1.1.d"]


def test_two_people_of_one_name_are_told_apart(counted: Numbers) -> None:
    names = list(counted.overview.names.values())
    assert "Awa Traoré" in names
    assert len(names) == len(set(names)) == 4


def test_every_option_of_a_canvas_has_a_row_even_when_nothing_was_written(answers: pd.DataFrame) -> None:
    found = rows(answers, "نور الدين", "1.3")
    assert list(found["option"]) == [option.id for option in syllabus.load().objective("1.3").options]
    assert set(found["remarque"]) == {table.NOTHING}
    assert set(found["stratégie"]) == {""}
    assert found["n° de stratégie"].isna().all()


def test_an_unreadable_answer_says_why(answers: pd.DataFrame) -> None:
    (said,) = set(rows(answers, "نور الدين", "1.2")["remarque"])
    assert said.replace("\N{NO-BREAK SPACE}", " ") == "réponse illisible : Le fichier n’est pas du JSON valable."


def test_texts_are_as_they_were_written_and_pilot_fields_beside_them(answers: pd.DataFrame) -> None:
    row = rows(answers, "ሰላም ተስፋዬ", "1.1").iloc[0]
    assert row["stratégie"] == f"{FORMULA} pour 1.1.a"
    assert (row["responsable"], row["échéance"], row["indicateur"]) == (
        "La sage-femme",
        "Juin 2027",
        "12 réunions sur 12",
    )
    assert EVIL in rows(answers, GROUP, "2.1").iloc[0]["stratégie"]


def test_marks_stand_beside_the_answers_and_nothing_where_nothing_was_given(answers: pd.DataFrame) -> None:
    row = rows(answers, GROUP, "1.1").iloc[0]
    assert (row["complétude sur 6"], row["qualité sur 14"], row["total sur 20"], row["acquis"]) == (6, 14, 20, True)
    assert row["q1 pertinence"] == "plein"
    row = rows(answers, "ሰላም ተስፋዬ", "1.2").iloc[0]
    assert row["complétude sur 6"] == 2.5
    assert row[["qualité sur 14", "total sur 20", "acquis", "q1 pertinence"]].isna().all()


def test_a_group_with_two_marks_has_none_here_and_says_so(answers: pd.DataFrame, counted: Numbers) -> None:
    found = rows(answers, GROUP, "2.1")
    assert set(found["remarque"]) == {table.TORN}
    assert found["total sur 20"].isna().all()
    marks = table.marks(counted.overview)
    given = marks[marks["objectif"] == "2.1"].set_index("identifiant")["qualité sur 14"]
    assert given["awa"] == 14
    assert pd.isna(given["paul"])


def test_the_table_of_marks_has_a_row_for_each_person(counted: Numbers) -> None:
    marks = table.marks(counted.overview)
    assert list(marks.columns) == list(columns.SCORES)
    first = marks[marks["objectif"] == "1.1"].set_index("identifiant")
    assert list(first.index) == ["awa", "awa2", "noor", "paul", "selam"]
    assert first.loc["awa", "commentaire"] == first.loc["paul", "commentaire"] == "Très concret."
    assert first.loc["paul", "copie"] == GROUP


def test_types_hold_for_no_row_at_all(answers: pd.DataFrame, tmp_path) -> None:
    empty = table.answers(reading.read(promotion(tmp_path / "vide")))
    assert len(empty) == 0
    assert list(empty.dtypes) == list(answers.dtypes)


def test_what_was_handed_in_names_those_who_did_not(counted: Numbers) -> None:
    found = table.handed_in(counted.overview, counted.handins).set_index(["identifiant", "but"])
    assert len(found) == 6 * 5
    assert set(found.loc["zoé"]["état"]) == {"rien remis"}
    assert found.loc[("awa2", "3"), "état"] == "à corriger"
    assert found.loc[("awa", "1"), "état"] == "corrigée"


def test_a_gradebook_that_is_none_is_refused_in_french(tmp_path, monkeypatch: pytest.MonkeyPatch, school) -> None:
    (tmp_path / "carnet.db").write_bytes(b"ce n'est pas une base" * 100)
    monkeypatch.setenv("COURSE_GRADEBOOK", f"sqlite:///{tmp_path / 'carnet.db'}")
    with pytest.raises(Refusal, match="carnet de notes"):
        reading.read(school)


def test_looking_makes_no_gradebook(tmp_path, school) -> None:
    cohort = promotion(tmp_path / "cours")
    (cohort.folder / "gradebook.db").unlink()
    cohort.autograded.symlink_to(school.autograded)
    overview = reading.read(cohort)
    assert len(table.answers(overview)) > 0
    assert not overview.marks
    assert not (cohort.folder / "gradebook.db").exists()
