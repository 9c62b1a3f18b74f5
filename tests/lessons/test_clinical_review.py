"""What lessons, scripts and model answers say of care is listed, word for word, for a clinician to go through."""

from __future__ import annotations

import csv
import json
import re
from functools import cache
from html import unescape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TO_REVIEW = "à faire relire par un clinicien"
MODEL_ANSWERS = ROOT / "solutions" / "model-answers.csv"
# Words that make a sentence one about a treatment, a sign or an examination.
CLINICAL = re.compile(
    r"comprimé|insuline|perfusion|potassium|\bmasque\b|hémoglobine|anémie|antidouleur|pansement|\bplaie|œdème"
    r"|doigts|pouls|double dose|médecin de garde|tuberculose",
    re.IGNORECASE,
)

# In a model answer also: words that come with an instruction about care.
CLINICAL_ACTION = re.compile(
    CLINICAL.pattern
    + r"|morphine|fièvre|fiévreux|crachat|convuls|contraception|ventiler|signes? (?:de|qui)|danger pour"
    r"|suicide|transfusion et|critères de sûreté|dépist|chlorer|en urgence",
    re.IGNORECASE,
)

# What the table says was read of a source: « (extrait lu) », « (pages lues) », « (texte non relu sur ce point) ».
SOURCE_READ = re.compile(r"\b(?:lue?s?|texte non relu sur ce point)\b")
# A row that puts its source off: « source de référence à trouver », « la fièvre est à relire ».
SOURCE_PENDING = re.compile(r"\bà (?:trouver|relire|compléter|préciser)\b")
# A sentence that holds a word of care and claims nothing of it.
NOT_CLINICAL = re.compile(r"Non clinique\u00a0: \S.+\.")


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


REVIEW = table(ROOT / "data" / "clinical_review.csv")


@cache
def places() -> dict[str, str]:
    """Each cell, question, sheet and action of a model answer, by the name that the table gives it."""
    found = {}
    for path in sorted((ROOT / "modules").glob("[012]?-*.ipynb")):
        for cell in json.loads(path.read_bytes())["cells"]:
            found[f"{path.name[:2]} [{cell['id']}]"] = "".join(cell["source"])
    if MODEL_ANSWERS.is_file():
        for row in table(MODEL_ANSWERS):
            found[f"corrigé {row['option']} {row['variant']}.{row['number']}"] = "\n".join(row.values())
    return found | elsewhere()


@cache
def elsewhere() -> dict[str, str]:
    """The same of quizzes, sheets to print and exercises."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "data" / "quiz").glob("*.md")):
        for question in re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
            lines = [re.sub(r"^\s*(?:- \[.\]|>)\s*", "", line) for line in question.split("\n")]
            found[f"quiz {path.stem[:2]} Q{question.partition('.')[0]}"] = "\n".join(lines)
    for path in sorted((ROOT / "modules" / "fiches").glob("*.html")):
        page = re.sub(r"<style.*?</style>|<[^>]+>", " ", path.read_text(encoding="utf-8"), flags=re.S)
        found[f"fiche {path.stem}"] = re.sub(r"[ \n]+", " ", unescape(page))
    for path in sorted((ROOT / "solutions").glob("*/*.ipynb")):
        for cell in json.loads(path.read_bytes())["cells"]:
            if not cell["id"].startswith("qualite-"):  # what to look for in a copy
                found[f"cahier [{cell['id']}]"] = "".join(cell["source"])
    return found


def test_a_statement_stands_word_for_word_where_the_table_says() -> None:
    assert REVIEW
    wrong = [
        f"{row['cellule']} : {row['énoncé'][:70]}"
        for row in REVIEW
        if row["énoncé"] not in places().get(row["cellule"], "")
    ]
    assert not wrong, "la phrase a changé : corrigez data/clinical_review.csv, et faites-la relire de nouveau"


def test_no_row_is_without_a_source_and_each_says_what_was_read_of_it() -> None:
    wrong = [
        f"{row['cellule']} : {row['énoncé'][:70]}"
        for row in REVIEW
        if SOURCE_PENDING.search(row["source"])
        or not (SOURCE_READ.search(row["source"]) or NOT_CLINICAL.fullmatch(row["source"]))
    ]
    assert not wrong, "nommez la source et ce qui en a été lu, ou retirez la phrase de la leçon"


def test_each_waits_for_a_clinician_or_names_who_read_it() -> None:
    wrong = [
        row["énoncé"][:70]
        for row in REVIEW
        if row["relecture"] != TO_REVIEW and not re.fullmatch(r"relu par .+, .*\d{4}", row["relecture"])
    ]
    assert not wrong, "« relu par », un nom et une date"


def test_a_clinician_can_go_through_it_in_an_hour() -> None:
    clinical = [row for row in REVIEW if not NOT_CLINICAL.fullmatch(row["source"])]
    assert sum(len(row["énoncé"].split()) for row in clinical) <= 60 * 60, "soixante mots à la minute"
    assert len(clinical) <= 210, "une phrase toutes les dix-sept secondes"


def unlisted(text: str, place: str, words: re.Pattern[str]) -> list[str]:
    """Where a text holds a word of care outside the statements of the table on its place."""
    for row in REVIEW:
        if row["cellule"] == place:
            text = text.replace(row["énoncé"], "")
    return [f"{place} : …{text[max(0, one.start() - 40) : one.end() + 40]}…" for one in words.finditer(text)]


def test_what_a_lesson_says_of_care_is_listed_sentence_by_sentence() -> None:
    """Of the scripts to read aloud, test_scenes.py says the same."""
    studied = ("[preuves]", "[cas-2-liens]", "[references]")  # what studies measured, programmes by their names
    loose = [
        found
        for place, text in places().items()
        if re.match(r"\d\d \[", place) and not place.startswith("23") and not place.endswith(studied)
        for found in unlisted(text, place, CLINICAL)
    ]
    assert not loose, "ajoutez la phrase à data/clinical_review.csv"


def test_what_a_model_answer_says_of_care_is_listed() -> None:
    listed: dict[str, str] = {}
    for row in REVIEW:
        listed[row["cellule"]] = listed.get(row["cellule"], "") + row["énoncé"].lower()
    loose = [
        f"{place} : {found[0]}"
        for row in table(MODEL_ANSWERS)
        for place in [f"corrigé {row['option']} {row['variant']}.{row['number']}"]
        for text in (row["action"], row["why"])
        for found in CLINICAL_ACTION.finditer(text)
        if found[0].lower() not in listed.get(place, "")
    ]
    assert not loose, "ajoutez la phrase à data/clinical_review.csv"


def test_what_a_quiz_a_sheet_or_an_exercise_says_of_care_is_listed_sentence_by_sentence() -> None:
    loose = [found for place, text in elsewhere().items() for found in unlisted(text, place, CLINICAL_ACTION)]
    assert not loose, "ajoutez la phrase à data/clinical_review.csv"
