"""No French sentence of the instructor's rooms steers the program: reworded, all of them, nothing else changes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from forks import forked, needs_fork
from rewording import show

from course.instructor.cohort.places import Cohort
from course.instructor.review.bench import Bench


def seen(manner: str, root: Path) -> dict[str, Any]:
    status, output = forked(lambda: show(manner, root))
    assert status == 0, output
    return json.loads(output.splitlines()[-1])


@needs_fork
def test_reworded_all_of_them_an_instructor_sees_the_same_but_for_the_words(school: Cohort, tmp_path: Path) -> None:
    drawn = Path(shutil.copytree(school.root, tmp_path / "classe"))
    bench = Bench(Cohort(drawn))
    for objective in ("1.1", "2.1", "3.1"):
        bench.choose(objective)  # the numbers of copies are drawn once
    found = []
    for manner in ("plain", "reworded"):
        root = Path(shutil.copytree(drawn, tmp_path / "cours"))  # one name: it is in the keys of the bench
        found.append(seen(manner, root))
        shutil.rmtree(root)
    as_it_is, reworded = found
    assert not any(as_it_is["signs"].values())
    untouched = {key for key, count in reworded["signs"].items() if not count}
    assert untouched <= {"summary", "zips", "buttons", "commands", "feedback", "demo"}, (
        "these are keys, names and templates"
    )
    for key, value in as_it_is["seen"].items():
        assert reworded["seen"][key] == value, key
