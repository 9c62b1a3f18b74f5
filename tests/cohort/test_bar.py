"""Progress: a bar on a terminal, now and then a line on a page, nothing where nobody looks."""

import io
import sys

import pytest

from course.core.bar import PAGE, bar


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


def test_a_page_shows_a_line_now_and_then(monkeypatch, capsys):
    monkeypatch.setenv(PAGE, "1")
    assert list(bar(iter(range(40)), "Lecture", 40)) == list(range(40))
    assert capsys.readouterr().out.splitlines() == [f"Lecture\u00a0: {number} sur 40" for number in range(4, 41, 4)]


def test_a_run_that_stops_leaves_the_line(monkeypatch):
    shown = terminal(monkeypatch)

    def stopped():
        for _ in bar([1, 2], "Lecture"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert shown.getvalue().endswith("\n")
