"""The formgrader, served: its pages, its « autograde » and feedback buttons, over a class with a hostile copy."""

import html
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
from coursework import FULL
from hostile import CANARY, COPIES, RAW

TOKEN = "jeton-de-test"
HOSTILE = ("code_cell", "scripts_in_text", "scripts_in_answers", "reason_forged", "date_is_none", "answers_broken")


class Server:
    def __init__(self, course, url):
        self.course, self.url = course, url

    def ask(self, path, method="GET", body=None, **query):
        request = urllib.request.Request(
            f"{self.url}{urllib.parse.quote(path)}?{urllib.parse.urlencode(query)}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {TOKEN}"},
        )
        with urllib.request.urlopen(request, timeout=600) as answer:
            return answer.read().decode()


@pytest.fixture(scope="module")
def formgrader(new_course, tmp_path_factory):
    """A Jupyter server in the course's folder, as an instructor starts one."""
    course = new_course()
    course.hand_in("Aïcha N'Diaye")
    for student in HOSTILE:
        COPIES[student].spoil(course.hand_in(student))
    place = tmp_path_factory.mktemp("jupyter")
    runtime = place / "runtime"
    settings = {"JUPYTER_RUNTIME_DIR": str(runtime), "JUPYTER_CONFIG_DIR": str(place), "JUPYTER_DATA_DIR": str(place)}
    options = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0", f"--IdentityProvider.token={TOKEN}"]
    with (place / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter_server", *options],
            cwd=course.root, env=os.environ | settings, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        yield Server(course, address(runtime, server, place / "log"))
    finally:
        server.terminate()
        server.wait(600)


def address(runtime, server, log):
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline and server.poll() is None:
        for path in runtime.glob("jpserver-*.json"):
            with suppress(ValueError, OSError):  # half written, or not listening yet
                url = json.loads(path.read_text())["url"].rstrip("/")
                parts = urllib.parse.urlsplit(url)
                socket.create_connection((parts.hostname, parts.port)).close()
                return url
        time.sleep(0.05)
    pytest.fail(f"Jupyter did not start:\n{Path(log).read_text()}")


def test_buttons_and_pages(formgrader):
    course = formgrader.course
    listed = json.loads(formgrader.ask("/formgrader/api/submissions/but-1"))
    assert {each["student"] for each in listed} == {"Aïcha N'Diaye", *HOSTILE}

    for student in (each["student"] for each in listed):
        answer = json.loads(formgrader.ask(f"/formgrader/api/submission/but-1/{student}/autograde", "POST", {}))
        assert answer["success"], answer
        expected = COPIES[student].marks if student in COPIES else FULL
        assert course.automatic(student) == expected
    assert not (course.cohort / CANARY).exists()

    submissions = json.loads(formgrader.ask("/formgrader/api/submitted_notebooks/but-1/but-1"))
    pages = {each["student"]: formgrader.ask(f"/formgrader/submissions/{each['id']}/") for each in submissions}
    assert set(pages) == {"Aïcha N'Diaye", *HOSTILE}
    for page in pages.values():
        assert RAW not in page
        assert "Attendu du correcteur" in page
        assert "qualite-1-1-comment" in page
        assert re.findall(r"(?:src|href)=.https?://[^\s>]*", page) == [], "asks another host"
    assert "Former les agents de santé du village 1.1.a" in pages["Aïcha N'Diaye"]
    assert html.escape(RAW) in pages["scripts_in_answers"]
    assert "réponse illisible" in pages["answers_broken"]

    mine = next(each["id"] for each in submissions if each["student"] == "Aïcha N'Diaye")
    grades = {
        each["name"]: each["id"] for each in json.loads(formgrader.ask("/formgrader/api/grades", submission_id=mine))
    }
    formgrader.ask(f"/formgrader/api/grade/{grades['qualite-1-1']}", "PUT", {"manual_score": 9.5})
    assert course.grades()["Aïcha N'Diaye"]["qualite-1-1"] == (None, 9.5, False)
    answer = json.loads(formgrader.ask("/formgrader/api/assignment/but-1/generate_feedback", "POST", {}))
    assert answer["success"], answer
    page = (course.cohort / "feedback" / "Aïcha N'Diaye" / "but-1" / "but-1.html").read_text(encoding="utf-8")
    assert "9,5 sur 14" in page
    assert "Retour sur votre travail" in page
