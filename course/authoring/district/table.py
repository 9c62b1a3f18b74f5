"""What a table is here, and how its file is written: French spreadsheets must open it as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

Row = dict[str, str | int | None]
"""One line of a table: column to value; None is an empty cell."""

MENTION = "données fictives"


def yes(answer: bool) -> str:
    """`oui` or `non`."""
    return "oui" if answer else "non"


def csv_bytes(rows: Sequence[Row]) -> bytes:
    """A table as the bytes of its file: `;`, UTF-8 with byte-order mark, line feeds.

    Args:
        rows: At least one; all with the same columns in the same order.

    Returns:
        The file, with one more column than the rows: `mention`, « données fictives » on every line, so that no extract,
        filter or copy of the table loses it.
    """
    text = io.StringIO(newline="")
    columns = [*rows[0], "mention"]
    writer = csv.DictWriter(text, columns, delimiter=";", lineterminator="\n", restval=MENTION)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")
