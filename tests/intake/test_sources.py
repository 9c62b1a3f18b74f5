"""Every way in which trainees really send their work is read, and goes to them."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from pathlib import Path

import pytest
from mail import (
    ACCEPTED,
    NOW,
    REFUSED,
    TUESDAY,
    Desk,
    answers,
    handin,
    outcomes,
    put,
    reasons,
    spaced,
    unpacked,
    zipped,
)

from course.core import team
from course.core.handin import open_handin
from course.core.handin.resumption import bring
from course.core.team import Team

AWA = Team("", ("Awa Kaboré",))


@pytest.fixture
def raw(tmp_path: Path) -> bytes:
    return handin(tmp_path / "classeurs", AWA)


class TestHandins:
    def test_a_group_s_zip_goes_to_each_member_with_all_that_it_holds(self, desk: Desk) -> None:
        sent = desk.handin("Groupe-3_but-1.zip", "Awa Kaboré", "Paul Kéïta", group="Groupe 3").read_bytes()
        reception = desk.take()
        assert desk.students == {"awa", "paul"}
        files = unpacked(sent)
        for student in ("awa", "paul"):
            there = desk.files(student)
            assert {name: there[name] for name in files} == files
            assert there["timestamp.txt"] == b"2026-11-23 10:00:00 UTC"
            assert desk.team(student) == Team("Groupe 3", ("Awa Kaboré", "Paul Kéïta"))
        assert {row.student for row in reception.rows} == {"awa", "paul"}
        [original] = desk.cohort.folder.glob("recus/*.zip")
        assert original.read_bytes() == sent
        assert open_handin(original).sha256 == original.stem

    @pytest.mark.parametrize(
        "name", ["x (2).zip", "Copie de remise.zip", "remise", "1.zip", "Équipe d’Awa \u202e (1).ZIP", "x.zip.download"]
    )
    def test_a_name_that_a_browser_changed(self, desk: Desk, raw: bytes, name: str) -> None:
        put(desk.mail, {name: raw})
        assert desk.take(desk.mail / name).count(ACCEPTED) == 1
        assert desk.students == {"awa"}

    @pytest.mark.parametrize("packed", [True, False])
    def test_a_class_s_zip_from_moodle(self, desk: Desk, raw: bytes, packed: bool) -> None:
        files = {"Groupe-3_but-1.zip": raw} if packed else unpacked(raw)
        other = unpacked(handin(desk.tmp / "c", Team("", ("李 明",))))
        flat = {name.rpartition("/")[2]: content for name, content in other.items()}
        box = {f"Awa Kaboré_12345_assignsubmission_file_/{name}": each for name, each in files.items()}
        box |= {f"李 明_12346_assignsubmission_file_/{name}": each for name, each in flat.items()}
        box |= {"Paul Kéïta_12347_assignsubmission_onlinetext_/onlinetext.html": b"<p>Bonjour</p>"}
        put(desk.mail, {"SPC-But 1-998.zip": zipped(box)})
        reception = desk.take(desk.mail / "SPC-But 1-998.zip")
        assert desk.students == {"awa", "li"}
        assert (reception.count(ACCEPTED), reception.count(REFUSED)) == (2, 1)

    def test_moodle_s_zip_once_extracted_and_once_packed_again_in_another(self, desk: Desk, raw: bytes) -> None:
        moodle = zipped({"Awa Kaboré_1_assignsubmission_file_/x.zip": raw})
        assert desk.take(put(desk.mail, {"tout.zip": zipped({"lot/moodle.zip": moodle})})).count(ACCEPTED) == 1
        extracted = put(desk.tmp / "extrait", {"Awa Kaboré_1_assignsubmission_file_/x.zip": raw})
        assert "déjà reçue" in reasons(desk.take(extracted))

    def test_a_folder_of_attachments_with_what_else_is_in_it(self, desk: Desk, raw: bytes) -> None:
        put(desk.mail, {"a/b/c/x.zip": raw, "a/x.recu.html": b"<html>", "a/.DS_Store": b"x", "photo.jpg": b"x",
                        "rapport.docx": b"PK", "seul/but-1.ipynb": b"{}", "x.rar": b"Rar!", "vide.zip": zipped({}),
                        "__MACOSX/x": b""})  # fmt: skip
        reception = desk.take()
        assert outcomes(reception) == {
            "x.zip": ACCEPTED, "x.recu.html": REFUSED, "photo.jpg": REFUSED, "rapport.docx": REFUSED,
            "but-1.ipynb": REFUSED, "x.rar": REFUSED, "vide.zip": REFUSED}  # fmt: skip
        assert all(row.reason.endswith(".") for row in reception.rows if row.outcome is REFUSED)

    def test_bytes_before_a_zip_take_nothing_from_it(self, desk: Desk, raw: bytes) -> None:
        for before in (b"\r\n", b"\xef\xbb\xbf", bytes(40)):
            assert desk.take(put(desk.tmp / f"avant-{len(before)}", {"x.zip": before + raw})).count(REFUSED) == 0
        assert desk.students == {"awa"}
        assert desk.texts("awa") == "Former les agents"

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
    def test_answers_that_windows_saved_as_utf_16(self, desk: Desk, encoding: str) -> None:
        text = answers(text="Écouter les agents").decode()
        mark = "\ufeff" if encoding == "utf-16-be" else ""
        raw = (mark + text).encode(encoding)
        assert [content.decode() for content in bring(raw).answers.values()] == [text]
        put(desk.mail, {"Awa Kaboré/reponses/1.1.json": raw})
        assert desk.take().count(ACCEPTED) == 1
        assert desk.texts("awa") == "Écouter les agents"
        assert desk.files("awa")["reponses/1.1.json"].decode() == text

    def test_an_unpacked_hand_in_that_was_changed_is_refused_whole(self, desk: Desk, raw: bytes) -> None:
        put(desk.mail, {**unpacked(raw), "reponses/1.1.json": answers(text="Autre texte")})
        assert "a changé depuis la remise" in reasons(desk.take())
        assert not desk.students

    def test_an_unreadable_canvas_goes_with_the_rest_and_is_told(self, desk: Desk) -> None:
        path = desk.handin("x.zip", "Awa Kaboré")
        files = unpacked(path.read_bytes())
        said = json.loads(files["remise.json"])
        files["reponses/1.2.json"] = b"{"
        said["files"]["reponses/1.2.json"] = {"sha256": hashlib.sha256(b"{").hexdigest(), "size": 1}
        path.write_bytes(zipped({**files, "remise.json": json.dumps(said).encode()}))
        assert "canevas 1.2 illisible" in reasons(desk.take())
        assert desk.files("awa")["reponses/1.2.json"] == b"{"
        assert desk.texts("awa") == "Former les agents"


class TestAnswersAlone:
    @pytest.mark.parametrize(
        "name", ["Awa Kaboré/1.1.json", "Awa Kaboré 1.1.json", "canevas 1.1 - KABORE Awa (1).json", "awa/x/y.json"]
    )
    def test_a_canvas_with_a_name_on_its_path(self, desk: Desk, name: str) -> None:
        put(desk.mail, {name: answers(saved="2026-11-24T10:00:00Z")})
        assert desk.take().count(ACCEPTED) == 1
        assert desk.texts("awa") == "Former les agents"
        assert desk.date("awa") == "2026-11-24 10:00:00 UTC"
        assert desk.team("awa") == Team("", ("Awa Kaboré",))

    def test_a_canvas_that_the_page_saved_without_a_date_counts_from_its_reception(self, desk: Desk) -> None:
        put(desk.mail, {"Awa Kaboré 1.1.json": answers()})
        assert "sans date" in reasons(desk.take())
        assert desk.date("awa") == NOW.strftime("%Y-%m-%d %H:%M:%S UTC")
        before = desk.tree()
        desk.take(now=NOW.replace(month=12))
        assert desk.tree() == before

    def test_the_zip_of_a_session_that_forgets(self, desk: Desk) -> None:
        box = {f"exercises/but-{each[0]}/reponses/{each}.json": answers(each) for each in ("1.1", "1.2", "2.1")}
        assert bring(zipped(box)).answers
        put(desk.mail, {"Awa Kaboré/mes-reponses-2026-11-22.zip": zipped(box)})
        assert desk.take().count(ACCEPTED) == 3
        assert {"reponses/1.1.json", "reponses/1.2.json"} < desk.files("awa").keys()
        assert "reponses/2.1.json" in desk.files("awa", "but-2")

    def test_a_workbook_s_folder_with_its_team_and_notebook(self, desk: Desk) -> None:
        who = Team("Groupe 3", ("Awa Kaboré", "Paul Kéïta"))
        put(desk.mail, {"classeur/equipe.json": team.written(who), "classeur/exercises/but-1/but-1.ipynb": b'{"a": 1}',
                        "classeur/exercises/but-1/reponses/1.1.json": answers(saved="2026-11-24T10:00:00Z"),
                        "classeur/exercises/but-1/reponses/.1.1.json.bon": answers(),
                        "classeur/exercises/but-1/reponses/1.1-illisible-20261124-100000.json": b"{"})  # fmt: skip
        desk.take()
        assert desk.students == {"awa", "paul"}
        assert desk.files("paul")["but-1.ipynb"] == b'{"a": 1}'
        assert desk.team("paul") == who

    def test_a_blank_or_unreadable_canvas_is_told(self, desk: Desk) -> None:
        put(desk.mail, {"Awa Kaboré/1.1.json": answers(text=""), "Awa Kaboré/1.2.json": b'{"format": "canevas/1"}',
                        "Awa Kaboré/x.json": b"[]"})  # fmt: skip
        reception = desk.take()
        assert reception.count(REFUSED) == 3
        assert "rien n’est écrit" in reasons(reception)
        assert not desk.students

    def test_a_group_s_canvas_without_a_name_is_known_by_the_canvas_itself(self, desk: Desk) -> None:
        desk.handin("g.zip", "Awa Kaboré", "Paul Kéïta", group="Groupe 3", document="de-ce-classeur")
        desk.take()
        put(desk.mail, {"1.1.json": answers(text="Plus tard", saved="2026-11-25T00:00:00Z", document="de-ce-classeur")})
        desk.take()
        assert desk.texts("awa") == desk.texts("paul") == "Plus tard"


class TestReport:
    def test_every_file_ends_in_the_table(self, desk: Desk, raw: bytes) -> None:
        put(desk.mail, {"x.zip": raw, "=cmd()|x.txt": b"x", "inconnu.zip": handin(desk.tmp / "c", Team("", ("Zoé",)))})
        desk.take(desk.mail, desk.tmp / "nulle part")
        raw = (desk.cohort.reports / "reception.csv").read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines(), delimiter=";"))
        assert [row["résultat"] for row in rows] == ["refusée", "à attribuer", "acceptée", "refusée"]
        assert "n’est pas dans stagiaires.csv" in rows[1]["raison"]
        assert "n’existe pas" in rows[3]["raison"]
        assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())

    def test_again_nothing_changes(self, desk: Desk, raw: bytes) -> None:
        put(desk.mail, {"x.zip": raw, "y.zip": handin(desk.tmp / "c", AWA, TUESDAY, "Un texte plus récent"),
                        "Paul Kéïta/1.1.json": answers(), "z.zip": b"PK"})  # fmt: skip
        first = desk.take()
        before = desk.tree()
        second = desk.take(now=NOW.replace(month=12))
        assert desk.tree() == before
        assert outcomes(first) == outcomes(second)
        taken = [row for row in second.rows if row.outcome is not REFUSED]
        assert len(taken) == 3
        assert all(row.reason.startswith("déjà reçue") for row in taken)
        assert not list(desk.cohort.folder.glob(".*"))

    def test_a_folder_that_was_lost_is_made_again(self, desk: Desk, raw: bytes) -> None:
        put(desk.mail, {"x.zip": raw})
        desk.take()
        before = desk.tree()
        shutil.rmtree(desk.cohort.submitted)
        desk.take()
        assert desk.tree() == before

    def test_three_hundred_hand_ins_are_each_put_in_place(self, workshop: Desk) -> None:
        for number in range(300):
            workshop.handin(f"{number}.zip", f"Stagiaire {number} Ouédraogo", objectives=("1.1",))
        assert workshop.take().count(ACCEPTED) == 300
        assert len(workshop.students) == 300


def test_words_are_french(desk: Desk, raw: bytes) -> None:
    put(desk.mail, {"x.zip": raw, "y.txt": b""})
    assert spaced(desk.take().notices[-1]).startswith("Tableau complet :")
