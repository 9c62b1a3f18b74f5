"""`desk("grade")`: a button of the instructor's notebook, the command it runs, and file uploads and downloads."""

from __future__ import annotations

import asyncio
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any
from weakref import WeakSet

import traitlets

from course.core import files
from course.core.bar import Event, Line, Progress, Question
from course.core.names import legible, refused_name
from course.core.refusal import NotWritten
from course.core.terminal import typed
from course.core.words import counted
from course.instructor.cohort.places import Cohort
from course.instructor.desk.runner import Runner
from course.instructor.desk.steps import ARCHIVES, STEPS
from course.workbook import card
from course.workbook.module import Module

HERE = Path(__file__).parent
MODULE = Module(HERE)
MAX_FILE = 64 * 1024 * 1024
_MAX_RESULTS = 30
_UNFIT = re.compile(r'[<>&":*?|\[\]]')  # characters that some systems or nbgrader do not allow in a name


class Command:
    """The command of a step of a class in this kernel: it goes on while its page is loaded anew, with new widgets.

    Attributes:
        runner: Runs it.
        running: Whether it runs.
        asked: Its question that waits for an answer, as the page shows it; empty without one.
        widgets: Those that show it.
    """

    def __init__(self, root: Path) -> None:
        """Prepare to run it in the course's folder."""
        self.runner = Runner(root)
        self.running = False
        self.asked: dict[str, Any] = {}
        self.widgets: WeakSet[DeskWidget] = WeakSet()

    def note(self, *, running: bool, asked: dict[str, Any] | None = None) -> None:
        """Keep how it stands, for the widgets and for those to come."""
        self.running, self.asked = running, asked or {}
        for widget in tuple(self.widgets):
            widget.running, widget.asked = self.running, self.asked

    def tell(self, message: dict[str, Any]) -> None:
        """Send a message to the pages of all widgets."""
        for widget in tuple(self.widgets):
            widget.send(message)


_COMMANDS: dict[tuple[Path, str], Command] = {}


