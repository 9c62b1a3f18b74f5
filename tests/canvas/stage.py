"""A stage for the canvas: the real widget class and store behind a page in a real browser, without a Jupyter server.

What stands between them, a kernel and a network, is a pair of functions here, so that it can fail on command.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cards import ADDRESS, serve
from playwright.sync_api import Page

from course.core import syllabus
from course.core.answers.edits import Edit
from course.core.answers.store import AnswersStore
from course.workbook.canvas.widget import MODULE, CanvasWidget

START = """async ([source, models]) => {
  globalThis.bytes = (text) => new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
  const url = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
  const widget = (await import(url)).default;
  globalThis.stage ??= {models: new Map(), views: new Map()};
  for (const {name, objective, traits} of models) {
    const listeners = new Set();
    if (traits.module.packed) traits.module.packed = bytes(traits.module.packed);
    const model = {
      get: (key) => traits[key],
      on: (_, listener) => listeners.add(listener),
      off: (_, listener) => listeners.delete(listener),
      send: (message) => { kernel(name, JSON.parse(JSON.stringify(message))); },
      hear: (message, buffers = []) => listeners.forEach((listener) => listener(message, buffers.map(bytes))),
    };
    stage.models.set(name, model);
    const before = stage.views.get(objective);
    const stop = await widget.initialize({model});
    if (before) { before.stop(); before.host.remove(); before.cleanup(); }
    const host = document.createElement("div");
    document.body.append(host);
    const cleanup = await widget.render({model, el: host});
    stage.views.set(objective, {host, cleanup, stop});
  }
}"""


def encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


@dataclass
class Stage:
    """Canvases on a page, each with a kernel's end that can be killed and started again.

    Attributes:
        page: The browser's page.
        folder: The folder of the notebook.
        alive: Whether there is a kernel; what is sent to a dead one is accepted and goes nowhere.
        deaf: Whether the kernel's answers are lost on the way.
        received: What the kernel was sent.
    """

    page: Page
    folder: Path
    alive: bool = True
    deaf: bool = False
    received: list[dict[str, Any]] = field(default_factory=list)
    widgets: dict[str, CanvasWidget] = field(default_factory=dict)

    def __post_init__(self) -> None:
        serve(self.page, self._receive)
        self.load()

    def load(self) -> None:
        """Loads the page, or loads it anew, as a person does who closes a window and comes back."""
        self.page.goto(ADDRESS)

    def show(self, *objectives: str) -> None:
        """Makes new widgets, as running the canvas cells does, and puts them in place of the old ones."""
        self.alive = True
        models = []
        for identifier in objectives:
            name = f"{identifier} {len(self.widgets)}"
            widget = CanvasWidget(syllabus.load().objective(identifier), self.folder)
            widget.send = lambda message, buffers=None, name=name: self._answer(name, message, buffers or [])
            self.widgets[name] = widget
            module = {key: encoded(value) if key == "packed" else value for key, value in widget.module.items()}
            traits = {"canvas": widget.canvas, "state": widget.state, "module": module}
            models.append({"name": name, "objective": identifier, "traits": traits})
        self.page.evaluate(START, [MODULE.loader, models])

    def kill(self) -> None:
        """Kills the kernel."""
        self.alive = False

    @staticmethod
    def writer(folder: Path, objective: str) -> Callable[[str, str, str], None]:
        """Somebody else who writes strategies into the same file."""
        store = AnswersStore(folder, syllabus.load().objective(objective))

        def write(row: str, option: str, text: str) -> None:
            store.save([Edit("set", row, option, field="strategy", value=text, client="ailleurs", number=1)])

        return write

    def _receive(self, name: str, message: dict[str, Any]) -> None:
        self.received.append(message)
        if self.alive:
            self.widgets[name]._hear(None, message, [])

    def _answer(self, name: str, message: dict[str, Any], buffers: list[bytes]) -> None:
        if not self.deaf:
            hear = "([name, message, buffers]) => stage.models.get(name)?.hear(message, buffers)"
            self.page.evaluate(hear, [name, message, [encoded(each) for each in buffers]])
