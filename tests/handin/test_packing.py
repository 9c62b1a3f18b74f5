"""What « Remettre » makes: one zip with everything in it, a name that any disk takes, and a receipt."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from promotion import sitting, text_of
from work import DATE, GOAL, WHO, answers, fill, packed, workbook, write

from course.core import syllabus
from course.core.answers import parse
from course.core.handin import open_handin
from course.core.handin.manifest import stem_of
from course.core.handin.package import incomplete, standings
from course.core.handin.receipt import deliver, receipt_html
from course.core.handin.resumption import bring, resume_tests
from course.core.names import safe
from course.core.refusal import NotWritten
from course.core.team import Team
from course.workbook.handin.widget import HandinWidget


def kept(root: Path, identifier: str, right: int) -> bytes:
    """One sitting of the test on the disk of a workbook; the bytes of its file."""
    path = root / "modules/resultats" / f"{identifier}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(sitting(identifier, right))
    return path.read_bytes()


class TestName:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("Groupe 3", "Groupe-3"),
            ("Équipe d’Awa", "Equipe-d-Awa"),
            ("Les Sœurs : Ouédraogo / Ñ", "Les-Soeurs-Ouedraogo-N"),
            ("Ɓirama Ŋ", "Birama-N"),
            ("../../etc", "etc"),
            ("C:\\CON", "C-CON"),
            ("=HYPERLINK()", "HYPERLINK"),
            ("", "sans-nom"),
            ("x" * 300, "x" * 60),
        ],
    )
    def test_is_made_of_letters_that_every_disk_takes(self, text: str, name: str) -> None:
        assert safe(text) == name

    @given(st.text(max_size=120))
    def test_is_safe_whatever_the_group_is_called(self, text: str) -> None:
        assert re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?", safe(text))
        assert len(safe(text)) <= 60

    def test_two_names_without_a_latin_letter_stay_apart(self) -> None:
        assert safe("فريق") != safe("مجموعة")

    def test_is_the_group_s_or_the_first_member_s(self) -> None:
        assert stem_of(WHO, GOAL) == "Equipe-d-Awa_but-1"
        assert stem_of(Team("", ("Paul K.", "Awa T.")), GOAL) == "Paul-K_but-1"
        assert stem_of(Team(), GOAL) == "sans-nom_but-1"


class TestTheTwoTests:
    """What a trainee knew before the course and after it travels with each hand-in."""

    def test_travel_with_the_hand_in_and_are_read_back(self, tmp_path: Path) -> None:
        folder = workbook(tmp_path)
        before, after = kept(tmp_path, "test-avant", 4), kept(tmp_path, "test-apres", 9)
        (tmp_path / "modules/resultats/02-concepts.json").write_bytes(before)  # a lesson's quiz stays where it is
        handin = open_handin(packed(folder).raw)
        assert handin.tests == {"resultats/test-avant.json": before, "resultats/test-apres.json": after}
        assert not handin.unread
        assert set(handin.manifest.files) == {"equipe.json", "but-1.ipynb", *handin.tests}

    @pytest.mark.parametrize("raw", [b"{", b'{"format": "quiz/1", "quiz": "02-concepts"}', b"[" * 40, b" " * 70_000])
    def test_one_that_cannot_be_read_is_left_out_with_a_sentence(self, tmp_path: Path, raw: bytes) -> None:
        folder = workbook(tmp_path)
        after = kept(tmp_path, "test-apres", 9)
        (tmp_path / "modules/resultats/test-avant.json").write_bytes(raw)
        package = packed(folder)
        assert open_handin(package.raw).tests == {"resultats/test-apres.json": after}
        (notice,) = package.notices
        assert text_of(notice).startswith("Le fichier « resultats/test-avant.json » n’est pas joint (")

    def test_are_taken_up_where_there_are_none_and_replace_none(self, tmp_path: Path) -> None:
        folder = workbook(tmp_path / "un")
        before, after = (kept(tmp_path / "un", identifier, 4) for identifier in ("test-avant", "test-apres"))
        brought = bring(packed(folder).raw)
        (tmp_path / "deux/modules").mkdir(parents=True)
        own = kept(tmp_path / "deux", "test-avant", 2)
        (line,) = resume_tests(brought.tests, tmp_path / "deux")
        assert text_of(line) == "Test final : vos réponses sont reprises."
        stored = tmp_path / "deux/modules/resultats"
        assert (stored / "test-avant.json").read_bytes() == own != before
        assert (stored / "test-apres.json").read_bytes() == after
        assert resume_tests(brought.tests, tmp_path / "deux") == ()

    def test_the_button_takes_them_up_too(self, tmp_path: Path) -> None:
        folder = workbook(tmp_path / "un")
        kept(tmp_path / "un", "test-avant", 4)
        raw = packed(folder).raw
        card, answered = HandinWidget(GOAL, workbook(tmp_path / "deux")), []
        (tmp_path / "deux/modules").mkdir()
        card.send = lambda content, *_: answered.append(content)
        card._hear(None, {"kind": "resume", "ask": 1, "name": "a.zip", "sure": False}, [raw])
        assert "Test de départ : vos réponses sont reprises." in map(text_of, answered[0]["lines"])

    def test_where_they_cannot_be_taken_up_that_is_said(self, tmp_path: Path) -> None:
        brought = {f"resultats/{name}.json": sitting(name, 4) for name in ("test-avant", "test-apres")}
        lines = resume_tests(brought, tmp_path)
        assert [text_of(line).partition(" non")[0] for line in lines] == ["Test de départ :", "Test final :"]
        (tmp_path / "modules/resultats").mkdir(parents=True)
        (tmp_path / "modules/resultats/test-apres.json").write_bytes(b"{")
        first, second = resume_tests(brought, tmp_path)
        assert text_of(first) == "Test de départ : vos réponses sont reprises."
        assert text_of(second).startswith("Test final : non repris. ")
        assert (tmp_path / "modules/resultats/test-apres.json").read_bytes() == b"{"

    @pytest.mark.skipif(not hasattr(os, "symlink"), reason="this system makes no links")
    def test_a_link_is_not_followed(self, tmp_path: Path) -> None:
        folder = workbook(tmp_path)
        secret = kept(tmp_path / "ailleurs", "test-avant", 4)
        (tmp_path / "modules/resultats").mkdir(parents=True)
        (tmp_path / "modules/resultats/test-avant.json").symlink_to(
            tmp_path / "ailleurs/modules/resultats/test-avant.json"
        )
        assert secret not in open_handin(packed(folder).raw).tests.values()


class TestArchive:
    def test_holds_answers_notebook_members_date_version_and_hashes(self, tmp_path: Path) -> None:
        folder = workbook(tmp_path)
        fill(folder, "1.2")
        write(folder, "1.1.a", "Former les agents", "Réunir dix agents")
        with zipfile.ZipFile(io.BytesIO(packed(folder).raw)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        assert list(files) == [
            "remise.json",
            "equipe.json",
            "reponses/1.1.json",
            "reponses/1.2.json",
            "but-1.ipynb",
        ]
        said = json.loads(files.pop("remise.json"))
        assert said["format"] == "remise/1"
        assert (said["goal"], said["group"], said["members"]) == ("1", WHO.group, list(WHO.members))
        assert (said["date"], said["course"]) == ("2026-11-22T10:05:00Z", "0.1.0")
        assert said["completeness"] == {
            "1.1": {"treated": 1, "total": 4},
            "1.2": {"treated": 3, "total": 3},
            "1.3": {"treated": 0, "total": 4},
        }
        assert said["files"] == {
            name: {"sha256": hashlib.sha256(raw).hexdigest(), "size": len(raw)} for name, raw in files.items()
        }
        assert files["but-1.ipynb"] == (folder / "but-1.ipynb").read_bytes()
        assert parse(files["reponses/1.2.json"], syllabus.load().objective("1.2")) == answers(folder)

    def test_the_same_work_gives_the_same_bytes(self, tmp_path: Path) -> None:
        folder = workbook(tmp_path)
        fill(folder)
        assert packed(folder).raw == packed(folder).raw

    def test_a_clock_set_back_to_1970_stops_nobody(self, tmp_path: Path) -> None:
        from course.core.handin import pack  # noqa: PLC0415

        date = DATE.replace(year=1970)
        made = pack(workbook(tmp_path), GOAL, WHO, "0.1.0", date)
        assert open_handin(made.raw).manifest.date == date

    def test_what_cannot_be_read_is_left_out_and_said(self, tmp_path: Path) -> None:
        folder = workbook(tmp_path)
        fill(folder)
        (folder / "reponses/1.1.json").write_text("{")
        (folder / "but-1.ipynb").unlink()
        made = packed(folder)
        assert len(made.notices) == 2
        assert "canevas 1.1" in made.notices[0]
        assert "reponses/1.1.json" in made.notices[0]
        assert "but-1.ipynb" in made.notices[1]
        assert list(open_handin(made.raw).answers) == ["1.2"]

    @pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
    def test_a_link_is_not_followed(self, tmp_path: Path) -> None:
        folder = workbook(tmp_path / "a")
        other = workbook(tmp_path / "b")
        fill(other)
        (folder / "reponses").symlink_to(other / "reponses")
        assert not open_handin(packed(folder).raw).answers


class TestStanding:
    def test_is_said_in_words(self, tmp_path: Path) -> None:
        folder = workbook(tmp_path)
        write(folder, "1.1.a", "Former les agents", "Réunir dix agents")
        (folder / "reponses/1.3.json").write_text("{")
        found = standings(folder, GOAL)
        assert [each.words for each in found[:2]] == ["1 option sur 4 traitée", "rien d’écrit"]
        assert found[2].words.startswith("réponses illisibles")
        assert incomplete(found) == "3 canevas sur 3 ne sont pas complets."

    def test_one_or_none_incomplete(self, tmp_path: Path) -> None:
        folder = workbook(tmp_path)
        fill(folder, "1.1")
        fill(folder, "1.2")
        assert incomplete(standings(folder, GOAL)) == "1 canevas sur 3 n’est pas complet."
        fill(folder, "1.3")
        assert incomplete(standings(folder, GOAL)) == ""


class TestDelivery:
    def test_the_archive_and_its_receipt_are_in_the_workbook(self, tmp_path: Path) -> None:
        made = packed(workbook(tmp_path))
        delivered = deliver(tmp_path, made)
        assert delivered.archive == tmp_path / "remises/Equipe-d-Awa_but-1.zip"
        assert delivered.archive.read_bytes() == made.raw
        assert delivered.receipt.read_text(encoding="utf-8") == receipt_html(made)

    def test_what_was_handed_in_before_is_kept_with_its_receipt(self, tmp_path: Path) -> None:
        folder = workbook(tmp_path)
        first = packed(folder)
        deliver(tmp_path, first)
        fill(folder)
        second = packed(folder)
        deliver(tmp_path, second)
        kept = {path.name: path.read_bytes() for path in (tmp_path / "remises/precedentes").iterdir()}
        stem = f"Equipe-d-Awa_but-1.{first.sha256[:12]}"
        assert kept == {f"{stem}.zip": first.raw, f"{stem}.recu.html": receipt_html(first).encode()}
        assert (tmp_path / "remises" / second.name).read_bytes() == second.raw

    def test_a_full_disk_leaves_what_was_there(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        folder = workbook(tmp_path)
        first = packed(folder)
        deliver(tmp_path, first)
        fill(folder)

        def full(_: int) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(NotWritten, match="disque est plein"):
            deliver(tmp_path, packed(folder))
        assert (tmp_path / "remises" / first.name).read_bytes() == first.raw
