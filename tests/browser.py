"""A real Chromium and a real JupyterLab for the tests that promise what a person sees."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psutil

from course.lab.launch import Address, Place, Request, Server, place_of, prepare
from course.lab.settings import Desk

ROOT = Path(__file__).resolve().parent.parent
INSTALL = (
    "aucun Chromium trouvé : installez-le (Debian : apt-get install chromium-headless-shell), "
    "ou donnez son chemin dans COURSE_CHROMIUM"
)
PATIENCE = 300.0  # seconds, after which a test that waits for an event has failed; no promise, however busy the machine
# The shell is the same engine without a window around the page: a third less of the machine.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing outside this machine can be reached; routes would do it too, and would disable the browser's cache.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)


def chromium() -> str | None:
    """The path of a Chromium, `None` when there is none."""
    if named := os.environ.get("COURSE_CHROMIUM"):
        return shutil.which(named)
    return next((path for name in NAMES if (path := shutil.which(name))), None)


VIEW = {"width": 1366, "height": 768}


def profile(browser: Any) -> Any:
    """A new browser profile, as that of one person."""
    context = browser.new_context(viewport=VIEW, locale="fr-FR", accept_downloads=True)
    context.set_default_timeout(1000 * PATIENCE)
    return context


class PlainPages:
    """One page for one test after the other: a new one costs as much as showing a widget on it.

    Between two tests it is emptied of all that a test can leave there. A profile whose clock was replaced, or that has
    been in a JupyterLab, is given up instead.
    """

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self._context: Any = None

    def page(self) -> Any:
        """The page, empty."""
        if self._context is None:
            self._context = profile(self._browser)
            self._context.new_page()
        return self._context.pages[0]

    def clear(self) -> None:
        """Forget what the test left."""
        page, *others = self._context.pages or [None]
        if page is None or page.url.startswith("http://127.0.0.1:") or page.evaluate("'__pwClock' in globalThis"):
            self.drop()
            return
        for other in others:
            other.close()
        page.unroute_all()
        page.goto("about:blank")
        session = self._context.new_cdp_session(page)
        session.send("Storage.clearDataForOrigin", {"origin": "http://127.0.0.1", "storageTypes": "all"})
        session.detach()
        page.emulate_media(media="null", color_scheme="null", forced_colors="null", reduced_motion="null")
        if page.viewport_size != VIEW:
            page.set_viewport_size(VIEW)

    def drop(self) -> None:
        """Close the profile; the next page is of a new one."""
        if self._context is not None:
            self._context.close()
            self._context = None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass(frozen=True)
class Lab:
    """A JupyterLab that `course open` prepared and started.

    Attributes:
        folder: The workbook folder, or the course's root at an instructor's desk.
    """

    folder: Path
    place: Place
    address: Address

    def url(self, path: str = "") -> str:
        """The page that opens JupyterLab on a notebook of the folder."""
        return self.address.page(path)

    def page(self, path: str) -> str:
        """The address of a notebook for a browser that has the key already."""
        return f"{self.address.base}/lab/tree/{path}"

    @property
    def log(self) -> str:
        return self.place.log.read_text(encoding="utf-8", errors="replace")

    def kernels(self) -> list[int]:
        """The process ids of the kernels that are running."""
        children = psutil.Process(self.address.pid).children(recursive=True)
        return [child.pid for child in children if "ipykernel_launcher" in " ".join(command_line(child))]

    def kernel(self, path: str) -> int:
        """The process id of the kernel of an open notebook."""
        headers = {"Authorization": f"token {self.address.token}"}
        request = urllib.request.Request(f"{self.address.base}/api/sessions", headers=headers)
        with urllib.request.urlopen(request, timeout=PATIENCE) as reply:
            sessions = {session["path"]: session["kernel"]["id"] for session in json.load(reply)}
        return next(pid for pid in self.kernels() if sessions[path] in " ".join(command_line(psutil.Process(pid))))


def command_line(process: psutil.Process) -> list[str]:
    with suppress(psutil.Error):
        return process.cmdline()
    return []


def ended(processes: Iterable[psutil.Process]) -> None:
    """Wait until none of the processes runs; one that its parent never asks about stays in the list as a zombie."""
    until(lambda: not any(map(_runs, processes)))


def _runs(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


@contextmanager
def opened_lab(
    folder: Path,
    *,
    desk: Desk = Desk.TRAINEE,
    notice: str = "",
    environment: Mapping[str, str] | None = None,
    fill: Callable[[Path], None] = lambda _: None,
) -> Iterator[Lab]:
    """A lab on a free port, from start to stop, by the code of `course open`.

    Args:
        folder: The workbook folder to prepare; at an instructor's desk the working folder decides.
        desk: Whose page it is.
        notice: `binder` for the bar that says that the session forgets.
        environment: Further variables for the server and its kernels.
        fill: What to add to the folder before the server starts.
    """
    asked = place_of(Request(folder, free_port(), browser=False, desk=desk))
    place = Place(asked.root, asked.private, asked.port, asked.desk, notice, asked.start)
    prepare(place)
    fill(place.root)
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))
    server = Server(place, {"PYTHONPATH": path, **(environment or {})})
    try:
        yield Lab(place.root, place, server.address)
    finally:
        server.stop()
        if os.name == "posix":
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(server.address.pid, signal.SIGKILL)


_Value = TypeVar("_Value")


def until(ask: Callable[[], _Value], patience: float = PATIENCE) -> _Value:
    """The value of `ask` once it is true; for events of another process, which announces none."""
    deadline = time.monotonic() + patience
    while not (value := ask()):
        assert time.monotonic() < deadline, f"nothing within {patience} s"
        time.sleep(0.02)
    return value


def shoot(shown: Any, path: Path) -> None:
    """Take a picture for the README: a quarter of the bytes, by 48 colours."""
    from PIL import Image  # noqa: PLC0415 - where a picture was asked for

    shown.screenshot(path=path, animations="disabled")
    with Image.open(path) as picture:
        fewer = picture.convert("RGB").quantize(48, dither=Image.Dither.NONE)
    fewer.save(path, optimize=True)


def turn(page: Any, url: str) -> None:
    """Go to another page of an open course as back and forward do; the page that was shown is gone afterwards."""
    left = page.evaluate_handle(
        """(url) => {
            const shown = [...document.querySelectorAll(".jp-NotebookPanel, #course-home")];
            const isElsewhere = new URL(url).pathname !== location.pathname;
            history.pushState(null, "", url);
            dispatchEvent(new PopStateEvent("popstate"));
            return isElsewhere ? shown.filter((one) => one.checkVisibility()) : [];
        }""",
        url,
    )
    page.wait_for_function("(left) => left.every((one) => !one.checkVisibility())", arg=left)
