"""What is pasted goes where it belongs; what has no place is shown and asked about, and one press undoes a paste."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import PATIENCE
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page, expect
from stage import Stage
from test_canvas import SAVED, field, remove, status

from course.core import syllabus
from course.core.answers import read
from course.workbook.canvas.widget import MODULE

pytestmark = pytest.mark.browser

OBJECTIVE = syllabus.load().objective("1.2")
CLEANED = json.loads((Path(__file__).parent / "cases" / "cleaned-texts.json").read_text(encoding="utf-8"))
CASES = json.loads((Path(__file__).parent / "cases" / "paste-excel-word.json").read_text(encoding="utf-8"))
FIELDS = ("strategy", "action", "responsible", "due", "indicator")
A, B, C = (f"Action {rank} de la stratégie 1, option 1.2.a" for rank in (1, 2, 3))
S, T = (f"Stratégie {rank}, option 1.2.a" for rank in (1, 2))

PEERS = "Stratégie 1, option 1.2.c"
BUDGETS = "Option\tStratégie\tAction\tBudget\r\n1.2.a\tS1\tA1\t111 F\r\n1.2.c\tS2\tA2\t222 F\r\n"
ADD, ASIDE = "Ajouter cela aux places proposées", "Laisser cela de côté"

Pasted = Callable[[str, str], dict[str, Any]]


@pytest.fixture
def stage(page: Page, tmp_path: Path) -> Stage:
    made = Stage(page, tmp_path)
    made.show("1.2")
    return made


@pytest.fixture(scope="module")
def pasted(browser: Any) -> Iterator[Pasted]:
    """The canvas's own function that reads a clipboard, for option 1.2.a."""
    page = browser.new_page()
    page.set_default_timeout(1000 * PATIENCE)
    options = [{"id": option.id, "label": option.label} for option in OBJECTIVE.options]
    canvas = {"id": OBJECTIVE.id, "title": OBJECTIVE.title, "options": options}
    source = MODULE.source.split("class View")[0]
    page.evaluate(f"() => {{ {source}; globalThis.pasted = pasted; }}")
    call = "([text, canvas, field]) => pasted(text, canvas, '1.2.a', field)"
    yield lambda text, name: page.evaluate(call, [text, canvas, name])
    page.close()


def test_a_table_of_the_course_s_own_excel_document_leaves_nothing_without_a_place(pasted: Pasted) -> None:
    option = OBJECTIVE.options[1]
    text = f"Repère\tOption\tIntitulé\tStratégie\tAction\r\ns/a\t{option.id}\t{option.label}\tS\tA\r\n"
    assert pasted(text, "strategy") == {"lines": [{"option": option.id, "strategy": "S", "action": "A"}], "left": []}


