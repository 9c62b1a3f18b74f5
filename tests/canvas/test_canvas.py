"""The canvas in a real browser, on the real widget class and store: what is typed is kept, saved and told honestly."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from stage import Stage

from course.core import rubric, syllabus
from course.core.answers import Answers, read
from course.core.words import points
from course.workbook.canvas.widget import CanvasWidget

pytestmark = pytest.mark.browser

SAVED = re.compile("^Enregistré$")


@pytest.fixture
def stage(page: Page, tmp_path: Path) -> Stage:
    return Stage(page, tmp_path)


def field(stage: Stage, name: str) -> Any:
    return stage.page.get_by_role("textbox", name=re.compile(f"^{re.escape(name)} :"))


def status(stage: Stage) -> Any:
    return stage.page.locator(".course-status").last


def remove(stage: Stage, name: str) -> None:
    """Opens the menu of a row, and removes what it names."""
    button = stage.page.locator(f'button[aria-label^="Supprimer {name}"]')
    stage.page.locator(".course-remove").filter(has=button).locator("summary").click()
    button.click()


def answers(stage: Stage, objective: str = "1.2") -> Answers:
    return read(stage.folder, syllabus.load().objective(objective))


def written(stage: Stage, option: str = "1.2.a") -> list[tuple[str, list[str]]]:
    return [(row.strategy, [a.action for a in row.actions]) for row in answers(stage).options[option]]


def drafts(stage: Stage) -> dict[str, str]:
    return json.loads(stage.page.evaluate("JSON.stringify(localStorage)"))


class TestFilling:
    def test_every_option_has_its_label_gloss_and_two_fields(self, stage: Stage) -> None:
        objective = syllabus.load().objective("1.1")
        stage.show("1.1")
        for option in objective.options:
            header = stage.page.get_by_role("rowheader", name=option.label)
            expect(header).to_contain_text(option.gloss)
            expect(field(stage, f"Stratégie 1, option {option.id}")).to_be_visible()
            expect(field(stage, f"Action 1 de la stratégie 1, option {option.id}")).to_be_visible()

    def test_rows_are_added_removed_and_brought_back(self, stage: Stage) -> None:
        stage.show("1.2")
        field(stage, "Stratégie 1, option 1.2.a").fill("Former les agents")
        stage.page.get_by_role("button", name="+ Autre stratégie, option 1.2.a").click()
        expect(field(stage, "Stratégie 2, option 1.2.a")).to_be_focused()
        stage.page.keyboard.type("Écrire un guide")
        stage.page.get_by_role("button", name="+ Action à la stratégie 2, option 1.2.a").click()
        expect(field(stage, "Action 2 de la stratégie 2, option 1.2.a")).to_be_focused()
        stage.page.keyboard.type("Relire le guide")
        remove(stage, "la stratégie 2 et ses 2 actions, option 1.2.a")
        expect(field(stage, "Stratégie 2, option 1.2.a")).to_have_count(0)
        undo = stage.page.get_by_role("button", name="Annuler")
        expect(undo).to_be_focused()
        undo.press("Enter")
        expect(field(stage, "Stratégie 2, option 1.2.a")).to_have_value("Écrire un guide")
        expect(field(stage, "Stratégie 2, option 1.2.a")).to_be_focused()
        expect(status(stage)).to_have_text(SAVED)
        assert written(stage) == [("Former les agents", []), ("Écrire un guide", ["", "Relire le guide"])]

    def test_what_is_typed_is_on_disk_when_the_canvas_says_so_and_verifier_says_what_the_rule_counts(
        self, stage: Stage
    ) -> None:
        stage.show("1.2")
        field(stage, "Stratégie 1, option 1.2.a").fill("Former les agents")
        field(stage, "Action 1 de la stratégie 1, option 1.2.a").fill("Réunir dix agents")
        expect(status(stage)).to_have_text(SAVED)
        assert written(stage) == [("Former les agents", ["Réunir dix agents"])]
        assert drafts(stage) == {}
        field(stage, "Stratégie 1, option 1.2.b").fill("Soutenir les associations")
        stage.page.get_by_role("button", name="Vérifier").click()
        report = stage.page.locator(".course-report")
        expect(report).to_contain_text("1 option sur 3 traitée. Complétude : 2 sur 6.")
        lacks = [label.split("\u00a0: ", 1)[1] for label in report.locator(".course-treated li").all_inner_texts()]
        assert lacks == ["traitée", "il manque une action", "il manque une stratégie"]
        assert [line.split() for line in report.locator(".course-parts li").all_inner_texts()] == [
            ["Options", "traitées", ":", "1", "sur", "3", "1,33", "sur", "4"],
            ["Stratégies", "qui", "ont", "leur", "action", ":", "1", "sur", "2", "0,17", "sur", "1"],
            ["Textes", "qui", "n’en", "répètent", "pas", "un", "autre", ":", "3", "sur", "3", "0,33", "sur", "1"],
        ]

    def test_the_six_criteria_come_before_the_answer_with_their_points_and_levels(self, stage: Stage) -> None:
        stage.page.set_viewport_size({"width": 1920, "height": 950})
        stage.show("1.2")
        lines = stage.page.get_by_role("list", name="Critères").get_by_role("listitem")
        expect(lines).to_have_count(6)
        for line, criterion in zip(lines.all(), rubric.load(), strict=True):
            expect(line).to_contain_text(criterion.title.partition("\u00a0:")[0])
            expect(line).to_contain_text(f"{criterion.points} point")
            for level, text in enumerate(criterion.levels):
                expect(line.get_by_text(f"{points(criterion.worth(level))}\u00a0: {text}")).to_be_visible()
        first = field(stage, "Stratégie 1, option 1.2.a").bounding_box()
        assert lines.last.bounding_box()["y"] < first["y"]

    def test_on_a_low_screen_a_criterion_opens_on_its_levels(self, stage: Stage) -> None:
        stage.page.set_viewport_size({"width": 1024, "height": 600})
        stage.show("1.2")
        line = stage.page.get_by_role("list", name="Critères").get_by_role("listitem").first
        level = line.get_by_text(rubric.load()[0].levels[2])
        expect(level).to_be_hidden()
        line.locator("summary").click()
        expect(level).to_be_visible()

    def test_what_was_saved_is_there_again_and_hostile_text_is_only_text(self, stage: Stage) -> None:
        hostile = "<img src=x onerror=\"document.title='ouvert'\"></textarea><script>document.title='ouvert'</script>"
        stage.show("1.2")
        field(stage, "Stratégie 1, option 1.2.a").fill(hostile)
        expect(status(stage)).to_have_text(SAVED)
        stage.load()
        stage.show("1.2")
        expect(field(stage, "Stratégie 1, option 1.2.a")).to_have_value(hostile)
        assert stage.page.title() == "Page"


class TestModule:
    """The large module comes packed; a browser that cannot unpack it asks for it as it is."""

    @pytest.mark.parametrize("old", [False, True], ids=["new browser", "old browser"])
    def test_it_comes_to_any_browser(self, stage: Stage, monkeypatch: pytest.MonkeyPatch, *, old: bool) -> None:
        monkeypatch.setattr(CanvasWidget, "_module_sent", False)  # of a new kernel
        if old:
            stage.page.evaluate("delete globalThis.DecompressionStream")
        stage.show("1.2", "1.1")
        field(stage, "Stratégie 1, option 1.2.a").fill("Former les agents")
        expect(status(stage)).to_be_visible()
        asked = [message["plain"] for message in stage.received if message["kind"] == "module"]
        assert asked == ([True] if old else [])
        assert next(iter(stage.widgets.values())).module["packed"]
        assert list(stage.widgets.values())[1].module == {}


class TestDeath:
    def test_typing_goes_on_through_a_dead_kernel(self, stage: Stage) -> None:
        stage.page.clock.install()
        stage.show("1.2")
        field(stage, "Stratégie 1, option 1.2.a").click()
        stage.page.keyboard.type("avant ")
        stage.page.clock.run_for(600)
        expect(status(stage)).to_have_text(SAVED)
        stage.kill()
        stage.page.keyboard.type("pendant ")
        stage.page.clock.run_for(5_000)
        expect(status(stage)).to_contain_text("gardé dans ce navigateur")
        stage.show("1.2")
        stage.page.clock.run_for(50)
        stage.page.keyboard.type("après")
        stage.page.clock.run_for(600)
        expect(status(stage)).to_have_text(SAVED)
        assert written(stage) == [("avant pendant après", [])]
        assert answers(stage) is not None
        assert drafts(stage) == {}

    def test_the_caret_survives_where_it_was(self, stage: Stage) -> None:
        stage.show("1.2")
        area = field(stage, "Action 1 de la stratégie 1, option 1.2.b")
        area.fill("un trois")
        area.evaluate("(node) => node.setSelectionRange(3, 3)")
        stage.page.keyboard.type("deux")
        stage.show("1.2")
        stage.page.keyboard.type(" et demi ")
        expect(field(stage, "Action 1 de la stratégie 1, option 1.2.b")).to_have_value("un deux et demi trois")

    def test_keys_typed_while_no_canvas_is_shown_are_kept(self, stage: Stage) -> None:
        stage.show("1.2")
        field(stage, "Stratégie 1, option 1.2.a").click()
        stage.page.keyboard.type("avant ")
        stage.page.evaluate("() => { const view = stage.views.get('1.2'); view.host.remove(); view.cleanup(); }")
        stage.page.keyboard.type("entre ")
        stage.page.evaluate("() => stage.views.delete('1.2')")
        stage.show("1.2")
        stage.page.keyboard.type("après")
        expect(field(stage, "Stratégie 1, option 1.2.a")).to_have_value("avant entre après")
        expect(stage.page.locator(".course-stand-in")).to_have_count(0)

    def test_a_draft_left_by_a_closed_page_is_saved_by_the_next(self, stage: Stage) -> None:
        stage.show("1.2")
        stage.kill()
        field(stage, "Stratégie 1, option 1.2.a").fill("Texte jamais envoyé")
        assert len(drafts(stage)) == 1
        stage.load()
        stage.show("1.2")
        expect(field(stage, "Stratégie 1, option 1.2.a")).to_have_value("Texte jamais envoyé")
        expect(status(stage)).to_have_text(SAVED)
        assert written(stage) == [("Texte jamais envoyé", [])]
        assert drafts(stage) == {}

    def test_a_save_whose_answer_was_lost_is_made_once(self, stage: Stage) -> None:
        stage.page.clock.install()
        stage.show("1.2")
        stage.deaf = True
        field(stage, "Stratégie 1, option 1.2.a").fill("Former les agents")
        stage.page.clock.run_for(600)
        expect(status(stage)).to_have_text("Enregistrement…")
        stage.page.clock.run_for(4_000)
        expect(status(stage)).to_contain_text("nouvel essai")
        stage.deaf = False
        stage.page.clock.run_for(20_000)
        expect(status(stage)).to_have_text(SAVED)
        assert written(stage) == [("Former les agents", [])]
        document = json.loads((stage.folder / "reponses/1.2.json").read_text(encoding="utf-8"))
        assert document["revision"] == 1

    def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_lost(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stage.page.clock.install()
        stage.show("1.2")

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr("course.core.answers.store.os.fsync", full)
            field(stage, "Stratégie 1, option 1.2.a").fill("Former les agents")
            stage.page.clock.run_for(600)
            expect(status(stage)).to_contain_text("Le disque est plein")
            assert len(drafts(stage)) == 1
        stage.page.clock.run_for(9_000)
        expect(status(stage)).to_have_text(SAVED)
        assert written(stage) == [("Former les agents", [])]

    def test_no_draft_is_kept_of_another_document(self, stage: Stage, tmp_path: Path) -> None:
        stage.show("1.2")
        stage.kill()
        field(stage, "Stratégie 1, option 1.2.a").fill("Texte d’Awa")
        stage.load()
        stage.folder = tmp_path / "autre"
        stage.folder.mkdir()
        stage.show("1.2")
        expect(field(stage, "Stratégie 1, option 1.2.a")).to_have_value("")


class TestOthers:
    def test_the_canvas_names_whose_workbook_it_is(self, stage: Stage) -> None:
        stage.show("1.2")
        expect(stage.page.locator(".course-owner")).to_contain_text("Classeur sans nom")
        team = {"format": "equipe/1", "group": "Groupe 3", "members": ["Awa T.", "Paul <b>K.</b>"]}
        (stage.folder / "equipe.json").write_text(json.dumps(team), encoding="utf-8")
        stage.show("1.2")
        expect(stage.page.locator(".course-owner")).to_contain_text("Groupe 3")
        expect(stage.page.locator(".course-owner")).to_contain_text("Paul <b>K.</b>")

    def test_two_texts_are_both_shown_until_one_is_chosen(self, stage: Stage) -> None:
        stage.show("1.2")
        stage.kill()
        field(stage, "Stratégie 1, option 1.2.a").fill("Texte d’ici")
        other = Stage.writer(stage.folder, "1.2")
        other("1-2-a-0", "1.2.a", "Texte d’ailleurs")
        stage.show("1.2")
        conflict = stage.page.get_by_role("group", name="Deux textes : Stratégie, option 1.2.a")
        expect(conflict).to_contain_text("Texte d’ailleurs")
        expect(field(stage, "Stratégie 1, option 1.2.a")).to_have_value("Texte d’ici")
        stage.load()
        stage.show("1.2")
        conflict.get_by_role("button", name="Reprendre cet autre texte").click()
        expect(conflict).to_have_count(0)
        expect(field(stage, "Stratégie 1, option 1.2.a")).to_have_value("Texte d’ailleurs")
        expect(status(stage)).to_have_text(SAVED)
        assert written(stage) == [("Texte d’ailleurs", [])]

    def test_a_row_removed_while_another_wrote_in_it_can_come_back(self, stage: Stage) -> None:
        stage.show("1.2")
        first, second = (f"Stratégie {number}, option 1.2.a" for number in (1, 2))
        field(stage, first).fill("Former les agents")
        stage.page.get_by_role("button", name="+ Autre stratégie, option 1.2.a").click()
        field(stage, second).fill("Réunir le comité")
        expect(status(stage)).to_have_text(SAVED)
        document = json.loads((stage.folder / "reponses/1.2.json").read_text(encoding="utf-8"))
        row = document["options"]["1.2.a"][1]["id"]
        Stage.writer(stage.folder, "1.2")(row, "1.2.a", "Réunir le comité chaque mois")
        remove(stage, "la stratégie 2")
        removed = stage.page.get_by_role("group", name="Deux textes").filter(has_text="le comité chaque mois")
        removed.get_by_role("button", name="Remettre cette ligne").click()
        expect(field(stage, second)).to_be_focused()
        expect(removed).to_have_count(0)
        expect(field(stage, second)).to_have_value("Réunir le comité chaque mois")

    def test_a_row_removed_while_another_wrote_in_it_can_stay_removed(self, stage: Stage) -> None:
        stage.show("1.2")
        stage.kill()  # the page hears nothing of the other's text before the removal
        Stage.writer(stage.folder, "1.2")("1-2-a-0", "1.2.a", "Réunir le comité")
        stage.page.get_by_role("button", name="+ Autre stratégie, option 1.2.a").click()
        remove(stage, "la stratégie 1")
        stage.show("1.2")
        stage.page.get_by_role("button", name="La laisser supprimée").click()
        expect(stage.page.get_by_role("group", name="Deux textes")).to_have_count(0)
        expect(status(stage)).to_have_text(SAVED)
        assert written(stage) == [("", [])]

    def test_an_unreadable_file_is_said_and_set_aside(self, stage: Stage) -> None:
        (stage.folder / "reponses").mkdir()
        (stage.folder / "reponses/1.2.json").write_bytes(b"{")
        stage.show("1.2")
        notice = stage.page.locator(".course-warning")
        expect(notice).to_contain_text("illisible")
        notice.get_by_role("button", name="J’ai compris").click()
        expect(notice).to_be_empty()
        assert [p.read_bytes() for p in (stage.folder / "reponses").glob("1.2-illisible-*.json")] == [b"{"]


class TestKeys:
    def test_no_key_leaves_the_canvas_and_ctrl_s_saves_at_once(self, stage: Stage) -> None:
        stage.show("1.2")
        stage.page.evaluate("() => { globalThis.heard = []; addEventListener('keydown', (e) => heard.push(e.key)); }")
        check, strategy = stage.page.get_by_role("button", name="Vérifier"), field(stage, "Stratégie 1, option 1.2.a")
        for node in (check, strategy):
            node.focus()
            for key in ("x", "d", "a", "Escape"):
                stage.page.keyboard.press(key)
        assert stage.page.evaluate("heard") == []
        strategy.press_sequentially("Former")
        stage.page.keyboard.press("Control+s")
        assert stage.received[-1]["kind"] == "save"
