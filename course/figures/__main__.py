"""The one command that draws the figures again: `python -m course.figures`."""

from __future__ import annotations

from course.figures import write_figures
from course.places import content

for path in write_figures(content("modules") / "images"):
    print(path.name)
