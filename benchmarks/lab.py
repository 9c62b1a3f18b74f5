"""A real JupyterLab and Chromium for measurements, started as in the tests; notebooks of canvases."""

from __future__ import annotations

import json
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from importlib.util import find_spec
from io import StringIO
from pathlib import Path
from typing import Any

from benchmarks.rounds import ROOT, Impossible
from course.core.syllabus import Objective

PATIENCE = 60_000  # ms to open a page, and again until its last field is editable


@contextmanager
def opened(
    sides: Mapping[str, Mapping[str, str]], fill: Callable[[Path], None], script: str
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Run a browser, and a lab for each side.

    Args:
        sides: The additional environment variables of each side's server and kernels.
        fill: Writes files into each lab's folder before it starts.
        script: The script that every page runs first.

    Yields:
        The browser's context, and the labs by side.

    Raises:
        Impossible: There is no Chromium or no Playwright, or it failed inside the `with` block.
    """
    if find_spec("playwright") is None:
        raise Impossible("Playwright n’est pas installé : pip install playwright.")
    browser = browser_of_tests()
    path = browser.chromium()
    if path is None:
        raise Impossible(f"{browser.INSTALL}.")
    from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415  (a learner's install has none)

    try:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="page-", ignore_cleanup_errors=True)))
            chrome = stack.enter_context(sync_playwright()).chromium.launch(
                executable_path=path, args=list(browser.FLAGS)
            )
            stack.callback(chrome.close)
            context = chrome.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR")
            context.set_default_timeout(PATIENCE)
            context.add_init_script(script)
            with redirect_stdout(StringIO()):  # it prints the workbook's folder
                labs = {
                    side: stack.enter_context(
                        browser.opened_lab(folder.resolve() / side, environment=variables, fill=fill)
                    )
                    for side, variables in sides.items()
                }
            yield context, labs
    except Error as error:
        raise Impossible(f"Le navigateur ne voit pas les canevas s’ouvrir : {error.message.splitlines()[0]}") from error


def browser_of_tests() -> Any:  # noqa: ANN401
    """Import the browser and lab of the tests, so that the same server is tested and measured."""
    folder = str(ROOT / "tests")
    if folder not in sys.path:
        sys.path.append(folder)
    import browser  # noqa: PLC0415

    return browser


def write_book(path: Path, objectives: Sequence[Objective]) -> None:
    """Write a notebook with the canvas cells of an exercise."""
    cells = [
        {
            "id": f"completude-{objective.cell}",
            "cell_type": "code",
            "source": f'# Canevas {objective.id}\nfrom course import canvas\ncanvas("{objective.id}")',
            "metadata": {"jupyter": {"source_hidden": True}},
            "outputs": [],
            "execution_count": None,
        }
        for objective in objectives
    ]
    kernel = {"display_name": "Cours (Python)", "language": "python", "name": "python3"}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")


def stop_kernels(lab: Any) -> None:  # noqa: ANN401
    """Stop all kernels of a lab, so that the next opening starts a new one."""
    for kernel in json.loads(_request(lab, "GET", "api/kernels")):
        _request(lab, "DELETE", f"api/kernels/{kernel['id']}")


def _request(lab: Any, method: str, path: str) -> bytes:  # noqa: ANN401
    headers = {"Authorization": f"token {lab.address.token}"}
    request = urllib.request.Request(f"{lab.address.base}/{path}", method=method, headers=headers)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as reply:
        return reply.read()
