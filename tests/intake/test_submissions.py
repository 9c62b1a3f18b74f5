"""Of all that came, the latest counts, whatever the order; what it replaces is kept, and all of it is said."""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from every import every
from mail import (
    ACCEPTED,
    MONDAY,
    NOW,
    SUPERSEDED,
    TUESDAY,
    UNMATCHED,
    Desk,
    Instructor,
    answers,
    drop,
    handin,
    moment,
    outcomes,
    put,
    reasons,
    spaced,
    unpacked,
)
from promotion import sitting

from course.core import team
from course.core.team import Team
from course.instructor.cohort.places import COURSE_ID
from course.instructor.intake.decisions import ASIDE, YES
from course.instructor.intake.reasons import Why
from course.instructor.intake.submission import SECRET

STAMP = "%Y-%m-%dT%H:%M:%SZ"


def canvas(objective: str, text: str, date: datetime, **said: str | int) -> bytes:
    """A canvas of the workbook whose hand-ins name Awa first."""
    return answers(objective, text, date.strftime(STAMP), **{"document": f"Awa Kaboré{objective}", **said})


class TestDates:
    def test_the_latest_counts_in_any_order_together_or_not(self, tmp_path: Path) -> None:
        found = set()
        names = ("a", "b", "c")
        for number, order in enumerate(itertools.permutations(names)):
            for together in (True, False):
                desk = Desk(tmp_path / f"{number}{together}")
                for name, date in zip(names, (MONDAY, TUESDAY, MONDAY - timedelta(days=9)), strict=True):
                    desk.handin(f"{name}.zip", "Awa Kaboré", date=date, text=f"Le texte {name}")
                put(desk.mail, {"Awa Kaboré 1.2.json": canvas("1.2", "Un canevas seul", TUESDAY + timedelta(hours=1))})
                paths = [desk.mail / f"{name}.zip" for name in order]
                paths.insert(number % 4, desk.mail / "Awa Kaboré 1.2.json")
                for sources in (paths,) if together else ([path] for path in paths):
                    desk.take(*sources)
                found.add(json.dumps({k: v.decode() for k, v in desk.files("awa").items()}, sort_keys=True))
                assert (desk.texts("awa"), desk.texts("awa", "1.2")) == ("Le texte b", "Un canevas seul")
                assert desk.date("awa") == "2026-11-24 11:00:00 UTC"
                assert len(list(desk.cohort.folder.glob("recus/*.zip"))) == 3
        assert len(found) == 1

    def test_what_is_set_aside_is_said(self, desk: Desk) -> None:
        desk.handin("a.zip", "Awa Kaboré")
        desk.handin("b.zip", "Awa Kaboré", "Paul Kéïta", date=TUESDAY, text="Un autre texte")
        reception = desk.take()
        assert [(row.file[-5:], row.student, row.outcome) for row in reception.rows] == [
            ("a.zip", "awa", SUPERSEDED), ("b.zip", "awa", ACCEPTED), ("b.zip", "paul", ACCEPTED)]  # fmt: skip
        assert f"celle du {moment(TUESDAY)} est plus récente" in reasons(reception)

    def test_a_wrong_clock_is_told_and_does_not_win_for_ever(self, desk: Desk) -> None:
        future = datetime(2098, 1, 1, tzinfo=NOW.tzinfo)
        desk.handin("a.zip", "Awa Kaboré", date=future)
        assert f"datée du {moment(future)}, après sa réception" in reasons(desk.take())
        assert desk.date("awa") == "2026-11-30 08:00:00 UTC"
        before = desk.tree()
        desk.take(now=NOW + timedelta(days=3))
        assert desk.tree() == before
        desk.handin("b.zip", "Awa Kaboré", date=NOW + timedelta(days=1), text="Corrigé depuis", revision=10**9)
        desk.take(now=NOW + timedelta(days=3))
        assert desk.texts("awa") == "Corrigé depuis"

    def test_a_clock_that_is_a_little_ahead_is_no_matter(self, desk: Desk) -> None:
        desk.handin("a.zip", "Awa Kaboré", date=NOW + timedelta(minutes=20))
        assert not reasons(desk.take())
        assert desk.date("awa") == NOW.strftime("%Y-%m-%d %H:%M:%S UTC")

    def test_the_same_hand_in_twice_is_one(self, desk: Desk) -> None:
        raw = desk.handin("a.zip", "Awa Kaboré").read_bytes()
        put(desk.mail, {"a (1).zip": raw, **{f"e/{k}": v for k, v in unpacked(raw).items()}})
        reception = desk.take()
        assert reception.count(ACCEPTED) == 3
        assert reasons(reception).count("la même que « courrier › e »") == 2
        assert "déjà reçue" not in reasons(reception)
        assert len(list(desk.cohort.folder.glob("recus/*.zip"))) == 1


