"""A world that goes wrong: pages of one browser, kernels, one disk; the canvas's real session and real store in it.

Only what lies between them is made here: links, deaths, full disks. Every text that is typed is a token, and the world
knows at each moment which tokens somebody may still expect to find.
"""

from __future__ import annotations

import errno
import json
import os
import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from playwright._impl._driver import compute_driver_executable

from course.core import syllabus
from course.core.answers import store as store_room
from course.core.answers.format import load
from course.workbook.canvas.widget import MODULE, CanvasWidget

OBJECTIVE = syllabus.load().objective("3.5")
OPTION = "3.5.a"
TOKEN = re.compile(r"<\d+>")
ROWS = {
    "strategy": ({"row": "3-5-a-0", "option": OPTION, "parent": ""}, "strategy"),
    "action": ({"row": "3-5-a-0-0", "option": OPTION, "parent": "3-5-a-0"}, "action"),
    "due": ({"row": "3-5-a-0-0", "option": OPTION, "parent": "3-5-a-0"}, "due"),
    "second": ({"row": "second", "option": OPTION, "parent": ""}, "strategy"),
}


# Each line of its input is a call on the world of `pages.js` and its arguments; each line that it writes, the result.
SERVE = """
require("readline").createInterface({ input: process.stdin }).on("line", (line) => {
  const [call, given] = JSON.parse(line);
  process.stdout.write(`${JSON.stringify(world[call](...given) ?? null)}\\n`);
});
"""


