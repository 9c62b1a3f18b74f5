"""A shared computer: several workbooks side by side, and a page that asks which one is opened (case `second-group`)."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from browser import ROOT, free_port
from playwright.sync_api import expect

from course.core import team, workbooks
from course.core.folders import RECORD
from course.core.refusal import Refusal
from course.core.team import Team
from course.lab import chooser as chooser_module
from course.lab import launch
from course.lab.chooser import Chooser
from course.lab.launch import Address, Request, close_course, open_course
from course.workbook.handin.command import submit

YESTERDAY = datetime.now() - timedelta(days=1)
GROUPS = (Team("Les Baobabs", ("Awa T.", "Paul K.")), Team("<b>Les Karités</b>", ("Fatou S.",)))


@pytest.fixture
def computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home in which two groups worked yesterday, and other folders whose names look like workbooks."""
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    usual = tmp_path / "soins-centres-personnes"
    for root, who in zip((usual, usual.with_name(f"{usual.name}-2")), GROUPS, strict=True):
        (root / "exercises/but-1/reponses").mkdir(parents=True)
        (root / "exercises/but-1/reponses/1.1.json").write_text("{}")
        team.save(root, who)
        (root / RECORD).write_text("{}")
        os.utime(root / RECORD, (YESTERDAY.timestamp(),) * 2)
    (tmp_path / f"{usual.name}-copie").mkdir()
    (tmp_path / f"{usual.name}-3").write_text("un fichier")
    return tmp_path


