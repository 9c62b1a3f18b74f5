"""The bundler: modules in the order of their imports, and nothing passes through that it does not understand."""

from __future__ import annotations

from pathlib import Path

import pytest

from course.workbook.module import BundleError, Module


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {
        "view.js": 'import { a } from "./a.js";\nimport {\n  b,\n  c,\n} from "./below/b.js";\n'
        "export default { a, b, c };\n",
        "a.js": 'import { c } from "./below/b.js";\n// a comment\nexport const a = c;\n',
        "below/b.js": "export class b {}\nexport async function c() {\n  return await import(later);\n}\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_each_module_comes_once_after_those_that_it_imports(folder: Path) -> None:
    source = Module(folder).source
    assert [line for line in source.splitlines() if line] == [
        "class b {}",
        "async function c() {",
        "  return await import(later);",
        "}",
        "const a = c;",
        "export default { a, b, c };",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.js", 'import * as all from "./below/b.js";\nexport const a = 1;\n'),
        ("a.js", 'import { c as d } from "./below/b.js";\nexport const a = d;\n'),
        ("a.js", 'import c from "./below/b.js";\nexport const a = c;\n'),
        ("a.js", 'import "./below/b.js";\nexport const a = 1;\n'),
        ("a.js", "import { c } from './below/b.js';\nexport const a = c;\n"),
        ("a.js", 'import { c } from "elsewhere";\nexport const a = c;\n'),
        ("a.js", "const a = 1;\nexport { a };\n"),
        ("a.js", "export let a = 1;\n"),
        ("a.js", "export default 1;\n"),
        ("a.js", 'export * from "./below/b.js";\n'),
        ("view.js", 'import { a } from "./a.js";\nexport { a };\nexport default a;\n'),
        ("below/b.js", 'import { a } from "../a.js";\nexport class b {}\nexport const c = a;\n'),
        ("below/b.js", "export class b {}\nexport const c = 1;\nconst a = 2;\n"),
    ],
)
def test_what_it_cannot_bundle_is_refused_with_the_name_of_the_file(folder: Path, name: str, text: str) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(BundleError) as refused:
        _ = Module(folder).source
    assert Path(name).name in str(refused.value)


def test_facts_are_constants_of_the_kernel_under_the_names_that_their_file_declares(folder: Path) -> None:
    (folder / "facts.js").write_text("export const LEVELS = [];\n", encoding="utf-8")
    (folder / "a.js").write_text('import { LEVELS } from "./facts.js";\nexport const a = LEVELS;\n', encoding="utf-8")
    assert 'const LEVELS = ["«"];' in Module(folder, lambda: {"LEVELS": ["«"]}).source
    with pytest.raises(BundleError, match=r"facts\.js"):
        _ = Module(folder, lambda: {"OTHER": 1}).source
