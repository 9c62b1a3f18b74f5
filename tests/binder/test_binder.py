"""On Binder the course opens by itself: its image is built as repo2docker plans it, and seen in a real browser."""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

import pytest
from browser import ROOT, free_port
from image import COPY_COURSE, Image, Plan, build, plan, tracked_copy
from playwright.sync_api import expect

from course.core import syllabus
from course.core.answers import read

pytestmark = pytest.mark.skipif(os.name != "posix", reason="repo2docker and its images are for POSIX systems")

PYTHON = "3.12"
HOME = "/lab"
WORKBOOK = {"modules", "exercises"}  # of the course's folder, nothing else: it has the mark schemes
TYPED = "Réunir les familles « à l’ombre » du centre"

WITNESS = "import pathlib; pathlib.Path({!r}).write_text('ran')"
ASK = """
import sys
from jupyter_client.manager import start_new_kernel
for folder in sys.argv[1:]:
    manager, client = start_new_kernel(cwd=folder)
    client.execute_interactive(
        "from course import canvas; import course; print(course.__file__)",
        output_hook=lambda message: print(message["content"].get("text", message["content"].get("evalue", "")), end=""),
    )
    client.stop_channels()
    manager.shutdown_kernel(now=True)
"""


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tracked_copy(tmp_path_factory.mktemp("binder") / "jovyan")


@pytest.fixture(scope="module")
def made(repo: Path) -> Plan:
    return plan(repo)


@pytest.fixture(scope="module")
def image(repo: Path, made: Plan, tmp_path_factory: pytest.TempPathFactory) -> Image:
    return build(repo, tmp_path_factory.mktemp("image") / "notebook", made, PYTHON)


