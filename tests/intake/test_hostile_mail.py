"""What somebody sends to do harm: it is refused in French, alone, within bounds, and nothing leaves the class."""

from __future__ import annotations

import io
import json
import os
import re
import stat
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mail import ACCEPTED, REFUSED, Desk, answers, handin, outcomes, put, reasons, unpacked, zipped

from course.core.refusal import Refusal
from course.core.team import Team
from course.instructor.intake import sources
from course.instructor.intake.reasons import Outcome


@pytest.fixture
def good(desk: Desk) -> bytes:
    return handin(desk.tmp / "c", Team("", ("Awa Kaboré",)))


def altered(files: dict[str, bytes], change: Callable[[zipfile.ZipInfo], None]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            change(info)
            archive.writestr(info, raw)
    return stream.getvalue()


def table(raw: bytes, entries: bytes, number: int) -> bytes:
    """A zip with another table of contents."""
    start = raw.index(b"PK\x01\x02")
    end = bytearray(raw[raw.index(b"PK\x05\x06") :])
    end[8:12] = min(number, 0xFFFF).to_bytes(2, "little") * 2
    end[12:16] = len(entries).to_bytes(4, "little")
    return raw[:start] + entries + bytes(end)


def entry(raw: bytes) -> bytes:
    return raw[raw.index(b"PK\x01\x02") : raw.index(b"PK\x05\x06")]


class TestBombs:
    @pytest.fixture(autouse=True)
    def frugal(self) -> Iterator[None]:
        tracemalloc.start()
        yield
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 256 * 1024**2

    def test_ten_gigabytes_of_nothing_beside_a_good_file(self, desk: Desk, good: bytes) -> None:
        for name in ("1.1.json", "x.zip", "film.mp4", "remise.json"):
            with (desk.mail / name).open("wb") as stream:
                stream.truncate(10 * 1024**3)
        put(desk.mail, {"a/bon.zip": good})
        assert desk.take().count(REFUSED) == 4
        assert desk.students == {"awa"}

    def test_a_bomb_in_one_folder_of_a_class_stops_nobody(self, desk: Desk, good: bytes) -> None:
        nothing = zipped({"1.1.json": bytes(80 * 1024**2)})
        nested = zipped({f"{number}.zip": nothing for number in range(40)})
        files = {"A B_1_assignsubmission_file_/x.zip": nested, "C D_2_assignsubmission_file_/1.1.json": bytes(10**8),
                 "Awa Kaboré_3_assignsubmission_file_/x.zip": good}  # fmt: skip
        put(desk.mail, {"classe.zip": zipped(files)})
        reception = desk.take()
        assert desk.students == {"awa"}
        assert reception.count(REFUSED) == 41
        assert reception.count(ACCEPTED) == 1

    def test_what_is_nested_may_not_unpack_to_more_than_its_share(
        self, desk: Desk, good: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        inner = replace(sources.INNER, free=1024**2, ratio=5)
        monkeypatch.setattr(sources, "OUTER", replace(sources.OUTER, inner=inner))
        box = zipped({f"{number}/1.1.json": answers(text="mot " * 900) + b" " * 200_000 for number in range(40)})
        put(desk.mail, {"classe.zip": zipped({"bombe.zip": box, "z/bon.zip": good})})
        assert "trop gros" in reasons(desk.take())
        assert desk.students == {"awa"}

    def test_zips_in_zips_end(self, desk: Desk, good: bytes) -> None:
        raw = good
        for _ in range(3):
            raw = zipped({"x.zip": raw})
        put(desk.mail, {"poupée.zip": raw})
        assert "archives l’une dans l’autre" in reasons(desk.take())

    def test_a_zip_that_is_its_own_content(self, desk: Desk) -> None:
        """What a quine does, without its art: every zip that is opened holds another."""
        raw = zipped({"fin.zip": b""})
        for _ in range(12):
            raw = zipped({"r.zip": raw, "1.1.json": answers()})
        put(desk.mail, {"r.zip": raw})
        assert desk.take().count(REFUSED) == 1

    def test_a_million_entries(self, desk: Desk) -> None:
        one = zipped({"a": b""})
        put(desk.mail, {"x.zip": table(one, entry(one) * 1_000_000, 1_000_000),
                        "y.zip": table(one, entry(one) * 100_000, 100_000)})  # fmt: skip
        assert re.findall("plus de 20000 fichiers", reasons(desk.take())) == ["plus de 20000 fichiers"] * 2

    def test_many_entries_of_one_trainee_do_not_use_up_those_of_the_others(
        self, desk: Desk, good: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        inner = replace(sources.INNER, entries=20)
        monkeypatch.setattr(sources, "OUTER", replace(sources.OUTER, inner=inner))
        many = zipped({f"{number}.txt": b"" for number in range(200)})
        put(desk.mail, {"classe.zip": zipped({"A/x.zip": many, "B/y.zip": good})})
        reception = desk.take()
        assert "plus de 20 fichiers" in reasons(reception)
        assert desk.students == {"awa"}

    def test_entries_that_share_one_content(self, desk: Desk) -> None:
        one = zipped({"a.json": bytes(200_000)})
        names = [bytes([letter]) + b".json" for letter in b"bcdefghij"]
        more = b"".join(entry(one)[: -len("a.json")] + name for name in names)
        put(desk.mail, {"x.zip": table(one, entry(one) + more, 10)})
        assert "se recouvrent" in reasons(desk.take())

    def test_a_folder_of_many_files_is_cut_and_said(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sources, "MAX_FILES", 10)
        put(desk.mail, {f"{number}.txt": b"" for number in range(30)})
        assert "la suite n’est pas lue" in reasons(desk.take())
        deep = put(desk.mail / "d", {"/".join(["e"] * (sources.MAX_DEPTH + 5)) + "/x.json": answers()})
        assert "dossiers l’un dans l’autre" in reasons(desk.take(deep))


class TestNamesOfFiles:
    @pytest.mark.parametrize(
        "name",
        ["../evil.json", "/etc/evil.json", "C:\\evil.json", "..\\evil.json", "a\x00b.json", "a/../../b.json", "a//b"],
    )
    def test_a_path_that_leads_out_is_refused_alone(self, desk: Desk, good: bytes, name: str) -> None:
        def rename(info: zipfile.ZipInfo) -> None:
            if info.filename == "PLACE":
                info.filename = info.orig_filename = name

        put(desk.mail, {"x.zip": altered({"PLACE": answers(), "Awa Kaboré/bon.zip": good}, rename)})
        before = set(desk.tmp.rglob("*"))
        reception = desk.take()
        assert "chemin permis" in reasons(reception)
        assert desk.students == {"awa"}
        assert all(path.is_relative_to(desk.cohort.folder) for path in set(desk.tmp.rglob("*")) - before)

    def test_a_link_a_password_and_a_name_twice_are_refused_alone(self, desk: Desk, good: bytes) -> None:
        def link(info: zipfile.ZipInfo) -> None:
            if info.filename.startswith("lien"):
                info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16

        files = {"lien.json": b"/etc/passwd", "secret.json": answers(), "a/x.zip": good, "b/1.1.json": answers()}
        raw = bytearray(altered(files, link))
        at = raw.rindex(b"secret.json") - 46
        raw[at + 8] |= 1
        stream = io.BytesIO(bytes(raw))
        with warnings.catch_warnings(), zipfile.ZipFile(stream, "a") as archive:
            warnings.simplefilter("ignore")
            archive.writestr("b/1.1.json", answers(text="Un second"))
        put(desk.mail, {"x.zip": stream.getvalue()})
        said = reasons(desk.take())
        assert all(words in said for words in ("est un lien", "mot de passe", "deux fois"))
        assert desk.students == {"awa"}

    def test_names_that_turn_text_around_are_shown_without_it(self, desk: Desk, good: bytes) -> None:
        put(desk.mail, {"gpj.\u202eexe.zip": zipped({"Awa\u202e Kaboré/x\u200c.zip": good, "علی\u200cرضا/y.txt": b""})})
        rows = desk.take().rows
        assert desk.students == {"awa"}
        assert all(row.file.isprintable() for row in rows)

    def test_names_that_are_not_text_at_all(self, desk: Desk, good: bytes) -> None:
        try:
            (desk.mail / os.fsdecode(b"caf\xe9 =1.zip")).write_bytes(good)
        except OSError:
            pytest.skip("this file system takes no such name")
        assert desk.take().count(ACCEPTED) == 1

    def test_links_on_disk_are_not_followed(self, desk: Desk, good: bytes) -> None:
        outside = put(desk.tmp / "ailleurs", {"x.zip": good})
        (desk.mail / "lien.zip").symlink_to(outside / "x.zip")
        (desk.mail / "dossier").symlink_to(outside)
        os.mkfifo(desk.mail / "tube.json")
        assert desk.take().count(REFUSED) == 3
        assert desk.take(desk.mail / "lien.zip", desk.mail / "dossier").count(REFUSED) == 2
        assert not desk.students

    @pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="a file whose first byte no system reads")
    def test_a_file_that_the_disk_does_not_give_is_refused_alone(self, desk: Desk, good: bytes) -> None:
        put(desk.mail, {"bon.zip": good})
        reception = desk.take("/proc/self/mem", desk.mail)
        assert desk.students == {"awa"}
        assert "ne se laisse pas lire" in reasons(reception)


class TestPlaces:
    @pytest.mark.parametrize("place", ["submitted/awa", "submitted/awa/but-1", "submitted/awa/but-1/reponses"])
    def test_a_link_where_a_submission_goes_is_not_followed(self, desk: Desk, good: bytes, place: str) -> None:
        outside = put(desk.tmp / "ailleurs", {"1.1.json": b"{}"})
        path = desk.cohort.folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(outside)
        put(desk.mail, {"x.zip": good, "y.zip": handin(desk.tmp / "c", Team("", ("Paul Kéïta",)))})
        reception = desk.take()
        assert {path.name for path in outside.iterdir()} == {"1.1.json"}
        assert "paul" in desk.students
        assert outcomes(reception)["y.zip"] is ACCEPTED
        if not place.endswith("reponses"):
            assert "n’est pas un dossier" in reasons(reception)

    @pytest.mark.parametrize("place", ["submitted", "recus", ".reception"])
    def test_a_link_in_place_of_a_folder_of_the_class_stops_it_in_french(
        self, desk: Desk, good: bytes, place: str
    ) -> None:
        outside = put(desk.tmp / "ailleurs", {"x": b""})
        (desk.cohort.folder / place).symlink_to(outside)
        put(desk.mail, {"x.zip": good})
        with pytest.raises(Refusal, match="n’est pas un dossier"):
            desk.take()
        assert [path.name for path in outside.iterdir()] == ["x"]

    @pytest.mark.parametrize("identifier", ["..", "a/b", "a\\b", ".x", "*"])
    def test_a_list_with_a_dangerous_identifier_is_refused(self, desk: Desk, good: bytes, identifier: str) -> None:
        desk.cohort.roster.write_text(f"identifiant;nom\n{identifier};Awa Kaboré\n", encoding="utf-8")
        put(desk.mail, {"x.zip": good})
        with pytest.raises(Refusal, match="identifiant"):
            desk.take()

    def test_a_decision_cannot_name_a_path(self, desk: Desk) -> None:
        (desk.cohort.folder / "noms.csv").write_text("nom;id\nZoé;../../x\n", encoding="utf-8")
        desk.handin("x.zip", "Zoé")
        desk.take()
        assert not desk.students


def bytes_of_zips() -> st.SearchStrategy[dict[str, bytes]]:
    names = st.sampled_from(
        ["remise.json", "equipe.json", "reponses/1.1.json", "1.1.json", "but-1.ipynb", "x.zip", "a/x.zip",
         "a/remise.json", "A/REMISE.JSON", "../x",
         "Awa Kaboré_1_assignsubmission_file_/1.1.json", "é", "e\u0301", "x/" * 15 + "y.json"]
    )  # fmt: skip
    content = st.one_of(
        st.binary(max_size=60),
        st.sampled_from([answers(), answers("1.2"), b"[" * 50, b'{"format": "remise/1", "goal": "1"}']),
        st.recursive(st.none() | st.text(max_size=4), lambda inner: st.lists(inner, max_size=2), max_leaves=4).map(
            lambda value: json.dumps({"format": "canevas/1", "objective": "1.1", "options": {"1.1.a": value}}).encode()
        ),
    )
    plain = st.dictionaries(names, content, max_size=5)
    return st.dictionaries(names, content | plain.map(zipped), max_size=5)


@settings(max_examples=40)
@given(files=bytes_of_zips(), data=st.data())
def test_any_zip_is_read_or_refused_and_again_changes_nothing(
    files: dict[str, bytes], data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    desk = Desk(tmp_path_factory.mktemp("hostile"))
    raw = bytearray(zipped(files))
    if data.draw(st.booleans()) and raw:
        at = data.draw(st.integers(0, len(raw) - 1))
        raw[at : at + 1] = bytes([data.draw(st.integers(0, 255))])
    put(desk.mail, {"x.zip": bytes(raw), "bon.zip": handin(desk.tmp / "c", Team("", ("Paul Kéïta",)))})
    first = desk.take()
    assert outcomes(first)["bon.zip"] is ACCEPTED
    assert desk.texts("paul") == "Former les agents"
    assert all(row.reason for row in first.rows if row.outcome is not Outcome.ACCEPTED)
    before = desk.tree()
    desk.take()
    assert desk.tree() == before
    assert {path.name for path in desk.cohort.folder.iterdir()} <= {"submitted", "recus", "bilans", "stagiaires.csv",
                                                                    "noms.csv"}  # fmt: skip


def test_a_forged_manifest_is_not_more_believed_than_its_files(desk: Desk, good: bytes) -> None:
    files = unpacked(good)
    said = json.loads(files["remise.json"])
    said["members"] = ["Moussa N’Guessan"]
    put(desk.mail, {"x.zip": zipped({**files, "remise.json": json.dumps(said).encode()})})
    assert "ne nomme pas les mêmes personnes" in reasons(desk.take())
    assert not desk.students
