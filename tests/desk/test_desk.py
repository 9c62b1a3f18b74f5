"""The instructor's buttons: what the command says is shown, what it leaves can be had, nothing else can."""

from __future__ import annotations

import json
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from cards import Cards
from IPython.core.interactiveshell import InteractiveShell

from course.commands import parser
from course.core import syllabus
from course.core.handin.packing import pack
from course.core.team import Team
from course.instructor.cohort import roster
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.roster import Trainee
from course.instructor.desk.running import Running
from course.instructor.desk.show import show
from course.instructor.desk.steps import INBOX, STEPS
from course.instructor.desk.widget import DeskWidget

SPEAK = (sys.executable, "-c", "import sys; print('Deux copies.'); print('Première : «\u202fAwa\u202f»'); sys.exit(0)")
FAIL = (sys.executable, "-c", "import sys; print('La liste manque.', file=sys.stderr); sys.exit(2)")
STAY = (sys.executable, "-u", "-c", "import time; print('Je reste.'); time.sleep(600)")


@pytest.fixture
def cohort(tmp_path: Path) -> Cohort:
    (tmp_path / "nbgrader_config.py").touch()
    return Cohort(tmp_path)


def widget(step: str, cohort: Cohort, command: tuple[str, ...] = SPEAK) -> DeskWidget:
    made = DeskWidget(step, cohort)
    made._running = Running(cohort.root, command)
    return made


