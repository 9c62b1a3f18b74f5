"""The lesson on the district, and `chart()`: each table shown, in words too, with libraries and without."""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import course
from course.authoring.district import TABLES
from course.authoring.district.charts import CHARTS
from course.authoring.district.figures import KEY_FIGURES, territory, voices
from course.authoring.district.figures.reading import lines
from course.authoring.figures import district_map
from course.core.words import french
from course.workbook.chart import show

ROOT = Path(__file__).resolve().parents[2]
CELLS = json.loads((ROOT / "modules" / "11-le-district.ipynb").read_text(encoding="utf-8"))["cells"]
SVG = "{http://www.w3.org/2000/svg}"
CONFIRMED = {
    "formations_sanitaires": f"Samandjo à 36 km, {french(26842)}",
    "activites_mensuelles": f"{french(20606)} en tout",
    "enquete_satisfaction": "9, 28, 51, 129, 203",
    "references": "aucune barre en août 2024",
    "suivi_chroniques": "12 cases vides",
    "asbc": "de 3 à 80 visites",
    "budget_financement": "État 562,3",
    "journal_redevabilite": "équipe du CSPS 30",
    "hospitalisations_cma": "0 (10)",
    "paiement_simulation": "FS08 0",
    "alertes": "CSPS 38",
    "parties_prenantes": "santé 11",
}
"""Something that each picture says, as the codebook and the raw table have it."""

each_table = pytest.mark.parametrize("table", TABLES)


def plain(said: str) -> str:
    return said.replace("\u202f", " ").replace("\u00a0", " ")


def shown(bundle: dict[str, str]) -> tuple[str, str]:
    """The drawing and the text alternative of an output."""
    found = re.fullmatch(r'<img src="data:image/svg\+xml;base64,([^"]+)" alt="([^"]+)"[^>]*>', bundle["text/html"])
    assert found
    return base64.b64decode(found[1]).decode(), found[2]


def said_in_the_lesson() -> str:
    return plain("\n".join("".join(cell["source"]) for cell in CELLS if cell["cell_type"] == "markdown"))


class TestChart:
    @each_table
    def test_draws_a_table_by_pandas_and_matplotlib(self, table):
        bundle = course.chart(table)._repr_mimebundle_()
        drawing, alternative = shown(bundle)
        assert ET.fromstring(drawing).tag == f"{SVG}svg"
        assert "matplotlib" in drawing.lower()
        assert bundle["text/plain"] == alternative
        assert plain(CONFIRMED[table]) in plain(alternative)
        assert alternative.endswith("Données fictives.")

    def test_writes_the_mention_into_the_drawing(self, monkeypatch):
        from course.workbook.chart import drawings, sheet  # noqa: PLC0415

        monkeypatch.setitem(sheet._STYLE, "svg.fonttype", "none")  # letters stay letters
        for table in TABLES:
            drawing = drawings.draw(table).svg
            assert "données fictives" in drawing
            assert f"{table}.csv" in drawing

    @each_table
    def test_shows_the_workbook_s_chart_where_a_library_is_missing(self, table, monkeypatch):
        monkeypatch.setattr(show, "find_spec", lambda name: None if name == "matplotlib" else object())
        drawing, alternative = shown(course.chart(table)._repr_mimebundle_())
        ready = CHARTS[show.READY[table]]()
        assert f"{table}.csv" in ready.source
        assert (drawing, alternative) == (ready.svg(), ready.alternative)

    def test_names_the_twelve_tables_to_who_asks_for_another(self):
        assert list(show.READY) == list(TABLES)
        with pytest.raises(ValueError, match=r"Il n’y a pas de table «\u202fpatients\u202f».*references"):
            course.chart("patients")

    def test_importing_the_course_loads_neither_library(self):
        program = "import course, sys; course.chart; sys.exit('pandas' in sys.modules or 'matplotlib' in sys.modules)"
        done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False)
        assert done.returncode == 0


class TestLesson:
    def test_has_one_hidden_chart_for_each_table_in_the_order_of_the_codebook(self):
        charts = [cell for cell in CELLS if cell["id"].startswith("graphique-")]
        assert ["".join(cell["source"]) for cell in charts] == [
            f'# Graphique\nfrom course import chart\nchart("{table}")' for table in TABLES
        ]
        assert all(cell["metadata"]["jupyter"] == {"source_hidden": True} for cell in charts)

    def test_its_map_says_in_words_where_each_centre_is(self):
        told = ET.fromstring(district_map.figure()).find(f"{SVG}desc").text
        source = next("".join(cell["source"]) for cell in CELLS if cell["id"] == "la-carte")
        assert f"![{told}](images/carte-district.svg)" in source, "recopiez la description de la carte"
        for centre in territory.centres():
            assert f"{centre['nom']}, {centre['distance_cma_km']} km" in plain(told)

    def test_its_figures_are_those_of_the_tables(self):
        said = said_in_the_lesson()
        kept = sum(c["tenu"] == "oui" for c in voices.commitments())
        displaced = french(100 * KEY_FIGURES["displaced_share_of_forms"]())
        for figure in (
            f"{french(territory.people())} habitants",
            f"{displaced} personnes interrogées sur 100",
            f"{territory.staff('infirmiers')} infirmiers et {territory.staff('sages_femmes')} sages-femmes",
            f"{len(lines('asbc'))} ASBC",
            f"{kept} engagements tenus sur {len(voices.commitments())}",
        ):
            assert plain(figure) in said
        assert (territory.csps(10), territory.csps_where("acces_saison_pluies", "coupé")) == (11, 5)
        assert (territory.csps_where("electricite", "solaire"), territory.csps_where("electricite", "aucune")) == (8, 3)
        assert [c["infirmiers"] for c in territory.centres() if c["nom"] == "Koroblaso"] == ["1"]

    def test_calls_everything_invented(self):
        assert "données fictives" in said_in_the_lesson()
