"""One bad edit is refused alone, in French and with an answer to the page; its neighbours and the next are saved."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from writing import OBJECTIVE, action, strategy, texts

from course.core.answers.edits import Edit
from course.core.answers.store import AnswersStore
from course.workbook.canvas.widget import CanvasWidget

HALF = "Former \ud83d"


def message(edit: Edit) -> dict[str, Any]:
    fields = ("kind", "row", "option", "parent", "field", "value", "base", "client", "number")
    return {name: getattr(edit, name) for name in fields}


def answer(folder: Path, edits: list[Any]) -> dict[str, Any]:
    """What a page that sends edits hears, by the widget and the store of a canvas."""
    heard: list[dict[str, Any]] = []
    widget = CanvasWidget(OBJECTIVE, folder)
    widget.send = lambda content, _=None: heard.append(content)
    widget._hear(None, {"kind": "save", "client": "a", "message": 1, "edits": edits}, [])
    (only,) = heard
    assert (only["client"], only["message"]) == ("a", 1)
    return only


def test_half_an_emoji_stops_nothing_else(tmp_path: Path) -> None:
    """case lone-surrogate"""
    bad = strategy(HALF, 2, row="s2")
    saved = AnswersStore(tmp_path, OBJECTIVE).save([strategy("un deux", 1), bad, action("trois quatre", 3)])
    assert [refusal.edit for refusal in saved.refusals] == [bad]
    assert "incomplet" in saved.refusals[0].reason
    assert texts(AnswersStore(tmp_path, OBJECTIVE).open().document) == ["un deux", "trois quatre"]


def test_a_fault_of_the_program_stops_that_edit_alone_and_is_logged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def half_made(merged: Any, edit: Edit) -> str:
        merged.document["options"].clear()
        raise ZeroDivisionError(edit.kind)

    monkeypatch.setattr("course.core.answers.edits._Merged._restore", half_made)
    edits = [strategy("un deux", 1), Edit("restore", "s7", "1.2.a", client="a", number=2), action("trois quatre", 3)]
    heard = answer(tmp_path, [message(edit) for edit in edits])
    assert [(r["client"], r["number"]) for r in heard["refusals"]] == [("a", 2)]
    assert texts(AnswersStore(tmp_path, OBJECTIVE).open().document) == ["un deux", "trois quatre"]
    assert "ZeroDivisionError" in caplog.text
    monkeypatch.setattr(CanvasWidget, "_edits", lambda *_: 1 / 0)
    assert "formateur" in answer(tmp_path, [])["reason"]


def test_what_has_no_room_is_refused_and_the_rest_is_saved(tmp_path: Path) -> None:
    store = AnswersStore(tmp_path, OBJECTIVE)
    store.save([strategy("é" * 4000, n, row=f"s{n}") for n in range(20)])
    more = [Edit("set", f"a{n}", "1.2.b", "t", "action", "é" * 4000, 0, "a", 100 + n) for n in range(20)]
    small = Edit("set", "z", "1.2.c", field="strategy", value="un deux", client="a", number=300)
    heard = answer(tmp_path, [message(edit) for edit in (*more, small)])
    refused = {refusal["number"] for refusal in heard["refusals"]}
    assert 0 < len(refused) < 20
    assert 300 not in refused
    assert all("plein" in refusal["reason"] for refusal in heard["refusals"])
    actions = heard["state"]["options"]["1.2.b"][0]["actions"]
    assert len(actions) == 20 - len(refused)


scalars = st.one_of(st.none(), st.booleans(), st.integers(), st.just(10**400), st.just(HALF), st.text(max_size=3))
junk = st.one_of(
    scalars,
    st.lists(scalars, max_size=2),
    st.builds(
        lambda change: {**message(strategy("mauvais", 9, row="s9")), **change},
        st.dictionaries(
            st.sampled_from(["row", "option", "parent", "field", "base", "kind", "seen"]), scalars, min_size=1
        ),
    ),
    st.just(message(strategy("é" * 4001, 9, row="s9"))),
    st.just({**message(strategy("mauvais", 9, row="s9")), "of": "another version"}),
)


@given(st.lists(junk, min_size=1, max_size=3), st.lists(junk, max_size=2))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_beside_them_good_edits_are_saved(
    tmp_path_factory: pytest.TempPathFactory, before: list[Any], after: list[Any]
) -> None:
    folder = tmp_path_factory.mktemp("classeur")
    heard = answer(folder, [*before, message(strategy("un deux", 1)), *after, message(action("trois quatre", 2))])
    assert heard["kind"] == "saved"
    assert not {("a", 1), ("a", 2)} & {(refusal["client"], refusal["number"]) for refusal in heard["refusals"]}
    written = texts(AnswersStore(folder, OBJECTIVE).open().document)
    assert {"un deux", "trois quatre"} <= set(written)


SAVE = """
import pathlib, sys
sys.path.insert(0, sys.argv[2])
from writing import OBJECTIVE, strategy
from course.core.answers.store import AnswersStore
AnswersStore(pathlib.Path(sys.argv[1]), OBJECTIVE).save([strategy("un deux", 1)])
"""


@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("cc"), reason="a library takes the place of flock")
def test_a_drive_whose_locks_do_not_answer_saves(tmp_path: Path) -> None:
    """case no-lock"""
    here = Path(__file__).parent
    library = tmp_path / "nolock.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, here / "cases" / "nolock.c"], check=True, timeout=600)
    environment = {**os.environ, "LD_PRELOAD": str(library), "PYTHONPATH": str(here.parents[1])}
    subprocess.run([sys.executable, "-c", SAVE, tmp_path, here], check=True, timeout=600, env=environment)
    assert texts(AnswersStore(tmp_path, OBJECTIVE).open().document) == ["un deux"]


def test_without_locks_one_program_keeps_out_of_its_own_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fcntl = pytest.importorskip("fcntl", reason="POSIX")
    codes = iter((errno.ENOLCK, errno.EOPNOTSUPP) * 100_000)

    def refuse(*_: object) -> None:
        raise OSError(next(codes), "no locks")

    monkeypatch.setattr(fcntl, "flock", refuse)

    def write(client: str) -> None:
        store = AnswersStore(tmp_path, OBJECTIVE)
        for number in range(5):
            store.save([strategy(f"{client} {number}", number, client=client, row=f"{client}{number}")])

    threads = [threading.Thread(target=write, args=(client,)) for client in "pq"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert set(texts(AnswersStore(tmp_path, OBJECTIVE).open().document)) == {f"{c} {n}" for c in "pq" for n in range(5)}
