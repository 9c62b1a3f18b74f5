"""What is told of a changed notebook: the change, never the content."""

import json

import nbformat
from coursework import source_notebook, spaced
from nbformat import v4

from course.instructor.grading.submission import differences


def written(*changes):
    notebook = source_notebook()
    for change in changes:
        change(notebook)
    return nbformat.writes(notebook).encode()


PUBLISHED = written()


def run_and_saved(notebook):
    notebook.metadata["widgets"] = {"state": {}}
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"autre-{number}"
        cell.metadata["tags"] = ["x"]
        if cell.cell_type == "code":
            cell.execution_count = number
            cell.outputs = [v4.new_output("stream", text="vu")]


def test_a_notebook_that_was_run_and_saved_is_not_changed():
    assert differences(written(run_and_saved), PUBLISHED) == ()


def copied(cell):
    return v4.new_code_cell(cell.source, metadata=cell.metadata)


CHANGES = [
    (lambda nb: nb.cells.pop(2), "cellule notée supprimée : completude-1-1"),
    (lambda nb: nb.cells.append(copied(nb.cells[2])), "cellule notée en double : completude-1-1"),
    (lambda nb: nb.cells[2].metadata.nbgrader.update(points=7), "cellule notée modifiée : completude-1-1"),
    (lambda nb: nb.cells[2].update(source="6.0"), "cellule notée modifiée : completude-1-1"),
    (lambda nb: nb.update(cells=nb.cells[:1]), "cellules notées supprimées : completude-1-1, qualite-1-1, complet"),
    (lambda nb: nb.cells.append(v4.new_code_cell("x")), "1 cellule ajoutée ou modifiée, dont 1 de code"),
    (lambda nb: nb.cells[0].update(source="Secret"), "1 cellule ajoutée ou modifiée, dont 0 de code"),
]
NO_NOTEBOOKS = (
    b"", b"\xff", b"{", b"[]", b"3", b'{"cells": 1}', b'{"cells": [1]}', b"[" * 100_000, b'{"cells":' * 100_000,
)  # fmt: skip


def test_each_change_is_named():
    for change, told in CHANGES:
        (phrase,) = differences(written(change), PUBLISHED)
        assert spaced(phrase).startswith(told), told
        assert "Secret" not in phrase


def test_what_is_no_notebook_is_said_to_be_none():
    for raw in NO_NOTEBOOKS:
        assert differences(raw, PUBLISHED) == ("ce n’est pas un notebook lisible",), raw[:20]


def test_strange_values_are_differences_and_no_accident():
    cell = {
        "cell_type": {},
        "source": [1, [2]],
        "metadata": {"nbgrader": {"grade_id": "completude-1-1", "points": [[]]}},
    }
    raw = json.dumps({"cells": [cell, {"source": None}, {"metadata": []}]}).encode()
    assert any("completude-1-1" in phrase for phrase in differences(raw, PUBLISHED))
