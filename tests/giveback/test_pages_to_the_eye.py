"""A page for every eye, and on paper: in a real Chromium."""

import re
import shutil

import pytest
from axes import violations
from giveback_class import AWA
from promotion import GOALS, hand_in, promotion, review

from course.core import model_answers
from course.instructor.cohort.places import Cohort
from course.instructor.giveback.command import feedback

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def given(session, tmp_path_factory):
    copy = Cohort(shutil.copytree(session.root, tmp_path_factory.mktemp("eye") / "cours"))
    feedback([], copy.root, models=True, release=False)
    return copy


def test_axe_finds_nothing_and_nothing_scrolls_sideways(given, page):
    for name, widths in (("but-1/but-1.html", (320, 1280)), ("retour.html", (320,))):
        page.goto((given.feedback / "awa" / name).as_uri())
        for summary in page.locator("summary").all():
            summary.click()
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            assert violations(page) == [], (name, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)


def test_on_paper_no_line_of_marks_is_cut_and_what_is_folded_is_open(given, page):
    page.goto((given.feedback / "awa" / "retour.html").as_uri())
    page.emulate_media(media="print")
    rows = ".criteria tr, .summary tr, .lines tr, dl > div, li"
    breaks = page.evaluate(
        "rows => [...document.querySelectorAll(rows)].map(row => getComputedStyle(row).breakInside)", rows
    )
    assert breaks
    assert set(breaks) == {"avoid"}
    heads = page.evaluate("[...document.querySelectorAll('h2, h3, h4')].map(h => getComputedStyle(h).breakAfter)")
    assert set(heads) == {"avoid"}
    page.goto((given.feedback / "awa" / "but-1" / "but-1.html").as_uri())
    page.emulate_media(media="print")
    assert page.locator("details h5").first.is_visible()


def test_a_sheet_takes_two_pages_and_a_copy_little_more_than_its_words(tmp_path, page):
    """Eighteen canvases in full, each with a long comment: the most that a trainee can have."""
    cohort = promotion(tmp_path / "cours", (AWA,))
    models = model_answers.load()
    for goal in GOALS:
        hand_in(cohort, (AWA,), goal, " ".join(models.answers[f"{goal.id}.1.a"][0].strategy.split()))
        for objective in goal.objectives:
            review(cohort, (AWA.id,), objective.id, (1, 1, 2, 0, 1, 1), "Dites qui décide, avec quoi et quand. " * 12)
    feedback([], cohort.root, models=False, release=False)
    home = cohort.feedback / AWA.id
    assert pages_of(page, (home / "feuille.html").as_uri()) <= 2
    page.goto((home / "retour.html").as_uri())
    words = page.evaluate("[...document.querySelectorAll('.words')].map(part => part.innerText)")
    whole = pages_of(page, (home / "retour.html").as_uri())
    page.goto("about:blank")
    page.evaluate(
        "texts => { document.body.style = 'font: 8.5pt/1.35 sans-serif; margin: 0'; "
        "for (const text of texts) { const part = document.createElement('div'); part.style.whiteSpace = 'pre-line'; "
        "part.textContent = text; document.body.append(part); } }",
        words,
    )
    bare = len(
        re.findall(
            rb"/Type\s*/Page\b",
            page.pdf(format="A4", margin={"top": "13mm", "bottom": "16mm", "left": "14mm", "right": "14mm"}),
        )
    )
    assert len(words) == 18
    assert whole - 2 <= bare + 1.2 * len(words)


def pages_of(page, address):
    page.goto(address)
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
