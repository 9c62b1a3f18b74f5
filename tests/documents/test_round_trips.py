"""A canvas that leaves as Word or Excel comes back to the letter, whatever was written in it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from course.core import sheets, syllabus
from course.core.answers.edits import identified, new_document
from course.core.answers.format import ACTION_FIELDS
from course.documents import canvases, escapes, incoming
from course.documents.command import written
from course.documents.model import Document
from course.documents.reading import reading

OBJECTIVE = syllabus.load().objective("1.1")
OPTIONS = [option.id for option in OBJECTIVE.options]
NOW = datetime(2026, 12, 1, 10, tzinfo=UTC)
EXAMPLES = int(os.environ.get("COURSE_ROUND_TRIPS", "15"))

HOSTILE = (
    "=1+1", "+1", "-1", "@SUM(A1)", "'=x", "<r><t>x</t></r>", "]]>&amp;<w:t>", "a\tb\n\n  c", "a\r\nb\r",
    "\x00\x1b\x7f\x85",
    "_x0041_x0042_", "_x000D_", "_xD800_", "\ufffe\uffff", "\u2028\u200e\u202e",
    "\U0001f9d1\u200d\u2695\ufe0f", "e\u0301",
    " ",
    "⟨U+0000⟩⟨U+27E8⟩", "1.1.b", "Stratégie", "s/a", "• un\n• deux", "31/12/2026", "007", "1e3", "VRAI",
)  # fmt: skip
TEXTS = st.one_of(st.just(""), st.sampled_from(HOSTILE), st.text(st.characters(exclude_categories=["Cs"]), max_size=12))
ACTIONS = st.lists(st.fixed_dictionaries(dict.fromkeys(ACTION_FIELDS, TEXTS)), max_size=2)
STRATEGIES = st.lists(st.fixed_dictionaries({"strategy": TEXTS, "actions": ACTIONS}), max_size=3)
CANVASES = st.fixed_dictionaries(dict.fromkeys(OPTIONS, STRATEGIES))


def canvas(options: dict[str, Any]) -> dict[str, Any]:
    return identified({**new_document(OBJECTIVE, ""), "options": options}, OBJECTIVE)


def sent(document: dict[str, Any], form: str) -> bytes:
    sheet = canvases.sheet_of(OBJECTIVE, document)
    return written(Document(sheet.title, "Classeur de\u00a0: nous", "Écrit le 01/12/2026", (sheet,)), form)


EVERY = {OPTIONS[0]: [{"strategy": text, "actions": [dict.fromkeys(ACTION_FIELDS, text), {}]} for text in HOSTILE[:20]]}


@pytest.mark.parametrize("form", ["docx", "xlsx"])
@settings(max_examples=EXAMPLES)
@given(CANVASES)
@example(EVERY)
@example({OPTIONS[1]: [{"strategy": text} for text in HOSTILE[20:]]})
def test_every_text_comes_back_to_the_letter(form: str, options: dict[str, Any]) -> None:
    document = canvas(options)
    back = reading(incoming.read(sent(document, form)))
    expected = {
        option: [
            {"id": row["id"], "strategy": row.get("strategy", ""), "actions": [
                {"id": action["id"], **{field: action.get(field, "") for field in ACTION_FIELDS}}
                for action in row["actions"]
            ]}
            for row in document["options"][option]
        ]
        for option in OPTIONS
    }  # fmt: skip
    found = back.documents.get(OBJECTIVE, canvas({}))
    assert found["options"] == expected
    assert back.left == []


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("_x005F_x005F_x0041_⟨U+27E8⟩U+0001⟩")
def test_what_xml_cannot_hold_is_escaped_and_comes_back(text: str) -> None:
    for form in (sheets, escapes):
        escaped = form.escaped(text)
        assert not any(ord(c) < 32 and c not in "\t\n" for c in escaped)
        assert form.unescaped(escaped) == text
