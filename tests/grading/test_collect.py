"""`nbgrader collect`: each trainee's own latest drop, plain files only, and no drop stops another."""

import os
import shutil
from dataclasses import replace
from types import SimpleNamespace

import pytest
from coursework import FULL, spaced
from nbgrader.exchange import ExchangeError

from course.instructor.grading import collect

pwd = pytest.importorskip("pwd", reason="nbgrader's exchange does not exist on Windows")

EARLY, LATE = "2026-11-20 10:00:00 UTC", "2026-11-21 10:00:00 UTC"


@pytest.fixture
def exchange(course):
    """A course with an inbound folder, and a way to drop into it what `submit` would."""
    course.inbound = course.cohort / "exchange" / "soins-centres-personnes" / "inbound"
    course.inbound.mkdir(parents=True)

    def drop(student, date=LATE, tail="+Xy9", **written):
        folder = course.inbound / f"{student}+but-1+{date}{tail}"
        shutil.move(course.hand_in("dépôt", date=date, **written), folder)
        return folder

    course.drop = drop
    course.collect = lambda **options: course.api.collect("but-1", **options)
    course.collected = lambda: {p.parent.name for p in course.submitted.glob("*/but-1") if p.is_dir()}
    return course


def test_everybody_is_collected_and_graded(exchange):
    for student in ("awa", "moussa"):
        exchange.drop(student)
    assert exchange.collect()["success"]
    assert exchange.collected() == {"awa", "moussa"}
    assert exchange.autograde()["success"]
    assert exchange.automatic("awa") == FULL
    assert not list(exchange.submitted.glob(".*"))


def test_the_latest_drop_counts_and_a_newer_one_replaces_it_only_when_asked(exchange):
    exchange.drop("awa", LATE, options=2)
    exchange.drop("awa", EARLY, options=1)
    assert exchange.collect()["success"]
    assert exchange.autograde()["success"]
    first = exchange.automatic("awa")
    exchange.drop("awa", "2026-11-22 10:00:00 UTC")
    assert "déjà recueilli" in exchange.collect(update=False)["log"]
    assert exchange.autograde()["success"]
    assert exchange.automatic("awa") == first
    assert exchange.collect(update=True)["success"]
    assert exchange.autograde()["success"]
    assert exchange.automatic("awa") == FULL


def test_before_the_due_date_when_asked(exchange):
    exchange.drop("awa", EARLY)
    exchange.drop("awa", LATE)
    with exchange.gradebook as gradebook:
        gradebook.update_or_create_assignment("but-1", duedate="2026-11-20 12:00:00 UTC")
    api = exchange.api
    api.coursedir.assignment_id = "but-1"
    collect = api.exchange.Collect(coursedir=api.coursedir, authenticator=api.authenticator, parent=api)
    collect.before_duedate = True
    collect.start()
    assert (exchange.submitted / "awa" / "but-1" / "timestamp.txt").read_text().strip() == EARLY


MALFORMED = (
    "hasard",
    "awa+but-1",
    "awa+but-1+jeudi+x",
    "+but-1+2026-11-21 10:00:00 UTC+x",
    "..+but-1+2026-11-21 10:00:00 UTC+x",
    "a+b+but-1+2026-11-21 10:00:00 UTC+x",
    "<img src=x>+but-1+2026-11-21 10:00:00 UTC+x",
    "*+but-1+2026-11-21 10:00:00 UTC+x",
    "awa\n+but-1+2026-11-21 10:00:00 UTC+x",
)


def test_a_malformed_name_is_told_and_stops_nobody(exchange):
    exchange.drop("awa", EARLY)
    for name in MALFORMED:
        path = exchange.inbound / name
        path.mkdir()
        result = exchange.collect()
        assert result["success"], (name, result)
        assert "Remise « " in spaced(result["log"]), name
        assert exchange.collected() == {"awa"}, name
        path.rmdir()
    assert not (exchange.cohort / "but-1").exists()


