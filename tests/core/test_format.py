"""The format canevas/1: what is read, what is refused, and that the schema says the same."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import course.core.answers as answers_room
from course.core import syllabus
from course.core.answers import Action, Strategy, parse, read
from course.core.answers.format import MAX_BYTES
from course.core.refusal import Unreadable

OBJECTIVE = syllabus.load().objective("1.1")
SCHEMA = json.loads((Path(answers_room.__file__).parent / "canevas-1.schema.json").read_text(encoding="utf-8"))


def document(**options: Any) -> dict[str, Any]:
    rows = {f"1.1.{letter}": value for letter, value in options.items()}
    return {"format": "canevas/1", "objective": "1.1", "options": rows}


def raw(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


class TestReading:
    def test_the_design_example(self) -> None:
        row = {
            "id": "s8c1f",
            "strategy": "Former",
            "actions": [{"id": "a91d0", "action": "Réunir", "responsible": "ICP", "due": "", "indicator": ""}],
        }
        value = {**document(a=[row]), "document": "0b7e", "revision": 12, "saved_at": "2026-11-22T10:00:00Z"}
        result = parse(raw(value), OBJECTIVE)
        assert result.options["1.1.a"] == (Strategy("s8c1f", "Former", (Action("a91d0", "Réunir", "ICP"),)),)
        assert list(result.options) == ["1.1.a", "1.1.b", "1.1.c", "1.1.d"]

    def test_missing_parts_are_empty_and_unknown_ones_ignored(self) -> None:
        value = {**document(a=[{}, {"actions": [{}], "couleur": 3}]), "futur": [1.5]}
        value["options"]["9.9.z"] = None
        assert parse(raw(value), OBJECTIVE).options["1.1.a"] == (Strategy(), Strategy(actions=(Action(),)))

    def test_a_byte_order_mark_is_allowed(self) -> None:
        assert parse(b"\xef\xbb\xbf" + raw(document()), OBJECTIVE).objective == "1.1"

    def test_exactly_at_the_limits(self) -> None:
        row = {"strategy": "😀" * 4000, "actions": [{"action": "b"}] * 20}
        assert len(parse(raw(document(a=[row] * 10)), OBJECTIVE).options["1.1.a"]) == 10
        assert len(parse(raw(document(a=[{}] * 20)), OBJECTIVE).options["1.1.a"]) == 20


REFUSED = {
    "not utf-8": b'{"format": "\xff"}',
    "not json": b"{",
    "empty": b"",
    "two documents": raw(document()) * 2,
    "nan": raw(document())[:-1] + b', "x": NaN}',
    "infinity": raw(document())[:-1] + b', "x": -Infinity}',
    "infinite float": raw(document())[:-1] + b', "x": 1e999}',
    "repeated key": raw(document())[:-1] + b', "objective": "1.1"}',
    "repeated key, deep": raw(document())[:-1] + b', "x": {"y": 1, "y": 1}}',
    "lone surrogate": raw(document())[:-1] + rb', "x": "\ud800"}',
    "lone surrogate in a key": raw(document())[:-1] + rb', "\udfff": 1}',
    "deep list": b"[" * 100_000,
    "deep value": raw(document())[:-1] + b', "x": ' + b"[" * 40 + b"]" * 40 + b"}",
    "deep after a quote": raw(document())[:-1] + rb', "\"": ' + b'{"a":' * 40 + b"1" + b"}" * 41,
    "huge integer": raw(document())[:-1] + b', "x": ' + b"9" * 5000 + b"}",
    "too large": raw({**document(), "x": "y" * MAX_BYTES}),
    "a list": b"[]",
    "null": b"null",
    "format": raw({**document(), "format": "canevas/2"}),
    "no format": raw({"objective": "1.1", "options": {}}),
    "other objective": raw({**document(), "objective": "1.2"}),
    "no options": raw({"format": "canevas/1", "objective": "1.1"}),
    "null options": raw({**document(), "options": None}),
    "null option": raw(document(a=None)),
    "row": raw(document(a=["x"])),
    "null strategy": raw(document(a=[{"strategy": None}])),
    "number strategy": raw(document(a=[{"strategy": 1}])),
    "null id": raw(document(a=[{"id": None}])),
    "null actions": raw(document(a=[{"actions": None}])),
    "null due": raw(document(a=[{"actions": [{"due": None}]}])),
    "21 strategies": raw(document(a=[{}] * 21)),
    "21 actions": raw(document(a=[{"actions": [{}] * 21}])),
    "4,001 characters": raw(document(a=[{"strategy": "é" * 4001}])),
    "boolean revision": raw({**document(), "revision": True}),
    "negative revision": raw({**document(), "revision": -1}),
    "list sync": raw({**document(), "sync": []}),
}


class TestRefusing:
    @pytest.mark.parametrize("name", REFUSED)
    def test_unreadable(self, name: str) -> None:
        with pytest.raises(Unreadable) as caught:
            parse(REFUSED[name], OBJECTIVE)
        assert caught.value.reason.endswith(".")
        assert "Traceback" not in caught.value.reason

    @given(st.binary(max_size=200))
    def test_any_bytes_are_read_or_refused(self, noise: bytes) -> None:
        with contextlib.suppress(Unreadable):
            assert parse(noise, OBJECTIVE).objective == "1.1"

    scalars = st.one_of(st.none(), st.booleans(), st.integers(-2, 3), st.text(max_size=3), st.just("a" * 4001))
    actions = st.lists(st.dictionaries(st.sampled_from(["id", "action", "due", "x"]), scalars, max_size=2), max_size=21)
    rows = st.lists(
        st.one_of(
            st.fixed_dictionaries({}, optional={"id": scalars, "strategy": scalars, "actions": actions}), scalars
        ),
        max_size=2,
    )

    @given(
        st.fixed_dictionaries(
            {"format": st.just("canevas/1"), "objective": st.just("1.1")},
            optional={
                "options": st.one_of(st.fixed_dictionaries({}, optional={"1.1.a": rows, "1.1.d": rows}), scalars),
                "revision": scalars,
                "document": scalars,
                "sync": st.one_of(st.dictionaries(st.text(max_size=2), scalars), scalars),
            },
        )
    )
    def test_the_schema_says_the_same(self, value: dict[str, Any]) -> None:
        valid = jsonschema.Draft202012Validator(SCHEMA).is_valid(value)
        try:
            parse(raw(value), OBJECTIVE)
        except Unreadable:
            assert not valid
        else:
            assert valid


@pytest.mark.skipif(os.name != "posix", reason="links, pipes and sockets as files are POSIX")
class TestFilesThatAreNotFiles:
    def test_no_file_is_no_answer(self, tmp_path: Path) -> None:
        assert read(tmp_path, OBJECTIVE) is None

    def test_a_plain_file_is_read(self, tmp_path: Path) -> None:
        (tmp_path / "reponses").mkdir()
        (tmp_path / "reponses/1.1.json").write_bytes(raw(document()))
        assert read(tmp_path, OBJECTIVE).objective == "1.1"

    @pytest.mark.parametrize("kind", ["link", "dangling", "self", "directory", "fifo", "socket", "huge"])
    def test_anything_else_is_refused(self, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
        folder = tmp_path / "reponses"
        folder.mkdir()
        place = folder / "1.1.json"
        (tmp_path / "voisin.json").write_bytes(raw(document()))
        monkeypatch.chdir(folder)  # a socket's path must be short
        match kind:
            case "link":
                place.symlink_to("../voisin.json")
            case "dangling":
                place.symlink_to("nulle-part")
            case "self":
                place.symlink_to("1.1.json")
            case "directory":
                place.mkdir()
            case "fifo":
                os.mkfifo(place)
            case "socket":
                with socket.socket(socket.AF_UNIX) as server:
                    server.bind("1.1.json")
            case "huge":
                with place.open("wb") as stream:
                    stream.truncate(1 << 40)
        with pytest.raises(Unreadable) as caught:
            read(tmp_path, OBJECTIVE)
        assert caught.value.reason

    def test_a_linked_folder_is_refused(self, tmp_path: Path) -> None:
        neighbour = tmp_path / "voisin" / "reponses"
        neighbour.mkdir(parents=True)
        (neighbour / "1.1.json").write_bytes(raw(document()))
        (tmp_path / "moi").mkdir()
        (tmp_path / "moi/reponses").symlink_to(neighbour, target_is_directory=True)
        with pytest.raises(Unreadable, match="lien"):
            read(tmp_path / "moi", OBJECTIVE)
