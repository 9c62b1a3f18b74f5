"""The few shapes that the figures are made of, as SVG text."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from math import hypot

from course.core.palette import INK, LINE, PAPER, SOFT

Point = tuple[float, float]

SMALLEST = 15
"""No letter is smaller, in pixels: notebooks may show a figure a little reduced, and 14 must remain."""

FONTS = "'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
_HEAD = 11.0
_HALF = 5.5
_BEND = 10.0
_LEADING = 1.32


def document(title: str, description: str, size: tuple[int, int], shapes: Sequence[str], *, fictional: bool) -> str:
    """A whole figure on white paper, so that it reads in a dark theme too.

    Args:
        title: Its name, in French.
        description: What it shows, in French, for who cannot see it; its lines are joined.
        size: Width and height, in pixels.
        shapes: What is drawn, from back to front.
        fictional: Whether it shows anything of the invented district: it then says « données fictives ».

    Returns:
        The text of an SVG file.
    """
    width, height = size
    drawn = list(shapes)
    if fictional:
        drawn.append(text((width - 20, height - 14), ["données fictives"], size=SMALLEST, fill=SOFT, anchor="end"))
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-labelledby="titre description" lang="fr" font-family="{escape(FONTS)}">'
    )
    return "\n".join(
        [
            opening,
            f'<title id="titre">{escape(title)}</title>',
            f'<desc id="description">{escape(description.strip().replace(chr(10), " "))}</desc>',
            f'<rect width="{width}" height="{height}" rx="14" fill="{PAPER}"/>',
            *drawn,
            "</svg>\n",
        ]
    )


def text(  # noqa: PLR0913
    at: Point,
    lines: Sequence[str],
    *,
    size: int = 16,
    bold: bool = False,
    fill: str = INK,
    anchor: str = "middle",
    turned: bool = False,
    halo: bool = False,
) -> str:
    """Lines of text, one below the other.

    Args:
        at: Where the first line stands, on its base line.
        lines: One or more.
        size: In pixels, `SMALLEST` or more.
        bold: Whether the letters are heavy.
        fill: Their colour.
        anchor: `start`, `middle` or `end`: what of the line is at `at`.
        turned: Whether they run upwards.
        halo: Whether paper surrounds them, over lines that they cross.

    Returns:
        One SVG element.

    Raises:
        ValueError: The letters would be too small to read.
    """
    if size < SMALLEST:
        raise ValueError(f"{size} px: too small to read")
    x, y = at
    spans = "".join(
        f'<tspan x="{number(x)}" y="{number(y + rank * size * _LEADING)}">{escape(line, quote=False)}</tspan>'
        for rank, line in enumerate(lines)
    )
    weight = ' font-weight="700"' if bold else ""
    turn = f' transform="rotate(-90 {number(x)} {number(y)})"' if turned else ""
    glow = f' stroke="{PAPER}" stroke-width="5" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    return f'<text font-size="{size}"{weight} fill="{fill}" text-anchor="{anchor}"{turn}{glow}>{spans}</text>'


def box(  # noqa: PLR0913
    at: Point,
    size: tuple[float, float],
    *,
    fill: str = PAPER,
    stroke: str = LINE,
    thick: float = 2,
    dashed: bool = False,
    round_by: float = 12,
) -> str:
    """A rectangle with round corners; `at` is its upper left one."""
    (x, y), (width, height) = at, size
    dash = ' stroke-dasharray="6 5"' if dashed else ""
    return (
        f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" rx="{round_by:g}" '
        f'fill="{fill}" stroke="{stroke}" stroke-width="{thick:g}"{dash}/>'
    )


def disc(at: Point, label: str, fill: str) -> str:
    """A number in a disc, white on a deep colour."""
    x, y = at
    return (
        f'<circle cx="{number(x)}" cy="{number(y)}" r="19" fill="{fill}" stroke="{PAPER}" stroke-width="3"/>\n'
        + text((x, y + 7), [label], size=20, bold=True, fill=PAPER)
    )


def line(points: Sequence[Point], *, stroke: str = LINE, thick: float = 2, dashed: bool = False) -> str:
    """A broken line."""
    path = " ".join(_pair(point) for point in points)
    dash = ' stroke-dasharray="6 5"' if dashed else ""
    return (
        f'<polyline points="{path}" fill="none" stroke="{stroke}" stroke-width="{thick:g}" '
        f'stroke-linejoin="round" stroke-linecap="round"{dash}/>'
    )


def arrow(points: Sequence[Point], *, stroke: str = LINE, thick: float = 2.5) -> str:
    """A line, its corners rounded, that ends in a head at its last point."""
    (x0, y0), (x1, y1) = points[-2:]
    length = hypot(x1 - x0, y1 - y0)
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    neck = (x1 - ux * _HEAD, y1 - uy * _HEAD)
    corners = (
        (x1, y1),
        (neck[0] - uy * _HALF, neck[1] + ux * _HALF),
        (neck[0] + uy * _HALF, neck[1] - ux * _HALF),
    )
    head = " ".join(_pair(corner) for corner in corners)
    bends = " ".join(_bend(*three) for three in zip(points, points[1:], points[2:], strict=False))
    path = " ".join(f"M{_pair(points[0])} {bends} L{_pair(neck)}".split())
    return (
        f'<path d="{path}" fill="none" stroke="{stroke}" stroke-width="{thick:g}" stroke-linecap="round"/>\n'
        f'<polygon points="{head}" fill="{stroke}"/>'
    )


def _bend(before: Point, corner: Point, after: Point) -> str:
    """A corner of a path, rounded."""
    return f"L{_pair(_towards(corner, before))} Q{_pair(corner)} {_pair(_towards(corner, after))}"


def _towards(start: Point, end: Point) -> Point:
    length = hypot(end[0] - start[0], end[1] - start[1])
    return start[0] + (end[0] - start[0]) * _BEND / length, start[1] + (end[1] - start[1]) * _BEND / length


def _pair(point: Point) -> str:
    return f"{number(point[0])},{number(point[1])}"


def dot(at: Point, fill: str, radius: float = 4) -> str:
    """A point of a curve."""
    return f'<circle cx="{number(at[0])}" cy="{number(at[1])}" r="{radius:g}" fill="{fill}"/>'


def number(value: float) -> str:
    """A length as SVG writes it: to a tenth of a pixel, with nothing that differs between machines."""
    return f"{round(value, 1):g}"
