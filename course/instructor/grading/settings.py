"""Settings of nbgrader's objects, changed for a while and put back whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from traitlets import HasTraits


@contextmanager
def changed(target: HasTraits, **values: object) -> Iterator[None]:
    """Gives traits of an object other values inside a `with`.

    nbgrader's own `temp_attrs` does not put them back after an error, and the formgrader lives on after one.

    Args:
        target: The object, for example nbgrader's `CourseDirectory`.
        values: The traits and their values for a while.
    """
    before = {name: getattr(target, name) for name in values}
    try:
        for name, value in values.items():
            setattr(target, name, value)
        yield
    finally:
        for name, value in before.items():
            setattr(target, name, value)
