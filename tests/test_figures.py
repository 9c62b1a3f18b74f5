"""The figures of the lessons: what the code draws, readable by eyes that see little, no colour or nothing."""

from __future__ import annotations

import csv
import re
from itertools import combinations
from math import dist
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from course.authoring.figures import FIGURES, coverage, write_figures
from course.core import palette

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "modules" / "images"
SVG = "{http://www.w3.org/2000/svg}"
FICTIONAL = {"carte-district", "chaine-option-action", "niveaux-systeme"}

each_figure = pytest.mark.parametrize("name", FIGURES)
each_family = pytest.mark.parametrize("family", palette.FAMILIES, ids=lambda family: family.deep)

# Machado, Oliveira and Fernandes (2009), severity 1: what an eye sees that lacks a kind of cone, in linear light.
SIGHTS = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
}


def drawn(name: str) -> ET.Element:
    return ET.fromstring((IMAGES / f"{name}.svg").read_text(encoding="utf-8"))


def words_in(figure: ET.Element) -> str:
    return " ".join("".join(line.itertext()) for line in figure.iter(f"{SVG}tspan"))


def linear(colour: str) -> tuple[float, ...]:
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return tuple(p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)


def seen(light: tuple[float, ...], sight: tuple[tuple[float, ...], ...]) -> tuple[float, ...]:
    return tuple(min(1.0, max(0.0, sum(a * b for a, b in zip(row, light, strict=True)))) for row in sight)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG, 1 to 21."""
    dark, light = sorted(
        sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), linear(c), strict=True)) for c in (one, other)
    )
    return (light + 0.05) / (dark + 0.05)


def lab(light: tuple[float, ...]) -> tuple[float, float, float]:
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = (
        sum(a * b for a, b in zip(row, light, strict=True)) / w for row, w in zip(rows, (0.9505, 1, 1.089), strict=True)
    )
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


class TestFiles:
    def test_the_command_makes_exactly_the_committed_files(self, tmp_path):
        made = write_figures(tmp_path)
        assert [path.name for path in made] == [f"{name}.svg" for name in FIGURES]
        for path in made:
            committed = IMAGES / path.name
            assert path.read_bytes() == committed.read_bytes(), (
                f"{path.name} : lancez « python -m course.authoring.figures »"
            )

    @each_figure
    def test_says_in_words_what_it_shows(self, name):
        figure = drawn(name)
        title, description = figure.find(f"{SVG}title"), figure.find(f"{SVG}desc")
        assert figure.attrib["lang"] == "fr"
        assert figure.attrib["role"] == "img"
        assert figure.attrib["aria-labelledby"].split() == [title.attrib["id"], description.attrib["id"]]
        assert len(title.text) > 15
        assert len(description.text) > 300
        assert description.text == description.text.strip()

    @each_figure
    def test_an_invented_place_is_called_so_and_a_real_one_has_its_source(self, name):
        said = words_in(drawn(name))
        assert ("données fictives" in said) == (name in FICTIONAL)
        assert ("Tansobré" in said) <= (name in FICTIONAL)
        if name == "indice-couverture":
            assert "Source\u00a0: OMS, Observatoire mondial de la santé, par Our World in Data, millésime 2021" in said

    @each_figure
    def test_reaches_for_nothing_outside_itself(self, name):
        raw = (IMAGES / f"{name}.svg").read_text(encoding="utf-8")
        assert re.findall(r"\w+://[^\"]+", raw) == ["http://www.w3.org/2000/svg"]
        assert not re.search(r"<(?:script|image|use|foreignObject|style|a)\b|\bon\w+=|href", raw)

    @each_figure
    def test_typography_is_french(self, name):
        figure = drawn(name)
        for said in (words_in(figure), figure.find(f"{SVG}desc").text):
            assert not re.search(r"['\"]|(?<!\u00a0):|(?<!\u202f)[;!?»]|«(?!\u202f)|  ", said)


class TestEyes:
    @each_figure
    def test_no_letter_is_under_14_pixels_in_a_cell_860_pixels_wide(self, name):
        figure = drawn(name)
        shown = min(1, 860 / float(figure.attrib["width"]))
        assert all(float(words.attrib["font-size"]) * shown >= 14 for words in figure.iter(f"{SVG}text"))

    @each_family
    def test_letters_stand_out_from_their_ground(self, family):
        assert contrast(palette.PAPER, family.deep) >= 4.5
        assert contrast(family.pale, family.deep) >= 4.5
        assert contrast(palette.INK, family.pale) >= 12
        assert contrast(palette.SOFT, palette.WASH) >= 4.5

    @pytest.mark.parametrize("sight", SIGHTS)
    def test_colour_blind_eyes_tell_the_families_apart(self, sight):
        points = {family.deep: lab(seen(linear(family.deep), SIGHTS[sight])) for family in palette.FAMILIES}
        assert min(dist(points[a], points[b]) for a, b in combinations(points, 2)) > 15

    @pytest.mark.browser
    @pytest.mark.parametrize("font", ["as drawn", "DejaVu Sans"])
    @each_figure
    def test_no_words_run_into_others_or_over_an_edge(self, page: Any, name, font):
        raw = (IMAGES / f"{name}.svg").read_text(encoding="utf-8")
        if font != "as drawn":
            raw = re.sub(r'font-family="[^"]*"', f'font-family="{font}"', raw)
        page.set_content(f"<body style='margin:0'>{raw}</body>")
        measured = page.evaluate(
            """() => {
              const edges = (node) => (({left, top, right, bottom}) => [left, top, right, bottom])(
                node.getBoundingClientRect())
              const all = (name) => [...document.querySelectorAll(name)]
              return {words: all('tspan').map((n) => [n.textContent, ...edges(n)]), boxes: all('rect').map(edges)}
            }"""
        )
        assert measured["words"]
        for (one, *a), (other, *b) in combinations(measured["words"], 2):
            assert not overlap(a, b, by=3), f"« {one} » et « {other} »"
        for said, *edges in measured["words"]:
            for box in measured["boxes"] if len(said) > 1 else []:  # a number alone sits on a corner, in its disc
                assert not overlap(edges, box, by=0) or within(edges, box), f"« {said} » dépasse d’une case"


def overlap(a: list[float], b: list[float], by: float) -> bool:
    """Whether two rectangles share more than `by` pixels each way (lines of text have air above and below)."""
    return min(a[2], b[2]) - max(a[0], b[0]) > by and min(a[3], b[3]) - max(a[1], b[1]) > by


def within(a: list[float], b: list[float]) -> bool:
    return b[0] <= a[0] and b[1] <= a[1] and a[2] <= b[2] and a[3] <= b[3]


class TestCoverage:
    def test_twelve_places_five_years_on_a_scale_of_0_to_100(self):
        places = coverage.series()
        assert len(places) == 12
        assert list(places)[-4:] == list(coverage.REFERENCES)
        assert {tuple(values) for values in places.values()} == {(2000, 2010, 2015, 2019, 2021)}
        assert all(0 < value < 100 for values in places.values() for value in values.values())

    def test_the_first_and_last_value_of_each_place_are_written(self):
        said = words_in(drawn("indice-couverture"))
        for values in coverage.series().values():
            for year in (2000, 2021):
                assert f"{values[year]:.1f}".replace(".", ",") in said

    def test_years_stand_at_their_distance(self):
        curves = [
            [tuple(map(float, point.split(","))) for point in curve.attrib["points"].split()]
            for curve in drawn("indice-couverture").iter(f"{SVG}polyline")
            if curve.attrib["stroke-width"] == "3"
        ]
        assert len(curves) == 12
        for curve, values in zip(curves, coverage.series().values(), strict=True):
            (x0, _), (x1, _) = curve[0], curve[-1]
            for (x, _), year in zip(curve, values, strict=True):
                assert x == pytest.approx(x0 + (x1 - x0) * (year - 2000) / 21, abs=0.1)

    def test_the_description_tells_the_truth_of_the_table(self):
        for values in coverage.series().values():
            assert (values[2015] - values[2000]) / 15 > (values[2021] - values[2015]) / 6


def test_the_levels_count_the_centres_of_the_district():
    table = (ROOT / "data" / "district" / "formations_sanitaires.csv").read_text(encoding="utf-8-sig").splitlines()
    kinds = [row["type"] for row in csv.DictReader(table, delimiter=";")]
    said = words_in(drawn("niveaux-systeme"))
    for kind in ("CSPS", "CMA"):
        assert f"Tansobré\u00a0: {kinds.count(kind)} {kind}" in said
