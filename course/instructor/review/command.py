"""`course review`: JupyterLab, opened on the page that holds the bench."""

from __future__ import annotations

from pathlib import Path

from course.core import files as durable
from course.core.content import content
from course.core.refusal import Refusal
from course.instructor.cohort import places
from course.lab.launch import DESK, Request, open_course
from course.lab.settings import Desk

PAGE = "modules/21-correction.ipynb"


def review(folder: Path | None, browser: bool, port: int | None) -> None:
    """Open the bench and stay until Ctrl+C.

    Args:
        folder: The course's folder, or one below it; by default the working folder, else this clone.
        browser: Whether to open a browser; else the address is said.
        port: `None` for the instructor's own.

    Raises:
        Refusal: There is no course there, or it cannot be opened.
    """
    root = places.find(folder).root
    bring_pages(root)
    open_course(Request(root, port, browser, Desk.INSTRUCTOR, PAGE))


def bring_pages(root: Path) -> None:
    """Puts the instructor's pages into a course of another folder that has no lessons."""
    for page in (DESK, PAGE):
        target = root / page
        if target.exists():
            continue
        try:
            durable.write(target, (content("modules") / target.name).read_bytes())
        except durable.NotWritten as error:
            raise Refusal(
                f"La page « {target.name} » n’a pas pu être mise dans « {target.parent} ». {error.reason}"
            ) from error
