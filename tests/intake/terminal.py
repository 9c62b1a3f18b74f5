"""`course intake` as a person runs it, on a terminal."""

from __future__ import annotations

import os
import select
import signal
import sys
import traceback

from mail import Desk, spaced

from course.commands import main

INTERRUPT = b"\x03"  # Ctrl+C


def on_terminal(desk: Desk, *typed: bytes) -> tuple[str, int]:
    """Run `course intake` on a terminal; each text is typed when a question has come.

    Returns:
        What the terminal showed, and the exit code.
    """
    import pty  # noqa: PLC0415 - Windows has none, and skips these tests

    child, ours = pty.fork()
    if child == 0:
        code = 1
        try:
            code = _intake(desk)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(code)
    keys, shown = list(typed), b""
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
    status = os.waitpid(child, 0)[1]
    os.close(ours)
    return spaced(shown.decode()), os.waitstatus_to_exitcode(status)


def _intake(desk: Desk) -> int:
    # pytest has streams of its own.
    sys.stdin, sys.stdout, sys.stderr = (
        os.fdopen(stream, mode, encoding="utf-8", closefd=False) for stream, mode in ((0, "r"), (1, "w"), (2, "w"))
    )
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(desk.cohort.root)
    return main(["intake", str(desk.mail), "--dossier", str(desk.cohort.root)])
