"""People followed for hypertension or diabetes: the table `suivi_chroniques`."""

from __future__ import annotations

from dataclasses import dataclass

from course.authoring.district.calendar import MONTHS, months_between
from course.authoring.district.centres import CENTRES
from course.authoring.district.draws import Draws
from course.authoring.district.table import Row, yes

SEED = 505
_LAST_MONTH = "2025-12"
_INCLUSIONS = MONTHS[:21]


@dataclass(frozen=True, slots=True)
class _Group:
    """People of one band of transport cost, in a peer group or not, and how many of them were lost."""

    fares: tuple[int, ...]
    peers: bool
    people: int
    lost: int


# Within a band of cost, peer groups lose a third fewer; over all, half as many, because those who live near join them.
_GROUPS = (
    _Group(tuple(range(0, 500, 100)), True, 55, 7),
    _Group(tuple(range(0, 500, 100)), False, 73, 15),
    _Group(tuple(range(500, 1500, 100)), True, 25, 5),
    _Group(tuple(range(500, 1500, 100)), False, 91, 28),
    _Group(tuple(range(1500, 4100, 100)), True, 10, 3),
    _Group(tuple(range(1500, 4100, 100)), False, 84, 40),
)
_UNASKED = _Group((), False, 12, 4)
_WITH_PEERS = frozenset({"FS01", "FS02", "FS03", "FS04", "FS06", "FS08", "FS11", "FS15"})
_NOT_ASKING = "FS05"
"""The centre that did not ask the cost of transport."""


def rows() -> list[Row]:
    """The table `suivi_chroniques`, in the order of inclusion."""
    draws = Draws(SEED)
    people = [
        (draws.pick(_INCLUSIONS), group, number < group.lost)
        for group in (*_GROUPS, _UNASKED)
        for number in range(group.people)
    ]
    people = sorted(draws.shuffled(people), key=lambda person: person[0])
    table = [_person(draws, *person) for person in people]
    for number, row in enumerate(table, 1):
        row["code_patient"] = f"P{number:03}"
    _spoil(draws, table)
    return table


def _centre(draws: Draws, group: _Group) -> str:
    if not group.fares:
        return _NOT_ASKING
    weights = {
        centre.id: centre.population * (3.0 if centre.kind == "CMA" else 1.0)
        for centre in CENTRES
        if centre.id != _NOT_ASKING and (centre.id in _WITH_PEERS or not group.peers)
    }
    return draws.weighted(weights)


def _person(draws: Draws, month: str, group: _Group, lost: bool) -> Row:
    illness = draws.weighted({"hypertension": 58, "diabète": 27, "hypertension et diabète": 15})
    expected = months_between(month, _LAST_MONTH)
    missed = draws.integer(3, max(3, expected - 1)) if lost else round(expected * draws.integer(0, 22) / 100)
    controlled = draws.chance(0.2 if lost else 0.58 if group.peers else 0.49)
    return {
        "code_patient": None,
        "fs_id": _centre(draws, group),
        "maladie": illness,
        "mois_inclusion": month,
        "visites_attendues": expected,
        "visites_faites": max(0, expected - missed),
        "perdu_de_vue": yes(lost),
        "groupe_pairs": yes(group.peers),
        "cout_transport_fcfa": draws.pick(group.fares) if group.fares else None,
        "pa_controlee": None if illness == "diabète" else yes(controlled),
    }


def _spoil(draws: Draws, table: list[Row]) -> None:
    """Plants the defects that the codebook tells; the centre that did not ask is one already."""
    steady = [row for row in table if row["perdu_de_vue"] == "non"]
    for row in draws.shuffled(steady)[:3]:
        row["visites_faites"] = int(row["visites_attendues"] or 0) + draws.integer(1, 3)
    measured = [row for row in table if row["pa_controlee"] and row["maladie"] == "hypertension"]
    for row in draws.shuffled(measured)[:6]:
        row["pa_controlee"] = None
