"""Sealed grading gives the marks, and shows the tables, that stock nbgrader's execution of the copies gives."""

import json

import nbformat
import pytest
from coursework import CANVASES, answers
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory


def empty(folder):
    for path in (folder / "reponses").iterdir():
        path.unlink()


def broken(folder):
    (folder / "reponses" / "1.1.json").write_text("{")


def halves(folder):
    document = answers("1.1", options=3)
    document["options"]["1.1.a"][0]["actions"] *= 3
    document["options"]["1.1.d"] = [{"strategy": "à compléter", "actions": [{"action": "idem"}]}]
    (folder / "reponses" / "1.1.json").write_text(json.dumps(document), encoding="utf-8-sig")


COPIES = {"une option": (1, None), "vide": (99, empty), "illisible": (99, broken),
          "demi-points": (99, halves)}  # fmt: skip


@pytest.fixture(scope="module")
def both(new_course):
    """The same copies graded by each; the canvas's cells are all that runs."""
    results = []
    for sealed in (True, False):
        course = new_course()
        for student, (options, change) in COPIES.items():
            folder = course.hand_in(student, options=options)
            if change:
                change(folder)
        if sealed:
            assert course.autograde()["success"]
        else:
            config = course.config
            del config["Autograde"]
            config.CourseDirectory.assignment_id = "but-1"
            Autograde(coursedir=CourseDirectory(config=config), config=config).start()
        results.append(course)
    return results


@pytest.mark.parametrize("student", COPIES)
def test_the_gradebook_has_the_same_scores_and_flags(both, student):
    sealed, stock = both
    assert sealed.grades()[student] == stock.grades()[student]


def test_the_copies_tell_marks_apart(both):
    assert {both[0].automatic(student) for student in COPIES} == {(1.5, 2), (0, 0), (0, 6), (4.5, 6)}


@pytest.mark.parametrize("student", COPIES)
def test_the_graded_notebooks_show_the_same(both, student):
    def shown(course):
        cells = nbformat.read(course.autograded / student / "but-1" / "but-1.ipynb", as_version=4).cells
        return [[(o.output_type, dict(o.data)) for o in cell.outputs] for cell in cells if cell.cell_type == "code"]

    sealed, stock = map(shown, both)
    assert len(sealed) == len(CANVASES)
    assert sealed == stock
