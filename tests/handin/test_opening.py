"""Reading what was handed in: any bytes are read or refused in French, and nothing hostile gets through."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import stat
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from work import DATE, GOAL, WHO, fill, packed, workbook

from course.core import syllabus
from course.core.answers import parse
from course.core.handin import open_handin
from course.core.refusal import Unreadable
from course.core.zips import HANDIN

Files = Mapping[str, bytes]
MANIFEST = {"format": "remise/1", "goal": "1"}


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = workbook(tmp_path_factory.mktemp("classeur"))
    for identifier in ("1.1", "1.2", "1.3"):
        fill(folder, identifier)
    return packed(folder).raw


@pytest.fixture(scope="module")
def files(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files: Files, change: Callable[[zipfile.ZipInfo], None] = lambda _: None) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            change(info)
            archive.writestr(info, content)
    return stream.getvalue()


def sealed(files: Files, **said: object) -> dict[str, bytes]:
    """The files with a manifest that fits them: what somebody makes who knows the format."""
    document = json.loads(files["remise.json"]) | said
    rest = {name: raw for name, raw in files.items() if name != "remise.json"}
    document["files"] = {
        name: {"sha256": hashlib.sha256(raw).hexdigest(), "size": len(raw)} for name, raw in rest.items()
    }
    return {"remise.json": json.dumps(document).encode(), **rest}


def reason(raw: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        open_handin(raw)
    return refused.value.reason


class TestRoundTrip:
    def test_what_was_packed_is_what_is_opened(self, raw: bytes, files: Files, tmp_path: Path) -> None:
        path = tmp_path / "Equipe-d-Awa_but-1 (2).zip"
        path.write_bytes(raw)
        for source in (raw, path):
            handin = open_handin(source)
            said = handin.manifest
            assert (said.goal, said.team, said.date, said.version) == (GOAL, WHO, DATE, "0.1.0")
            assert handin.answers == {name: files[f"reponses/{name}.json"] for name in ("1.1", "1.2", "1.3")}
            assert handin.notebook == files["but-1.ipynb"]
            assert handin.problems == {}
            assert handin.sha256 == hashlib.sha256(raw).hexdigest()

    @pytest.mark.parametrize("prefix", ["Groupe 3/", "", "dossier\\"])
    def test_unpacked_and_packed_again_is_the_same(self, raw: bytes, files: Files, prefix: str) -> None:
        mark = "\\" if "\\" in prefix else "/"
        again = {f"{prefix}{name.replace('/', mark)}": content for name, content in reversed(files.items())}
        leavings = {"__MACOSX/._remise.json": b"x", f"{prefix}.DS_Store": b"x", f"{prefix}reponses/": b""}
        assert open_handin(zipped(again | leavings)).answers == open_handin(raw).answers

    def test_a_canvas_of_the_same_word_over_and_over_is_no_bomb(self, tmp_path: Path) -> None:
        folder = workbook(tmp_path)
        (folder / "reponses").mkdir()
        for objective in GOAL.objectives:
            rows = [{"strategy": "mot " * 1000, "actions": [{"action": "mot " * 1000}] * 20}]
            options = {objective.options[0].id: rows, objective.options[1].id: rows}
            document = {"format": "canevas/1", "objective": objective.id, "options": options}
            (folder / f"reponses/{objective.id}.json").write_text(json.dumps(document))
        (folder / "but-1.ipynb").write_bytes(b" " * 4 * 1024 * 1024)
        assert len(open_handin(packed(folder).raw).answers) == 3


class TestRefusals:
    def test_an_unreadable_answers_file_is_told_and_holds_up_no_other(self, files: Files) -> None:
        handin = open_handin(zipped(sealed({**files, "reponses/1.1.json": b"{"})))
        assert list(handin.answers) == ["1.2", "1.3"]
        assert "JSON" in handin.problems["1.1"]

    def test_results_of_the_test_that_cannot_be_read_are_told_and_hold_up_nothing(self, files: Files) -> None:
        name, other = "resultats/test-avant.json", "resultats/test-apres.json"
        whole = b'{"format": "quiz/1", "quiz": "test-apres"}'
        for hostile in (b"{", whole, b'{"format": "quiz/1", "quiz": "test-avant", "questions": 1}', b" " * 70_000):
            handin = open_handin(zipped(sealed({**files, name: hostile, other: whole})))
            assert handin.tests == {other: whole}
            assert [*handin.unread] == [name]
            assert len(handin.answers) == 3
        assert "n’a rien à faire" in reason(zipped(sealed({**files, "resultats/02-concepts.json": whole})))

    @pytest.mark.parametrize(
        "name",
        ["../evil", "a/../../evil", "/etc/passwd", "C:\\evil", "C:evil", "\\\\serveur\\evil", "a//b", "./a", "a\x00b",
         "a\nb", "..\\evil", "reponses/../remise2.json"],
    )  # fmt: skip
    def test_a_path_that_leads_out(self, files: Files, name: str) -> None:
        def rename(info: zipfile.ZipInfo) -> None:
            if info.filename == "PLACE":
                info.filename = info.orig_filename = name

        assert "chemin permis" in reason(zipped({**files, "PLACE": b"x"}, rename))

    @pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
    def test_a_link_or_another_thing_that_is_no_file(self, files: Files, kind: int) -> None:
        def make(info: zipfile.ZipInfo) -> None:
            info.create_system, info.external_attr = 3, (kind | 0o777) << 16

        assert "lien" in reason(zipped(files, make))

    def test_a_name_twice(self, files: Files) -> None:
        stream = io.BytesIO(zipped(files))
        with zipfile.ZipFile(stream, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("reponses/1.1.json", b"{}")
        assert "deux fois" in reason(stream.getvalue())
        assert "deux fois" in reason(zipped({**files, "REMISE.json": b"{}"}))

    @pytest.mark.parametrize("name", ["autre.zip", "x.tar.gz", "reponses/1.1.json"])
    def test_an_archive_inside(self, raw: bytes, files: Files, name: str) -> None:
        assert "archive dans l’archive" in reason(zipped({**files, name: raw}))

    @pytest.mark.parametrize("name", ["notes.docx", "reponses/2.1.json", "but-2.ipynb", "reponses/1.1.json.exe", "x/y"])
    def test_a_file_that_is_none_of_a_hand_in(self, files: Files, name: str) -> None:
        assert "n’a rien à faire" in reason(zipped(sealed({**files, name: b"x"})))

    def test_a_changed_missing_or_added_file(self, files: Files) -> None:
        assert "a changé" in reason(zipped({**files, "reponses/1.1.json": files["reponses/1.1.json"] + b" "}))
        less = {name: raw for name, raw in files.items() if name != "reponses/1.2.json"}
        assert "« reponses/1.2.json » y manque".replace(" ", "") in re.sub(r"\s", "", reason(zipped(less)))
        said = json.loads(files["remise.json"])
        del said["files"]["reponses/1.2.json"]
        assert "ajouté" in reason(zipped({**files, "remise.json": json.dumps(said).encode()}))

    @pytest.mark.parametrize(
        "said",
        [{"goal": "9"}, {"goal": 1}, {"format": "remise/2"}, {"date": "hier"}, {"date": None}, {"members": ["x"] * 41},
         {"group": ["x"]}, {"course": "x" * 50}, {"course": "\x1b[31m"}, {"files": []}],
    )  # fmt: skip
    def test_a_manifest_that_does_not_hold(self, files: Files, said: dict[str, object]) -> None:
        document = json.loads(files["remise.json"]) | said
        assert "remise.json" in reason(zipped({**files, "remise.json": json.dumps(document).encode()}))

    @pytest.mark.parametrize("raw", [b"", b"PK", b"bonjour", b"PK\x05\x06" + b"\x00" * 18, b"\x1f\x8b" + b"x" * 100])
    def test_what_is_no_hand_in(self, raw: bytes) -> None:
        assert reason(raw)

    def test_a_password_or_another_compression(self, raw: bytes, files: Files) -> None:
        locked = bytearray(raw)
        for start in (m.start() for m in re.finditer(b"PK\x01\x02", raw)):
            locked[start + 8] |= 1
        assert "mot de passe" in reason(bytes(locked))

        def squeeze(info: zipfile.ZipInfo) -> None:
            info.compress_type = zipfile.ZIP_LZMA

        assert "comprimé" in reason(zipped(files, squeeze))

    @pytest.mark.skipif(os.name != "posix", reason="pipes and links are of POSIX systems")
    def test_a_path_that_is_no_plain_file(self, raw: bytes, tmp_path: Path) -> None:
        (tmp_path / "vrai.zip").write_bytes(raw)
        (tmp_path / "lien.zip").symlink_to(tmp_path / "vrai.zip")
        os.mkfifo(tmp_path / "tube.zip")
        (tmp_path / "dossier.zip").mkdir()
        for name in ("lien.zip", "tube.zip", "dossier.zip", "absent.zip", "absent/absent.zip"):
            with pytest.raises(Unreadable):
                open_handin(tmp_path / name)


class TestBombs:
    @pytest.fixture(autouse=True)
    def frugal(self) -> None:
        tracemalloc.start()
        yield
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 64 * 1024 * 1024

    def test_a_large_file_in_a_small_archive(self, files: Files) -> None:
        assert "trop gros" in reason(zipped({**files, "but-1.ipynb": b"\x00" * 30_000_000}))
        assert "trop gros" in reason(zipped({**files, "but-1.ipynb": b"\x00" * 7_900_000}))

    def test_a_file_larger_than_it_says(self, files: Files) -> None:
        raw = bytearray(zipped({**files, "but-1.ipynb": b"\x00" * 30_000_000}))
        size = (30_000_000).to_bytes(4, "little")
        for start in (m.start() for m in re.finditer(re.escape(size), bytes(raw))):
            raw[start : start + 4] = (20).to_bytes(4, "little")
        assert reason(bytes(raw))

    def test_many_files(self, files: Files) -> None:
        many = {f"f{number}": b"" for number in range(HANDIN.entries)}
        assert "plus de" in reason(zipped({**files, **many}))

    def test_a_table_of_contents_of_a_hundred_thousand_entries(self) -> None:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("a", b"")
        one = stream.getvalue()
        start = one.index(b"PK\x01\x02")
        entry, end = one[start : one.index(b"PK\x05\x06")], bytearray(one[one.index(b"PK\x05\x06") :])
        number = 100_000
        end[8:12] = b"\xff\xff\xff\xff"
        end[12:16] = (len(entry) * number).to_bytes(4, "little")
        assert "plus de" in reason(one[:start] + entry * number + bytes(end))

    def test_more_bytes_than_are_read(self, tmp_path: Path) -> None:
        (tmp_path / "x.zip").write_bytes(b"PK" + b"\x00" * HANDIN.archive)
        with pytest.raises(Unreadable, match="dépasse"):
            open_handin(tmp_path / "x.zip")

    def test_files_that_share_one_content(self) -> None:
        """Entries that overlap, each of which unpacks the same megabytes."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a", b"\x00" * 1_000_000)
        one = stream.getvalue()
        start = one.index(b"PK\x01\x02")
        entry, end = one[start : one.index(b"PK\x05\x06")], bytearray(one[one.index(b"PK\x05\x06") :])
        names = [bytes([letter]) for letter in range(ord("b"), ord("z"))]
        table = entry + b"".join(entry[:-1] + name for name in names)
        end[8:12] = (len(names) + 1).to_bytes(2, "little") * 2
        end[12:16] = len(table).to_bytes(4, "little")
        assert reason(one[:start] + table + bytes(end))


