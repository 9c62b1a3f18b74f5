"""A page for every eye, and on paper: in a real Chromium."""

import pytest
from axes import violations

from course.instructor.giveback.command import feedback

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def given(session):
    feedback([], session.root, models=True, release=False)
    return session


def test_axe_finds_nothing_and_nothing_scrolls_sideways(given, page):
    for name, widths in (("but-1/but-1.html", (320, 1280)), ("retour.html", (320,))):
        page.goto((given.feedback / "awa" / name).as_uri())
        for summary in page.locator("summary").all():
            summary.click()
        for width in widths:
            page.set_viewport_size({"width": width, "height": 800})
            assert violations(page) == [], (name, width)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)


def test_on_paper_no_row_is_cut_and_what_is_folded_is_open(given, page):
    page.goto((given.feedback / "awa" / "but-1" / "but-1.html").as_uri())
    page.emulate_media(media="print")
    breaks = page.evaluate("[...document.querySelectorAll('tr')].map(row => getComputedStyle(row).breakInside)")
    assert breaks
    assert set(breaks) == {"avoid"}
    heads = page.evaluate("[...document.querySelectorAll('h2, h3, h4')].map(h => getComputedStyle(h).breakAfter)")
    assert set(heads) == {"avoid"}
    assert page.locator("details h5").first.is_visible()
