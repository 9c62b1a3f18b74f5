"""On Binder, where a session forgets: a bar that says so, and every answer in one file, without a kernel."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from browser import PATIENCE, Lab, opened_lab

from course.core import syllabus
from course.core.answers.edits import new_document
from course.core.answers.store import AnswersStore

pytestmark = pytest.mark.browser

BUTTON = "Télécharger toutes mes réponses"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with opened_lab(tmp_path_factory.mktemp("binder") / "classeur", notice="binder") as opened:
        yield opened


@pytest.fixture(scope="module")
def page(lab: Lab, browser: Any) -> Iterator[Any]:
    opened = browser.new_page(viewport={"width": 1366, "height": 768}, locale="fr-FR", accept_downloads=True)
    opened.set_default_timeout(1000 * PATIENCE)
    opened.goto(lab.url())
    yield opened
    opened.close()


@pytest.fixture
def bar(page: Any) -> Any:
    note = page.get_by_role("note", name="Session provisoire")
    note.wait_for()
    return note


def test_says_that_the_session_forgets_and_that_there_is_nothing_to_save_yet(lab: Lab, bar: Any) -> None:
    assert "s’efface après quelques minutes sans activité" in bar.inner_text()
    objective = syllabus.load().objective("5.5")
    AnswersStore(lab.folder / "exercises/but-5", objective).open()  # what the opening of its notebook writes
    assert (lab.folder / "exercises/but-5/reponses/5.5.json").exists()
    bar.get_by_role("button", name=BUTTON).click()
    bar.get_by_text("Vous n’avez pas encore de réponse enregistrée.").wait_for()


def test_gives_every_answers_file_of_every_folder_in_one_archive(lab: Lab, bar: Any, page: Any) -> None:
    wanted = {
        "exercises/but-1/reponses/1.1.json": '{"texte": "Écouter 👂"}'.encode(),
        "exercises/but-1/reponses/1.2.json": b"",
        "exercises/but-2/reponses/2.1.json": b"\xff\x00\xfe",
        "groupe Été « A »/reponses/3.1.json": b"[" + b"0," * 100_000 + b"0]",
    }
    untouched = new_document(syllabus.load().objective("1.3"), "document")
    typed = {**untouched, "options": {"1.3.a": [{"id": "s1", "strategy": "De vive voix", "actions": []}]}}
    wanted["exercises/but-1/reponses/1.3.json"] = json.dumps(typed).encode()
    for name, raw in [*wanted.items(), ("autre/reponses/1.3.json", json.dumps(untouched).encode())]:
        path = lab.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    (lab.folder / "exercises/but-1/autre.json").write_text("{}")
    (lab.folder / "exercises/but-1/reponses/notes.txt").write_text("à moi")
    (lab.folder / "exercises/but-1/reponses/.1.1.json.lock").write_text("")
    assert not lab.kernels()
    with page.expect_download() as waiting:
        bar.get_by_role("button", name=BUTTON).click()
    assert waiting.value.suggested_filename.startswith("mes-reponses-20")
    archive = zipfile.ZipFile(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    assert archive.testzip() is None
    assert {name: archive.read(name) for name in archive.namelist()} == wanted
    for entry in archive.infolist():
        assert date(*entry.date_time[:3]) == date.fromtimestamp((lab.folder / entry.filename).stat().st_mtime)
    bar.get_by_text("5 canevas téléchargés.").wait_for()


def test_says_when_the_server_does_not_answer(bar: Any, page: Any) -> None:
    page.route("**/api/contents**", lambda route: route.abort())
    bar.get_by_role("button", name=BUTTON).click()
    bar.get_by_text("Le téléchargement n’a pas abouti. Attendez un instant, puis recommencez.", exact=True).wait_for()
    assert bar.get_by_role("button", name=BUTTON).is_enabled()
    page.unroute("**/api/contents**")


def test_is_whole_in_a_window_of_any_width(bar: Any, page: Any) -> None:
    for width in (1366, 640, 320):
        page.set_viewport_size({"width": width, "height": 600})
        page.wait_for_function(
            """(width) => {
              const bar = document.querySelector('.course-notice').getBoundingClientRect();
              const header = document.querySelector('#course-header .course-header').getBoundingClientRect();
              return innerWidth === width && bar.right <= width && bar.height > 0 && header.top >= bar.bottom - 1;
            }""",
            arg=width,
        )
        assert bar.get_by_role("button", name=BUTTON).bounding_box()["height"] >= 24
