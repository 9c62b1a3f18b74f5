"""Opening canvases in a real JupyterLab and Chromium: the time until every field is editable, messages and bytes.

The reference is opened in the same way: the same cells, run by the same extension, in a kernel with another
implementation of the verb `canvas`.
"""

from __future__ import annotations

import itertools
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.lab import PATIENCE, opened, stop_kernels, write_book
from benchmarks.report import Figure, Measurement, count, seconds, size
from benchmarks.rounds import COURSE, OTHER, Impossible, alternated
from benchmarks.witnesses import Witness
from course.core import syllabus
from course.core.syllabus import Objective

_QUIET = 1.0  # seconds without a message after which opening is complete
_LONGEST_QUIET = 15.0

# In the page: when its first cell was sent to the kernel, and when the last field became editable, in ms since
# the navigation. The state is read once per frame.
WATCH = """(() => {
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (data) {
    if (window.firstCell === undefined && this.url.includes("/channels")) {
      const text = typeof data === "string" ? data : new TextDecoder().decode(data);
      if (text.includes("execute_request") && text.includes("cellId")) window.firstCell = performance.now();
    }
    return send.call(this, data);
  };
  const open = (area) => !area.disabled && !area.readOnly && area.checkVisibility({ visibilityProperty: true });
  window.ready = ([fields, patience]) => new Promise((resolve) => {
    const look = (now) => {
      const areas = [...document.querySelectorAll(".jp-OutputArea-output textarea")];
      if (areas.length >= fields && areas.every(open)) return resolve([performance.now(), window.firstCell]);
      now < patience ? requestAnimationFrame(look) : resolve(null);
    };
    look(0);
  });
})()"""


@dataclass(frozen=True, slots=True)
class Opened:
    """Cost of opening a notebook.

    Attributes:
        whole: Seconds from the navigation to the last editable field.
        canvases: Seconds from the first cell sent to the last editable field.
        messages: Number of messages between page and kernel, both ways, from the first cell on.
        size: Their size in bytes, uncompressed.
    """

    whole: float
    canvases: float
    messages: int
    size: int


def measure(rounds: int, say: Callable[[str], None], witness: Witness) -> Measurement:
    """Open a notebook of one canvas and one of all.

    Args:
        rounds: 1 or more.
        say: Receives the progress, in French.
        witness: The reference.

    Raises:
        Impossible: There is no Chromium or no Playwright, a canvas did not open, or the reference is not available.
    """
    objectives = syllabus.load().objectives
    books = {1: objectives[:1], len(objectives): objectives}

    def fill(root: Path) -> None:
        for number, canvases in itertools.product(range(-1, rounds), books.values()):
            write_book(root / _place(number, canvases), canvases)

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="temoin-", ignore_cleanup_errors=True)))
        sides = {COURSE: {}, OTHER: witness.variables(folder)}
        say("JupyterLab démarre")
        context, labs = stack.enter_context(opened(sides, fill, WATCH))

        def visit(side: str, number: int) -> dict[int, Opened]:
            return {canvases: _open(context, labs[side], number, books[canvases]) for canvases in books}

        for lab in labs.values():
            _open(context, lab, -1, books[1])  # fills the caches
        visits = alternated(rounds, {side: lambda number, side=side: visit(side, number) for side in labs}, say)
    lines = tuple(line for canvases in books for line in _lines(canvases, visits[COURSE], visits[OTHER], witness))
    return Measurement(
        "Ouvrir des canevas dans JupyterLab et Chromium, jusqu’au dernier champ où l’on peut écrire",
        witness.name,
        lines,
        (
            "Messages et octets : entre la page et le noyau, dans les deux sens, dès la première cellule.",
            *witness.remarks,
        ),
    )


def _lines(
    canvases: int, course: Sequence[dict[int, Opened]], other: Sequence[dict[int, Opened]], witness: Witness
) -> list[Figure]:
    many = canvases > 1
    fields = (
        ("whole", "prêt, depuis l’adresse", seconds, ""),
        ("canvases", "prêt, depuis la première cellule", seconds, witness.time if many else ""),
        ("messages", "messages", count, ""),
        ("size", "octets", size, witness.size if many else ""),
    )
    return [
        Figure(
            f"{canvases} canevas : {label}",
            [getattr(visit[canvases], field) for visit in course],
            [getattr(visit[canvases], field) for visit in other],
            unit,
            expected,
        )
        for field, label, unit, expected in fields
    ]


def _place(number: int, objectives: Sequence[Objective]) -> str:
    """Return the path of a notebook in a folder without answers."""
    return f"tour-{number + 1}/canevas-{len(objectives)}/essai.ipynb"


class _Traffic:
    """The messages between a page and its kernel, from the first cell on."""

    def __init__(self, page: Any) -> None:  # noqa: ANN401
        self.messages = self.size = 0
        self.last = 0.0
        page.on("websocket", self._follow)

    def _follow(self, socket: Any) -> None:  # noqa: ANN401
        if "/channels" in socket.url:
            socket.on("framesent", self._sent)
            socket.on("framereceived", self._count)

    def _sent(self, frame: str | bytes) -> None:
        raw = frame.encode() if isinstance(frame, str) else frame
        if self.messages or (b"execute_request" in raw and b"cellId" in raw):
            self._count(raw)

    def _count(self, frame: str | bytes) -> None:
        self.last = time.monotonic()
        raw = frame.encode() if isinstance(frame, str) else frame
        if self.messages or b"cellId" in raw:
            self.messages += 1
            self.size += len(raw)


def _open(context: Any, lab: Any, number: int, objectives: Sequence[Objective]) -> Opened:  # noqa: ANN401
    page = context.new_page()
    try:
        traffic = _Traffic(page)
        page.goto(lab.url(_place(number, objectives)), wait_until="commit")
        fields = 2 * sum(len(objective.options) for objective in objectives)
        times = page.evaluate("(parameters) => window.ready(parameters)", [fields, PATIENCE])
        if times is None:
            raise Impossible(f"Au bout de {PATIENCE // 1000} s, les {fields} champs n’étaient pas là.")
        whole, first = times
        _wait_until_quiet(page, traffic)
        opened = Opened(whole / 1000, (whole - first) / 1000, traffic.messages, traffic.size)
        _check_typing(page)
    finally:
        page.close()
        stop_kernels(lab)
    return opened


def _wait_until_quiet(page: Any, traffic: _Traffic) -> None:  # noqa: ANN401
    start = time.monotonic()
    while time.monotonic() < min(start + _LONGEST_QUIET, max(start, traffic.last) + _QUIET):
        page.wait_for_timeout(50)


def _check_typing(page: Any) -> None:  # noqa: ANN401
    areas = page.locator(".jp-OutputArea-output textarea")
    for area in (areas.first, areas.last):
        area.click()
        page.keyboard.type("Écrit")
        if area.input_value() != "Écrit":
            raise Impossible("Un champ qui paraissait prêt ne prend pas ce que l’on tape.")
