"""Grading: nbgrader, sealed. A trainee's notebook is never executed or shown; her answers files are what counts."""

from course.grading.sealed import seal

__all__ = ["seal"]
