"""Latency of typing in full canvases, in a real JupyterLab and Chromium: from a key to the screen, and to the disk."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.lab import opened, stop_kernels, write_book
from benchmarks.report import Figure, Measurement, seconds
from benchmarks.rounds import COURSE, Impossible
from course.core import syllabus
from course.core.answers import FOLDER, file_name
from course.core.syllabus import Objective, Option

ROWS = 3  # in each of the 57 options
FRAME = 1 / 60
DURABLE = 0.050  # seconds promised by the project, without the pause
PAUSE = 0.5  # seconds for which the canvas waits for the next key: PAUSE of course/workbook/session.js
_SENTENCE = "Former deux agents par village au suivi des signes de danger."  # only keys of every keyboard
_LATENCY = 45  # ms between two keys: fast typing
_SAVES = 12
_FIRST = 5  # keys that trigger compilation, not counted

# In the page, for each key of a canvas or of a bare field: the time until its letter was drawn, and the time of work in
# it. The rest is the wait for the next frame, whose layout and paint lie between its animation callbacks and the first
# task after them.
_WATCH = """(() => {
  window.keys = [];
  window.bare = [];
  const records = ({ target }) => target.matches?.(".course-canvas textarea") ? keys : target.id === "bare" && bare;
  const task = (callback) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = callback;
    port2.postMessage(0);
  };
  let [pressed, handled] = [null, null];
  addEventListener("keydown", (event) => {
    if (records(event)) pressed = event.timeStamp;
  }, true);
  addEventListener("input", (event) => {
    const list = records(event);
    if (!list || pressed === null) return;
    const at = (window.typedAt = pressed);
    pressed = handled = null;
    requestAnimationFrame(() => {
      const frame = performance.now();
      const worked = (handled ?? frame) - at;
      task(() => {
        const end = performance.now();
        list.push([end - at, worked + end - frame]);
      });
    });
  }, true);
  addEventListener("input", () => (handled = performance.now())); // after all other listeners
  window.saved = () => new Promise((resolve) => {
    const status = document.activeElement.closest(".course-canvas").querySelector(".course-status");
    let sent = false;
    const look = () => {
      sent ||= status.textContent !== "Enregistré";
      if (sent && status.textContent === "Enregistré") resolve(performance.now() - window.typedAt);
    };
    new MutationObserver(look).observe(status, { childList: true, characterData: true, subtree: true });
  });
})()"""


def measure(rounds: int, say: Callable[[str], None]) -> Measurement:
    """Type a sentence into three canvases, then single letters, each until it is on disk.

    Args:
        rounds: 1 or more.
        say: Receives the progress, in French.

    Raises:
        Impossible: There is no Chromium or no Playwright, or a typed text is not on the screen or not on disk.
    """
    objectives = syllabus.load().objectives
    typed = [objectives[0], objectives[len(objectives) // 2], objectives[-1]]

    def fill(root: Path) -> None:
        for number in range(rounds):
            write_book(root / _place(number), objectives)
            answers = (root / _place(number)).parent / FOLDER
            answers.mkdir()
            for objective in objectives:
                (answers / file_name(objective)).write_text(json.dumps(full(objective)), encoding="utf-8")

    say("JupyterLab démarre")
    shown, waited, bare, durable = [], [], [], []
    with opened({COURSE: {}}, fill, _WATCH) as (context, labs):
        lab = labs[COURSE]
        for number in range(rounds):
            say(f"tour {number + 1} sur {rounds}")
            page = context.new_page()
            page.goto(lab.url(_place(number)))
            page.locator(".course-canvas textarea").nth(2 * ROWS * len(syllabus.load().options) - 1).wait_for()
            for objective in typed:
                _type(page, _field(page, objective), _SENTENCE, "keys")
            keys = page.evaluate("keys")[_FIRST:]
            shown.append(_percentile([work for _, work in keys], 95))
            waited.append(_percentile([whole for whole, _ in keys], 95))
            _type(page, _bare_field(page), _SENTENCE * len(typed), "bare")
            bare.append(_percentile([whole for whole, _ in page.evaluate("bare")[_FIRST:]], 95))
            answers = (lab.folder / _place(number)).parent / FOLDER / file_name(typed[0])
            durable.append(median(_save(page, answers, typed[0], index) for index in range(_SAVES)))
            page.close()
            stop_kernels(lab)
    return Measurement(
        f"Écrire dans 18 canevas pleins (57 options × {ROWS} lignes), ouverts sur une seule page",
        "la promesse",
        (
            Figure(
                "de la touche à l’écran, sans l’attente, 95 sur 100", shown, [FRAME] * rounds, seconds, "1 × et plus"
            ),
            Figure("de la touche au disque, médiane", durable, [DURABLE] * rounds, seconds, "1 × et plus"),
        ),
        (
            "À l’écran : la promesse est une image de l’écran (1/60 s) ; l’attente de la prochaine image, que rien "
            f"n’abrège, est déduite. Avec elle : {seconds(median(waited))}, et {seconds(median(bare))}"
            " dans un champ nu de la même page.",
            f"Au disque : jusqu’à ce que le canevas dise « Enregistré », sa pause de {seconds(PAUSE)} déduite ; le "
            "fichier est relu.",
        ),
    )


def _place(number: int) -> str:
    return f"tour-{number + 1}/essai.ipynb"


def full(objective: Objective) -> dict[str, object]:
    """Return a canvas with every row filled."""

    def row(option: Option, number: int) -> dict[str, object]:
        name = f"{option.id.replace('.', '-')}-{number}"
        strategy = f"Stratégie {number + 1} : réunir les familles et le comité autour de {option.label}"
        action = f"Action {number + 1} : tenir une réunion par village"
        return {"id": name, "strategy": strategy, "actions": [{"id": f"{name}-0", "action": action}]}

    options = {option.id: [row(option, number) for number in range(ROWS)] for option in objective.options}
    return {"format": "canevas/1", "objective": objective.id, "options": options}


def _field(page: Any, objective: Objective) -> Any:  # noqa: ANN401
    canvas = page.get_by_role("region", name=f"Canevas {objective.id}\u00a0: {objective.title}", exact=True)
    area = canvas.locator("textarea").nth(1)  # an action, in the middle of the rows
    area.scroll_into_view_if_needed()
    area.click()
    page.keyboard.press("Control+End")
    return area


def _bare_field(page: Any) -> Any:  # noqa: ANN401
    """Add a field without listeners to the page."""
    page.evaluate(
        """() => {
          const area = document.createElement("textarea");
          area.id = "bare";
          area.style = "position: fixed; top: 0; right: 0; z-index: 100000";
          document.body.append(area);
          area.focus();
        }"""
    )
    return page.locator("#bare")


def _type(page: Any, area: Any, sentence: str, record: str) -> None:  # noqa: ANN401
    before = page.evaluate(f"{record}.length")
    page.keyboard.type(sentence, delay=_LATENCY)
    page.wait_for_function(f"(number) => {record}.length >= number", arg=before + len(sentence))
    if not area.input_value().endswith(sentence):
        raise Impossible("Un champ ne montre pas ce que l’on y a tapé.")


def _save(page: Any, answers: Path, objective: Objective, index: int) -> float:  # noqa: ANN401
    """Return the seconds from a key to « Enregistré », without the pause; the file is checked."""
    area = _field(page, objective)
    page.wait_for_function(
        "document.activeElement.closest('.course-canvas').querySelector('.course-status').textContent === 'Enregistré'"
    )
    page.evaluate("void (window.latency = saved())")
    page.keyboard.type(chr(ord("a") + index))
    latency = page.evaluate("latency") / 1000 - PAUSE
    if json.dumps(area.input_value(), ensure_ascii=False) not in answers.read_text(encoding="utf-8"):
        raise Impossible("Ce que le canevas dit enregistré n’est pas dans le fichier.")
    return latency


def _percentile(values: Sequence[float], share: int) -> float:
    """Return a percentile of values in milliseconds, in seconds."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * share // 100)] / 1000
