"""The output of the instructor's commands: pages with a common base and security policy, and durably written files."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path

import jinja2
from markupsafe import Markup

from course.core import files, rubric
from course.core.completeness import POINTS
from course.core.refusal import Refusal
from course.core.terminal import typed
from course.core.words import points

HERE = Path(__file__).parent
_NUMBER = set("0123456789,–\N{NARROW NO-BREAK SPACE}")


def page(template: str, values: Mapping[str, object], style: Path, script: Path | None = None) -> str:
    """Return a self-contained page, with everything from people escaped.

    Args:
        template: A template that extends `templates/base.html.j2`, by its path relative to this folder.
        values: The values of the template.
        style: Its style sheet.
        script: Its script, the only one that its policy allows; None for a page without scripts.
    """
    text = f"\n{script.read_text(encoding='utf-8')}" if script else ""
    digest = b64encode(sha256(text.encode()).digest()).decode()
    allowed = f"'sha256-{digest}'" if script else "'none'"
    sheet = style.read_text(encoding="utf-8")
    trusted = {"style": Markup(sheet), "script": Markup(text), "allowed": Markup(allowed)}
    return _template(template).render(**values, **trusted)


def fragment(template: str, values: Mapping[str, object]) -> Markup:
    """Return a fragment of a page, with everything from people escaped.

    Args:
        template: A template, by its path relative to this folder.
        values: The values of the template.
    """
    return Markup(_template(template).render(**values))


def write(path: Path, raw: bytes) -> None:
    """Write a file of the class durably; its folder is created when missing.

    Raises:
        Refusal: It cannot be written; an older file is unchanged.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.put(path, raw)
    except OSError as error:
        raise not_written(path, error) from error


def remove(path: Path) -> None:
    """Remove a file that an earlier run wrote and that is untrue now; one that is not there is no error.

    Raises:
        Refusal: It cannot be removed.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise not_written(path, error) from error


def not_written(path: Path, error: OSError) -> Refusal:
    """Return the refusal for a file of the class that could not be written, with what to do."""
    if isinstance(error, PermissionError):
        return Refusal(
            f"« {path} » n’est pas écrit : fermez-le s’il est ouvert (dans Excel ?), et vérifiez vos droits."
        )
    return Refusal(f"« {path} » n’est pas écrit. {files.why(error, 'Il ne se laisse pas écrire')}")


def _mark(value: float) -> str:
    return points(round(value, 2))


def _numeric_columns(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the indexes of the columns that contain only numbers."""
    width = len(rows[0]) if rows else 0
    return [index for index in range(width) if all(set(row[index]) <= _NUMBER for row in rows)]


@cache
def _template(name: str) -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"mark": _mark, "numeric_columns": _numeric_columns}
    environment.globals.update(
        points=POINTS,
        quality_points=rubric.QUALITY_POINTS,
        total_points=rubric.TOTAL_POINTS,
        pass_total=rubric.PASS_TOTAL,
        pass_quality=rubric.PASS_QUALITY,
        typed=typed,
    )
    return environment.get_template(name)
