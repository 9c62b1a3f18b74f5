"""The course as somebody meets it in Chromium: its opening, the way from page to page, the loss of its server.

The opening is compared with that of the course before it had a shell, and with that of the same notebook in a bare
JupyterLab, which is ready when its cells are shown and its kernel answers; the others with the project's promises.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.lab import PATIENCE, browser_of_tests, opened, stop_kernels
from benchmarks.page import WATCH
from benchmarks.report import Figure, Measurement, seconds
from benchmarks.rounds import COURSE, ROOT, Impossible, alternated
from benchmarks.witnesses import unpack
from course.core import syllabus
from course.core.answers import file_name
from course.lab.launch import HOST, Server

# The last commit whose pages stood in JupyterLab's own frame.
BEFORE_SHELL = "af05422"
TEXT, LIVE = 0.5, 1.0  # seconds promised from page to page
SAID, KEPT = 5.0, 5.0  # seconds promised after a server is gone, and after it is back
_WHOLE = (
    "course",
    "data",
    "exercises",
    "modules",
    "solutions",
    "tests/browser.py",
    "nbgrader_config.py",
    "pyproject.toml",
)
_FORMER, _BARE = "former", "bare"
_BOOK = "exercises/but-1/but-1.ipynb"
_STEPS = 6  # lessons and exercises in turns, from the exercise of the first goal on
_READING = 5.0  # seconds on a page before the next one
_WORDS = "Écrit pendant que le cours ne répondait pas."

# In the page: when JupyterLab's own notebook is ready, as page.WATCH says it of fields.
_NOTEBOOK = """
window.idle = (patience) => new Promise((resolve) => {
  const look = (now) => {
    const cell = document.querySelector(".jp-Notebook .jp-RenderedMarkdown h1");
    const kernel = document.querySelector(".jp-Notebook-ExecutionIndicator")?.dataset.status;
    if (cell?.checkVisibility() && kernel === "idle") return resolve(performance.now());
    now < patience ? requestAnimationFrame(look) : resolve(null);
  };
  look(0);
});"""

# From the click on « Suivant »: until the next page's text is shown, and until it has a part that answers.
_TURN = """
window.turned = (patience) => new Promise((resolve) => {
  const panel = () => document.querySelector(".jp-NotebookPanel:not(.lm-mod-hidden)");
  const old = panel();
  const open = (node) => !node.disabled && !node.readOnly && node.checkVisibility({ visibilityProperty: true });
  const start = performance.now();
  let text;
  const look = (now) => {
    const next = panel();
    if (next && next !== old) {
      if (next.querySelector(".jp-MarkdownOutput h1")?.checkVisibility()) text ??= performance.now() - start;
      const parts = next.querySelectorAll(".course-live .jp-OutputArea-output :is(textarea, input, button)");
      if (text && [...parts].some(open)) return resolve([text, performance.now() - start]);
    }
    now < start + patience ? requestAnimationFrame(look) : resolve(null);
  };
  document.querySelector(".course-header a[rel=next], .course-steps a:last-child").click();
  look(start);
});"""

_FORMER_LAB = """
import json, sys
from pathlib import Path

sys.path[:0] = [sys.argv[1], sys.argv[1] + "/tests"]
from browser import opened_lab

with opened_lab(Path(sys.argv[2])) as lab:
    print(json.dumps({"page": lab.url(sys.argv[3]), "base": lab.address.base, "token": lab.address.token}), flush=True)
    sys.stdin.read()
