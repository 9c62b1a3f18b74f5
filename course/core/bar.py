"""What a command tells while it works: a bar on a terminal, or events for the page whose button runs it.

That page sets `PAGE` in the command's environment, reads its output line by line with `event`, and writes the answers
to its questions on its input with `encoded`. An event is one line of text among those that are printed for people.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator, Sized
from dataclasses import asdict, dataclass
from typing import TypeVar

PAGE = "COURSE_PAGE"

_MARK = "\x1e"  # begins an event: a record separator, which no name that is printed can hold
_WIDTH = 30
_STEPS = 10  # events of one run of `bar`
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is printed for people."""

    text: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a command is: `done` of `total`."""

    label: str
    done: int
    total: int

    @property
    def text(self) -> str:
        """The same in French: « Correction : 30 sur 300 »."""
        return f"{self.label}\u00a0: {self.done} sur {self.total}"


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer that can be given: its value, and its French words."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something that only the instructor knows.

    Attributes:
        words: French words.
        choices: The answers to choose from.
        free: Whether a trainee's name may be answered too.
    """

    words: str
    choices: tuple[Choice, ...]
    free: bool = False


Event = Line | Progress | Question


def event(line: str) -> Event:
    """What a line of a command's output stands for; one that is no event is a line for people."""
    text = line.rstrip("\r\n")
    if not text.startswith(_MARK):
        return Line(text)
    try:
        match json.loads(text[1:]):
            case {"event": "progress", "label": str(label), "done": int(done), "total": int(total)}:
                return Progress(label, done, total)
            case {"event": "question", "words": str(words), "choices": list(choices), "free": bool(free)}:
                return Question(words, tuple(Choice(str(each["value"]), str(each["words"])) for each in choices), free)
    except (ValueError, LookupError, TypeError):
        pass
    return Line(text[1:])


def ask(question: Question, otherwise: str) -> str:
    """Asks through the page, and waits for its answer.

    Args:
        question: What to ask.
        otherwise: The answer when the page is gone, or answers nothing.
    """
    _send("question", question)
    try:
        answer = json.loads(sys.stdin.readline())
    except ValueError:
        return otherwise
    return answer if isinstance(answer, str) and answer else otherwise


def encoded(answer: str) -> str:
    """The line by which a page answers the question that a command waits for."""
    return f"{json.dumps(answer)}\n"


def bar(items: Iterable[_Item], label: str, total: int | None = None) -> Iterator[_Item]:
    """The items, one by one, with a bar on a terminal, or now and then an event for a page; else nothing.

    Args:
        items: The items.
        label: The activity, in French: « Correction ».
        total: How many there are, when `items` cannot tell.

    Yields:
        The items.
    """
    if total is None:
        total = len(items) if isinstance(items, Sized) else 0
    if total and os.environ.get(PAGE):
        yield from _with_events(items, label, total)
        return
    if not total or not sys.stderr.isatty():
        yield from items
        return
    drawn = -1
    try:
        for number, item in enumerate(items):
            if (percent := 100 * number // total) != drawn:
                drawn = percent
                _draw(Progress(label, number, total))
            yield item
        _draw(Progress(label, total, total))
    finally:
        sys.stderr.write("\n")
        sys.stderr.flush()


def _with_events(items: Iterable[_Item], label: str, total: int) -> Iterator[_Item]:
    sent = 0
    for number, item in enumerate(items, 1):
        yield item
        if number * _STEPS // total > sent:
            sent = number * _STEPS // total
            _send("progress", Progress(label, number, total))


def _send(kind: str, fields: Progress | Question) -> None:
    print(f"{_MARK}{json.dumps({'event': kind, **asdict(fields)})}", flush=True)


def _draw(progress: Progress) -> None:
    full = _WIDTH * progress.done // progress.total
    counts = f"{progress.done} sur {progress.total}"
    sys.stderr.write(f"\r{progress.label}\u00a0: {'█' * full}{'·' * (_WIDTH - full)} {counts}")
    sys.stderr.flush()