class TestPlan:
    def test_git_knows_that_the_last_step_is_executable(self) -> None:
        listed = subprocess.run(
            ["git", "ls-files", "--stage", "binder"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        modes = {line.split("/")[-1]: line.split()[0] for line in listed.splitlines()}
        assert modes == {"postBuild": "100755", "requirements.txt": "100644", "runtime.txt": "100644"}

    def test_the_python_is_the_one_that_is_asked_for(self, repo: Path, made: Plan) -> None:
        assert (repo / "binder" / "runtime.txt").read_bytes() == f"python-{PYTHON}\n".encode()
        assert re.findall(r"Building conda environment for python=(.*)", made.log) == [PYTHON]
        assert made.lock.name.startswith(f"environment.py-{PYTHON}-")
        assert "This will change in the future" not in made.log

    def test_the_course_is_installed_from_its_whole_folder_and_then_finished(self, made: Plan) -> None:
        assert COPY_COURSE in made.steps
        assert [re.sub(r"^\S*/pip ", "pip ", step) for step in made.runs()] == [
            'pip install --no-cache-dir -r "binder/requirements.txt"',
            "chmod +x binder/postBuild",
            "./binder/postBuild",
        ]
        before = made.steps[: made.steps.index(COPY_COURSE)]
        assert not [argument for keyword, argument in before if keyword == "RUN" and "pip install" in argument]


class TestImage:
    def test_holds_the_course_itself_and_nothing_that_only_tests_or_instructors_need(self, image: Image) -> None:
        listed = json.loads(image.run(["pip", "list", "--format=json"]))
        held = {_normal(package["name"]): package for package in listed}
        assert "editable_project_location" not in held["soins-centres-personnes"]
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        needed = {_normal(one) for one in project["dependencies"]}
        extra = {_normal(one) for some in project["optional-dependencies"].values() for one in some}
        assert needed <= held.keys()
        assert {"nbgrader", "pytest"} <= extra
        of_jupyter = {"jinja2", "jsonschema", "mistune", "psutil"}  # its own packages need them
        assert held.keys() & (extra - needed) <= {"soins-centres-personnes"} | of_jupyter

    def test_its_packages_agree_with_each_other(self, image: Image) -> None:
        assert "No broken requirements found" in image.run(["pip", "check"])

    def test_a_kernel_takes_the_installed_course_wherever_it_starts(self, image: Image, tmp_path: Path) -> None:
        witness, trap = tmp_path / "ran", tmp_path / "piège"
        trap.mkdir()
        for module in ("course", "anywidget", "ipykernel_launcher", "json"):
            (trap / f"{module}.py").write_text(WITNESS.format(str(witness)), encoding="utf-8")
        said = image.run(["python", "-P", "-c", ASK, str(image.repo), str(trap)]).split("\n")[:2]
        for place in said:
            assert Path(place).is_relative_to(image.prefix / "lib"), said
        assert not witness.exists()


@pytest.fixture(scope="module")
def address(image: Image, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where BinderHub would send a person, its server being started as BinderHub starts it (`BinderSpawnerMixin`)."""
    port, token, base = free_port(), secrets.token_urlsafe(24), "/user/cours-3f9a/"
    said = {"base_url": base, "token": token, "trust_xheaders": "True"}
    told = [f"--{app}.{name}={value}" for app in ("NotebookApp", "ServerApp") for name, value in said.items()]
    command = ["jupyter-lab", "--ip=127.0.0.1", f"--port={port}", "--no-browser", "--allow-root", *told]
    with image.started(command, port, tmp_path_factory.mktemp("binderhub") / "log.txt"):
        yield f"http://127.0.0.1:{port}{base}?token={token}"


@pytest.mark.browser
class TestSession:
    def test_opens_in_french_on_the_home_page_and_keeps_the_answers_of_who_downloads_them(
        self, address: str, page: Any, tmp_path: Path
    ) -> None:
        page.goto(address)
        expect(page.locator("#course-header")).to_be_attached()
        expect(page.locator("#course-cover")).to_have_count(0)  # it shows the same while JupyterLab loads
        page.get_by_role("heading", name="Soins centrés sur les personnes", level=1).wait_for()
        expect(page.locator("html")).to_have_attribute("lang", re.compile("^fr"))
        folder = page.request.get(address.replace("?", "api/contents/?")).json()
        assert {item["name"] for item in folder["content"]} == WORKBOOK
        assert page.locator("body").get_attribute("data-course-desk") == "stagiaire"
        bar = page.get_by_role("note", name="Session provisoire")
        button = bar.get_by_role("button", name="Télécharger toutes mes réponses")
        button.wait_for()
        assert "Téléchargez vos réponses avant de partir" in bar.inner_text()

        page.get_by_role("link", name="Cahier du but 1", exact=True).click()
        canvas = page.get_by_role("region", name=re.compile(r"^Canevas 1\.1"))
        for number in (1, 2, 3):
            page.get_by_role("region", name=re.compile(rf"^Canevas 1\.{number}")).wait_for()
        shown = page.locator("body").inner_text()
        assert "from course" not in shown
        assert "Download" not in shown
        assert page.locator(".jp-Dialog").count() == 0

        field = canvas.get_by_role("textbox", name=re.compile(r"^Stratégie 1, option 1\.1\.a"))
        field.fill(TYPED)
        canvas.locator(".course-status", has_text="Enregistré").wait_for()
        with page.expect_download() as started:
            button.click()
        archive = tmp_path / "réponses.zip"
        started.value.save_as(archive)
        assert re.fullmatch(r"mes-reponses-\d{4}-\d\d-\d\d\.zip", started.value.suggested_filename)
        with zipfile.ZipFile(archive) as opened:
            assert opened.testzip() is None
            assert {Path(name).parent.as_posix() for name in opened.namelist()} == {"exercises/but-1/reponses"}
            opened.extractall(tmp_path)
        answers = read(tmp_path / "exercises" / "but-1", syllabus.load().objective("1.1"))
        assert [row.strategy for row in answers.options["1.1.a"]] == [TYPED]

        page.reload()
        button.wait_for()
        field.wait_for()
        expect(field).to_have_value(TYPED)


def test_what_the_image_starts_by_itself_leads_home_too(image: Image, made: Plan, tmp_path: Path) -> None:
    port, token = free_port(), secrets.token_urlsafe(24)
    command = ["127.0.0.1" if word == "0.0.0.0" else word for word in made.command()]
    command += [f"--port={port}", f"--IdentityProvider.token={token}", "--no-browser", "--allow-root"]
    with image.started(command, port, tmp_path / "log.txt"):
        opener = build_opener(ProxyHandler({}), HTTPCookieProcessor())
        with opener.open(f"http://127.0.0.1:{port}/?token={token}", timeout=600) as reply:
            assert reply.status == 200
            assert reply.url.split("?")[0] == f"http://127.0.0.1:{port}{HOME}"
        with opener.open(f"http://127.0.0.1:{port}/api/contents/?token={token}", timeout=600) as reply:
            assert {item["name"] for item in json.load(reply)["content"]} == WORKBOOK


def _normal(requirement: str) -> str:
    """The name in a requirement, as package indexes compare names."""
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()
