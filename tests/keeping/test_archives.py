"""An archive: whole, proved, and given back to the byte and the row."""

import hashlib
import json
import os
import re
import shutil
import stat
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from class_states import AWA, files, rows
from promotion import text_of

from course.core.refusal import Refusal
from course.instructor.cohort import roster
from course.instructor.cohort.alone import alone
from course.instructor.cohort.gradebook import opened
from course.instructor.keeping import archives, dump
from course.instructor.keeping.commands import archive, forget, restore


def made(cohort, to=None):
    archive(cohort.root, to)
    return max((to or cohort.folder / "archives").glob("cohort-*.zip"), key=lambda path: path.stat().st_mtime_ns)


def spoil(cohort):
    """What happens to a class between an archive and a restoration."""
    roster.write(cohort, [])
    shutil.rmtree(cohort.submitted)
    (cohort.folder / "nouveau.txt").write_text("venu depuis")
    with opened(cohort, writing=True, even_lost=True) as connection:
        connection.exec_driver_sql("DELETE FROM grade")


def test_all_comes_back_to_the_byte_and_the_row(cohort):
    (cohort.folder / "vide" / "ici").mkdir(parents=True)
    odd = cohort.submitted / "zoé d’été" / "but-1" / "l’ été : «?» 李.txt"
    odd.write_bytes(bytes(range(256)) * 5000)
    odd.chmod(0o444)
    os.utime(odd, ns=(1_700_000_000_123_456_789,) * 2)
    before = files(cohort), rows(cohort)
    path = made(cohort)
    spoil(cohort)
    assert (files(cohort), rows(cohort)) != before
    restore(path, cohort.root, sure=True)
    assert (files(cohort), rows(cohort)) == before


def test_its_name_is_the_day_s_and_each_is_kept(cohort):
    names = {made(cohort).name, made(cohort).name}
    assert len(names) == 2
    for name in names:
        assert re.fullmatch(r"cohort-\d{4}-\d{2}-\d{2}-\d{4}(-\d+)?\.zip", name)
    assert not list((cohort.folder / "archives").glob(".*"))


def test_its_list_has_the_sha_256_of_every_file(cohort):
    path = made(cohort)
    with zipfile.ZipFile(path) as found:
        said = json.loads(found.read("MANIFEST.json"))["files"]
        assert said.keys() | {"MANIFEST.json"} == set(found.namelist())
        for name, sealed in said.items():
            assert hashlib.sha256(found.read(name)).hexdigest() == sealed["sha256"]
        assert "course restore" in found.read("LISEZ-MOI.txt").decode()


def test_archives_and_the_exchange_are_not_in_it_nor_undone(cohort):
    (cohort.folder / "exchange").mkdir()
    (cohort.folder / "exchange" / "x").write_text("aux stagiaires")
    first = made(cohort)
    second = made(cohort)
    with zipfile.ZipFile(second) as found:
        assert not [name for name in found.namelist() if "archives" in name or "exchange" in name]
    (cohort.folder / "exchange" / "y").write_text("venu depuis")
    restore(first, cohort.root, sure=True)
    assert (cohort.folder / "exchange" / "y").exists()
    assert first.exists()
    assert second.exists()


def test_a_link_is_told_and_not_followed(cohort, tmp_path, capsys):
    (tmp_path / "secret.txt").write_text("mot de passe")
    (cohort.submitted / "paul" / "lien.txt").symlink_to(tmp_path / "secret.txt")
    path = made(cohort)
    assert "Laissé de côté : « submitted/paul/lien.txt »" in text_of(capsys.readouterr().out)
    with zipfile.ZipFile(path) as found:
        assert not any(b"mot de passe" in found.read(name) for name in found.namelist())


def test_it_goes_where_one_says_and_a_missing_key_is_told(cohort, tmp_path):
    (tmp_path / "clé").mkdir()
    assert made(cohort, tmp_path / "clé").parent == tmp_path / "clé"
    with pytest.raises(Refusal, match="la clé est-elle branchée"):
        archive(cohort.root, tmp_path / "absente")


def test_the_class_of_before_is_kept_and_comes_back(cohort):
    path = made(cohort)
    spoil(cohort)
    spoilt = files(cohort), rows(cohort)
    restore(path, cohort.root, sure=True)
    (kept,) = (cohort.folder / "archives").glob("*-avant-restauration.zip")
    restore(kept, cohort.root, sure=True)
    assert (files(cohort), rows(cohort)) == spoilt


def test_over_a_damaged_gradebook_one_can_restore(cohort):
    before, path = rows(cohort), made(cohort)
    (cohort.folder / "gradebook.db").write_bytes(b"plus rien" * 1000)
    restore(path, cohort.root, sure=True)
    assert rows(cohort) == before
    (kept,) = (cohort.folder / "archives").glob("*-avant-restauration.zip")
    with zipfile.ZipFile(kept) as found:
        assert found.read("cohort/gradebook.db") == b"plus rien" * 1000


