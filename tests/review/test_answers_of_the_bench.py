"""The bench's answers: whose copies come, what is said of each, and that what is given is given."""

from __future__ import annotations

import json

import pytest
from nbgrader.api import Gradebook
from promotion import promotion
from reviewing import FAMILIES, Work, add, document

from course.core import syllabus
from course.core.refusal import Refusal
from course.core.team import Team
from course.instructor.cohort import marks, reviews, roster
from course.instructor.cohort.gradebook import opened
from course.instructor.cohort.roster import Trainee
from course.instructor.review.bench import Bench, Gone

ALL = [2, 2, 1, 1, 0, 2]  # 3 + 2 + 1,5 + 1,5 + 0 + 1
NONE = [None] * 6


def spaced(text):
    return text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ")


def copies(bench, objective="1.1"):
    rows = bench.choose(objective)["queue"]
    return {bench.name(objective, key)["text"]: bench.copy(objective, key)["copy"] for key, *_ in rows}


def give(bench, copy, levels=ALL, comment="", **more):
    message = {"objective": "1.1", "copy": copy["key"], "levels": levels, "comment": comment}
    return bench.give({**message, "base": copy["base"], "digest": copy["digest"], **more})


def quality(cohort, student):
    with Gradebook(cohort.database, "soins-centres-personnes") as gradebook:
        place = ("qualite-1-1", "but-1", "but-1", student)
        grade = gradebook.find_grade(*place)
        return grade.manual_score, grade.needs_manual_grade, gradebook.find_comment(*place).manual_comment


# What comes


def test_a_group_s_copy_comes_once_and_all_copies_come(bench):
    found = copies(bench)
    assert set(found) == {"Groupe 3 : awa, paul".replace(" :", "\N{NO-BREAK SPACE}:"), "zoé", "N'Diaye", "李", "rien"}
    assert sorted(copy["number"] for copy in found.values()) == [1, 2, 3, 4, 5]


def test_nothing_of_a_copy_says_whose_it_is(bench):
    answer = bench.choose("1.1")
    sent = json.dumps([answer["queue"], [bench.copy("1.1", key) for key, *_ in answer["queue"]]], ensure_ascii=False)
    assert not [name for name in ("awa", "paul", "zoé", "Diaye", "李", "Groupe") if name in sent]


def test_the_name_is_that_of_the_list(bench, cohort):
    roster.write(cohort, [Trainee("zoé", "Zoé", "Ouédraogo")])
    assert "Zoé Ouédraogo" in copies(bench)


def test_texts_are_data_and_twins_are_pointed_out(bench):
    found = copies(bench)
    group, alone = (next(copy for name, copy in found.items() if part in name) for part in ("paul", "zoé"))
    (strategy,) = group["options"][0]["strategies"]
    assert (strategy["text"], strategy["copies"]) == (FAMILIES, (alone["number"],))
    assert [action["copies"] for action in strategy["actions"]] == [(), ()]
    assert alone["options"][0]["strategies"][0]["copies"] == (group["number"],)


def test_an_unreadable_copy_and_an_empty_one_say_so(bench):
    found = copies(bench)
    assert "JSON valable" in found["李"]["problem"]
    assert found["rien"]["problem"] == "Rien n’a été remis pour ce canevas."
    assert (found["rien"]["completeness"], found["zoé"]["completeness"]) == (0, 4.5)


def test_aids_stand_beside(bench):
    answer = bench.choose("1.1")
    assert "419 personnes de Tansobré" in spaced(answer["situation"])
    assert [option["id"] for option in answer["models"]["shown"]["options"]] == ["1.1.a", "1.1.b", "1.1.c", "1.1.d"]


def test_the_first_canvas_that_waits_comes_first(bench):
    for copy in copies(bench).values():
        give(bench, copy)
    assert bench.choose("")["objective"]["id"] == "1.2"
    left = bench.left("1")["left"]
    assert (left["1.1"], left["1.2"]) == ((0, 5), (5, 5))
    assert set(bench.left("2")["left"].values()) == {(0, 0)}


def test_what_waits_for_the_automatic_part_is_counted(bench, cohort):
    assert bench.choose("1.1")["waiting"] == ""
    (cohort.submitted / "neuf" / "but-1").mkdir(parents=True)
    (cohort.submitted / "zoé" / "but-1" / "reponses" / "1.1.json").write_text("{}")
    assert spaced(bench.choose("1.1")["waiting"]).startswith("2 remises attendent la correction automatique : tapez ")


def test_an_empty_class_says_what_to_do(tmp_path):
    cohort = promotion(tmp_path / "vide")
    assert "course demo" in Bench(cohort).choose("")["empty"]
    (cohort.submitted / "awa" / "but-1").mkdir(parents=True)
    assert "course grade" in Bench(cohort).choose("1.1")["empty"]
    assert "but 2" in Bench(cohort).choose("2.1")["empty"]


