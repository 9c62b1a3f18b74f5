"""One reader of zips, which bounds what it opens whatever they say, and one writer."""

from __future__ import annotations

import io
import os
import stat
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from course.core import zips
from course.core.refusal import Unreadable
from course.core.zips import HANDIN, Bounds

BOUNDS = Bounds(archive=2**30, entries=100, free=2**20, ratio=10)


def zipped(files: dict[str, bytes], change: Callable[[zipfile.ZipInfo], None] = lambda _: None) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            change(info)
            archive.writestr(info, raw)
    return stream.getvalue()


def link(info: zipfile.ZipInfo) -> None:
    if info.filename == "lien":
        info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16


def _fits(name: str, encoding: str) -> bool:
    try:
        return bool(name.encode(encoding))
    except UnicodeEncodeError:
        return False


class TestReader:
    def test_one_bad_file_is_refused_and_the_others_are_read(self) -> None:
        raw = zipped({"a": b"1", "../b": b"2", "lien": b"a", "d/" * 13 + "c": b"3", "é": b"4"}, link)
        with zips.opened(io.BytesIO(raw), BOUNDS) as archive:
            assert {entry.path: entry.read() for entry in archive.entries} == {"a": b"1", "é": b"4"}
            assert [name for name, _ in archive.refused] == ["../b", "lien", "d/" * 13 + "c"]
            with pytest.raises(Unreadable, match="chemin permis"):
                archive.prove()

    def test_a_name_is_its_path_or_none(self) -> None:
        assert zips.path_of("a\\b\u200c/e\u0301.json") == "a/b/é.json"
        assert zips.path_of("__MACOSX/x") is None
        for name in ("", "/a", "a//b", "a/../b", "C:/a", "a\x00", "a\n", ".", "..\\a", f"a/{'_' * 256}/b"):
            with pytest.raises(Unreadable):
                zips.path_of(name)

    def test_names_are_read_in_the_code_page_that_gives_letters(self) -> None:
        names = ("ÈVE KABORÉ", "Élodie Traoré", "Aïssata Kéïta", "François Bâ", "JÉRÔME", "Noël Ça", "Awa", "明")
        for encoding in ("cp850", "cp437", "cp1252", "utf-8"):
            fit = [name for name in names if _fits(name, encoding)]
            infos = [zipfile.ZipInfo(name.encode(encoding).decode("cp437")) for name in fit]
            assert list(zips._decoded(infos)[0]) == fit, encoding
            for name, info in zip(fit, infos, strict=True):
                assert zips._decoded([info])[0] == (name,), encoding

    def test_more_than_its_size_allows_is_read_of_none(self) -> None:
        raw = zipped({"a": bytes(2 * 2**20), "b": b"b"})
        with zips.opened(io.BytesIO(raw), BOUNDS) as archive:
            with pytest.raises(Unreadable, match="trop gros"):
                archive.prove()
            with pytest.raises(Unreadable, match="trop gros"):
                archive.entries[0].read()
        with pytest.raises(Unreadable, match="trop gros"):
            zips.files(zipped({"a": bytes(HANDIN.file + 1)}))

    def test_what_is_nested_has_bounds_of_its_own_and_an_end(self) -> None:
        inner = replace(BOUNDS, free=2**16, ratio=2, entries=3)
        bounds = replace(BOUNDS, free=2**30, inner=inner)
        bomb = zipped({"a": bytes(2**17), "b": b"b"})
        nested = zipped(
            {"bombe.zip": bomb, "tas.zip": zipped(dict.fromkeys("abcd", b"")), "x.zip": zipped({"x": b"x"})}
        )
        with zips.opened(io.BytesIO(nested), bounds) as archive:
            paths = {entry.path: entry for entry in archive.entries}
            with paths["bombe.zip"].opened() as box, pytest.raises(Unreadable, match="trop gros"):
                box.entries[0].read()
            with pytest.raises(Unreadable, match="plus de 3 fichiers"), paths["tas.zip"].opened():
                pass
            with paths["x.zip"].opened() as box:
                assert box.entries[0].read() == b"x"
                with pytest.raises(Unreadable, match="l’une dans l’autre"), box.entries[0].opened():
                    pass

    def test_a_disk_that_fails_is_no_failure_of_the_program(self) -> None:
        class Failing(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                if self.fails:
                    raise OSError(5, os.strerror(5))
                return super().read(size)

        stream = Failing(zipped({"a": b"a" * 10_000}))
        stream.fails = False
        with zips.opened(stream, BOUNDS) as archive:
            stream.fails = True
            with pytest.raises(Unreadable, match="abîmé"):
                archive.entries[0].read()

    def test_two_names_that_are_one_where_case_does_not_count_are_no_hand_in(self) -> None:
        with pytest.raises(Unreadable, match="deux fois"):
            zips.files(zipped({"a": b"", "A": b""}))


class TestWriter:
    def test_the_same_files_give_the_same_bytes_which_anybody_reads(self) -> None:
        files = {"b": b"b", "a/é": bytes(1000)}
        raw = zips.packed(files)
        assert raw == zips.packed(dict(files))
        assert zips.files(raw) == files
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            assert {info.filename: archive.read(info) for info in archive.infolist()} == files
            assert {info.external_attr >> 16 for info in archive.infolist()} == {0o644}

    def test_a_moment_that_the_format_cannot_hold_is_the_nearest_that_it_can(self) -> None:
        for moment, year in ((datetime(1970, 1, 1), 1980), (datetime(2200, 1, 1), 2107), (datetime(2026, 5, 4), 2026)):
            with zipfile.ZipFile(io.BytesIO(zips.packed({"a": b""}, moment))) as archive:
                assert archive.infolist()[0].date_time[0] == year

    def test_a_file_may_come_in_parts(self) -> None:
        stream = io.BytesIO()
        with zips.writing(stream, level=1) as writer:
            writer.add("a", iter([b"1", b"2"]), mode=0o600)
        with zips.opened(stream, BOUNDS) as archive:
            assert archive.entries[0].read() == b"12"
