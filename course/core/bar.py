"""Progress of a command: a bar on a terminal, or events for the page whose button runs the command.

That page sets `PAGE` in the command's environment, reads its output line by line with `event`, and writes the answers
to its questions on its input with `encoded`. An event is one line of text among those that are printed for people.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import asdict, dataclass
from functools import partial
from typing import TypeVar

from course.core.refusal import Refusal

PAGE = "COURSE_PAGE"

_MARK = "\x1e"  # starts an event: a record separator, which printed names never contain
_WIDTH = 30
_STEPS = 10  # events of one run of `bar`
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text output."""

    text: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a command: `done` of `total` items."""

    label: str
    done: int
    total: int

    @property
    def text(self) -> str:
        """The progress in French: « Correction : 30 sur 300 »."""
        return f"{self.label}\u00a0: {self.done} sur {self.total}"


@dataclass(frozen=True, slots=True)
class Choice:
    """A possible answer to a question: its value, and its French words."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the instructor.

    Attributes:
        words: French words.
        choices: The answers to choose from.
        free: Whether a trainee's name is accepted as an answer too.
    """

    words: str
    choices: tuple[Choice, ...]
    free: bool = False


Event = Line | Progress | Question


def event(line: str) -> Event:
    """Parse a line of a command's output; one that is no event becomes a `Line`."""
    text = line.rstrip("\r\n")
    if not text.startswith(_MARK):
        return Line(text)
    try:
        match json.loads(text[1:]):
            case {"event": "progress", "label": str(label), "done": int(done), "total": int(total)}:
                return Progress(label, done, total)
            case {"event": "question", "words": str(words), "choices": list(choices), "free": bool(free)}:
                return Question(
                    words, tuple(Choice(str(choice["value"]), str(choice["words"])) for choice in choices), free
                )
    except (ValueError, LookupError, TypeError):
        pass
    return Line(text[1:])


def ask(question: Question, otherwise: str) -> str:
    """Ask a question through the page, and wait for the answer.

    Args:
        question: The question.
        otherwise: The answer when the page is gone, or sends none.
    """
    _send("question", question)
    try:
        answer = json.loads(sys.stdin.readline())
    except ValueError:
        return otherwise
    return answer if isinstance(answer, str) and answer else otherwise


def asker(interrupted: str) -> Callable[[Question], str] | None:
    """Return the function that asks a person, on a page or a terminal; None where neither is there.

    Args:
        interrupted: The French sentence when the person stops at a question.

    Returns:
        A function whose answer is the value of a choice, or a name where the question allows one; empty for none.
    """
    if os.environ.get(PAGE):
        return partial(ask, otherwise="")
    is_terminal = sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()
    return _Terminal(interrupted) if is_terminal else None


class _Terminal:
    """Asks on the terminal: a number of the list, or a name that is not on it; no answer is the empty one."""

    def __init__(self, interrupted: str) -> None:
        self._interrupted = interrupted
        self._ended = False  # whether the input has ended: nobody sees another question

    def __call__(self, question: Question) -> str:
        if self._ended:
            return ""
        print(f"\n{question.words}")
        for number, choice in enumerate(question.choices, 1):
            print(f"  {number}. {choice.words}")
        expected = "Un numéro, ou un nom de la liste" if question.free else "Un numéro"
        while True:
            try:
                answer = input(f"{expected} (Entrée seule\u00a0: plus tard)\u00a0: ").strip()
            except EOFError:
                print()
                self._ended = True
                return ""
            except KeyboardInterrupt:
                raise Refusal(f"\n{self._interrupted}") from None
            if answer.isdecimal() and 1 <= int(answer) <= len(question.choices):
                return question.choices[int(answer) - 1].value
            if not answer or (question.free and not answer.isdecimal()):
                return answer
            print("Ce n’est pas un numéro de la liste.")


def encoded(answer: str) -> str:
    """Return the line by which a page answers a command's question."""
    return f"{json.dumps(answer)}\n"


def bar(items: Iterable[_Item], label: str, total: int | None = None) -> Iterator[_Item]:
    """Iterate over items with a progress bar on a terminal, or progress events for a page.

    Args:
        items: The items.
        label: The activity, in French: « Correction ».
        total: The number of items, when `items` has no length.

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
