"""Dates and secrets of the exchange: what nbgrader writes is taken, the rest is refused without a wait."""

import pytest
from nbgrader import utils

from course.core.refusal import Unreadable
from course.instructor.cohort.receipt import parsed, read_date, read_secret

DATES = (
    "2026-11-20 10:00:00.123456 UTC", "2026-11-20 10:00:00 +0200", "2026-11-20 10:00:00 Africa/Ouagadougou",
    "2026-11-20 10:00:00 XYZ", "2026-11-20T10:00:00+02:00", "2026-11-20 10:00:00", "20 November 2026 10:00", "10:00",
)  # fmt: skip
NO_DATES = (
    "", "demain", "2026-13-45 10:00:00 UTC", "2026-11-22 10:00:00 /etc/localtime", "2026-11-22 10:00:00 ../a",
    "0001-01-01 00:00:00+23:59", "٢٠٢٦-11-22", "<b>2026</b>", "1" * 99,
)  # fmt: skip


def test_dates_are_read_as_nbgrader_reads_them():
    for text in DATES:
        assert parsed(text) == utils.parse_utc(text), text
    moment = parsed("2026-11-22 10:00:00 Africa/Lagos")
    assert (moment.day, moment.hour, moment.tzinfo) == (22, 9, None)


def test_what_is_no_date():
    for text in NO_DATES:
        with pytest.raises(ValueError, match=r".*"):
            parsed(text)


def test_a_missing_file_is_none_and_a_bad_one_is_refused(tmp_path):
    assert read_date(tmp_path) is None
    assert read_secret(tmp_path) is None
    (tmp_path / "timestamp.txt").write_text("jeudi")
    (tmp_path / "submission_secret.txt").write_text("../../x")
    for read in (read_date, read_secret):
        with pytest.raises(Unreadable):
            read(tmp_path)


def test_the_formgrader_lists_everybody_beside_a_bad_date(course):
    course.hand_in("awa")
    course.hand_in("moussa", date="jeudi prochain")
    listed = {each["student"]: each for each in course.api.get_submissions("but-1")}
    assert listed["awa"]["display_timestamp"].startswith("2026-11-20")
    assert listed["moussa"]["timestamp"] is None
    assert course.autograde()["success"]
    assert all(each["autograded"] for each in course.api.get_submissions("but-1"))
