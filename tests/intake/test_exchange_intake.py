"""nbgrader's exchange and an inbound folder: the latest drop of each account, proven to be hers, is taken in."""

from __future__ import annotations

import csv
import errno
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from mail import (
    ACCEPTED,
    MONDAY,
    NOW,
    REFUSED,
    SUPERSEDED,
    TUESDAY,
    UNMATCHED,
    Desk,
    Instructor,
    answers,
    put,
    reasons,
    spaced,
    unpacked,
)

from course.core.team import Team
from course.instructor.cohort.places import COURSE_ID
from course.instructor.grading.collect import Drop
from course.instructor.intake.submission import SECRET

pwd = pytest.importorskip("pwd", reason="nbgrader's exchange does not exist on Windows")

REPOSITORY = Path(__file__).resolve().parents[2]
STAMP = "%Y-%m-%d %H:%M:%S.%f UTC"


@pytest.fixture
def exchange(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A class with an exchange, and a way to hand in there as `nbgrader submit` does."""
    root = desk.tmp / "échange"
    desk.inbound = root / COURSE_ID / "inbound"
    desk.inbound.mkdir(parents=True)
    shutil.copy(REPOSITORY / "nbgrader_config.py", desk.cohort.root)
    monkeypatch.setenv("COURSE_EXCHANGE", str(root))
    return desk


def drop(inbound: Path, account: str, date: datetime, text: str, files: dict[str, bytes] | None = None) -> Path:
    stamp = date.strftime(STAMP)
    content = files or {"reponses/1.1.json": answers(text=text), "but-1.ipynb": b"{}"}
    content = {**content, "timestamp.txt": stamp.encode(), SECRET: b"0123456789abcdef" * 8}
    return put(inbound / f"{account}+but-1+{stamp}+{text[:3]}", content)


class TestExchange:
    @pytest.mark.parametrize("source", ["exchange", "échange", "inbound", "course", "root"])
    def test_however_it_is_named_the_latest_drop_of_each_is_taken(self, exchange: Desk, source: str) -> None:
        drop(exchange.inbound, "awa", MONDAY, "Ancien")
        drop(exchange.inbound, "awa", TUESDAY, "Nouveau")
        drop(exchange.inbound, "paul", MONDAY, "De Paul")
        places = {"inbound": exchange.inbound, "course": exchange.inbound.parent, "root": exchange.inbound.parents[1]}
        reception = exchange.take(places.get(source, source))
        assert (exchange.texts("awa"), exchange.texts("paul")) == ("Nouveau", "De Paul")
        assert exchange.files("awa")[SECRET] == b"0123456789abcdef" * 8
        assert exchange.date("awa") == "2026-11-24 10:00:00 UTC"
        assert exchange.team("awa") == Team("", ("Awa Kaboré",))
        assert [reception.count(outcome) for outcome in (ACCEPTED, SUPERSEDED)] == [2, 1]
        before = exchange.tree()
        again = exchange.take(places.get(source, source))
        assert exchange.tree() == before
        assert reasons(again).count("déjà reçue") == 2

    def test_what_is_no_drop_is_told(self, exchange: Desk) -> None:
        drop(exchange.inbound, "awa", MONDAY, "Mien")
        (exchange.inbound / "hasard").mkdir()
        (exchange.inbound / "paul+but-1+jeudi+x").mkdir()
        (exchange.inbound / f"li+but-1+{MONDAY.strftime(STAMP)}+x").symlink_to(exchange.inbound / "hasard")
        said = reasons(exchange.take(exchange.inbound))
        assert all(words in said for words in ("nom de remise", "la date n’est pas une date", "pas un dossier"))
        assert exchange.students == {"awa"}

    def test_a_date_of_its_own_that_is_not_the_drop_s_is_told_as_such(self, exchange: Desk) -> None:
        made = drop(exchange.inbound, "awa", MONDAY, "Mien")
        (made / "timestamp.txt").write_bytes(b"9999-12-31 23:59:59 UTC")
        exchange.take(exchange.inbound)
        with (exchange.cohort.reports / "reception.csv").open(encoding="utf-8-sig", newline="") as stream:
            (row,) = csv.DictReader(stream, delimiter=";")
        assert row["résultat"] == "acceptée"
        assert (
            spaced(row["raison"]) == "timestamp.txt ne s’accorde pas avec la remise ; la date de la remise est gardée"
        )
        assert exchange.date("awa") == "2026-11-23 10:00:00 UTC"

    def test_a_drop_that_cannot_be_copied_stops_no_other(self, exchange: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("awa", "paul"):
            drop(exchange.inbound, name, MONDAY, "Mien")
        copy = Drop.copy

        def full(self: Drop, *args: object) -> list[str]:
            if self.path.name.startswith("awa"):
                raise OSError(errno.ENOSPC, "No space left on device")
            return copy(self, *args)

        monkeypatch.setattr(Drop, "copy", full)
        rows = {row.outcome: row.reason for row in exchange.take(exchange.inbound).rows}
        assert "Elle ne se laisse pas recueillir : le disque est plein." in spaced(rows[REFUSED])
        assert exchange.students == {"paul"}

    def test_a_fault_of_the_program_is_loud(self, exchange: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        drop(exchange.inbound, "awa", MONDAY, "Mien")

        def fault(*_: object) -> list[str]:
            raise ZeroDivisionError

        monkeypatch.setattr(Drop, "copy", fault)
        with pytest.raises(ZeroDivisionError):
            exchange.take(exchange.inbound)

    def test_an_account_that_is_not_on_the_list_waits(self, exchange: Desk) -> None:
        drop(exchange.inbound, "inconnu", MONDAY, "Texte")
        assert "« inconnu » n’est pas dans stagiaires.csv" in reasons(exchange.take(exchange.inbound))
        assert not exchange.students

    def test_a_group_s_drop_goes_to_those_it_names_with_its_owner(self, exchange: Desk) -> None:
        raw = exchange.handin("g.zip", "Awa Kaboré", "Paul Kéïta", group="Groupe 3").read_bytes()
        drop(exchange.inbound, "awa", TUESDAY, "Gro", unpacked(raw))
        exchange.take(exchange.inbound)
        assert exchange.students == {"awa", "paul"}
        assert SECRET in exchange.files("awa")
        assert SECRET not in exchange.files("paul")
        assert exchange.take(exchange.mail / "g.zip").rows[0].reason == "déjà reçue"

    def test_a_drop_that_names_only_others_is_its_account_s(self, exchange: Desk) -> None:
        raw = exchange.handin("g.zip", "Awa Kaboré").read_bytes()
        drop(exchange.inbound, "paul", TUESDAY, "Faux", unpacked(raw))
        assert "nomme Awa Kaboré sans nommer son propre compte" in reasons(exchange.take(exchange.inbound))
        assert exchange.students == {"paul"}

    @pytest.mark.parametrize("members", [("A. Sow",), ("A. Sow", "Paul Kéïta"), ("Awa Sow", "A. Sow")])
    def test_a_name_that_may_be_its_account_s_is_asked_about(self, exchange: Desk, members: tuple[str, ...]) -> None:
        with exchange.cohort.roster.open("a", encoding="utf-8") as stream:
            stream.write("sow1;Awa;Sow;;\nsow2;Ali;Sow;;\n")
        raw = exchange.handin("g.zip", *members).read_bytes()
        drop(exchange.inbound, "sow1", TUESDAY, "Gro", unpacked(raw))
        rows = exchange.take(exchange.inbound).rows
        assert [row.name for row in rows if row.outcome is UNMATCHED] == ["A. Sow"]
        others = {"paul"} if "Paul Kéïta" in members else set()
        assert exchange.students == {"sow1"} | others
        instructor = Instructor("sow2")
        exchange.take(exchange.inbound, ask=instructor)
        assert len(instructor.asked) == 1
        assert exchange.students == {"sow1", "sow2"} | others
        assert SECRET not in exchange.files("sow2")

    def test_without_a_list_a_name_that_may_be_its_account_s_makes_no_second_trainee(self, exchange: Desk) -> None:
        exchange.cohort.roster.unlink()
        raw = exchange.handin("g.zip", "Awa Kaboré", "Paul Kéïta").read_bytes()
        drop(exchange.inbound, "awa", TUESDAY, "Gro", unpacked(raw))
        exchange.take(exchange.inbound)
        assert exchange.students == {"awa", "Paul-Keita"}

    def test_a_zip_that_came_first_and_is_newer_waits_for_the_instructor(self, exchange: Desk) -> None:
        exchange.handin("a.zip", "Awa Kaboré", date=TUESDAY, text="Par un zip")
        exchange.take()
        drop(exchange.inbound, "awa", MONDAY, "Par l’échange")
        assert exchange.take(exchange.inbound).count(UNMATCHED) == 1
        assert exchange.texts("awa") == "Par un zip"

    def test_a_drop_of_the_far_future_does_not_win_for_ever(self, exchange: Desk) -> None:
        drop(exchange.inbound, "awa", datetime(2097, 1, 1, tzinfo=NOW.tzinfo), "Futur")
        assert "après sa réception" in reasons(exchange.take(exchange.inbound))
        assert exchange.date("awa") == "2026-11-30 08:00:00 UTC"

    def test_no_inbound_folder_is_said(self, exchange: Desk) -> None:
        shutil.rmtree(exchange.inbound)
        assert "n’existe pas" in reasons(exchange.take("exchange"))


# Real accounts -------------------------------------------------------------------------------------------------------

WITHOUT_ROOT = (
    "accounts of the system can only be made by root: run « sudo -E pytest tests/intake/test_exchange_intake.py » "
    "(COURSE_REQUIRE_ACCOUNTS=1 makes this a failure)"
)


@pytest.fixture(scope="module")
def accounts() -> Iterator[dict[str, int]]:
    """Real accounts: two trainees and who collects; made by `useradd`, and removed."""
    if os.geteuid() != 0 or not shutil.which("useradd"):
        if os.environ.get("COURSE_REQUIRE_ACCOUNTS") == "1":
            pytest.fail(WITHOUT_ROOT)
        pytest.skip(WITHOUT_ROOT)
    made: dict[str, int] = {}
    try:
        for name in ("awa", "mal", "prof"):
            account = f"spc{os.getpid()}{name}"
            subprocess.run(["useradd", "--no-create-home", "--shell", "/usr/sbin/nologin", account], check=True)
            made[account] = pwd.getpwnam(account).pw_uid
        yield made
    finally:
        for account in made:
            subprocess.run(["userdel", account], check=True)


@pytest.fixture
def ground() -> Iterator[Path]:
    """A folder that every account can reach: pytest's own are for one account."""
    place = Path(tempfile.mkdtemp(prefix="spc-comptes-"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


def as_account(number: int, act: Callable[[], object]) -> object:
    """What something gives when it is done, for real, by an account of the system."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(number)
            os.setuid(number)
            os.environ["HOME"] = "/nonexistent"
            os.write(writer, json.dumps(act()).encode())
            os._exit(0)
        finally:
            os._exit(1)
    os.close(writer)
    with os.fdopen(reader) as stream:
        said = stream.read()
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0, said
    return json.loads(said)


class TestRealAccounts:
    @pytest.fixture
    def shared(self, accounts: dict[str, int], ground: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
        """An exchange as nbgrader makes one, on a system with accounts; the class belongs to who collects."""
        awa, mallory, prof = accounts
        desk = Desk(ground, f"identifiant;prénom;nom\n{awa};Awa;Kaboré\n{mallory};Mallory;Sawadogo\n")
        shutil.copy(REPOSITORY / "nbgrader_config.py", desk.cohort.root)
        desk.awa, desk.mallory, desk.prof = awa, mallory, prof
        desk.inbound = ground / "echange" / COURSE_ID / "inbound"
        desk.inbound.mkdir(parents=True)
        desk.inbound.chmod(0o1777)
        for path in (desk.cohort.root, *desk.cohort.root.rglob("*")):
            os.chown(path, accounts[prof], -1)
        monkeypatch.setenv("COURSE_EXCHANGE", str(ground / "echange"))

        return desk

    def hand_in(self, desk: Desk, numbers: dict[str, int], by: str, name: str, date: datetime, text: str) -> Path:
        def act() -> str:
            os.umask(0)
            return str(drop(desk.inbound, name, date, text))

        return Path(str(as_account(numbers[by], act)))

    def collect(self, desk: Desk, numbers: dict[str, int]) -> str:
        def act() -> str:
            return reasons(desk.take("exchange"))

        return str(as_account(numbers[desk.prof], act))

    def test_a_later_drop_in_her_name_by_another_account_never_replaces_hers(
        self, shared: Desk, accounts: dict[str, int]
    ) -> None:
        mine = self.hand_in(shared, accounts, shared.awa, shared.awa, MONDAY, "Le vrai texte")
        assert mine.stat().st_uid == accounts[shared.awa]
        self.hand_in(shared, accounts, shared.mallory, shared.awa, TUESDAY, "Usurpé")
        said = self.collect(shared, accounts)
        assert f"appartient au compte « {shared.mallory} », pas à « {shared.awa} »" in said
        assert shared.texts(shared.awa) == "Le vrai texte"
        assert shared.students == {shared.awa}
        before = shared.tree()
        assert "déjà reçue" in self.collect(shared, accounts)
        assert shared.tree() == before

    def test_a_file_that_another_account_put_into_hers_makes_the_drop_before_it_count(
        self, shared: Desk, accounts: dict[str, int]
    ) -> None:
        self.hand_in(shared, accounts, shared.awa, shared.awa, MONDAY, "Le premier")
        second = self.hand_in(shared, accounts, shared.awa, shared.awa, TUESDAY, "Le second")

        def swap() -> None:
            os.umask(0)
            path = second / "reponses" / "1.1.json"
            path.unlink()
            path.write_bytes(answers(text="Échangé"))

        as_account(accounts[shared.mallory], swap)
        assert (second / "reponses" / "1.1.json").stat().st_uid == accounts[shared.mallory]
        assert "« reponses/1.1.json » appartient au compte" in self.collect(shared, accounts)
        assert shared.texts(shared.awa) == "Le premier"

    def test_each_account_s_own_drops_are_taken_and_a_zip_in_her_name_waits(
        self, shared: Desk, accounts: dict[str, int]
    ) -> None:
        for name in (shared.awa, shared.mallory):
            self.hand_in(shared, accounts, name, name, MONDAY, f"De {name}")
        self.collect(shared, accounts)
        assert shared.students == {shared.awa, shared.mallory}
        path = shared.handin("faux.zip", "Awa Kaboré", date=TUESDAY + timedelta(days=1), text="Faux")
        reception = shared.take(path)
        assert reception.count(UNMATCHED) == 1
        assert shared.texts(shared.awa) == f"De {shared.awa}"

    def test_who_collects_may_hand_in_for_somebody(self, shared: Desk, accounts: dict[str, int]) -> None:
        self.hand_in(shared, accounts, shared.prof, shared.awa, MONDAY, "Pour Awa")
        self.collect(shared, accounts)
        assert shared.texts(shared.awa) == "Pour Awa"
