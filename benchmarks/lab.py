"""A real JupyterLab and a real Chromium to measure in, started as the tests start them; notebooks of canvases."""

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

PATIENCE = 60_000  # ms to open a page, and as many until its last field can be typed in


@contextmanager
def opened(
    sides: Mapping[str, Mapping[str, str]], fill: Callable[[Path], None], script: str
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """A browser and a lab for each side, from start to stop.

    Args:
        sides: The further variables of each side's server and kernels.
        fill: What to put into each lab's folder before it starts.
        script: What every page runs first.

    Yields:
        The browser's context, and the labs by side.

    Raises:
        Impossible: There is no Chromium or no Playwright, or it failed inside the `with`.
    """
    if find_spec("playwright") is None:
        raise Impossible("Playwright n’est pas installé : pip install playwright.")
    browser = _browser()
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
            with redirect_stdout(StringIO()):  # it says where the workbook is
                labs = {
                    side: stack.enter_context(
                        browser.opened_lab(folder.resolve() / side, environment=variables, fill=fill)
                    )
                    for side, variables in sides.items()
                }
            yield context, labs
    except Error as error:
        raise Impossible(f"Le navigateur ne voit pas les canevas s’ouvrir : {error.message.splitlines()[0]}") from error


def _browser() -> Any:  # noqa: ANN401
    """The tests' own browser and lab: what they promise and what is measured here are the same."""
    folder = str(ROOT / "tests")
    if folder not in sys.path:
        sys.path.append(folder)
    import browser  # noqa: PLC0415

    return browser


def write_book(path: Path, objectives: Sequence[Objective]) -> None:
    """Writes a notebook: the canvas cells of an exercise, one below the other."""
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
    """The next opening starts its own kernel, as the first one did."""
    for kernel in json.loads(_ask(lab, "GET", "api/kernels")):
        _ask(lab, "DELETE", f"api/kernels/{kernel['id']}")


def _ask(lab: Any, method: str, path: str) -> bytes:  # noqa: ANN401
    headers = {"Authorization": f"token {lab.address.token}"}
    request = urllib.request.Request(f"{lab.address.base}/{path}", method=method, headers=headers)
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as reply:
        return reply.read()
