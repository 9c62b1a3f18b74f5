"""The store: nothing acknowledged is lost, whoever else writes, and the file always parses."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from writing import OBJECTIVE, action, strategy, texts

from course.core import documents
from course.core.answers import read
from course.core.answers import store as store_module
from course.core.answers.edits import Edit
from course.core.answers.format import load
from course.core.answers.store import AnswersStore
from course.core.lock import held
from course.core.refusal import NotWritten


@pytest.fixture
def store(tmp_path: Path) -> AnswersStore:
    return AnswersStore(tmp_path, OBJECTIVE)


class TestSaving:
    def test_opening_makes_the_document_once(self, store: AnswersStore) -> None:
        first = store.open().document
        assert store.path.is_file()
        assert store.open().document == first
        assert len(first["document"]) == 36

    def test_what_is_saved_is_read_back(self, store: AnswersStore, tmp_path: Path) -> None:
        store.save([strategy("Former les agents", 1), action("Réunir dix agents", 2)])
        rows = read(tmp_path, OBJECTIVE).options["1.2.a"]
        assert [row.strategy for row in rows] == ["Former les agents"]
        assert [a.action for a in rows[0].actions] == ["Réunir dix agents"]

    def test_the_clock_only_dates(self, tmp_path: Path) -> None:
        clock = iter([datetime(2030, 1, 1, tzinfo=UTC), datetime(1999, 1, 1, tzinfo=UTC)])
        store = AnswersStore(tmp_path, OBJECTIVE, now=lambda: next(clock))
        store.save([strategy("un deux", 1)])
        saved = store.save([strategy("un deux trois", 2)])
        assert saved.document["saved_at"] == "1999-01-01T00:00:00Z"
        assert saved.document["revision"] == 2
        assert texts(saved.document) == ["un deux trois"]

    def test_unknown_keys_are_kept(self, store: AnswersStore) -> None:
        document = store.open().document
        store.path.write_text(json.dumps({**document, "futur": 1}), encoding="utf-8")
        assert store.save([strategy("un deux", 1)]).document["futur"] == 1

    def test_only_the_answers_file_shows(self, store: AnswersStore) -> None:
        store.save([strategy("un deux", 1)])
        assert [p.name for p in store.path.parent.iterdir() if not p.name.startswith(".")] == ["1.2.json"]
        assert not list(store.path.parent.glob(".*.tmp"))


class TestTrouble:
    def test_an_unreadable_file_is_set_aside_and_said(self, store: AnswersStore) -> None:
        store.path.parent.mkdir()
        store.path.write_bytes(b'{"format": "canevas/1", "obj')
        saved = store.save([strategy("un deux", 1)])
        asides = list(store.path.parent.glob("1.2-illisible-*.json"))
        assert [aside.read_bytes() for aside in asides] == [b'{"format": "canevas/1", "obj']
        assert asides[0].name in saved.notice
        assert texts(load(store.path.read_bytes(), OBJECTIVE)) == ["un deux"]

    @pytest.mark.parametrize("damage", [b"", b"{", None])
    @pytest.mark.parametrize("where", ["same kernel", "new kernel", "no spare copy"])
    def test_a_lost_or_damaged_file_comes_back(self, store: AnswersStore, damage: bytes | None, where: str) -> None:
        before = store.save([strategy("un deux", 1)]).document
        store.path.unlink() if damage is None else store.path.write_bytes(damage)
        if where == "new kernel":
            store = AnswersStore(store.folder, OBJECTIVE)
        if where == "no spare copy":
            (store.path.parent / ".1.2.json.bon").write_bytes(b"")
        opened = store.open()
        assert texts(opened.document) == ["un deux"]
        assert opened.document["document"] == before["document"]
        assert "La dernière copie valable" in opened.notice
        assert texts(store.save([action("trois quatre", 2)]).document) == ["un deux", "trois quatre"]
        assert store.open().notice == ""

    def test_the_copy_taken_is_the_newest_whoever_wrote_it(self, store: AnswersStore) -> None:
        store.save([strategy("un deux", 1)])
        AnswersStore(store.folder, OBJECTIVE).save([action("trois quatre", 1, client="b")])
        store.path.write_bytes(b"")
        assert texts(store.open().document) == ["un deux", "trois quatre"]

    @pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
    @pytest.mark.parametrize("step", ["fsync", "replace"])
    def test_a_failed_write_leaves_the_file_and_says_why(
        self, store: AnswersStore, monkeypatch: pytest.MonkeyPatch, code: int, step: str
    ) -> None:
        store.save([strategy("un deux", 1)])
        before = store.path.read_bytes()

        def fail(*_: object) -> None:
            raise OSError(code, os.strerror(code))

        with monkeypatch.context() as patch:
            patch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), fail)
            with pytest.raises(NotWritten) as caught:
                store.save([strategy("un deux trois", 2)])
        assert caught.value.reason
        assert store.path.read_bytes() == before
        assert not list(store.path.parent.glob(".*.tmp"))
        assert texts(store.save([strategy("un deux trois", 2)]).document) == ["un deux trois"]

    def test_a_full_canvas_is_said_and_left_as_it_is(self, store: AnswersStore) -> None:
        edits = [strategy("é" * 4000, n, row=f"s{n}") for n in range(20)]
        saved = store.save(edits)
        rows = [Edit("set", f"a{n}", "1.2.b", "t", "action", "é" * 4000, 0, "a", 100 + n) for n in range(20)]
        before = store.path.read_bytes()
        with pytest.raises(NotWritten, match="plein"):
            store.save(rows)
        assert store.path.read_bytes() == before
        assert len(saved.document["options"]["1.2.a"]) == 20

    def test_a_held_lock_is_said(self, store: AnswersStore, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("course.core.answers.store.LOCK_SECONDS", 0.05)
        store.open()
        with held(store.path.with_name(".1.2.json.lock"), "tenu"), pytest.raises(NotWritten, match="tient le fichier"):
            AnswersStore(store.folder, OBJECTIVE).save([strategy("un deux", 1)])

    @pytest.mark.parametrize("missing", ["locks on this disk", "locks in this Python"])
    def test_where_there_are_no_locks_it_saves_all_the_same(
        self, store: AnswersStore, monkeypatch: pytest.MonkeyPatch, missing: str
    ) -> None:
        """Some shared disks have none, and neither has a browser's Python."""
        fcntl = pytest.importorskip("fcntl", reason="POSIX")

        def refuse(*_: object) -> None:
            raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

        if missing == "locks on this disk":
            monkeypatch.setattr(fcntl, "flock", refuse)
        else:
            monkeypatch.delattr(fcntl, "flock")
        assert texts(store.save([strategy("un deux", 1)]).document) == ["un deux"]


