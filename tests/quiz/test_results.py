"""What a trainee answered is on disk once it is told so, and a file that anybody may have changed is not trusted."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from test_quizzes import GOOD

from course.core import results
from course.core.quizzes import parse
from course.core.refusal import NotWritten, Unreadable
from course.core.results import Answered, ResultsStore

QUIZ = parse(GOOD, "00-essai")
FIRST, SECOND = (question.key for question in QUIZ.questions)


def given(*chosen: int, checked: bool = True, tries: int = 1) -> dict[str, object]:
    return {"chosen": list(chosen), "checked": checked, "tries": tries}


@pytest.fixture
def store(tmp_path: Path) -> ResultsStore:
    return ResultsStore(tmp_path, QUIZ)


def written(store: ResultsStore) -> dict[str, object]:
    return json.loads(store.path.read_bytes())


def test_what_is_saved_is_read_again(store: ResultsStore, tmp_path: Path) -> None:
    store.save({"questions": {FIRST: given(0)}})
    store.save({"questions": {SECOND: given(2, 0, 2, checked=False, tries=3)}, "read": True})
    found = results.read(tmp_path, "00-essai")
    assert found is not None
    assert found.read
    assert found.questions == {FIRST: Answered((0,), True, 1), SECOND: Answered((0, 2), False, 3)}
    assert (found.answered(QUIZ), found.right(QUIZ)) == (2, 1)
    assert found.document == ResultsStore(tmp_path, QUIZ).open()[0].document
    assert [path.name for path in store.path.parent.iterdir()] == ["00-essai.json"]


def test_right_means_all_the_right_answers_and_no_other(store: ResultsStore) -> None:
    for chosen, right in (((0, 1), True), ((0,), False), ((0, 1, 2), False), ((), False)):
        saved, _ = store.save({"questions": {SECOND: given(*chosen)}})
        assert saved.questions[SECOND].is_right(QUIZ.questions[1]) is right


def test_an_answer_to_a_question_that_was_rewritten_no_longer_counts_and_is_kept(
    store: ResultsStore, tmp_path: Path
) -> None:
    store.save({"questions": {FIRST: given(0), SECOND: given(0, 1)}})
    edited = parse(GOOD.replace("Une seconde", "La seconde"), "00-essai")
    saved, _ = ResultsStore(tmp_path, edited).save({"read": True})
    assert saved.answered(edited) == 1
    assert SECOND in written(store)["questions"]


def test_what_is_not_this_quiz_s_is_not_written(store: ResultsStore) -> None:
    saved, _ = store.save({"questions": {"0" * 12: given(0), "__proto__": given(0)}})
    assert saved.questions == {}


def answered(value: object) -> bytes:
    return json.dumps({"format": "quiz/1", "quiz": "00-essai", "questions": {FIRST: value}}).encode()


UNREADABLE = {
    "no JSON": b"{",
    "another format": b'{"format": "quiz/2", "quiz": "00-essai"}',
    "another quiz's": b'{"format": "quiz/1", "quiz": "01-autre"}',
    "a list": b"[]",
    "a number for a list": b'{"format": "quiz/1", "quiz": "00-essai", "questions": 3}',
    "a text for a yes": b'{"format": "quiz/1", "quiz": "00-essai", "read": "oui"}',
    "a negative answer": answered({"chosen": [-1]}),
    "a yes for a number": answered({"tries": True}),
    "an endless list": answered({"chosen": [99]}),
    "too much": b" " * (results.MAX_BYTES + 1),
    "no UTF-8": b"\xff",
}


@pytest.mark.parametrize("raw", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_an_unreadable_file_is_set_aside_and_told(store: ResultsStore, tmp_path: Path, raw: bytes) -> None:
    store.path.parent.mkdir()
    store.path.write_bytes(raw)
    with pytest.raises(Unreadable):
        results.read(tmp_path, "00-essai")
    found, notice = store.open()
    assert not found.questions
    assert "illisible" in notice
    asides = [path for path in store.path.parent.iterdir() if path != store.path]
    assert [path.read_bytes() for path in asides] == [raw]
    assert asides[0].name in notice
    assert store.open()[1] == ""


@pytest.mark.skipif(os.name != "posix", reason="links are for POSIX systems")
def test_a_link_is_not_followed(store: ResultsStore, tmp_path: Path) -> None:
    other = tmp_path / "autre.json"
    other.write_text('{"format": "quiz/1", "quiz": "00-essai", "read": true}', encoding="utf-8")
    store.path.parent.mkdir()
    store.path.symlink_to(other)
    before = other.read_bytes()
    saved, notice = store.save({"questions": {FIRST: given(0)}})
    assert "lien" in notice
    assert not saved.read
    assert other.read_bytes() == before
    assert not store.path.is_symlink()


def test_a_file_that_says_only_what_it_must_is_read(store: ResultsStore, tmp_path: Path) -> None:
    store.path.parent.mkdir()
    store.path.write_bytes(b'\xef\xbb\xbf{"format": "quiz/1", "quiz": "00-essai", "more": [1]}')
    assert results.read(tmp_path, "00-essai") == results.Results("00-essai", "")
    saved, _ = store.save({"read": True})
    assert saved.document == written(store)["document"] != ""


@pytest.mark.parametrize("changes", [{"questions": {FIRST: 3}}, {"questions": {FIRST: {"chosen": ["0"]}}}])
def test_changes_of_no_such_form_are_refused(store: ResultsStore, changes: dict[str, object]) -> None:
    with pytest.raises(Unreadable):
        store.save(changes)


def test_a_full_disk_is_told_and_the_file_is_as_it_was(store: ResultsStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.save({"questions": {FIRST: given(0)}})
    before = store.path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("course.core.files.os.fsync", full)
    with pytest.raises(NotWritten, match="disque est plein"):
        store.save({"read": True})
    assert store.path.read_bytes() == before
    assert [path.name for path in store.path.parent.iterdir()] == ["00-essai.json"]