"""


@dataclass(frozen=True, slots=True)
class _Address:
    base: str
    token: str


@dataclass(frozen=True, slots=True)
class _Served:
    """A server of another state, and the page that opens the exercise on it."""

    address: _Address
    page: str


def opening(rounds: int, say: Callable[[str], None]) -> Measurement:
    """Open an exercise in each state, from its address to what one can write in.

    Raises:
        Impossible: There is no Chromium or no Playwright, a page did not open, or the history is too short.
    """
    fields = 2 * len(syllabus.load().objectives[0].options)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ouverture-", ignore_cleanup_errors=True)))
        say("trois serveurs démarrent")
        context, labs = stack.enter_context(opened({COURSE: {}}, lambda _: None, WATCH + ";" + _NOTEBOOK))
        sides: dict[str, Any] = {
            COURSE: _Served(labs[COURSE].address, labs[COURSE].url(_BOOK)),
            _FORMER: stack.enter_context(_former(folder)),
            _BARE: stack.enter_context(_bare(folder, labs[COURSE].folder)),
        }

        def visit(side: str) -> float:
            page = context.new_page()
            try:
                page.goto(sides[side].page, wait_until="commit")
                if side == _BARE:
                    ready = page.evaluate("(patience) => window.idle(patience)", PATIENCE)
                else:
                    ready = page.evaluate("(parameters) => window.ready(parameters)", [fields, PATIENCE])
                    ready = ready and ready[0]
            finally:
                page.close()
                stop_kernels(sides[side])
            if ready is None:
                raise Impossible(f"Au bout de {PATIENCE // 1000} s, une page n’était pas prête ({side}).")
            return ready / 1000

        for side in sides:
            visit(side)  # fills the caches
        times = alternated(rounds, {side: lambda _, side=side: visit(side) for side in sides}, say)
    shares = [f"{median(times[COURSE]) / median(times[side]):.2f}".replace(".", ",") for side in (_FORMER, _BARE)]
    return Measurement(
        "Ouvrir un cahier, de son adresse au premier canevas où l’on peut écrire",
        "le témoin",
        (
            Figure("à côté du cours d’avant", times[COURSE], times[_FORMER], seconds, "0,8 de son temps au plus"),
            Figure("à côté de JupyterLab nu", times[COURSE], times[_BARE], seconds, "1,15 de son temps au plus"),
        ),
        (
            f"Du temps du cours d’avant : {shares[0]} ; de celui de JupyterLab nu : {shares[1]}.",
            f"Le cours d’avant : la version {BEFORE_SHELL}, dans le cadre de JupyterLab. JupyterLab nu : le même "
            "cahier, sans le cours, jusqu’à ce que son noyau réponde.",
            _load(),
        ),
    )


def turns(rounds: int, say: Callable[[str], None]) -> Measurement:
    """Go from page to page by « Suivant », until its text is shown, and until a part of it answers.

    Raises:
        Impossible: There is no Chromium or no Playwright, or a page did not open.
    """
    texts, lives = [], []
    say("JupyterLab démarre")
    with opened({COURSE: {}}, lambda _: None, _TURN) as (context, labs):
        for number in range(rounds):
            say(f"tour {number + 1} sur {rounds}")
            page = context.new_page()
            page.goto(labs[COURSE].url(_BOOK))
            page.locator(".course-canvas textarea").first.wait_for()
            for _ in range(_STEPS):
                page.wait_for_timeout(1000 * _READING)
                times = page.evaluate("(patience) => window.turned(patience)", PATIENCE)
                if times is None:
                    raise Impossible(f"Au bout de {PATIENCE // 1000} s, une page n’avait rien où répondre.")
                texts.append(times[0] / 1000)
                lives.append(times[1] / 1000)
            page.close()
            stop_kernels(labs[COURSE])
    return Measurement(
        "Aller d’une page à la suivante, chaque page étant lue quelques secondes",
        "la promesse",
        (
            Figure("du clic au texte", texts, [TEXT], seconds, "1 × et plus"),
            Figure("du clic à ce qui répond", lives, [LIVE], seconds, "1 × et plus"),
        ),
        (_load(),),
    )


def outage(rounds: int, say: Callable[[str], None]) -> Measurement:
    """Kill the server under an open page, write on, and start it again.

    Raises:
        Impossible: There is no Chromium or no Playwright, or the page did not open.
    """
    said, kept = [], []
    objective = syllabus.load().objectives[0]
    say("JupyterLab démarre")
    with opened({COURSE: {}}, lambda _: None, "") as (context, labs), ExitStack() as stack:
        lab = labs[COURSE]
        answers = (lab.folder / _BOOK).parent / "reponses" / file_name(objective)
        page = context.new_page()
        page.goto(lab.url(_BOOK))
        area = page.locator(".course-canvas textarea").first
        area.wait_for()
        process = lab.address.pid
        for number in range(rounds):
            say(f"tour {number + 1} sur {rounds}")
            os.kill(process, signal.SIGKILL)
            start = time.monotonic()
            page.wait_for_function("globalThis.courseConnection?.isLinked === false", polling="raf")
            page.get_by_text("Le cours ne répond plus").filter(visible=True).first.wait_for()
            said.append(time.monotonic() - start)
            words = f"{_WORDS} {number}"
            area.fill(words)
            server = Server(lab.place, {"PYTHONPATH": str(ROOT)})
            start = time.monotonic()
            stack.callback(server.stop)
            process = server.address.pid
            while not answers.is_file() or words not in answers.read_text(encoding="utf-8"):
                if time.monotonic() > start + PATIENCE / 1000:
                    raise Impossible("Ce qui a été écrit sans serveur n’est pas dans le fichier.")
                page.wait_for_timeout(20)
            kept.append(time.monotonic() - start)
            page.wait_for_function("globalThis.courseConnection?.isLinked !== false", polling="raf")
    return Measurement(
        "Perdre le serveur pendant qu’on écrit, puis le retrouver",
        "la promesse",
        (
            Figure("de l’arrêt à l’alarme", said, [SAID], seconds, "1 × et plus"),
            Figure("du retour au disque", kept, [KEPT], seconds, "1 × et plus"),
        ),
        (_load(),),
    )


def _load() -> str:
    """Say how busy the machine was: times of a page hang on it."""
    if not hasattr(os, "getloadavg"):
        return ""
    return f"Charge de la machine : {os.getloadavg()[0]:.1f}.".replace(".", ",", 1)


@contextmanager
def _former(folder: Path) -> Iterator[_Served]:
    """Run the course of before its shell, whole, from the history of this repository."""
    source = folder / "avant"
    unpack(BEFORE_SHELL, source, *_WHOLE)
    environment = {**os.environ, "PYTHONPATH": str(source)}
    command = [sys.executable, "-c", _FORMER_LAB, str(source), str(folder / "classeur-avant"), _BOOK]
    process = subprocess.Popen(
        command, cwd=source, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    )
    try:
        assert process.stdout
        line = next((line for line in process.stdout if line.startswith("{")), None)
        if line is None:
            raise Impossible("Le cours d’avant ne démarre pas.")
        printed = json.loads(line)
        yield _Served(_Address(printed["base"], printed["token"]), printed["page"])
    finally:
        process.communicate()  # the end of its input stops it


@contextmanager
def _bare(folder: Path, workbook: Path) -> Iterator[_Served]:
    """Run JupyterLab as it is on a copy of the exercise."""
    root = folder / "nu"
    (root / _BOOK).parent.mkdir(parents=True)
    shutil.copy(workbook / _BOOK, root / _BOOK)
    shutil.copytree((workbook / _BOOK).parent / "images", (root / _BOOK).parent / "images")
    port, token = browser_of_tests().free_port(), secrets.token_urlsafe(24)
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", f"--ServerApp.ip={HOST}", f"--ServerApp.port={port}"),
        *("--ServerApp.port_retries=0", f"--ServerApp.root_dir={root}", "--ServerApp.allow_root=True"),
        "--LabApp.news_url=None",
    ]
    process = subprocess.Popen(
        command, env={**os.environ, "JUPYTER_TOKEN": token}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    served = _Served(_Address(f"http://{HOST}:{port}", token), f"http://{HOST}:{port}/lab/tree/{_BOOK}?token={token}")
    try:
        _await(f"{served.address.base}/api", process)
        yield served
    finally:
        process.terminate()
        process.wait(PATIENCE / 1000)


def _await(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=5):
                return
        except urllib.error.URLError:
            time.sleep(0.1)
    raise Impossible("JupyterLab nu ne démarre pas.")
