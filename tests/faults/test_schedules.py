"""Fault injection: after any schedule of typing, faults and repairs, no acknowledged word is lost, nor any other.

A few hundred schedules in every run; `COURSE_SCHEDULES=10000 pytest tests/faults` tries more.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, seed, settings
from hypothesis import strategies as st
from promises import check, heal
from world import ADDED, ROWS, Pages, World

SCHEDULES = int(os.environ.get("COURSE_SCHEDULES", "200"))

names = st.sampled_from("aab")  # a first window is busier than a second one
wheres = st.sampled_from([*sorted(ROWS), ADDED])
steps = st.one_of(
    st.tuples(st.just("type"), names, wheres, st.booleans()),
    st.tuples(st.just("type"), names, wheres, st.booleans()),
    st.tuples(st.just("add"), names, st.sampled_from(["", "3-5-a-0", "second"])),
    st.tuples(st.just("wait"), names, st.sampled_from([100, 600, 4_500, 20_000])),
    st.tuples(st.sampled_from(["deliver", "answer", "exchange", "exchange"]), names),
    st.tuples(st.sampled_from(["remove"]), names, wheres),
    st.tuples(st.just("resolve"), names, st.sampled_from(["shown", "other"])),
    st.tuples(st.sampled_from(["restore", "kill", "revive", "reload", "close", "cut", "mend", "lose_answers"]), names),
    st.tuples(st.just("share"), names),
    st.tuples(st.sampled_from(["kill_server", "kill_browser"])),
    st.tuples(st.just("fill_storage"), st.booleans()),
    st.tuples(st.just("disk"), st.sampled_from(["", "full", "read-only", "broken"])),
    st.tuples(st.just("damage"), st.sampled_from(["delete", "truncate", "garbage"])),
    st.tuples(st.sampled_from(["edit_by_hand", "set_clock_back"])),
)


@pytest.fixture(scope="module")
def monde() -> Iterator[Pages]:
    pages = Pages()
    yield pages
    pages.close()


def run(world: World, step: tuple[Any, ...]) -> None:
    name, *given_ = step
    if given_ and given_[0] in ("a", "b") and given_[0] not in world.link:
        world.open(given_[0])
    match name:
        case "exchange":
            world.wait(given_[0], 600)
            world.deliver(given_[0])
            world.answer(given_[0])
        case "cut":
            world.cut.add(given_[0])
        case "mend":
            world.cut.discard(given_[0])
        case "kill_server":
            for page in world.link:
                world.kill(page)
        case "kill_browser":
            for page in list(world.link):
                world.cut.add(page)  # nothing that was on its way arrives
                world.close(page)
        case "disk":
            world.disk = given_[0]
        case "set_clock_back":
            world.behind += world.behind.resolution * 10**12
        case _:
            getattr(world, name)(*given_)


@example(
    schedule=[
        ("type", "a", "action", False),
        ("remove", "a", "action"),
        ("restore", "a"),
        ("type", "a", "action", True),
    ]
)
@example(  # the file is gone, and the disk too full to put its spare copy back
    schedule=[("disk", "full"), ("damage", "delete"), ("type", "b", "action", False), ("kill_browser",)]
)
@example(  # a second window opens while a removal is still on its way
    schedule=[
        ("type", "a", "second", False),
        ("exchange", "a"),
        ("remove", "a", "second"),
        ("type", "b", "second", False),
    ]
)
@example(  # somebody writes in the file by hand, and the page types on without having seen it
    schedule=[
        ("type", "a", "strategy", False),
        ("exchange", "a"),
        ("edit_by_hand",),
        ("type", "a", "strategy", True),
        ("exchange", "a"),
    ]
)
@example(  # two tabs on one kernel: what it says to the one is no answer to the other
    schedule=[
        ("share", "b"),
        ("type", "a", "strategy", False),
        ("wait", "a", 600),
        ("type", "b", "second", False),
        ("exchange", "b"),
        ("answer", "a"),
        ("kill_server",),
    ]
)
@example(  # somebody removes a row in which another has just written
    schedule=[
        ("type", "a", "second", False),
        ("exchange", "a"),
        ("type", "b", "second", True),
        ("exchange", "b"),
        ("remove", "a", "second"),
        ("exchange", "a"),
    ]
)
@given(schedule=st.lists(steps, max_size=25))
@settings(
    max_examples=SCHEDULES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@seed(20261122)
def test_nothing_is_lost(monde: Pages, schedule: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(monde, Path(folder))
        for step in schedule:
            run(world, step)
            check(world)
        heal(world)


def test_an_empty_row_never_has_the_id_of_one_whose_removal_is_on_its_way(monde: Pages, tmp_path: Path) -> None:
    world = World(monde, tmp_path)
    for step in (("type", "a", "strategy", False), ("exchange", "a"), ("remove", "a", "strategy")):
        run(world, step)
    world.open("b")
    removed = ROWS["strategy"][0]["row"]
    assert not World._stands(world.look()["pages"]["b"], removed)
    assert world._do("blank", "b", removed.rpartition("-")[0]) != removed
