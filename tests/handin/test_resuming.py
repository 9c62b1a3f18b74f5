"""« Reprendre »: what was handed in comes back, on another computer too, and nothing already written is lost."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from work import GOAL, answers, beside, fill, packed, texts, workbook, write

from course.core import syllabus
from course.core.answers import Answers
from course.core.answers.edits import identified
from course.core.answers.format import ACTION_FIELDS, load, view
from course.core.handin.resumption import bring, resume, summary
from course.core.refusal import Unreadable
from course.workbook.handin.widget import HandinWidget

OBJECTIVE = syllabus.load().objective("1.2")
NB = "\u00a0"


def take_up(source: bytes | Path, folder: Path) -> tuple[str, ...]:
    return summary(resume(bring(source).answers, {"1": folder}))


def words(written: Answers) -> list[Any]:
    return [
        (option, row.strategy, [tuple(getattr(action, name) for name in ACTION_FIELDS) for action in row.actions])
        for option, rows in written.options.items()
        for row in rows
    ]


class TestElsewhere:
    def test_an_empty_workbook_takes_it_as_it_is(self, tmp_path: Path) -> None:
        first, second = workbook(tmp_path / "a"), workbook(tmp_path / "b")
        for identifier in ("1.1", "1.2", "1.3"):
            fill(first, identifier)
        write(first, "1.2.a", "Une deuxième", "Le major du CMA", row="s9", field="responsible")
        lines = take_up(packed(first).raw, second)
        for identifier in ("1.1", "1.2", "1.3"):
            assert words(answers(second, identifier)) == words(answers(first, identifier))
            assert beside(second, identifier) == []
        assert lines == (
            f"Canevas 1.1{NB}: 8 textes repris.",
            f"Canevas 1.2{NB}: 8 textes repris.",
            f"Canevas 1.3{NB}: 8 textes repris.",
        )

    def test_and_back_again_changes_nothing(self, tmp_path: Path) -> None:
        first, second = workbook(tmp_path / "a"), workbook(tmp_path / "b")
        fill(first)
        take_up(packed(first).raw, second)
        before = words(answers(first))
        assert take_up(packed(second).raw, first) == (f"Canevas 1.2{NB}: 6 textes déjà là.",)
        assert words(answers(first)) == before
        assert beside(first) == []

    def test_what_was_added_there_comes_home(self, tmp_path: Path) -> None:
        first, second = workbook(tmp_path / "a"), workbook(tmp_path / "b")
        write(first, "1.2.a", "Former les agents", "Réunir dix agents")
        take_up(packed(first).raw, second)
        write(second, "1.2.a", "Former les agents du village", "Réunir dix agents")
        write(second, "1.2.b", "Soutenir les associations", row="s2")
        assert take_up(packed(second).raw, first) == (f"Canevas 1.2{NB}: 2 textes repris, 1 texte déjà là.",)
        assert texts(first) == ["Former les agents du village", "Réunir dix agents", "Soutenir les associations"]
        assert beside(first) == []

    def test_its_unresolved_texts_come_along(self, tmp_path: Path) -> None:
        first, second = workbook(tmp_path / "a"), workbook(tmp_path / "b")
        write(first, "1.2.a", "Former les agents")
        write(first, "1.2.a", "Payer les agents")
        assert (texts(first), beside(first)) == (["Payer les agents"], ["Former les agents"])
        take_up(packed(first).raw, second)
        assert (texts(second), beside(second)) == (["Payer les agents"], ["Former les agents"])
        take_up(packed(first).raw, second)
        assert (texts(second), beside(second)) == (["Payer les agents"], ["Former les agents"])


class TestHere:
    def test_a_text_that_differs_is_kept_beside_what_is_written(self, tmp_path: Path) -> None:
        folder = workbook(tmp_path)
        write(folder, "1.2.a", "Former les agents", "Réunir dix agents")
        raw = packed(folder).raw
        write(folder, "1.2.a", "Payer les agents", "Réunir dix agents")
        for conflict in beside(folder):
            assert conflict == "Former les agents"  # of `write` itself
        lines = take_up(raw, folder)
        assert texts(folder) == ["Payer les agents", "Réunir dix agents"]
        assert beside(folder) == ["Former les agents"]
        assert lines == (f"Canevas 1.2{NB}: 2 textes déjà là.",)

    def test_both_are_kept_and_the_person_is_told(self, tmp_path: Path) -> None:
        first, second = workbook(tmp_path / "a"), workbook(tmp_path / "b")
        write(first, "1.2.a", "Former les agents", "Réunir dix agents")
        write(second, "1.2.a", "Payer les agents", "Réunir dix agents")
        (line,) = take_up(packed(first).raw, second)
        assert texts(second) == ["Payer les agents", "Réunir dix agents"]
        assert beside(second) == ["Former les agents"]
        assert "1 texte déjà là\u202f; 1 texte diffère" in line
        assert "choisissez dans le canevas" in line
        assert "2 textes déjà là" in take_up(packed(first).raw, second)[0]
        assert beside(second) == ["Former les agents"]

    def test_a_row_that_was_removed_comes_back(self, tmp_path: Path) -> None:
        from course.core.answers.edits import Edit  # noqa: PLC0415
        from course.core.answers.store import AnswersStore  # noqa: PLC0415

        folder = workbook(tmp_path)
        write(folder, "1.2.a", "Former les agents", "Réunir dix agents")
        raw = packed(folder).raw
        AnswersStore(folder, OBJECTIVE).save([Edit("remove", "s1", "1.2.a", client="page", number=9)])
        assert texts(folder) == []
        take_up(raw, folder)
        assert texts(folder) == ["Former les agents", "Réunir dix agents"]
        assert beside(folder) == []

    def test_what_finds_no_place_is_told(self, tmp_path: Path) -> None:
        first, second = workbook(tmp_path / "a"), workbook(tmp_path / "b")
        write(first, "1.2.a", "La vingt et unième", "Son action", row="autre")
        for number in range(20):
            write(second, "1.2.a", f"Stratégie numéro {number}", row=f"r{number}")
        (line,) = take_up(packed(first).raw, second)
        assert "2 textes restés dans le fichier" in line
        assert len(texts(second)) == 20

    def test_a_damaged_file_is_set_aside_and_told(self, tmp_path: Path) -> None:
        first, second = workbook(tmp_path / "a"), workbook(tmp_path / "b")
        fill(first)
        (second / "reponses").mkdir()
        (second / "reponses/1.2.json").write_text("{")
        (line,) = take_up(packed(first).raw, second)
        assert "6 textes repris" in line
        assert "illisible" in line

    def test_a_canvas_that_is_full_is_told_and_left(self, tmp_path: Path) -> None:
        first, second = workbook(tmp_path / "a"), workbook(tmp_path / "b")
        for number in range(20):
            write(first, "1.2.a", f"{number} " + "e" * 3900, row=f"r{number}")
            write(first, "1.2.b", f"{number} " + "f" * 3900, row=f"t{number}")
            write(second, "1.2.c", f"{number} " + "é" * 2900, f"{number} " + "è" * 2900, row=f"s{number}")
        before = texts(second)
        (line,) = take_up(packed(first).raw, second)
        assert "non repris" in line
        assert "plein" in line
        assert texts(second) == before


class TestSources:
    def test_one_canvas_s_own_file(self, tmp_path: Path) -> None:
        first, second = workbook(tmp_path / "a"), workbook(tmp_path / "b")
        fill(first)
        take_up(first / "reponses/1.2.json", second)
        assert words(answers(second)) == words(answers(first))

    def test_all_answers_of_a_session_that_forgets(self, tmp_path: Path) -> None:
        first, second = workbook(tmp_path / "a"), workbook(tmp_path / "b")
        fill(first, "1.1")
        fill(first, "1.2")
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name in ("1.1", "1.2"):
                archive.write(first / f"reponses/{name}.json", f"exercises/but-1/reponses/{name}.json")
            archive.writestr("exercises/but-1/reponses/1.3.json", "{")
            archive.writestr("exercises/but-1/reponses/1.2-illisible-20261122-100000.json", "{")
        brought = bring(stream.getvalue())
        assert [objective.id for objective in brought.answers] == ["1.1", "1.2"]
        assert [notice[:12] for notice in brought.notices] == [f"Canevas 1.3{NB}"]
        resume(brought.answers, {"1": second})
        assert words(answers(second)) == words(answers(first))

    @pytest.mark.parametrize(
        "raw",
        [b"", b"bonjour", b"[]", b'{"format": "canevas/1", "objective": "9.9", "options": {}}', b"{}", b"PK\x03\x04"],
    )
    def test_anything_else_is_refused(self, raw: bytes) -> None:
        with pytest.raises(Unreadable):
            bring(raw)

    def test_a_goal_that_is_not_here_is_told(self, tmp_path: Path) -> None:
        folder = workbook(tmp_path)
        fill(folder)
        (line,) = summary(resume(bring(packed(folder).raw).answers, {}))
        assert "n’est pas dans ce classeur" in line


IDS = st.sampled_from(["s1", "s2", "s3", "1-2-a-0", "", "x" * 128, "é"])
TEXTS = st.sampled_from(["", " ", "un", "un deux", "deux", "trois", "quatre cinq", "six\nsept"])
ACTIONS = st.fixed_dictionaries({"id": IDS, "action": TEXTS}, optional={"responsible": TEXTS, "due": TEXTS})
ROWS = st.fixed_dictionaries({"id": IDS, "strategy": TEXTS, "actions": st.lists(ACTIONS, max_size=3)})
CONFLICTS = st.lists(
    st.fixed_dictionaries({"id": IDS, "row": IDS, "text": TEXTS})
    | st.fixed_dictionaries({"id": IDS, "row": IDS, "option": st.just("1.2.a"), "parent": st.sampled_from(["", "s1"]),
                             "field": st.sampled_from(["strategy", "action", "due", "x"]), "text": TEXTS}),
    max_size=3,
)  # fmt: skip


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    options = {option.id: draw(st.lists(ROWS, max_size=3)) for option in OBJECTIVE.options[:2]}
    made = {"format": "canevas/1", "objective": "1.2", "options": options}
    if draw(st.booleans()):
        versions = draw(st.dictionaries(IDS, st.just({"strategy": [3, "page", 4]}) | st.just([]), max_size=2))
        made["sync"] = {"versions": versions, "conflicts": draw(CONFLICTS)}
    return made


def every_text(raw: bytes) -> set[str]:
    written = view(identified(load(raw, OBJECTIVE), OBJECTIVE), OBJECTIVE)
    rows = [row for rows in written.options.values() for row in rows]
    fields = [getattr(action, name) for row in rows for action in row.actions for name in ACTION_FIELDS]
    return {text.strip() for text in [*(row.strategy for row in rows), *fields]} - {""}


def document(*rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"format": "canevas/1", "objective": "1.2", "options": {"1.2.a": [], "1.2.b": list(rows)}, **more}


def row(name: str, strategy: str, *actions: str) -> dict[str, Any]:
    return {"id": name, "strategy": strategy, "actions": [{"id": "a", "action": action} for action in actions]}


# Each made a second time bring a text again.
@example(document(row("s1", "", "un deux")), document(row("s1", "", "un", "un")))
@example(
    document(row("s1", ""), row("s1", "un")),
    document(
        row("s2", "un"),
        sync={"conflicts": [{"row": "s2", "parent": "", "field": "strategy", "text": "un deux"}]},
    ),
)
@settings(max_examples=200, deadline=None)
@given(documents(), documents())
def test_every_text_of_both_is_shown_or_kept_beside(present: dict[str, Any], incoming: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        path = folder / "reponses/1.2.json"
        path.parent.mkdir()
        path.write_text(json.dumps(present))
        raw = json.dumps(incoming).encode()
        wanted = every_text(path.read_bytes()) | every_text(raw)
        shown_before = every_text(path.read_bytes())
        first = resume({OBJECTIVE: raw}, {"1": folder})
        kept = every_text(path.read_bytes()) | set(beside(folder))
        assert all(any(text in one for one in kept) for text in wanted)
        assert all(any(text in one for one in every_text(path.read_bytes())) for text in shown_before)
        before = path.read_bytes()
        (again,) = resume({OBJECTIVE: raw}, {"1": folder})
        assert (again.taken, again.beside) == (0, 0), first
        assert every_text(path.read_bytes()) == every_text(before)


def test_a_document_of_other_people_is_asked_about_on_the_page_too(tmp_path: Path) -> None:
    folder, answered = workbook(tmp_path), []
    write(folder, "1.2.b", "Ici")
    card = HandinWidget(GOAL, folder)
    card.send = lambda content, *_: answered.append(content)
    raw = "Classeur de : Groupe 7\nOption;Stratégie;Action\n1.2.a;Former;Réunir\n".encode()
    for sure in (False, True):
        assert texts(folder) == ["Ici"]
        card._hear(None, {"kind": "resume", "ask": 1, "name": "a.csv", "sure": sure}, [raw])
    assert "Groupe 7" in answered[0]["question"]
    assert (answered[1]["objectives"], texts(folder)) == (("1.2",), ["Former", "Réunir", "Ici"])
