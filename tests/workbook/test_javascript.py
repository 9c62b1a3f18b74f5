"""The ES modules pass the type check and the lint of package.json."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ABSENT = "the JavaScript tools are not installed: run « npm install » at the root of the project"


def tool(name: str) -> str:
    found = shutil.which(name, path=str(ROOT / "node_modules" / ".bin"))
    if not (found and shutil.which("node")):
        if os.environ.get("COURSE_REQUIRE_NODE") == "1":
            pytest.fail(ABSENT)
        pytest.skip(ABSENT)
    return found


@pytest.mark.parametrize("command", [("tsc", "--pretty", "false"), ("biome", "lint", "--error-on-warnings")])
def test_nothing_is_found(command: tuple[str, ...]) -> None:
    name, *options = command
    done = subprocess.run(
        [tool(name), *options], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
