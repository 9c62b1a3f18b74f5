"""The one command that draws the figures again: `python -m course.authoring.figures`."""

from __future__ import annotations

from course.authoring.figures import write_figures
from course.core.content import content

for path in write_figures(content("modules") / "images"):
    print(path.name)
