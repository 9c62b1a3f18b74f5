"""The plan of a team at intake: of copies of one plan the higher revision counts, whatever the dates say."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from mail import MONDAY, TUESDAY, Desk, answers, put, reasons, spaced

from course.core import plan, syllabus
from course.core.handin import pack
from course.core.plan.format import PATH
from course.core.plan.plan import newest
from course.core.team import Team
from course.instructor.intake.decisions import YES
from course.instructor.intake.reasons import Why

ALONE = Team("", ("Awa Kaboré",))
THREE = Team("Groupe 3", ("Awa Kaboré", "Paul Kéïta"))
ONE = Team("Groupe 1", ("Awa Kaboré", "Moussa N’Guessan"))


def written(revision: int, text: str, document: str = "d", saved: str = "") -> bytes:
    entry = {"option": "1.1.a", "chosen": True, "funding": text}
    said = {"format": "plan/1", "document": document, "revision": revision, "saved_at": saved}
    return json.dumps({**said, "entries": {"1-1-a": entry}}).encode()


def send(
    desk: Desk,
    name: str,
    date: datetime,
    content: bytes | None,
    text: str = "Former les agents",
    who: Team = ALONE,
    document: str = "Awa1.1",
) -> None:
    place = put(desk.tmp / name, {"reponses/1.1.json": answers("1.1", text, date.isoformat(), document)})
    if content is not None:
        put(place, {PATH: content})
    raw = pack(place, syllabus.load().goal("1"), who, "0.1.0", date).raw
    put(desk.mail, {f"{name}.zip": raw})


def test_the_higher_revision_counts_and_a_hand_in_without_one_takes_none_away(desk: Desk) -> None:
    send(desk, "a", MONDAY, written(7, "sept"))
    desk.take()
    assert desk.files("awa")[PATH] == written(7, "sept")
    send(desk, "b", TUESDAY, written(5, "cinq"), "Former les agents encore")
    desk.take()
    assert desk.files("awa")[PATH] == written(7, "sept")
    send(desk, "c", TUESDAY.replace(hour=12), None, "Former les agents encore plus")
    desk.take()
    assert desk.files("awa")[PATH] == written(7, "sept")
    send(desk, "d", TUESDAY.replace(hour=13), written(8, "huit"), "Former les agents toujours")
    desk.take()
    assert desk.files("awa")[PATH] == written(8, "huit")


def test_one_in_the_hand_in_before_it_is_not_lost_where_both_come_together(desk: Desk) -> None:
    send(desk, "a", MONDAY, written(7, "sept"))
    send(desk, "b", TUESDAY, None, "Former les agents encore")
    desk.take()
    assert desk.texts("awa") == "Former les agents encore"
    assert desk.files("awa")[PATH] == written(7, "sept")


@pytest.mark.parametrize("own", [None, written(1, "un", "e", "2026-11-20T00:00:00Z")])
def test_who_changes_groups_leaves_the_plan_of_the_former_group_there(desk: Desk, own: bytes | None) -> None:
    plan_of_three = written(7, "sept", saved="2026-11-23T00:00:00Z")
    send(desk, "a", MONDAY, plan_of_three, who=THREE)
    send(desk, "b", MONDAY, own, "Payer les relais", ONE, "autre")
    desk.take(ask=lambda _: YES)
    assert desk.files("paul")[PATH] == plan_of_three
    send(desk, "c", TUESDAY, own, "Payer les relais tous les mois", ONE, "autre")
    desk.take(ask=lambda _: YES)
    assert desk.texts("awa") == desk.texts("moussa") == "Payer les relais tous les mois"
    assert desk.files("paul")[PATH] == plan_of_three
    assert desk.files("awa").get(PATH) == desk.files("moussa").get(PATH) == own


@pytest.mark.parametrize("who", [THREE, Team("Groupe 3", ("Awa Kaboré", "Paul Kéïta", "Moussa N’Guessan"))])
def test_a_group_keeps_its_plan_in_another_workbook(desk: Desk, who: Team) -> None:
    send(desk, "a", MONDAY, written(7, "sept"), who=THREE)
    desk.take()
    send(desk, "b", TUESDAY, None, "Sur un autre ordinateur", who, "autre")
    desk.take(ask=lambda _: YES)
    assert desk.texts("awa") == desk.texts("paul") == "Sur un autre ordinateur"
    assert desk.files("awa")[PATH] == written(7, "sept")


def test_one_that_comes_alone_is_refused_and_refuses_no_canvas(desk: Desk) -> None:
    send(desk, "a", MONDAY, None)
    put(desk.mail, {"plan.json": written(1, "seul")})
    reception = desk.take()
    assert spaced(Why.PLAN_FILE.sentence) in reasons(reception)
    assert desk.texts("awa") == "Former les agents"


def test_among_all_goals_the_newest_readable_one_counts() -> None:
    copies = [written(3, "trois", saved="2026-11-25T00:00:00Z"), written(4, "quatre", saved="2026-11-24T00:00:00Z")]
    other = written(1, "autre", "e", "2026-11-23T00:00:00Z")
    assert newest([*copies, b"{", other]) == copies[1]
    assert newest([b"", b"{}"]) is None
    assert plan.plan_of(json.loads(newest(copies)), plan.Sources()).lines[0].funding == "quatre"
