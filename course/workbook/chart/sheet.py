"""The paper that matplotlib draws on: size, letters, axes, mention, and the SVG that comes of it."""

from __future__ import annotations

import io
from collections.abc import Callable

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from course.authoring.district.table import MENTION
from course.core.palette import FAINT, INK, SOFT
from course.core.words import french, typeset

_STYLE = {
    "font.size": 11.5,  # points: more than 15 pixels
    "font.family": "DejaVu Sans",  # comes with matplotlib
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": SOFT,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "svg.fonttype": "path",
    "svg.hashsalt": MENTION,
}
_INCHES = (7.8, 4.4)
NUMBER = FuncFormatter(lambda value, _: french(value))


def sheet(title: str, source: str, plot: Callable[[Axes], None], inches: tuple[float, float] = _INCHES) -> str:
    """A chart as SVG text, marked « données fictives ».

    Args:
        title: Its name, in French.
        source: The file that it shows, and of when.
        plot: What draws on its axes and names them.
        inches: Width and height, at 96 pixels an inch.
    """
    with rc_context(_STYLE):
        figure = Figure(figsize=inches, layout="constrained")
        axes = figure.add_subplot()
        plot(axes)
        axes.set_title(typeset(title), loc="left", fontweight="bold", fontsize=13, pad=12)
        figure.supxlabel(typeset(f"{source} – {MENTION}"), x=0.99, ha="right", fontsize=11, color=SOFT)
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Title": typeset(title)})
    return written.getvalue()
