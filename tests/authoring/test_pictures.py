"""All the pictures of the course: readable by eyes that see little, no colour or nothing, and needing nothing else."""

from __future__ import annotations

import gzip
import json
import re
from itertools import combinations
from math import dist
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from every import every

from course.core import palette

ROOT = Path(__file__).resolve().parents[2]
SVG = "{http://www.w3.org/2000/svg}"
PICTURES = [
    path
    for pattern in ("modules/images/*.svg", "solutions/*/images/*.svg", "data/district/graphiques/*.svg")
    for path in sorted(ROOT.glob(pattern))
]
OF_THE_LESSONS = sorted((ROOT / "modules" / "images").glob("*.svg"))
OF_THE_DISTRICT = {"carte-district", "chaine-option-action", "iceberg", "niveaux-systeme", "promesses-croisees"}
# Drawn for a wide screen: on a phone one reads the text or the table beside them, which says the same.
WIDE = {"carte-des-concepts", "carte-district", "indice-couverture"}
each_picture = every("path", PICTURES, lambda path: path.name)
CELL = 860
"""Pixels: the width of a notebook's cell on a common screen."""
PHONE = 328
"""Pixels: the width of a picture on a page of 360 pixels."""
MARGIN = 6
SHOWN = re.compile(r"!\[([^\]]*)\]\(images/([^)]+)\)")

# Machado, Oliveira and Fernandes (2009), severity 1: what an eye sees that lacks a kind of cone, in linear light.
SIGHTS = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
}
# For each line of words: its text, its edges, its size, its colour, and that of the last shape drawn under its middle.
MEASURE = """() => {
  const edges = (node) => (({left, top, right, bottom}) => [left, top, right, bottom])(node.getBoundingClientRect());
  const shapes = [...document.querySelectorAll("svg :is(rect, circle, tspan)")].filter((n) => n.getBBox().width);
  const under = (node, [left, top, right, bottom]) => {
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    return shapes.slice(0, shapes.indexOf(node)).filter((shape) => {
      const [l, t, r, b] = edges(shape);
      return shape.tagName !== "tspan" && l <= x && x <= r && t <= y && y <= b;
    }).map((shape) => getComputedStyle(shape).fill).filter((fill) => fill !== "none").at(-1) ?? "#ffffff";
  };
  const {width, height} = document.querySelector("svg").getBoundingClientRect();
  return {
    size: [width, height],
    words: shapes.filter((node) => node.tagName === "tspan").map((node) => ({
      text: node.textContent, edges: edges(node), size: parseFloat(getComputedStyle(node).fontSize),
      colours: [getComputedStyle(node).fill, under(node, edges(node))],
    })),
    boxes: shapes.filter((node) => node.tagName === "rect").map(edges),
  };
}"""


def parsed(path: Path) -> ET.Element:
    return ET.fromstring(path.read_bytes())


def words_in(picture: ET.Element) -> str:
    return " ".join("".join(line.itertext()) for line in picture.iter(f"{SVG}tspan"))


def described(picture: ET.Element) -> tuple[str, str]:
    """The title and the text alternative."""
    return tuple(picture.findtext(f"{SVG}{name}") or "" for name in ("title", "desc"))


