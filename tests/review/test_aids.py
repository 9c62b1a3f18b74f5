"""The situation beside the copy: the trainees' own text, as HTML that does nothing."""

from __future__ import annotations

import re

from course.core import syllabus
from course.instructor.review import aids
from course.instructor.review.aids import situation


def test_each_situation_has_its_text_and_its_picture():
    for objective in syllabus.load().objectives:
        html = situation(objective)
        assert "<strong>La question.</strong>" in html, objective.id
        assert html.count("<img ") == 1, objective.id
        assert re.search(r'src="data:image/svg\+xml;base64,[\w+/=]+" alt="[^"]{40,}"', html), objective.id
        assert not re.search(r"<(script|a|h\d)\b|\bon\w+=", html), objective.id


def test_what_is_no_markdown_is_text(tmp_path, monkeypatch):
    folder = tmp_path / "but-1"
    folder.mkdir()
    source = "## Objectif\\n\\n<img src=x onerror=alert(1)> [ici](javascript:alert(1)) ![x](../../secret.svg)"
    (folder / "but-1.ipynb").write_text(f'{{"cells": [{{"id": "situation-1-1", "source": ["{source}"]}}]}}')
    monkeypatch.setattr(aids, "content", lambda _: tmp_path)
    html = situation(syllabus.load().objective("1.1"))
    assert "<img" not in html
    assert "javascript" not in html
    assert "&lt;img src=x onerror=alert(1)&gt; ici <em>x</em>" in html


def test_a_text_that_is_missing_is_said_and_looked_for_again(tmp_path, monkeypatch):
    monkeypatch.setattr(aids, "content", lambda _: tmp_path)
    objective = syllabus.load().objective("1.1")
    assert "introuvable" in situation(objective)
    (tmp_path / "but-1").mkdir()
    (tmp_path / "but-1" / "but-1.ipynb").write_text('{"cells": [{"id": "situation-1-1", "source": ["Un village."]}]}')
    assert situation(objective) == "<p>Un village.</p>"
