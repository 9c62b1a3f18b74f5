"""Why the system refuses, always in French."""

import errno
import os

import pytest

from course.core import files
from course.core.answers.store import _reason
from course.core.files import not_writable
from course.core.refusal import Unreadable

CODES = [errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.EIO, errno.ENAMETOOLONG, errno.ENOSPC, errno.EACCES]
CODES += [errno.ENOENT, errno.EROFS, errno.EPIPE]


@pytest.mark.parametrize("code", CODES, ids=errno.errorcode.get)
def test_no_english_word_of_the_system_reaches_anybody(code, tmp_path):
    error = OSError(code, os.strerror(code), str(tmp_path / "reponses"))
    for said in (
        files.cause(error),
        files.why(error, "Il ne se laisse pas écrire"),
        _reason(error),
        str(not_writable(tmp_path, error)),
    ):
        assert os.strerror(code) not in said
        assert said.strip()


@pytest.mark.skipif(os.name != "posix", reason="pipes and links are of POSIX systems")
def test_nothing_but_a_plain_file_is_opened(tmp_path):
    (tmp_path / "fichier").write_bytes(b"x")
    (tmp_path / "dossier").mkdir()
    (tmp_path / "lien").symlink_to(tmp_path / "fichier")
    os.mkfifo(tmp_path / "tube")
    for name in ("dossier", "lien", "tube", "absent", "absent/fichier"):
        with pytest.raises(Unreadable), files.open_plain(tmp_path / name):
            pass
    with files.open_plain(tmp_path / "fichier") as stream:
        assert stream.read() == b"x"


def test_words_of_our_own_are_kept():
    assert files.cause(OSError(0, "il est ouvert ou protégé", "x")) == "il est ouvert ou protégé"
