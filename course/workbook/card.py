"""What the course's widgets have in common: a style, the kernel's loop, and words where no widget is shown."""

from __future__ import annotations

import asyncio
from html import escape
from pathlib import Path
from typing import Any

import anywidget

_STYLE = Path(__file__).with_name("card.css")


def style(here: Path, *names: str) -> str:
    """The style of a widget: that of every card, then its own.

    Args:
        here: The widget's folder.
        names: Its style sheets in that folder; none for a widget that has none of its own.
    """
    return "".join(path.read_text(encoding="utf-8") for path in (_STYLE, *(here / name for name in names)))


def kernel_loop() -> asyncio.AbstractEventLoop | None:
    """The loop that the kernel runs; None outside of one, where what takes long is simply waited for."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


class Card(anywidget.AnyWidget):
    """A widget that says something even on a page that shows no widgets."""

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict[str, Any], dict[str, Any]]:
        """The widget, and for a page that shows none a sentence instead of a bare name."""
        data, metadata = super()._repr_mimebundle_(**kwargs)
        text = self._told()
        return {**data, "text/plain": text, "text/html": f'<p lang="fr">{escape(text)}</p>'}, metadata

    def _told(self) -> str:
        """That sentence."""
        raise NotImplementedError