def paste(stage: Stage, name: str, text: str) -> None:
    field(stage, name).focus()
    field(stage, name).evaluate(
        """(node, text) => {
          const data = new DataTransfer();
          data.setData("text/plain", text);
          node.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        text,
    )


def unplaced(stage: Stage) -> Any:
    return stage.page.get_by_role("group", name="Textes sans place").get_by_role("listitem")


def button(stage: Stage, name: str) -> Any:
    return stage.page.get_by_role("button", name=name, exact=True)


def rows(stage: Stage, option: str = "1.2.a") -> list[tuple[str, list[tuple[str, ...]]]]:
    """What the file holds of an option; each action without what follows its last text."""
    expect(status(stage)).to_have_text(SAVED)
    found = []
    for row in read(stage.folder, OBJECTIVE).options[option]:
        actions = [tuple(getattr(action, name) for name in FIELDS[1:]) for action in row.actions]
        found.append(
            (row.strategy, [action[: max((n + 1 for n in range(4) if action[n]), default=0)] for action in actions])
        )
    return found


def lines(pasted: Pasted, text: str, name: str) -> list[tuple[str, ...]]:
    """What a block gives: its lines, each option and its texts in order."""
    found = pasted(text, name)
    return [(line["option"][-1], *(line[key] for key in FIELDS if key in line)) for line in found["lines"]]


words = st.text(st.sampled_from('abÀé ’"1.-•§Ø😀'), min_size=1, max_size=6).map(lambda text: f"mot{text}fin")
tables = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(words, min_size=width, max_size=width), min_size=1, max_size=4)
)


class TestReading:
    @pytest.mark.parametrize("field", ["action", "strategy"])
    def test_a_text_is_clean(self, pasted: Pasted, field: str) -> None:
        for text, clean in (
            *((text, clean) for text, clean in CLEANED if "\t" not in text),  # a tab parts cells here
            ("1.\tFormer", "Former"),
            ("Un texte\nde deux lignes.\r\n", "Un texte\nde deux lignes."),
            ('"Former" les agents', '"Former" les agents'),
            ('"Il dit ""oui"" ici"\r\n', 'Il dit "oui" ici'),
            ('"Former\r\nAfficher"\r\n', "Former\nAfficher"),
        ):
            assert pasted(text, field) == {"text": clean}, text

    def test_bullets_are_lines_of_a_strategy_and_of_an_indicator(self, pasted: Pasted) -> None:
        for text in ("•\tun\r\n•\tdeux", "* un\n* deux", "§\tun\r\n§\tdeux"):
            assert pasted(text, "strategy") == pasted(text, "indicator") == {"text": "un\ndeux"}

    def test_the_items_of_a_list_are_actions(self, pasted: Pasted) -> None:
        """case paste-excel-word, its lists"""
        expected = [("a", "Former douze ASBC"), ("a", "Afficher la liste\nau mur")]
        numbers = [
            "1. 2.",
            "1) 2)",
            "(1) (2)",
            "1° 2°",
            "a) b)",
            "a. b.",
            "A. B.",
            "i. ii.",
            "1.1. 1.2.",
            "1.1 1.2",
            "1 2",
        ]
        numbers += [
            "1- 2-",
            "1\u00a0– 2\u00a0–",
            "A- B-",
            "a- b-",
            "1°- 2°-",
            "Étape\u00a01 Étape\u00a02",
            "Axe\u00a01: Axe\u00a02:",
        ]
        signs = [f"{sign} {sign}" for sign in "§Ø·•oüv-–\uf0b7→☐☑✗✅"] + ["✔\ufe0f ✔\ufe0f"]
        for mark in (*numbers, *signs):
            first, second = mark.split(" ")
            nested = f"{first}\tFormer douze ASBC\r\n\to\tAfficher la liste\r\nau mur\r\n\t\t1-\tpartout\r\n"
            if mark in signs:
                assert lines(pasted, nested, "action") == [*expected, ("a", "partout")], mark
                assert pasted(nested, "strategy") == {
                    "text": "Former douze ASBC\nAfficher la liste\nau mur\n1- partout"
                }
            text = f"{first}\tFormer douze ASBC\r\n{second}\tAfficher la liste\r\nau mur\r\n"
            assert lines(pasted, text, "action") == expected, mark
        for mark in ("1. 2.", "1) 2)", "a) b)", "- -", "* *", "• •"):
            first, second = mark.split(" ")
            text = f"{first} Former douze ASBC\n{second} Afficher la liste\nau mur"
            assert lines(pasted, text, "action") == expected, mark
        assert lines(pasted, "1.\tun\r\n2.\tdeux\r\n", "strategy") == [("a", "un"), ("a", "deux")]
        assert lines(pasted, "Nos actions\n1.\tun\r\n", "action") == [("a", "Nos actions"), ("a", "un")]

    def test_columns_are_known_by_their_headings(self, pasted: Pasted) -> None:
        """case paste-excel-word, its headings"""
        text = (
            "Plan du groupe\t\t\r\n"
            "N°\tObjectif\tOption\tStratégies\tActions à mener\tBudget\tResponsable(s)\tÉchéance\r\n"
            "1\tObjectif 1.2\ta\tDes ASBC\tPayer la prime\t500\tMCD\tT1\r\n"
            "2\t\tb\tUne association\tRéunir\t\tICP\t\r\n"
            "3\tObjectif 1.3\t1.3.a\tAilleurs\tRien\t7\t\t\r\n"
        )
        for name in FIELDS:
            found = pasted(text, name)
            assert lines(pasted, text, name) == [
                ("a", "Des ASBC", "Payer la prime", "MCD", "T1"),
                ("b", "Une association", "Réunir", "ICP"),
            ]
            assert found["left"] == [
                {"text": "Plan du groupe", "line": -1},
                {"text": "Budget\u00a0: 500", "line": 0},
                {"text": "1.3.a\u00a0; Ailleurs\u00a0; Rien\u00a0; Budget\u00a0: 7", "line": -1},
            ]
        assert lines(pasted, "Échéance\tQui\r\nT1\tMCD\r\n", "strategy") == [("a", "MCD", "T1")]
        assert pasted("Stratégie\tAction\r\n", "strategy") == {"lines": [], "left": []}

    def test_one_word_of_a_heading_or_a_text_is_no_heading(self, pasted: Pasted) -> None:
        for text in ("Responsables\nInformer les familles", "Actions\nFormer\nPayer", "Calendrier\nAfficher-le"):
            assert pasted(text, "strategy") == {"text": text}
        for first, second in (
            ("Calendrier", "Afficher"),
            ("Actions", "Budget"),
            ("Responsables", "Actions de tous les agents du district"),
            ("Actions", "Dates."),
        ):
            text = f"{first}\t{second}\r\nFormer\tSuivre\r\n"
            assert lines(pasted, text, "strategy") == [("a", first, second), ("a", "Former", "Suivre")]

    def test_without_headings_they_begin_at_the_field(self, pasted: Pasted) -> None:
        assert lines(pasted, "Payer\tMCD\r\n", "action") == [("a", "Payer", "MCD")]
        assert pasted("MCD\tT1\r\n", "responsible")["lines"] == [{"option": "1.2.a", "responsible": "MCD", "due": "T1"}]
        assert lines(pasted, "S\tAct\tMCD\tT1\tI\r\n", "action") == [("a", "S", "Act", "MCD", "T1", "I")]
        assert pasted("Act\tMCD\tT1\tI\t\tencore\r\n", "action")["left"] == [{"text": "encore", "line": 0}]
        assert lines(pasted, "1.2.c\tS\tAct\n1.3.b\tailleurs\t\n", "due") == [("c", "S", "Act")]

    def test_each_text_without_a_column_says_of_which_line_it_is(self, pasted: Pasted) -> None:
        text = (
            "Budget\tStratégie\tAction\tAction 2\tSource\r\n"
            "111 F\tFormer\tRéunir\tÉcrire\tfiche\r\n"
            "222 F\t\t\t\t\r\n"
            "333 F\tPayer\t\t\t\r\n"
        )
        found = pasted(text, "strategy")
        assert lines(pasted, text, "strategy") == [("a", "Former", "Réunir"), ("a", "Écrire"), ("a", "Payer")]
        assert found["left"] == [
            {"text": "Budget\u00a0: 111 F", "line": 0},
            {"text": "Source\u00a0: fiche", "line": 1},
            {"text": "Budget\u00a0: 222 F", "line": 1},
            {"text": "Budget\u00a0: 333 F", "line": 2},
        ]

    @given(table=tables, name=st.sampled_from(FIELDS), has_options=st.booleans())
    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_no_word_of_a_table_is_dropped(
        self, pasted: Pasted, table: list[list[str]], name: str, has_options: bool
    ) -> None:
        quoted = [['"' + cell.replace('"', '""') + '\nligne"' for cell in row] for row in table]
        for cells in (table, quoted):
            place = ["1.2.a\t", "1.2.b\t"] if has_options else ["", ""]
            text = "".join(place[rank % 2] + "\t".join(row) + "\r\n" for rank, row in enumerate(cells))
            found = json.dumps(pasted(text, name), ensure_ascii=False)
            for row in table:
                for cell in row:
                    letters = [letter for letter in cell if letter.isalnum()]
                    kept = [letter for letter in found if letter.isalnum()]
                    assert "".join(letters) in "".join(kept)


class TestCases:
    def test_each_block_is_where_it_belongs(self, stage: Stage) -> None:
        """case paste-excel-word"""
        five, options, headings, two, quoted, numbers, bullets = (case["clipboard"] for case in CASES)
        undo = stage.page.get_by_role("button", name="Annuler")
        pay, show = ("Payer la prime chaque mois",), ("Afficher la liste des visites",)
        form = ("Former douze ASBC avant mars",)
        for name, text, expected in (
            (
                S,
                five,
                [
                    ("Des ASBC payées", [(*pay, "MCD", "T1", "Primes payées")]),
                    ("Une association", [("Réunir les femmes", "ICP", "T2", "Réunions tenues")]),
                ],
            ),
            (S, options, [("Des ASBC payées", [pay])]),
            (S, headings, [("Des ASBC payées", [(*pay, "MCD")])]),
            (A, two, [("", [(*pay, "MCD")])]),
            (A, numbers, [("", [form, show, pay])]),
            (A, bullets, [("", [form, show])]),
        ):
            paste(stage, name, text)
            assert rows(stage) == expected
            expect(field(stage, name)).to_be_focused()
            if text == options:
                assert rows(stage, "1.2.b") == [("Une association", [("Réunir les femmes",)])]
            undo.click()
            assert {row for option in ("1.2.a", "1.2.b") for row in map(str, rows(stage, option))} <= {
                "('', [()])",
                "('', [])",
            }
        paste(stage, A, quoted)
        assert rows(stage)[0][1][0] == ("Former douze ASBC\nAfficher la liste",)


class TestPlaces:
    def test_a_block_fills_rows_and_replaces_nothing(self, stage: Stage) -> None:
        field(stage, "Stratégie 1, option 1.2.b").fill("Déjà là")
        label = syllabus.load().option("1.2.b").label
        block = (
            "Option\tStratégie\tAction\r\n"
            'Soins et agents de santé de niveau communautaire\tFormer les agents\t"Réunir dix agents\nen mars"\r\n'
            "\t\tÉcrire un guide\r\n"
            f"{label.upper()}\tSoutenir les associations\tOuvrir un compte\r\n"
            "1.2.c\tRéunir des pairs\t\r\n"
        )
        paste(stage, S, block)
        expect(stage.page.locator(".course-report")).to_have_text("4 lignes collées.")
        assert rows(stage) == [("Former les agents", [("Réunir dix agents\nen mars",), ("Écrire un guide",)])]
        assert rows(stage, "1.2.b") == [("Déjà là", []), ("Soutenir les associations", [("Ouvrir un compte",)])]
        assert rows(stage, "1.2.c") == [("Réunir des pairs", [])]

    def test_it_begins_at_the_caret_and_goes_down_the_actions(self, stage: Stage) -> None:
        paste(stage, A, "Un\tMCD\r\nDeux\t\r\nTrois\t\r\n")
        paste(stage, f"Responsable, {B[0].lower()}{B[1:]}", "ICP\tT2\r\nASBC\tT3\r\nde trop\tT4\r\n")
        assert rows(stage) == [("", [("Un", "MCD"), ("Deux", "ICP", "T2"), ("Trois", "ASBC", "T3")])]
        expect(unplaced(stage)).to_have_text([re.compile("^de trop"), re.compile("^Échéance\u00a0: T4")])
        button(stage, ADD).click()
        assert rows(stage)[0][1][1] == ("Deux", "ICP\nde trop\nÉchéance\u00a0: T4", "T2")
        stage.page.get_by_role("button", name="Annuler").click()
        assert rows(stage) == [("", [("Un", "MCD"), ("Deux",), ("Trois",)])]

    def test_undoing_keeps_what_was_written_since(self, stage: Stage) -> None:
        paste(stage, A, "1.\tUn\r\n2.\tDeux\r\n3.\tTrois\r\n")
        field(stage, B).fill("Deux, et plus")
        stage.page.get_by_role("button", name="Annuler").click()
        assert rows(stage) == [("", [(), ("Deux, et plus",)])]


class TestUnplaced:
    """Texts that have no column or no room in the canvas."""

    def test_each_goes_to_its_own_row(self, stage: Stage) -> None:
        field(stage, PEERS).fill("Groupes de pairs")
        paste(stage, PEERS, BUDGETS)
        first, second = unplaced(stage).all()
        expect(first).to_contain_text("Budget\u00a0: 111 F")
        expect(first).to_contain_text("Ligne «\u00a01.2.a\u00a0; S1\u00a0; A1\u00a0»")
        expect(first).to_contain_text("action 1 de la stratégie 1, option 1.2.a")
        expect(second).to_contain_text("Ligne «\u00a01.2.c\u00a0; S2\u00a0; A2\u00a0»")
        expect(second).to_contain_text("action 1 de la stratégie 2, option 1.2.c")
        button(stage, ADD).press("Enter")
        expect(unplaced(stage)).to_have_count(0)
        assert rows(stage) == [("S1", [("A1\nBudget\u00a0: 111 F",)])]
        assert rows(stage, "1.2.c") == [("Groupes de pairs", []), ("S2", [("A2\nBudget\u00a0: 222 F",)])]
        expect(field(stage, A)).to_be_focused()
        button(stage, "Annuler").press("Enter")
        expect(unplaced(stage)).to_have_count(0)
        assert rows(stage) == [("", [()])]
        assert rows(stage, "1.2.c") == [("Groupes de pairs", [])]

    def test_a_strategy_without_an_action_takes_its_own(self, stage: Stage) -> None:
        paste(stage, S, "Stratégie\tAction\tBudget\r\nFormer\t\t500\r\nPayer\tRéunir\t600\r\n")
        button(stage, ADD).click()
        assert rows(stage) == [
            ("Former\nBudget\u00a0: 500", []),
            ("Payer", [("Réunir\nBudget\u00a0: 600",)]),
        ]

    def test_what_has_no_room_stays_in_its_option(self, stage: Stage) -> None:
        block = "".join(f"1.2.a\tn{rank}\tA{rank}\t{rank} F\r\n" for rank in range(21))
        paste(stage, PEERS, "Option\tStratégie\tAction\tBudget\r\n" + block)
        expect(unplaced(stage)).to_have_count(23)
        expect(unplaced(stage).last).to_contain_text("stratégie 20, option 1.2.a")
        button(stage, ADD).click()
        assert rows(stage)[-1] == (
            "n19\nn20\nAction\u00a0: A20\nBudget\u00a0: 20 F",
            [("A19\nBudget\u00a0: 19 F",)],
        )
        assert rows(stage, "1.2.c") == []

    def test_they_wait_until_they_are_answered(self, stage: Stage) -> None:
        paste(
            stage,
            S,
            "Stratégie\tAction\tBudget\r\nFormer\t\t500\r\n" + "".join(f"n{rank}\t\t\r\n" for rank in range(25)),
        )
        texts = ["Budget\u00a0: 500", *(f"n{rank}" for rank in range(19, 25))]
        expect(unplaced(stage).locator("b")).to_have_text(texts)
        stage.show("1.2")  # as after the death of a kernel
        expect(unplaced(stage).locator("b")).to_have_text(texts)
        remove(stage, "la stratégie 20")
        expect(unplaced(stage).locator("b")).to_have_text(texts)
        button(stage, ASIDE).click()
        expect(unplaced(stage)).to_have_count(0)
        assert len(rows(stage)) == 19
        button(stage, "Annuler").click()  # of the answer
        expect(unplaced(stage).locator("b")).to_have_text(texts)

    def test_those_of_several_pastes_add_up_and_one_undo_takes_those_of_the_last(self, stage: Stage) -> None:
        paste(stage, PEERS, BUDGETS)
        paste(stage, "Stratégie 1, option 1.2.b", "Stratégie\tAction\tSource\r\nS3\tA3\tfiche\r\n")
        texts = ["Budget\u00a0: 111 F", "Budget\u00a0: 222 F", "Source\u00a0: fiche"]
        expect(unplaced(stage).locator("b")).to_have_text(texts)
        button(stage, ADD).click()
        assert rows(stage, "1.2.b") == [("S3", [("A3\nSource\u00a0: fiche",)])]
        assert rows(stage, "1.2.c") == [("S2", [("A2\nBudget\u00a0: 222 F",)])]
        button(stage, "Annuler").click()
        expect(unplaced(stage).locator("b")).to_have_text(texts[:2])
        assert rows(stage, "1.2.b") == [("", [()])]
        assert rows(stage, "1.2.c") == [("S2", [("A2",)])]
        button(stage, ADD).click()
        assert rows(stage, "1.2.c") == [("S2", [("A2\nBudget\u00a0: 222 F",)])]

    def test_a_row_that_was_removed_since_gets_nothing(self, stage: Stage) -> None:
        paste(stage, PEERS, BUDGETS + "1.2.c\tS4\tA4\t444 F\r\n")
        remove(stage, "la stratégie 2")
        expect(unplaced(stage).last).to_contain_text("stratégie 1, option 1.2.c")
        button(stage, ADD).click()
        assert rows(stage, "1.2.c") == [("S2\nBudget\u00a0: 444 F", [("A2\nBudget\u00a0: 222 F",)])]

    def test_more_than_may_wait_is_not_pasted_and_that_is_said(self, stage: Stage) -> None:
        paste(stage, PEERS, BUDGETS)
        before = rows(stage), rows(stage, "1.2.c")
        for block in (
            "Action\tStratégie"
            + "".join(f"\tcol{n}" for n in range(100))
            + "\r\n"
            + 2 * ("A\tS" + 100 * "\tx" + "\r\n"),
            f"Action\tStratégie\tNotes\r\nA\tS\t{'é' * 100_000}\r\n",
        ):
            paste(stage, S, block)
            note = stage.page.locator(".course-note").first
            expect(note).to_contain_text("Rien n’est collé")
            expect(note).to_contain_text("200 textes")
            expect(note).to_contain_text("100\u202f000 caractères")
            expect(unplaced(stage)).to_have_count(2)
            assert (rows(stage), rows(stage, "1.2.c")) == before
        button(stage, ADD).click()
        assert rows(stage, "1.2.c") == [("S2", [("A2\nBudget\u00a0: 222 F",)])]


class TestLength:
    def test_no_end_of_a_long_text_is_cut(self, stage: Stage) -> None:
        text = "é" * 3_999 + "😀" + "la fin"
        paste(stage, S, text)
        expect(field(stage, S)).to_have_value(text)
        expect(stage.page.locator(".course-hint").first).to_contain_text("la suite (6 caractères)")
        expect(status(stage)).to_contain_text("dépasse 4\u202f000 caractères")
        field(stage, A).fill("une voisine")
        until_saved = stage.page.locator(".course-status", has_text="dépasse")
        expect(until_saved).to_be_visible()
        stage.load()
        stage.show("1.2")
        expect(field(stage, S)).to_have_value(text)
        field(stage, A).fill("une voisine encore")
        expect(status(stage)).to_contain_text("dépasse")
        (row,) = read(stage.folder, OBJECTIVE).options["1.2.a"]
        assert row.strategy == "é" * 3_999 + "😀"
        field(stage, S).fill("court")
        assert rows(stage) == [("court", [("une voisine encore",)])]
        assert stage.page.evaluate("localStorage.length") == 0

    def test_half_an_emoji_is_refused_alone_and_told(self, stage: Stage) -> None:
        """case lone-surrogate"""
        field(stage, S).evaluate("(node) => { node.value = 'Former \\ud83d'; node.dispatchEvent(new Event('input')); }")
        field(stage, A).fill("une voisine")
        expect(status(stage)).to_contain_text("caractère incomplet")
        field(stage, B.replace("Action 2", "Action 1").replace("1.2.a", "1.2.b")).fill("plus tard")
        field(stage, S).fill("Former")
        assert rows(stage) == [("Former", [("une voisine",)])]
        assert rows(stage, "1.2.b") == [("", [("plus tard",)])]