class TestSteps:
    @pytest.mark.parametrize("step", STEPS)
    def test_what_a_button_types_is_a_command_of_the_course(self, step: str) -> None:
        everything = {choice.key: "Awa" if choice.kind == "text" else True for choice in STEPS[step].choices}
        for values in ({}, everything):
            assert parser().parse_args(STEPS[step].words(values)).act

    def test_a_name_is_never_taken_for_an_option(self) -> None:
        assert parser().parse_args(STEPS["forget"].words({"name": "--oui"})).name == "--oui"

    def test_an_unknown_step_is_said(self) -> None:
        with pytest.raises(ValueError, match="étape"):
            show("tout")

    def test_where_there_is_no_course_a_notebook_shows_one_sentence(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("course.instructor.cohort.places.PACKAGE", tmp_path / "site-packages" / "course")
        InteractiveShell().run_cell('from course import desk\ndesk("grade")')
        said = capsys.readouterr().out
        assert "n’est pas le dossier du cours" in said
        assert "Traceback" not in said

    def test_nothing_is_shown_where_nbgrader_executes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
        assert show("grade") is None


class TestRunning:
    def test_what_is_printed_is_said_line_by_line(self, tmp_path: Path) -> None:
        said: list[str] = []
        assert Running(tmp_path, SPEAK).run((), said.append) == 0
        assert said == ["Deux copies.", "Première : «\u202fAwa\u202f»"]

    def test_a_failure_keeps_its_sentence(self, tmp_path: Path) -> None:
        said: list[str] = []
        assert Running(tmp_path, FAIL).run((), said.append) == 2
        assert said == ["La liste manque."]

    def test_it_can_be_stopped(self, tmp_path: Path) -> None:
        running, begun, codes = Running(tmp_path, STAY), threading.Event(), []
        thread = threading.Thread(target=lambda: codes.append(running.run((), lambda _: begun.set())))
        thread.start()
        assert begun.wait(60)
        running.stop()
        thread.join(60)
        assert codes
        assert codes[0] != 0

    def test_what_only_the_instructor_knows_is_asked(self, tmp_path: Path) -> None:
        (tmp_path / "nbgrader_config.py").touch()
        cohort = Cohort(tmp_path)
        roster.write(cohort, [Trainee("awa", "Awa", "Kaboré"), Trainee("paul", "Paul", "Kéïta")])
        folder = tmp_path / "but-1"
        folder.mkdir()
        packed = pack(folder, syllabus.load().goal("1"), Team("", ("Awa Kabo",)), "0.1.0", datetime.now(UTC))
        cohort.inbox.mkdir()
        (cohort.inbox / packed.name).write_bytes(packed.raw)
        running, asked, said = Running(tmp_path), [], []

        def ask(question: str) -> None:
            asked.append(json.loads(question))
            running.answer("awa")

        assert running.run(STEPS["intake"].words({}), said.append, ask) == 0, said
        (question,) = asked
        assert "Awa Kabo" in question["words"]
        assert "awa" in [choice["value"] for choice in question["choices"]]
        assert (cohort.submitted / "awa" / "but-1" / "remise.json").is_file()

    def test_how_far_it_is_is_said_now_and_then(self, tmp_path: Path) -> None:
        said: list[str] = []
        many = "from course.core.bar import bar\nfor _ in bar(range(300), 'Correction'): pass"
        Running(tmp_path, (sys.executable, "-c", many)).run((), said.append, lambda _: None)
        assert said == [f"Correction\u00a0: {number} sur 300" for number in range(30, 301, 30)]

    def test_the_real_command_answers_in_french(self, tmp_path: Path) -> None:
        said: list[str] = []
        assert Running(tmp_path).run(("grade", "--aide"), said.append) == 0
        assert said[0].startswith("Utilisation")


class TestFiles:
    @pytest.mark.parametrize("name", ["../x.zip", "/etc/x.zip", "..\\x.zip", "C:\\x.zip"])
    def test_a_received_file_stays_in_the_inbox(self, cohort: Cohort, name: str) -> None:
        made = widget("intake", cohort)
        made.send = lambda *_: None
        made._hear(None, {"kind": "put", "name": name}, [b"PK"])
        assert [path.relative_to(cohort.root).as_posix() for path in cohort.root.rglob("*.zip")] == [f"{INBOX}/x.zip"]

    @pytest.mark.parametrize("name", ["..", "", ".cache", "a\u202eb.zip"])
    def test_a_name_that_does_harm_is_not_taken(self, cohort: Cohort, name: str) -> None:
        made, told = widget("intake", cohort), []
        made.send = lambda message, *_: told.append(message)
        made._hear(None, {"kind": "put", "name": name}, [b"PK"])
        assert "n’est pas ajouté" in told[0]["text"]
        assert not (cohort.root / INBOX).exists()

    @pytest.mark.parametrize(
        ("name", "kept"),
        [("x[1].zip", "x-1-.zip"), ("Cours & atelier.zip", "Cours - atelier.zip"), ("<img>.zip", "-img-.zip")],
    )
    def test_a_sign_that_some_system_takes_amiss_is_another_one(self, cohort: Cohort, name: str, kept: str) -> None:
        made = widget("intake", cohort)
        made.send = lambda *_: None
        (cohort.root / INBOX / "Cours - atelier.zip").mkdir(parents=True)
        made._hear(None, {"kind": "put", "name": name}, [b"PK"])
        names = {path.name for path in (cohort.root / INBOX).iterdir() if path.is_file()}
        assert names == {kept.replace("r.zip", "r (2).zip")}

    def test_two_files_of_one_name_are_both_kept_and_the_same_one_once(self, cohort: Cohort) -> None:
        made = widget("intake", cohort)
        made.send = lambda *_: None
        for raw in (b"un", b"deux", b"un", b"deux"):
            made._hear(None, {"kind": "put", "name": "Groupe-3_but-1.zip"}, [raw])
        names = sorted(path.name for path in (cohort.root / INBOX).iterdir())
        assert names == ["Groupe-3_but-1 (2).zip", "Groupe-3_but-1.zip"]

    @pytest.mark.parametrize(
        "path", ["nbgrader_config.py", "cohort/gradebook.db", "cohort/bilans/../gradebook.db", "/etc/passwd"]
    )
    def test_only_a_result_can_be_had(self, cohort: Cohort, path: str) -> None:
        cohort.reports.mkdir(parents=True)
        (cohort.folder / "gradebook.db").write_text("notes")
        made, told = widget("marks", cohort), []
        made.send = lambda message, *_: told.append(message)
        made._hear(None, {"kind": "file", "path": path}, [])
        assert told == []


@pytest.mark.browser
class TestPage:
    @pytest.fixture(autouse=True)
    def _no_kernel(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The loop that runs here is the browser driver's, not a kernel's."""
        monkeypatch.setattr("course.workbook.card.kernel_loop", lambda: None)

    def test_what_the_command_says_and_leaves_is_on_the_page(self, page: Any, cohort: Cohort) -> None:
        cohort.reports.mkdir(parents=True)
        (cohort.reports / "notes.csv").write_text("stagiaire;note", encoding="utf-8")
        cards = Cards(page)
        cards.show(widget("marks", cohort))
        page.get_by_role("button", name="Sortir les notes").click()
        page.get_by_text("C’est fait.").wait_for()
        assert "Deux copies." in page.get_by_role("region", name="Ce que dit le cours").inner_text()
        with page.expect_download() as download:
            page.get_by_role("button", name="Télécharger notes.csv").click()
        assert Path(download.value.path()).read_text(encoding="utf-8") == "stagiaire;note"

    def test_a_refusal_is_shown_and_the_button_comes_back(self, page: Any, cohort: Cohort) -> None:
        Cards(page).show(widget("grade", cohort, FAIL))
        button = page.get_by_role("button", name="Corriger ce qui est nouveau")
        button.click()
        page.get_by_text("Ce n’est pas fait").wait_for()
        assert "La liste manque." in page.get_by_role("region", name="Ce que dit le cours").inner_text()
        assert button.is_enabled()

    def test_a_question_of_the_command_is_answered_by_a_button_or_a_name(self, page: Any, cohort: Cohort) -> None:
        cards = Cards(page)
        made = widget("intake", cohort)
        cards.show(made)
        question = {
            "words": "Qui est « <b>Awa</b> » ?",
            "choices": [{"value": "awa", "words": "Awa Kaboré"}],
            "free": True,
        }
        for act in ("button", "name"):
            made._ask(json.dumps(question))
            page.get_by_text("Qui est « <b>Awa</b> » ?").wait_for()
            if act == "button":
                page.get_by_role("button", name="Awa Kaboré").click()
            else:
                page.get_by_label("Ou un nom de votre liste").fill("paul")
                page.get_by_role("button", name="Donner ce nom").click()
        assert cards.received == [{"kind": "answer", "value": "awa"}, {"kind": "answer", "value": "paul"}]

    def test_a_command_that_is_long_is_not_said_to_be_dead(self, page: Any, cohort: Cohort) -> None:
        page.clock.install()
        cards = Cards(page)
        made = widget("grade", cohort)
        made._busy = True  # it was begun, and says nothing for a long time
        cards.show(made)
        button = page.get_by_role("button", name="Corriger ce qui est nouveau")
        button.click()
        page.get_by_role("button", name="Arrêter").wait_for()
        page.clock.run_for(60_000)
        assert page.get_by_text("ne répond pas").count() == 0
        assert page.get_by_role("button", name="Arrêter").is_visible()
        assert button.is_disabled()

    def test_a_kernel_that_hears_nothing_is_said(self, page: Any, cohort: Cohort) -> None:
        page.clock.install()
        cards = Cards(page)
        cards.show(widget("grade", cohort))
        cards.alive = False
        page.get_by_role("button", name="Corriger ce qui est nouveau").click()
        page.clock.run_for(21_000)
        page.get_by_text("Le cours ne répond pas").wait_for()

    def test_effacing_asks_first(self, page: Any, cohort: Cohort) -> None:
        cards = Cards(page)
        cards.show(widget("forget", cohort))
        page.get_by_label("Son identifiant, ou son nom").fill("Awa <b>")
        page.get_by_role("button", name="Effacer").click()
        page.get_by_text("On ne revient pas en arrière.").wait_for()
        page.get_by_role("button", name="Ne rien faire").click()
        assert cards.received == []
        page.get_by_role("button", name="Effacer").click()
        page.get_by_role("button", name="Effacer").nth(1).click()
        page.get_by_text("C’est fait.").wait_for()
        assert cards.received[0]["values"] == {"name": "Awa <b>", "archives": False}

    def test_files_are_put_into_the_inbox(self, page: Any, cohort: Cohort, tmp_path: Path) -> None:
        Cards(page).show(widget("intake", cohort))
        assert page.get_by_text("aucun fichier").count() == 1
        sent = tmp_path / "Néré_but-1 (2).zip"
        sent.write_bytes(b"PK")
        page.locator("input[type=file]").set_input_files(sent)
        page.get_by_text("1 fichier.").wait_for()
        assert (cohort.root / INBOX / sent.name).read_bytes() == b"PK"

    @pytest.mark.parametrize("step", STEPS)
    def test_axe_finds_nothing(self, page: Any, cohort: Cohort, step: str) -> None:
        Cards(page).show(widget(step, cohort))
        found = Axe().run(page, context=".course-card")
        assert found.response["violations"] == []
