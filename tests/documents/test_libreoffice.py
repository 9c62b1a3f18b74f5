"""LibreOffice opens the documents, saves them again, and every text is still there to the letter."""

from __future__ import annotations

from pathlib import Path

from office import saved_again
from test_round_trips import HOSTILE, OBJECTIVE, OPTIONS, canvas, sent

from course.core.answers.format import ACTION_FIELDS
from course.documents import incoming
from course.documents.reading import reading

# LibreOffice itself makes one line break of each carriage return and changes the second of two such forms in Excel, and
# drops a space at the end of a text in Word.
TEXTS = [text for text in HOSTILE if "\r" not in text and text not in ("_x0041_x0042_", " ")]


def test_what_libreoffice_saves_again_comes_back_to_the_letter(tmp_path: Path) -> None:
    rows = [{"strategy": text, "actions": [dict.fromkeys(ACTION_FIELDS, text), {}]} for text in TEXTS]
    document = canvas({OPTIONS[0]: rows[:13], OPTIONS[1]: rows[13:], OPTIONS[2]: [{"strategy": "Une"}]})
    forms = ("docx", "xlsx")
    for form in forms:
        (tmp_path / f"canevas.{form}").write_bytes(sent(document, form))
    for form in forms:
        (raw,) = saved_again([tmp_path / f"canevas.{form}"], form, tmp_path)
        back = reading(incoming.read(raw))
        expected = reading(incoming.read(sent(document, form)))
        assert back.documents[OBJECTIVE]["options"] == expected.documents[OBJECTIVE]["options"], form
        assert back.left == [], form
