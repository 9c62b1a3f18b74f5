"""LibreOffice, where it is installed: opens documents and saves them again."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

PROGRAM = shutil.which("soffice") or shutil.which("libreoffice")
MISSING = "LibreOffice is not installed (COURSE_REQUIRE_LIBREOFFICE=1 makes this a failure)"


def saved_again(paths: Sequence[Path], form: str, folder: Path) -> list[bytes]:
    """Opens files and saves them in a format; their bytes then. Skips the test where there is no LibreOffice."""
    if PROGRAM is None:
        if os.environ.get("COURSE_REQUIRE_LIBREOFFICE") == "1":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    command = [PROGRAM, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", form, "--outdir", str(folder / "again"), *map(str, paths)]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    return [(folder / "again" / path.name).read_bytes() for path in paths]
