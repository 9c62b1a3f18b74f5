"""The figures of the lessons say what the course's tables say; what shows numbers is drawn from them."""

from __future__ import annotations

from collections import Counter

import pytest
from test_pictures import ROOT, SVG, parsed, words_in

from course.authoring import coverage
from course.core import syllabus
from course.core.syllabus import rows

IMAGES = ROOT / "modules" / "images"


def words(name: str) -> str:
    return words_in(parsed(IMAGES / f"{name}.svg")).replace("\u00a0", " ")


def test_the_concept_map_names_the_fourteen_terms_as_the_table_does():
    groups = {group.get("id"): words_in(group) for group in parsed(IMAGES / "carte-des-concepts.svg").iter(f"{SVG}g")}
    terms = {row["concept"]: row["term"] for row in rows("concepts")}
    assert {concept: groups.get(concept) for concept in terms} == terms


def test_the_five_goals_have_the_titles_of_the_syllabus():
    for goal in syllabus.load().goals:
        assert goal.title in words("cinq-buts")


def test_the_levels_count_the_centres_of_the_district():
    kinds = Counter(row["type"] for row in rows("formations_sanitaires", ROOT / "data" / "district"))
    for kind in ("CSPS", "CMA"):
        assert f"Tansobré : {kinds[kind]} {kind}" in words("niveaux-systeme")


class TestCoverage:
    def test_the_committed_file_is_drawn_from_the_table(self):
        committed = (ROOT / "modules" / coverage.FILE).read_bytes()
        assert coverage.figure().svg == committed, "lancez « python -m course.authoring.coverage »"

    def test_twelve_places_five_years_on_a_scale_of_0_to_100(self):
        places = coverage.series()
        assert len(places) == 12
        assert list(places)[-4:] == list(coverage.REFERENCES)
        assert {tuple(values) for values in places.values()} == {(2000, 2010, 2015, 2019, 2021)}
        assert all(0 < value < 100 for values in places.values() for value in values.values())

    def test_the_first_and_last_value_of_each_place_are_written_and_the_source(self):
        for values in coverage.series().values():
            for year in (2000, 2021):
                assert f"{values[year]:.1f}".replace(".", ",") in words("indice-couverture")
        source = "Source : OMS, Observatoire mondial de la santé, par Our World in Data, millésime 2021"
        assert source in words("indice-couverture")

    def test_years_stand_at_their_distance(self):
        curves = [
            [tuple(map(float, point.split(","))) for point in curve.attrib["d"].removeprefix("M").split()]
            for curve in parsed(IMAGES / "indice-couverture.svg").iter(f"{SVG}path")
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
