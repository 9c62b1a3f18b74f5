"""What all tests share: a home of their own, and a browser where there is one."""

from __future__ import annotations

import csv
import gc
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import FLAGS, INSTALL, PATIENCE, Lab, PlainPages, chromium, opened_lab, profile
from hypothesis import HealthCheck, settings
from postgres import INSTALL as POSTGRES
from postgres import REQUIRED, Server, found

from course.core.terminal import PROGRAM

# No promise is about time: how long Hypothesis may take to draw or try an example would be one.
settings.register_profile("course", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("course")

# pytest rewrites the assertions of each test module in each worker: kept as bytecode, that is done once.
sys.dont_write_bytecode = False

_REQUIRED = os.environ.get("COURSE_REQUIRE_BROWSER") == "1"
_MEMORY = Path("/dev/shm")
_ROOM = 4_000_000_000  # bytes; all tests together write about one fourth


def pytest_configure(config: pytest.Config) -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # started in the background: no child would hear Ctrl+C
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if _has_room():  # the course waits for the disk at each save, and nothing that a test saves outlives it
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))
    config.addinivalue_line("markers", "browser: drives a real Chromium; skipped, and said so, where there is none")


def _has_room() -> bool:
    """Return whether the memory's file system can hold the tests' files, and programs that can be run."""
    if not hasattr(os, "ST_NOEXEC") or not os.access(_MEMORY, os.W_OK):  # Linux only
        return False
    status = os.statvfs(_MEMORY)
    return status.f_bavail * status.f_frsize > _ROOM and not status.f_flag & os.ST_NOEXEC


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Any:
    gc.disable()  # nothing of the modules becomes garbage, now
    try:
        return (yield)
    finally:
        gc.freeze()  # or later: the tests' collections need not look at it again
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Files with a real JupyterLab take long: begun last, one of them would keep everybody waiting.
    long = {item.path for item in items if hasattr(getattr(item, "module", None), "opened_lab") or _has_lab(item)}
    items.sort(key=lambda item: item.path not in long)
    if _REQUIRED or chromium():
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason=INSTALL))


def _has_lab(item: pytest.Item) -> bool:
    return "lab" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home in which nobody has settings: what tests promise holds on a new computer."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
        for name in list(os.environ):
            if name.startswith(("JUPYTER", "JPY_", "IPYTHON", "NBGRADER")):
                patch.delenv(name)
        for name in ("UV_RUN_RECURSION_DEPTH", PROGRAM):  # what people type is told as in an activated environment
            patch.delenv(name, raising=False)
        patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)  # each program would compile all of its packages anew
        patch.setenv("XDG_CACHE_HOME", cache)  # what package clients already have
        patch.setenv("TZ", "UTC")  # dates are shown in the computer's own time
        if hasattr(time, "tzset"):
            time.tzset()
        for name in ("HOME", "USERPROFILE"):
            patch.setenv(name, str(folder))
        for name in ("APPDATA", "LOCALAPPDATA", "XDG_STATE_HOME"):
            patch.setenv(name, str(folder / "state"))
        patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        patch.setenv("JUPYTER_CONFIG_DIR", str(folder / "jupyter" / "config"))
        patch.setenv("JUPYTER_DATA_DIR", str(folder / "jupyter" / "data"))
        patch.setenv("JUPYTER_RUNTIME_DIR", str(folder / "jupyter" / "runtime"))
        yield folder


@pytest.fixture
def short_cells() -> Iterator[None]:
    """Python's own bound on a cell of a CSV, which a package of the tests lifts for the whole process."""
    before = csv.field_size_limit(131_072)
    yield
    csv.field_size_limit(before)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL of the tests' own; without its programs the tests that need it say so, or fail where it must be."""
    if found() is None:
        pytest.fail(POSTGRES) if REQUIRED else pytest.skip(POSTGRES)
    with Server() as server:
        yield server


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all tests; what it may reach is this machine."""
    path = chromium()
    if path is None:
        pytest.fail(INSTALL)
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415

    expect.set_options(timeout=1000 * PATIENCE)

    with sync_playwright() as playwright:
        chrome = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chrome
        chrome.close()


@pytest.fixture
def context(browser: Any) -> Iterator[Any]:
    """A browser profile for one test: nothing is remembered from another."""
    made = profile(browser)
    yield made
    made.close()


@pytest.fixture(scope="session")
def _plain_pages(browser: Any) -> Iterator[PlainPages]:
    pages = PlainPages(browser)
    yield pages
    pages.drop()


@pytest.fixture
def page(request: pytest.FixtureRequest) -> Iterator[Any]:
    """A page on which nothing is remembered from another test."""
    if "context" in request.fixturenames:
        yield request.getfixturevalue("context").new_page()
        return
    pages: PlainPages = request.getfixturevalue("_plain_pages")
    yield pages.page()
    pages.clear()


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A trainee's JupyterLab on a new workbook, as `course open` starts it; one for all tests that leave it running."""
    with opened_lab(tmp_path_factory.mktemp("stagiaire") / "classeur") as opened:
        yield opened


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Any:
    report = yield
    if report.failed:
        for value in getattr(item, "funcargs", {}).values():
            if isinstance(value, Lab) and value.place.log.exists():
                report.sections.append(("journal de JupyterLab", value.log[-8000:]))
    # A lone surrogate, which some tests write, is no text that a worker can send.
    report.sections = [(name, text.encode(errors="backslashreplace").decode()) for name, text in report.sections]
    return report
