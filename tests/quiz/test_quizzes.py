"""A quiz is a text that a teacher edits: what is written is what is asked, and a mistake is told with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from course.core import quizzes
from course.core.quizzes import Choice, QuizMistake, parse

GOOD = """\
# Quiz : le titre

## 1. Une première question ?

- [x] Une bonne
  > Parce que *oui*.
- [ ] Une autre,
  sur deux lignes
  > Parce que non,
  > deux fois.

## 2. Une seconde ?

- [X] Oui
  > Bien.
- [x] Aussi
  > Bien aussi.
- [ ] Non
  > Non.
"""

MISTAKES = {
    "no title": ("## 1. Une question ?\n", 1, "titre"),
    "nothing": ("", 1, "titre"),
    "no question": ("# Quiz : a\n", 1, "aucune question"),
    "two titles": (GOOD + "\n# Encore\n", 21, "déjà un titre"),
    "a wrong number": (GOOD.replace("## 2.", "## 3."), 12, "numéro 3"),
    "an empty question": (GOOD.replace("## 2. Une seconde ?", "## 2."), 12, "pas de texte"),
    "one answer": (GOOD.partition("- [x] Aussi")[0], 12, "au moins deux réponses"),
    "none right": (
        GOOD.replace("- [X] Oui", "- [ ] Oui").replace("- [x] Aussi", "- [ ] Aussi"),
        12,
        "aucune bonne réponse",
    ),
    "no explanation": (GOOD.replace("  > Bien aussi.\n", ""), 16, "explication"),
    "an empty explanation": (GOOD.replace("  > Bien aussi.", "  >"), 16, "explication"),
    "another mark": (GOOD.replace("- [X] Oui", "- [v] Oui"), 14, "« [v] »"),
    "no mark": (GOOD.replace("- [X] Oui", "- Oui"), 14, "« - [ ] »"),
    "an empty answer": (GOOD.replace("- [X] Oui", "- [X]"), 14, "pas de texte"),
    "an answer twice": (GOOD.replace("Aussi", "Oui"), 16, "deux fois"),
    "an answer too early": ("# Quiz : a\n- [ ] b\n", 2, "avant toute question"),
    "an explanation too early": ("# Quiz : a\n\n## 1. b ?\n> c\n", 4, "sous aucune réponse"),
    "a stray line": (GOOD + "Texte\n", 20, "ni une réponse"),
    "an aim in words": (
        GOOD.replace("## 2. Une seconde ?", "## 2. Une seconde ?\nObjectifs : tous"),
        13,
        "« Objectifs",
    ),
    "an aim twice numbered": (
        GOOD.replace("## 2. Une seconde ?", "## 2. Une seconde ?\nObjectifs : 1.1.a"),
        13,
        "« Objectifs",
    ),
    "aims too late": (GOOD + "\nObjectifs : 1\n", 21, "sous la question"),
}


def test_reads_questions_answers_and_explanations() -> None:
    quiz = parse(GOOD, "00-essai")
    first, second = quiz.questions
    assert (quiz.id, quiz.title) == ("00-essai", "le titre")
    assert first.text == "Une première question ?"
    assert first.choices == (
        Choice("Une bonne", True, "Parce que *oui*."),
        Choice("Une autre, sur deux lignes", False, "Parce que non, deux fois."),
    )
    assert second.right == (0, 1)


def test_an_editor_s_habits_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "00-essai.md").write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert quizzes.read(tmp_path / "00-essai.md") == parse(GOOD, "00-essai")
    assert parse(GOOD.replace("\n", "\r\n"), "00-essai") == parse(GOOD, "00-essai")
    typographic = GOOD.replace("Quiz :", "Quiz\u00a0:").replace("- [", "* [")
    assert parse(typographic, "00-essai") == parse(GOOD, "00-essai")


def test_aims_are_read_and_are_no_part_of_the_question() -> None:
    aimed = GOOD.replace("## 2. Une seconde ?", "## 2. Une seconde ?\n\nObjectifs\u00a0: 2, 1.1").replace(
        "## 1. Une première question ?", "## 1. Une première question ?\nObjectif : 3"
    )
    plain, read = parse(GOOD, "a").questions, parse(aimed, "a").questions
    assert [question.aims for question in read] == [("3",), ("2", "1.1")]
    assert [question.aims for question in plain] == [(), ()]
    assert [(q.text, q.key) for q in read] == [(q.text, q.key) for q in plain]


def test_a_question_s_key_changes_with_what_is_asked_and_with_nothing_else() -> None:
    key = parse(GOOD, "a").questions[1].key
    assert parse(GOOD.replace("Bien aussi", "Très bien"), "a").questions[1].key == key
    assert parse(GOOD.replace("Une première", "La première"), "a").questions[1].key == key
    for edited in (GOOD.replace("Une seconde", "La seconde"), GOOD.replace("- [ ] Non", "- [x] Non")):
        assert parse(edited, "a").questions[1].key != key


@pytest.mark.parametrize(("text", "line", "words"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_with_its_file_and_line(text: str, line: int, words: str) -> None:
    with pytest.raises(QuizMistake) as caught:
        parse(text, "00-essai")
    told = str(caught.value).replace("\u00a0", " ").replace("\u202f", " ")
    assert told.startswith(f"00-essai.md, ligne {line} : ")
    assert words in told


def test_a_file_that_is_not_utf_8_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "00-essai.md"
    path.write_bytes(GOOD.encode("latin-1"))
    with pytest.raises(QuizMistake, match=r"00-essai\.md, ligne 3\W.*UTF-8"):
        quizzes.read(path)


def test_only_files_of_that_form_are_quizzes(tmp_path: Path) -> None:
    for name in ("02-b.md", "01-a.md", "LISEZMOI.md", "01-a.md~", ".01-a.md.swp", "3-c.md"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    assert quizzes.names(tmp_path) == ("01-a", "02-b")


def test_the_test_is_read_from_one_file_and_is_no_lesson_s_quiz() -> None:
    assert not {quizzes.TEST, *quizzes.SITTINGS} & set(quizzes.names())
    for sitting in quizzes.SITTINGS:
        assert quizzes.load(sitting).id == sitting
    with pytest.raises(KeyError):
        quizzes.load(quizzes.TEST)


def test_an_unknown_quiz_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        quizzes.load("../quiz/01-introduction")


def test_explanations_are_sentences_and_no_fragments() -> None:
    """At most one sentence in eight has six words or fewer."""
    wrong = {}
    for name in (*quizzes.names(), quizzes.BEFORE):
        texts = [choice.explanation for question in quizzes.load(name).questions for choice in question.choices]
        sentences = [
            sentence
            for text in texts
            for sentence in re.split(r"(?<=[.!?])\s+", re.sub(r"\s*Voir (?:la|les) leçons? .*$", "", text))
            if sentence
        ]
        brief = sum(len(re.findall(r"[\w’'-]+", sentence)) <= 6 for sentence in sentences)
        if brief > len(sentences) / 8:
            wrong[name] = f"{brief} sur {len(sentences)}"
    assert not wrong