class TestCanvases:
    def test_a_later_canvas_replaces_its_like_alone(self, desk: Desk) -> None:
        desk.handin("a.zip", "Awa Kaboré", "Paul Kéïta")
        put(desk.mail, {"Awa Kaboré 1.1.json": canvas("1.1", "Plus tard", TUESDAY)})
        assert "ces réponses remplacent celles du 23/11/2026" in reasons(desk.take())
        assert (desk.texts("awa"), desk.texts("awa", "1.2")) == ("Plus tard", "Former les agents")
        assert (desk.texts("paul"), desk.texts("paul", "1.2")) == ("Plus tard", "Former les agents")  # one workbook
        assert desk.date("awa") == "2026-11-24 10:00:00 UTC"

    def test_an_earlier_one_replaces_nothing(self, desk: Desk) -> None:
        desk.handin("a.zip", "Awa Kaboré")
        put(desk.mail, {"Awa Kaboré 1.1.json": canvas("1.1", "Plus tôt", MONDAY - timedelta(days=1))})
        assert outcomes(desk.take())["Awa Kaboré 1.1.json"] is SUPERSEDED
        assert desk.texts("awa") == "Former les agents"

    def test_a_later_hand_in_keeps_a_canvas_that_is_later_still(self, desk: Desk) -> None:
        desk.handin("a.zip", "Awa Kaboré")
        put(desk.mail, {"Awa Kaboré 1.1.json": canvas("1.1", "Le dernier", TUESDAY + timedelta(days=2))})
        desk.take()
        desk.handin("b.zip", "Awa Kaboré", date=TUESDAY, text="Entre-temps")
        desk.take()
        assert (desk.texts("awa"), desk.texts("awa", "1.2")) == ("Le dernier", "Entre-temps")

    def test_the_team_beside_a_canvas_is_not_that_of_the_hand_in_before_it(self, desk: Desk) -> None:
        put(desk.cohort.submitted / "awa/but-1", {"reponses/1.1.json": canvas("1.1", "Seule", MONDAY),
                                                  "timestamp.txt": b"2026-11-23 10:00:00 UTC"})  # fmt: skip
        both = team.written(Team("", ("Awa Kaboré", "Paul Kéïta")))
        put(desk.mail / "x", {"reponses/1.2.json": canvas("1.2", "À deux", MONDAY), "equipe.json": both})
        desk.take()
        assert desk.texts("awa", "1.2") == "À deux"
        assert (desk.team("paul").members, "equipe.json" in desk.files("awa")) == (("Awa Kaboré", "Paul Kéïta"), False)
        path = desk.handin("b.zip", "Awa Kaboré", date=TUESDAY)
        [row] = desk.take(path).rows
        assert (row.outcome, row.reasons[0].why) == (ACCEPTED, Why.REPLACES)

    def test_a_readable_canvas_replaces_one_that_is_not(self, desk: Desk) -> None:
        home = put(desk.cohort.submitted / "awa/but-1", {"reponses/1.1.json": b"{", "timestamp.txt": b"2030-01-01 UTC"})
        put(desk.mail, {"Awa Kaboré 1.1.json": canvas("1.1", "Lisible", MONDAY)})
        desk.take()
        assert desk.texts("awa") == "Lisible"
        assert home.is_dir()


class TestTheTwoTests:
    """Results of the test that travel with a hand-in are kept in the trainee's folder."""

    BEFORE, AFTER = "resultats/test-avant.json", "resultats/test-apres.json"

    def test_the_newest_counts_and_one_that_is_missing_takes_none_away(self, desk: Desk) -> None:
        old, new = sitting("test-avant", 3), sitting("test-avant", 4)
        desk.handin("a.zip", "Awa Kaboré", date=TUESDAY, tests={"test-avant.json": new})
        desk.take()
        desk.handin("b.zip", "Awa Kaboré", date=MONDAY, tests={"test-avant.json": old})
        desk.take()
        assert desk.files("awa")[self.BEFORE] == new
        after = sitting("test-apres", 9)
        desk.handin("c.zip", "Awa Kaboré", date=TUESDAY + timedelta(hours=1), tests={"test-apres.json": after})
        desk.take()
        assert (desk.files("awa")[self.BEFORE], desk.files("awa")[self.AFTER]) == (new, after)
        before = desk.tree()
        desk.take(now=NOW + timedelta(days=1))
        assert desk.tree() == before

    def test_they_come_unpacked_or_flat_too_and_a_hostile_one_stops_nobody(self, desk: Desk) -> None:
        good, bad = sitting("test-apres", 9), b'{"format": "quiz/1", "quiz": "test-avant", "questions": []}'
        whole = unpacked(handin(desk.tmp / "c", Team("", ("Awa Kaboré",)), tests={"test-apres.json": good}))
        document = json.loads(whole["remise.json"])
        document["files"][self.BEFORE] = {"sha256": hashlib.sha256(bad).hexdigest(), "size": len(bad)}
        hostile = {**whole, self.BEFORE: bad, "remise.json": json.dumps(document).encode()}
        flat = {f"Paul Kéïta/{name.rpartition('/')[2]}": raw for name, raw in unpacked(
            handin(desk.tmp / "c", Team("", ("Paul Kéïta",)), tests={"test-apres.json": good})).items()}  # fmt: skip
        put(desk.mail, {**{f"Awa Kaboré/{name}": raw for name, raw in hostile.items()}, **flat})
        reception = desk.take()
        assert {row.student: row.outcome for row in reception.rows} == {"awa": ACCEPTED, "paul": ACCEPTED}
        assert f"{self.BEFORE} n’est pas repris : " in reasons(reception)
        for student in ("awa", "paul"):
            kept = desk.files(student)
            assert kept[self.AFTER] == good
            assert self.BEFORE not in kept


