"""The answers of the canvases: one JSON file each, validated when read, merged field by field, written durably."""

from course.core.answers.format import (
    FOLDER,
    Action,
    Answers,
    Strategy,
    file_name,
    parse,
    path_of,
    read,
    unreadable_name,
)
from course.core.refusal import Unreadable

__all__ = [
    "FOLDER",
    "Action",
    "Answers",
    "Strategy",
    "Unreadable",
    "file_name",
    "parse",
    "path_of",
    "read",
    "unreadable_name",
]
