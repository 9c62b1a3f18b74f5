"""Feedback: a French page that tells a trainee her marks, comments and words, and nothing of anybody else."""

import re
from datetime import UTC, datetime

import pytest
from coursework import SCHEME, SECRET

from course.core.words import moment


@pytest.fixture(scope="module")
def pages(new_course):
    course = new_course()
    course.hand_in("awa", text="Former les matrones")
    course.hand_in("moussa", text="Équiper les relais")
    assert course.autograde()["success"]
    course.mark("awa", "qualite-1-1", 9.5, "Bien <b>vu</b> & précis.\n<script>alert(1)</script>")
    course.mark("awa", "qualite-1-2", 5)
    course.mark("moussa", "qualite-1-1", 13, "Pour Moussa seulement")
    with course.gradebook as gradebook:
        gradebook.update_or_create_student("awa", first_name="Awa", last_name="Ouédraogo")
    return course.feedback()


def plain(text):
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]+>", " ", text, flags=re.S))


def test_it_tells_both_marks_their_sum_the_total_and_the_verdict(pages):
    text = plain(pages["awa"])
    assert "Note : 26,5 sur 40" in text
    assert "Complétude 6 sur 6 Qualité 9,5 sur 14 En tout 15,5 sur 20 Canevas réussi." in text
    assert "Complétude 6 sur 6 Qualité 5 sur 14 En tout 11 sur 20 Canevas pas encore réussi." in text


def test_a_quality_that_waits_is_not_a_zero(pages):
    text = plain(pages["moussa"])
    assert "Note provisoire : 19 sur 20" in text
    assert "Un canevas attend encore la lecture de votre formatrice" in text
    assert "il ne compte pas dans cette note" in text
    assert "Complétude 6 sur 6 Qualité en attente En tout en attente" in text


def test_it_says_the_pass_rule_in_words_whose_page_it_is_and_when_it_was_handed_in(pages):
    text = plain(pages["awa"])
    assert "réussi à partir de 12 points en tout, dont au moins 7 pour la qualité" in text
    assert "Pour Awa Ouédraogo" in text
    assert plain(f"Copie, remise le {moment(datetime(2026, 11, 20, 10, tzinfo=UTC), zone=True)}.") in text


def test_her_own_words_are_in_it_and_nobody_elses(pages):
    assert "Former les matrones du village 1.1.a" in pages["awa"]
    for other in ("moussa", "Moussa", "Équiper les relais"):
        assert other not in pages["awa"]


def test_no_mark_scheme_no_code_no_secret(pages):
    for text in pages.values():
        for kept in (SCHEME, "BARÈME", "import canvas", "completude-1-1", SECRET):
            assert kept not in text


def test_comments_are_text(pages):
    assert "Bien &lt;b&gt;vu&lt;/b&gt; &amp; précis.\n&lt;script&gt;" in pages["awa"]
    assert "<script" not in pages["awa"]


def test_it_asks_nothing_of_another_machine(pages):
    for text in pages.values():
        assert not re.search(r"(?i)\b(src|href|action)\s*=|url\(|@import|https?:", text)
        assert "default-src &#39;none&#39;" in text or "default-src 'none'" in text


def test_it_is_french_and_complete_html(pages):
    for text in pages.values():
        assert text.startswith('<!DOCTYPE html>\n<html lang="fr">')
        assert not re.search(r"\b(Score|Comment|Student|Task|Top)\b", plain(text))


def test_a_reason_stands_in_place_of_answers_that_cannot_be_read(course):
    folder = course.hand_in("awa")
    (folder / "reponses" / "1.1.json").write_text("{")
    assert course.autograde()["success"]
    text = plain(course.feedback()["awa"])
    assert "réponse illisible. Fichier « reponses/1.1.json »" in text
    assert "Former les agents de santé du village 1.2.a" in text


def test_the_formgraders_own_pages_keep_their_template(course):
    config = course.config
    assert "HTMLExporter" not in config
