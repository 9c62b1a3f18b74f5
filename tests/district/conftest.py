"""The committed tables of the district, as they are: with their defects."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

DISTRICT = Path(__file__).resolve().parents[2] / "data" / "district"


class Tables(dict):
    """Table name to its raw rows, double entries included; `row` finds one by its first column."""

    def __missing__(self, name: str) -> list[dict[str, str]]:
        with (DISTRICT / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
            self[name] = list(csv.DictReader(stream, delimiter=";"))
        return self[name]

    def row(self, name: str, code: str) -> dict[str, str]:
        (found,) = (row for row in self[name] if next(iter(row.values())) == code)
        return found


@pytest.fixture(scope="session")
def tables() -> Tables:
    return Tables()
