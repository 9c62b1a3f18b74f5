"""The base of the course's widgets: a style, the kernel's loop, and a text where no widget can be shown."""

from __future__ import annotations

import asyncio
from html import escape
from pathlib import Path
from typing import Any

import anywidget

_STYLES = (Path(__file__).with_name("tokens.css"), Path(__file__).with_name("card.css"))


def style(here: Path, *names: str) -> str:
    """The style of a widget: that of every card, then its own.

    Args:
        here: The widget's folder.
        names: Its style sheets in that folder; none for a widget that has none of its own.
    """
    return "".join(path.read_text(encoding="utf-8") for path in (*_STYLES, *(here / name for name in names)))


def kernel_loop() -> asyncio.AbstractEventLoop | None:
    """The event loop of the kernel; None outside of one, where what takes long runs in the foreground."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


class Card(anywidget.AnyWidget):
    """A widget with a text for pages that show no widgets."""

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget, and a sentence in place of its bare name."""
        data, metadata = super()._repr_mimebundle_() or ({}, {})
        text = self._alternative()
        return {**data, "text/plain": text, "text/html": self._alternative_html(text)}, metadata

    def _alternative(self) -> str:
        """The text, in French."""
        raise NotImplementedError

    def _alternative_html(self, text: str) -> str:
        """The same as HTML, everything escaped."""
        return f'<p lang="fr">{escape(text)}</p>'
