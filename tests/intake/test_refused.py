"""What is not taken: kept, tied to whom its envelope or its manifest names, and said with what to answer."""

from __future__ import annotations

import csv
import io
import json
import zipfile
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from every import every
from mail import ACCEPTED, NOW, REFUSED, Desk, answers, handin, put, spaced, unpacked, zipped

from course.core import team
from course.core.team import Team
from course.instructor.classview.command import count
from course.instructor.classview.summary import Section, summary
from course.instructor.intake import sources
from course.instructor.intake.kinds import kind_of
from course.instructor.intake.reasons import Why
from course.instructor.intake.store import unreadable

CLASS = "identifiant;prénom;nom;groupe\nawa;Awa;Diallo;Baobabs\nissa;Issa;Traoré;Baobabs\nzoe;Zoé;Sow;\n"
TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml"
ContentType="application/xml"/><Override PartName="/{part}" ContentType="application/{kind}.main+xml"/></Types>"""
WORD = "vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A picture of one grey point, as a camera writes it.
JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300" + "10" * 64 + "ffc0000b080001000101011100"
    "ffc40014000100000000000000000000000000000009ffc40014100100000000000000000000000000000000ffda0008010100003f0054dfffd9"
)


def word(text: str) -> bytes:
    body = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
    return zipped({
        "[Content_Types].xml": TYPES.format(part="word/document.xml", kind=WORD).encode(),
        "_rels/.rels": b"<Relationships/>",
        "word/document.xml": f"{body}<w:t>{text}</w:t></w:r></w:p></w:body></w:document>".encode(),
    })  # fmt: skip


def excel() -> bytes:
    return zipped({
        "[Content_Types].xml": TYPES.format(part="xl/workbook.xml", kind=EXCEL).encode(),
        "_rels/.rels": b"<Relationships/>",
        "xl/workbook.xml": b"<workbook/>",
        "xl/worksheets/sheet1.xml": b"<worksheet/>",
    })  # fmt: skip


def locked(files: dict[str, bytes], password: bytes) -> bytes:
    """A zip with the password of the format's own encryption, which any program opens that knows it."""
    # The register's step for one byte, from the sums that zlib gives, which begin and end with all bits set.
    table = [zlib.crc32(bytes([number ^ 0xFF])) ^ 0xFF000000 for number in range(256)]

    def crc(value: int, byte: int) -> int:
        return (value >> 8) ^ table[(value ^ byte) & 0xFF]

    def encrypted(raw: bytes, check: int) -> bytes:
        keys = [0x12345678, 0x23456789, 0x34567890]

        def update(byte: int) -> None:
            keys[0] = crc(keys[0], byte)
            keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
            keys[2] = crc(keys[2], keys[1] >> 24)

        for byte in password:
            update(byte)
        secret = bytearray()
        for byte in (*bytes(11), check, *raw):
            mask = keys[2] | 2
            secret.append(byte ^ (((mask * (mask ^ 1)) >> 8) & 0xFF))
            update(byte)
        return bytes(secret)

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, raw in files.items():
            archive.writestr(name, encrypted(raw, zlib.crc32(raw) >> 24))
    sealed = bytearray(stream.getvalue())
    with zipfile.ZipFile(stream) as archive:
        infos = archive.infolist()
    at = sealed.index(b"PK\x01\x02")
    for info in infos:
        sums = zlib.crc32(files[info.filename]).to_bytes(4, "little")
        sizes = info.file_size.to_bytes(4, "little") + (info.file_size - 12).to_bytes(4, "little")
        for flags, start in ((info.header_offset + 6, info.header_offset + 14), (at + 8, at + 16)):
            sealed[flags] |= 1
            sealed[start : start + 12] = sums + sizes
        at = sealed.index(b"PK", at + 4)
    with zipfile.ZipFile(io.BytesIO(sealed)) as archive:  # a real one
        assert {name: archive.read(name, password) for name in archive.namelist()} == files
    return bytes(sealed)


@pytest.fixture
def group(tmp_path: Path) -> Desk:
    return Desk(tmp_path, CLASS)


def register(desk: Desk) -> dict[str, dict[str, str]]:
    raw = (desk.cohort.folder / "recus/registre.csv").read_text(encoding="utf-8-sig")
    return {row["fichier"].rpartition(" › ")[2]: row for row in csv.DictReader(io.StringIO(raw), delimiter=";")}


def baobabs(desk: Desk) -> dict[str, bytes]:
    return unpacked(handin(desk.tmp / "c", Team("Les géants", ("Awa Diallo", "Issa Traoré"))))


