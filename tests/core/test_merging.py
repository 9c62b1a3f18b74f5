"""Merging: whoever writes what in whatever order, each text is in the document, shown or kept to be chosen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from writing import OBJECTIVE, action, strategy, texts

from course.core.answers.edits import Edit, identified, merge, new_document
from course.core.answers.format import load
from course.core.answers.store import AnswersStore


@pytest.fixture
def store(tmp_path: Path) -> AnswersStore:
    return AnswersStore(tmp_path, OBJECTIVE)


class TestMerging:
    def test_an_edit_sent_twice_is_made_once(self, store: AnswersStore) -> None:
        store.save([strategy("un", 1)])
        once = store.save([strategy("un deux", 2)])
        again = store.save([strategy("un deux", 2)])
        assert again.document == once.document

    def test_an_old_edit_that_arrives_late_changes_nothing(self, store: AnswersStore) -> None:
        store.save([strategy("un deux", 5)])
        assert texts(store.save([strategy("un", 3)]).document) == ["un deux"]

    def test_one_page_typing_on_is_no_conflict(self, store: AnswersStore) -> None:
        for number, text in enumerate(["un", "deux", "trois"], 1):
            saved = store.save([strategy(text, number)])  # base stays 0: no acknowledgement came
        assert texts(saved.document) == ["trois"]
        assert saved.document["sync"]["conflicts"] == []

    def test_the_last_writer_wins_and_the_other_text_is_kept(self, store: AnswersStore) -> None:
        store.save([strategy("texte d’Awa", 1, client="a")])
        saved = store.save([strategy("texte de Paul", 1, client="b")])
        [conflict] = saved.document["sync"]["conflicts"]
        assert texts(saved.document) == ["texte de Paul"]
        assert conflict["text"] == "texte d’Awa"
        resolve = Edit("resolve", conflict["id"], "1.2.a", value="other", client="b", number=2)
        chosen = store.save([resolve])
        assert texts(chosen.document) == ["texte d’Awa"]
        assert chosen.document["sync"]["conflicts"] == []

    def test_a_text_that_the_new_one_holds_is_no_conflict(self, store: AnswersStore) -> None:
        store.save([strategy("un deux", 1, client="a")])
        assert store.save([strategy("un deux trois", 1, client="b")]).document["sync"]["conflicts"] == []

    def test_two_fields_of_a_row_never_conflict(self, store: AnswersStore) -> None:
        store.save([strategy("un deux", 1, client="a")])
        saved = store.save([action("trois quatre", 1, client="b")])
        assert texts(saved.document) == ["un deux", "trois quatre"]
        assert saved.document["sync"]["conflicts"] == []

    def test_a_removed_row_comes_back_with_its_actions(self, store: AnswersStore) -> None:
        store.save([strategy("un deux", 1), action("trois quatre", 2)])
        assert texts(store.save([Edit("remove", "s1", "1.2.a", client="a", number=3)]).document) == []
        restored = store.save([Edit("restore", "s1", "1.2.a", client="a", number=4)])
        assert texts(restored.document) == ["un deux", "trois quatre"]

    def test_text_typed_elsewhere_in_a_removed_row_brings_it_back(self, store: AnswersStore) -> None:
        store.save([strategy("un deux", 1), action("trois", 2)])
        store.save([Edit("remove", "s1", "1.2.a", client="a", number=3)])
        saved = store.save([action("trois quatre", 1, client="b", base=1)])
        assert texts(saved.document) == ["un deux", "trois quatre"]

    def test_a_text_that_the_remover_had_not_seen_is_kept_to_be_chosen(self, store: AnswersStore) -> None:
        store.save([strategy("un deux", 1, client="a")])
        store.save([action("trois quatre", 1, client="b")])
        saved = store.save([Edit("remove", "s1", "1.2.a", client="a", number=2, seen={"s1 strategy": ["a", 1]})])
        assert texts(saved.document) == []
        (conflict,) = saved.document["sync"]["conflicts"]
        assert (conflict["row"], conflict["field"], conflict["text"]) == ("a1", "action", "trois quatre")
        chosen = store.save([Edit("resolve", conflict["id"], "1.2.a", "s1", value="other", client="b", number=2)])
        assert texts(chosen.document) == ["un deux", "trois quatre"]
        assert chosen.document["sync"]["conflicts"] == []

    def test_once_it_stands_again_there_is_nothing_to_choose(self, store: AnswersStore) -> None:
        store.save([strategy("un deux", 1, client="b"), action("trois quatre", 2, client="b")])
        saved = store.save([Edit("remove", "s1", "1.2.a", client="a", number=1, seen={})])
        assert len(saved.document["sync"]["conflicts"]) == 2
        restored = store.save([Edit("restore", "s1", "1.2.a", client="a", number=2)])
        assert texts(restored.document) == ["un deux", "trois quatre"]
        assert restored.document["sync"]["conflicts"] == []

    def test_a_row_whose_texts_were_seen_is_removed_with_them(self, store: AnswersStore) -> None:
        store.save([strategy("un deux", 1, client="b"), action("trois quatre", 2, client="b")])
        store.save([action("trois", 3, client="a", base=1)])
        seen = {"s1 strategy": ["b", 1], "a1 action": ["b", 2]}  # its own text is not yet acknowledged
        saved = store.save([Edit("remove", "s1", "1.2.a", client="a", number=4, seen=seen)])
        assert (texts(saved.document), saved.document["sync"]["conflicts"]) == ([], [])

    def test_a_page_s_own_late_edit_does_not_bring_it_back(self, store: AnswersStore) -> None:
        store.save([strategy("un deux", 1)])
        store.save([Edit("remove", "s1", "1.2.a", client="a", number=3)])
        assert texts(store.save([strategy("un", 2)]).document) == []

    def test_past_twenty_rows_an_edit_is_refused_and_the_others_made(self, store: AnswersStore) -> None:
        store.save([strategy(f"texte {n}", n, row=f"s{n}") for n in range(20)])
        saved = store.save([strategy("de trop", 30, row="s99"), strategy("texte zéro", 31, row="s0")])
        assert [refusal.edit.row for refusal in saved.refusals] == ["s99"]
        assert texts(saved.document)[0] == "texte zéro"

    def test_a_hand_written_file_can_be_edited(self, store: AnswersStore) -> None:
        store.path.parent.mkdir()
        rows = [{"strategy": "un deux", "actions": [{"action": "trois"}]}, {"id": "x y", "strategy": "quatre"}]
        sync = {"versions": {"s": 3}, "removed": {"z": {"row": 1}}, "conflicts": [1, {"id": 2}]}
        document = {"format": "canevas/1", "objective": "1.2", "options": {"1.2.a": rows}, "sync": sync}
        store.path.write_text(json.dumps(document), encoding="utf-8")
        shown = store.open().document
        ids = [row["id"] for row in shown["options"]["1.2.a"]]
        assert len(set(ids)) == 2
        saved = store.save([strategy("cinq", 1, row=ids[1]), Edit("restore", "z", "1.2.a", client="a", number=2)])
        assert texts(saved.document) == ["un deux", "cinq", "trois"]

    @pytest.mark.parametrize(
        "message",
        [
            {},
            {"kind": "set", "row": "s1"},
            {"kind": "make", "row": "s1", "option": "1.2.a"},
            {"kind": "set", "row": "s 1", "option": "1.2.a", "field": "strategy"},
            {"kind": "set", "row": "s1", "option": "1.2.a", "field": "action"},
            {"kind": "set", "row": "s1", "option": "1.2.a", "field": "strategy", "value": 3},
            {"kind": "set", "row": "s1", "option": "1.2.a", "field": "strategy", "number": True},
            {"kind": "set", "row": "s1", "option": "1.2.a", "field": "strategy", "else": 1},
            {"kind": "remove", "row": "s1", "option": "1.2.a", "seen": ["s1 strategy"]},
            {"kind": "remove", "row": "s1", "option": "1.2.a", "seen": {"s1 strategy": ["a", "1"]}},
            {
                "kind": "remove",
                "row": "s1",
                "option": "1.2.a",
                "seen": {f"s{n} strategy": ["a", 1] for n in range(101)},
            },
        ],
    )
    def test_what_is_not_an_edit_is_loud(self, message: dict) -> None:
        with pytest.raises(ValueError, match="not an edit"):
            Edit.of(message)


row_ids = st.sampled_from(["s1", "s2"])
edits = st.one_of(
    st.builds(lambda r: Edit("set", r, "1.2.a", field="strategy"), row_ids),
    st.builds(lambda r: Edit("set", f"a-{r}", "1.2.a", r, "action"), row_ids),
    st.builds(lambda k, r: Edit(k, r, "1.2.a"), st.sampled_from(["add", "remove", "restore"]), row_ids),
)


@given(st.lists(st.tuples(st.sampled_from("pq"), edits), max_size=12), st.data())
def test_any_order_and_repetition_keeps_each_text_in_the_document(steps: list, data: st.DataObject) -> None:
    """Two pages edit, some edits are sent twice: whatever was acknowledged is in the document, shown or kept."""
    document = identified(new_document(OBJECTIVE, "d"), OBJECTIVE)
    numbers = {"p": 0, "q": 0}
    sent: list[Edit] = []
    last: dict[tuple[str, str], Edit] = {}  # each page's newest text of each field
    for client, step in steps:
        numbers[client] += 1
        text = f"<{client}{numbers[client]}>" if step.kind == "set" else ""
        edit = Edit(step.kind, step.row, step.option, step.parent, step.field, text, 0, client, numbers[client])
        sent.append(edit)
        batch = [*([data.draw(st.sampled_from(sent))] if data.draw(st.booleans()) else []), edit]
        document, refusals = merge(document, OBJECTIVE, batch)
        assert not refusals
        if edit.kind == "set":
            last[edit.row, client] = edit
        load(json.dumps(document).encode(), OBJECTIVE)
    whole = json.dumps(document)
    for edit in last.values():
        assert edit.value in whole


# A document that names a row in two options and lacks what an empty canvas has; edits that look for rows everywhere.
PURE = """
import hashlib, json
from course.core import syllabus
from course.core.answers.edits import Edit, merge
objective = syllabus.load().objective("1.2")
rows = [{"id": "s1", "strategy": "un deux"}, {"id": "s2", "strategy": "trois"}]
document = {"format": "canevas/1", "objective": "1.2", "options": {"1.2.c": rows, "1.2.a": rows}}
edits = [
    Edit("set", "s1", "1.2.b", field="strategy", value="quatre", client="a", number=1),
    Edit("set", "a9", "1.2.b", "s9", "action", "cinq", 0, "b", 1),
    Edit("remove", "s2", "1.2.a", client="b", number=2, seen={}),
    Edit("restore", "s7", "1.2.a", client="b", number=3),
]
before = json.dumps(document)
after, _ = merge(document, objective, edits)
assert json.dumps(document) == before
print(hashlib.sha256(json.dumps(after).encode()).hexdigest())
"""


def test_merging_is_a_pure_function_whatever_the_hash_seed() -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", PURE],
            check=True,
            capture_output=True,
            text=True,
            timeout=600,
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
        ).stdout
        for seed in range(6)
    }
    assert len(found) == 1


def test_looking_for_a_row_changes_nothing() -> None:
    row = {"id": "s1", "strategy": "un deux"}
    document = {"format": "canevas/1", "objective": "1.2", "revision": 3, "options": {"1.2.a": [row]}}
    nothing = [
        Edit("remove", "s9", "1.2.a", client="a", number=1),
        Edit("restore", "s9", "1.2.b", client="a", number=2),
        Edit("add", "s1", "1.2.a", client="a", number=3),
        Edit("set", "s1", "1.2.a", field="strategy", value="un deux", client="a", number=4),
        Edit("resolve", "rien", "1.2.a", value="other", client="a", number=5),
    ]
    assert merge(document, OBJECTIVE, nothing) == (document, ())


def test_a_removed_row_of_no_option_is_left_out() -> None:
    """A file edited by hand may have a list where an option's id belongs."""
    tomb = {"option": [], "parent": "", "index": 0, "row": {"id": "s1"}, "by": ["a", 1]}
    document = {**new_document(OBJECTIVE, "d"), "sync": {"removed": {"s1": tomb}, "conflicts": []}}
    merged, refused = merge(document, OBJECTIVE, [Edit("restore", "s1", "1.2.a", client="a", number=1)])
    assert (texts(merged), refused) == ([], ())
