"""A page for any widget of the course: the real class and its files behind a real browser, without a Jupyter server.

What stands between them, a kernel and a network, is a pair of functions here, so that it can fail on command.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from weakref import WeakKeyDictionary

import anywidget
from playwright.sync_api import Page

ADDRESS = "http://127.0.0.1/page"
HTML = '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Page</title><body></body>'
START = """async ([name, source, style, traits]) => {
  const bytes = (text) => new DataView(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer);
  const text = (buffer) => btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""));
  const sheet = document.createElement("style");
  sheet.textContent = style;
  document.head.append(sheet);
  const url = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
  const widget = (await import(url)).default;
  const listeners = new Set();
  if (traits.module?.packed) traits.module.packed = bytes(traits.module.packed);
  const model = {
    get: (key) => traits[key],
    on: (_, listener) => listeners.add(listener),
    off: (_, listener) => listeners.delete(listener),
    send: (message, _, buffers = []) => {
      kernel(name, JSON.parse(JSON.stringify(message)), buffers.map((buffer) => text(buffer.buffer ?? buffer)));
    },
    hear: (message, buffers) => [...listeners].forEach((listener) => listener(message, buffers.map(bytes))),
  };
  (globalThis.stage ??= new Map()).set(name, model);
  await widget.initialize?.({model});
  const host = document.createElement("div");
  document.body.append(host);
  model.cleanup = await widget.render({model, el: host});
  model.host = host;
}"""

# Who hears what a page sends: a page is for many tests, and a function can be exposed to it once.
_KERNELS: WeakKeyDictionary[Page, Callable[..., None]] = WeakKeyDictionary()


def serve(page: Page, receive: Callable[..., None]) -> None:
    """Give a page something to load at `ADDRESS`, and `receive` what it sends with `kernel(…)`."""
    page.route(ADDRESS, lambda route: route.fulfill(body=HTML, content_type="text/html"))

    def hear(*message: Any) -> None:
        _KERNELS[page](*message)

    if page not in _KERNELS:
        page.expose_function("kernel", hear)
    _KERNELS[page] = receive


@dataclass
class Cards:
    """Widgets on a page, each with a kernel's end that can be killed.

    Attributes:
        page: The browser's page.
        alive: Whether there is a kernel; what is sent to a dead one is accepted and goes nowhere.
        received: What the kernel was sent.
        told: What the page was told.
    """

    page: Page
    alive: bool = True
    received: list[dict[str, Any]] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    widgets: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        serve(self.page, self._receive)
        self.load()

    def load(self) -> None:
        """Loads the page, or loads it anew, as a person does who closes a window and comes back."""
        self.page.goto(ADDRESS)

    def show(self, widget: anywidget.AnyWidget, style: str = "") -> None:
        """Puts a widget below those that are there."""
        self.alive = True
        name = str(len(self.widgets))
        widget.send = lambda message, buffers=None: self._tell(name, message, buffers or [])
        self.widgets[name] = widget
        names = [trait for trait in widget.traits(sync=True) if not trait.startswith("_")]
        traits = {trait: getattr(widget, trait) for trait in names if trait not in ("layout", "tabbable", "tooltip")}
        if packed := traits.get("module", {}).get("packed"):
            traits["module"] = {**traits["module"], "packed": base64.b64encode(packed).decode()}
        self.page.evaluate(START, [name, str(widget._esm), style or str(getattr(widget, "_css", "")), traits])

    def take_away(self, name: str) -> None:
        """Takes a widget off the page, as a restart does before the cell runs again."""
        self.page.evaluate("(name) => { const m = stage.get(name); m.cleanup(); m.host.remove(); }", name)

    def _receive(self, name: str, message: dict[str, Any], buffers: list[str]) -> None:
        self.received.append(message)
        if self.alive:
            self.widgets[name]._hear(None, message, [base64.b64decode(each) for each in buffers])

    def _tell(self, name: str, message: dict[str, Any], buffers: list[bytes]) -> None:
        self.told.append(message)
        encoded = [base64.b64encode(each).decode() for each in buffers]
        self.page.evaluate(
            "([name, message, buffers]) => stage.get(name).hear(message, buffers)", [name, message, encoded]
        )
