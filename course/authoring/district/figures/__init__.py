"""The district's key figures, computed from the committed tables: what model answers may cite, and what tests prove.

Rates and shares are numbers from 0 to 1. The definition of each figure is in the docstring of its function.
"""

from __future__ import annotations

from course.authoring.district.figures.registry import KEY_FIGURES

__all__ = ["KEY_FIGURES"]
