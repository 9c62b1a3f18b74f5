"""Marks and comments in nbgrader's gradebook: read whole, given once, never written over in silence."""

import json
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from promotion import GOALS, Team, hand_in
from traitlets.config import Config

from course.core import syllabus
from course.core.refusal import Unreadable
from course.instructor.cohort import copies, marks, reviews, words
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.places import COURSE_ID
from course.instructor.cohort.reviews import Review, SomebodyElse
from course.instructor.grading import seal

FIRST = syllabus.load().objective("1.1")
GOAL = GOALS[0]
ALL = (2, 2, 1, 1, 0, 2)  # 3 + 2 + 1.5 + 1.5 + 0 + 1


@pytest.fixture(autouse=True)
def handed_in(cohort):
    """Awa and Paul, one copy together, and Zoé alone, as grading leaves them."""
    hand_in(cohort, ("awa", "paul"), GOAL, "Former les relais", Team("Groupe 3", ("Awa", "Paul")), completeness=4.5)
    hand_in(cohort, ("zoé",), GOAL, "Écouter les veuves", completeness=4.5)


def now(cohort, *students):
    with opened(cohort) as connection:
        return marks.read(connection, students=students, objectives=[FIRST])


def give(cohort, students, review, base=None):
    with opened(cohort, writing=True) as connection:
        base = marks.state(marks.read(connection, students=students, objectives=[FIRST])) if base is None else base
        return reviews.give(connection, students, FIRST, review, base)


def test_before_any_review_completeness_is_there_and_quality_waits(cohort):
    (mark,) = now(cohort, "awa")
    assert (mark.completeness, mark.quality, mark.waiting, mark.begun) == (4.5, None, True, False)


def test_a_completeness_of_words_that_were_replaced_is_ungraded_before_any_review_too(cohort):
    path = cohort.submitted / "zoé" / "but-1" / "reponses" / "1.1.json"
    path.write_text(path.read_text(encoding="utf-8").replace("veuves", "jeunes"), encoding="utf-8")
    (mark,) = now(cohort, "zoé")
    assert (mark.ungraded, mark.changed, mark.begun) == (True, False, False)


def test_a_group_gets_one_mark_which_nbgrader_knows(cohort):
    given = give(cohort, ("awa", "paul"), Review(ALL, "Très concret.", "abc", "Dr Zongo"))
    assert [(each.student, each.quality, each.total) for each in given] == [("awa", 9, 13.5), ("paul", 9, 13.5)]
    with Gradebook(cohort.database, COURSE_ID) as gradebook:
        for student in ("awa", "paul"):
            grade = gradebook.find_grade("qualite-1-1", "but-1", "but-1", student)
            comment = gradebook.find_comment("qualite-1-1", "but-1", "but-1", student)
            assert (grade.manual_score, grade.needs_manual_grade, comment.comment) == (9, False, "Très concret.")
        assert gradebook.find_grade("qualite-1-1", "but-1", "but-1", "zoé").needs_manual_grade


def test_a_part_is_kept_and_no_mark_yet(cohort):
    (mark,) = give(cohort, ("awa",), Review((2, None, 1, None, None, None)))
    assert (mark.levels, mark.quality, mark.waiting, mark.begun) == ((2, None, 1, None, None, None), None, True, True)
    assert now(cohort, "awa") == (mark,)


def test_all_can_be_taken_back(cohort):
    give(cohort, ("awa",), Review(ALL, "Bien."))
    (mark,) = give(cohort, ("awa",), Review((None,) * 6))
    assert (mark.quality, mark.comment, mark.waiting, mark.begun) == (None, "", True, False)


def test_two_reviewers_never_write_over_each_other(cohort):
    base = marks.state(now(cohort, "awa", "paul"))
    give(cohort, ("awa", "paul"), Review(ALL, "Premier."), base)
    with pytest.raises(SomebodyElse) as caught:
        give(cohort, ("awa", "paul"), Review((0,) * 6, "Second."), base)
    assert [each.comment for each in caught.value.marks] == ["Premier.", "Premier."]
    assert [each.quality for each in now(cohort, "awa", "paul")] == [9, 9]