def test_while_a_correction_runs_nothing_is_done(cohort):
    path = made(cohort)
    with alone(cohort.folder):
        for act in (lambda: archive(cohort.root, None), lambda: restore(path, cohort.root, sure=True)):
            with pytest.raises(Refusal, match="correction est déjà en cours"):
                act()


def test_without_a_terminal_it_asks_for_the_word_that_says_one_is_sure(cohort):
    path = made(cohort)
    with pytest.raises(Refusal, match="--oui"):
        restore(path, cohort.root, sure=False)


def rewritten(path, change, *, resealed=True):
    """An archive with something changed in it, its list made to agree or not."""
    with zipfile.ZipFile(path) as found:
        entries = {name: found.read(name) for name in found.namelist()}
    links = change(entries) or ()
    if resealed:
        said = json.loads(entries["MANIFEST.json"])
        said["files"] = {
            name: {"sha256": hashlib.sha256(raw).hexdigest(), "size": len(raw), "mode": 420, "changed": 0}
            for name, raw in entries.items()
            if name != "MANIFEST.json"
        }
        entries["MANIFEST.json"] = json.dumps(said).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in entries.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = ((stat.S_IFLNK if name in links else stat.S_IFREG) | 0o644) << 16
            archive.writestr(info, raw)


LISTED = "cohort/stagiaires.csv"


def _link(entries):
    entries["cohort/lien"] = b"/etc/passwd"
    return ["cohort/lien"]


STUDENTS = "carnet/student.jsonl"


def _row(*cells):
    return json.dumps([*cells, "", "", ""]).encode() + b"\n"


def _listed(**changes):
    """A change of what the archive's list says of itself, or of the class's list of trainees (`changed`)."""

    def change(entries):
        document = json.loads(entries["MANIFEST.json"])
        if "changed" in changes:
            document["files"][LISTED]["changed"] = changes["changed"]
        else:
            document |= changes
        entries["MANIFEST.json"] = json.dumps(document).encode()

    return change


HANDED_IN = "carnet/submitted_assignment.jsonl"


def _extended(entries):
    """A number of microseconds that no duration has."""
    head, *lines = entries[HANDED_IN].splitlines()
    row = dict(zip(json.loads(head), json.loads(lines[0]), strict=True)) | {"extension": 10**30}
    entries[HANDED_IN] = b"\n".join([head, json.dumps([*row.values()]).encode(), *lines[1:], b""])


HOSTILE = {
    "a byte changed": (lambda e: e.update({LISTED: e[LISTED][:-1] + b"X"}), False),
    "a file taken out": (lambda e: e.pop(LISTED) and None, False),
    "a file added": (lambda e: e.update({"cohort/x": b""}), False),
    "a path that leads out": (lambda e: e.update({"cohort/../../x": b""}), True),
    "an absolute path": (lambda e: e.update({"/tmp/x": b""}), True),
    "an empty part": (lambda e: e.update({"cohort//x": b""}), True),
    "another room": (lambda e: e.update({"nbgrader_config.py": b""}), True),
    "a table that is none": (lambda e: e.update({"carnet/../x.jsonl": b""}), True),
    "the archives themselves": (lambda e: e.update({"cohort/archives/x.zip": b""}), True),
    "the exchange": (lambda e: e.update({"cohort/exchange/x": b""}), True),
    "a file that is a folder": (lambda e: e.update({f"{LISTED}/x": b""}), True),
    "a link": (_link, True),
    "a bomb": (lambda e: e.update({"cohort/bombe": bytes(80 * 1024**2)}), True),
    "no list": (lambda e: e.pop("MANIFEST.json") and None, False),
    "a list that is none": (lambda e: e.update({"MANIFEST.json": b"[]"}), False),
    "a gradebook of another course": (lambda e: e.update({"carnet/autre.jsonl": b'["id"]\n'}), True),
    "a gradebook with a line that is none": (lambda e: e.update({STUDENTS: e[STUDENTS] + b"{\n"}), True),
    "a gradebook with a cell too few": (lambda e: e.update({STUDENTS: e[STUDENTS] + b'["x"]\n'}), True),
    "a gradebook with a cell that is none": (lambda e: e.update({STUDENTS: e[STUDENTS] + _row({}, 1)}), True),
    "a gradebook with a person twice": (lambda e: e.update({STUDENTS: e[STUDENTS] + 2 * _row("x", "y")}), True),
    "a gradebook that is far too deep": (lambda e: e.update({STUDENTS: e[STUDENTS] + b"[" * 100_000}), True),
    "a list that is far too deep": (lambda e: e.update({"MANIFEST.json": b"[" * 100_000}), False),
    "a moment that no disk has": (_listed(changed=10**30), False),
    "a folder of half a character": (_listed(folders=["\ud800"]), False),
    "a date that no clock shows": (_listed(made="0001-01-01T00:00:00Z"), False),
    "a gradebook with a duration that is none": (_extended, True),
    "a gradebook with a number too large": (lambda e: e.update({STUDENTS: e[STUDENTS] + _row(10**30, "x")}), True),
}


