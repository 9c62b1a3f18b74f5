"""The canvas widget: carries edits from the browser to the answers file, and reports what is on disk."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import traitlets

from course.core import layouts, model_answers, rubric, syllabus
from course.core.answers import FOLDER
from course.core.answers.format import view
from course.core.answers.store import AnswersStore, Saved
from course.core.folders import root_of
from course.core.refusal import NotWritten
from course.core.syllabus import Objective
from course.core.terminal import typed
from course.workbook import export
from course.workbook.document import DocumentCard
from course.workbook.module import Module


def _facts() -> dict[str, Any]:
    """The facts that are the same for every canvas, or fixed by the course: they travel once, with the module."""
    return {
        "LAYOUT": {
            "headings": dict(layouts.HEADINGS),
            "signs": layouts.SIGNS,
            "letters": layouts.LETTERS,
            "arrows": layouts.ARROWS,
            "spaces": layouts.SPACES,
            "invisible": layouts.INVISIBLE,
            "quotes": layouts.QUOTES,
        },
        "RUBRIC": [{"title": c.title, "points": c.points, "levels": c.levels} for c in rubric.load()],
        "CANVASES": {
            objective.id: {
                "title": objective.title,
                "options": [{"id": o.id, "label": o.label, "gloss": o.gloss} for o in objective.options],
            }
            for objective in syllabus.load().objectives
        },
    }


MODULE = Module(Path(__file__).parent, _facts, styles=("../tokens.css", "canvas.css", "../paper.css"))


class CanvasWidget(DocumentCard):
    """One canvas on the page.

    Attributes:
        canvas: The objective's id, and whether there are model answers to compare with.
        state: What was on disk when the widget was created; later states travel as messages.
        module: The large module, with the first canvas of a kernel; empty with the others.
    """

    _module_sent = False  # by this kernel

    _esm = traitlets.Unicode(MODULE.loader).tag(sync=True)
    # A canvas has no layout of its own, and one more message would carry 40 empty settings.
    layout = traitlets.Any(None).tag(sync=True)
    module = traitlets.Dict().tag(sync=True)
    canvas = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, objective: Objective, folder: Path) -> None:
        """A canvas on the answers of one folder.

        Args:
            objective: The canvas's objective.
            folder: The folder of the notebook.
        """
        self._store = AnswersStore(folder, objective)
        self._objective = objective
        super().__init__(
            canvas={"id": objective.id, "comparable": model_answers.exist()},
            state={**self._open(), "at": time.time()},
            module={} if CanvasWidget._module_sent else {"boot": MODULE.boot, "packed": MODULE.packed},
        )
        CanvasWidget._module_sent = True
        self.on_msg(self._hear)

    def _alternative(self) -> str:
        return f"Canevas {self._objective.id} : {self._objective.title}"

    def _alternative_html(self, text: str) -> str:
        """The canvas's name, and what to do."""
        advice = (
            f"{text}. Il va s’ouvrir ici ; sinon, ouvrez ce cahier par « {typed('open')} ». Vos réponses sont dans "
            f"{FOLDER}/{self._store.path.name}."
        )
        return super()._alternative_html(advice)

    def _hear(self, _: object, message: dict[str, Any], __: list[bytes]) -> None:
        match message["kind"]:
            case "module":
                self._send_module(plain=message.get("plain") is True)
            case "save":
                self._save(message)
            case "hello":
                self._greet(message)
            case "check":
                self._check()
            case "compare":
                self._show_models(message)
            case "document":
                self.send(*export.answer(message, self._export))

    def _send_module(self, *, plain: bool) -> None:
        if plain:
            self.send(MODULE.plain)
        else:
            self.send({"kind": "module", "boot": MODULE.boot}, [MODULE.packed])

    def _export(self, form: str) -> Path:
        from course.documents.command import write  # noqa: PLC0415  (no canvas opens later for it)

        folder = self._store.folder
        return write(self._objective.id, form, folder, root_of(folder))

    def _check(self) -> None:
        from course.core.completeness import POINTS, completeness, missing  # noqa: PLC0415  (no canvas opens later for it)
        from course.core.words import points  # noqa: PLC0415

        try:
            document = self._store.open().document
        except NotWritten as error:
            self.send({"kind": "checked", "text": error.reason, "options": [], "parts": []})
            return
        answers = view(document, self._objective)
        result = completeness(self._objective, answers)
        options = [
            {"id": o.id, "label": o.label, "lack": missing(o, answers.options[o.id])} for o in self._objective.options
        ]
        parts = [
            {
                "name": name,
                "count": f"{count} sur {of}" if of else "",
                "points": f"{points(round(float(exact), 2))} sur {most}",
            }
            for name, count, of, exact, most in result.parts
        ]
        text = f"{result}. Complétude\u00a0: {points(result.mark)} sur {POINTS}."
        self.send({"kind": "checked", "text": text, "options": options, "parts": parts})

    def _show_models(self, message: dict[str, Any]) -> None:
        from course.core.comparison import comparison  # noqa: PLC0415

        try:
            answers = view(self._store.open().document, self._objective)
        except NotWritten:
            answers = None  # a file that cannot be read is no reason to hide the model answers
        models = comparison(self._objective, answers, sure=message.get("sure") is True)
        self.send({**models, "client": message["client"]})

    def _shown(self, saved: Saved) -> dict[str, Any]:
        removed = saved.document.get("sync", {}).get("removed", {})
        inside = [action["id"] for tomb in removed.values() for action in tomb["row"].get("actions", [])]
        return {"options": saved.document["options"], "removed": [*removed, *inside]}
