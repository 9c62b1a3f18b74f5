"""Errors whose message is a French sentence: what happened, to which file, and what to do."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - a person's request that cannot be met, not a fault of the program
    """A request that cannot be met; its message is displayed without a traceback."""

    def _render_traceback_(self) -> list[str]:
        """Return the lines that IPython displays in a notebook instead of a traceback."""
        return [str(self)]


class Unreadable(ValueError):  # noqa: N818 - a state of a file
    """An untrusted file that is invalid or cannot be read; `reason` is a French sentence."""

    def __init__(self, reason: str) -> None:
        """Keep the French sentence."""
        super().__init__(reason)
        self.reason = reason


class NotWritten(Exception):  # noqa: N818 - the disk is full, the folder is protected
    """A file could not be written and is unchanged; `reason` is a French sentence: the cause and what to do."""

    def __init__(self, reason: str) -> None:
        """Keep the French sentence."""
        super().__init__(reason)
        self.reason = reason
