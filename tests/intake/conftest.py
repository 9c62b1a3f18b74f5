"""A class that receives mail."""

from __future__ import annotations

from pathlib import Path

import pytest
from mail import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A class with a list of trainees."""
    return Desk(tmp_path)


@pytest.fixture
def workshop(tmp_path: Path) -> Desk:
    """A class without a list."""
    return Desk(tmp_path, None)
