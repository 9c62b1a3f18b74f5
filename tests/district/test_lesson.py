"""The lesson on the district, and `chart()`: each table shown, in words too, prepared by the command that draws."""

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
from course.authoring.district import TABLES, TITLES, findings
from course.authoring.district.key_figures import KEY_FIGURES
from course.authoring.district.lesson_charts import district_map
from course.authoring.district.tables import lines
from course.core.words import french

ROOT = Path(__file__).resolve().parents[2]
CELLS = json.loads((ROOT / "modules" / "11-le-district.ipynb").read_text(encoding="utf-8"))["cells"]
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


def plain(said: str) -> str:
    return said.replace("\u202f", " ").replace("\u00a0", " ")


def said_in_the_lesson() -> str:
    return plain("\n".join("".join(cell["source"]) for cell in CELLS if cell["cell_type"] == "markdown"))


class TestChart:
    def test_shows_the_prepared_picture_of_each_table_with_its_values_in_words(self):
        for table in TABLES:
            bundle = course.chart(table)._repr_mimebundle_()
            image = re.fullmatch(
                r'<img src="data:image/svg\+xml;base64,([^"]+)" alt="([^"]+)"[^>]*>', bundle["text/html"]
            )
            drawing = base64.b64decode(image[1])
            assert drawing == (ROOT / "data" / "district" / "graphiques" / f"{table}.svg").read_bytes()
            assert TITLES[table] in "".join(ET.fromstring(drawing).itertext())
            assert bundle["text/plain"] == image[2]
            assert plain(CONFIRMED[table]) in plain(image[2]), table
            assert image[2].endswith("Données fictives.")

    def test_names_the_twelve_tables_to_who_asks_for_another(self):
        for wrong in ("patients", "", "../references", "references.svg"):
            with pytest.raises(ValueError, match=r"Il n’y a pas de table «\u202f.*\u202f».*references") as raised:
                course.chart(wrong)
            assert all(table in str(raised.value) for table in TABLES)

    def test_needs_the_standard_library_and_none_of_what_draws(self):
        program = (
            "import sys; old = set(sys.modules); import course; course.chart('asbc'); print(*{*sys.modules} - old)"
        )
        done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, capture_output=True, text=True)
        foreign = {name for name in done.stdout.split() if name.split(".")[0] not in sys.stdlib_module_names}
        assert "course.workbook.chart" in foreign
        assert {name.split(".")[0] for name in foreign} == {"course"}
        assert not [name for name in foreign if name.startswith("course.authoring")]


class TestLesson:
    def test_has_one_hidden_chart_for_each_table_in_the_order_of_the_codebook(self):
        charts = [cell for cell in CELLS if cell["id"].startswith("graphique-")]
        assert ["".join(cell["source"]) for cell in charts] == [
            f'# Graphique\nfrom course import chart\nchart("{table}")' for table in TABLES
        ]
        assert all(cell["metadata"]["jupyter"] == {"source_hidden": True} for cell in charts)

    def test_its_map_says_in_words_where_each_centre_is(self):
        told = district_map().alternative
        source = next("".join(cell["source"]) for cell in CELLS if cell["id"] == "la-carte")
        assert f"![{told}](images/carte-district.svg)" in source, "recopiez la description de la carte"
        for centre in findings.centres():
            assert f"{centre['nom']}, {centre['distance_cma_km']} km" in plain(told)

    def test_its_figures_are_those_of_the_tables(self):
        said = said_in_the_lesson()
        kept = sum(c["tenu"] == "oui" for c in findings.commitments())
        displaced = french(100 * KEY_FIGURES["displaced_share_of_forms"]())
        for figure in (
            f"{french(findings.people())} habitants",
            f"{displaced} personnes interrogées sur 100",
            f"{findings.staff('infirmiers')} infirmiers et {findings.staff('sages_femmes')} sages-femmes",
            f"{len(lines('asbc'))} ASBC",
            f"{kept} engagements tenus sur {len(findings.commitments())}",
        ):
            assert plain(figure) in said
        assert (findings.csps(10), findings.csps_where("acces_saison_pluies", "coupé")) == (11, 5)
        assert (findings.csps_where("electricite", "solaire"), findings.csps_where("electricite", "aucune")) == (8, 3)
        assert [c["infirmiers"] for c in findings.centres() if c["nom"] == "Koroblaso"] == ["1"]

    def test_calls_everything_invented(self):
        assert "données fictives" in said_in_the_lesson()
