"""« Remettre » and « Reprendre une remise » in a real browser, on the real classes, files and canvases."""

from __future__ import annotations

import errno
import re
from pathlib import Path
from typing import Any

import docx
import pytest
from axes import OF_THE_PAGE
from axes import violations as found
from cards import Cards
from playwright.sync_api import Page, expect
from work import GOAL, WHO, answers, beside, fill, packed, texts, workbook, write

import course
from course.core import syllabus, team
from course.core.handin import open_handin
from course.core.handin.manifest import codes
from course.core.team import Team
from course.workbook.canvas.widget import CanvasWidget
from course.workbook.handin import exchange
from course.workbook.handin.exchange import Exchanged
from course.workbook.handin.widget import HandinWidget
from course.workbook.team.widget import TeamWidget

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange, "available", lambda: False)
    # The browser's driver has a loop of its own here, which is no kernel's.
    monkeypatch.setattr("course.workbook.card.kernel_loop", lambda: None)


@pytest.fixture
def cards(page: Page) -> Cards:
    return Cards(page)


def button(cards: Cards, name: str) -> Any:
    return cards.page.get_by_role("button", name=name, exact=True)


def field(cards: Cards, option: str) -> Any:
    return cards.page.get_by_role("textbox", name=re.compile(f"^Stratégie 1, option {re.escape(option)} :"))


def saved_download(cards: Cards, name: str, path: Path) -> Path:
    with cards.page.expect_download() as found:
        cards.page.get_by_role("link", name=name).click()
    found.value.save_as(path / found.value.suggested_filename)
    return path / found.value.suggested_filename


def choose(cards: Cards, path: Path) -> None:
    with cards.page.expect_file_chooser() as found:
        button(cards, "Choisir le fichier…").click()
    found.value.set_files(path)


def report(cards: Cards) -> Any:
    return cards.page.locator(".course-report").last


