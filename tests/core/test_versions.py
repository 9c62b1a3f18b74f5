"""Texts that no canvas wrote, by a hand, a program that synchronises, an old copy: none is replaced unseen."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from writing import OBJECTIVE, strategy, texts

from course.core.answers.edits import Edit
from course.core.answers.format import load
from course.core.answers.store import AnswersStore


def base(document: dict[str, Any]) -> int:
    return document["sync"]["versions"]["s1"]["strategy"][0]


def kept(document: dict[str, Any]) -> list[str]:
    return [conflict["text"] for conflict in document["sync"]["conflicts"]]


def change(store: AnswersStore, act: Callable[[dict[str, Any]], object]) -> None:
    document = load(store.path.read_bytes(), OBJECTIVE)
    act(document)
    store.path.write_text(json.dumps(document), encoding="utf-8")


def by_hand(text: str) -> Callable[[dict[str, Any]], object]:
    return lambda document: document["options"]["1.2.a"][0].update(strategy=text)


@pytest.fixture
def store(tmp_path: Path) -> AnswersStore:
    made = AnswersStore(tmp_path, OBJECTIVE)
    made.save([strategy("un deux", 1)])
    return made


@pytest.fixture(params=["same kernel", "another kernel"])
def again(request: pytest.FixtureRequest, store: AnswersStore) -> AnswersStore:
    """Who opens the file next."""
    return store if request.param == "same kernel" else AnswersStore(store.folder, OBJECTIVE)


def test_a_text_changed_by_hand_is_kept_beside_the_one_typed_over_it(store: AnswersStore, again: AnswersStore) -> None:
    change(store, by_hand("écrit à la main"))
    saved = again.save([strategy("un deux trois", 2)]).document
    assert texts(saved) == ["un deux trois"]
    assert kept(saved) == ["écrit à la main"]


def test_once_it_was_seen_it_is_typed_over_like_any_other(store: AnswersStore, again: AnswersStore) -> None:
    before = store.open().document["revision"]
    change(store, by_hand("écrit à la main"))
    seen = again.open().document
    assert texts(seen) == ["écrit à la main"]
    assert seen["revision"] > before, "a page that has the canvas open takes only what is newer"
    saved = again.save([strategy("autre chose", 2, base=base(seen))]).document
    assert (texts(saved), kept(saved)) == (["autre chose"], [])


def test_it_is_in_the_copy_that_replaces_a_damaged_file(store: AnswersStore) -> None:
    change(store, by_hand("écrit à la main"))
    store.open()
    store.path.write_bytes(b"")
    assert texts(AnswersStore(store.folder, OBJECTIVE).open().document) == ["écrit à la main"]


def test_a_text_that_came_with_a_version_of_the_same_number(store: AnswersStore, again: AnswersStore) -> None:
    """Two computers wrote on, and a program that synchronises folders took the other one's file."""

    def brought(document: dict[str, Any]) -> None:
        by_hand("texte d’ailleurs")(document)
        document["sync"]["versions"]["s1"]["strategy"] = [1, "ailleurs", 7]

    change(store, brought)
    saved = again.save([strategy("un deux trois", 2, base=1)]).document
    assert (texts(saved), kept(saved)) == (["un deux trois"], ["texte d’ailleurs"])


def test_an_old_copy_put_back_counts_as_newer_than_what_it_replaces(store: AnswersStore, again: AnswersStore) -> None:
    old = store.path.read_bytes()
    newest = store.save([strategy("trois quatre", 2)]).document
    store.path.write_bytes(old)
    opened = again.open().document
    assert opened["revision"] > newest["revision"]
    saved = again.save([strategy("trois quatre cinq", 3)]).document
    assert (texts(saved), kept(saved)) == (["trois quatre cinq"], ["un deux"])


def test_a_row_taken_out_by_hand_is_told_to_the_pages(store: AnswersStore, again: AnswersStore) -> None:
    before = store.open().document["revision"]
    change(store, lambda document: document["options"].update({"1.2.a": []}))
    opened = again.open().document
    assert texts(opened) == []
    assert opened["revision"] > before


def test_what_canvases_wrote_is_no_change(store: AnswersStore, again: AnswersStore) -> None:
    other = AnswersStore(store.folder, OBJECTIVE)
    other.save([strategy("trois quatre", 1, client="b", base=1)])
    raw = store.path.read_bytes()
    again.open()
    assert store.path.read_bytes() == raw


def test_a_copy_that_was_not_brought_up_to_date_is_no_change(store: AnswersStore) -> None:
    """The process was killed between the file and its copy."""
    spare = store.path.with_name(".1.2.json.bon")
    behind = spare.read_bytes()
    store.save([strategy("trois quatre", 2), Edit("add", "s2", "1.2.a", client="a", number=3)])
    spare.write_bytes(behind)
    raw = store.path.read_bytes()
    opened = AnswersStore(store.folder, OBJECTIVE).open().document
    assert opened["sync"]["versions"]["s1"]["strategy"] == [2, "a", 2]
    assert store.path.read_bytes() == raw


@pytest.mark.parametrize(
    "sync", [{}, {"versions": 3}, {"versions": {"s1": 3}}, {"versions": {"s1": {"strategy": "x"}}}]
)
def test_versions_spoilt_by_hand_stop_nothing(store: AnswersStore, again: AnswersStore, sync: dict[str, Any]) -> None:
    def spoil(document: dict[str, Any]) -> None:
        by_hand("écrit à la main")(document)
        document["sync"] = sync
        document["options"]["5.5.a"] = [3]  # of no option of this canvas: whatever it holds

    change(store, spoil)
    saved = again.save([strategy("un deux trois", 2)]).document
    assert (texts(saved), kept(saved)) == (["un deux trois"], ["écrit à la main"])
