"""`chart("references")`: the first look at a table of the district, a prepared picture with its text alternative."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass
from html import escape, unescape

from course.core.content import content

FOLDER = "district/graphiques"
"""Folder of the pictures in `data/`, each under the name of its table; `course.authoring.district` draws them."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart as a notebook's output.

    Attributes:
        svg: The drawing, as SVG text.
        alternative: What it shows, in French, for who cannot see it.
    """

    svg: str
    alternative: str

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        # In an <img>, ids and styles of one drawing can't meet those of another, and no script in it can run.
        source = b64encode(self.svg.encode()).decode()
        return {
            "text/html": (
                f'<img src="data:image/svg+xml;base64,{source}" alt="{escape(self.alternative)}" lang="fr" '
                'style="max-width: 100%">'
            ),
            "text/plain": self.alternative,
        }


def show(identifier: str) -> Picture:
    """The chart of a table.

    Args:
        identifier: The name of a file of `data/district` without its ending.

    Raises:
        ValueError: There is no such table; the sentence is French.
    """
    pictures = {path.stem: path for path in sorted((content("data") / FOLDER).glob("*.svg"))}
    if identifier not in pictures:
        raise ValueError(
            f"Il n’y a pas de table «\u202f{identifier}\u202f» dans le district. "
            f"Les douze\u00a0: {', '.join(pictures)}."
        )
    svg = pictures[identifier].read_text(encoding="utf-8")
    description = re.search(r"<desc[^>]*>([^<]*)</desc>", svg)
    return Picture(svg, unescape(description[1]) if description else identifier)
