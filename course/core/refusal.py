"""Errors that are French sentences: each says what happened, to which file, and what to do."""

from __future__ import annotations


class Refusal(Exception):  # noqa: N818 - a person's request that cannot be met, not a fault of the program
    """What a person asked for cannot be done; shown as it is, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: IPython asks the exception itself."""
        return [str(self)]


class Unreadable(ValueError):  # noqa: N818 - a state of a file
    """A file from somebody else that cannot be trusted or understood; `reason` is a French sentence."""

    def __init__(self, reason: str) -> None:
        """Keeps the French sentence."""
        super().__init__(reason)
        self.reason = reason


class NotWritten(Exception):  # noqa: N818 - the disk is full, the folder is protected
    """A file could not be written and is as it was; `reason` is one French sentence: what happened and what to do."""

    def __init__(self, reason: str) -> None:
        """Keeps the French sentence."""
        super().__init__(reason)
        self.reason = reason
