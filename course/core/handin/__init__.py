"""Handing in: one zip a goal that carries answers, notebook and members, its receipt, and its safe reading."""

from course.core.handin.manifest import Manifest
from course.core.handin.opening import Handin, open_handin
from course.core.handin.packing import Packed, pack
from course.core.refusal import Unreadable

__all__ = ["Handin", "Manifest", "Packed", "Unreadable", "open_handin", "pack"]
