"""What a copy is called before the class: by its group, or by its trainee, and never two by the same name."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from course.core.words import listed
from course.instructor.cohort.copies import Copy
from course.instructor.cohort.roster import Trainee

Together = tuple[str, ...]
"""The identifiers of those who handed in together, in alphabetical order."""

_NAMED = 3
_DIGITS = re.compile(r"(\d+)")


def labels(copies: Iterable[Copy], trainees: Mapping[str, Trainee]) -> dict[Together, str]:
    """A name for all who handed in together, the same for each goal.

    Args:
        copies: The copies of any goals.
        trainees: Those of the list, by identifier.

    Returns:
        The names, in the order in which people expect them: « Groupe 2 » before « Groupe 10 ».
    """
    plain: dict[Together, str] = {}
    for copy in copies:
        if not plain.get(copy.students):
            plain[copy.students] = copy.team.group or _group(copy.students, trainees)
    names = {who: group or _people(who, trainees) for who, group in plain.items()}
    told = _told_apart(names, {who: f"{name} ({_people(who, trainees)})" for who, name in names.items()})
    told = _told_apart(told, {who: f"{name} ({', '.join(who)})" for who, name in told.items()})
    return dict(sorted(told.items(), key=lambda item: (natural(item[1]), item[0])))


def members(who: Sequence[str], trainees: Mapping[str, Trainee]) -> str:
    """The names of trainees, with a comma between; an identifier where the list has no name."""
    return ", ".join(trainees[each].name if each in trainees else each for each in who)


def natural(text: str) -> list[tuple[int, str]]:
    """A key that sorts numbers within texts as numbers, and letters without their accents."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text[:200]).casefold() if not unicodedata.combining(c))
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _DIGITS.split(plain)]


def _group(who: Sequence[str], trainees: Mapping[str, Trainee]) -> str:
    groups = {trainees[each].group if each in trainees else "" for each in who}
    return groups.pop() if len(who) > 1 and len(groups) == 1 else ""


def _people(who: Sequence[str], trainees: Mapping[str, Trainee]) -> str:
    names = [trainees[each].name if each in trainees else each for each in who]
    others = len(names) - _NAMED
    return listed(names) if others <= 0 else f"{', '.join(names[:_NAMED])} et {others} autre{'s' if others > 1 else ''}"


def _told_apart(names: dict[Together, str], longer: dict[Together, str]) -> dict[Together, str]:
    counts = Counter(name.casefold() for name in names.values())
    return {who: name if counts[name.casefold()] == 1 else longer[who] for who, name in names.items()}
