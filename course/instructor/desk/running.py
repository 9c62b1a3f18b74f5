"""Running a command of `course` beside the kernel, line by line, until it ends or is stopped."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import Lock

from course.core.bar import PAGE
from course.instructor.intake.asking import MARK

# -P: nothing is imported from the folder where it runs.
COURSE = (sys.executable, "-P", "-m", "course.commands")

_MAX_LINES = 2_000
_MAX_CHARACTERS = 1_000


class Running:
    """One command at a time.

    Args:
        root: The course's folder, where the command runs.
        command: The command's first words.
    """

    def __init__(self, root: Path, command: Sequence[str] = COURSE) -> None:
        """Nothing runs yet."""
        self._root, self._command = root, command
        self._lock = Lock()
        self._process: subprocess.Popen[str] | None = None

    def run(self, words: Sequence[str], say: Callable[[str], None], ask: Callable[[str], None] | None = None) -> int:
        """Runs a command to its end.

        Args:
            words: What is typed after `course`.
            say: Hears what it prints, a line at a time.
            ask: Hears a question, as JSON; `answer` then gives the answer. None when nothing can be asked.

        Returns:
            Its exit code, 0 when it was done.
        """
        with self._lock:
            process = self._process = subprocess.Popen(
                [*self._command, *words],
                cwd=self._root,
                stdin=subprocess.PIPE if ask else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                env=os.environ | {"PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"} | ({PAGE: "1"} if ask else {}),
            )
        try:
            for number, line in enumerate(process.stdout or ()):
                if ask and line.startswith(MARK):
                    ask(line[len(MARK) :])
                elif number < _MAX_LINES:
                    say(line.rstrip("\n")[:_MAX_CHARACTERS])
                elif number == _MAX_LINES:
                    say("…")
            return process.wait()
        finally:
            self.stop()

    def answer(self, value: str) -> None:
        """Answers the question that the command waits for, if it still does."""
        process = self._process
        if process is None or process.stdin is None or process.poll() is not None:
            return
        with suppress(OSError):
            process.stdin.write(f"{json.dumps(value)}\n")
            process.stdin.flush()

    def stop(self) -> None:
        """Ends the command that runs, if one does."""
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
