"""Eighteen scenes as scripts: one an objective, one to two minutes, and of care only what a clinician reviews."""

from __future__ import annotations

import json
import re
from typing import Any

from goals import MODULES, OBJECTIVES
from test_clinical_review import CLINICAL_ACTION, REVIEW
from test_short_path import WORDS_A_MINUTE
from test_skeleton import WORD

NAME = "23-scenes"
HEAD = re.compile(r"## (\d\.\d) · \S.+\n\n\*Voix : (.+?)\. Durée : (\d) min(?: (\d\d))?\..*\*\n\n")
# Words of care; a sign, a drug, or what is done with them. A tablet that is only counted or lies in a bag is none.
CARE = re.compile(
    CLINICAL_ACTION.pattern.replace("comprimé|", "")
    + r"|uriner|bouillon|examine|double dose|comprimés (?:à la|peuvent)|comprimé qui|consultation des yeux"
    + r"|renouvellements",
    re.IGNORECASE,
)
LINE = re.compile(r"^\*\*(.+?)\*?\*\*(?: \*\(.+?\)\.?\*)? (.+)$", re.MULTILINE)
ASIDE = re.compile(r"\*\(.+?\)\*")


def scripts() -> dict[str, str]:
    """The text of each script, by the number of its objective."""
    every: list[dict[str, Any]] = json.loads((MODULES / f"{NAME}.ipynb").read_bytes())["cells"]
    return {
        one["id"].removeprefix("scene-").replace("-", "."): plain_marks("".join(one["source"]))
        for one in every
        if one["id"].startswith("scene-")
    }


def plain_marks(source: str) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", source)


def spoken(script: str) -> list[tuple[str, str]]:
    """Who says what, without gestures."""
    return [(who.rstrip("."), ASIDE.sub("", text)) for who, text in LINE.findall(script)]


def test_each_objective_has_its_scene_with_its_number_and_a_question() -> None:
    assert list(scripts()) == [objective.id for objective in OBJECTIVES]
    wrong = [
        number
        for number, script in scripts().items()
        if not (found := HEAD.match(script))
        or found[1] != number
        or not re.search(r"\n\n\*À demander : .+\?\*$", script)
    ]
    assert not wrong, "« ## 1.1 · Titre », « *Voix : … Durée : … », les voix, « *À demander : … ?* »"


def test_the_voices_that_are_named_are_those_that_speak() -> None:
    wrong = {}
    for number, script in scripts().items():
        named = {voice.lower() for voice in HEAD.match(script)[2].split(", ")}
        speaking = {who.lower() for who, _ in spoken(script)}
        if named != speaking:
            wrong[number] = named ^ speaking
    assert not wrong


def test_a_scene_takes_the_time_it_says_one_to_two_minutes() -> None:
    wrong = {}
    for number, script in scripts().items():
        found = HEAD.match(script)
        stated = int(found[3]) + int(found[4] or 0) / 60
        lasting = sum(len(WORD.findall(text)) for _, text in spoken(script)) / WORDS_A_MINUTE
        if not (1 <= stated <= 2 and abs(stated - lasting) <= 0.25):
            wrong[number] = f"{lasting:.2f} min"
    assert not wrong


def test_of_care_a_script_says_only_what_a_clinician_goes_through() -> None:
    """Word for word: in the rows of the script, or in those of the scene of its lesson."""
    loose = []
    for number, script in scripts().items():
        scene = f"[scene-{number.replace('.', '-')}]"
        listed = plain_marks("\n".join(row["énoncé"] for row in REVIEW if row["cellule"].endswith(scene))).lower()
        loose += [
            f"{number} : {sentence}"
            for _, text in spoken(script)
            for sentence in re.split(r"(?<=[.?!]) ", text)
            if CARE.search(sentence) and sentence.strip().lower() not in listed
        ]
    assert not loose, "ajoutez la phrase à data/clinical_review.csv"
