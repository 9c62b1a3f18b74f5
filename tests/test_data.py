"""What `data/` promises: a valid Tabular Data Package that tells the slide course exactly, in words of our own."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from every import every
from frictionless import Package

from course.core import syllabus

DATA = Path(__file__).resolve().parents[1] / "data"
READ = [
    ("goals", "title"),
    ("objectives", "title"),
    ("options", "label"),
    ("principles", "title"),
    ("concepts", "term"),
]
BOM = b"\xef\xbb\xbf"
TABLES = sorted(path.name for path in DATA.glob("*.csv"))  # the district is a package of its own

PLACEHOLDERS = [
    "à compléter", "à définir", "à préciser", "à faire", "idem", "ras", "néant", "rien", "sans objet", "test",
    "lorem ipsum",
]  # fmt: skip

# Labels that a literal translation made obscure: what their gloss must say.
CLEARED = {
    "2.2.a": ["droits", "prestations garanties"],
    "2.2.b": ["pour chaque établissement un bulletin de résultats", "tableau de bord équilibré"],
    "3.1.b": ["paquet complet de services"],
    "3.3.c": ["passage préalable par le premier échelon"],
    "3.4.a": ["établissement médicalisé"],
    "4.1.d": ["gestion de cas"],
    "5.3.c": ["rémunération et primes"],
}


@pytest.fixture(scope="module")
def tables() -> dict[str, list[dict]]:
    package = Package(str(DATA / "datapackage.json"))
    return {resource.name: [row.to_dict() for row in resource.read_rows()] for resource in package.resources}


@pytest.fixture(scope="module")
def by_slide(tables) -> dict[int, dict]:
    return {row["slide"]: row for row in tables["slides"]}


def validate(folder: Path):
    return Package(str(folder / "datapackage.json")).validate()


class TestPackage:
    def test_frictionless_finds_it_valid(self):
        report = validate(DATA)
        assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "message"])
        assert {task.name: task.stats["rows"] for task in report.tasks}.items() >= {
            "goals": 5, "objectives": 18, "options": 57, "concepts": 14, "principles": 6, "slides": 99,
            "placeholders": 11,
        }.items()  # fmt: skip

    @pytest.mark.parametrize(
        ("table", "right", "wrong", "error"),
        [
            ("objectives.csv", "\n1.2;1;", "\n01/02/2026;1;", "constraint-error"),
            ("objectives.csv", "\n1.2;1;", "\n1.1;1;", "primary-key"),
            ("options.csv", "\n1.1.a;1.1;", "\n1.1.a;1.4;", "foreign-key"),
            ("options.csv", ";1;30;", ";1;trente;", "type-error"),
            ("concepts.csv", "c12;Soins de santé primaires;18;\n", "", "foreign-key"),
            ("slides.csv", "\n73;66;", "\n72;66;", "foreign-key"),
            ("principles.csv", "équité;97", "équité;", "constraint-error"),
            ("slides.csv", "ipynb;73", "ipynb;100", "constraint-error"),
            ("slides.csv", ";content;", ";contenu;", "constraint-error"),
            ("goals.csv", "goal;title", "goal;titre", "incorrect-label"),
        ],
    )
    def test_a_mistake_in_a_table_is_caught(self, tmp_path, table, right, wrong, error):
        folder = shutil.copytree(DATA, tmp_path / "data")
        text = (folder / table).read_text(encoding="utf-8")
        assert right in text
        (folder / table).write_text(text.replace(right, wrong, 1), encoding="utf-8", newline="\n")
        assert error in {line[0] for line in validate(folder).flatten(["type"])}

    def test_every_table_and_every_field_is_described_in_words(self):
        descriptor = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
        assert descriptor["profile"] == "tabular-data-package"
        assert [licence["name"] for licence in descriptor["licenses"]] == ["CC-BY-4.0"]
        assert sorted(resource["path"] for resource in descriptor["resources"]) == TABLES
        for resource in descriptor["resources"]:
            assert resource["dialect"] == {"delimiter": ";"}
            assert resource["encoding"] == "utf-8"
            assert resource["schema"]["primaryKey"]
            for part in [resource, *resource["schema"]["fields"]]:
                assert part["title"], part["name"]
                assert part["description"].endswith("."), part["name"]

    @every("table", TABLES)
    def test_a_table_opens_in_a_french_excel(self, table):
        raw = (DATA / table).read_bytes()
        text = raw.decode("utf-8-sig")
        assert raw.startswith(BOM)
        assert "\ufeff" not in text
        assert "\r" not in text
        assert unicodedata.is_normalized("NFC", text)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
        assert {len(row) for row in rows} == {len(rows[0])}
        assert len(rows[0]) > 1
        again = io.StringIO(newline="")
        csv.writer(again, delimiter=";", lineterminator="\n").writerows(rows)
        assert text == again.getvalue(), "quoted only where needed, one line end after each row"

    def test_no_address_stands_anywhere(self):
        for path in DATA.rglob("*"):
            if path.suffix in {".csv", ".json", ".md"}:
                assert not re.search(r"://|\bwww\.", path.read_text(encoding="utf-8")), path.name


class TestSyllabus:
    def test_goals_hold_3_2_5_3_5_objectives_and_11_8_16_11_11_options(self, tables):
        assert [row["goal"] for row in tables["goals"]] == list("12345")
        assert Counter(row["goal"] for row in tables["objectives"]) == {"1": 3, "2": 2, "3": 5, "4": 3, "5": 5}
        assert Counter(row["option"][0] for row in tables["options"]) == {"1": 11, "2": 8, "3": 16, "4": 11, "5": 11}

    def test_identifiers_follow_the_course(self, tables):
        objectives = [row["objective"] for row in tables["objectives"]]
        sizes = Counter(row["objective"] for row in tables["options"])
        assert objectives == [f"{goal}.{n}" for goal, size in enumerate([3, 2, 5, 3, 5], 1) for n in range(1, size + 1)]
        assert all(row["objective"].startswith(f"{row['goal']}.") for row in tables["objectives"])
        assert [sizes[objective] for objective in objectives] == [4, 3, 4, 4, 4, 4, 4, 4, 3, 1, 4, 3, 4, 3, 2, 3, 1, 2]
        expected = [f"{objective}.{'abcd'[n]}" for objective in objectives for n in range(sizes[objective])]
        assert [row["option"] for row in tables["options"]] == expected

    def test_exercises_are_numbered_again_in_each_goal(self, tables):
        assert len(tables["objectives"]) == 18
        for row in tables["objectives"]:
            assert row["exercise"] == f"Exercice {row['objective'][2]}"

    def test_57_options_stand_on_56_printed_bullets(self, tables):
        bullets = Counter((row["objective"], row["bullet"]) for row in tables["options"])
        assert len(tables["options"]) == 57
        assert len(bullets) == 56
        assert [bullet for bullet, count in bullets.items() if count > 1] == [("4.3", 1)]
        shared = [row["option"] for row in tables["options"] if (row["objective"], row["bullet"]) == ("4.3", 1)]
        assert shared == ["4.3.a", "4.3.b"]
        for objective in {objective for objective, _ in bullets}:
            numbers = [row["bullet"] for row in tables["options"] if row["objective"] == objective]
            assert numbers == sorted(numbers)
            assert set(numbers) == set(range(1, max(numbers) + 1))

    def test_labels_keep_the_printed_words(self, tables):
        typeset = {row["option"]: row["printed"].replace("'", "’") for row in tables["options"]}
        (repaired,) = (row for row in tables["options"] if row["label"] != typeset[row["option"]])
        assert repaired["option"] == "3.1.c"
        assert repaired["label"] == repaired["printed"].replace("à différenciation", "à la différenciation")
        titles = [row[column] for table, column in READ for row in tables[table]]
        assert not [title for title in titles if "'" in title], "typewriter apostrophes"
        assert not any(row["printed"].endswith((".", " ")) for row in tables["options"])

    def test_the_code_reads_the_same(self, tables):
        loaded = syllabus.load()
        assert [(g.id, g.title) for g in loaded.goals] == [(r["goal"], r["title"]) for r in tables["goals"]]
        assert [(o.id, o.goal, o.title) for o in loaded.objectives] == [
            (r["objective"], r["goal"], r["title"]) for r in tables["objectives"]
        ]
        assert [(o.id, o.objective, o.label, o.printed, o.gloss) for o in loaded.options] == [
            (r["option"], r["objective"], r["label"], r["printed"], r["gloss"]) for r in tables["options"]
        ]


class TestGlosses:
    def test_one_plain_sentence_of_8_to_30_words(self, tables):
        for row in tables["options"]:
            words = [word for word in row["gloss"].split() if re.search(r"\w", word)]
            assert 8 <= len(words) <= 30, row["option"]
            assert row["gloss"].endswith("."), row["option"]
            assert not re.search(r"[.!?]\s", row["gloss"]), row["option"]

    def test_no_two_are_alike_and_none_repeats_its_label(self, tables):
        glosses = [row["gloss"].casefold() for row in tables["options"]]
        assert len(set(glosses)) == 57
        assert not [row["option"] for row in tables["options"] if row["label"].casefold() in row["gloss"].casefold()]

    def test_typography_is_french(self, tables):
        for row in tables["options"]:
            assert not re.search(r"['\"]|(?<!\u00a0):|(?<!\u202f)[;!?»]|«(?!\u202f)|  ", row["gloss"]), row["option"]

    @every("option", CLEARED)
    def test_an_obscure_label_is_cleared_up(self, option):
        gloss = syllabus.load().option(option).gloss
        assert [phrase for phrase in CLEARED[option] if phrase not in gloss] == []


class TestSlides:
    def test_99_slides_89_headings_97_useful(self, tables):
        slides = tables["slides"]
        assert [row["slide"] for row in slides] == list(range(1, 100))
        assert [row["rank"] for row in slides if row["rank"]] == list(range(1, 90))
        assert {row["rank"]: row["duplicate_of"] for row in slides if row["duplicate_of"]} == {16: 16, 67: 73}
        assert sum(row["duplicate_of"] is None for row in slides) == 97

    def test_a_copy_has_the_heading_and_the_kind_of_its_original(self, tables, by_slide):
        for row in tables["slides"]:
            if row["duplicate_of"]:
                original = by_slide[row["duplicate_of"]]
                assert row["slide"] == original["slide"] + 1
                assert (row["heading"], row["kind"]) == (original["heading"], original["kind"])

    def test_kinds(self, tables):
        assert Counter(row["kind"] for row in tables["slides"]) == {
            "cover": 1, "plan": 1, "section": 6, "content": 50, "options": 18, "exercise": 18, "end": 5,
        }  # fmt: skip
        unranked = Counter(row["kind"] for row in tables["slides"] if row["rank"] is None)
        assert unranked == {"section": 5, "end": 5}

    def test_sections_have_the_headings_of_the_course_and_one_notebook_each(self, tables):
        ranks = Counter(row["section"] for row in tables["slides"] if row["rank"])
        assert ranks == {
            "couverture": 1, "plan": 1, "introduction": 7, "concepts": 9, "strategie_mondiale": 6,
            "but-1": 12, "but-2": 8, "but-3": 17, "but-4": 12, "but-5": 13, "principes": 3,
        }  # fmt: skip
        pairs = list(dict.fromkeys((row["section"], row["notebook"]) for row in tables["slides"]))
        assert [section for section, _ in pairs] == list(ranks)
        assert [Path(notebook).name for _, notebook in pairs] == [
            "00-bienvenue.ipynb", "00-bienvenue.ipynb", "01-introduction.ipynb", "02-concepts.ipynb",
            "03-strategie-mondiale.ipynb", "04-but-1-autonomiser-et-mobiliser.ipynb",
            "05-but-2-gouvernance-et-redevabilite.ipynb", "06-but-3-modele-de-soins.ipynb",
            "07-but-4-coordonner-les-services.ipynb", "08-but-5-environnement-propice.ipynb",
            "09-principes-de-mise-en-oeuvre.ipynb",
        ]  # fmt: skip

    def test_each_objective_has_its_options_slide_then_its_exercise_slide(self, tables, by_slide):
        goals = {row["goal"]: row["title"] for row in tables["goals"]}
        used = []
        for objective in tables["objectives"]:
            (slide,) = {row["slide"] for row in tables["options"] if row["objective"] == objective["objective"]}
            used.append(slide)
            title = goals[objective["goal"]]
            listing, exercise = by_slide[slide], by_slide[slide + 1]
            assert (listing["kind"], exercise["kind"]) == ("options", "exercise")
            assert listing["section"] == exercise["section"] == f"but-{objective['goal']}"
            assert listing["heading"] == f"But stratégique {objective['goal']}\u00a0: {title}"
            assert exercise["heading"] == f"{objective['exercise']}\u00a0: {title}"
        assert used == [row["slide"] for row in tables["slides"] if row["kind"] == "options"]

    def test_headings_are_repaired_in_form(self, tables):
        for row in tables["slides"]:
            assert not row["heading"].isupper()
            assert not re.search(r"(?<!\u00a0):|  ", row["heading"])


class TestVocabulary:
    def test_14_terms_13_bold_and_one_hidden(self, tables):
        concepts = tables["concepts"]
        assert [row["concept"] for row in concepts] == [f"c{n:02}" for n in range(1, 15)]
        assert {row["term"]: row["hidden_in"] for row in concepts if row["hidden_in"]} == {"Soins primaires": "c12"}
        assert sum(row["hidden_in"] is None for row in concepts) == 13
        assert concepts[11]["term"] == "Soins de santé primaires"

    def test_terms_and_principles_stand_on_slides_of_their_section(self, tables, by_slide):
        assert [row["principle"] for row in tables["principles"]] == [f"p{n}" for n in range(1, 7)]
        for table, section in (("concepts", "concepts"), ("principles", "principes")):
            assert all(by_slide[row["slide"]]["section"] == section for row in tables[table])
            assert all(by_slide[row["slide"]]["duplicate_of"] is None for row in tables[table])

    def test_placeholders_are_the_closed_list(self, tables):
        assert [row["placeholder"] for row in tables["placeholders"]] == PLACEHOLDERS


class TestSources:
    def test_each_document_stands_once_and_nothing_unknown_is_filled_in(self, tables):
        years = {row["source"]: row["year"] for row in tables["sources"]}
        assert years.items() >= {
            "cours": None, "gsdn": 2017, "unr-sante": 2018, "partenariat-sante": None, "plan-interfederal": None,
            "oms-2015": 2015, "cadre-2016": 2016, "wha69-24": 2016, "indice-csu": 2021,
        }.items()  # fmt: skip
        assert {source for source, year in years.items() if year is None} == {
            "cours", "partenariat-sante", "plan-interfederal",
        }  # fmt: skip
        assert {row["source"] for row in tables["sources"] if row["authors"] is None} == {
            "gsdn", "partenariat-sante", "plan-interfederal",
        }  # fmt: skip

    def test_what_they_serve_exists(self, tables):
        known = {row["option"] for row in tables["options"]} | {row["objective"] for row in tables["objectives"]}
        for row in tables["sources"]:
            assert set(re.findall(r"\b\d\.\d(?:\.[a-z])?\b", row["used_for"])) <= known, row["source"]

    def test_the_page_tells_origin_repairs_and_limits(self):
        page = re.sub(r"[\s\u00a0\u202f]+", " ", (DATA / "SOURCES.md").read_text(encoding="utf-8").replace("*", ""))
        for promise in (
            "Pr Drabo K. Maxime",
            "Dr Nana W. Félicité",
            "« Soins centrés sur les personnes »",
            "Ce cours n’est pas un produit de l’OMS.",
            "ni relu, ni approuvé, ni recommandé",
            "Pourquoi 57 options et non 56",
            "écrits à neuf",
            "« District sanitaire de Tansobré » est fictif",
            "CC BY 4.0",
            *CLEARED,
        ):
            assert promise in page, promise