class TestNothingIsDestroyed:
    def test_a_folder_that_came_otherwise_is_kept_whole(self, desk: Desk) -> None:
        put(desk.cohort.submitted / "awa/but-1", {"reponses/1.1.json": answers(text="À la main"), "notes/a.txt": b"x",
                                                  "timestamp.txt": b"2026-11-01 10:00:00 UTC"})  # fmt: skip
        desk.handin("a.zip", "Awa Kaboré")
        desk.take()
        assert desk.texts("awa") == "Former les agents"
        kept = [unpacked(path.read_bytes()) for path in desk.cohort.folder.glob("recus/*.zip")]
        assert any(files.get("notes/a.txt") == b"x" for files in kept)

    def test_a_folder_that_was_edited_by_hand_is_kept_too(self, desk: Desk) -> None:
        desk.handin("a.zip", "Awa Kaboré")
        desk.take()
        put(desk.cohort.submitted / "awa/but-1", {"reponses/1.1.json": answers(text="Corrigé à la main")})
        desk.handin("b.zip", "Awa Kaboré", date=TUESDAY)
        desk.take()
        kept = [unpacked(path.read_bytes()) for path in desk.cohort.folder.glob("recus/*.zip")]
        assert any("Corrigé à la main" in files["reponses/1.1.json"].decode() for files in kept)

    def test_the_register_says_what_each_original_is(self, desk: Desk) -> None:
        desk.handin("a.zip", "Awa Kaboré", "Paul Kéïta")
        desk.take()
        [path] = desk.cohort.folder.glob("recus/*.zip")
        register = (desk.cohort.folder / "recus/registre.csv").read_text(encoding="utf-8-sig")
        assert path.name in register
        assert "awa | paul" in register

    def test_a_register_that_was_edited_keeps_its_lines_and_what_was_taken(self, desk: Desk) -> None:
        """Excel words dates its own way, and people write into the column of reasons."""
        desk.handin("a.zip", "Awa Kaboré")
        desk.handin("b.zip", "Awa Kaboré", date=TUESDAY)
        desk.take()
        again = reasons(desk.take())
        assert "déjà reçue : une version plus avancée" in again
        path = desk.cohort.folder / "recus/registre.csv"
        with path.open(encoding="utf-8-sig", newline="") as stream:
            head, *rows = csv.reader(stream, delimiter=";")
        edited = [[*row[:2], "30/11/2026 09:00", *row[3:7], "vu avec elle", *row[8:]] for row in rows]
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream, delimiter=";").writerows([head, *edited, ["", "", "hier", "note de Paul"]])
        assert reasons(desk.take()) == again
        desk.handin("c.zip", "Paul Kéïta")
        desk.take()
        register = path.read_text(encoding="utf-8-sig")
        assert len(register.splitlines()) == 5
        assert register.count("30/11/2026 09:00") == 2
        assert "hier;note de Paul" in register


