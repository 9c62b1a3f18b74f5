"""The short path: what a group reads while the long parts are folded. It is short, and says how long it takes.

Its words are those that stand in view when a lesson is opened: in the cells before the heading « Pour aller plus
loin », and in those from the next heading of the second level on. A link counts by its text. Sources and the links that
end a page are looked up or clicked, and not counted; nor is the text alternative of a picture.
"""

from __future__ import annotations

import math
import re
from typing import Any

from test_skeleton import ENTRY, LESSONS, LINK, SLIDES, WORD, cells, plain

WELCOME = "00-bienvenue"
FIRST_CANVAS = "situation-1-1"
WORDS_A_MINUTE = 130  # of somebody who reads in French as a second language, aloud or to a group
WORDS_A_SLIDE = 150
WORDS_TO_THE_FIRST_CANVAS = 3_000
WORDS_BEFORE_THE_GOALS = 2_400
WORDS_IN_ALL = 12_000
QUIZ, CANVAS = 10, 25  # minutes

UNREAD = ("sources", "navigation")
IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
TARGET = re.compile(r"\]\([^)]*\)")
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
ACTIVITY = re.compile(r"^(?:#+ .+|- \*\*.+\*\* )\((\d+)\smin\)", re.MULTILINE)  # a heading, or an item of a list


def is_section(cell: dict[str, Any]) -> bool:
    return cell["cell_type"] == "markdown" and cell["source"].startswith("## ")


def folded(name: str) -> list[dict[str, Any]]:
    """The cells that the heading « Pour aller plus loin » folds away, as JupyterLab does."""
    every = cells(name)
    start = next((place for place, cell in enumerate(every) if cell["id"] == "plus-loin"), len(every))
    end = next((place for place in range(start + 1, len(every)) if is_section(every[place])), len(every))
    return every[start + 1 : end]


def short_path(name: str) -> list[dict[str, Any]]:
    away = {cell["id"] for cell in folded(name)}
    return [cell for cell in cells(name) if cell["id"] not in away]


def count(chosen: list[dict[str, Any]]) -> int:
    texts = (cell["source"] for cell in chosen if cell["cell_type"] == "markdown" and cell["id"] not in UNREAD)
    return sum(len(WORD.findall(TARGET.sub("]", IMAGE.sub("", text)))) for text in texts)


def canvases(chosen: list[dict[str, Any]]) -> set[str]:
    links = (target for cell in chosen for target in LINK.findall(cell["source"]))
    return {target for target in links if "cell-id=situation-" in target}


def test_a_lesson_opens_on_the_essential_and_folds_the_rest() -> None:
    wrong = []
    for name in LESSONS:
        fold = next((cell for cell in cells(name) if cell["id"] == "plus-loin"), None)
        if not cells(name)[2]["source"].startswith("## L’essentiel"):
            wrong.append(f"{name} : après l’entrée, « ## L’essentiel »")
        if fold is None or fold["source"].split("\n")[0] != "## Pour aller plus loin":
            wrong.append(f"{name} : une cellule « plus-loin », « ## Pour aller plus loin »")
        elif (fold["metadata"].get("tags"), fold["metadata"].get("jp-MarkdownHeadingCollapsed")) != (
            ["plus-loin"],
            True,
        ):
            wrong.append(f"{name} : la cellule « plus-loin » n’est pas repliée")
    assert wrong == []


def test_what_is_folded_has_headings_below_the_fold_s_own() -> None:
    wrong = [
        f"{name}, {cell['id']}"
        for name in (WELCOME, *LESSONS)
        for cell in folded(name)
        if cell["cell_type"] == "markdown" and any(len(level) < 3 for level in HEADING.findall(cell["source"]))
    ]
    assert wrong == []


