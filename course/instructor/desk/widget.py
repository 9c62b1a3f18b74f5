"""The widget of one of the instructor's buttons."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import traitlets

from course.core import files as durable
from course.core.names import legible, refused_name
from course.core.refusal import NotWritten
from course.instructor.cohort.places import Cohort
from course.instructor.desk.running import Running
from course.instructor.desk.steps import INBOX, STEPS
from course.workbook import card
from course.workbook.module import Module

HERE = Path(__file__).parent
MODULE = Module(HERE, ("../../workbook/dom.js", "view.js"), "desk.css")
MAX_FILE = 64 * 1024 * 1024
_MAX_RESULTS = 30
_UNFIT = re.compile(r'[<>&":*?|\[\]]')  # signs of honest names that some systems, or nbgrader, take amiss


class DeskWidget(card.Card):
    """A form with one button, what the command says, and the files that it leaves.

    Attributes:
        form: What the page shows: title, button, choices, question.
    """

    _esm = MODULE.source
    _css = card.style(HERE, "desk.css")
    form = traitlets.Dict().tag(sync=True)

    def __init__(self, step: str, cohort: Cohort) -> None:
        """The button of a step.

        Args:
            step: A key of `STEPS`.
            cohort: The class.
        """
        self._step, self._name, self._cohort = STEPS[step], step, cohort
        self._running = Running(cohort.root)
        self._busy = False
        super().__init__(
            form={
                "title": self._step.title,
                "button": self._step.button,
                "choices": [{"key": c.key, "label": c.label, "kind": c.kind} for c in self._step.choices],
                "sure": self._step.sure,
                "waiting": self._waiting(),
            }
        )
        self.on_msg(self._hear)

    def _told(self) -> str:
        """The command to type."""
        return f"{self._step.title} : tapez « course {self._name} » dans le dossier du cours."

    def _hear(self, _: object, message: dict[str, Any], buffers: list[bytes]) -> None:
        match message["kind"]:
            case "run":
                self._start(message["values"])
            case "answer":
                self._running.answer(str(message["value"]))
            case "stop":
                self._running.stop()
            case "put":
                self._put(message["name"], bytes(buffers[0]))
            case "file":
                self._send_file(message["path"])

    def _start(self, values: dict[str, Any]) -> None:
        self.send({"kind": "begun"})  # the kernel has heard, also when it is busy already
        if self._busy:
            return
        self._busy = True
        words = self._step.words(values)
        loop = card.kernel_loop()
        if loop is None:
            self._end(self._running.run(words, self._say, self._ask))
            return

        def done(future: asyncio.Future[int]) -> None:
            if failed := future.cancelled() or future.exception():
                self._say("La commande n’a pas pu être lancée : recommencez, ou tapez-la dans un terminal.")
            self._end(1 if failed else future.result())

        def say(line: str) -> None:
            loop.call_soon_threadsafe(self._say, line)

        def ask(question: str) -> None:
            loop.call_soon_threadsafe(self._ask, question)

        loop.run_in_executor(None, self._running.run, words, say, ask).add_done_callback(done)

    def _say(self, line: str) -> None:
        self.send({"kind": "line", "text": line})

    def _ask(self, question: str) -> None:
        self.send({"kind": "question", **json.loads(question)})

    def _end(self, code: int) -> None:
        self._busy = False
        self.send({"kind": "end", "code": code, "results": self._results(), "waiting": self._waiting()})

    def _results(self) -> list[dict[str, Any]]:
        root = self._cohort.root
        paths = [path for pattern in self._step.results for path in root.glob(pattern) if path.is_file()]
        latest = sorted(paths, key=lambda path: path.stat().st_mtime_ns, reverse=True)[:_MAX_RESULTS]
        return [{"path": path.relative_to(root).as_posix(), "name": path.name} for path in sorted(latest)]

    def _send_file(self, path: str) -> None:
        """Sends a file that the page was told of, and no other one."""
        if path not in [each["path"] for each in self._results()]:
            return
        try:
            raw = (self._cohort.root / path).read_bytes()
        except OSError:
            self._say(f"« {path} » ne se laisse pas lire : fermez-le dans Excel, puis recommencez.")
            return
        if len(raw) > MAX_FILE:
            self._say(f"« {path} » est trop gros pour passer par cette page : ouvrez-le dans son dossier.")
            return
        self.send({"kind": "file", "path": path, "name": Path(path).name}, [raw])

    def _put(self, name: str, raw: bytes) -> None:
        """Puts what was received into the inbox, under its own name as far as it can be; nothing is replaced."""
        plain = _UNFIT.sub("-", Path(name.replace("\\", "/")).name)
        if refused_name(plain) or len(raw) > MAX_FILE:
            self._say(f"« {legible(name)} » n’est pas ajouté : son nom ou sa taille ne va pas.")
            return
        folder = self._cohort.inbox
        target, number = folder / plain, 1
        while target.exists() and not (target.is_file() and target.read_bytes() == raw):
            number += 1
            target = folder / f"{Path(plain).stem} ({number}){Path(plain).suffix}"
        try:
            durable.write(target, raw)
        except NotWritten as error:
            self._say(error.reason)
            return
        self.send({"kind": "put", "name": target.name, "waiting": self._waiting()})

    def _waiting(self) -> str:
        """How many files are in the inbox, in words, for the step that empties it."""
        if self._name != "intake":
            return ""
        folder = self._cohort.inbox
        number = sum(1 for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else 0
        files = f"{number} fichier{'s' if number > 1 else ''}" if number else "aucun fichier"
        return f"Dans « {INBOX} » : {files}."
