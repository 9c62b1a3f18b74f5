"""`course document` and `course import`: documents from a command line, and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from course.core import bar, files, syllabus
from course.core.folders import goal_folder
from course.core.names import legible
from course.core.refusal import NotWritten, Refusal, Unreadable
from course.core.syllabus import Objective, goal_of
from course.core.terminal import installation, typed
from course.core.words import listed
from course.core.workbooks import chosen, home_of, lacking
from course.documents import canvases, plans
from course.documents.importing import FOLDER, take
from course.documents.incoming import read_file
from course.documents.model import Document, Paper

FORMATS = ("docx", "xlsx", "html")


def document(  # noqa: PLR0913, PLR0917 - the arguments of the command
    name: str,
    form: str | None = None,
    folder: Path | None = None,
    to: Path | None = None,
    blank: bool = False,
    paper: str | None = None,
) -> None:
    """Write a canvas, the canvases of a goal, or the plan as a document.

    Args:
        name: The canvas, the goal or the plan: `1.1`, `but-1`, `plan`.
        form: One of `FORMATS`; by default the ending of `to`, else `docx`.
        folder: The workbook; None for the one that `course open` opens.
        to: The file to write; by default one with a new name in the workbook's `documents/`.
        blank: Whether to leave it blank, to be filled in by hand.
        paper: The size of paper, `A4` or `A3`.

    Raises:
        Refusal: There is no such canvas, format or workbook, or the file exists or cannot be written.
    """
    form = _form(form, to)
    size = _paper(paper)
    if name.strip().lower() in plans.NAMES:
        made, place, stem = _plan(form, folder, size, blank=blank)
    else:
        title, stem, objectives = _named(name)
        if blank:
            made, place = canvases.blank(title, objectives, size), Path.cwd()
        else:
            home, root = home_of(syllabus.load().goal(objectives[0].goal), chosen(folder))
            made, place = canvases.filled(title, objectives, home, datetime.now(UTC), size), root / FOLDER
    stem = f"{stem}-vierge" if blank else stem
    if to is not None and to.exists():
        raise Refusal(f"«\u202f{to}\u202f» existe déjà\u00a0: donnez un autre nom, ou rangez ce fichier ailleurs.")
    print(f"C’est écrit\u00a0: {save(made, form, to or files.free(place, stem, form))}", flush=True)


def write(name: str, form: str, home: Path, root: Path) -> Path:
    """Write a canvas or a goal under a new name in a workbook's `documents/`; raises as `document`.

    Args:
        name: The canvas or the goal: `1.1`, `but-1`.
        form: One of `FORMATS`.
        home: The folder of its notebook.
        root: The root of the workbook.
    """
    title, stem, objectives = _named(name)
    made = canvases.filled(title, objectives, home, datetime.now(UTC))
    return save(made, _form(form, None), files.free(root / FOLDER, stem, form))


def write_plan(form: str, root: Path) -> Path:
    """Write the plan of a workbook under a new name in its `documents/`; raises as `document`."""
    form = _form(form, None)
    made = plans.filled(root, datetime.now(UTC), is_book=form == "xlsx")
    return save(made, form, files.free(root / FOLDER, plans.NAMES[0], form))


def _plan(form: str, folder: Path | None, paper: Paper, *, blank: bool) -> tuple[Document, Path, str]:
    """Return a plan as a document, the folder to write it in, and the stem of its name."""
    is_book = form == "xlsx"
    if blank:
        return plans.blank(paper, is_book=is_book), Path.cwd(), plans.NAMES[0]
    root = chosen(folder).root
    return plans.filled(root, datetime.now(UTC), is_book=is_book, paper=paper), root / FOLDER, plans.NAMES[0]


def import_files(paths: Sequence[Path], folder: Path | None = None, ask: bool = True, sure: bool = False) -> None:
    """Take files that were filled in without the course into a workbook, and print what became of each text.

    Args:
        paths: Excel workbooks, Word documents, CSV.
        folder: The workbook; None for the one that `course open` opens.
        ask: Whether to ask what a file does not say; else it is left aside.
        sure: Whether to take a file of other people unasked.

    Raises:
        Refusal: There is no workbook, no file was named, or none could be read.
    """
    if not paths:
        raise Refusal(f"Dites quel fichier reprendre. Par exemple\u00a0: {typed('import')} canevas-1.1.xlsx")
    workbook = chosen(folder)
    if not any(goal_folder(workbook.folder, goal) for goal in syllabus.load().goals):
        raise lacking(workbook, "de cahier")
    refused = 0
    for path in paths:
        try:
            tables = read_file(path)
        except Unreadable as error:
            refused += 1
            print(f"«\u202f{legible(path.name)}\u202f»\u00a0: {error.reason} Rien n’en est repris.", flush=True)
            continue
        print(f"«\u202f{legible(path.name)}\u202f»", flush=True)
        asker = bar.asker("Interrompu\u00a0: rien n’est repris de ce fichier.") if ask else None
        try:
            taken = take(tables, path.name, workbook.root, workbook.folder, asker, sure)
        except Unreadable as error:
            refused += 1
            print(f"  Rien n’en est repris. {error.reason}", flush=True)
            continue
        if taken.question:
            refused += 1
            print(f"  Rien n’en est repris. {taken.question} Pour répondre oui d’avance\u00a0: --oui.", flush=True)
        for line in taken.lines:
            print(f"  {line}", flush=True)
    if refused == len(paths):
        raise Refusal("Aucun fichier n’a pu être repris.")


def save(made: Document, form: str, path: Path) -> Path:
    """Write a document in one of `FORMATS`; raises `Refusal` where that cannot be done."""
    try:
        files.write(path, written(made, form))
    except NotWritten as error:
        raise Refusal(error.reason) from error
    return path


def written(made: Document, form: str) -> bytes:
    """Return a document in one of `FORMATS`; raises `Refusal` where an older installation lacks the library."""
    try:
        writer = _writer(form)
    except ModuleNotFoundError as error:
        raise Refusal(
            f"Il manque «\u202f{error.name}\u202f» pour écrire en {form}\u00a0: installez de nouveau le cours par "
            f"«\u202f{installation()}\u202f», avec le réseau. Sans cela, le format html marche."
        ) from error
    return writer(made)


def _writer(form: str) -> Callable[[Document], bytes]:
    # Only what is written is loaded: the libraries take longer than a canvas.
    if form == "docx":
        from course.documents.word import word  # noqa: PLC0415

        return word
    if form == "xlsx":
        from course.documents.excel import excel  # noqa: PLC0415

        return excel
    from course.documents.page import page  # noqa: PLC0415

    return page


def _named(name: str) -> tuple[str, str, Sequence[Objective]]:
    """Return the title, the file's stem and the canvases of what a person names."""
    try:
        objective = syllabus.load().objective(name.strip().lower().removeprefix("canevas").strip())
    except KeyError:
        goal = goal_of(name)
        return f"But {goal.id}\u00a0: {goal.title}", goal.assignment, goal.objectives
    return canvases.title_of(objective), f"canevas-{objective.id}", (objective,)


def _form(form: str | None, to: Path | None) -> str:
    ending = (to.suffix if to else "").removeprefix(".").lower()
    wanted = (form or ending or FORMATS[0]).removeprefix(".").lower()
    if ending in FORMATS and wanted in FORMATS and ending != wanted:
        raise Refusal(
            f"Le nom du fichier finit par .{ending}, et le format demandé est {wanted}\u00a0: choisissez l’un."
        )
    if wanted not in FORMATS:
        raise Refusal(
            f"«\u202f{wanted[:20]}\u202f» n’est pas un format de document\u00a0: choisissez parmi {listed(FORMATS)}."
        )
    return wanted


def _paper(paper: str | None) -> Paper:
    try:
        return Paper((paper or Paper.A4).upper())
    except ValueError:
        raise Refusal("Le papier est A4 ou A3.") from None
