"""The module of a widget: ES modules of a folder as one text, and a small loader that asks for it once a page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

_IMPORT = re.compile(r'^import .* from "\.{1,2}/.*";\n', re.MULTILINE)
_COMMENT = re.compile(r"^\s*//.*\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=class|function|const)", re.MULTILINE)


@dataclass(frozen=True)
class Module:
    """A widget's JavaScript and style, in files of one folder.

    Attributes:
        folder: Where they are.
        names: The ES modules in the order of their needs; each imports only earlier ones, the last is the widget.
        style: The style sheet.
        facts: What the modules import from a `facts.js` that is in no folder: constants, by their names.
    """

    folder: Path
    names: tuple[str, ...]
    style: str
    facts: Callable[[], Mapping[str, object]] = dict

    @cached_property
    def source(self) -> str:
        """The modules as one: a widget's module travels as a text, and can import nothing of its folder."""
        texts = [_IMPORT.sub("", self._text(name)) for name in self.names]
        facts = [f"const {name} = {json.dumps(value, ensure_ascii=False)};" for name, value in self.facts().items()]
        return "\n".join([*facts, *(_EXPORT.sub("", text) for text in texts[:-1]), texts[-1]])

    @cached_property
    def message(self) -> dict[str, str]:
        """The answer to a page that asks for the module."""
        return {"kind": "module", "source": self.source, "style": self._text(self.style)}

    @cached_property
    def loader(self) -> str:
        """The small module that travels with every widget; it names this version of the large one."""
        version = sha256(repr(self.message).encode()).hexdigest()[:16]
        return _COMMENT.sub("", self._text("loader.js")).replace("{version}", version)

    def _text(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="utf-8")
