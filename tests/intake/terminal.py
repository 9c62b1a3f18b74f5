"""`course intake` as a person runs it, on a terminal."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from pathlib import Path

from mail import Desk, spaced

REPOSITORY = Path(__file__).resolve().parents[2]
INTERRUPT = b"\x03"  # Ctrl+C


def on_terminal(desk: Desk, *typed: bytes) -> tuple[str, int]:
    """Run `course intake` on a terminal; each text is typed when a question has come.

    Returns:
        What the terminal showed, and the exit code.
    """
    ours, theirs = os.openpty()
    act = (
        "import fcntl, sys, termios; from course.commands import main; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
        f"sys.exit(main(['intake', {str(desk.mail)!r}, '--dossier', {str(desk.cohort.root)!r}]))"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONUTF8": "1"}
    keys, shown = list(typed), b""
    with subprocess.Popen(
        [sys.executable, "-c", act], stdin=theirs, stdout=theirs, stderr=theirs, cwd=desk.cohort.root,
        env=environment, start_new_session=True,
    ) as process:  # fmt: skip
        os.close(theirs)
        asked = 0
        last = b""
        while True:
            # Python does not hear a Ctrl+C between the question and the reading of its answer: it is pressed again.
            while last == INTERRUPT and not select.select([ours], [], [], 1)[0]:
                os.write(ours, last)
            try:
                part = os.read(ours, 4096)
            except OSError:
                break
            if not part:
                break
            shown += part
            while keys and shown.count(b"plus tard)") > asked and shown.rstrip().endswith(b":"):
                asked += 1
                last = keys.pop(0)
                os.write(ours, last)
                break
        os.close(ours)
    return spaced(shown.decode()), process.returncode