class TestWorkbooks:
    def test_those_of_this_home_are_known_and_a_new_one_takes_no_place(self, computer: Path) -> None:
        assert {each.team for each in workbooks.known()} == set(GROUPS)
        assert workbooks.free_root() == computer / "soins-centres-personnes-4"

    def test_it_asks_when_somebody_else_may_be_there(self, computer: Path) -> None:
        both, today = workbooks.known(), date.today()
        assert workbooks.must_ask(both, today)
        assert workbooks.must_ask(both[:1], today)
        assert not workbooks.must_ask(both[:1], YESTERDAY.date())
        assert not workbooks.must_ask([], today)
        assert (computer / "soins-centres-personnes" / team.FILE).is_file()

    def test_the_command_line_does_not_choose_whose_work_is_handed_in(
        self, computer: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(computer)
        with pytest.raises(Refusal, match="--dossier"):
            submit("but-1", None, sure=True)

    def test_what_was_chosen_is_closed_without_naming_it(self, computer: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        second = computer / "soins-centres-personnes-2"
        address, stopped = Address(8898, "x", 1), []
        monkeypatch.setattr(launch, "running", lambda place: address if place.root == second else None)
        monkeypatch.setattr(launch, "_stop", lambda _, place: stopped.append(place.root))
        close_course(Request())
        assert stopped == [second]


class TestAlreadyOpen:
    """A second `course open` while a group's course runs, on a computer with several workbooks."""

    @pytest.fixture(autouse=True)
    def second(self, computer: Path, monkeypatch: pytest.MonkeyPatch) -> Address:
        address = Address(8898, "clef", 1)
        root = computer / "soins-centres-personnes-2"
        monkeypatch.setattr(launch, "running", lambda place: address if place.root == root else None)
        return address

    def test_without_a_browser_it_gives_the_address_and_returns(
        self, computer: Path, second: Address, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(Chooser, "choose", lambda _: pytest.fail("nobody is before the page that asks"))
        open_course(Request(browser=False))
        out = capsys.readouterr().out
        assert f"{GROUPS[1]}. Son adresse\u00a0: {second.base}/lab" in out
        assert "token=clef" in out
        assert out.endswith(f"course close --dossier {computer / 'soins-centres-personnes-2'}\n")

    def test_in_a_browser_others_still_choose(
        self, second: Address, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Two groups share a computer: the second one is never led into the work of the first."""
        asked = []

        def choose(chooser: Chooser) -> Path:
            asked.append(chooser)
            raise KeyboardInterrupt

        monkeypatch.setattr(Chooser, "choose", choose)
        monkeypatch.setattr(launch, "_open_browser", lambda _, page: second.base not in page)
        open_course(Request())
        assert len(asked) == 1
        assert f"{second.base}/lab" in capsys.readouterr().out


def ask(url: str, **fields: str) -> tuple[int, str]:
    body = urllib.parse.urlencode(fields).encode() if fields else None
    try:
        with urllib.request.urlopen(url, body, timeout=600) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


class TestPage:
    def test_names_are_text_and_nobody_without_the_address_chooses(self, computer: Path) -> None:
        with Chooser("127.0.0.1", workbooks.known()) as chooser:
            bare = chooser.address.split("?")[0]
            token = chooser.address.split("=")[1]
            code, page = ask(chooser.address)
            assert code == 200
            assert "&lt;b&gt;Les Karités&lt;/b&gt; (Fatou S.)" in page
            assert page.count("Ouvert pour la dernière fois") == 2
            assert ask(bare)[0] == 403
            for fields in (
                {"classeur": "nouveau", "token": "x"},
                {"classeur": "../ailleurs", "token": token},
                {"token": token},
            ):
                assert ask(bare, **fields)[0] == 403, fields
            other = urllib.request.Request(chooser.address, headers={"Host": "ailleurs.example"})
            with pytest.raises(urllib.error.HTTPError):
                urllib.request.urlopen(other, timeout=600)
            assert ask(bare, classeur="soins-centres-personnes-2", token=token)[0] == 200
            assert chooser.choose() == computer / "soins-centres-personnes-2"

    @pytest.mark.usefixtures("computer")
    def test_a_page_that_was_closed_is_not_waited_for_in_one_go(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Windows hears Ctrl+C between two waits, not during one."""
        monkeypatch.setattr(chooser_module, "_DELIVERED_WITHIN", 0.5)
        waits: list[float | None] = []
        wait = threading.Event.wait

        def recorded(event: threading.Event, timeout: float | None = None) -> bool:
            waits.append(timeout)
            return wait(event, timeout)

        with Chooser("127.0.0.1", workbooks.known()) as chooser:
            monkeypatch.setattr(threading.Event, "wait", recorded)
            chooser.lead_to("http://127.0.0.1:1/lab")
            monkeypatch.undo()
        assert waits
        assert all(timeout is not None and timeout <= 0.25 for timeout in waits)

    def test_a_workbook_made_for_other_people_is_listed_under_their_names(self, computer: Path) -> None:
        made = workbooks.reserve(Team("Les Caïlcédrats", ("Fatou Traoré",)))
        with Chooser("127.0.0.1", workbooks.known()) as chooser:
            _, page = ask(chooser.address)
            assert "Les Caïlcédrats (Fatou Traoré)</strong><span>Nouveau\u00a0: pas encore ouvert" in page
            assert "Classeur sans nom" not in page
            bare, token = chooser.address.split("?token=")
            assert ask(bare, classeur=made.root.name, token=token)[0] == 200
            assert chooser.choose() == computer / "soins-centres-personnes-4"


@pytest.mark.browser
@pytest.mark.skipif(os.name != "posix", reason="sends the signal of Ctrl+C on POSIX systems")
def test_a_third_group_opens_a_workbook_of_its_own(computer: Path, page: Any) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "course.commands", "open", "--port", str(free_port()), "--sans-navigateur"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        assert process.stdout
        address = next(found[0] for line in process.stdout if (found := re.search(r"http://\S+", line)))
        page.goto(address)
        expect(page.get_by_role("button")).to_have_count(3)
        if os.environ.get("COURSE_PICTURES") == "1":
            page.screenshot(path=str(ROOT / "tests/pictures/qui-travaille.png"))
        page.get_by_role("button", name="Nouveau classeur").click()
        expect(page.locator("#course-header")).to_be_attached()
        expect(page.locator("#course-cover")).to_have_count(0)
        page.get_by_role("link", name="Donner vos noms").click()
        expect(page.get_by_role("textbox", name="Personne 1", exact=True)).to_have_value("")
        page.get_by_role("textbox", name="Personne 1", exact=True).fill("Moussa D.")
        expect(page.locator(".course-owner")).to_contain_text("Moussa D.")
    finally:
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=600)
    assert process.returncode == 0, rest
    assert team.read(computer / "soins-centres-personnes-4").members == ("Moussa D.",)
    for each in workbooks.known():
        if each.root.name != "soins-centres-personnes-4":
            assert each.team in GROUPS