def linear(colour: str) -> tuple[float, ...]:
    """`#rrggbb` or `rgb(r, g, b)` in linear light, 0 to 1."""
    digits = [int(colour[n : n + 2], 16) for n in (1, 3, 5)] if colour[0] == "#" else re.findall(r"\d+", colour)
    return tuple(p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in (int(d) / 255 for d in digits))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG, 1 to 21."""
    weights = (0.2126, 0.7152, 0.0722)
    dark, light = sorted(sum(a * b for a, b in zip(weights, linear(c), strict=True)) for c in (one, other))
    return (light + 0.05) / (dark + 0.05)


def seen(light: tuple[float, ...], sight: tuple[tuple[float, ...], ...]) -> tuple[float, ...]:
    return tuple(min(1.0, max(0.0, sum(a * b for a, b in zip(row, light, strict=True)))) for row in sight)


def lab(light: tuple[float, ...]) -> tuple[float, float, float]:
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = (
        sum(a * b for a, b in zip(row, light, strict=True)) / w for row, w in zip(rows, (0.9505, 1, 1.089), strict=True)
    )
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def overlap(a: list[float], b: list[float], across: float = 0, down: float = 0) -> bool:
    """Whether two rectangles share more than so many pixels each way; below 0, whether the gap is smaller."""
    return min(a[2], b[2]) - max(a[0], b[0]) > across and min(a[3], b[3]) - max(a[1], b[1]) > down


def within(a: list[float], b: list[float]) -> bool:
    return b[0] <= a[0] and b[1] <= a[1] and a[2] <= b[2] and a[3] <= b[3]


def faults(measured: dict[str, Any], room: int = CELL) -> list[str]:
    """What hinders reading in a picture as a browser draws it, shown in so many pixels or fewer."""
    wide, high = measured["size"]
    lines = measured["words"]
    # Lines of text have air above and below, none before and after.
    found = [f"« {a['text']} » sur « {b['text']} »" for a, b in combinations(lines, 2) if
             overlap(a["edges"], b["edges"], -5, 3)]  # fmt: skip
    for line in lines:
        text, edges = line["text"], line["edges"]
        if not within(edges, [MARGIN, 0, wide - MARGIN, high]):
            found.append(f"« {text} » dépasse du papier")
        if line["size"] * min(1, room / wide) < 14:
            found.append(f"« {text} » est trop petit")
        if contrast(*line["colours"]) < 4.5:
            found.append(f"« {text} » se détache mal de son fond")
        if len(text) > 1:  # a number alone sits on a corner, in its disc
            boxes = measured["boxes"]
            found += [f"« {text} » dépasse d’une case" for box in boxes if
                      overlap(edges, box) and not within(edges, box)]  # fmt: skip
    return found


@each_picture
def test_a_picture_says_in_words_what_it_shows(path: Path) -> None:
    picture = parsed(path)
    title, description = described(picture)
    assert (picture.attrib["lang"], picture.attrib["role"]) == ("fr", "img")
    ids = [picture.find(f"{SVG}{name}").attrib["id"] for name in ("title", "desc")]
    assert picture.attrib["aria-labelledby"].split() == ids
    assert len(title) > 15
    assert len(description) > 100
    assert description == description.strip()


def test_each_lesson_shows_a_picture_and_each_picture_is_shown_and_told() -> None:
    shown: dict[str, list[tuple[str, str]]] = {}
    for path in sorted((ROOT / "modules").glob("[01]*.ipynb")):
        cells = json.loads(path.read_bytes())["cells"]
        shown[path.stem[:2]] = SHOWN.findall("\n".join("".join(cell["source"]) for cell in cells))
    without = {lesson for lesson, pictures in shown.items() if not pictures}
    assert without == {"12", "13"}, "seuls le bilan et « Mon plan » n’en décrivent aucune"
    assert {name for pictures in shown.values() for _, name in pictures} == {path.name for path in OF_THE_LESSONS}
    for pictures in shown.values():
        for told, name in pictures:
            assert len(told) > 80, name
            fictitious = Path(name).stem in OF_THE_DISTRICT
            assert ("onnées fictives" in told) == fictitious, name


def test_a_weak_network_brings_a_lesson_s_picture_at_once() -> None:
    assert len(PICTURES) == len(OF_THE_LESSONS) + 18 + 12
    heavy = {path.name: size for path in OF_THE_LESSONS if (size := len(gzip.compress(path.read_bytes()))) > 6144}
    assert heavy == {}, "6 Ko comprimés au plus"


@each_picture
def test_what_shows_the_district_says_that_it_is_invented_and_nothing_else_does(path: Path) -> None:
    words = words_in(parsed(path))
    of_the_district = "modules" not in path.parts or path.stem in OF_THE_DISTRICT
    assert ("données fictives" in words) == of_the_district
    assert ("Tansobré" in words) <= of_the_district


@each_picture
def test_a_picture_reaches_for_nothing_outside_itself(path: Path) -> None:
    for element in parsed(path).iter():
        assert not re.search(r"\}(script|image|use|foreignObject|a)$", element.tag), element.tag
        assert not [key for key in element.attrib if key.startswith("on") or "href" in key], element.tag
        assert "://" not in "".join([*element.attrib.values(), element.text or ""]), element.tag


@each_picture
def test_its_typography_is_french(path: Path) -> None:
    picture = parsed(path)
    for text in (words_in(picture), *described(picture)):
        wrong = re.search(r"['\"]|(?<!\u00a0):|(?<!\u202f)[;!?»]|«(?!\u202f)|  ", text)
        assert not wrong, f"« {text[max(0, wrong.start() - 20) : wrong.end() + 20]} »"


@each_picture
def test_a_picture_is_dark_on_a_dark_page(path: Path) -> None:
    picture = parsed(path)
    assert [style.text for style in picture.iter(f"{SVG}style")] == [palette.DARK_STYLE]
    colours = {node.attrib[name] for node in picture.iter() for name in ("fill", "stroke") if name in node.attrib}
    assert colours - {"none"} <= palette.DARK.keys(), "une couleur qui n’est pas dans course/core/palette.py"


@pytest.mark.browser
@every("font", ["as drawn", "DejaVu Sans"])
def test_words_are_large_and_clear_and_run_into_nothing(page: Any, font: str) -> None:
    found = {}
    page.emulate_media(color_scheme="light" if font == "as drawn" else "dark")
    for path in PICTURES:
        raw = path.read_text(encoding="utf-8")
        raw = raw[raw.index("<svg") :]
        if font != "as drawn":
            raw = re.sub(r'font-family="[^"]*"', f'font-family="{font}"', raw)
        page.set_content(f"<body style='margin:0'>{raw}</body>")
        narrow = path in OF_THE_LESSONS and path.stem not in WIDE
        found[path.name] = faults(page.evaluate(MEASURE), PHONE if narrow else CELL)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


@pytest.mark.browser
def test_an_unreadable_picture_is_noticed(page: Any) -> None:
    page.set_content(
        '<body style="margin:0"><svg width="300" height="100"><rect width="300" height="100" fill="#fff"/>'
        '<rect x="20" y="50" width="60" height="40" fill="#ddd"/><text font-size="12" fill="#bbbbbb">'
        '<tspan x="40" y="70">Le premier</tspan><tspan x="60" y="72">Le second</tspan>'
        '<tspan x="290" y="20">dehors</tspan></text></svg></body>'
    )
    said = " ".join(faults(page.evaluate(MEASURE)))
    for fault in ("« Le premier » sur « Le second »", "dépasse du papier", "trop petit", "son fond", "d’une case"):
        assert fault in said


class TestPalette:
    def test_a_page_has_the_same_colours_light_and_dark(self) -> None:
        tokens = (ROOT / "course/workbook/tokens.css").read_text(encoding="utf-8")
        for rank, family in enumerate(palette.FAMILIES, 1):
            for name, light in ((f"--goal-{rank}", family.deep), (f"--goal-{rank}-pale", family.pale)):
                assert set(re.findall(rf"{name}: (#\w+);", tokens)) == {light, palette.DARK[light]}

    @every("family", palette.FAMILIES, lambda family: family.deep)
    def test_letters_stand_out_from_their_ground(self, family: palette.Family) -> None:
        assert contrast(palette.PAPER, family.deep) >= 4.5
        assert contrast(family.pale, family.deep) >= 4.5
        assert contrast(palette.INK, family.pale) >= 12
        assert contrast(palette.SOFT, palette.WASH) >= 4.5

    @every("sight", SIGHTS)
    def test_colour_blind_eyes_tell_the_families_apart(self, sight: str) -> None:
        points = {family.deep: lab(seen(linear(family.deep), SIGHTS[sight])) for family in palette.FAMILIES}
        assert min(dist(points[a], points[b]) for a, b in combinations(points, 2)) > 15
