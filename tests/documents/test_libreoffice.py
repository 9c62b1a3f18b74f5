"""LibreOffice opens the documents, saves them again, and every text is still there to the letter."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from test_round_trips import HOSTILE, OBJECTIVE, OPTIONS, canvas, sent

from course.core.answers.format import ACTION_FIELDS
from course.documents import incoming
from course.documents.reading import reading

PROGRAM = shutil.which("soffice") or shutil.which("libreoffice")
MISSING = "LibreOffice is not installed (COURSE_REQUIRE_LIBREOFFICE=1 makes this a failure)"

# LibreOffice itself makes one line break of each carriage return and changes the second of two such forms in Excel, and
# drops a space at the end of a text in Word.
TEXTS = [text for text in HOSTILE if "\r" not in text and text not in ("_x0041_x0042_", " ")]


def test_what_libreoffice_saves_again_comes_back_to_the_letter(tmp_path: Path) -> None:
    if PROGRAM is None:
        if os.environ.get("COURSE_REQUIRE_LIBREOFFICE") == "1":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    rows = [{"strategy": text, "actions": [dict.fromkeys(ACTION_FIELDS, text), {}]} for text in TEXTS]
    document = canvas({OPTIONS[0]: rows[:13], OPTIONS[1]: rows[13:], OPTIONS[2]: [{"strategy": "Une"}]})
    forms = ("docx", "xlsx")
    for form in forms:
        (tmp_path / f"canevas.{form}").write_bytes(sent(document, form))
    for form in forms:
        command = [PROGRAM, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
        command += ["--convert-to", form, "--outdir", str(tmp_path / "again"), str(tmp_path / f"canevas.{form}")]
        subprocess.run(command, check=True, capture_output=True, timeout=600)
        back = reading(incoming.read((tmp_path / f"again/canevas.{form}").read_bytes()))
        expected = reading(incoming.read(sent(document, form)))
        assert back.documents[OBJECTIVE]["options"] == expected.documents[OBJECTIVE]["options"], form
        assert back.left == [], form