class TestAnyBytes:
    @given(st.binary(max_size=300))
    def test_are_read_or_refused(self, raw: bytes) -> None:
        self.opened(raw)

    @settings(max_examples=300)
    @given(data=st.data())
    def test_a_damaged_archive_is_the_same_or_refused(self, raw: bytes, data: st.DataObject) -> None:
        damaged = bytearray(raw)
        for _ in range(data.draw(st.integers(1, 4))):
            at = data.draw(st.integers(0, len(raw) - 1))
            match data.draw(st.sampled_from(("change", "cut", "repeat", "zero"))):
                case "change":
                    damaged[at : at + 1] = bytes([data.draw(st.integers(0, 255))])
                case "cut":
                    del damaged[at : at + data.draw(st.integers(1, 200))]
                case "repeat":
                    damaged[at:at] = damaged[at : at + 100]
                case "zero":
                    damaged[at : at + 8] = bytes(8)
        self.opened(bytes(damaged), raw)

    @settings(max_examples=200)
    @given(
        st.dictionaries(
            st.sampled_from(
                ["remise.json", "equipe.json", "reponses/1.1.json", "but-1.ipynb", "x/remise.json", "x", "X", "a/", "é"]
            ),
            st.one_of(
                st.binary(max_size=50),
                st.recursive(
                    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
                    lambda inner: (
                        st.lists(inner, max_size=3)
                        | st.dictionaries(
                            st.sampled_from(
                                ["format", "goal", "group", "members", "date", "course", "files", "completeness"]
                            ),
                            inner,
                        )
                    ),
                    max_leaves=8,
                ).map(lambda value: json.dumps(MANIFEST | (value if isinstance(value, dict) else {})).encode()),
            ),
        )
    )
    def test_any_files_in_a_good_archive(self, files: Files) -> None:
        self.opened(zipped(files))

    def opened(self, raw: bytes, whole: bytes | None = None) -> None:
        try:
            handin = open_handin(raw)
        except Unreadable as refused:
            said = refused.reason
        else:
            said = "."
            for name, content in handin.answers.items():
                parse(content, syllabus.load().objective(name))
            if whole is not None:
                assert handin.answers == open_handin(whole).answers
                assert handin.notebook == open_handin(whole).notebook
        assert said.endswith(".")
        assert "\n" not in said
