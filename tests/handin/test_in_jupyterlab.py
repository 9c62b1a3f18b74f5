"""Names, handing in and taking up again in a real JupyterLab, as `course open` starts it, with its real messages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from browser import Lab
from playwright.sync_api import expect
from work import texts

from course.core import team
from course.core.handin import open_handin
from course.core.team import Team

pytestmark = pytest.mark.browser


def test_from_the_names_to_the_file_and_back(lab: Lab, page: Any, tmp_path: Path) -> None:
    page.goto(lab.url("modules/00-bienvenue.ipynb"))
    page.get_by_role("textbox", name="Nom du groupe").fill("Groupe 3")
    page.get_by_role("textbox", name="Personne 1", exact=True).fill("Awa T.")
    form = page.get_by_role("region", name="Qui travaille")
    expect(form.locator(".course-status")).to_have_text("Enregistré")
    assert team.read(lab.folder) == Team("Groupe 3", ("Awa T.",))

    page.goto(lab.url("exercises/but-1/but-1.ipynb"))
    foot = page.get_by_role("region", name="Remettre le cahier du but 1")
    expect(foot).to_contain_text("Groupe 3 (Awa T.)")
    page.get_by_role("textbox", name=re.compile("^Stratégie 1, option 1.2.a :")).fill("Former les agents")
    foot.get_by_role("button", name="Remettre", exact=True).click()
    foot.get_by_role("button", name="Remettre quand même").click()
    expect(foot).to_contain_text("C’est remis.")
    with page.expect_download() as found:
        foot.get_by_role("link", name="Télécharger le fichier remis").click()
    found.value.save_as(tmp_path / "x.zip")
    handin = open_handin(tmp_path / "x.zip")
    assert handin.manifest.team == Team("Groupe 3", ("Awa T.",))
    assert b"Former les agents" in handin.answers["1.2"]
    assert (tmp_path / "x.zip").read_bytes() == (lab.folder / "remises/Groupe-3_but-1.zip").read_bytes()

    # Where the exchange is looked for in a thread of the kernel, its canvases go on.
    page.get_by_role("textbox", name=re.compile("^Stratégie 1, option 1.2.a :")).fill("")
    expect(page.get_by_role("region", name=re.compile("^Canevas 1.2 ")).locator(".course-status")).to_have_text(
        "Enregistré"
    )
    foot.locator("summary").last.click()
    with page.expect_file_chooser() as chooser:
        foot.get_by_role("button", name="Choisir le fichier…").click()
    chooser.value.set_files(tmp_path / "x.zip")
    expect(foot.locator(".course-report").last).to_contain_text("Canevas 1.2\u00a0: 1 texte repris.")
    expect(page.get_by_role("textbox", name=re.compile("^Stratégie 1, option 1.2.a :"))).to_have_value(
        "Former les agents"
    )
    assert texts(lab.folder / "exercises/but-1") == ["Former les agents"]
