"""`course open`, `course close`, `course review`: JupyterLab on a workbook, an instructor's desk or the bench."""

from __future__ import annotations

from pathlib import Path

from course.core import files
from course.core.content import content
from course.core.refusal import NotWritten, Refusal
from course.instructor.cohort import places
from course.lab.launch import DESK, Request, close_course, open_course
from course.lab.settings import Desk

BENCH = "modules/21-correction.ipynb"


def open_lab(folder: Path | None, port: int | None, browser: bool, instructor: bool) -> None:
    """Open a trainee's workbook, or the instructor's desk, until Ctrl+C.

    Args:
        folder: The workbook, by default `~/soins-centres-personnes`; for an instructor the course, by default this one.
        port: The server's port; None for the default.
        browser: Whether to open a browser; else the address is printed.
        instructor: Whether to open the instructor's desk.

    Raises:
        Refusal: It cannot be opened.
    """
    desk = Desk.INSTRUCTOR if instructor else Desk.TRAINEE
    open_course(Request(folder, port, browser, desk, DESK if instructor else ""))


def close_lab(folder: Path | None, port: int | None, instructor: bool) -> None:
    """Stop the server that `open_lab` started with the same values, from another terminal.

    Raises:
        Refusal: No such server runs, or it does not stop.
    """
    close_course(Request(folder, port, desk=Desk.INSTRUCTOR if instructor else Desk.TRAINEE))


def review(folder: Path | None, port: int | None, browser: bool) -> None:
    """Open the review bench until Ctrl+C.

    Args:
        folder: The course's folder, or one below it; by default the working folder, else this clone.
        port: The server's port; None for the default.
        browser: Whether to open a browser; else the address is printed.

    Raises:
        Refusal: The folder is not a course, or it cannot be opened.
    """
    root = places.find(folder).root
    bring_pages(root)
    open_course(Request(root, port, browser, Desk.INSTRUCTOR, BENCH))


def bring_pages(root: Path) -> None:
    """Copy the instructor's pages into a course without them."""
    for page in (DESK, BENCH):
        target = root / page
        if target.exists():
            continue
        try:
            files.write(target, (content("modules") / target.name).read_bytes())
        except NotWritten as error:
            raise Refusal(
                f"La page « {target.name} » n’a pas pu être mise dans « {target.parent} ». {error.reason}"
            ) from error
