"""Attestations: the gradebook's rule alone makes one, the class's key alone signs one, a changed letter fails."""

from __future__ import annotations

import os
import re
import stat
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from giveback_class import AWA, LI, PAUL, ZOE
from promotion import review, text_of

from course.commands import main
from course.core import attestation, syllabus
from course.core.attestation import Attestation, Kind, Line, seal_of
from course.core.refusal import Refusal, Unreadable
from course.instructor.cohort import key
from course.instructor.cohort.places import Cohort
from course.instructor.giveback.attestations import attestations
from course.instructor.giveback.command import feedback
from course.instructor.giveback.verification import verify
from course.instructor.keeping.commands import archive, forget, restore

FULL = (2, 2, 2, 2, 2, 2)
NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def passing(cohort: Cohort) -> Cohort:
    """Awa and Paul have passed goal 1; Zoé and 李娜 have not."""
    review(cohort, (AWA.id, PAUL.id), "1.2", FULL)
    return cohort


def page_of(cohort: Cohort, student: str, kind: str = "reussite"):
    return cohort.feedback / student / f"attestation-{kind}.html"


def made(cohort: Cohort, **values) -> None:
    attestations(cohort.root, **{"participation": False, "hours": "", "session": "", **values})


def test_who_passed_each_canvas_of_a_goal_has_one_and_nobody_else(cohort, capsys):
    with pytest.raises(Refusal, match="Personne n’a encore réussi"):
        made(cohort)
    assert not list(cohort.folder.glob("cle-*")), "no key for nothing"
    review(cohort, (AWA.id, PAUL.id), "1.2", FULL)
    made(cohort, hours="24,5", session="Kaya <2026>")
    assert {path.parent.name for path in cohort.feedback.glob("*/attestation-*.html")} == {AWA.id, PAUL.id}
    output = text_of(capsys.readouterr().out)
    assert "Sans but réussi, et sans attestation : " in output
    assert ZOE.name in output
    text = page_of(cohort, AWA.id).read_text()
    for words in (
        "Attestation de réussite",
        "Awa Ouédraogo",
        "Groupe &lt;3&gt;",
        "24,5\u00a0h",
        "Kaya &lt;2026&gt;",
        "au moins 7 sur 14",
        "ni un diplôme ni un titre",
        "Cachet",
        *(objective.title for objective in syllabus.load().goal("1").objectives),
    ):
        assert words in text
    assert "Paul" not in text
    assert "But 2" not in text, "a goal that is not passed"


def test_it_keeps_its_date_until_it_says_something_else_and_goes_when_the_mark_does(passing, capsys):
    made(passing)
    page = page_of(passing, AWA.id)
    first = page.read_bytes()
    made(passing)
    assert page.read_bytes() == first
    made(passing, hours="30")
    assert page.read_bytes() != first
    review(passing, (AWA.id,), "1.3", (0, 0, 0, 0, 0, 0))
    capsys.readouterr()
    made(passing)
    assert not page.exists()
    assert "n’a plus de but réussi : 1 attestation" in text_of(capsys.readouterr().out)
    with zipfile.ZipFile(passing.reports / "attestations-reussite.zip") as bundle:
        assert bundle.namelist() == ["Paul-Kabore_attestation-reussite.html"]


def test_participation_says_what_was_handed_in_and_no_mark(passing):
    made(passing, participation=True)
    assert {path.parent.name for path in passing.feedback.glob("*/attestation-*.html")} == {
        AWA.id, PAUL.id, ZOE.id, LI.id,
    }  # fmt: skip
    text = page_of(passing, ZOE.id, "participation").read_text()
    assert "N’Guessan &lt;i&gt;" in text
    assert "sur\u00a020" not in text
    assert "traitées" in text


def test_the_key_is_made_once_is_its_owner_s_and_leaves_the_class_in_archives_only(passing):
    made(passing)
    feedback([], passing.root, models=False, release=False)
    place = passing.folder / "cle-privee.json"
    before = place.read_bytes()
    if os.name == "posix":
        assert stat.S_IMODE(place.stat().st_mode) == 0o600
    made(passing, hours="20")
    assert place.read_bytes() == before
    (secret,) = set(re.findall(rb"[0-9a-f]{64}", before))
    for path in passing.folder.rglob("*"):
        if path.is_file() and path != place:
            assert secret not in path.read_bytes()
            if path.suffix == ".zip":
                with zipfile.ZipFile(path) as bundle:
                    assert not [name for name in bundle.namelist() if "cle" in name]
    archive(passing.root, None)
    (archived,) = passing.archives.glob("*.zip")
    with zipfile.ZipFile(archived) as bundle:
        assert bundle.read("cohort/cle-privee.json") == before


