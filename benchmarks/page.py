"""Canvases in a real JupyterLab and a real Chromium: the time until every field can be typed in, messages and bytes.

The table of ipywidgets is opened in the same way: the same cells, run by the same extension, in a kernel where the verb
`canvas` means the other table.
"""

from __future__ import annotations

import itertools
import json
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack, redirect_stdout
from dataclasses import dataclass
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any

from benchmarks.report import Line, Measurement, count, seconds, size
from benchmarks.rounds import COURSE, OTHER, ROOT, Impossible, alternated
from course.core import syllabus
from course.core.syllabus import Objective

_PATIENCE = 60_000  # ms to open a page, and as many until its last field can be typed in
_QUIET = 1.0  # seconds without a message after which a page has nothing more to say
_LONGEST_QUIET = 15.0

# IPython runs this at the start of a kernel: the course's verb means the other table from then on.
_OTHER_VERB = """
import course


def canvas(identifier):
    from benchmarks.ipywidgets_canvas import canvas

    return canvas(identifier)


course.canvas = canvas
"""

# In the page: when its first cell was sent to the kernel, and when the last field could be typed in, in milliseconds
# since the page was asked for. A frame is as often as a person can see anything.
_WATCH = """(() => {
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
    """What it took to open a notebook.

    Attributes:
        whole: Seconds from the address to the last field.
        canvases: Seconds from the first cell sent to the last field.
        messages: Between page and kernel, both ways, from the first cell on.
        size: Their bytes, uncompressed.
    """

    whole: float
    canvases: float
    messages: int
    size: int


def measure(rounds: int, say: Callable[[str], None]) -> Measurement:
    """Opens a notebook of one canvas and one of all.

    Args:
        rounds: 1 or more.
        say: Hears the progress, in French.

    Raises:
        Impossible: There is no Chromium or no Playwright, or a canvas did not open.
    """
    if find_spec("playwright") is None:
        raise Impossible("Playwright n’est pas installé : pip install playwright.")
    browser = _browser()
    path = browser.chromium()
    if path is None:
        raise Impossible(f"{browser.INSTALL}.")
    from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415  (a learner's install has none)

    objectives = syllabus.load().objectives
    books = {1: objectives[:1], len(objectives): objectives}
    try:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="page-", ignore_cleanup_errors=True)))
            chrome = stack.enter_context(sync_playwright()).chromium.launch(
                executable_path=path, args=list(browser.FLAGS)
            )
            stack.callback(chrome.close)
            context = chrome.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR")
            context.set_default_timeout(_PATIENCE)
            context.add_init_script(_WATCH)
            say("JupyterLab démarre")
            variables = {COURSE: {}, OTHER: _other_verb(folder / "ipython")}

            def fill(root: Path) -> None:
                _write_books(root, books.values(), range(-1, rounds))

            with redirect_stdout(StringIO()):  # it says where the workbook is
                labs = {
                    side: stack.enter_context(
                        browser.opened_lab(folder.resolve() / side, environment=variables[side], fill=fill)
                    )
                    for side in variables
                }

            def visit(side: str, number: int) -> dict[int, Opened]:
                return {canvases: _open(context, labs[side], number, books[canvases]) for canvases in books}

            for lab in labs.values():
                _open(context, lab, -1, books[1])  # what a first time compiles and keeps is of no interest
            found = alternated(rounds, {side: lambda number, side=side: visit(side, number) for side in labs}, say)
    except Error as error:
        raise Impossible(f"Le navigateur ne voit pas les canevas s’ouvrir : {error.message.splitlines()[0]}") from error
    lines = tuple(line for canvases in books for line in _lines(canvases, found[COURSE], found[OTHER]))
    return Measurement(
        "Ouvrir des canevas dans JupyterLab et Chromium, jusqu’au dernier champ où l’on peut écrire",
        "ipywidgets",
        lines,
        ("Messages et octets : entre la page et le noyau, dans les deux sens, dès la première cellule.",),
    )


def _browser() -> Any:  # noqa: ANN401
    """The tests' own browser and lab: what they promise and what is measured here are the same."""
    folder = str(ROOT / "tests")
    if folder not in sys.path:
        sys.path.append(folder)
    import browser  # noqa: PLC0415

    return browser