def test_a_mark_given_in_formgrader_is_one_of_somebody_else(cohort):
    base = marks.state(give(cohort, ("awa",), Review(ALL)))
    with Gradebook(cohort.database, COURSE_ID) as gradebook:
        gradebook.find_grade("qualite-1-1", "but-1", "but-1", "awa").manual_score = 3.5
        gradebook.db.commit()
    (mark,) = now(cohort, "awa")
    assert (mark.quality, mark.levels, mark.reviewer) == (3.5, (None,) * 6, "")
    with pytest.raises(SomebodyElse):
        give(cohort, ("awa",), Review(ALL), base)


def test_what_is_no_review_is_an_error(cohort):
    for review in (Review((2,) * 5), Review((3,) * 6), Review(ALL, "x" * 4001)):
        with pytest.raises(ValueError, match=r"levels|comment"):
            give(cohort, ("awa",), review)


def test_a_canvas_that_was_not_graded_is_an_error(cohort):
    with pytest.raises(LookupError, match="personne"):
        give(cohort, ("awa", "personne"), Review(ALL))


def test_what_a_group_handed_in_is_one_copy(cohort):
    found = copies.read_all(cohort, GOAL)
    assert [each.students for each in found] == [("awa", "paul"), ("zoé",)]
    assert found[0].answers(FIRST).objective == "1.1"


def test_a_member_who_changed_something_has_a_copy_of_her_own(cohort):
    path = cohort.autograded / "awa" / "but-1" / "reponses" / "1.1.json"
    path.write_text(path.read_text() + " ")
    assert [each.students for each in copies.read_all(cohort, GOAL)] == [("awa",), ("paul",), ("zoé",)]


def test_a_copy_that_grading_refused_says_why(cohort):
    folder = cohort.autograded / "zoé" / "but-1"
    (folder / "reponses" / "1.1.illisible.txt").write_text("Le fichier est trop gros.", encoding="utf-8")
    zoe = copies.read_all(cohort, GOAL)[1]
    with pytest.raises(Unreadable, match="trop gros"):
        zoe.answers(FIRST)
    assert [str(document) for each, document in zoe.documents() if each == FIRST] == ["Le fichier est trop gros."]
    assert copies.marked_canvas(folder, FIRST).mark == 0
    assert "trop gros" in copies.marked_canvas(folder, FIRST).html


@pytest.mark.skipif(os.name != "posix", reason="links need rights")
def test_no_link_in_a_graded_folder_is_followed(cohort, tmp_path):
    (tmp_path / "secret.json").write_text("{}")
    path = cohort.autograded / "zoé" / "but-1" / "reponses" / "1.1.json"
    path.unlink()
    path.symlink_to(tmp_path / "secret.json")
    zoe = copies.read_all(cohort, GOAL)[1]
    (document,) = (document for each, document in zoe.documents() if each == FIRST)
    assert isinstance(document, Unreadable)


def test_each_change_is_kept_with_who_and_when_whatever_tool_makes_it(cohort):
    give(cohort, ("zoé",), Review(ALL, reviewer="Dr Zongo"))
    give(cohort, ("zoé",), Review((1,) * 6, reviewer="Dr Sow"))
    seal(Config())
    for score in (12.0, None):
        with Gradebook(cohort.database, COURSE_ID) as gradebook:
            gradebook.find_grade("qualite-1-1", "but-1", "but-1", "zoé").manual_score = score
            gradebook.db.commit()
    give(cohort, ("zoé",), Review(ALL, reviewer="Dr Zongo"))
    with opened(cohort, writing=True) as connection:
        connection.exec_driver_sql("UPDATE grade SET manual_score = 5 WHERE manual_score = 9")
        found = marks.history(connection, marks.read(connection))
    (changes,) = found.values()
    assert [(each.reviewer, each.before, each.after) for each in changes] == [
        ("Dr Zongo", None, 9), ("Dr Sow", 9, 7), (reviews.account(), 7, 12), (reviews.account(), 12, None),
        ("Dr Zongo", None, 9), ("", 9, 5),
    ]  # fmt: skip
    assert [each.at is None for each in changes] == [False] * 5 + [True]