def test_a_restored_class_keeps_its_key_and_an_empty_one_takes_the_archive_s(passing):
    archive(passing.root, None)
    (without,) = passing.archives.glob("*.zip")
    made(passing)
    place = passing.folder / "cle-privee.json"
    own = place.read_bytes()
    restore(without, passing.root, sure=True)
    assert place.read_bytes() == own, "what it signed is verified still"
    (with_key,) = passing.archives.glob("*avant-restauration*.zip")
    place.unlink()
    restore(with_key, passing.root, sure=True)
    assert place.read_bytes() == own
    verify(page_of(passing, AWA.id), None, passing.root)


def test_who_is_forgotten_has_no_attestation_left_and_the_key_stays(passing):
    made(passing)
    own = (passing.folder / "cle-privee.json").read_bytes()
    forget(AWA.id, passing.root, sure=True)
    assert not page_of(passing, AWA.id).exists()
    assert not (passing.reports / "attestations-reussite.zip").exists()
    assert (passing.folder / "cle-privee.json").read_bytes() == own
    verify(page_of(passing, PAUL.id), None, passing.root)


def test_a_damaged_key_stops_the_command_and_no_other_takes_its_place(passing):
    made(passing)
    place = passing.folder / "cle-privee.json"
    place.write_bytes(place.read_bytes()[:40])
    with pytest.raises(Refusal, match="clé de la promotion, ne se lit pas"):
        made(passing)
    assert len(place.read_bytes()) == 40


def test_verify_tells_the_class_s_key_from_another_and_from_none(passing, tmp_path, monkeypatch, capsys):
    made(passing)
    page, public = page_of(passing, AWA.id), passing.reports / "cle-publique.txt"
    sent = tmp_path / "téléchargée.html"
    sent.write_bytes(b"\xef\xbb\xbf" + page.read_bytes().replace(b"\n", b"\r\n"))  # as mail may bring it
    assert main(["verify", str(sent), "--cle", str(public)]) == 0
    assert "Attestation de réussite de Awa Ouédraogo" in text_of(capsys.readouterr().out)
    other = Cohort(tmp_path / "autre")
    other.folder.mkdir(parents=True)
    (tmp_path / "autre.txt").write_text(key.public_text(key.ensure(other).public))
    assert main(["verify", str(sent), "--cle", str(tmp_path / "autre.txt")]) == 2
    assert "ne vient pas de cette promotion" in text_of(capsys.readouterr().err)
    monkeypatch.setattr("course.instructor.giveback.verification.course_root", lambda _: tmp_path)
    assert main(["verify", str(sent)]) == 2
    assert "rien ici ne dit de qui est cette clé" in text_of(capsys.readouterr().err)
    assert main(["verify", str(public)]) == 2
    assert "n’est pas une attestation de ce cours" in text_of(capsys.readouterr().err)


CONTENT = Attestation(Kind.SUCCESS, "Awa", NOW, lines=(Line(syllabus.load().objective("1.1"), "15\u00a0sur\u00a020"),))


def test_a_changed_letter_anywhere_fails(tmp_path):
    cohort = Cohort(tmp_path)
    cohort.folder.mkdir()
    own = key.ensure(cohort)
    for raw in (
        attestation.signed(CONTENT, own.public, own.sign),
        attestation.digested(replace(CONTENT, kind=Kind.PARTICIPATION)),
    ):
        good = seal_of(raw)
        assert not good.key or key.is_signed(good.key, good.message, good.signature)
        for place in range(len(raw)):
            changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
            try:
                seal = seal_of(changed)
            except Unreadable:
                continue
            assert seal.key, place
            assert not key.is_signed(seal.key, seal.message, seal.signature), place


def test_nobody_makes_the_second_kind_without_a_key():
    with pytest.raises(Unreadable, match="personne n’a signée"):
        seal_of(attestation.digested(CONTENT))
    twice = attestation.digested(replace(CONTENT, kind=Kind.PARTICIPATION)) * 2
    for raw in (b"", twice, b"x" * (attestation.MAX_BYTES + 1)):
        with pytest.raises(Unreadable):
            seal_of(raw)


@pytest.mark.browser
def test_the_longest_one_prints_on_one_page_of_a4(page):
    objectives = [one for goal in syllabus.load().goals for one in goal.objectives]
    content = Attestation(
        Kind.SUCCESS,
        "Marie-Madeleine " * 7,
        NOW,
        "Groupe des infirmières " * 5,
        0,
        "24,5\u00a0h",
        "M" * attestation.MAX_SESSION,
        tuple(f"But {goal.id}\u00a0: {goal.title}" for goal in syllabus.load().goals),
        tuple(Line(one, "20\u00a0sur\u00a020") for one in objectives),
    )
    page.set_content(attestation.signed(content, "0" * 64, lambda _: bytes(64)).decode())
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
