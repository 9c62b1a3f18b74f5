"""`nbgrader autograde` is the course's own grading, with nbgrader's options, settings and exit codes."""

import json
import os

import pytest
from coursework import FULL, answers, spaced
from nbgrader.apps import api, autogradeapp
from nbgrader.converters import Autograde


def test_commands_and_formgrader_use_the_same_class(course):
    assert course.config
    assert autogradeapp.Autograde is api.Autograde
    assert api.Autograde.__name__ == "SealedAutograde"
    assert issubclass(api.Autograde, Autograde)


def test_nbgrader_s_own_class_would_execute_nothing(course):
    assert course.config.Autograde.sanitize_preprocessors == course.config.Autograde.autograde_preprocessors == []


def test_names_as_people_have_them(course):
    names = ["Aïcha Ouédraogo", "N'Guessan d’Almeida", "groupe 3", "أمينة", "jean-luc.k@dgs"]
    for student in names:
        course.hand_in(student)
    for student in names:
        result = course.autograde(student)
        assert result["success"], result
        assert course.automatic(student) == FULL
        assert student.replace("'", "&#39;") in course.feedback(student)[student]


@pytest.mark.skipif(os.name != "posix", reason="Windows itself refuses such names")
def test_names_that_nbgrader_cannot_carry_are_refused_and_told(course):
    names = ["<b>awa<b>", 'a"b', "awa[1]", "awa*", "x" * 200, "awa\u202e", "a&b"]
    for student in ("awa", *names):
        course.hand_in(student)
    result = course.autograde()
    assert result["success"], result
    assert set(course.grades()) == {"awa"}
    assert result["log"].count("copie non corrigée") == len(names)
    assert "awa[1] : dossier : nbgrader ne sait pas traiter" in spaced(result["log"])
    assert "copie non corrigée" in (course.cohort / "bilans" / "but-1.csv").read_text(encoding="utf-8-sig")


def test_a_file_beside_the_trainees_is_no_trainee(course):
    course.hand_in("awa")
    (course.submitted / "liste.xlsx").write_text("")
    (course.submitted / ".ipynb_checkpoints").mkdir()
    assert course.autograde()["success"]
    assert set(course.grades()) == {"awa"}


def test_a_name_a_pattern_and_trainees_left_out_choose_who_is_graded(course):
    for student in ("awa", "adama", "moussa", "marie"):
        course.hand_in(student)
    assert course.autograde("moussa")["success"]
    assert set(course.grades()) == {"moussa"}
    asked = course.api
    asked.coursedir.student_id_exclude = "adama,personne"
    assert asked.autograde("but-1", "a*")["success"]
    assert set(course.grades()) == {"moussa", "awa"}
    assert not course.autograde("zoé")["success"]


def test_a_notebook_is_chosen_by_its_name(course):
    course.hand_in("awa")
    asked = course.api
    asked.coursedir.notebook_id = "projet*"
    result = asked.autograde("but-1", "*")
    assert not result["success"]
    assert "ne s’appelle « projet* »" in spaced(result["log"])
    assert course.grades() == {}
    asked.coursedir.notebook_id = "but-?"
    assert asked.autograde("but-1", "*")["success"]
    assert course.automatic("awa") == FULL


def test_trainees_whom_the_gradebook_does_not_know_are_entered_unless_told_otherwise(course):
    course.hand_in("awa")
    with course.gradebook as gradebook:
        gradebook.add_student("moussa")
    course.hand_in("moussa")
    result = course.api.autograde("but-1", "*", create=False)
    assert not result["success"]
    assert "ne connaît pas « awa » : copie non corrigée" in spaced(result["log"])
    assert set(course.grades()) == {"moussa"}
    assert course.api.autograde("but-1", "*", create=True)["success"]
    assert set(course.grades()) == {"awa", "moussa"}


