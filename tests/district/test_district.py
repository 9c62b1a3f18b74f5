"""The files of the district: valid, marked as invented, described in the codebook."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

from every import every
from frictionless import Package

from course.authoring.district import TABLES
from course.authoring.district.__main__ import main

DISTRICT = Path(__file__).resolve().parents[2] / "data" / "district"
DESCRIPTOR = json.loads((DISTRICT / "datapackage.json").read_text(encoding="utf-8"))
RESOURCES = {resource["name"]: resource for resource in DESCRIPTOR["resources"]}
CODEBOOK = (DISTRICT / "codebook.md").read_text(encoding="utf-8")

# The course's own specification of the twelve tables: lines and columns.
SPECIFIED = {
    "formations_sanitaires": (
        15,
        "fs_id nom type population_aire distance_cma_km acces_saison_pluies electricite infirmiers sages_femmes asbc"
        " logements",
    ),
    "activites_mensuelles": (
        15 * 24,
        "fs_id mois nouveaux_contacts cpn1 cpn4 accouchements_assistes penta1 penta3 consultations_hta"
        " consultations_diabete complet date_reception",
    ),
    "enquete_satisfaction": (
        420,
        "id fs_id mois sexe tranche_age pdi handicap langue attente_min accueil_1_5 explication_1_5 decision_partagee"
        " revient commentaire",
    ),
    "references": (
        600,
        "ref_id fs_depart date_depart motif urgence moyen_transport date_arrivee issue retour_recu delai_retour_j",
    ),
    "suivi_chroniques": (
        350,
        "code_patient fs_id maladie mois_inclusion visites_attendues visites_faites perdu_de_vue groupe_pairs"
        " cout_transport_fcfa pa_controlee",
    ),
    "asbc": (
        120,
        "asbc_id village fs_id sexe menages_couverts visites_mois jours_rupture_intrants prime_payee"
        " supervision_trimestre",
    ),
    "budget_financement": (61, "annee source programme prevu_fcfa engage_fcfa niveau"),
    "journal_redevabilite": (80, "id fs_id date engagement pris_par echeance tenu date_affichage"),
    "hospitalisations_cma": (
        500,
        "sejour_id service age motif duree_j evitable_selon_revue mode_sortie suivi_domicile readmission_30j",
    ),
    "paiement_simulation": (
        15,
        "fs_id population_inscrite part_0_4 part_60plus distance_km recettes_actuelles actes qualite_0_100",
    ),
    "alertes": (
        90,
        "alerte_id date_signal source evenement date_verification date_riposte secteurs_impliques",
    ),
    "parties_prenantes": (
        35,
        "acteur secteur role influence_1_5 interet_1_5 instance femmes_pct represente_usagers",
    ),
}


class TestCommand:
    def test_it_writes_the_committed_codebook(self, tmp_path):
        assert main([str(tmp_path)]) == 0
        assert [path.name for path in tmp_path.iterdir()] == ["codebook.md"]
        assert (tmp_path / "codebook.md").read_text(encoding="utf-8") == CODEBOOK, (
            "run « python -m course.authoring.district »"
        )

    def test_a_folder_that_is_missing_is_said_in_french(self, tmp_path, capsys):
        assert main([str(tmp_path / "absent")]) == 2
        assert "Impossible d’écrire dans" in capsys.readouterr().err

    def test_nothing_else_lies_in_the_folder(self):
        assert {path.name for path in DISTRICT.iterdir()} == {
            "codebook.md", "datapackage.json", "graphiques", *(f"{name}.csv" for name in TABLES),
        }  # fmt: skip


class TestPackage:
    def test_frictionless_finds_it_valid(self):
        report = Package(str(DISTRICT / "datapackage.json")).validate()
        assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])
        assert {task.name: task.stats["rows"] for task in report.tasks} == {
            name: size for name, (size, _) in SPECIFIED.items()
        }

    def test_the_tables_are_the_twelve_specified_in_their_order(self):
        assert list(RESOURCES) == list(SPECIFIED) == list(TABLES)

    @every("name", SPECIFIED)
    def test_columns_are_those_specified_and_the_mention(self, name, tables):
        size, columns = SPECIFIED[name]
        assert list(tables[name][0]) == [*columns.split(), "mention"]
        assert [field["name"] for field in RESOURCES[name]["schema"]["fields"]] == list(tables[name][0])
        assert len(tables[name]) == size

    @every("name", SPECIFIED)
    def test_a_table_opens_in_a_french_excel(self, name):
        raw = (DISTRICT / f"{name}.csv").read_bytes()
        text = raw.decode("utf-8-sig")
        assert raw.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in raw
        assert raw.endswith(b"\n")
        assert unicodedata.is_normalized("NFC", text)
        assert not re.search(r"(^|;)[=+@-]", text, re.MULTILINE), "a cell that a spreadsheet would compute"

    def test_every_part_is_described(self):
        for resource in DESCRIPTOR["resources"]:
            for part in [resource, *resource["schema"]["fields"]]:
                assert part["title"], part["name"]
                assert part["description"].endswith("."), part["name"]
            assert resource["collecte"].endswith(".")
            assert 2 <= len(resource["defauts"]) <= 3


class TestMention:
    def test_every_line_of_every_table_says_that_it_is_invented(self, tables):
        for name in SPECIFIED:
            assert {row["mention"] for row in tables[name]} == {"données fictives"}

    def test_the_package_and_the_codebook_say_so_first(self):
        assert "données fictives" in DESCRIPTOR["title"]
        assert CODEBOOK.split("\n")[2].startswith("**Données fictives.**")


class TestCodebook:
    @every("name", SPECIFIED)
    def test_every_column_and_defect_is_told(self, name):
        section = CODEBOOK.split(f"`{name}.csv`\n")[1].split("\n## ")[0]
        for field in RESOURCES[name]["schema"]["fields"]:
            assert f"| `{field['name']}` | {field['description']} |" in section
            for value in field.get("constraints", {}).get("enum", []):
                assert str(value) in section
        for defect in RESOURCES[name]["defauts"]:
            assert f"**{defect['id']}** {defect['texte']}" in section

    def test_it_leaves_the_findings_to_be_found(self):
        assert not re.search(r"\d[\s\u202f\u00a0]?%", CODEBOOK)


class TestNobodyIsRecognised:
    def test_people_are_codes(self, tables):
        for name, column, letter in (
            ("suivi_chroniques", "code_patient", "P"), ("asbc", "asbc_id", "A"), ("enquete_satisfaction", "id", "E"),
            ("references", "ref_id", "R"), ("hospitalisations_cma", "sejour_id", "H"),
        ):  # fmt: skip
            assert all(re.fullmatch(rf"{letter}\d{{3,4}}", row[column]) for row in tables[name])

    def test_remarks_name_no_place_and_no_person(self, tables):
        places = {row["nom"] for row in tables["formations_sanitaires"]} | {row["village"] for row in tables["asbc"]}
        said = [row["commentaire"] for row in tables["enquete_satisfaction"] if row["commentaire"]]
        assert 130 < len(said) < 210
        for remark in said:
            assert not [place for place in places if place in remark]
            assert not re.search(r"(?<=[^.!?] )[A-ZÀ-Ý]\w", remark), f"a proper noun? {remark}"
            assert len(remark.split()) <= 16

    def test_no_coordinates_and_nothing_on_security(self):
        everything = "".join((DISTRICT / f"{name}.csv").read_text(encoding="utf-8-sig") for name in SPECIFIED).lower()
        for word in ("latitude", "longitude", "attaque", "armé", "militaire", "terroris", "insécurité", "conflit"):
            assert word not in everything