def _lines(canvases: int, course: Sequence[dict[int, Opened]], other: Sequence[dict[int, Opened]]) -> list[Line]:
    many = canvases > 1
    kinds = (
        ("whole", "prêt, depuis l’adresse", seconds, ""),
        ("canvases", "prêt, depuis la première cellule", seconds, "3 × et plus" if many else ""),
        ("messages", "messages", count, ""),
        ("size", "octets", size, "10 × et plus" if many else ""),
    )
    return [
        Line(
            f"{canvases} canevas : {what}",
            [getattr(each[canvases], kind) for each in course],
            [getattr(each[canvases], kind) for each in other],
            unit,
            expected,
        )
        for kind, what, unit, expected in kinds
    ]


def _other_verb(home: Path) -> dict[str, str]:
    startup = home / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "10-canvas.py").write_text(_OTHER_VERB, encoding="utf-8")
    return {"IPYTHONDIR": str(home)}


def _place(number: int, objectives: Sequence[Objective]) -> str:
    """Each opening has a folder of its own: nobody has answered there yet."""
    return f"tour-{number + 1}/canevas-{len(objectives)}/essai.ipynb"


def _write_books(root: Path, books: Iterable[Sequence[Objective]], numbers: Iterable[int]) -> None:
    for number, objectives in itertools.product(numbers, books):
        path = root / _place(number, objectives)
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(_notebook(objectives)), encoding="utf-8")


def _notebook(objectives: Sequence[Objective]) -> dict[str, Any]:
    """The canvas cells of an exercise, one below the other."""
    cells = [
        {
            "id": f"completude-{objective.cell}",
            "cell_type": "code",
            "source": f'# Canevas {objective.id}\nfrom course import canvas\ncanvas("{objective.id}")',
            "metadata": {"jupyter": {"source_hidden": True}},
            "outputs": [],
            "execution_count": None,
        }
        for objective in objectives
    ]
    kernel = {"display_name": "Cours (Python)", "language": "python", "name": "python3"}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}


class _Ear:
    """Counts what passes between a page and its kernel, from the first cell on."""

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
        ear = _Ear(page)
        page.goto(lab.url(_place(number, objectives)), wait_until="commit")
        fields = 2 * sum(len(objective.options) for objective in objectives)
        times = page.evaluate("(asked) => window.ready(asked)", [fields, _PATIENCE])
        if times is None:
            raise Impossible(f"Au bout de {_PATIENCE // 1000} s, les {fields} champs n’étaient pas là.")
        whole, first = times
        _listen_until_quiet(page, ear)
        opened = Opened(whole / 1000, (whole - first) / 1000, ear.messages, ear.size)
        _prove_typing(page)
    finally:
        page.close()
        _stop_kernels(lab)
    return opened


def _listen_until_quiet(page: Any, ear: _Ear) -> None:  # noqa: ANN401
    start = time.monotonic()
    while time.monotonic() < min(start + _LONGEST_QUIET, max(start, ear.last) + _QUIET):
        page.wait_for_timeout(50)


def _prove_typing(page: Any) -> None:  # noqa: ANN401
    areas = page.locator(".jp-OutputArea-output textarea")
    for area in (areas.first, areas.last):
        area.click()
        page.keyboard.type("Écrit")
        if area.input_value() != "Écrit":
            raise Impossible("Un champ qui paraissait prêt ne prend pas ce que l’on tape.")


def _stop_kernels(lab: Any) -> None:  # noqa: ANN401
    """The next opening starts its own kernel, as the first one did."""
    for kernel in json.loads(_ask(lab, "GET", "api/kernels")):
        _ask(lab, "DELETE", f"api/kernels/{kernel['id']}")


def _ask(lab: Any, method: str, path: str) -> bytes:  # noqa: ANN401
    headers = {"Authorization": f"token {lab.address.token}"}
    request = urllib.request.Request(f"{lab.address.base}/{path}", method=method, headers=headers)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as reply:
        return reply.read()
