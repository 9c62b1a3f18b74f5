"""The folder of a graded copy: built aside, put in place whole, and known again by what stands in it."""

from __future__ import annotations

import os
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
        folder.mkdir()
        made = {""}
        for name, raw in files.items():
            parent = name.rpartition("/")[0]
            if parent not in made:
                (folder / parent).mkdir(parents=True, exist_ok=True)
                made.add(parent)
            path = f"{folder}{os.sep}{name}"
            with open(path, "xb") as stream:  # noqa: PTH123 - fifty files a trainee: pathlib would be felt
                stream.write(raw)
            os.chmod(path, _MODE)  # noqa: PTH101
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
    if folder.is_symlink():
        return [(name, -1) for name in sorted(names)]
    return [(name, _size(f"{folder}{os.sep}{name}")) for name in sorted(names)]


def _size(path: str) -> int:
    try:
        status = os.lstat(path)
    except OSError:
        return -1
    return status.st_size if status.st_mode & 0o170000 == 0o100000 else -1


def beside(source: Path, kept: Iterable[str]) -> dict[str, bytes]:
    """The files beside a source notebook that nbgrader puts into every graded copy, by path.

    Args:
        source: The folder of an assignment in `solutions/`; there may be none.
        kept: Paths that stay the trainee's.
    """
    mine = set(kept)
    return {
        name: path.read_bytes() for path in _files(source) if (name := path.relative_to(source).as_posix()) not in mine
    }


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _ignored(name))
        yield from (Path(place, name) for name in sorted(names) if not _ignored(name))


def _ignored(name: str) -> bool:
    # As a shell: a star does not stand for a leading point.
    return any(fnmatchcase(name, each) and (each[0] == "." or name[0] != ".") for each in _IGNORED)
