"""The answers of the canvases: one JSON file each, read with suspicion, merged field by field, written durably."""

from course.core.answers.format import Action, Answers, Strategy, parse
from course.core.answers.reading import FOLDER, file_name, read
from course.core.refusal import Unreadable

__all__ = ["FOLDER", "Action", "Answers", "Strategy", "Unreadable", "file_name", "parse", "read"]
