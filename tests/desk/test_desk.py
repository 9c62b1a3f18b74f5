"""The instructor's buttons: what the command says is shown, what it leaves can be had, nothing else can."""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from axes import OF_THE_PAGE, violations
from cards import Cards
from IPython.core.interactiveshell import InteractiveShell
from playwright.sync_api import expect
from promotion import answers, promotion

from course.commands import parser
from course.core import syllabus
from course.core.bar import Choice, Event, Line, Progress, Question
from course.core.handin.package import pack
from course.core.team import Team
from course.instructor.cohort import roster
from course.instructor.cohort.places import Cohort
from course.instructor.cohort.roster import Trainee
from course.instructor.desk.runner import Runner
from course.instructor.desk.steps import ARCHIVES, INBOX, STEPS
from course.instructor.desk.widget import DeskWidget
from course.instructor.show import desk as show

FIRST = syllabus.load().objective("1.1")
SPEAK = (sys.executable, "-c", "import sys; print('Deux copies.'); print('Première : «\u202fAwa\u202f»'); sys.exit(0)")
FAIL = (sys.executable, "-c", "import sys; print('La liste manque.', file=sys.stderr); sys.exit(2)")
ASK = (sys.executable, "-c", "from course.core.bar import *; print(ask(Question('Qui ?', ()), 'rien'))")
STAY = (sys.executable, "-u", "-c", "import time; print('Je reste.'); time.sleep(600)")


@pytest.fixture
def cohort(tmp_path: Path) -> Cohort:
    (tmp_path / "nbgrader_config.py").touch()
    return Cohort(tmp_path)


def widget(step: str, cohort: Cohort, command: tuple[str, ...] = SPEAK) -> DeskWidget:
    made = DeskWidget(step, cohort)
    made._command.runner = Runner(cohort.root, command)
    return made


def sent(card: DeskWidget, message: dict[str, Any], buffers: list[bytes]) -> list[dict[str, Any]]:
    """What the widget sends to the page after a message of the page."""
    messages: list[dict[str, Any]] = []
    card.send = lambda content, *_: messages.append(content)
    card._hear(None, message, buffers)
    return messages


def put(cohort: Cohort, name: str, raw: bytes = b"PK") -> list[dict[str, Any]]:
    return sent(widget("intake", cohort), {"kind": "put", "name": name}, [raw])


