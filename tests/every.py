"""One test a rule: what must be true of each of many things, tried for all of them, and all offenders listed."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any


def every(name: str, values: Callable[[], Iterable[Any]] | Iterable[Any], label: Callable[[Any], str] = str) -> Any:
    """A decorator that runs a test for each value of one argument, as a single item.

    Args:
        name: The argument of the test.
        values: Its values, or a function that gives them when the test runs; at least one.
        label: What names a value among the offenders.
    """

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(test)

        @wraps(test)
        def run(*own: Any, **others: Any) -> None:
            offenders, tried = [], 0
            for tried, value in enumerate(values() if callable(values) else values, 1):  # noqa: B007
                try:
                    test(*own, **{name: value}, **others)
                except AssertionError as failure:
                    offenders.append(f"{label(value)}: {failure}")
            assert tried, "nothing was tried"
            assert not offenders, "\n".join(offenders)

        run.__signature__ = signature.replace(  # type: ignore[attr-defined]
            parameters=[parameter for key, parameter in signature.parameters.items() if key != name]
        )
        return run

    return decorate
