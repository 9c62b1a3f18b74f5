"""A disk that is really full, one that is really read-only: the workbook is on a small file system of the test."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from browser import Lab, opened_lab, profile
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.skipif(sys.platform != "linux", reason="the test mounts a Linux tmpfs")]

NOTEBOOK = "exercises/but-2/but-2.ipynb"
SIZE = 24 * 1024 * 1024
INSIDE = "COURSE_OWN_MOUNTS"  # this process may mount: it has a name space of its own


def mount(*words: str) -> bool:
    return subprocess.run(["mount", *words], capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def volume(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Path | None]:
    """A small disk; None where only root may mount: these tests then ran in a name space where this user is root."""
    folder = tmp_path_factory.mktemp("petit")
    place = folder / "disque"
    place.mkdir()
    if mount("-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)):
        try:
            yield place
        finally:
            subprocess.run(["umount", "--lazy", str(place)], check=True)
        return
    assert INSIDE not in os.environ, "nothing can be mounted here, not even in a name space of one's own"
    options = ["-n0", "-q", "-p", "no:cacheprovider", "--basetemp", str(folder / "dedans")]
    command = ["unshare", "--map-root-user", "--mount", sys.executable, "-m", "pytest", *options, request.node.nodeid]
    environment = {**os.environ, INSIDE: "1"}
    done = subprocess.run(
        command, cwd=request.config.rootpath, env=environment, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    yield None


@pytest.fixture(scope="module")
def small(volume: Path | None) -> Iterator[Lab | None]:
    if volume is None:
        yield None
        return
    with opened_lab(volume / "classeur") as lab:
        yield lab


def fill(path: Path) -> None:
    """Takes all the room that is left."""
    with path.open("wb", buffering=0) as stream:
        for size in (65536, 4096, 1):
            with suppress(OSError):
                while stream.write(bytes(size)):
                    pass
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        path.with_name("encore").write_bytes(b"1")
    path.with_name("encore").unlink()


def text(lab: Lab) -> str:
    document = json.loads((lab.folder / "exercises/but-2/reponses/2.1.json").read_text(encoding="utf-8"))
    return document["options"]["2.1.a"][0]["strategy"]


@pytest.fixture(scope="module")
def place(small: Lab | None, browser: Any) -> Iterator[Page | None]:
    """One page for both disks."""
    if small is None:
        yield None
        return
    context = profile(browser)
    page = context.new_page()
    page.goto(small.url(NOTEBOOK))
    yield page
    context.close()


def typed(page: Page) -> tuple[Any, Any]:
    """A field and the status of its canvas, once a first text is on the disk."""
    canvas = page.get_by_role("region", name=re.compile(r"^Canevas 2\.1 "))
    area = canvas.get_by_role("textbox", name=re.compile(r"^Stratégie 1, option 2\.1\.a :"))
    area.fill("avant la panne")
    expect(canvas.locator(".course-status")).to_have_text("Enregistré")
    return canvas, area


def rescued(page: Page, canvas: Any) -> str:
    """What « Télécharger mes réponses » gives."""
    with page.expect_download() as download:
        canvas.get_by_role("button", name="Télécharger mes réponses").click()
    return json.loads(Path(download.value.path()).read_text(encoding="utf-8"))["options"]["2.1.a"][0]["strategy"]


def test_the_disk_is_full_until_somebody_makes_room(small: Lab | None, place: Page | None) -> None:
    if small is None or place is None:
        return
    canvas, area = typed(place)
    fill(small.folder / "film.mkv")
    area.fill("avant la panne, et sur un disque plein")
    expect(canvas.locator(".course-status")).to_contain_text("Le disque est plein")
    assert text(small) == "avant la panne"
    assert rescued(place, canvas) == "avant la panne, et sur un disque plein"
    place.reload()  # the draft is in the browser, and what is on the disk is shown
    expect(area).to_have_value("avant la panne, et sur un disque plein")
    expect(canvas.locator(".course-status")).to_contain_text("Le disque est plein")
    (small.folder / "film.mkv").unlink()
    expect(canvas.locator(".course-status")).to_have_text("Enregistré")
    assert text(small) == "avant la panne, et sur un disque plein"


def test_the_folder_is_read_only_until_somebody_unlocks_it(small: Lab | None, place: Page | None) -> None:
    if small is None or place is None:
        return
    canvas, area = typed(place)
    answers = small.folder / "exercises/but-2/reponses"
    assert mount("--bind", str(answers), str(answers))
    assert mount("-o", "remount,bind,ro", str(answers))
    try:
        area.fill("avant la panne, et sous clé")
        expect(canvas.locator(".course-status")).to_contain_text("Le dossier est protégé en écriture")
        assert rescued(place, canvas) == "avant la panne, et sous clé"
        canvas.evaluate("(node) => { node.dataset.former = ''; }")
        os.kill(small.kernel(NOTEBOOK), signal.SIGKILL)  # a new kernel opens the canvas in the folder as it is
        expect(place.locator("[data-former]")).to_have_count(0)
        expect(area).to_have_value("avant la panne, et sous clé")
        expect(canvas.locator(".course-status")).to_contain_text("Le dossier est protégé en écriture")
        assert text(small) == "avant la panne"
    finally:
        subprocess.run(["umount", "--lazy", str(answers)], check=True)
    expect(canvas.locator(".course-status")).to_have_text("Enregistré")
    assert text(small) == "avant la panne, et sous clé"