class TestKept:
    REAL = (
        ("devoir.docx", word("Former les agents"), Why.WORD_FILE, "coller son texte"),
        ("tableau.xlsx", excel(), Why.EXCEL_FILE, "coller ses lignes"),
        ("IMG_0042.jpg", JPEG, Why.PICTURE, "écrire son texte"),
        ("devoir.zip", locked({"remise.json": b"{}", "reponses/1.1.json": b"{}"}, b"secret"), Why.PASSWORD,
         "sans mot de passe"),
    )  # fmt: skip
    JUNK = (
        ("photo.jpg", b"pas une photo", Why.PICTURE, "écrire son texte"),
        ("devoir2.docx", b"n'importe quoi", Why.WORD_FILE, "coller son texte"),
        ("rien.zip", b"", Why.EMPTY_FILE, "envoyer de nouveau"),
        ("rien2.zip", zipped({}), Why.EMPTY_ARCHIVE, "envoyer de nouveau"),
        ("abîmé.zip", b"PK\x03\x04", Why.UNREADABLE, "envoyer de nouveau"),
        ("équipe.json", team.written(Team("", ("Awa",))), Why.TEAM_FILE, "pas de réponses à y prendre"),
        ("quiz.json", b'{"format": "quiz/1"}', Why.RESULTS_FILE, "rien n’est à recueillir"),
        ("plan.pages", zipped({"Index/Document.iwa": b"x", "preview.jpg": JPEG}), Why.OFFICE_FILE, "coller son texte"),
    )

    @every("where", ("", "Awa Diallo", "envois/lundi"))
    def test_each_refused_file_is_kept_as_it_came_and_says_what_to_answer(self, tmp_path: Path, where: str) -> None:
        desk = Desk(tmp_path / (where or "x").replace("/", "-"), CLASS)
        sent = (*self.REAL, *self.JUNK)
        put(desk.mail / where, {name: raw for name, raw, _, _ in sent})
        rows = {row.file.rpartition(" › ")[2]: row for row in desk.take().rows}
        lines = register(desk)
        for name, raw, why, answer in sent:
            assert rows[name].reasons[0].why is why, name
            assert answer in lines[name]["raison et suite à donner"].replace("\xa0", " "), name
            assert (desk.cohort.folder / "recus" / lines[name]["original"]).read_bytes() == raw, name
            assert lines[name]["identifiants"] == ("awa" if where == "Awa Diallo" else ""), name
        before = desk.tree()
        desk.take(now=NOW + timedelta(days=3))
        assert desk.tree() == before

    def test_the_same_empty_file_of_two_is_two_lines(self, group: Desk) -> None:
        put(group.mail, {"Awa Diallo/a.zip": b"", "Zoé Sow/b.zip": b""})
        group.take()
        assert {name: line["identifiants"] for name, line in register(group).items()} == {
            "a.zip": "awa",
            "b.zip": "zoe",
        }

    def test_what_is_not_kept_says_so(self, group: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sources, "MAX_KEPT", 2 * 1024**2)
        monkeypatch.setattr(sources, "MAX_ALL_KEPT", 3 * 1024**2)
        put(group.mail, {"a.jpg": JPEG + bytes(1024**2), "b.jpg": JPEG + bytes(3 * 1024**2),
                         "c.jpg": JPEG + b"c" * 2_000_000,
                         "d.jpg": JPEG + b"d" * 1_500_000, "z.txt": b"z"})  # fmt: skip
        (group.mail / "lien.jpg").symlink_to(group.mail / "a.jpg")
        group.take()
        lines = register(group)
        assert {name: bool(line["original"]) for name, line in lines.items()} == {
            "a.jpg": True, "b.jpg": False, "c.jpg": True, "d.jpg": False, "lien.jpg": False, "z.txt": True}  # fmt: skip
        for name, reason in (("b.jpg", "il dépasse 2 Mio"), ("d.jpg", "3 Mio de fichiers"), ("lien.jpg", "pas gardé")):
            assert reason in lines[name]["raison et suite à donner"], name

    def test_the_ending_of_an_original_is_that_of_a_file(self, group: Desk) -> None:
        put(group.mail, {"x.\u202egpj": b"1", "y.a b": b"2", "z.JPG": b"3"})
        group.take()
        names = [path.name for path in (group.cohort.folder / "recus").iterdir() if path.suffix != ".csv"]
        assert sorted(len(name) - 64 for name in names) == [0, 0, 4]

    def test_a_file_that_an_archive_hides_leaves_the_archive(self, group: Desk) -> None:
        raw = zipped({"Awa Diallo/1.1.json": answers(), "../x.json": b"{}"})
        put(group.mail, {"x.zip": raw})
        group.take()
        [line] = [line for line in register(group).values() if line["état"] == "refusé"]
        assert (group.cohort.folder / "recus" / line["original"]).read_bytes() == raw


