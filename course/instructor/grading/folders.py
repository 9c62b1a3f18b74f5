"""The folder of a graded copy: built aside, put in place whole, and known again by what stands in it."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from fnmatch import fnmatchcase
from itertools import count
from pathlib import Path

from course.instructor.cohort.alone import remove

_MODE = 0o444  # nbgrader's: what was graded is not edited
# nbgrader's defaults for `CourseDirectory.ignore`, and notebooks, which are not copied but graded.
_IGNORED = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback", "*.ipynb")


class Folders:
    """Graded copies on their way from a working folder to their place."""

    def __init__(self, working: Path) -> None:
        """Works in an empty folder, on the same file system as the copies."""
        self._new, self._old = working / "new", working / "old"
        self._new.mkdir()
        self._old.mkdir()
        self._numbers = count()

    def build(self, files: Mapping[str, bytes]) -> Path:
        """Writes a new folder, still out of the way.

        Args:
            files: Its files by path; `/` between folders.
        """
        folder = self._new / str(next(self._numbers))
        for parent in {name.rpartition("/")[0] for name in files}:
            (folder / parent).mkdir(parents=True, exist_ok=True)
        for name, raw in files.items():
            path = folder / name
            path.write_bytes(raw)
            path.chmod(_MODE)
        return folder

    def put(self, fresh: Path, place: Path) -> None:
        """Puts a built folder in its place. Killed in between, there is the old one, none, or the new one."""
        place.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            place.rename(self._old / fresh.name)
        fresh.rename(place)

    def sweep(self) -> None:
        """Removes what was replaced."""
        for old in self._old.iterdir():
            old.unlink() if old.is_symlink() or not old.is_dir() else remove(old)


def sizes(folder: Path, names: Iterable[str]) -> list[tuple[str, int]]:
    """How large each of some files is; -1 for one that is not there, or is no plain file, or behind a link."""
    reachable = not folder.is_symlink()
    return [(name, _size(folder / name) if reachable else -1) for name in sorted(names)]


def _size(path: Path) -> int:
    try:
        status = path.lstat()
    except OSError:
        return -1
    return status.st_size if stat.S_ISREG(status.st_mode) else -1


def beside(source: Path, own: Iterable[str]) -> dict[str, bytes]:
    """The files beside a source notebook that go into every graded copy, by path.

    Args:
        source: The folder of an assignment in `solutions/`; there may be none.
        own: Paths that stay the trainee's.
    """
    files = {path.relative_to(source).as_posix(): path for path in _files(source)}
    return {name: path.read_bytes() for name, path in files.items() if name not in {*own}}


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if any(fnmatchcase(path.name, each) and (each[0] == "." or path.name[0] != ".") for each in _IGNORED):
            continue  # as a shell: a star does not stand for a leading point
        if path.is_dir() and not path.is_symlink():
            yield from _files(path)
        elif path.is_file():
            yield path
