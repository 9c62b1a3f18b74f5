"""Hand-ins: one zip per goal with its answers, notebook and team, its receipt, and its validating reader."""

from course.core.handin.manifest import Manifest
from course.core.handin.package import Handin, Packed, open_handin, pack
from course.core.refusal import Unreadable

__all__ = ["Handin", "Manifest", "Packed", "Unreadable", "open_handin", "pack"]
