"""A lesson's deck is one file that needs no network: each of its slides can be reached, and is seen whole."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from every import every

from course import commands
from course.authoring import slides
from course.core.refusal import Refusal
from course.core.syllabus import rows

LESSON = "03-strategie-mondiale"
NUMBERS = [f"diapo-{int(row['slide']):02d}" for row in rows("slides") if Path(row["notebook"]).stem == LESSON]
STATE = "() => ({...Reveal.getIndices(), cell: Reveal.getCurrentSlide().dataset.cell, last: Reveal.isLastSlide()})"
# What of a slide lies outside the page, in pixels of the screen.
OVERFLOW = """() => {
  const page = document.documentElement.getBoundingClientRect();
  const boxes = [...Reveal.getCurrentSlide().querySelectorAll("*")]
    .filter((node) => !node.closest("aside")).map((node) => node.getBoundingClientRect());
  const beyond = (box) => Math.max(page.top - box.top, box.bottom - innerHeight, box.right - innerWidth);
  return Math.max(...boxes.map(beyond));
}"""

BEYOND = f"""() => Reveal.getHorizontalSlides().map((_, place) => {{
  Reveal.slide(place);
  return [({STATE})().cell, ({OVERFLOW})()];
}})"""


@pytest.fixture(scope="module")
def decks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All the decks, as the command makes them."""
    folder = tmp_path_factory.mktemp("diapositives")
    assert commands.main(["slides", "--vers", str(folder)]) == 0
    return folder


def test_every_lesson_gets_a_deck_in_french_with_nothing_to_fetch(decks: Path) -> None:
    assert sorted(path.stem for path in decks.iterdir()) == [path.stem for path in slides.chosen([])]
    for path in decks.glob("*.html"):
        page = path.read_text(encoding="utf-8")
        assert re.match(r'<!doctype html>\s*<html lang="fr">', page, re.IGNORECASE), path.name
        markup = re.sub(r"<(script|style)>.*?</\1>", "", page, flags=re.DOTALL)
        assert not re.findall(r'(?:src|href)="(?!data:|\d\d-[a-z0-9-]+\.html")[^"]*"', markup), path.name
        assert "<link" not in markup
        assert not re.findall(r"url\((?!data:)[^)]*\)", "".join(re.findall(r"<style>(.*?)</style>", page, re.DOTALL)))
        assert "from course import" not in page
        assert not re.search(r"mathjax|require\.min|jquery", page, re.IGNORECASE)


def test_a_deck_s_slides_are_those_of_the_slide_course_in_order(decks: Path) -> None:
    for path in decks.glob("*.html"):
        expected = [
            f"diapo-{int(row['slide']):02d}" for row in rows("slides") if Path(row["notebook"]).stem == path.stem
        ]
        found = re.findall(r'<section data-cell="(diapo-\d\d)">', path.read_text(encoding="utf-8"))
        assert found == expected, path.name


def test_what_the_long_part_says_of_a_slide_is_beside_it(decks: Path) -> None:
    page = (decks / f"{LESSON}.html").read_text(encoding="utf-8")
    places = [
        page.index(text) for text in ('data-cell="diapo-23"', 'alt="Les cinq buts', "Tené", 'data-cell="diapo-24"')
    ]
    assert places == sorted(places)


@pytest.mark.browser
def test_the_pages_turn_without_a_network_and_each_is_seen_whole(decks: Path, context: Any) -> None:
    context.set_offline(True)
    page = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((decks / f"{LESSON}.html").as_uri())
    page.wait_for_function("globalThis.Reveal?.isReady()")
    seen = [page.evaluate(STATE)]
    while not seen[-1]["last"]:
        assert page.evaluate(OVERFLOW) <= 1, f"{seen[-1]['cell']} dépasse de l’écran"
        page.keyboard.press("Space")
        seen.append(page.evaluate(STATE))
        assert len(seen) <= 40
    assert [one["cell"] for one in seen if (one["cell"] or "").startswith("diapo-")] == NUMBERS
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(STATE)["cell"] == seen[-2]["cell"]
    assert errors == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    pictures = page.locator("img").evaluate_all(
        "(images) => images.map((image) => [image.complete, image.naturalWidth > 0, image.alt])"
    )
    assert pictures
    assert all(complete and drawn and alternative for complete, drawn, alternative in pictures)


@pytest.mark.browser
def test_no_slide_of_any_lesson_is_cut(decks: Path, context: Any) -> None:
    page = context.new_page()
    cut, seen = [], 0
    for path in sorted(decks.glob("*.html")):
        page.goto(path.as_uri())
        page.wait_for_function("globalThis.Reveal?.isReady()")
        beyond = page.evaluate(BEYOND)  # laid out, and not painted one by one
        cut += [f"{path.stem}, {cell}" for cell, pixels in beyond if pixels > 1]
        seen += len(beyond)
    assert seen >= len([*rows("slides")])
    assert not cut, "raccourcissez ces diapositives"


@every("asked", ["3", "03", LESSON, f"modules/{LESSON}.ipynb"])
def test_a_lesson_is_named_as_people_name_it(asked: str) -> None:
    assert [path.stem for path in slides.chosen([asked])] == [LESSON]


def test_a_lesson_that_does_not_exist_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert commands.main(["slides", "42", "--vers", str(tmp_path)]) == 2
    assert LESSON in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_without_reveal_js_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slides, "find_spec", lambda _: None)
    with pytest.raises(Refusal, match=r"soins-centres-personnes\[slides\]"):
        slides.deck(slides.chosen([LESSON])[0])
