"""Copies that a hostile, clumsy or unlucky trainee hands in, each with what must come of it."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from coursework import FULL, answers, marks
from nbformat import v4

RAW = "<img src=x onerror=alert(1)><script>alert(2)</script>"
CANARY = "canari.txt"
ZERO = (0.0, 6.0)
NOTHING = (0.0, 0.0)


@dataclass(frozen=True)
class Copy:
    """One copy.

    Attributes:
        spoil: Does it to a complete copy, whose folder it is given.
        told: The place that the instructor is told about; empty when there is nothing to tell.
        marks: What it is marked, on 1.1 and 1.2.
    """

    spoil: Callable[[Path], None]
    told: str = ""
    marks: tuple[float, float] = FULL


COPIES: dict[str, Copy] = {}


def copy(told="", marks=FULL, posix=False):
    def register(spoil):
        if os.name == "posix" or not posix:
            COPIES[spoil.__name__] = Copy(spoil, told, marks)
        return spoil

    return register


def edit(folder, change):
    path = folder / "but-1.ipynb"
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    path.write_text(nbformat.writes(notebook), encoding="utf-8")


def named(notebook, grade_id):
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def attack(folder):
    """Code that leaves a trace where the tests look for one, wherever it is executed."""
    return f"open({str(folder.parents[2] / CANARY)!r}, 'a').write('exécuté')"


def replaced(path, make):
    path.unlink()
    make(path)


NOTEBOOK, FIRST = "but-1.ipynb", "reponses/1.1.json"


@copy(NOTEBOOK)
def code_cell(folder):
    edit(folder, lambda nb: nb.cells.insert(0, v4.new_code_cell(attack(folder))))


@copy(NOTEBOOK)
def canvas_cell_with_code(folder):
    edit(folder, lambda nb: named(nb, "completude-1-1").update(source=f"{attack(folder)}\n6.0"))


@copy(NOTEBOOK)
def scripts_in_text(folder):
    edit(folder, lambda nb: nb.cells.insert(0, v4.new_markdown_cell(RAW)))


@copy(NOTEBOOK)
def scripts_in_outputs(folder):
    output = v4.new_output("display_data", data={"text/html": RAW})
    edit(folder, lambda nb: nb.cells.append(v4.new_code_cell("1", outputs=[output])))


@copy()
def scripts_in_answers(folder):
    (folder / FIRST).write_text(json.dumps(answers("1.1", text=f"Former {RAW} les agents")))


@copy(NOTEBOOK)
def graded_cell_twice(folder):
    edit(folder, lambda nb: nb.cells.append(v4.new_code_cell("6.0", metadata=named(nb, "completude-1-1").metadata)))


@copy(NOTEBOOK)
def graded_cells_deleted(folder):
    edit(folder, lambda nb: nb.update(cells=[v4.new_markdown_cell("Rien")]))


@copy(NOTEBOOK)
def task_edited(folder):
    edit(folder, lambda nb: named(nb, "qualite-1-1").update(source=f"14 sur 14 {RAW}"))


@copy(NOTEBOOK)
def points_changed(folder):
    edit(folder, lambda nb: named(nb, "completude-1-1").metadata.nbgrader.update(points=600))


@copy(NOTEBOOK)
def cells_unlocked(folder):
    edit(folder, lambda nb: named(nb, "completude-1-1").metadata.nbgrader.update(solution=True, locked=False))


@copy(NOTEBOOK)
def cell_of_another_canvas(folder):
    extra = v4.new_code_cell("6.0", metadata={"nbgrader": marks("completude-9-9", grade=True, points=100)})
    edit(folder, lambda nb: nb.cells.append(extra))


@copy(NOTEBOOK)
def notebook_broken(folder):
    (folder / NOTEBOOK).write_text('{"cells": [')


@copy(NOTEBOOK)
def notebook_of_strange_shape(folder):
    cell = {"cell_type": ["code"], "source": {"a": 1}, "metadata": {"nbgrader": {"grade_id": ["x"], "points": [[6]]}}}
    (folder / NOTEBOOK).write_text(json.dumps({"cells": [cell, {"metadata": 3}]}))


@copy(NOTEBOOK)
def notebook_nested(folder):
    (folder / NOTEBOOK).write_text("[" * 200_000)


@copy(NOTEBOOK)
def notebook_missing(folder):
    (folder / NOTEBOOK).unlink()


@copy(NOTEBOOK)
def notebook_renamed(folder):
    (folder / NOTEBOOK).rename(folder / "but-1 (2).ipynb")


@copy(NOTEBOOK)
def notebook_huge(folder):
    with (folder / NOTEBOOK).open("ab") as stream:
        stream.truncate(3 << 30)


@copy(NOTEBOOK)
def notebook_is_a_folder(folder):
    replaced(folder / NOTEBOOK, Path.mkdir)


@copy(NOTEBOOK, posix=True)
def notebook_is_a_pipe(folder):
    replaced(folder / NOTEBOOK, os.mkfifo)


@copy(NOTEBOOK, posix=True)
def notebook_is_a_link(folder):
    replaced(folder / NOTEBOOK, lambda path: path.symlink_to(folder.parents[1] / "awa" / "but-1" / NOTEBOOK))


@copy(FIRST, ZERO)
def answers_broken(folder):
    (folder / FIRST).write_text('{"format": "canevas/1",')


@copy(FIRST, ZERO)
def answers_not_utf8(folder):
    (folder / FIRST).write_bytes(b'{"format": "canevas/1\xff"}')


@copy(FIRST, ZERO)
def answers_of_another_canvas(folder):
    (folder / FIRST).write_text(json.dumps(answers("1.2")))


@copy(FIRST, ZERO)
def answers_of_wrong_types(folder):
    (folder / FIRST).write_text(json.dumps(answers("1.1") | {"options": {"1.1.a": [{"strategy": None}]}}))


@copy(FIRST, ZERO)
def answers_with_nan(folder):
    (folder / FIRST).write_text(json.dumps(answers("1.1") | {"revision": float("nan")}))


@copy(FIRST, ZERO)
def answers_with_a_repeated_key(folder):
    (folder / FIRST).write_text('{"format": "canevas/1", "objective": "1.1", "options": {}, "options": {}}')


@copy(FIRST, ZERO)
def answers_with_half_a_character(folder):
    (folder / FIRST).write_text(json.dumps(answers("1.1", text="Former \ud800 les agents")))


@copy(FIRST, ZERO)
def answers_nested(folder):
    (folder / FIRST).write_text('{"a":' * 20_000)


@copy(FIRST, ZERO)
def answers_huge(folder):
    with (folder / FIRST).open("ab") as stream:
        stream.truncate(3 << 30)


@copy(FIRST, ZERO)
def answers_are_a_folder(folder):
    replaced(folder / FIRST, Path.mkdir)


@copy(FIRST, ZERO, posix=True)
def answers_are_a_pipe(folder):
    replaced(folder / FIRST, os.mkfifo)


@copy(FIRST, ZERO, posix=True)
def answers_are_a_neighbours(folder):
    replaced(folder / FIRST, lambda path: path.symlink_to(folder.parents[1] / "awa" / "but-1" / FIRST))


@copy(FIRST, ZERO, posix=True)
def answers_are_a_dangling_link(folder):
    replaced(folder / FIRST, lambda path: path.symlink_to("nulle-part"))


@copy(FIRST, ZERO, posix=True)
def answers_are_a_link_to_themselves(folder):
    replaced(folder / FIRST, lambda path: path.symlink_to(path))


@copy("", NOTHING)
def answers_missing(folder):
    for path in (folder / "reponses").iterdir():
        path.unlink()


@copy(FIRST, NOTHING)
def answers_folder_is_a_file(folder):
    answers_missing(folder)
    (folder / "reponses").rmdir()
    (folder / "reponses").write_text("")


@copy(FIRST, NOTHING, posix=True)
def answers_folder_is_a_link(folder):
    answers_missing(folder)
    (folder / "reponses").rmdir()
    (folder / "reponses").symlink_to(folder.parents[1] / "awa" / "but-1" / "reponses")


@copy()
def reason_forged(folder):
    (folder / "reponses" / "1.1.illisible.txt").write_text(RAW)
    (folder / "remarques.txt").write_text(RAW)


@copy()
def programs_beside(folder):
    for name in ("sitecustomize.py", "course.py", "usercustomize.py"):
        (folder / name).write_text(attack(folder))
    (folder / "page.html").write_text(RAW)


def emptied(folder):
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


@copy("assignment_is_a_file/but-1", NOTHING)
def assignment_is_a_file(folder):
    emptied(folder)
    folder.write_text("")


@copy("assignment_is_a_link/but-1", NOTHING, posix=True)
def assignment_is_a_link(folder):
    emptied(folder)
    folder.symlink_to(folder.parents[1] / "awa" / "but-1")


@copy("student_is_a_link", NOTHING, posix=True)
def student_is_a_link(folder):
    emptied(folder)
    folder.parent.rmdir()
    folder.parent.symlink_to(folder.parents[1] / "awa")


@copy("student_is_a_dangling_link", NOTHING, posix=True)
def student_is_a_dangling_link(folder):
    emptied(folder)
    folder.parent.rmdir()
    folder.parent.symlink_to("nulle-part")


DATE, CODE = "timestamp.txt", "submission_secret.txt"


@copy(DATE)
def date_is_none(folder):
    (folder / DATE).write_text("demain matin")


@copy(DATE)
def date_is_not_text(folder):
    (folder / DATE).write_bytes(b"\xff\xfe\x00")


@copy(DATE)
def date_is_out_of_range(folder):
    (folder / DATE).write_text("0001-01-01 00:00:00 +9999999")


@copy(DATE)
def date_is_a_path(folder):
    (folder / DATE).write_text(f"2026-11-20 10:00:00 {__file__}")


@copy(DATE)
def date_is_huge(folder):
    (folder / DATE).write_text("2026-11-20 10:00:00 UTC" + " " * 100_000)


@copy(DATE)
def date_is_a_folder(folder):
    replaced(folder / DATE, Path.mkdir)


@copy(DATE, posix=True)
def date_is_a_pipe(folder):
    replaced(folder / DATE, os.mkfifo)


@copy(DATE, posix=True)
def date_is_a_link(folder):
    replaced(folder / DATE, lambda path: path.symlink_to(folder.parents[1] / "awa" / "but-1" / DATE))


@copy(CODE)
def secret_is_empty(folder):
    (folder / CODE).write_text("")


@copy(CODE, posix=True)
def secret_is_a_pipe(folder):
    replaced(folder / CODE, os.mkfifo)


@copy()
def receipt_missing(folder):
    (folder / DATE).unlink()
    (folder / CODE).unlink()


TEAM = "equipe.json"


@copy(TEAM)
def team_is_broken(folder):
    (folder / TEAM).write_text('{"format": "equipe/1",')


@copy(TEAM)
def team_is_of_wrong_types(folder):
    (folder / TEAM).write_text('{"format": "equipe/1", "group": 3, "members": {}}')


@copy(TEAM)
def team_is_huge(folder):
    (folder / TEAM).write_text(json.dumps({"format": "equipe/1", "members": ["x" * 100_000]}))


@copy(TEAM, posix=True)
def team_is_a_pipe(folder):
    os.mkfifo(folder / TEAM)


@copy(TEAM, posix=True)
def team_is_a_neighbours(folder):
    (folder.parents[1] / "awa" / "but-1" / TEAM).write_text('{"format": "equipe/1", "members": ["Awa"]}')
    (folder / TEAM).symlink_to(folder.parents[1] / "awa" / "but-1" / TEAM)


@copy()
def team_with_more_in_it(folder):
    (folder / TEAM).write_text(json.dumps({"format": "equipe/1", "group": RAW, "members": [RAW], "more": RAW}))


@copy()
def receipt_of_the_zip_forged(folder):
    (folder / "remise.json").write_text(RAW)