def test_what_has_not_changed_is_left_alone_unless_force_is_used(course):
    folder = course.hand_in("awa", options=1)
    assert "1 copie corrigée, 0 déjà à jour." in spaced(course.autograde(force=False)["log"])
    assert "0 copie corrigée, 1 déjà à jour." in spaced(course.autograde(force=False)["log"])
    assert "1 copie corrigée, 0 déjà à jour." in spaced(course.autograde(force=True)["log"])
    before = course.automatic("awa")
    other = course.hand_in("autre")
    (folder / "reponses" / "1.1.json").write_bytes((other / "reponses" / "1.1.json").read_bytes())
    assert course.autograde("awa", force=False)["success"]
    assert course.automatic("awa") == (6.0, before[1])


def test_marks_and_comments_of_the_instructor_survive_grading_again(course):
    folder = course.hand_in("awa")
    assert course.autograde()["success"]
    course.mark("awa", "qualite-1-1", 9.5, "Un vrai besoin.")
    for objective, shown in (("1.2", True), ("1.1", False)):  # other words there take the mark from the page alone
        path = folder / "reponses" / f"{objective}.json"
        path.write_text(json.dumps(answers(objective, options=1)), encoding="utf-8")
        assert course.autograde()["success"]
        assert course.grades()["awa"]["qualite-1-1"] == (None, 9.5, False)
        assert course.grades()["awa"]["qualite-1-2"] == (None, None, True)
        page = course.feedback()["awa"]
        assert [text in page for text in ("Un vrai besoin.", "9,5 sur 14")] == [shown, shown]
        assert ("a été remis de nouveau" in page) is not shown


def test_answers_left_beside_the_source_notebook_replace_nobodys(course):
    course.hand_in("awa")
    trial = course.root / "solutions" / "but-1" / "reponses"
    trial.mkdir()
    for name in ("1.1.json", "1.1.illisible.txt", "1.2.json"):
        (trial / name).write_text("{}")
    assert course.autograde()["success"]
    assert course.automatic("awa") == FULL


def test_what_cannot_be_graded_is_said_in_french(course):
    def refused(assignment, words):
        result = course.api.autograde(assignment, "*")
        assert not result["success"]
        assert words in spaced(result["log"])

    refused("but-1", "recueillez d’abord les copies")
    course.submitted.mkdir()
    refused("but-1", "Aucune copie de « but-1 »")
    course.hand_in("awa")
    refused("projet", "n’est pas un cahier de ce cours")
    refused("but-2", "Aucune copie de « but-2 »")
    (course.root / "exercises" / "but-1" / "but-1.ipynb").unlink()
    refused("but-1", "Le notebook publié de « but-1 » manque")


def test_copies_elsewhere_than_the_course_keeps_them_are_not_looked_for(course):
    course.hand_in("awa")
    asked = course.api
    asked.coursedir.submitted_directory = "ailleurs"
    result = asked.autograde("but-1", "*")
    assert not result["success"]
    assert "corrigez vos réglages" in result["log"]


def test_a_table_that_cannot_be_written_stops_nothing(course):
    course.hand_in("awa")
    (course.cohort / "bilans" / "but-1.csv").mkdir(parents=True)
    result = course.autograde()
    assert result["success"], result
    assert "déplacez-le" in result["log"]
    assert course.automatic("awa") == FULL


def test_the_table_of_the_class_is_kept_when_one_copy_is_graded_again(course):
    for student in ("awa", "moussa"):
        (course.hand_in(student) / "but-1.ipynb").unlink()
    assert course.autograde()["success"]
    before = (course.cohort / "bilans" / "but-1.csv").read_bytes()
    assert course.autograde("awa")["success"]
    assert (course.cohort / "bilans" / "but-1.csv").read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="permissions of a group")
def test_a_course_that_a_group_of_instructors_shares_is_graded_for_the_group(course):
    course.hand_in("awa")
    asked = course.api
    asked.coursedir.groupshared = True
    assert asked.autograde("but-1", "*")["success"]
    folder = course.autograded / "awa" / "but-1"
    assert folder.stat().st_mode & 0o2770 == 0o2770
    assert (folder / "but-1.ipynb").stat().st_mode & 0o777 == 0o664
