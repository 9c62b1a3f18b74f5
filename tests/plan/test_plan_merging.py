"""Merging plans: whoever writes what in whatever order, each text is shown or kept; a file is read within limits."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from planning import said

from course.core.answers.registers import Edit
from course.core.plan import format as plan_format
from course.core.plan.format import FIELDS, MAX_BYTES, load, new_document, row_of
from course.core.plan.store import PlanStore, merge, rejoin
from course.core.refusal import Unreadable

EXAMPLES = settings(max_examples=int(os.environ.get("COURSE_EXAMPLES", "60")))
SCHEMA = Path(plan_format.__file__).with_name("plan-1.schema.json")
OPTIONS = ("1.1.a", "1.2.a", "2.1.a")
VALUES = {
    "text": st.text(max_size=20),
    "flag": st.sampled_from(["", "1"]),
    "word": st.sampled_from(["", "yes", "no", "review"]),
}


def values(name: str) -> st.SearchStrategy[str]:
    field = FIELDS[name]
    return VALUES[field.kind] if field.kind in VALUES else st.integers(0, min(field.most, 5000)).map(str)


@st.composite
def edits(draw: st.DrawFn, writers: tuple[str, ...] = ("a", "b", "c")) -> list[Edit]:
    """Edits of several pages, which know what they saw or do not."""
    made = []
    for number in range(draw(st.integers(0, 12))):
        name = draw(st.sampled_from(sorted(FIELDS)))
        base = draw(st.integers(0, 3))
        place = (draw(st.sampled_from(OPTIONS)), name, draw(values(name)), number + 1)
        made.append(said(*place, client=draw(st.sampled_from(writers)), base=base))
    return made


def after(*parts: list[Edit]) -> dict[str, Any]:
    document = new_document("d")
    for part in parts:
        document, _ = merge(document, part)
    return document


def texts(document: dict[str, Any]) -> str:
    return json.dumps([document["entries"], document.get("sync", {}).get("conflicts", [])], ensure_ascii=False)


class TestMerging:
    @EXAMPLES
    @given(edits(), edits(("z",)))
    def test_what_a_page_sends_twice_is_made_once_and_the_result_is_a_valid_file(
        self, before: list[Edit], made: list[Edit]
    ) -> None:
        once = after(before, made)
        assert merge(once, made)[0] == once
        raw = json.dumps(once, ensure_ascii=False).encode(errors="surrogatepass")
        assert load(raw) == once
        Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(once)

    @EXAMPLES
    @given(edits(("a",)), edits(("b",)))
    def test_fields_that_one_page_alone_writes_do_not_depend_on_the_order(
        self, mine: list[Edit], others: list[Edit]
    ) -> None:
        shared = {(edit.row, edit.field) for edit in mine} & {(edit.row, edit.field) for edit in others}
        mine, others = ([edit for edit in part if (edit.row, edit.field) not in shared] for part in (mine, others))
        assert after(mine, others)["entries"] == after(others, mine)["entries"]

    @EXAMPLES
    @given(st.text(min_size=1, max_size=20), st.text(min_size=1, max_size=20), st.booleans())
    def test_of_two_texts_in_whatever_order_both_are_there(self, one: str, other: str, turned: bool) -> None:
        parts = [[said("1.1.a", "funding", one, 1, client="a")], [said("1.1.a", "funding", other, 1, client="b")]]
        kept = texts(after(*(reversed(parts) if turned else parts)))
        assert all(json.dumps(text.strip(), ensure_ascii=False)[1:-1] in kept for text in (one, other))

    def test_a_number_is_no_beginning_of_another_one(self) -> None:
        document = after([said("1.1.a", "cost", "15", 1)], [said("1.1.a", "cost", "150", 1, client="b")])
        assert [conflict["text"] for conflict in document["sync"]["conflicts"]] == ["15"]

    @pytest.mark.parametrize(
        ("name", "value"),
        [("cost", "-1"), ("cost", "1e3"), ("impact", "4"), ("t1", "oui"), ("p1", "peut-être"), ("funding", "x" * 4001)],
    )
    def test_a_value_that_the_format_has_not_is_refused_alone(self, name: str, value: str) -> None:
        document, refused = merge(
            new_document("d"), [said("1.1.a", name, value, 1), said("1.1.a", "partners", "Les relais", 2)]
        )
        assert [refusal.edit.field for refusal in refused] == [name]
        assert all(refusal.reason.endswith(".") for refusal in refused)
        assert name not in document["entries"]["1-1-a-1-1-a"]

    def test_an_action_of_no_canvas_and_one_too_many_are_refused(self) -> None:
        foreign = Edit("set", "9-9-a", "9.9.a", "s", "partners", "x", 0, "a", 1)
        turned = Edit("set", "1-1-a", "1.2.a", "s", "partners", "x", 0, "a", 2)
        assert len(merge(new_document("d"), [foreign, turned])[1]) == 2
        many = [Edit("set", row_of("1.1", f"a{n}"), "1.1.a", "s", "chosen", "1", 0, "a", n) for n in range(1, 1002)]
        document, refused = merge(new_document("d"), many)
        assert (len(document["entries"]), len(refused)) == (1000, 1)


class TestRejoining:
    @EXAMPLES
    @given(edits(("a", "b")), edits(("c",)))
    def test_a_plan_that_comes_back_loses_nothing_of_either_and_doing_it_twice_changes_nothing(
        self, mine: list[Edit], others: list[Edit]
    ) -> None:
        present, incoming = after(mine), after(others)
        once, refused = merge(present, rejoin(present, incoming).edits)
        assert not refused
        for row, entry in present["entries"].items():
            shown = once["entries"][row]
            assert all(str(value).strip() in str(shown[name]) for name, value in entry.items())
        kept = texts(once)
        for entry in incoming["entries"].values():
            for name, value in entry.items():
                if FIELDS.get(name) == FIELDS["funding"] and not name.startswith("seen_"):
                    assert json.dumps(value.strip(), ensure_ascii=False)[1:-1] in kept
        again = rejoin(once, incoming)
        assert (again.taken, again.beside) == (0, 0)


class TestReading:
    GOOD: ClassVar[dict[str, Any]] = {
        "format": "plan/1",
        "entries": {"1-1-a1": {"option": "1.1.a", "cost": 5, "chosen": True}},
    }

    def test_a_reader_needs_the_format_and_the_entries_alone(self) -> None:
        assert load(json.dumps({**self.GOOD, "other": [1]}).encode()) == {**self.GOOD, "other": [1]}

    @pytest.mark.parametrize(
        "changed",
        [
            {"format": "plan/2"},
            {"entries": []},
            {"entries": {"9-9-a": {"option": "9.9.a"}}},
            {"entries": {"1-1-a": {"option": "1.2.a"}}},
            {"entries": {"1-1-a": {}}},
            {"entries": {"1-1-a": None}},
            *({"entries": {"1-1-a": {"option": "1.1.a", **bad}}} for bad in (
                {"cost": True}, {"cost": -1}, {"cost": 1.5}, {"chosen": 1}, {"impact": 4}, {"p1": "oui"},
                {"funding": None}, {"funding": "x" * 4001}, {"objective": "1.2"}, {"strategy_id": 3},
            )),
            {"entries": {f"1-1-a{n}": {"option": "1.1.a"} for n in range(1001)}},
            {"revision": -1},
            {"sync": []},
        ],
    )  # fmt: skip
    def test_anything_else_is_unreadable_and_says_why(self, changed: dict[str, Any]) -> None:
        with pytest.raises(Unreadable, match=r"\S.*\.$"):
            load(json.dumps({**self.GOOD, **changed}).encode())

    def test_a_file_that_is_too_large_is_not_read(self) -> None:
        with pytest.raises(Unreadable, match="1024"):
            load(b" " * (MAX_BYTES + 1))


class TestStore:
    def test_a_damaged_file_is_set_aside_and_the_last_good_copy_taken(self, tmp_path: Path) -> None:
        store = PlanStore(tmp_path)
        store.save([said("1.1.a", "funding", "Les mutuelles", 1)])
        store.path.write_bytes(b"{")
        saved = PlanStore(tmp_path).open()
        assert "illisible" in saved.notice
        assert saved.document["entries"]["1-1-a-1-1-a"]["funding"] == "Les mutuelles"

    def test_a_text_changed_by_hand_is_not_replaced_unseen(self, tmp_path: Path) -> None:
        store = PlanStore(tmp_path)
        store.save([said("1.1.a", "funding", "Les mutuelles", 1)])
        document = json.loads(store.path.read_text(encoding="utf-8"))
        document["entries"]["1-1-a-1-1-a"]["funding"] = "L’État"
        store.path.write_text(json.dumps(document), encoding="utf-8")
        saved = store.save([said("1.1.a", "funding", "Une ONG", 2, base=1)])
        assert [conflict["text"] for conflict in saved.document["sync"]["conflicts"]] == ["L’État"]