# What is given


def test_a_group_s_mark_goes_to_each_member_and_to_nobody_else(bench, cohort):
    copy = next(copy for name, copy in copies(bench).items() if "paul" in name)
    saved = give(bench, copy, comment="Très concret.\r\nContinuez.\0 ")["saved"]
    assert (saved["state"], saved["levels"], saved["comment"]) == ("done", ALL, "Très concret.\nContinuez.")
    for student in ("awa", "paul"):
        assert quality(cohort, student) == (9, False, "Très concret.\nContinuez.")
    assert quality(cohort, "zoé") == (None, True, None)


def test_a_copy_that_is_begun_waits_still(bench, cohort):
    saved = give(bench, copies(bench)["zoé"], [2, None, None, None, None, None])["saved"]
    assert saved["state"] == "begun"
    assert quality(cohort, "zoé") == (None, True, None)


def test_given_twice_is_given(bench):
    copy = copies(bench)["zoé"]
    assert give(bench, copy)["saved"]["base"] == give(bench, copy)["saved"]["base"]


def test_two_reviewers_are_shown_to_each_other(bench, cohort):
    mine, theirs = copies(bench)["zoé"], copies(Bench(cohort))["zoé"]
    give(Bench(cohort), theirs, comment="Premier.")
    other = give(bench, mine, [0] * 6, "Second.")["other"]
    assert (other["levels"], other["comment"]) == (ALL, "Premier.")
    assert quality(cohort, "zoé") == (9, False, "Premier.")
    assert give(bench, mine, [0] * 6, "Second.", base=other["base"])["saved"]["levels"] == [0] * 6


def test_case_re_hand_in_after_marking_the_bench_opens_there_with_both_versions(bench, cohort):
    """case re-hand-in-after-marking: before and after grading; a file that was only saved again is no change."""
    give(bench, copies(bench)["zoé"])
    places = [home / "zoé" / "but-1" / "reponses" / "1.1.json" for home in (cohort.submitted, cohort.autograded)]
    for path in places:
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert copies(bench)["zoé"]["state"] == "done"
    text = "Écouter les veuves du village"
    for path in places:
        path.write_text(document("1.1", {"1.1.b": [(text, ["Tenir un cercle"])]}), encoding="utf-8")
        assert Bench(cohort).choose("2.1", opening=True)["objective"]["id"] == "1.1"
        changed = copies(bench)["zoé"]
        assert (changed["state"], changed["changed"], changed["levels"]) == ("changed", True, ALL)
        assert changed["ungraded"] is (path == places[0])
        before, now = (
            [row["text"] for o in side["options"] for row in o["strategies"]] for side in (changed["former"], changed)
        )
        assert (spaced(before[0]), now) == ("FORMER les familles, aux signes de gravite !", [text])
        assert bench.left("1")["left"]["1.1"] == (5, 5)
    assert give(bench, changed, reviewer="  Dr   Zongo ")["saved"]["state"] == "done"
    assert copies(bench)["zoé"]["former"] is None
    assert bench.choose("2.1", opening=True)["objective"]["id"] == "2.1"
    with opened(cohort) as connection:
        found = marks.read(connection, students=["zoé"])
        changes = marks.history(connection, found)["zoé", "1.1"]
    assert [(each.before, each.after) for each in changes] == [(None, 9), (9, 9)]
    assert changes[-1].reviewer == "Dr Zongo"
    assert next(mark for mark in found if mark.objective == "1.1").final


def test_a_member_who_alone_handed_in_again_has_a_copy_of_her_own(bench, cohort):
    group = next(copy for name, copy in copies(bench).items() if "paul" in name)
    give(bench, group)
    path = cohort.submitted / "awa" / "but-1" / "reponses" / "1.1.json"
    path.write_text(document("1.1", {}), encoding="utf-8")
    states = {name: copy["state"] for name, copy in copies(bench).items() if "Groupe" in name}
    assert {name.rpartition("\N{NO-BREAK SPACE}: ")[2]: state for name, state in states.items()} == {
        "awa": "changed", "paul": "done",
    }  # fmt: skip


@pytest.mark.parametrize("student", ["awa", "paul"])
def test_no_mark_is_given_to_a_member_who_handed_in_again_while_the_bench_was_open(bench, cohort, student):
    group = next(copy for name, copy in copies(bench).items() if "paul" in name)
    path = cohort.submitted / student / "but-1" / "reponses" / "1.1.json"
    path.write_text(document("1.1", {}), encoding="utf-8")
    with pytest.raises(Gone, match="son groupe a changé"):
        give(bench, group)
    assert [quality(cohort, member) for member in ("awa", "paul")] == [(None, True, None)] * 2
    for copy in copies(bench).values():
        give(bench, copy)
    assert [quality(cohort, member)[0] for member in ("awa", "paul")] == [9, 9]