class TestSteps:
    def test_what_a_button_types_is_a_command_of_the_course(self) -> None:
        for name, step in STEPS.items():
            everything = {field.key: "Awa" if field.kind == "text" else True for field in step.fields}
            for values in ({}, everything):
                assert parser().parse_args(step.arguments(values)).command.name == name

    def test_a_name_is_never_taken_for_an_option(self) -> None:
        assert parser().parse_args(STEPS["forget"].arguments({"name": "--oui"})).name == "--oui"
        assert parser().parse_args(STEPS["intake"].arguments({"back": "--oui"})).back == "--oui"

    def test_an_unknown_step_is_said(self) -> None:
        with pytest.raises(ValueError, match="étape"):
            show("tout")

    def test_where_there_is_no_course_a_notebook_shows_one_sentence(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("course.core.folders.PACKAGE", tmp_path / "site-packages" / "course")
        InteractiveShell().run_cell('from course import desk\ndesk("grade")')
        said = capsys.readouterr().out
        assert "n’est pas le dossier d’un cours" in said
        assert "Traceback" not in said

    def test_nothing_is_shown_where_nbgrader_executes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
        assert show("grade") is None


class TestRunner:
    def test_what_is_printed_comes_line_by_line(self, tmp_path: Path) -> None:
        events: list[Event] = []
        assert Runner(tmp_path, SPEAK).run((), events.append) == 0
        assert events == [Line("Deux copies."), Line("Première : «\u202fAwa\u202f»")]

    def test_a_failure_keeps_its_sentence(self, tmp_path: Path) -> None:
        events: list[Event] = []
        assert Runner(tmp_path, FAIL).run((), events.append) == 2
        assert events == [Line("La liste manque.")]

    def test_it_can_be_stopped(self, tmp_path: Path) -> None:
        runner, begun, codes = Runner(tmp_path, STAY), threading.Event(), []
        thread = threading.Thread(target=lambda: codes.append(runner.run((), lambda _: begun.set())))
        thread.start()
        assert begun.wait(600)
        runner.stop()
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
        runner, events = Runner(tmp_path), []

        def listener(event: Event) -> None:
            events.append(event)
            if isinstance(event, Question):
                runner.answer("awa")

        assert runner.run(STEPS["intake"].arguments({}), listener) == 0, events
        (question,) = (event for event in events if isinstance(event, Question))
        assert "Awa Kabo" in question.words
        assert "awa" in [choice.value for choice in question.choices]
        assert (cohort.submitted / "awa" / "but-1" / "remise.json").is_file()

    def test_a_version_before_is_put_back_by_its_field(self, cohort: Cohort) -> None:
        roster.write(cohort, [Trainee("awa", "Awa", "Kaboré")])
        cohort.inbox.mkdir()
        for days, text in ((2, "Le bon"), (1, "Une erreur")):
            folder = cohort.root / f"{days}" / "but-1"
            (folder / "reponses").mkdir(parents=True)
            (folder / "reponses/1.1.json").write_text(answers(FIRST, text), encoding="utf-8")
            at = datetime.now(UTC) - timedelta(days=days)
            packed = pack(folder, syllabus.load().goal("1"), Team("", ("Awa Kaboré",)), "0.1.0", at)
            (cohort.inbox / f"{days}.zip").write_bytes(packed.raw)
        runner, texts = Runner(cohort.root), []

        def listener(event: Event) -> None:
            if isinstance(event, Question):
                runner.answer(next(choice.value for choice in event.choices if "2.zip" in choice.words))

        for values in ({}, {"back": " Awa Kaboré "}):
            assert runner.run(STEPS["intake"].arguments(values), listener) == 0
            texts.append((cohort.submitted / "awa/but-1/reponses/1.1.json").read_text(encoding="utf-8"))
        assert ["Le bon" in text for text in texts] == [False, True]

    def test_an_archive_of_the_class_is_gone_back_to_by_its_name(self, tmp_path: Path) -> None:
        cohort = promotion(tmp_path / "cours")
        runner, events = Runner(cohort.root), []
        canvas = cohort.submitted / "awa/but-1/reponses/1.1.json"
        canvas.parent.mkdir(parents=True)
        for text, step in (("Le bon", "archive"), ("Une erreur", "restore")):
            canvas.write_text(answers(FIRST, text), encoding="utf-8")
            archives = [path.name for path in (cohort.root / ARCHIVES).glob("*.zip")]
            values = {"archive": archives[0]} if archives else {}
            assert runner.run(STEPS[step].arguments(values), events.append) == 0, events
        assert "Le bon" in canvas.read_text(encoding="utf-8")
        assert len(list((cohort.root / ARCHIVES).glob("*.zip"))) == 2  # the class as it was is archived, too

    def test_how_far_it_is_comes_now_and_then(self, tmp_path: Path) -> None:
        events: list[Event] = []
        many = "from course.core.bar import bar\nfor _ in bar(range(300), 'Correction'): pass"
        Runner(tmp_path, (sys.executable, "-c", many)).run((), events.append)
        assert events == [Progress("Correction", number, 300) for number in range(30, 301, 30)]

    def test_lines_without_end_are_cut_and_a_question_after_them_is_not(self, tmp_path: Path) -> None:
        events: list[Event] = []
        flood = (
            "from course.core.bar import Question, ask\nfor n in range(2500): print('x' * 3000)\n"
            "print(ask(Question('Qui ?', ()), 'rien'))"
        )
        runner = Runner(tmp_path, (sys.executable, "-c", flood))
        assert runner.run((), lambda event: (events.append(event), runner.answer("awa"))) == 0
        assert events == [*[Line("x" * 1000)] * 2000, Line("…"), Question("Qui ?", ())]

    def test_the_real_command_answers_in_french(self, tmp_path: Path) -> None:
        events: list[Event] = []
        assert Runner(tmp_path).run(("grade", "--aide"), events.append) == 0
        assert isinstance(events[0], Line)
        assert events[0].text.startswith("Utilisation")


class TestFiles:
    def test_a_received_file_stays_in_the_inbox(self, cohort: Cohort) -> None:
        for name in ("../x.zip", "/etc/x.zip", "..\\x.zip", "C:\\x.zip"):
            put(cohort, name)
            found = [path.relative_to(cohort.root).as_posix() for path in cohort.root.rglob("*.zip")]
            assert found == [f"{INBOX}/x.zip"], name

    def test_a_name_that_does_harm_is_not_taken(self, cohort: Cohort) -> None:
        for name in ("..", "", ".cache", "a\u202eb.zip"):
            (message,) = put(cohort, name)
            assert "n’est pas ajouté" in message["text"], name
        assert not (cohort.root / INBOX).exists()

    def test_a_sign_that_some_system_takes_amiss_is_another_one(self, cohort: Cohort) -> None:
        (cohort.root / INBOX / "Cours - atelier.zip").mkdir(parents=True)
        for name in ("x[1].zip", "Cours & atelier.zip", "<img>.zip"):
            put(cohort, name)
        names = {path.name for path in (cohort.root / INBOX).iterdir() if path.is_file()}
        assert names == {"x-1-.zip", "Cours - atelier (2).zip", "-img-.zip"}

    def test_two_files_of_one_name_are_both_kept_and_the_same_one_once(self, cohort: Cohort) -> None:
        for raw in (b"un", b"deux", b"un", b"deux"):
            put(cohort, "Groupe-3_but-1.zip", raw)
        names = sorted(path.name for path in (cohort.root / INBOX).iterdir())
        assert names == ["Groupe-3_but-1 (2).zip", "Groupe-3_but-1.zip"]

    def test_only_a_result_can_be_had(self, cohort: Cohort) -> None:
        cohort.reports.mkdir(parents=True)
        (cohort.folder / "gradebook.db").write_text("notes")
        for path in ("nbgrader_config.py", "cohort/gradebook.db", "cohort/bilans/../gradebook.db", "/etc/passwd"):
            assert sent(widget("marks", cohort), {"kind": "file", "path": path}, []) == [], path


def test_a_page_that_is_loaded_anew_shows_the_command_that_runs(cohort: Cohort) -> None:
    """Its cells run again, and make other widgets in the same kernel."""
    first, heard, asked = widget("intake", cohort, ASK), [], threading.Event()
    first.send = lambda message: (heard.append(message), message["kind"] == "question" and asked.set())
    thread = threading.Thread(target=first._hear, args=(None, {"kind": "run", "values": {}}, []))
    thread.start()
    assert asked.wait(600)
    second = DeskWidget("intake", cohort)
    assert (second.running, second.asked["words"]) == (True, "Qui ?")
    assert not DeskWidget("grade", cohort).running
    assert sent(second, {"kind": "run", "values": {}}, []) == [{"kind": "begun"}]
    messages: list[dict[str, Any]] = []
    second.send = messages.append
    for answer in ("awa", "paul"):  # a second click on the same question answers no other one
        second._hear(None, {"kind": "answer", "value": answer}, [])
    thread.join(600)
    assert [message.get("text") for message in messages] == ["awa", None]
    assert [message["kind"] for message in heard] == ["begun", "question", "line", "end"]
    assert (first.running, second.running, second.asked) == (False, False, {})


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
        question = Question("Qui est « <b>Awa</b> » ?", (Choice("awa", "Awa Kaboré"),), free=True)
        for act in ("button", "name"):
            made._send_event(question)
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
        made._command.running = True  # it was begun, and says nothing for a long time
        cards.show(made)
        button = page.get_by_role("button", name="Corriger ce qui est nouveau")
        button.click()
        page.get_by_role("button", name="Arrêter").wait_for()
        page.clock.run_for(60_000)
        assert page.get_by_text("ne répond pas").count() == 0
        assert page.get_by_role("button", name="Arrêter").is_visible()
        assert button.is_disabled()
        # Leaving the page would end the command.
        running = "[...courseUnsaved.holders].filter((one) => one.isUnsaved).map((one) => one.warning)"
        assert "s’arrêterait avec cette page" in page.evaluate(running)[0]
        made._send_event(Question("Qui est-ce ?", (Choice("awa", "Awa Kaboré"),)))
        cards.take_away("0")
        cards.show(DeskWidget("grade", cohort))  # the page is loaded anew, and its cell runs again
        page.get_by_text("Qui est-ce ?").wait_for()
        assert page.get_by_role("button", name="Arrêter").is_visible()
        assert button.is_disabled()
        assert "s’arrêterait avec cette page" in page.evaluate(running)[0]
        made._end(0)
        page.get_by_text("C’est fait.").wait_for()
        assert page.evaluate(running) == []

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
        page.get_by_role("button", name="Effacer").click()
        page.get_by_text("Remplissez d’abord").wait_for()
        page.get_by_label("Son identifiant, ou son nom").fill("Awa <b>")
        page.get_by_role("button", name="Effacer").click()
        page.get_by_text("de «\u202fAwa <b>\u202f» sera effacé. On ne revient pas en arrière.").wait_for()
        page.get_by_role("button", name="Ne rien faire").click()
        assert cards.received == []
        page.get_by_role("button", name="Effacer").click()
        page.get_by_label("Son identifiant, ou son nom").fill("Paul")  # the question still names Awa
        page.get_by_role("button", name="Effacer").nth(1).click()
        page.get_by_text("C’est fait.").wait_for()
        assert cards.received[0]["values"] == {"name": "Awa <b>", "archives": False}

    def test_how_far_it_is_is_a_bar_and_the_log_can_be_folded(self, page: Any, cohort: Cohort) -> None:
        Cards(page).show(made := widget("grade", cohort))
        bar = page.get_by_role("progressbar")
        log = page.get_by_role("region", name="Ce que dit le cours")
        expect(bar).to_be_hidden()
        for done in (30, 60):
            made._send_event(Progress("Correction", done, 300))
            expect(page.get_by_label(f"Correction\u00a0: {done} sur 300")).to_have_js_property("value", done)
        expect(log).to_be_hidden()
        for text in ("Une phrase entière, avec ses mots. " * 20, "x" * 500):
            made._send_event(Line(text))
        expect(log).to_be_visible()
        assert log.evaluate("(node) => node.scrollWidth === node.clientWidth")
        page.get_by_text("(2 lignes)").click()
        expect(log).to_be_hidden()
        made._end(0)
        expect(bar).to_be_hidden()

    def test_an_archive_is_gone_back_to_by_a_button_that_names_it(self, page: Any, cohort: Cohort) -> None:
        cards = Cards(page)
        cards.show(widget("restore", cohort))
        cards.show(widget("archive", cohort))
        back = page.get_by_role("button", name="Revenir à cette archive")
        expect(back).to_be_disabled()
        name = "promotion-2026-11-30.zip"
        (cohort.root / ARCHIVES).mkdir(parents=True)
        (cohort.root / ARCHIVES / name).touch()
        page.get_by_role("button", name="Archiver", exact=True).click()
        expect(page.get_by_label("L’archive")).to_have_value(name)
        back.click()
        question = page.locator(".course-question:visible")
        expect(question).to_contain_text(f"«\u202f{name}\u202f»")
        question.get_by_role("button", name="Revenir à cette archive").click()
        expect(page.get_by_text("C’est fait.")).to_have_count(2)
        runs = [message["values"] for message in cards.received if message["kind"] == "run"]
        assert runs == [{}, {"archive": name}]
        assert STEPS["restore"].arguments({"archive": "../../x.zip"})[-1] == f"{ARCHIVES}/x.zip"

    def test_files_are_put_into_the_inbox(self, page: Any, cohort: Cohort, tmp_path: Path) -> None:
        Cards(page).show(widget("intake", cohort))
        assert page.get_by_text("aucun fichier").count() == 1
        sent = tmp_path / "Néré_but-1 (2).zip"
        sent.write_bytes(b"PK")
        page.locator("input[type=file]").set_input_files(sent)
        page.get_by_text("1 fichier.").wait_for()
        assert (cohort.root / INBOX / sent.name).read_bytes() == b"PK"

    def test_axe_finds_nothing(self, page: Any, cohort: Cohort) -> None:
        cards = Cards(page)
        for step in STEPS:
            cards.show(widget(step, cohort))
        assert page.locator(".course-card").count() == len(STEPS)
        assert violations(page, ".course-card", without=OF_THE_PAGE) == []
