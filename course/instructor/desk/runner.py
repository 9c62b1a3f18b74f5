"""Running a command of `course` in a separate process, with its events passed on one by one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock

from course.core.bar import PAGE, Event, Line, encoded, event
from course.core.terminal import AT_DESK

COURSE = (sys.executable, "-P", "-m", "course.commands")  # -P: import nothing from the working folder

_MAX_LINES = 2_000
_MAX_CHARACTERS = 1_000
_ENVIRONMENT = {"PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1", PAGE: "1", AT_DESK: "1"}


class Runner:
    """Runs one command at a time."""

    def __init__(self, root: Path, program: Sequence[str] = COURSE) -> None:
        """Prepare to run commands.

        Args:
            root: The course's folder, the working folder of commands.
            program: The program and its first arguments.
        """
        self._root, self._program = root, program
        self._lock = Lock()
        self._process: subprocess.Popen[str] | None = None

    def run(self, arguments: Sequence[str], listener: Callable[[Event], None]) -> int:
        """Run a command and wait for its end.

        Args:
            arguments: The arguments of `course`.
            listener: Called with each event, but at most `_MAX_LINES` lines; `answer` replies to a question.

        Returns:
            The exit code, 0 on success.
        """
        with self._lock:
            process = self._process = subprocess.Popen(
                [*self._program, *arguments],
                cwd=self._root,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                env=os.environ | _ENVIRONMENT,
            )
        try:
            for received in _bounded(map(event, process.stdout or ())):
                listener(received)
            return process.wait()
        finally:
            self.stop()
            for stream in (process.stdin, process.stdout):
                if stream:
                    with suppress(OSError):
                        stream.close()

    def answer(self, value: str) -> None:
        """Reply to the question of the running command, if any."""
        process = self._process
        if process is None or process.stdin is None or process.poll() is not None:
            return
        with suppress(OSError):
            process.stdin.write(encoded(value))
            process.stdin.flush()

    def stop(self) -> None:
        """Stop the running command, if any."""
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process is not None and process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()


def _bounded(events: Iterable[Event]) -> Iterator[Event]:
    """Yield events with the first `_MAX_LINES` lines only, each cut to `_MAX_CHARACTERS`."""
    lines = 0
    for received in events:
        if not isinstance(received, Line):
            yield received
            continue
        lines += 1
        if lines <= _MAX_LINES:
            yield Line(received.text[:_MAX_CHARACTERS])
        elif lines == _MAX_LINES + 1:
            yield Line("…")
