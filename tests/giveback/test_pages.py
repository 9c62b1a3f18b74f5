"""The pages: one a trainee and goal, one on all goals, and a zip; with her marks and words, and nothing of others."""

import re
import zipfile
from datetime import UTC, datetime

import pytest
from giveback_class import ZOE
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import notebook_hash
from promotion import AT, GOALS, SECRET, Trainee, hand_in, promotion, review, text_of
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from course.core import model_answers, rubric
from course.core.refusal import Refusal
from course.core.words import day, moment
from course.instructor.cohort.gradebook import opened
from course.instructor.giveback.command import feedback


def plain(path):
    """What a page says, on one line."""
    text = re.sub(r"<style>.*?</style>|<[^>]+>", " ", path.read_text(encoding="utf-8"), flags=re.S)
    return re.sub(r"\s+", " ", text_of(text))


def page(cohort, student, goal="1"):
    return cohort.feedback / student / f"but-{goal}" / f"but-{goal}.html"


def whole(cohort, student):
    return cohort.feedback / student / "retour.html"


@pytest.fixture
def given(cohort):
    feedback([], cohort.root, models=False, release=False)
    return cohort


def test_a_page_has_the_marks_the_criteria_the_verdict_and_the_rule(given):
    said = plain(page(given, "awa"))
    assert "Retour sur votre travail Pour Awa Ouédraogo" in said
    assert (
        text_of(f"remise le {moment(AT.replace(tzinfo=UTC), zone=True)}, corrigée le {day(datetime.now(UTC))}.") in said
    )
    assert "Note : 45,5 sur 60" in said
    assert "Complétude 5,5 sur 6 Qualité 9,5 sur 14 En tout 15 sur 20 Canevas réussi." in said
    assert "Qualité 5,5 sur 14 En tout 11 sur 20 Canevas pas encore réussi." in said
    assert "réussi à partir de 12 points en tout, dont au moins 7 pour la qualité" in said
    for each, level in zip(rubric.load(), (2, 1, 2, 1, 0, 2), strict=True):
        name = ("zéro", "moitié", "plein")[level]
        points = f"{float(each.worth(level)):g}".replace(".", ",")
        assert text_of(f"{each.title} {name} : {each.levels[level]} {points} sur {each.points}") in said


def test_a_mark_of_formgrader_is_shown_without_criteria(cohort):
    with opened(cohort, writing=True) as connection:
        connection.exec_driver_sql(
            "UPDATE grade SET manual_score = 12, needs_manual_grade = 0 WHERE cell_id IN "
            "(SELECT id FROM base_cell WHERE name = 'qualite-1-1')"
        )
    feedback(["but-1"], cohort.root, models=False, release=False)
    said = plain(page(cohort, "awa"))
    assert "Qualité 12 sur 14 En tout 17,5 sur 20" in said
    assert "Les six critères de la qualité, canevas 1.1" not in said
    assert "Les six critères de la qualité, canevas 1.2" in said


def test_what_is_only_begun_waits_and_is_no_zero(given):
    said = plain(page(given, ZOE.id))
    assert "Note provisoire : 17,5 sur 20" in said
    assert "2 canevas attendent encore la lecture" in said
    assert "ils ne comptent pas dans cette note" in said
    assert "Remise en retard : 2,5 points en moins" in said
    assert said.count("Qualité en attente En tout en attente") == 2
    assert "brouillon" not in page(given, ZOE.id).read_text(encoding="utf-8")
    assert "Note : en attente" in plain(page(given, "李娜"))
    assert "0 sur" not in plain(page(given, "李娜")).replace("réussi", "")


def test_there_is_nothing_of_anybody_else(given):
    pages = {name: page(given, name).read_text(encoding="utf-8") for name in ("awa", "paul", ZOE.id, "李娜")}
    own = {"awa": "Awa Ouédraogo", "paul": "Paul Kaboré", ZOE.id: "N’Guessan", "李娜": "李娜"}
    words = {
        "awa": "Former les relais",
        "paul": "Former les relais",
        ZOE.id: "Écouter les veuves",
        "李娜": "Publier les comptes",
    }
    for name, text in pages.items():
        assert own[name] in text
        assert words[name] in text
        for other in pages:
            assert own[other] not in text or other == name
            assert words[other] not in text or words[other] == words[name]
        assert "Dr Zongo" not in text
    assert "Copie de groupe (Groupe <3>)" in plain(page(given, "awa")).replace("&lt;", "<").replace("&gt;", ">")


def test_it_needs_nothing_else_and_everything_from_people_is_text(given):
    for path in given.feedback.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith('<!DOCTYPE html>\n<html lang="fr">')
        assert not re.search(
            r"(?i)<(script|link|img|iframe|object|form)\b|\b(src|href|action)\s*=|url\(|@import|https?:", text
        )
        assert "default-src 'none'" in text
    awa = page(given, "awa").read_text(encoding="utf-8")
    assert "Très &lt;b&gt;concret&lt;/b&gt; &amp; net." in awa
    assert "Former les relais &lt;script&gt;" in awa
    assert "N’Guessan &lt;i&gt;" in page(given, ZOE.id).read_text(encoding="utf-8")


def test_the_page_on_all_goals_sums_up(given):
    said = plain(whole(given, "awa"))
    assert "Mes retours Pour Awa Ouédraogo" in said
    assert "En résumé But Note Canevas réussis But 1 : " in said
    assert "45,5 sur 60 2 sur 3 But 2 : " in said
    assert "en attente 0 sur 2" in said
    assert said.count("Ce que vous avez écrit") == 5
    assert "But 2" not in plain(whole(given, "paul"))


