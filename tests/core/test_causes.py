"""Why the system refuses, always in French."""

import errno
import os

import pytest

from course.core import files as durable
from course.core.answers.store import _reason
from course.core.files import not_writable

CODES = [errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.EIO, errno.ENAMETOOLONG, errno.ENOSPC, errno.EACCES]
CODES += [errno.ENOENT, errno.EROFS, errno.EPIPE]


@pytest.mark.parametrize("code", CODES, ids=errno.errorcode.get)
def test_no_english_word_of_the_system_reaches_anybody(code, tmp_path):
    error = OSError(code, os.strerror(code), str(tmp_path / "reponses"))
    for said in (
        durable.cause(error),
        durable.why(error, "Il ne se laisse pas écrire"),
        _reason(error),
        str(not_writable(tmp_path, error)),
    ):
        assert os.strerror(code) not in said
        assert said.strip()


def test_words_of_our_own_are_kept():
    assert durable.cause(OSError(0, "il est ouvert ou protégé", "x")) == "il est ouvert ou protégé"