class TestProven:
    """What came through the exchange is its account's; a zip is anybody's."""

    @pytest.fixture
    def proven(self, desk: Desk) -> Desk:
        put(desk.cohort.submitted / "awa/but-1", {"reponses/1.1.json": canvas("1.1", "Par l’échange", MONDAY),
            "timestamp.txt": b"2026-11-23 10:00:00.000000 UTC", SECRET: b"0" * 32})  # fmt: skip
        return desk

    def test_a_later_zip_waits_for_the_instructor(self, proven: Desk) -> None:
        proven.handin("a.zip", "Awa Kaboré", date=TUESDAY, text="Par un zip")
        before = proven.files("awa")
        assert "remise par l’échange, dont le compte est vérifié" in reasons(proven.take())
        assert proven.files("awa") == before

    @pytest.mark.parametrize(("answer", "text"), [(YES, "Par un zip"), (ASIDE, "Par l’échange")])
    def test_who_is_asked_once(self, proven: Desk, answer: str, text: str) -> None:
        proven.handin("a.zip", "Awa Kaboré", date=TUESDAY, text="Par un zip")
        proven.take(ask=Instructor(answer))
        assert proven.texts("awa") == text
        assert proven.take(ask=Instructor()).count(UNMATCHED) == 0
        assert proven.texts("awa") == text

    def test_what_comes_through_the_exchange_takes_no_canvas_away_unasked(self, desk: Desk) -> None:
        pytest.importorskip("pwd", reason="nbgrader's exchange does not exist on Windows")
        desk.handin("a.zip", "Awa Kaboré")
        desk.take()
        inbound = desk.tmp / "échange" / COURSE_ID / "inbound"
        drop(inbound, "awa", "2026-11-24 10:00:00 UTC", {"reponses/1.1.json": canvas("1.1", "Seul", TUESDAY)})
        assert desk.take(inbound).count(UNMATCHED) == 1
        assert (desk.texts("awa"), desk.texts("awa", "1.2")) == ("Former les agents", "Former les agents")
        desk.take(inbound, ask=Instructor(YES))
        assert (desk.texts("awa"), SECRET in desk.files("awa")) == ("Seul", True)
        assert desk.take(inbound, ask=Instructor()).count(UNMATCHED) == 0

    LATER = (
        ("an autre classeur", {"document": "autre"}, ("Awa Kaboré", "Paul Kéïta"), "un autre classeur"),
        ("a changé de son côté", {"revision": 7}, ("Awa Kaboré", "Paul Kéïta"), "a changé de son côté"),
        ("moins de membres", {"revision": 8}, ("Awa Kaboré",), "Paul Kéïta n’y figure plus"),
    )

    @every("later", LATER)
    def test_what_comes_through_the_exchange_replaces_nothing_that_a_zip_would_not(
        self, tmp_path: Path, later: tuple[str, dict[str, str | int], tuple[str, ...], str]
    ) -> None:
        """Neither what came through the exchange before, nor an older zip."""
        pytest.importorskip("pwd", reason="nbgrader's exchange does not exist on Windows")
        name, said, members, reason = later
        both = Team("", ("Awa Kaboré", "Paul Kéïta"))
        for by_zip in (True, False):
            desk = Desk(tmp_path / f"{name}{by_zip}")
            inbound = desk.tmp / "échange" / COURSE_ID / "inbound"
            home = {"reponses/1.1.json": canvas("1.1", "Le premier", MONDAY, revision=7)}
            if by_zip:
                desk.handin("a.zip", *both.members, text="Le premier", objectives=("1.1",), revision=7)
                desk.take()
            else:
                drop(inbound, "awa", "2026-11-23 10:00:00 UTC", {**home, team.FILE: team.written(both)})
                desk.take(inbound)
            second = {"document": "Awa Kaboré1.1", "revision": 9, **said}
            raw = answers("1.1", "Le second", TUESDAY.strftime(STAMP), **second)
            names = team.written(Team("", members))
            drop(inbound, "awa", "2026-11-24 10:00:00 UTC", {"reponses/1.1.json": raw, team.FILE: names})
            rows = [row for row in desk.take(inbound).rows if row.student == "awa"]
            assert [row.outcome for row in rows] == [UNMATCHED], (by_zip, rows)
            assert reason in spaced(rows[0].reason), by_zip
            assert desk.texts("awa") == "Le premier"
            desk.take(inbound, ask=lambda _: YES)
            assert (desk.texts("awa"), SECRET in desk.files("awa")) == ("Le second", True)
            assert desk.take(inbound, ask=Instructor()).count(UNMATCHED) == 0

    def test_an_earlier_zip_is_superseded(self, proven: Desk) -> None:
        proven.handin("a.zip", "Awa Kaboré", date=MONDAY - timedelta(days=1))
        assert proven.take().count(SUPERSEDED) == 1

    def test_a_canvas_alone_waits_too(self, proven: Desk) -> None:
        put(proven.mail, {"Awa Kaboré 1.1.json": canvas("1.1", "Plus tard", TUESDAY)})
        assert proven.take().count(UNMATCHED) == 1
        assert proven.texts("awa") == "Par l’échange"


def test_a_team_that_is_told_otherwise_is_that_of_the_manifest(desk: Desk) -> None:
    desk.handin("a.zip", "Awa Kaboré", group="Groupe 3")
    desk.take()
    assert desk.team("awa") == Team("Groupe 3", ("Awa Kaboré",))