class Pages:
    """The pages of one browser: the canvas's own session in a JavaScript engine, for many worlds."""

    def __init__(self) -> None:
        source = MODULE.source.split("class View")[0]
        pages = Path(__file__).with_name("pages.js").read_text(encoding="utf-8")
        node, _ = compute_driver_executable()  # the one that drives the browser in other tests
        self._engine = subprocess.Popen(
            [node, "--eval", f"({pages})({json.dumps(source)});{SERVE}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8",
        )  # fmt: skip

    def call(self, name: str, *arguments: object) -> Any:
        assert self._engine.stdin
        assert self._engine.stdout
        self._engine.stdin.write(json.dumps([name, arguments]) + "\n")
        self._engine.stdin.flush()
        answer = self._engine.stdout.readline()
        assert answer, f"the pages' engine has ended at {name}{arguments}"
        return json.loads(answer)

    def close(self) -> None:
        self._engine.communicate()


ADDED = "added"  # where: the last row that was added and still stands, whatever its id


@dataclass
class Kernel:
    """A canvas's kernel end; `alive` is false from its death on."""

    widget: CanvasWidget
    alive: bool = True


class World:
    """One folder, one browser, and what happens to them."""

    def __init__(self, pages: Pages, folder: Path) -> None:
        self.pages = pages
        self.folder = folder
        self.path = folder / "reponses" / "3.5.json"
        self.kernels: dict[int, Kernel] = {}
        self.link: dict[str, int] = {}  # page -> its kernel
        self.boxes: dict[str, list[tuple[int, dict[str, Any]]]] = {}  # page -> what it sent, by kernel
        self.answers: dict[str, list[dict[str, Any]]] = {}  # page -> what is on its way to it
        self.added: list[dict[str, str]] = []  # the rows somebody added, oldest first
        self.cut: set[str] = set()
        self.disk = ""
        self.behind = timedelta()
        self.live: set[str] = set()  # tokens that must be somewhere
        self.by_hand: set[str] = set()  # those that no page typed
        self.damaged = False
        self.tokens = 0
        pages.call("reset")
        self.open("a")

    # ---- looking

    def _do(self, call: str, *arguments: object) -> Any:
        return self.pages.call(call, *arguments)

    def look(self) -> dict[str, Any]:
        seen = self._do("look")
        for name, page in seen["pages"].items():
            self.boxes[name] += [tuple(message) for message in page["sent"]]
        return seen

    def shown(self, name: str, place: dict[str, str], column: str) -> str:
        tree = self.look()["pages"][name]["tree"]
        rows = tree.get(OPTION, [])
        if place["parent"]:
            rows = [action for row in rows for action in row.get("actions", [])]
        return next((row.get(column, "") for row in rows if row["id"] == place["row"]), "")

    def file(self) -> str:
        return self.path.read_text(encoding="utf-8", errors="replace") if self.path.exists() else ""

    # ---- steps: what people do

    def type(self, name: str, where: str, on: bool) -> None:
        page = self.look()["pages"][name]
        place, column = self._place(page, where)
        if where == ADDED and not self._stands(page, place["row"]):
            return
        if {place["row"], place["parent"]} & set(page["gone"]) and not self._stands(page, place["row"]):
            return  # nobody types in a row that was removed: the empty one that is shown instead has another id
        before = self.shown(name, place, column)
        self.tokens += 1
        token = f"<{self.tokens}>"
        text = before + token if on else token
        self.live -= set(TOKEN.findall(before)) - set(TOKEN.findall(text))
        self.live.add(token)
        self._do("set", name, place, column, text)

    @staticmethod
    def _stands(page: dict[str, Any], identifier: str) -> bool:
        rows = page["tree"].get(OPTION, [])
        return any(row["id"] == identifier for row in [*rows, *(a for row in rows for a in row.get("actions", []))])

    def _place(self, page: dict[str, Any], where: str) -> tuple[dict[str, str], str]:
        if where != ADDED:
            return ROWS[where]
        place = next((each for each in reversed(self.added) if self._stands(page, each["row"])), ROWS["strategy"][0])
        return place, "action" if place["parent"] else "strategy"

    def add(self, name: str, parent: str) -> None:
        """A click on « + Stratégie », or on « + Action » of a strategy that stands."""
        page = self.look()["pages"][name]
        if not parent or self._stands(page, parent):
            self.added.append({"row": self._do("add", name, OPTION, parent), "option": OPTION, "parent": parent})

    def remove(self, name: str, where: str) -> None:
        page = self.look()["pages"][name]
        place, _ = self._place(page, where)
        tree = page["tree"].get(OPTION, [])
        rows = [a for row in tree for a in row.get("actions", [])] if place["parent"] else tree
        for row in rows:
            if row["id"] == place["row"]:
                self.live -= set(TOKEN.findall(json.dumps(row)))  # she saw what she removes
                self._do("remove", name, place)

    def restore(self, name: str) -> None:
        self._do("restore", name)

    def resolve(self, name: str, choice: str) -> None:
        page = self.look()["pages"][name]
        if page["conflicts"]:
            conflict = page["conflicts"][0]
            shown = self.shown(name, conflict, conflict["field"])
            kept, dropped = (conflict["text"], shown) if choice == "other" else (shown, conflict["text"])
            self.live -= set(TOKEN.findall(dropped)) - set(TOKEN.findall(kept))
            self._do("resolve", name, choice)

    # ---- steps: what happens

    def open(self, name: str) -> None:
        number, state = self._start()
        self.link[name], self.boxes[name], self.answers[name] = number, [], []
        self._do("open", name, OBJECTIVE.id, number, state)

    def share(self, name: str) -> None:
        """The page is one more tab on the kernel of another: it hears all that is said there, to whomever."""
        other = next((each for each in self.link if each != name), None)
        if other is not None:
            self._attach(name, self.link[other], self.kernels[self.link[other]].widget.state)

    def revive(self, name: str) -> None:
        """The cell runs again: in a new kernel when the old one died, else a new model in the same one."""
        self._attach(name, *self._start())

    def _attach(self, name: str, number: int, state: dict[str, Any]) -> None:
        self.look()
        self.link[name], self.answers[name] = number, []
        self._do("attach", name, number, state)

    def reload(self, name: str) -> None:
        self.close(name)
        self.open(name)

    def close(self, name: str) -> None:
        page = self.look()["pages"][name]
        if not page["kept"]:  # the page had said that it cannot keep anything
            for edit in page["pending"]:
                self.live -= set(TOKEN.findall(edit.get("value", "")))
        self.deliver(name)  # what was sent before the page closed is on its way
        self._do("close", name)
        self.cut.discard(name)
        del self.link[name], self.boxes[name], self.answers[name]

    def kill(self, name: str) -> None:
        self.kernels[self.link[name]].alive = False

    def deliver(self, name: str) -> None:
        self.look()
        if name in self.cut:
            return
        sent, self.boxes[name] = self.boxes[name], []
        for number, message in sent:
            kernel = self.kernels[number]
            if kernel.alive:
                with self._trouble():
                    kernel.widget._hear(None, message, [])

    def answer(self, name: str) -> None:
        if name in self.cut:
            return
        answers, self.answers[name] = self.answers[name], []
        for message in answers:
            self._do("hear", name, message)

    def lose_answers(self, name: str) -> None:
        self.answers[name].clear()

    def wait(self, name: str, time: int) -> None:
        self._do("pass", name, time)

    def fill_storage(self, full: bool) -> None:
        self._do("full", full)

    def damage(self, kind: str) -> None:
        if not self.path.exists():
            return
        raw = self.path.read_bytes()
        # What a hand wrote is in the copy that comes back only once a canvas has read it.
        spare = self.path.with_name(".3.5.json.bon").read_text(encoding="utf-8")
        self.live -= self.by_hand - set(TOKEN.findall(spare))
        match kind:
            case "delete":
                self.path.unlink()
            case "truncate":
                self.path.write_bytes(raw[: len(raw) // 2])
            case "garbage":
                self.path.write_bytes(b"\x00" * 64)
        self.damaged = True

    def edit_by_hand(self) -> None:
        try:
            document = load(self.path.read_bytes(), OBJECTIVE)
        except (ValueError, OSError):
            return
        for row in document["options"].get(OPTION, []):
            self.tokens += 1
            self.live -= set(TOKEN.findall(row.get("strategy", "")))
            self.live.add(f"<{self.tokens}>")
            self.by_hand.add(f"<{self.tokens}>")
            row["strategy"] = f"écrit à la main <{self.tokens}>"
        self.path.write_text(json.dumps(document), encoding="utf-8")

    # ---- the machine

    def _start(self) -> tuple[int, dict[str, Any]]:
        number = len(self.kernels)
        with self._trouble():
            widget = CanvasWidget(OBJECTIVE, self.folder)
        widget.send = lambda message, _=None: self._broadcast(number, json.dumps(message))
        widget._store._now = lambda: datetime.now(UTC) - self.behind
        self.kernels[number] = Kernel(widget)
        return number, widget.state

    def _broadcast(self, number: int, message: str) -> None:
        for name, linked in self.link.items():
            if linked == number:
                self.answers[name].append(json.loads(message))

    def _trouble(self) -> Any:
        code = {"full": errno.ENOSPC, "read-only": errno.EROFS, "broken": errno.EIO}.get(self.disk)

        def refuse(*_: object) -> None:
            raise OSError(code, os.strerror(code or 0))

        if not self.disk:
            return mock.patch.object(store_room, "LOCK_SECONDS", 5.0)
        return mock.patch.object(os, "fsync", refuse)
