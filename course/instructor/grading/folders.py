"""The folder of a graded copy: built aside, then moved into place whole, and identified by the sizes of its files."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from itertools import count
from pathlib import Path

from course.instructor.cohort.alone import remove

_MODE = 0o444  # as nbgrader: graded files are not edited
# nbgrader's defaults for `CourseDirectory.ignore`, and notebooks, which are graded instead of copied.
_IGNORED = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "*.ipynb")


class Folders:
    """The folders of graded copies, built in a working folder and then moved to their final location."""

    def __init__(self, working: Path) -> None:
        """Use an empty working folder, on the same file system as the copies."""
        self._new, self._old = working / "new", working / "old"
        self._new.mkdir()
        self._old.mkdir()
        self._numbers = count()

    def build(self, files: Mapping[str, bytes]) -> Path:
        """Write a new folder in the working folder and return it.

        Args:
            files: Its files by path, with `/` between folders.
        """
        folder = self._new / str(next(self._numbers))
        for parent in {name.rpartition("/")[0] for name in files}:
            (folder / parent).mkdir(parents=True, exist_ok=True)
        for name, raw in files.items():
            path = folder / name
            path.write_bytes(raw)
            path.chmod(_MODE)
        return folder

    def put(self, fresh: Path, target: Path) -> None:
        """Move a built folder into place; if killed meanwhile, the old folder, none, or the new one is there."""
        target.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            target.rename(self._old / fresh.name)
        fresh.rename(target)

    def sweep(self) -> None:
        """Remove the replaced folders."""
        for old in self._old.iterdir():
            old.unlink() if old.is_symlink() or not old.is_dir() else remove(old)


def sizes(folder: Path, names: Iterable[str]) -> list[tuple[str, int]]:
    """Return the size of each file by name; -1 for one that is missing, not a regular file, or behind a link."""
    reachable = not folder.is_symlink()
    return [(name, _size(folder / name) if reachable else -1) for name in sorted(names)]


def _size(path: Path) -> int:
    try:
        status = path.lstat()
    except OSError:
        return -1
    return status.st_size if stat.S_ISREG(status.st_mode) else -1


def beside(source: Path, own: Iterable[str]) -> dict[str, bytes]:
    """Return the files beside a source notebook that go into every graded copy, by path.

    Args:
        source: The folder of an assignment in `solutions/`; it may be missing.
        own: Paths of the trainee's own files, which are not replaced.
    """
    files = {path.relative_to(source).as_posix(): path for path in _files(source)}
    return {name: path.read_bytes() for name, path in files.items() if name not in {*own}}


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if any(fnmatchcase(path.name, glob) and (glob[0] == "." or path.name[0] != ".") for glob in _IGNORED):
            continue  # as in a shell, a star does not match a leading dot
        if path.is_dir() and not path.is_symlink():
            yield from _files(path)
        elif path.is_file():
            yield path
