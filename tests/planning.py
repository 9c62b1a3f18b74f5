"""A workbook with canvases, and edits of its plan."""

from __future__ import annotations

from pathlib import Path

from course.core import syllabus
from course.core.answers.edits import Edit
from course.core.answers.store import AnswersStore

ACTIONS = {
    "1.1.a": "Tenir une séance par mois au village de Laogotin",
    "1.2.a": "Réunir dix familles avant la saison des pluies",
    "2.1.a": "Afficher les comptes du centre chaque trimestre",
}


def workbook(root: Path) -> Path:
    """An empty workbook; its `modules/` is where the plan is kept."""
    (root / "modules").mkdir()
    for goal in syllabus.load().goals:
        (root / "exercises" / goal.assignment).mkdir(parents=True)
    return root / "modules"


def fill(root: Path, option: str, field: str, text: str, number: int = 1) -> None:
    """Write into the first action of an option, `a-1-1-a`, or its strategy."""
    objective = syllabus.load().objective(option[:3])
    name = option.replace(".", "-")
    place = (f"s-{name}", option, "") if field == "strategy" else (f"a-{name}", option, f"s-{name}")
    store = AnswersStore(root / "exercises" / f"but-{objective.goal}", objective)
    store.save([Edit("set", *place, field, text, client=f"canevas {field} {text}", base=number, number=number)])


def filled(root: Path) -> Path:
    """A workbook with three actions in three canvases."""
    folder = workbook(root)
    for option, text in ACTIONS.items():
        fill(root, option, "strategy", f"Stratégie de {option}")
        fill(root, option, "action", text)
    return folder


def row(option: str) -> str:
    """The row of the first action of an option."""
    return f"{option[:3].replace('.', '-')}-a-{option.replace('.', '-')}"


def said(option: str, field: str, value: str, number: int, *, client: str = "a", base: int = 0) -> Edit:
    """What a page writes of the first action of an option."""
    return Edit("set", row(option), option, f"s-{option.replace('.', '-')}", field, value, base, client, number)