def test_drops_of_other_assignments_are_left_alone(exchange):
    exchange.drop("awa")
    (exchange.inbound / f"awa+but-2+{LATE}+x").mkdir()
    result = exchange.collect()
    assert "WARNING" not in result["log"]


HOSTILE = {
    "notebook": lambda folder: (folder / "but-1.ipynb").symlink_to("/etc/passwd"),
    "pipe": lambda folder: os.mkfifo(folder / "reponses" / "1.1.json"),
    "folder link": lambda folder: (folder / "reponses").symlink_to(folder.parent),
    "dangling": lambda folder: (folder / "reponses" / "1.1.json").symlink_to("nulle-part"),
    "date pipe": lambda folder: os.mkfifo(folder / "timestamp.txt"),
    "socketless": lambda folder: (folder / "timestamp.txt").mkdir(),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_not_a_plain_file_is_left_out_told_and_stops_nobody(exchange, kind):
    for student in ("awa", "zoé"):
        exchange.drop(student)
    folder = exchange.drop("mallory")
    target = {"notebook": "but-1.ipynb", "folder link": "reponses", "date pipe": "timestamp.txt",
              "socketless": "timestamp.txt"}.get(kind, "reponses/1.1.json")  # fmt: skip
    shutil.rmtree(folder / target) if (folder / target).is_dir() else (folder / target).unlink()
    HOSTILE[kind](folder)
    result = exchange.collect()
    assert result["success"], result
    assert exchange.collected() == {"awa", "mallory", "zoé"}
    assert target in result["log"]
    for path in (exchange.submitted / "mallory").rglob("*"):
        assert not path.is_symlink()
        assert path.is_dir() or path.is_file()
    assert (exchange.submitted / "mallory" / "but-1" / "timestamp.txt").read_text() == LATE
    assert exchange.autograde()["success"]
    assert exchange.automatic("zoé") == FULL


def test_a_drop_that_is_no_folder_is_refused(exchange):
    other = exchange.drop("awa")
    (exchange.inbound / f"mallory+but-1+{LATE}+x").symlink_to(other)
    (exchange.inbound / f"marie+but-1+{LATE}+x").write_text("")
    result = exchange.collect()
    assert result["success"], result
    assert result["log"].count("ce n’est pas un dossier") == 2
    assert exchange.collected() == {"awa"}


def test_sizes_and_counts_are_bounded_and_the_answers_come_first(exchange, monkeypatch):
    monkeypatch.setattr(collect, "MAX_ENTRIES", 50)
    monkeypatch.setattr(collect, "MAX_FILE_BYTES", 100_000)
    folder = exchange.drop("awa")
    with (folder / "film.mp4").open("wb") as stream:
        stream.truncate(3 << 30)
    (folder / "a").mkdir()
    for number in range(200):
        (folder / "a" / f"{number:03}.txt").write_text("x")
    result = exchange.collect()
    assert result["success"], result
    assert "plus de 50 fichiers" in result["log"]
    copied = [path for path in (exchange.submitted / "awa").rglob("*") if path.is_file()]
    assert len(copied) <= 50
    assert exchange.autograde()["success"]
    assert exchange.automatic("awa") == FULL


def test_a_file_that_is_too_big_is_left_out_alone(exchange):
    with (exchange.drop("awa") / "film.mp4").open("wb") as stream:
        stream.truncate(3 << 30)
    result = exchange.collect()
    assert "film.mp4 n’est pas repris" in result["log"]
    assert {p.name for p in (exchange.submitted / "awa" / "but-1").iterdir()} == {
        "but-1.ipynb", "reponses", "timestamp.txt", "submission_secret.txt"}  # fmt: skip


def test_deep_folders_are_cut(exchange):
    folder = exchange.drop("awa")
    folder.joinpath(*["d"] * 40).mkdir(parents=True)
    assert exchange.collect()["success"]
    assert exchange.collected() == {"awa"}


def test_the_date_of_the_drop_wins_over_the_one_inside(exchange):
    (exchange.drop("awa", EARLY) / "timestamp.txt").write_text("9999-01-01 00:00:00 UTC")
    assert "ne s’accorde pas" in exchange.collect()["log"]
    exchange.drop("awa", LATE)
    assert exchange.collect(update=True)["success"]
    assert (exchange.submitted / "awa" / "but-1" / "timestamp.txt").read_text().strip() == LATE


def test_a_folder_that_is_in_the_way_is_told_and_stops_nobody(exchange):
    for student in ("awa", "mallory"):
        exchange.drop(student)
    (exchange.submitted / "mallory").symlink_to("nulle-part")
    result = exchange.collect()
    assert result["success"], result
    assert exchange.collected() == {"awa"}
    assert "mallory" in result["log"]
    assert "n’est pas un dossier, déplacez-le" in result["log"]


@pytest.fixture
def accounts(monkeypatch):
    """Trainees with accounts of their own: all that the tests drop is awa's, and the collector is somebody else."""
    mine = os.getuid()
    numbers = {"awa": mine, "mallory": mine + 1, "formateur": mine + 2}

    def named(name):
        return SimpleNamespace(pw_uid=numbers[name])

    def numbered(number):
        return SimpleNamespace(pw_name={n: name for name, n in numbers.items()}[number])

    monkeypatch.setattr(collect, "pwd", SimpleNamespace(getpwnam=named, getpwuid=numbered))
    monkeypatch.setattr(collect.os, "getuid", lambda: numbers["formateur"])
    return numbers


@pytest.mark.usefixtures("accounts")
def test_a_drop_in_somebody_elses_name_never_replaces_hers(exchange):
    exchange.drop("awa", EARLY)
    exchange.drop("mallory", LATE)
    result = exchange.collect()
    assert result["success"], result
    assert exchange.collected() == {"awa"}
    assert "le dossier appartient au compte « awa », pas à « mallory »" in spaced(result["log"])


def test_a_file_of_somebody_else_in_her_folder_makes_the_drop_before_it_count(exchange, accounts, monkeypatch):
    exchange.drop("awa", EARLY)
    exchange.drop("awa", LATE)
    entries = collect.Drop.entries

    def swapped(self):
        for entry in entries(self):
            stranger = LATE in self.path.name and entry.path == ("reponses", "1.1.json")
            yield replace(entry, owner=accounts["mallory"]) if stranger else entry

    monkeypatch.setattr(collect.Drop, "entries", swapped)
    result = exchange.collect()
    assert result["success"], result
    assert "« reponses/1.1.json » appartient au compte « mallory »" in spaced(result["log"])
    assert (exchange.submitted / "awa" / "but-1" / "timestamp.txt").read_text().strip() == EARLY


@pytest.mark.usefixtures("accounts")
def test_the_check_can_be_switched_off_for_a_class_on_one_account(exchange):
    exchange.drop("mallory")
    api = exchange.api
    api.coursedir.assignment_id = "but-1"
    collect = api.exchange.Collect(coursedir=api.coursedir, authenticator=api.authenticator, parent=api)
    collect.check_owner = False
    collect.start()
    assert exchange.collected() == {"mallory"}


def test_who_collects_may_hand_in_for_somebody(exchange):
    exchange.drop("sans-compte")
    with pytest.raises(KeyError):
        pwd.getpwnam("sans-compte")
    assert exchange.collect()["success"]
    assert exchange.collected() == {"sans-compte"}


def test_no_inbound_folder_is_said_in_french(course):
    (course.cohort / "exchange").mkdir()
    result = course.api.collect("but-1")
    assert not result["success"]
    assert ExchangeError.__name__ in result["error"]
    assert "Le dossier des remises" in result["log"]