def test_every_text_is_typeset_as_french_is(given):
    for path in given.feedback.rglob("*.html"):
        shown = re.sub(r"<style>.*?</style>", " ", path.read_text(encoding="utf-8"), flags=re.S)
        shown = re.sub(r'<div class="words">.*?</div>|<p class="comment">.*?</p>', " ", shown, flags=re.S)
        shown = re.sub(r"<[^>]+>", " ", shown)
        assert not re.search(r"[^\s\u202f] [;!?»]|« |\w :|\w'\w|\.\.\.", shown), path


def test_model_answers_are_there_when_they_are_wanted_only(given):
    model = model_answers.load().answers["1.1.a"][0].strategy[:40]
    assert model not in page(given, "awa").read_text(encoding="utf-8")
    feedback(["but-1"], given.root, models=True, release=False)
    text = page(given, "awa").read_text(encoding="utf-8")
    assert model in text
    assert "<h3>1.1.a" not in text
    assert model not in whole(given, "awa").read_text(encoding="utf-8")


def test_the_zip_has_one_file_a_trainee_under_a_name_any_system_takes(given):
    with zipfile.ZipFile(given.reports / "retours-but-1.zip") as found:
        assert found.namelist() == [
            "Awa-Ouedraogo_but-1.html", "Paul-Kabore_but-1.html", "Zoe-N-Guessan-i_but-1.html", "李娜_but-1.html",
        ]  # fmt: skip
        assert found.read("Awa-Ouedraogo_but-1.html") == page(given, "awa").read_bytes()
    with zipfile.ZipFile(given.reports / "retours-ensemble.zip") as found:
        assert "Paul-Kabore_retours.html" in found.namelist()


def test_two_of_one_name_have_two_files(tmp_path):
    twins = [Trainee("un", "Awa", "Traoré"), Trainee("deux", "AWA", "TRAORÉ"), Trainee("Deux-", "Awa", "Traore")]
    made = promotion(tmp_path / "cours", twins)
    hand_in(made, twins, GOALS[0], "Texte")
    feedback([], made.root, models=False, release=False)
    with zipfile.ZipFile(made.reports / "retours-but-1.zip") as found:
        names = found.namelist()
    assert len({name.casefold() for name in names}) == 3
    assert names[:2] == ["Awa-Traore_but-1.html", "AWA-TRAORE-deux_but-1.html"]


def test_twice_nothing_is_written_and_a_new_mark_rewrites_its_pages_alone(given, capsys):
    before = {path: path.stat().st_mtime_ns for path in given.feedback.rglob("*.html")}
    feedback([], given.root, models=False, release=False)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert "Aucune page n’a changé." in text_of(capsys.readouterr().out)
    review(given, ("李娜",), "1.1", (2, 2, 2, 2, 2, 2))
    feedback([], given.root, models=False, release=False)
    changed = {
        path.relative_to(given.feedback).as_posix() for path in before if path.stat().st_mtime_ns != before[path]
    }
    assert changed == {"李娜/but-1/but-1.html", "李娜/retour.html", "李娜/feuille.html"}
    assert "Pages nouvelles ou changées : 李娜." in text_of(capsys.readouterr().out)


def test_one_goal_alone(cohort):
    feedback(["But 2"], cohort.root, models=False, release=False)
    assert page(cohort, "awa", "2").exists()
    assert not page(cohort, "awa", "1").exists()
    assert "But 1" in plain(whole(cohort, "paul"))


def test_who_is_not_graded_has_no_page_and_an_ungraded_class_is_told(given, tmp_path):
    assert not (given.feedback / "absente").exists()
    with pytest.raises(Refusal, match="Aucune copie n’est corrigée"):
        feedback([], promotion(tmp_path / "vide").root, models=False, release=False)
    with pytest.raises(Refusal, match=r"n’est pas un cahier de ce cours.*choisissez parmi but-1"):
        feedback(["but-9"], given.root, models=False, release=False)


def test_nbgrader_s_own_command_makes_the_same_page(given):
    """Its door needs the graded notebook; what stands in it is nobody's business."""
    ours = page(given, "awa").read_bytes()
    notebook = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    (given.autograded / "awa" / "but-1" / "but-1.ipynb").write_text(notebook)
    config = Config(PyFileConfigLoader("nbgrader_config.py", path=str(given.root)).load_config())
    page(given, "awa").unlink()
    result = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config).generate_feedback("but-1", "awa")
    assert result["success"], result
    assert page(given, "awa").read_bytes() == ours


def test_through_the_exchange_go_those_that_came_by_it_and_the_others_are_told(cohort, capsys):
    exchange = cohort.folder / "exchange" / "soins-centres-personnes"
    (exchange / "feedback").mkdir(parents=True)
    for name in ("paul", "李娜"):
        (cohort.autograded / name / "but-1" / "submission_secret.txt").write_text(name.encode().hex() * 8)
    feedback(["but-1"], cohort.root, models=False, release=False)
    assert "L’échange de nbgrader peut en rendre 3 : ajoutez --rendre" in text_of(capsys.readouterr().out)
    assert not list((exchange / "feedback").iterdir())
    feedback(["but-1"], cohort.root, models=False, release=True)
    said = text_of(capsys.readouterr().out)
    assert "but-1 : 3 retours par l’échange de nbgrader." in said
    assert "1 retour à remettre à la main" in said
    assert "N’envoyez jamais un zip lui-même" in said
    assert len(list((exchange / "feedback").iterdir())) == 3
    released = exchange / "feedback" / f"{notebook_hash(secret=SECRET, notebook_id='but-1')}.html"
    assert released.read_bytes() == page(cohort, "awa").read_bytes()
