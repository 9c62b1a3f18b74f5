"""Figures of what people say, what is promised to them and where they have a seat."""

from __future__ import annotations

from statistics import mean, median
from typing import Literal

from course.authoring.district.figures.reading import Line, agrees, lines, share, total

STAFF_LANGUAGES = frozenset({"mooré", "dioula"})
"""The languages in which the staff see patients, says the codebook."""
_UNASKED = ("FS11", "2025-06")
_SAME_ACTOR = "Inspection de l’enseignement"


def forms(displaced: bool | None = None, staff_language: bool | None = None) -> tuple[Line, ...]:
    """The survey's forms: of displaced people or not, of people who speak one of the staff's languages or not."""
    return tuple(
        line
        for line in lines("enquete_satisfaction")
        if agrees(line, "pdi", displaced) and staff_language in {None, line["langue"] in STAFF_LANGUAGES}
    )


def mean_score(
    column: Literal["accueil_1_5", "explication_1_5"],
    displaced: bool | None = None,
    staff_language: bool | None = None,
) -> float:
    """The mean mark, 1 to 5, of the welcome or of the explanations."""
    return mean(int(line[column]) for line in forms(displaced, staff_language))


def yes_rate(
    column: Literal["decision_partagee", "revient", "pdi", "handicap"],
    displaced: bool | None = None,
    staff_language: bool | None = None,
) -> float:
    """The share of the forms that say oui: decision shared, would come back, displaced, disabled."""
    return share(forms(displaced, staff_language), lambda line: line[column] == "oui")


def other_language_share() -> float:
    """The share of the people asked who speak none of the staff's languages at home."""
    return share(forms(), lambda line: line["langue"] not in STAFF_LANGUAGES)


def median_wait() -> float:
    """The median wait in minutes; unknown ones, and the zeros of FS11 in June 2025 (not asked), left out."""
    asked = [line for line in forms() if (line["fs_id"], line["mois"]) != _UNASKED]
    return median(int(line["attente_min"]) for line in asked if line["attente_min"])


def commitments(posted: bool | None = None) -> tuple[Line, ...]:
    """The commitments whose end is known (kept or not), posted at the centre or not."""
    return tuple(
        line
        for line in lines("journal_redevabilite")
        if line["tenu"] and posted in {None, bool(line["date_affichage"])}
    )


def kept_rate(posted: bool | None = None) -> float:
    """The share of the commitments whose end is known that were kept, on time or not."""
    return share(commitments(posted), lambda line: line["tenu"] == "oui")


def posted_rate() -> float:
    """The share of all commitments, whatever their end, that were posted at the centre."""
    return share(lines("journal_redevabilite"), lambda line: bool(line["date_affichage"]))


def actors() -> tuple[Line, ...]:
    """The 34 actors, the one under two names counted once."""
    return tuple(line for line in lines("parties_prenantes") if line["acteur"] != _SAME_ACTOR)


def bodies(users: bool = False) -> int:
    """How many bodies there are, or in how many of them an actor who speaks for the users sits."""
    return len({line["instance"] for line in actors() if line["instance"] and (not users or _for_users(line))})


def user_groups(seated: bool | None = None) -> int:
    """How many actors speak for the users: all, those with a seat, or those without."""
    return sum(_for_users(line) and seated in {None, bool(line["instance"])} for line in actors())


def women_share() -> float:
    """The mean share, 0 to 1, of women among those who speak for an actor with a seat; unknown ones left out."""
    seated = [line for line in actors() if line["instance"] and line["femmes_pct"]]
    return total(seated, "femmes_pct") / len(seated) / 100


def _for_users(line: Line) -> bool:
    return line["represente_usagers"] == "oui"
