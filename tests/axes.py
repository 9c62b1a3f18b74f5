"""What axe-core finds on a page, for every test that promises a page for every eye."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from axe_playwright_python.sync_playwright import Axe

COLOURS = ("color-contrast", "link-in-text-block")  # the rules that a further theme of a page can break
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# A card is a part of a page: the page around it is JupyterLab's.
OF_THE_PAGE = frozenset({"landmark-one-main", "page-has-heading-one", "region"})


def violations(
    page: Any,
    context: Any = None,
    *,
    rules: Sequence[str] = RULES,
    without: Collection[str] = frozenset(),
) -> list[str]:
    """The rules that a page breaks, each with the first element that does.

    Args:
        page: The browser's page.
        context: The part of it to look at, as axe-core has it; all by default.
        rules: The tags of the rules, or `COLOURS`.
        without: The rules that do not count.
    """
    # The places where a rule holds are not described: that is most of axe-core's work.
    kind = "rule" if rules is COLOURS else "tag"
    options = {"runOnly": {"type": kind, "values": list(rules)}, "resultTypes": ["violations"]}
    axe = Axe()
    if page.evaluate("globalThis.axe !== undefined"):
        axe.axe_script = ""  # half a megabyte, which the page has read already
    found = axe.run(page, context=context, options=options).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found if each["id"] not in without]
