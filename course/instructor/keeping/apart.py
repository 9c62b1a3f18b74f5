"""What stands in the folder of a class and is no state of it: archives leave it out, restorations leave it alone."""

from __future__ import annotations

from course.instructor.cohort.alone import LOCK, PREFIX
from course.instructor.intake.placing import LOCK as RECEIVING
from course.instructor.intake.placing import WORK

# Copies of the class; what belongs to the trainees' accounts; what a restoration works in.
ARCHIVES, EXCHANGE, RESTORING = "archives", "exchange", ".restauration"


def is_apart(name: str) -> bool:
    """Whether something of that name in the class's folder is no state of the class."""
    return (
        name in (ARCHIVES, EXCHANGE, RESTORING, LOCK, RECEIVING, WORK)
        or name.startswith(PREFIX)
        or (name.startswith(".") and name.endswith(".tmp"))
    )