def test_what_everybody_needs_stays_in_view() -> None:
    needed = {"entree", "quiz", "a-retenir", "sources", "navigation"}
    wrong = {name: sorted(needed - {cell["id"] for cell in short_path(name)}) for name in LESSONS}
    assert {name: lacking for name, lacking in wrong.items() if lacking} == {}
    assert {"parcours", "qui-travaille", "carte", "origine"} <= {cell["id"] for cell in short_path(WELCOME)}


def test_the_principles_and_the_reflexes_come_before_the_canvases_that_need_them() -> None:
    shown = plain("\n".join(cell["source"] for cell in short_path("03-strategie-mondiale")))
    for official in (
        "Pilotage assuré par les pays",
        "Centrage sur l’équité",
        "Approche participative",
        "Renforcement des systèmes",
        "Cycles d’apprentissage itératif et d’action",
        "Orientation vers un but",
    ):
        assert f"**{official}**" in shown
    for reflex in ("Vide ou zéro", "Une fois ou deux", "Sur combien", "Combien de personnes"):
        assert f"**{reflex} ?**" in shown


def test_the_welcome_page_leads_along_three_paths() -> None:
    table = plain(next(cell["source"] for cell in short_path(WELCOME) if cell["id"] == "parcours"))
    rows = {row.split("|")[1].strip(): row for row in table.split("\n") if row.startswith("| **")}
    assert list(rows) == ["**Un jour**", "**Trois jours**", "**Cinq jours**"]
    linked = {target.split("#")[0] for target in LINK.findall(table)}
    assert {f"{name}.ipynb" for name in (*LESSONS[:9], "10-etudes-de-cas")} <= linked
    assert any(FIRST_CANVAS in target for target in LINK.findall(rows["**Un jour**"]))


def test_a_lesson_has_no_more_words_than_its_slides_allow() -> None:
    slides = {name: sum(row["notebook"] == f"modules/{name}.ipynb" for row in SLIDES) for name in LESSONS}
    allowed = {name: WORDS_A_SLIDE * number if number else 800 for name, number in slides.items()}
    # A page that holds few slides still opens, closes and has something to do.
    allowed["03-strategie-mondiale"] = allowed["09-principes-de-mise-en-oeuvre"] = 800
    long = {name: count(short_path(name)) for name in LESSONS}
    assert {name: (words, allowed[name]) for name, words in long.items() if words > allowed[name]} == {}


def test_the_first_canvas_line_is_within_the_first_hour() -> None:
    pages = [WELCOME, *LESSONS[:3]]
    before = sum(count(short_path(name)) for name in pages)
    assert before <= WORDS_BEFORE_THE_GOALS
    opening = short_path(LESSONS[3])
    last = next(place for place, cell in enumerate(opening) if canvases([cell]))
    before += count(opening[: last + 1])
    assert before <= WORDS_TO_THE_FIRST_CANVAS
    minutes = before / WORDS_A_MINUTE + sum(
        int(found) for name in pages for cell in short_path(name) for found in ACTIVITY.findall(cell["source"])
    )
    assert minutes <= 45, "il reste un quart d’heure pour écrire la ligne"


def test_the_whole_short_path_is_read_in_a_morning() -> None:
    assert sum(count(short_path(name)) for name in (WELCOME, *LESSONS)) <= WORDS_IN_ALL


def test_the_stated_times_are_those_of_the_words_and_of_the_activities() -> None:
    wrong = {}
    for name in LESSONS:
        stated = ENTRY.fullmatch(plain(cells(name)[1]["source"]))
        shown = short_path(name)
        reading = count(shown) / WORDS_A_MINUTE
        activities = [int(found) for cell in shown for found in ACTIVITY.findall(cell["source"])]
        writing = CANVAS * len(canvases(shown)) if "-but-" in name else 0
        practice = QUIZ + writing + sum(activities)
        # To the nearest five minutes, or to the next.
        if not (reading - 2.5 <= int(stated["read"]) < reading + 5 and int(stated["practice"]) == practice):
            wrong[name] = f"exposé {5 * math.ceil(reading / 5)} min, pratique {practice} min"
    assert wrong == {}
