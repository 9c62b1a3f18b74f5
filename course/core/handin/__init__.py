"""Handing in: one zip a goal that carries answers, notebook and members, its receipt, and its safe reading."""

from course.core.handin.manifest import Manifest
from course.core.handin.package import Handin, Packed, open_handin, pack
from course.core.refusal import Unreadable

__all__ = ["Handin", "Manifest", "Packed", "Unreadable", "open_handin", "pack"]
