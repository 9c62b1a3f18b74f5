"""A picture that a notebook shows, with its text alternative."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from html import escape


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
                'style="max-width: 100%; background: #fff">'
            ),
            "text/plain": self.alternative,
        }