class TestHandingIn:
    def test_a_complete_notebook_is_handed_in_by_one_click(self, cards: Cards, tmp_path: Path) -> None:
        folder = workbook(tmp_path)
        for identifier in ("1.1", "1.2", "1.3"):
            fill(folder, identifier)
        cards.show(HandinWidget(GOAL, folder))
        expect(cards.page.locator(".course-owner")).to_contain_text("Équipe d’Awa (Awa T., Paul K.)")
        button(cards, "Remettre").click()
        done = cards.page.locator(".course-done")
        expect(done).to_be_focused()
        archive = tmp_path / "remises/Equipe-d-Awa_but-1.zip"
        handin = open_handin(archive)
        for words in ("C’est remis.", codes(handin.sha256), archive.stem, "dossier Téléchargements"):
            expect(done).to_contain_text(words)
        assert str(tmp_path) not in done.inner_text()
        received = saved_download(cards, "Télécharger le fichier remis", tmp_path)
        assert (received.name, received.read_bytes()) == (archive.name, archive.read_bytes())
        receipt = saved_download(cards, "Télécharger le reçu à imprimer", tmp_path)
        assert receipt.read_bytes() == (tmp_path / "remises" / receipt.name).read_bytes()
        assert codes(handin.sha256) in receipt.read_text(encoding="utf-8")

    def test_an_incomplete_one_only_after_a_kind_question(self, cards: Cards, tmp_path: Path) -> None:
        folder = workbook(tmp_path)
        fill(folder, "1.1")
        cards.show(HandinWidget(GOAL, folder))
        button(cards, "Remettre").click()
        question = cards.page.locator(".course-question").first
        expect(question).to_be_focused()
        expect(question).to_contain_text("2 canevas sur 3 ne sont pas complets.")
        expect(question).to_contain_text("Canevas 1.2\u00a0: rien d’écrit")
        button(cards, "Je complète d’abord").click()
        expect(question).to_be_hidden()
        expect(button(cards, "Remettre")).to_be_focused()
        assert not (tmp_path / "remises").exists()
        button(cards, "Remettre").click()
        button(cards, "Remettre quand même").click()
        expect(cards.page.locator(".course-done")).to_contain_text("C’est remis.")
        assert list(open_handin(tmp_path / "remises/Equipe-d-Awa_but-1.zip").answers) == ["1.1"]

    def test_who_hands_in_is_asked_where_nobody_said_it(self, cards: Cards, tmp_path: Path) -> None:
        folder = workbook(tmp_path, None)
        cards.show(HandinWidget(GOAL, folder))
        button(cards, "Remettre").click()
        expect(cards.page.locator(".course-question").first).to_contain_text("Personne n’est nommé")
        button(cards, "Je complète d’abord").click()
        cards.page.get_by_role("textbox", name="Personne 1").fill("Awa T.")
        button(cards, "Remettre").click()
        expect(cards.page.locator(".course-question").first).not_to_contain_text("Personne n’est nommé")
        expect(cards.page.get_by_role("textbox")).to_have_count(0)  # not asked again
        expect(cards.page.locator(".course-owner")).to_have_text("Classeur de : Awa T.")
        button(cards, "Remettre quand même").click()
        expect(cards.page.locator(".course-done")).to_contain_text("C’est remis.")
        assert open_handin(tmp_path / "remises/Awa-T_but-1.zip").manifest.team == Team("", ("Awa T.",))

    def test_names_given_elsewhere_on_the_page_are_not_asked_for(self, cards: Cards, tmp_path: Path) -> None:
        folder = workbook(tmp_path, None)
        cards.show(TeamWidget(folder))
        cards.show(HandinWidget(GOAL, folder))
        foot = cards.page.get_by_role("region", name="Remettre")
        expect(foot.get_by_role("textbox")).to_have_count(2)
        cards.page.get_by_role("textbox", name="Personne 1").first.fill("Awa T.")
        expect(foot.get_by_role("textbox")).to_have_count(0)
        expect(foot).to_contain_text("Awa T.")

    def test_a_goal_prints_its_canvases(self, cards: Cards, tmp_path: Path) -> None:
        folder = workbook(tmp_path)
        for identifier in ("1.1", "1.2"):
            cards.show(CanvasWidget(syllabus.load().objective(identifier), folder))
        cards.show(HandinWidget(GOAL, folder))
        cards.page.evaluate("print = () => dispatchEvent(new Event('beforeprint'))")
        button(cards, "Imprimer le cahier").click()
        expect(cards.page.locator(".course-paper h2")).to_have_text([re.compile("^Canevas 1.1"), re.compile("1.2")])

    def test_the_last_word_typed_is_in_it(self, cards: Cards, tmp_path: Path) -> None:
        folder = workbook(tmp_path)
        cards.show(CanvasWidget(syllabus.load().objective("1.2"), folder))
        cards.show(HandinWidget(GOAL, folder))
        field(cards, "1.2.a").fill("Former les agents")
        button(cards, "Remettre").click()
        button(cards, "Remettre quand même").click()
        expect(cards.page.locator(".course-done")).to_contain_text("C’est remis.")
        assert b"Former les agents" in open_handin(tmp_path / "remises/Equipe-d-Awa_but-1.zip").answers["1.2"]

    def test_a_canvas_that_cannot_be_saved_is_told_before(
        self, cards: Cards, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = workbook(tmp_path)
        for identifier in ("1.1", "1.2", "1.3"):
            fill(folder, identifier)
        cards.show(CanvasWidget(syllabus.load().objective("1.2"), folder))
        cards.show(HandinWidget(GOAL, folder))

        def full(_: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("os.fsync", full)
        field(cards, "1.2.a").fill("Un texte de plus")
        button(cards, "Remettre").click()
        question = cards.page.locator(".course-question").first
        expect(question).to_contain_text("Le canevas 1.2 n’est pas encore enregistré")
        button(cards, "Remettre quand même").click()
        status = cards.page.get_by_role("status").filter(has_text="Rien n’est remis")
        expect(status).to_contain_text("Le disque est plein")

    def test_pasted_texts_that_wait_for_a_place_are_told_before(self, cards: Cards, tmp_path: Path) -> None:
        folder = workbook(tmp_path)
        for identifier in ("1.1", "1.2", "1.3"):
            fill(folder, identifier)
        cards.show(CanvasWidget(syllabus.load().objective("1.2"), folder))
        cards.show(HandinWidget(GOAL, folder))
        field(cards, "1.2.a").evaluate(
            """(node) => {
              const data = new DataTransfer();
              data.setData("text/plain", "Stratégie\\tAction\\tBudget\\r\\nFormer\\tRéunir\\t500\\r\\n");
              node.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
            }"""
        )
        button(cards, "Remettre").click()
        question = cards.page.locator(".course-question").first
        expect(question).to_contain_text("Le canevas 1.2 a 1 texte collé sans place")
        button(cards, "Je complète d’abord").click()
        assert not (tmp_path / "remises").exists()
        button(cards, "Remettre").click()
        button(cards, "Remettre quand même").click()
        expect(cards.page.locator(".course-done")).to_contain_text("C’est remis.")
        button(cards, "Laisser cela de côté").click()
        button(cards, "Remettre").click()
        expect(cards.page.locator(".course-done")).to_contain_text("C’est remis.")
        expect(question).to_be_hidden()

    def test_what_was_handed_in_before_is_said(self, cards: Cards, tmp_path: Path) -> None:
        folder = workbook(tmp_path)
        cards.show(HandinWidget(GOAL, folder))
        button(cards, "Remettre").click()
        button(cards, "Remettre quand même").click()
        expect(cards.page.locator(".course-done")).to_be_visible()
        sha256 = open_handin(tmp_path / "remises/Equipe-d-Awa_but-1.zip").sha256
        cards.load()
        cards.show(HandinWidget(GOAL, folder))
        expect(cards.page.get_by_text("Déjà remis le")).to_contain_text(codes(sha256))

    def test_a_dead_kernel_is_said(self, cards: Cards, tmp_path: Path) -> None:
        cards.page.clock.install()
        cards.load()
        cards.show(HandinWidget(GOAL, workbook(tmp_path)))
        cards.alive = False
        button(cards, "Remettre").click()
        expect(button(cards, "Remettre")).to_be_disabled()
        cards.page.clock.run_for(21_000)
        expect(cards.page.get_by_text("Le cours ne répond pas")).to_be_visible()
        expect(button(cards, "Remettre")).to_be_enabled()

    @pytest.mark.parametrize("result", list(Exchanged))
    def test_what_became_of_it_in_the_exchange_is_said(
        self, cards: Cards, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, result: Exchanged
    ) -> None:
        monkeypatch.setattr(exchange, "available", lambda: True)
        monkeypatch.setattr(exchange, "submit", lambda *_: result)
        cards.show(HandinWidget(GOAL, workbook(tmp_path)))
        button(cards, "Remettre").click()
        button(cards, "Remettre quand même").click()
        expect(cards.page.locator(".course-done")).to_be_visible()
        said = cards.page.get_by_role("status").filter(has_text="réseau")
        if result:
            expect(said).to_have_text(result)
        else:
            expect(said).to_have_count(0)


class TestTakingUpAgain:
    @pytest.fixture
    def archive(self, tmp_path: Path) -> Path:
        folder = workbook(tmp_path / "ailleurs")
        fill(folder)
        made = packed(folder)
        (tmp_path / made.name).write_bytes(made.raw)
        return tmp_path / made.name

    def test_the_answers_appear_in_the_canvas_of_the_page(self, cards: Cards, tmp_path: Path, archive: Path) -> None:
        folder = workbook(tmp_path / "ici", None)
        cards.show(CanvasWidget(syllabus.load().objective("1.2"), folder))
        cards.show(HandinWidget(GOAL, folder))
        cards.page.locator(".course-card summary").last.click()
        choose(cards, archive)
        expect(report(cards)).to_contain_text("Canevas 1.2\u00a0: 6 textes repris.")
        expect(field(cards, "1.2.a")).to_have_value("Stratégie pour 1.2.a")
        expect(report(cards)).to_contain_text("Classeur de\u00a0: Équipe d’Awa")
        assert len(texts(folder)) == 6
        assert team.read(tmp_path / "ici") == WHO

    def test_one_canvas_s_own_file_too(self, cards: Cards, tmp_path: Path) -> None:
        other, folder = workbook(tmp_path / "a"), workbook(tmp_path / "b")
        write(other, "1.2.a", "Former les agents")
        cards.show(HandinWidget(GOAL, folder))
        cards.page.locator("summary").last.click()
        choose(cards, other / "reponses/1.2.json")
        expect(report(cards)).to_contain_text("1 texte repris.")
        assert texts(folder) == ["Former les agents"]

    def test_somebody_else_s_only_after_a_question_and_nothing_is_lost(
        self, cards: Cards, tmp_path: Path, archive: Path
    ) -> None:
        folder = workbook(tmp_path / "ici", Team("Groupe 7"))
        write(folder, "1.2.a", "Un texte d’ici", row="1-2-a")
        cards.show(HandinWidget(GOAL, folder))
        cards.page.locator("summary").last.click()
        choose(cards, archive)
        question = cards.page.locator(".course-question").last
        expect(question).to_be_focused()
        expect(question).to_contain_text("Ce fichier est celui de\u00a0: Équipe d’Awa (Awa T., Paul K.).")
        button(cards, "Ne rien changer").click()
        expect(report(cards)).to_have_text("Rien n’est repris.")
        assert texts(folder) == ["Un texte d’ici"]
        choose(cards, archive)
        button(cards, "Reprendre quand même").click()
        expect(report(cards)).to_contain_text("1 texte diffère de ce qui est écrit ici")
        assert "Un texte d’ici" in texts(folder)
        assert beside(folder) == ["Stratégie pour 1.2.a"]

    def test_another_file_is_refused_in_french(self, cards: Cards, tmp_path: Path) -> None:
        folder = workbook(tmp_path)
        (tmp_path / "photo.zip").write_bytes(b"PK" + bytes(100))
        (tmp_path / "lourd.zip").write_bytes(bytes(16 * 1024 * 1024 + 1))
        cards.show(HandinWidget(GOAL, folder))
        cards.page.locator("summary").last.click()
        choose(cards, tmp_path / "photo.zip")
        expect(report(cards)).to_contain_text("Rien n’est repris.")
        choose(cards, tmp_path / "lourd.zip")
        expect(report(cards)).to_contain_text("dépasse 16 Mio")
        assert [message["kind"] for message in cards.received] == ["resume"]


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(cards: Cards, tmp_path: Path, width: int) -> None:
    page = cards.page
    page.set_viewport_size({"width": width, "height": 800})
    cards.show(HandinWidget(GOAL, workbook(tmp_path, Team("W" * 120))))
    page.locator("summary").last.click()
    button(cards, "Remettre").click()
    expect(button(cards, "Remettre quand même")).to_be_visible()
    assert violations(page) == []
    button(cards, "Remettre quand même").click()
    expect(page.locator(".course-done")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def violations(page: Page) -> list[str]:
    return found(page, without=OF_THE_PAGE)


class TestFailure:
    def test_a_folder_that_this_account_may_not_look_into_is_said_in_french(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr("course.core.handin.receipt._keep_earlier", refuse)
        [(answer, _)] = heard(tmp_path, monkeypatch)
        assert answer["reason"].startswith("Le dossier est protégé en écriture")

    def test_what_is_handed_in_is_said_so_even_when_nothing_can_be_read_afterwards(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_: Path) -> bytes:
            raise PermissionError(errno.EACCES, "Permission denied")

        with monkeypatch.context() as patch:
            patch.setattr(Path, "read_bytes", refuse)
            [(answer, (archive, receipt))] = heard(tmp_path, patch)
        assert "reason" not in answer
        assert (tmp_path / "remises" / answer["name"]).read_bytes() == archive
        assert (tmp_path / "remises" / answer["receipt"]).read_bytes() == receipt


def heard(root: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[dict[str, Any], list[bytes]]]:
    """The answers to « Remettre », without a page."""
    answers: list[tuple[dict[str, Any], list[bytes]]] = []
    monkeypatch.setattr(HandinWidget, "send", lambda _, content, buffers=None: answers.append((content, buffers)))
    HandinWidget(GOAL, workbook(root))._hear(None, {"kind": "hand-in", "ask": 1}, [])
    return answers


class TestVerb:
    def test_under_nbgrader_both_do_nothing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
        assert course.handin("but-1") is None
        assert course.team() is None
        assert list(tmp_path.iterdir()) == []

    def test_an_unknown_notebook_is_said_in_french(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        with pytest.raises(ValueError, match=r"Il n’y a pas de cahier .*but-9"):
            course.handin("but-9")

    @pytest.mark.parametrize("verb", ["team", "handin"])
    def test_no_folder_takes_the_name_of_a_verb(self, verb: str) -> None:
        assert not (Path(course.__file__).parent / verb).exists()
        assert not (Path(course.__file__).parent / f"{verb}.py").exists()

    def test_without_widgets_a_page_says_where_to_go(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(workbook(tmp_path))
        monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
        for shown, words in ((course.handin("but-1"), "course submit but-1"), (course.team(), "Équipe d’Awa")):
            data, *_ = shown._repr_mimebundle_()
            assert words in data["text/html"]
            assert "Widget" not in data["text/plain"]


def test_the_notebook_leaves_as_word_and_what_was_changed_there_comes_back(cards: Cards, tmp_path: Path) -> None:
    folder = workbook(tmp_path)
    write(folder, "1.2.a", "Former les relais", "Réunir les chefs", row="1-2-a")
    cards.show(HandinWidget(GOAL, folder))
    cards.page.get_by_text("Emporter le cahier dans Word ou dans Excel").click()
    button(cards, "Word").click()
    expect(cards.page.get_by_text("gardé dans votre classeur")).to_be_visible()
    path = saved_download(cards, "Télécharger le document (Word)", tmp_path)
    document = docx.Document(str(path))
    document.tables[1].rows[1].cells[4].text = "mai 2027"
    document.save(str(path))
    cards.page.get_by_text("Reprendre une remise", exact=True).click()
    choose(cards, path)
    expect(cards.page.get_by_text("→ 1.2.a, échéance")).to_be_visible()
    assert answers(folder).options["1.2.a"][0].actions[0].due == "mai 2027"