def test_what_is_not_whole_or_not_honest_changes_nothing(cohort, tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "BOUNDS", replace(archives.BOUNDS, free=32 * 1024**2))
    path = made(cohort)
    before = files(cohort), rows(cohort)
    for number, (kind, (change, resealed)) in enumerate(HOSTILE.items()):
        hostile = Path(shutil.copy(path, tmp_path / f"{number}.zip"))
        rewritten(hostile, change, resealed=resealed)
        try:
            restore(hostile, cohort.root, sure=True)
        except Refusal:
            pass
        else:
            pytest.fail(f"{kind}: restored")
        assert (files(cohort), rows(cohort)) == before, kind
        assert not (cohort.folder / ".restauration").exists(), kind


def test_hidden_folders_are_neither_packed_nor_restored(cohort):
    """Case `hostile-archive`: the settings of a server, in an archive that proves itself."""
    (cohort.folder / ".cours").mkdir()
    (cohort.folder / ".cours" / "serveur.json").write_text('{"token": "vivant"}')
    path = made(cohort)
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if "/." in name]
    shutil.rmtree(cohort.folder / ".cours")
    before = set(files(cohort)), rows(cohort)
    planted = {
        f"cohort/{folder}/config/jupyter_server_config.py": b'open("EXECUTE", "w").close()\n'
        for folder in (".cours", "submitted/.ipython", "bilans/.jupyter")
    }
    rewritten(path, lambda entries: entries.update(planted))
    restore(path, cohort.root, sure=True)
    assert (set(files(cohort)), rows(cohort)) == before


def test_what_is_no_archive_is_told(cohort, tmp_path):
    for raw in (b"", b"PK\x05\x06" + bytes(18), b"n'importe quoi" * 100):
        (tmp_path / "x.zip").write_bytes(raw)
        with pytest.raises(Refusal, match="archive"):
            restore(tmp_path / "x.zip", cohort.root, sure=True)


def test_cut_anywhere_it_is_refused(cohort):
    path = made(cohort)
    raw = path.read_bytes()
    for part in (1, 2, 3):
        path.write_bytes(raw[: len(raw) * part // 4])
        with pytest.raises(Refusal):
            restore(path, cohort.root, sure=True)


def test_postgresql_and_sqlite_hold_the_same_rows_and_forget_the_same_person(cohort, postgres, monkeypatch):
    before, path = rows(cohort), made(cohort)
    monkeypatch.setenv("COURSE_GRADEBOOK", postgres.new())
    restore(path, cohort.root, sure=True)
    assert rows(cohort) == before
    there = made(cohort)
    forget("zoé d’été", cohort.root, sure=True)
    left = [row.decode() for found in rows(cohort).values() for row in found]
    assert len(left) < sum(map(len, before.values()))
    assert not [row for row in left if "zoé" in row.casefold()]
    monkeypatch.delenv("COURSE_GRADEBOOK")
    spoil(cohort)
    restore(there, cohort.root, sure=True)
    assert rows(cohort) == before


def test_what_a_server_would_refuse_is_refused_before_anything_is_decided(cohort, postgres, monkeypatch):
    path = made(cohort)
    monkeypatch.setenv("COURSE_GRADEBOOK", postgres.new())
    rewritten(path, lambda e: e.update({STUDENTS: e[STUDENTS] + 2 * _row("x", "y")}))
    before = files(cohort), rows(cohort)
    with pytest.raises(Refusal, match="abîmé"):
        restore(path, cohort.root, sure=True)
    assert (files(cohort), rows(cohort)) == before
    assert not (cohort.folder / ".restauration").exists()


def test_a_line_of_a_gradebook_is_never_read_whole_when_it_is_too_long(tmp_path, monkeypatch):
    monkeypatch.setattr(dump, "_MAX_LINE", 20)
    (tmp_path / "student.jsonl").write_bytes(b'["id"]\n["' + b"x" * 20 + b'"]\n')
    with pytest.raises(ValueError, match="too long"):
        list(dump.lines(tmp_path)["student"])


def test_a_folder_is_no_archive(cohort, tmp_path):
    with pytest.raises(Refusal, match="n’est pas un fichier"):
        restore(tmp_path, cohort.root, sure=True)


def test_paths_of_windows_are_refused_on_windows(monkeypatch):
    monkeypatch.setattr(archives, "_WINDOWS", True)
    for name in ("cohort/a:b", "cohort/..\\x", "cohort/con.txt", "cohort/fin."):
        with pytest.raises(Refusal):
            archives.checked(name)
    assert archives.checked(f"cohort/submitted/{AWA.id}/é 李.json")
