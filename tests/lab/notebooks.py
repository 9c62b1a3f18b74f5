"""Notebooks made for the tests of this folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def canvas_source(identifier: str) -> str:
    return f'# Canevas {identifier}\nfrom course import canvas\ncanvas("{identifier}")'


def code(source: str, **metadata: Any) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": [], "execution_count": None}


def text(source: str, kind: str = "markdown") -> dict[str, Any]:
    return {"cell_type": kind, "source": source, "metadata": {}}


def write(path: Path, *cells: dict[str, Any]) -> Path:
    """A notebook as another person would send it: unsigned, so untrusted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    kernel = {"display_name": "Cours (Python)", "language": "python", "name": "python3"}
    numbered = [{**cell, "id": f"cell-{number}"} for number, cell in enumerate(cells)]
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": numbered}
    path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
    return path
