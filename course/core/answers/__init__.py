"""The answers of the canvases: one JSON file each, read with suspicion, merged field by field, written durably."""

from course.core.answers.format import Action, Answers, Strategy, UnreadableAnswer, parse
from course.core.answers.reading import FOLDER, file_name, read

__all__ = ["FOLDER", "Action", "Answers", "Strategy", "UnreadableAnswer", "file_name", "parse", "read"]
