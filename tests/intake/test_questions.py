"""What is asked: once for each doubt, of all whom it concerns; without an answer nothing is decided."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from every import every
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mail import TUESDAY, UNMATCHED, Desk, Instructor, answers, outcomes, put, reasons, spaced, zipped
from terminal import on_terminal

from course.core.bar import Question
from course.instructor.cohort import roster
from course.instructor.intake.decisions import ASIDE, NEW, YES

REPOSITORY = Path(__file__).resolve().parents[2]
CLASS = "identifiant;prénom;nom;groupe\nissa;Issa;Traoré;G\nfatou;Fatou;Sow;G\nawa;Awa;Diallo;\n"
BOTH = ("Issa Traoré", "Fatou Sow")


@pytest.fixture
def group(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path, CLASS)
    shutil.copy(REPOSITORY / "nbgrader_config.py", desk.cohort.root)
    return desk


def nobody(_: Question) -> str:
    """An instructor who presses Enter."""
    return ""


def doubts(desk: Desk) -> None:
    """A class in which all that can be asked about a file is to be asked."""
    desk.handin("a.zip", *BOTH, text="Le premier", document="a")
    desk.handin("s.zip", "Awa Diallo", "Fatou Sow", text="À deux", goal="2", objectives=("2.1",))
    desk.take()
    desk.handin("b.zip", *BOTH, text="D’un autre classeur", document="b", date=TUESDAY)
    desk.handin("t.zip", "Awa Diallo", text="Seule", goal="2", objectives=("2.1",), date=TUESDAY)
    desk.handin("c.zip", "Une Inconnue", goal="3", objectives=("3.1",))
    desk.handin("Awa Diallo/d.zip", "Issa Traoré", goal="4", objectives=("4.1",))
    put(desk.mail, {"1.3.json": answers("1.3", "De personne", document="z")})


class TestNoAnswer:
    def test_decides_nothing_and_is_asked_again(self, group: Desk) -> None:
        doubts(group)
        reception = group.take(ask=nobody)
        found = outcomes(reception)
        assert {name for name, outcome in found.items() if outcome is UNMATCHED} == {
            "b.zip", "c.zip", "d.zip", "t.zip", "1.3.json"}  # fmt: skip
        assert not any(row.outcome is not UNMATCHED for row in reception.rows if row.file.endswith("b.zip"))
        assert "choisie par vous" not in reasons(reception)
        assert "5 questions sans réponse" in spaced(" ".join(reception.notices))
        assert group.texts("issa") == group.texts("fatou") == "Le premier"
        first, second = Recorder(), Recorder()
        group.take(ask=first)
        group.take(ask=second)
        assert first.asked == second.asked
        assert len(first.asked) == 5

    def test_of_the_page_is_no_choice_either(self, group: Desk) -> None:
        doubts(group)
        act = f"from course.instructor.intake.command import intake; intake([{str(group.mail)!r}])"
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUTF8": "1", "COURSE_PAGE": "1"}
        ended = subprocess.run([sys.executable, "-c", act], input='""\n"oui"\n', capture_output=True, text=True,
                               cwd=group.cohort.root, env=environment, check=True)  # fmt: skip
        assert "sans réponse" in ended.stdout
        assert group.texts("issa") == group.texts("fatou") == "Le premier"
        recorder = Recorder()
        group.take(ask=recorder)
        files = ("b.zip", "c.zip", "d.zip", "t.zip", "1.3.json")
        assert sorted(name for words in recorder.asked for name in files if name in words) == sorted(files)


class Recorder:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, question: Question) -> str:
        self.asked.append(spaced(question.words))
        return ""


class TestOnce:
    def test_each_doubt_is_asked_once_and_names_whom_it_concerns(self, group: Desk) -> None:
        doubts(group)
        recorder = Recorder()
        group.take(ask=recorder)
        assert len({*recorder.asked}) == len(recorder.asked)
        [both] = [words for words in recorder.asked if "b.zip" in words]
        assert "(Fatou Sow et Issa Traoré)" in both
        [alone] = [words for words in recorder.asked if "t.zip" in words]
        assert "(Awa Diallo)" in alone
        assert "Fatou Sow n’y figure plus" in alone

    def test_the_answer_goes_to_those_who_were_named(self, group: Desk) -> None:
        doubts(group)

        def agrees(question: Question) -> str:
            return YES if "b.zip" in question.words else ""

        group.take(ask=agrees)
        assert group.texts("issa") == group.texts("fatou") == "D’un autre classeur"

    def test_members_whose_copies_differ_are_asked_about_one_by_one(self, group: Desk) -> None:
        group.handin("i.zip", "Issa Traoré", text="D’Issa", document="i")
        group.handin("f.zip", "Fatou Sow", text="De Fatou", document="f")
        group.take()
        group.handin("b.zip", *BOTH, text="À deux", document="b", date=TUESDAY)
        instructor = Instructor(ASIDE, YES)
        group.take(ask=instructor)
        asked = [spaced(question.words) for question in instructor.asked]
        assert ["(Fatou Sow)" in asked[0], "(Issa Traoré)" in asked[1]] == [True, True]
        assert (group.texts("fatou"), group.texts("issa")) == ("De Fatou", "À deux")

    def test_a_member_without_a_copy_is_not_named(self, group: Desk) -> None:
        group.handin("i.zip", "Issa Traoré", text="D’Issa", document="i")
        group.take()
        group.handin("b.zip", *BOTH, text="À deux", document="b", date=TUESDAY)
        recorder = Recorder()
        group.take(ask=recorder)
        [words] = recorder.asked
        assert "(Issa Traoré)" in words
        assert group.texts("fatou") == "À deux"

    def test_one_name_in_many_files_is_one_question(self, group: Desk) -> None:
        for number in (1, 2, 3):
            group.handin(f"{number}.zip", "Une Inconnue", goal=str(number), objectives=(f"{number}.1",))
        recorder = Recorder()
        group.take(ask=recorder)
        assert len(recorder.asked) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
class TestTerminal:
    @every("typed", (b"\x04", b"\n"))
    def test_without_an_answer_nothing_is_replaced(self, tmp_path: Path, typed: bytes) -> None:
        desk = Desk(tmp_path / typed.hex(), CLASS)
        shutil.copy(REPOSITORY / "nbgrader_config.py", desk.cohort.root)
        doubts(desk)
        said, code = on_terminal(desk, *[typed] * 9)
        assert code == 0, said
        assert said.count("plus tard)") == (1 if typed == b"\x04" else 5)  # the end of the input ends the questions
        assert "5 questions sans réponse" in said
        assert "choisie par vous" not in said
        assert desk.texts("issa") == desk.texts("fatou") == "Le premier"

    def test_an_interruption_keeps_the_answers_and_the_next_run_goes_on(self, group: Desk) -> None:
        doubts(group)
        before = {name: raw for name, raw in group.tree().items() if name.startswith("submitted")}
        recorder = Recorder()
        group.take(ask=recorder)
        said, code = on_terminal(group, b"1\n", b"\x03")
        assert code != 0
        assert "vos réponses sont gardées" in said
        assert "Traceback" not in said
        after = group.tree()
        assert before.items() <= after.items()
        assert not (group.cohort.folder / ".reception").exists()
        again = Recorder()
        group.take(ask=again)
        assert len(again.asked) == len(recorder.asked) - 1
        assert {*again.asked} < {*recorder.asked}


PLACES = st.sampled_from([
    "Salle", "PC", "Clé USB", "Bureau", "Téléchargements", "Nouveau dossier", "Poste", "Ordinateur", "Tablette",
    "TECNO", "Atelier", "Classe", "Disque dur", "Carte SD", "Lundi matin", "Samsung Galaxy", "HP", "Table", "Groupe",
    "Photos", "Centre de santé", "Documents", "Mes documents", "DCIM", "Dossier partagé", "Ma clé", "Envois", "CSPS",
    "District sanitaire",
])  # fmt: skip
MORE = st.sampled_from(
    ["", " 3", " 2", "-4", " A", " Fatou", " de Fatou", " (2)", " Kaya", " - Copie", " du 30 novembre"]
)
FORMS = st.sampled_from([str, str.upper, str.lower])


class TestPlaces:
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(place=PLACES, more=MORE, form=FORMS, shape=st.integers(0, 4))
    def test_a_place_or_a_device_is_never_a_trainee_unasked(
        self, tmp_path_factory: pytest.TempPathFactory, place: str, more: str, form: object, shape: int
    ) -> None:
        name = form(f"{place}{more}")  # type: ignore[operator]
        desk = Desk(tmp_path_factory.mktemp("lieux"), None)
        raw = answers("1.1", "De quelqu’un", document="d")
        put(desk.mail, [
            {f"{name}/1.1.json": raw}, {f"{name} 1.1.json": raw}, {f"{name}/reponses/1.1.json": raw},
            {f"{name}.zip": zipped({"reponses/1.1.json": raw})}, {"envoi.zip": zipped({f"{name}/1.1.json": raw})},
        ][shape])  # fmt: skip
        reception = desk.take()
        assert (reception.count(UNMATCHED), desk.students) == (1, set()), name
        assert not desk.cohort.roster.exists() or not roster.read(desk.cohort)
        recorder = Recorder()
        desk.take(ask=recorder)
        assert len(recorder.asked) == 1

    def test_a_person_s_folder_is_still_hers(self, workshop: Desk) -> None:
        put(workshop.mail, {"Awa Diallo/1.1.json": answers(), "KABORÉ Jean-Pierre/1.1.json": answers(text="b"),
                            "Fatou de la Croix/1.1.json": answers(text="c"),
                            "Salle 3/1.1.json": answers(text="d")})  # fmt: skip
        workshop.take()
        assert {trainee.name for trainee in roster.read(workshop.cohort)} == {
            "Awa Diallo", "Jean-Pierre KABORÉ", "Fatou de la Croix"}  # fmt: skip

    def test_what_the_instructor_says_of_a_place_is_of_that_file(self, workshop: Desk) -> None:
        put(workshop.mail, {"Salle 3/1.1.json": answers(text="Un", document="a")})
        workshop.take(ask=Instructor("Awa Diallo", NEW))
        assert workshop.students == {"Awa-Diallo"}
        other = put(workshop.tmp / "b", {"Salle 3/1.1.json": answers(text="Deux", document="b")})
        assert workshop.take(other).count(UNMATCHED) == 1