class TestKind:
    def test_case_renamed_endings(self, desk: Desk) -> None:
        """Case `renamed-endings`: what a file is is told by its content; its ending decides nothing."""
        raw = handin(desk.tmp / "c", Team("", ("Awa Kaboré",)))
        for number, name in enumerate(("DOC-20261130-WA0003.bin", "x.zi_", "x", "x.zip.txt", "x.pdf", "x.docx")):
            box = Desk(desk.tmp / str(number))
            put(box.mail, {name: raw, "Paul Kéïta/1.1.json.txt": answers(), "Moussa N’Guessan/canevas": answers()})
            assert box.take().count(ACCEPTED) == 3, name
            assert box.students == {"awa", "paul", "moussa"}

    def test_an_unpacked_hand_in_whose_files_were_renamed_is_whole(self, desk: Desk) -> None:
        files = unpacked(handin(desk.tmp / "c", Team("", ("Awa Kaboré",))))
        put(desk.mail, {f"x/{name}.txt" if name.endswith(".json") else f"x/{name}": raw for name, raw in files.items()})
        assert desk.take().count(ACCEPTED) == 1

    KINDS = (
        ("photo.bin", b"\xff\xd8\xff\xe0\0\x10JFIF", Why.PICTURE),
        ("IMG_1.heic", b"\0\0\0\x18ftypheic", Why.PICTURE),
        ("x.zip", b"", Why.EMPTY_FILE),
        ("x.zip", b"pas un zip", Why.DAMAGED),
        ("x.zip", b"Rar!\x1a\x07", Why.OTHER_ARCHIVE),
        ("note.opus", b"OggS\0", Why.RECORDING),
        ("film", b"\0\0\0\x18ftypmp42", Why.RECORDING),
        ("x", b"%PDF-1.7", Why.PDF),
        ("vieux.doc", b"\xd0\xcf\x11\xe0", Why.WORD_FILE),
        ("secret.docx", b"\xd0\xcf\x11\xe0", Why.OFFICE_FILE),
        ("x.txt", b"<!DOCTYPE html>", Why.WEB_PAGE),
        ("x.recu.html", b"<html>", Why.RECEIPT),
        ("x.txt", b"Bonjour", Why.NEITHER),
    )

    def test_a_file_s_kind_is_told_by_its_first_bytes(self) -> None:
        assert [(name, raw) for name, raw, why in self.KINDS if kind_of(raw, name) is not why] == []

    def test_received_but_unreadable_is_not_nothing_handed_in(self, desk: Desk) -> None:
        put(desk.mail, {"Awa Kaboré/photo.jpg": b"\xff\xd8\xff"})
        desk.take()
        lines = [spaced(line) for line in summary(count(desk.cohort))[Section.HANDINS].lines]
        assert "Rien remis : Paul Kéïta, Moussa N’Guessan, 明 李" in lines
        assert "Reçu, illisible (voir cohort/recus/registre.csv) : Awa Kaboré" in lines