def _write(folder: Path, client: str) -> None:
    store = AnswersStore(folder, OBJECTIVE)
    for number in range(1, 21):
        store.save(
            [strategy(f"{client} {number}", number, client=client, row=f"{client}{number}-x"[:1] + str(number % 5))]
        )
        store.save(
            [
                Edit(
                    "set",
                    f"own-{client}",
                    "1.2.b",
                    field="strategy",
                    value=f"{client} {number}",
                    client=client,
                    number=100 + number,
                )
            ]
        )


def test_two_kernels_on_one_file_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_write, args=(tmp_path, client)) for client in "pq"]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    rows = read(tmp_path, OBJECTIVE).options
    assert {row.strategy for row in rows["1.2.b"]} == {"p 20", "q 20"}
    assert {row.strategy for row in rows["1.2.a"]} == {f"{c} {n}" for c in "pq" for n in range(16, 21)}


def test_a_date_that_no_clock_shows_is_no_date() -> None:
    assert store_module._when({"saved_at": "0001-01-01T00:00:00+14:00"}) == "sans date"
    for text in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-11-30", ""):
        with pytest.raises(ValueError, match=re.escape(text)):
            documents.moment_of(text)
    assert documents.utc(documents.moment_of("2026-11-30T10:15:00Z")) == "2026-11-30T10:15:00Z"
