"""Reading the tables of model answers: what a teacher's mistake says, and what a course without them says."""

from __future__ import annotations

import os
import shutil
from html import escape
from pathlib import Path

import pytest

from course.core import model_answers, syllabus
from course.core.comparison import display
from course.core.model_answers import ABSENT, COUNTER_FILE, FILE, UnusableTableError

SOLUTIONS = Path(__file__).resolve().parents[2] / "solutions"
HOSTILE = "<img src=x onerror=alert(1)>"


def spaced(text: str) -> str:
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course's `solutions/` of its own."""
    for name in (FILE, COUNTER_FILE):
        shutil.copy(SOLUTIONS / name, tmp_path)
    monkeypatch.setattr(model_answers, "content", lambda _: tmp_path)
    return tmp_path


def change(path: Path, right: str, wrong: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8", newline="\n")


@pytest.mark.parametrize(
    ("name", "right", "wrong", "said"),
    [
        (FILE, ";indicator;", ";indicateur;", "ligne 1 : il manque la colonne « indicator »"),
        (FILE, "\n1.1.a;2;1;", "\n1.1.z;2;1;", "ligne 3 : il n’y a pas d’option « 1.1.z »"),
        (FILE, "\n1.1.b;1;1;", "\n1.1.b;3;1;", "ligne 5 : le corrigé se numérote 1 ou 2, et non « 3 »"),
        (FILE, "\n1.1.a;2;2;", "\n1.1.a;2;4;", "ligne 4 : l’action n° « 4 » du corrigé 2 de 1.1.a devrait être la 2"),
        (FILE, ";p2, p3;", ";p2, p9;", "ligne 2 : « p9 » n’est pas un principe"),
        (FILE, "\n1.1.a;1;1;", "\n1.1.a;1;1;;", "ligne 2 : la ligne n’a pas 17 cases"),
        (COUNTER_FILE, "\n1.1;1.1.b;", "\n01/01/2026;1.1.b;", "ligne 3 : l’option 1.1.b est de l’objectif 1.1"),
        (COUNTER_FILE, ";0;1;0;", ";0;un;0;", "ligne 2 : « un » n’est pas un nombre de points pour Q2"),
    ],
)
def test_a_mistake_is_one_sentence_with_its_file_and_line(
    folder: Path, name: str, right: str, wrong: str, said: str
) -> None:
    change(folder / name, right, wrong)
    with pytest.raises(UnusableTableError) as caught:
        model_answers.load()
    assert f"« solutions/{name} », {said}" in spaced(str(caught.value))


def test_another_encoding_is_said(folder: Path) -> None:
    text = (folder / FILE).read_text(encoding="utf-8-sig")
    (folder / FILE).write_bytes(text.encode("cp1252", errors="replace"))
    with pytest.raises(UnusableTableError, match="CSV UTF-8"):
        model_answers.load()


def test_empty_lines_of_a_spreadsheet_and_its_line_ends_change_nothing(folder: Path) -> None:
    before = model_answers.load()
    text = (folder / FILE).read_text(encoding="utf-8-sig") + ";" * 16 + "\n\n"
    (folder / FILE).write_bytes(text.replace("\n", "\r\n").encode())
    assert model_answers.load() == before


def test_a_changed_table_is_read_anew(folder: Path) -> None:
    assert model_answers.load().answers["1.1.a"][0].strategy.startswith("Faire expliquer la maladie")
    change(folder / FILE, "Faire expliquer la maladie", "Raconter la maladie")
    os.utime(folder / FILE, (1, 1))
    assert model_answers.load().answers["1.1.a"][0].strategy.startswith("Raconter la maladie")


def test_left_out_there_is_nothing_and_it_is_said(folder: Path) -> None:
    (folder / FILE).unlink()
    found = model_answers.load()
    assert not model_answers.exist()
    assert (dict(found.answers), dict(found.counter_examples), found.absence) == ({}, {}, ABSENT)
    assert f"solutions/{FILE}" in ABSENT


def test_a_course_without_the_folder_has_none_either(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(_: str) -> Path:
        raise FileNotFoundError

    monkeypatch.setattr(model_answers, "content", nowhere)
    assert not model_answers.exist()
    assert model_answers.load().absence == ABSENT


def test_without_counter_examples_the_model_answers_stay(folder: Path) -> None:
    (folder / COUNTER_FILE).unlink()
    found = model_answers.load()
    assert len(found.answers) == 57
    assert not found.counter_examples


class TestBesideTheAnswers:
    objective = syllabus.load().objective("1.1")

    def test_both_answers_and_the_counter_example_are_there_folded(self) -> None:
        found = model_answers.load()
        html = display(self.objective)["text/html"]
        assert html.startswith("<details ")
        assert " open" not in html[: html.index(">")]
        for answer in (a for o in self.objective.options for a in found.answers[o.id]):
            assert answer.strategy in html
            assert all(action.indicator in html for action in answer.actions)
            for text in (answer.means, answer.first_step, answer.why, answer.principles_sentence):
                assert escape(text) in html
        assert found.counter_examples["1.1"].verdict in html
        assert found.answers["1.2.a"][0].strategy not in html

    def test_all_of_it_is_text(self, folder: Path) -> None:
        change(folder / FILE, "Faire expliquer la maladie", HOSTILE)
        change(folder / COUNTER_FILE, "Organiser des séances éducatives", HOSTILE)
        html = display(self.objective)["text/html"]
        assert "<img" not in html
        assert html.count("&lt;img src=x onerror=alert(1)&gt;") == 2

    def test_a_mistake_or_nothing_at_all_is_a_sentence_there(self, folder: Path) -> None:
        change(folder / FILE, "\n1.1.a;2;1;", "\n1.1.z;2;1;")
        assert "ligne 3" in display(self.objective)["text/plain"]
        (folder / FILE).unlink()
        assert display(self.objective)["text/plain"] == ABSENT