@given(data=st.data())
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_case_re_hand_in_after_marking_a_mark_is_final_for_its_words_alone(cohort, data):
    """case re-hand-in-after-marking: in any order of hand-ins, gradings and marks."""
    homes = [home / "zoé" / "but-1" / "reponses" / "1.1.json" for home in (cohort.submitted, cohort.autograded)]
    kept = [path.read_bytes() for path in homes]
    texts = [None, "Écouter", " Écouter\n", "Former", "Écouter les veuves pour de bon"]
    steps = data.draw(st.lists(st.sampled_from(["mark", "grade", *range(len(texts))]), min_size=2, max_size=8))
    submitted = graded = given_to = "as it was"
    for step in ["mark", *steps]:
        if step == "grade":
            with opened(cohort, writing=True) as connection:
                reviews.keep_words(connection, ["zoé"], GOAL)
            homes[1].write_bytes(homes[0].read_bytes()) if homes[0].exists() else homes[1].unlink(missing_ok=True)
            graded = submitted
        elif step == "mark":
            now_words = words.handed_in(cohort, "zoé", FIRST)
            give(cohort, ("zoé",), Review(ALL, answers=now_words.digest))
            given_to = submitted
        else:
            text = texts[step]
            homes[0].unlink(missing_ok=True)
            if text is not None:
                row = {"strategy": text, "actions": []}
                document = {"format": "canevas/1", "objective": "1.1", "revision": step, "options": {"1.1.a": [row]}}
                homes[0].write_text(json.dumps(document), encoding="utf-8")
            submitted = text and text.strip()
        (mark,) = now(cohort, "zoé")
        assert mark.ungraded == (submitted != graded)
        assert mark.changed == (submitted != given_to)
        assert mark.final == (submitted == given_to == graded)
    for path, raw in zip(homes, kept, strict=True):
        path.write_bytes(raw)
    with opened(cohort, writing=True) as connection:
        for table in ("course_words", "course_review", "course_change"):
            connection.exec_driver_sql(f"DELETE FROM {table}")


def test_a_mark_given_elsewhere_is_to_the_words_that_were_graded(cohort):
    """case re-hand-in-after-marking: formgrader's mark, before and after the words it was given to are replaced."""
    with opened(cohort, writing=True) as connection:
        connection.exec_driver_sql("UPDATE grade SET manual_score = 9 WHERE needs_manual_grade")
    submitted, graded = (
        home / "zoé" / "but-1" / "reponses" / "1.1.json" for home in (cohort.submitted, cohort.autograded)
    )
    assert now(cohort, "zoé")[0].final
    former = words.graded(cohort, "zoé", FIRST)
    submitted.write_text(submitted.read_text(encoding="utf-8").replace("veuves", "jeunes"), encoding="utf-8")
    with opened(cohort, writing=True) as connection:
        reviews.keep_words(connection, ["zoé"], GOAL)
    graded.write_bytes(submitted.read_bytes())
    (mark,) = now(cohort, "zoé")
    assert (mark.changed, mark.final) == (True, False)
    with opened(cohort) as connection:
        assert marks.former_words(connection, mark).text == former.text
    seen = words.handed_in(cohort, "zoé", FIRST).digest
    (mark,) = give(cohort, ("zoé",), Review((None,) * 6, answers=seen))
    assert (mark.final, mark.quality) == (True, 9)