@pytest.mark.parametrize("again", [False, True])
def test_a_mark_that_is_written_is_said_to_be_though_a_member_hands_in_just_then(bench, cohort, monkeypatch, again):
    group = next(copy for name, copy in copies(bench).items() if "paul" in name)
    path, give_mark = cohort.submitted / "paul" / "but-1" / "reponses" / "1.1.json", reviews.give
    if again:  # the first answer never came: the same mark is sent again
        give(bench, group)

    def hands_in_just_then(*arguments):
        try:
            return give_mark(*arguments)
        finally:
            path.write_text(document("1.1", {}), encoding="utf-8")

    monkeypatch.setattr(reviews, "give", hands_in_just_then)
    saved = give(bench, group)["saved"]
    assert (saved["levels"], saved["digest"]) == (ALL, group["digest"])
    assert quality(cohort, "awa")[0] == 9
    monkeypatch.undo()
    with pytest.raises(Gone, match="son groupe a changé"):
        give(bench, group, base=saved["base"])


def test_a_mark_of_formgrader_is_shown_and_a_comment_leaves_it(bench, cohort):
    with Gradebook(cohort.database, "soins-centres-personnes") as gradebook:
        grade = gradebook.find_grade("qualite-1-1", "but-1", "but-1", "zoé")
        grade.manual_score, grade.needs_manual_grade = 9.5, False
        gradebook.db.commit()
    copy = copies(bench)["zoé"]
    assert (copy["elsewhere"], copy["levels"], copy["state"]) == (9.5, NONE, "done")
    saved = give(bench, copy, NONE, "Bien vu.")["saved"]
    assert (saved["elsewhere"], quality(cohort, "zoé")) == (9.5, (9.5, False, "Bien vu."))
    assert give(bench, copy, ALL, "Bien vu.", base=saved["base"])["saved"]["elsewhere"] is None
    assert quality(cohort, "zoé") == (9, False, "Bien vu.")


def test_all_can_be_taken_back(bench, cohort):
    copy = copies(bench)["zoé"]
    saved = give(bench, copy)["saved"]
    assert give(bench, copy, NONE, base=saved["base"])["saved"]["state"] == "new"
    assert quality(cohort, "zoé") == (None, True, None)


def test_a_group_with_uneven_marks_is_said(bench, cohort):
    with opened(cohort, writing=True) as connection:
        objective = syllabus.load().objective("1.1")
        base = marks.state(marks.read(connection, students=("paul",), objectives=[objective]))
        reviews.give(connection, ("paul",), objective, reviews.Review(tuple(ALL), reviewer="Dr Zongo"), base)
    copy = next(copy for name, copy in copies(bench).items() if "paul" in name)
    assert (copy["uneven"], copy["state"], copy["levels"], copy["reviewer"]) == (True, "begun", ALL, "Dr Zongo")
    assert give(bench, copy)["saved"]["uneven"] is False


def test_any_comment_that_fits_is_kept(bench, cohort):
    for comment in ("\ud800 seul", "é" * 4000):
        give(bench, copies(bench)["zoé"], comment=comment)
        assert quality(cohort, "zoé")[2] == comment.encode("utf-8", "replace").decode()


def test_a_comment_that_is_too_long_is_refused(bench):
    with pytest.raises(Refusal, match="4000"):
        give(bench, copies(bench)["zoé"], comment="é" * 4001)


def test_a_copy_that_is_gone_is_said(bench):
    with pytest.raises(Gone, match="n’est plus dans la classe"):
        bench.copy("1.1", "inconnue")


def test_what_was_written_is_offered_on_the_next_copy(bench):
    copy = copies(bench)["zoé"]
    give(bench, copy, comment="Très concret. Il manque une base.")
    offered = bench.leave("1.1", copy["key"])["phrases"]
    assert {"Très concret.", "Il manque une base."} < set(offered)
    assert bench.leave("1.1", copy["key"])["phrases"] == offered
    assert bench.choose("1.1")["phrases"] == offered
    assert "Très concret." not in bench.forget("Très concret.")["phrases"]


def test_a_kernel_that_starts_again_answers_for_the_page_that_was_open(bench, cohort):
    copy = copies(bench)["zoé"]
    assert give(Bench(cohort), copy)["saved"]["state"] == "done"


def test_a_late_copy_comes_last(bench, cohort):
    before = {copy["key"]: copy["number"] for copy in copies(bench).values()}
    add(cohort, Work(("aaron",), {"1.1.a": [("Venu plus tard que tous", [])]}, Team("", ("Aaron",))))
    after = {copy["key"]: copy["number"] for copy in copies(bench).values()}
    assert before.items() < after.items()
    assert max(after.values()) == 6