class TestSender:
    def broken(self, desk: Desk, kind: str) -> dict[str, bytes]:
        """A hand-in of two, of which something is wrong."""
        files = baobabs(desk)
        if kind == "without its team":
            del files["equipe.json"]
        elif kind == "a canvas is gone":
            del files["reponses/1.1.json"]
        elif kind == "a canvas was changed":
            files["reponses/1.1.json"] += b" "
        elif kind == "its manifest is of a later format":
            files["remise.json"] = files["remise.json"].replace(b"remise/1", b"remise/9")
        elif kind == "its manifest is no JSON":
            files["remise.json"] = files["remise.json"][:-5]
        elif kind == "it names others twice":
            files["equipe.json"] = team.written(Team("", ("Awa Diallo",)))
        elif kind == "it leads out":
            files["../x.json"] = b"{}"
        return files

    KINDS = ("without its team", "a canvas is gone", "a canvas was changed", "its manifest is of a later format",
             "its manifest is no JSON", "it names others twice", "it leads out")  # fmt: skip

    @every("kind", KINDS)
    def test_a_refused_hand_in_is_tied_to_those_whom_it_names(self, tmp_path: Path, kind: str) -> None:
        for number, packed in enumerate((True, False)):
            if kind == "it leads out" and not packed:
                continue
            desk = Desk(tmp_path / f"{self.KINDS.index(kind)}{number}", CLASS)
            files = self.broken(desk, kind)
            put(desk.mail, {"sansnom.zip": zipped(files)} if packed else {f"sansnom/{n}": r for n, r in files.items()})
            rows = [row for row in desk.take().rows if row.outcome is REFUSED]
            assert {row.student for row in rows} == {"awa", "issa"}, (kind, packed)
            assert unreadable(desk.cohort) == {"awa", "issa"}

    def test_who_is_in_no_list_is_said_by_name(self, group: Desk) -> None:
        files = unpacked(handin(group.tmp / "c", Team("", ("Une Inconnue",))))
        del files["equipe.json"]
        put(group.mail, {"sansnom.zip": zipped(files)})
        [row] = group.take().rows
        assert (row.student, row.name) == ("", "Une Inconnue")

    def test_a_group_without_members_is_its_trainees_of_the_list(self, group: Desk) -> None:
        files = unpacked(handin(group.tmp / "c", Team("Baobabs", ())))
        files["reponses/1.1.json"] += b" "
        put(group.mail, {"sansnom.zip": zipped(files)})
        assert {row.student for row in group.take().rows} == {"awa", "issa"}

    @every("path", ("Zoé Sow_7_assignsubmission_file_/x.zip", "Zoé Sow/x.zip", "Zoé-Sow_but-1.zip"))
    def test_a_path_that_contradicts_it_is_believed_alone(self, tmp_path: Path, path: str) -> None:
        desk = Desk(tmp_path / str(len(path)), CLASS)
        put(desk.mail, {path: zipped(self.broken(desk, "without its team"))})
        assert {row.student for row in desk.take().rows} == {"zoe"}

    def test_a_path_that_names_one_of_them_takes_none_away(self, group: Desk) -> None:
        put(group.mail, {"Issa Traoré_7_assignsubmission_file_/x.zip": zipped(self.broken(group, "without its team"))})
        assert {row.student for row in group.take().rows} == {"awa", "issa"}

    ENDINGS = (".jpg", ".JPEG", ".docx", ".doc", ".odt", ".xlsx", ".ods", ".pdf", ".pptx", ".heic", ".mp4", ".opus",
               ".rar", ".7z", ".eml", ".htm", ".zip", ".zip.crdownload", " (1).png", "")  # fmt: skip

    def test_a_file_of_any_kind_that_is_called_after_somebody_is_hers(self, group: Desk) -> None:
        put(group.mail, {f"Awa-Diallo_but-1{ending}": b"\x00" + ending.encode() for ending in self.ENDINGS})
        rows = group.take().rows
        assert len(rows) == len(self.ENDINGS)
        assert [row.file for row in rows if row.student != "awa"] == []

    def test_two_names_in_a_file_s_name_are_two_and_a_group_s_is_its_trainees(self, group: Desk) -> None:
        put(
            group.mail, {"Awa Diallo et Zoé Sow.jpg": JPEG, "Awa Diallo, Personne.png": b"x", "Baobabs_but-2.pdf": b"x"}
        )
        rows = group.take().rows
        assert {(row.file[-3:], row.student) for row in rows} == {
            ("jpg", "awa"), ("jpg", "zoe"), ("png", ""), ("pdf", "awa"), ("pdf", "issa")}  # fmt: skip

    def test_a_photo_in_a_workbook_is_its_team_s(self, group: Desk) -> None:
        put(group.mail / "classeur", {"equipe.json": team.written(Team("", ("Awa Diallo", "Issa Traoré"))),
                                      "reponses/1.1.json": answers(), "photo.jpg": JPEG,
                                      "reponses/1.2.json": answers("1.2")[:-9]})  # fmt: skip
        reception = group.take()
        assert reception.count(ACCEPTED) == 1
        refused = {(row.file.rpartition(" › ")[2], row.student) for row in reception.rows if row.outcome is REFUSED}
        assert refused == {(name, who) for name in ("photo.jpg", "1.2.json") for who in ("awa", "issa")}

    def test_a_manifest_of_any_content_ties_nobody_wrongly(self, group: Desk) -> None:
        files = baobabs(group)
        for number, members in enumerate((None, "Awa Diallo", [["Awa Diallo"]], ["Awa Diallo"] * 99, {}, [1], [""])):
            page = json.loads(files["remise.json"]) | {"members": members, "group": ""}
            broken = {**files, "remise.json": json.dumps(page).encode()}
            del broken["equipe.json"]
            put(group.mail, {f"{number}.zip": zipped(broken)})
        assert {row.student for row in group.take().rows} == {""}
