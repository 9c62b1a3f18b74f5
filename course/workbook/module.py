"""The module of a widget: ES modules bundled into one text, and a small loader that asks for it once a page."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

FACTS = "facts.js"
_IMPORT = re.compile(r'^import \{\s*\w+(?:,\s*\w+)*,?\s*\} from "(\.{1,2}/[^"\n]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function |class |const )", re.MULTILINE)
_LEFT_OVER = re.compile(r"^(?:import\b(?! ?\()|export\b).*", re.MULTILINE)
_DEFAULT = re.compile(r"^export default ", re.MULTILINE)
_NAME = re.compile(r"^(?:export )?(?:(?:async )?function\*?|class|const|let|var) (\w+)", re.MULTILINE)
_TAIL = re.compile(r"(?<=[;,{(]) // .*$", re.MULTILINE)
_CSS_COMMENT = re.compile(r"/\*.*?\*/\n?", re.DOTALL)
_INDENT = re.compile(r"^ +", re.MULTILINE)
_COMMENT = re.compile(r"^\s*(?://.*|/\*\*(?:[^*]|\*(?!/))*\*/ *)\n", re.MULTILINE)


class BundleError(ValueError):
    """An ES module that cannot be bundled; the message names the file and the line."""


@dataclass(frozen=True)
class Module:
    """A widget's JavaScript and style, in files of one folder.

    A module that travels as text can import nothing, so all that a widget needs is put into one scope, without the
    comments that fill or end a line. A module may use `import { name, … } from "./file.js";`, and `export` before a
    function, a class or a constant; anything else that imports or exports is an error, and so is a name that two
    modules declare.

    Attributes:
        folder: Where they are.
        facts: The constants that the modules import from `facts.js`, by name; that file itself only has their types.
        entry: The module of the widget, which alone has `export default`.
        styles: The style sheets that travel with the module, in order; none where anywidget brings them.
    """

    folder: Path
    facts: Callable[[], Mapping[str, object]] = dict
    entry: str = "view.js"
    styles: tuple[str, ...] = ()

    @cached_property
    def source(self) -> str:
        """The modules as one, each after those that it imports.

        Raises:
            BundleError: One of them is written otherwise than this bundler understands.
        """
        texts: dict[Path, str] = {}
        self._collect((self.folder / self.entry).resolve(), texts, ())
        owners: dict[str, Path] = {}
        for path, text in texts.items():
            for name in _NAME.findall(text):
                if name in owners:
                    raise BundleError(f"{path}: {name} is declared in {owners[name]} too")
                owners[name] = path
        return "\n".join(_TAIL.sub("", _COMMENT.sub("", text)) for text in texts.values())

    def _collect(self, path: Path, texts: dict[Path, str], importers: tuple[Path, ...]) -> None:
        if path in importers:
            raise BundleError(f"{path}: imports itself, by {importers[-1]}")
        if path in texts:
            return
        text = path.read_text(encoding="utf-8")
        for name in _IMPORT.findall(text):
            self._collect((path.parent / name).resolve(), texts, (*importers, path))
        texts[path] = self._constants(path, text) if path.name == FACTS else self._bare(path, text, not importers)

    def _bare(self, path: Path, text: str, is_entry: bool) -> str:
        bare = _EXPORT.sub("", _IMPORT.sub("", text))
        if left := _LEFT_OVER.search(_DEFAULT.sub("", bare) if is_entry else bare):
            raise BundleError(f"{path}: cannot bundle {left[0]!r}")
        return bare

    def _constants(self, path: Path, text: str) -> str:
        facts = self.facts()
        if set(_NAME.findall(text)) != set(facts):
            raise BundleError(f"{path}: declares other names than {', '.join(facts)}")
        return "".join(f"const {name} = {json.dumps(value, ensure_ascii=False)};\n" for name, value in facts.items())

    @cached_property
    def plain(self) -> dict[str, str]:
        """The answer to a page that asks for the module and cannot unpack it."""
        style = "".join((self.folder / name).read_text(encoding="utf-8") for name in self.styles)
        return {"kind": "module", "source": self.source, "style": style}

    @cached_property
    def packed(self) -> bytes:
        """The same as JSON, compressed by zlib: a third of the bytes."""
        content = {"source": self.plain["source"], "style": _CSS_COMMENT.sub("", self.plain["style"])}
        return zlib.compress(json.dumps(content, ensure_ascii=False).encode(), 9)

    @cached_property
    def boot(self) -> str:
        """The module that unpacks it."""
        return self._small("boot.js")

    @cached_property
    def loader(self) -> str:
        """The small module that travels with every widget; it names this version of the large one."""
        version = sha256(repr(self.plain).encode()).hexdigest()[:16]
        return self._small("loader.js").replace("{version}", version)

    def _small(self, name: str) -> str:
        """A module that stands alone, without comments and indents."""
        return _INDENT.sub("", _COMMENT.sub("", (self.folder / name).read_text(encoding="utf-8")))