class DeskWidget(card.Card):
    """A form with one button, the output of its command, and links to its result files.

    Attributes:
        form: The texts and inputs of the form: title, button, choices, question.
        running: Whether the command runs.
        asked: Its question that waits for an answer; empty without one.
    """

    _esm = MODULE.source
    _css = card.style(HERE, "desk.css")
    form = traitlets.Dict().tag(sync=True)
    running = traitlets.Bool().tag(sync=True)
    asked = traitlets.Dict().tag(sync=True)

    def __init__(self, step: str, cohort: Cohort) -> None:
        """Show the button of a step.

        Args:
            step: A key of `STEPS`.
            cohort: The class.
        """
        self._step, self._name, self._cohort = STEPS[step], step, cohort
        self._command = _COMMANDS.setdefault((cohort.root, step), Command(cohort.root))
        super().__init__(
            running=self._command.running,
            asked=self._command.asked,
            form={
                "title": self._step.title,
                "button": self._step.button,
                "choices": [asdict(field) for field in self._step.fields],
                "sure": self._step.confirmation,
                "waiting": self._waiting(),
                "archives": self._archives(),
            },
        )
        self._command.widgets.add(self)
        self.on_msg(self._hear)

    def _alternative(self) -> str:
        """Return the command to type."""
        return f"{self._step.title} : tapez « {typed(self._name)} » dans le dossier du cours."

    def _hear(self, _: object, message: dict[str, Any], buffers: list[bytes]) -> None:
        match message["kind"]:
            case "run":
                self._start(message["values"])
            case "answer":
                if self._command.asked:  # not by another page before
                    self._command.note(running=True)
                    self._command.runner.answer(str(message["value"]))
            case "stop":
                self._command.runner.stop()
            case "put":
                self._put(message["name"], bytes(buffers[0]))
            case "file":
                self._send_file(message["path"])
            case "archives":
                self.send({"kind": "archives", "names": self._archives()})

    def _start(self, values: dict[str, Any]) -> None:
        self.send({"kind": "begun"})  # even if a command is running: it tells the page that the kernel is alive
        if self._command.running:
            return
        self._command.note(running=True)
        arguments = self._step.arguments(values)
        loop = card.kernel_loop()
        if loop is None:
            self._end(self._command.runner.run(arguments, self._send_event))
            return

        def done(future: asyncio.Future[int]) -> None:
            if failed := future.cancelled() or future.exception():
                self._send_event(
                    Line("La commande n’a pas pu être lancée : recommencez, ou tapez-la dans un terminal.")
                )
            self._end(1 if failed else future.result())

        def listener(event: Event) -> None:
            loop.call_soon_threadsafe(self._send_event, event)

        loop.run_in_executor(None, self._command.runner.run, arguments, listener).add_done_callback(done)

    def _send_event(self, event: Event) -> None:
        match event:
            case Line(text):
                self._command.tell({"kind": "line", "text": text})
            case Progress():
                self._command.tell({"kind": "progress", "text": event.text, "done": event.done, "total": event.total})
            case Question():
                self._command.note(running=True, asked=asdict(event))
                self._command.tell({"kind": "question", **asdict(event)})

    def _send_line(self, text: str) -> None:
        self.send({"kind": "line", "text": text})

    def _end(self, code: int) -> None:
        self._command.note(running=False)
        self._command.tell({"kind": "end", "code": code, "results": self._results(), "waiting": self._waiting()})

    def _results(self) -> list[dict[str, Any]]:
        root = self._cohort.root
        paths = [path for pattern in self._step.results for path in root.glob(pattern) if path.is_file()]
        latest = sorted(paths, key=lambda path: path.stat().st_mtime_ns, reverse=True)[:_MAX_RESULTS]
        return [{"path": path.relative_to(root).as_posix(), "name": path.name} for path in sorted(latest)]

    def _archives(self) -> list[str]:
        """Return the names of the class's archives, the latest first."""
        found = [path for path in (self._cohort.root / ARCHIVES).glob("*.zip") if path.is_file()]
        return [path.name for path in sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)]

    def _send_file(self, path: str) -> None:
        """Send a file if it is one of the results."""
        if path not in [result["path"] for result in self._results()]:
            return
        try:
            raw = (self._cohort.root / path).read_bytes()
        except OSError:
            self._send_line(f"« {path} » ne se laisse pas lire : fermez-le dans Excel, puis recommencez.")
            return
        if len(raw) > MAX_FILE:
            self._send_line(f"« {path} » est trop gros pour passer par cette page : ouvrez-le dans son dossier.")
            return
        self.send({"kind": "file", "path": path, "name": Path(path).name}, [raw])

    def _put(self, name: str, raw: bytes) -> None:
        """Store a received file in the step's folder under a safe form of its name, without replacing another file."""
        safe_name = _UNFIT.sub("-", Path(name.replace("\\", "/")).name)
        if refused_name(safe_name) or len(raw) > MAX_FILE:
            self._send_line(f"« {legible(name)} » n’est pas ajouté : son nom ou sa taille ne va pas.")
            return
        folder = self._cohort.root / self._step.folder
        target, number = folder / safe_name, 1
        while target.exists() and not (target.is_file() and target.read_bytes() == raw):
            number += 1
            target = folder / f"{Path(safe_name).stem} ({number}){Path(safe_name).suffix}"
        try:
            files.write(target, raw)
        except NotWritten as error:
            self._send_line(error.reason)
            return
        self.send({"kind": "put", "name": target.name, "waiting": self._waiting()})

    def _waiting(self) -> str:
        """Return the number of files that wait in the step's folder, in words; empty for a step without files."""
        if all(field.kind != "file" for field in self._step.fields):
            return ""
        folder = self._cohort.root / self._step.folder
        number = sum(1 for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else 0
        files_there = counted(number, "fichier") if number else "aucun fichier"
        return f"Dans «\u202f{self._step.folder}\u202f»\u00a0: {files_there}."
