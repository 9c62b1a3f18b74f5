"""What a Word document cannot hold, in a form that people see and that comes back: `⟨U+0001⟩`.

Excel has a form of its own (`core.sheets.escaped`), which Word shows as it is and LibreOffice changes.
"""

from __future__ import annotations

import re

# Control characters but the tab and the line break, what is no character, and what looks like one of the two forms.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)|⟨(?=U\\+[0-9A-F]{4}⟩)")
_FORM = re.compile(r"⟨U\+(00[01][0-9A-F]|FFFE|FFFF|005F|27E8)⟩")


def escaped(text: str) -> str:
    """Return a text as XML, Word and LibreOffice keep it."""
    return _UNFIT.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def unescaped(text: str) -> str:
    """Undo `escaped`."""
    return _FORM.sub(lambda found: chr(int(found[1], 16)), text)
