"""Nesting is measured as JSON nests, whatever brackets and quotes texts hold, in a time that grows with the length."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.core.answers.format import MAX_BYTES
from course.core.documents import MAX_DEPTH, read_json
from course.core.refusal import Unreadable

texts = st.text(alphabet='"\\[]{}:, aé\n', max_size=12)
values = st.recursive(
    texts | st.integers(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def nested(value: Any, levels: int) -> Any:
    for level in range(levels):
        value = [value] if level % 2 else {'"[': value}
    return value


def depth(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return isinstance(value, dict | list) + max(map(depth, inner), default=0)


@given(values, st.integers(0, MAX_DEPTH + 4), st.booleans(), st.sampled_from([None, 1]))
def test_what_is_nested_up_to_the_limit_is_read_and_no_deeper(
    value: Any, levels: int, ascii_only: bool, indent: int | None
) -> None:
    document = nested(value, levels)
    raw = json.dumps(document, ensure_ascii=ascii_only, indent=indent).encode()
    if depth(document) <= MAX_DEPTH:
        assert read_json(raw, MAX_BYTES) == document
    else:
        with pytest.raises(Unreadable, match="imbriqué"):
            read_json(raw, MAX_BYTES)


@pytest.mark.parametrize(
    "raw",
    [
        b'"' + b'\\"' * (MAX_BYTES // 2 - 1),
        b'{"' + b"\\" * (MAX_BYTES - 2),
        b'"' * MAX_BYTES,
        b"{}" * (MAX_BYTES // 2),
        b"]" * MAX_BYTES,
        b"{[" * 1000,
    ],
    ids=["a text without end", "backslashes", "quotes", "pairs", "closings", "a key that is none"],
)
def test_what_is_no_json_is_refused_without_a_search_that_grows_with_its_square(raw: bytes) -> None:
    with pytest.raises(Unreadable, match="JSON valable"):
        read_json(raw, MAX_BYTES)


@pytest.mark.parametrize("raw", [b"[" * MAX_BYTES, b'{"a":' * 40_000])
def test_what_opens_and_never_closes_is_too_deep(raw: bytes) -> None:
    with pytest.raises(Unreadable, match="imbriqué"):
        read_json(raw, MAX_BYTES)


def test_half_a_character_is_refused_however_it_is_written() -> None:
    for half in (b'"\\ud83d"', b'"\\uD83D"', b'"\\uDe00"'):
        with pytest.raises(Unreadable, match="demi-caractère"):
            read_json(half, MAX_BYTES)
    assert read_json(b'"\\ud83d\\ude00"', MAX_BYTES) == "\U0001f600"
