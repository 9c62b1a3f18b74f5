"""A page for every eye, and on paper: in a real Chromium."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from course.instructor.giveback.command import feedback

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def given(session):
    feedback([], session.root, models=True, release=False)
    return session


@pytest.mark.parametrize(
    ("name", "width"), [("but-1/but-1.html", 320), ("retour.html", 320), ("but-1/but-1.html", 1280)]
)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(given, page, name, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((given.feedback / "awa" / name).as_uri())
    for summary in page.locator("summary").all():
        summary.click()
    options = {"runOnly": {"type": "tag", "values": RULES}}
    assert [each["id"] for each in Axe().run(page, options=options).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_paper_no_row_is_cut_and_what_is_folded_is_open(given, page):
    page.goto((given.feedback / "awa" / "but-1" / "but-1.html").as_uri())
    page.emulate_media(media="print")
    breaks = page.evaluate("[...document.querySelectorAll('tr')].map(row => getComputedStyle(row).breakInside)")
    assert breaks
    assert set(breaks) == {"avoid"}
    heads = page.evaluate("[...document.querySelectorAll('h2, h3, h4')].map(h => getComputedStyle(h).breakAfter)")
    assert set(heads) == {"avoid"}
    assert page.locator("details h5").first.is_visible()
