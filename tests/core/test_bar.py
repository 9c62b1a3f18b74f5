"""Progress: a bar on a terminal, events for a page, nothing where nobody looks; and the questions of a command."""

import io
import sys

import pytest

from course.core.bar import PAGE, Choice, Line, Progress, Question, ask, bar, encoded, event


class Terminal(io.StringIO):
    def isatty(self):
        return True


def terminal(monkeypatch):
    """A terminal from here on; a fixture's would be taken away before the test."""
    monkeypatch.delenv(PAGE, raising=False)
    monkeypatch.setattr(sys, "stderr", Terminal())
    return sys.stderr


def test_a_terminal_shows_how_far_it_is(monkeypatch):
    shown = terminal(monkeypatch)
    assert list(bar(["a", "b"], "Correction")) == ["a", "b"]
    assert "Correction\u00a0: ···" in shown.getvalue()
    assert "█" in shown.getvalue()
    assert shown.getvalue().endswith("2 sur 2\n")


def test_what_is_not_a_terminal_shows_nothing(monkeypatch, capsys):
    monkeypatch.delenv(PAGE, raising=False)
    assert list(bar([1, 2, 3], "Correction")) == [1, 2, 3]
    assert capsys.readouterr() == ("", "")


def test_a_page_gets_an_event_now_and_then(monkeypatch, capsys):
    monkeypatch.setenv(PAGE, "1")
    assert list(bar(iter(range(40)), "Lecture", 40)) == list(range(40))
    events = [event(line) for line in io.StringIO(capsys.readouterr().out)]
    assert events == [Progress("Lecture", number, 40) for number in range(4, 41, 4)]
    assert events[0].text == "Lecture\u00a0: 4 sur 40"


def test_a_question_goes_to_the_page_and_its_answer_comes_back(monkeypatch, capsys):
    question = Question("Qui est « Awa » ?\n", (Choice("awa", "Awa Kaboré"),), free=True)
    monkeypatch.setattr(sys, "stdin", io.StringIO(encoded("zoé d’été\n") + "[1]\n" + "pas du JSON\n"))
    assert [ask(question, "rien") for _ in range(4)] == ["zoé d’été\n", "rien", "rien", "rien"]
    assert [event(line) for line in io.StringIO(capsys.readouterr().out)] == [question] * 4


def test_a_line_that_is_no_event_is_for_people():
    for text in ("Deux copies.", "", "{}"):
        assert event(f"{text}\n") == Line(text)
    for broken in ("", "[]", "{", '{"event": "question"}', '{"event": "progress", "label": 1}', '{"event": "autre"}'):
        assert event(f"\x1e{broken}\n") == Line(broken)


def test_a_run_that_stops_leaves_the_line(monkeypatch):
    shown = terminal(monkeypatch)

    def stopped():
        for _ in bar([1, 2], "Lecture"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert shown.getvalue().endswith("\n")
