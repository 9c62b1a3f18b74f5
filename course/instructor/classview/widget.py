"""The widget of the class: Python reads, escapes and draws; the page shows it and requests files."""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable
from pathlib import Path
from typing import Any

from course.core.refusal import Refusal
from course.core.terminal import typed
from course.instructor.classview import command
from course.instructor.classview.command import OutputFolder
from course.instructor.classview.pages import fragment
from course.instructor.cohort.places import Cohort
from course.workbook import card
from course.workbook.module import Module

HERE = Path(__file__).parent
MODULE = Module(HERE)
MAX_FILE = 64 * 1024 * 1024
_TYPES = {
    command.CSV: "text/csv",
    command.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    command.PARQUET: "application/octet-stream",
    command.PLENARY: "text/html",
    command.REPORT: "text/html",
}
_BROKEN = "Quelque chose s’est mal passé ({}) : recommencez, ou tapez « {} » dans un terminal."

Answer = tuple[dict[str, Any], list[bytes]]


class OverviewWidget(card.Card):
    """The class on the page; nothing is read before the page requests it."""

    _esm = MODULE.source
    _css = card.style(HERE, "overview.css")

    def __init__(self, cohort: Cohort) -> None:
        """Show the class of a course."""
        self._cohort = cohort
        super().__init__()
        self.on_msg(self._hear)

    def _alternative(self) -> str:
        """Return the command to type."""
        return (
            f"Pour voir la classe, ouvrez ce notebook par « {typed('open', '--formateur')} », "
            f"ou tapez « {typed('class')} »."
        )

    def _hear(self, _: object, message: dict[str, Any], __: list[bytes]) -> None:
        kind, name = message["kind"], message.get("name", "")
        if kind == "look":
            self._run(self._look)
        elif kind == "write" and name in _TYPES:
            self._run(lambda: self._write(name))

    def _run(self, work: Callable[[], Answer]) -> None:
        """Run a task of several seconds without blocking the kernel, and answer the page."""
        loop = card.kernel_loop()
        if loop is None:
            self.send(*_answer(work))
            return

        def done(future: Future[Answer]) -> None:
            self.send(*future.result())

        loop.run_in_executor(None, _answer, work).add_done_callback(done)

    def _look(self) -> Answer:
        return {"kind": "seen", "html": fragment(command.count(self._cohort))}, []

    def _write(self, name: str) -> Answer:
        numbers = command.count(self._cohort)
        output_folder = OutputFolder(command.destination(self._cohort))
        notices: tuple[str, ...] = ()
        if name == command.PLENARY:
            command.write_plenary(numbers, output_folder)
        elif name == command.REPORT:
            command.write_report(numbers, output_folder)
        else:
            notices = command.write_tables(numbers, output_folder, [name])
        path = output_folder.folder / name
        if path not in output_folder.written:
            raise Refusal(" ".join(output_folder.failures))
        raw = path.read_bytes()
        sentences = [*notices, *output_folder.failures]
        content = {"kind": "written", "name": name, "type": _TYPES[name], "path": str(path), "notices": sentences}
        return content, [raw] if len(raw) <= MAX_FILE else []


def _answer(work: Callable[[], Answer]) -> Answer:
    """Return the answer of a task, or its error: the waiting page must always get an answer."""
    try:
        return work()
    except Refusal as refusal:
        return {"kind": "refused", "text": str(refusal)}, []
    except Exception as error:
        return {"kind": "refused", "text": _BROKEN.format(type(error).__name__, typed("class"))}, []
