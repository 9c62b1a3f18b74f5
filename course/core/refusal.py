"""What a person did that cannot be done, said in French."""

from __future__ import annotations

from pathlib import Path

from course.core import files as durable


class Refusal(Exception):  # noqa: N818  (nobody made an error: it cannot be done)
    """A French sentence: what happened, to which file, what to do. It is shown as it is, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: IPython asks the exception itself."""
        return [str(self)]


def not_writable(folder: Path, error: OSError) -> Refusal:
    """The refusal that says that a folder cannot be used, and why."""
    return Refusal(
        f"Le dossier « {folder} » ne peut pas être écrit ({durable.cause(error)}) : ouvrez-en l’accès, "
        "ou choisissez-en un autre avec --dossier."
    )
