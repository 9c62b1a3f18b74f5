"""The sheet of a trainee, what was given back before, and what leaves with the pages."""

import csv
import io
import zipfile

from giveback_class import AWA, LI, NOBODY, PAUL, ZOE, rows
from promotion import GOALS, Trainee, hand_in, promotion, review, text_of
from sqlalchemy import select

from course.core import rubric
from course.instructor.cohort import schema
from course.instructor.cohort.gradebook import opened
from course.instructor.giveback import records, report_card, returns
from course.instructor.giveback.command import feedback
from course.instructor.intake.names import BETWEEN
from course.instructor.intake.store import HEADINGS


def give_back(cohort, *goals):
    feedback(list(goals), cohort.root, models=False, release=False)


def sheet(cohort, student):
    return text_of(cohort.feedback / student / "feuille.html")


def card_of(cohort, student):
    with opened(cohort) as connection:
        (record,) = records.read(connection, cohort, [student])
        return report_card.card(record, returns.Returns({}, {}))


def test_a_sheet_has_the_marks_the_comments_and_what_to_do_next(cohort):
    give_back(cohort)
    card = card_of(cohort, "awa")
    assert [(line.id, line.total, line.verdict) for line in card.lines] == [
        ("1.1", "15", "réussi"), ("1.2", "11", "pas encore"), ("1.3", "19,5", "réussi"),
        ("2.1", "–", "en attente"), ("2.2", "–", "en attente"),
    ]  # fmt: skip
    points = [f"{float(criterion.worth(level)):g}".replace(".", ",") for criterion, level in
              zip(rubric.load(), (2, 1, 2, 1, 0, 2), strict=True)]  # fmt: skip
    assert list(card.lines[0].criteria) == points
    assert [(comment.id, comment.text) for comment in card.comments] == [
        ("1.1", "Très <b>concret</b> & net. =1+1"), ("1.2", "-Dites le besoin.")
    ]  # fmt: skip
    canvases, sentence = card.steps[0]
    assert canvases == "1.2, 1.1"  # the one that does not pass comes first
    weakest = rubric.load()[4]
    assert text_of(sentence).endswith(f"{text_of(weakest.short_title)} : visez « {text_of(weakest.levels[2])} ».")
    assert card.missing == "les buts 3, 4 et 5"
    assert "Très &lt;b&gt;concret&lt;/b&gt;" in sheet(cohort, "awa")


def test_nothing_of_a_mark_that_waits_is_on_a_sheet(cohort):
    give_back(cohort)
    assert "brouillon" not in sheet(cohort, ZOE.id)
    assert [line.total for line in card_of(cohort, ZOE.id).lines] == ["20", "–", "–"]
    assert "Rien n’est encore corrigé" in sheet(cohort, LI.id)


def test_long_comments_share_the_room_and_short_ones_stay_whole(tmp_path):
    cohort = promotion(tmp_path / "cours", (AWA,))
    for goal in GOALS:
        hand_in(cohort, (AWA,), goal, "Texte")
        for objective in goal.objectives:
            short = objective.id.endswith(".1")
            review(cohort, (AWA.id,), objective.id, (2,) * 6, "Court." if short else "mot " * 900)
    comments = {comment.id: comment for comment in card_of(cohort, AWA.id).comments}
    assert {comment.text for identifier, comment in comments.items() if identifier.endswith(".1")} == {"Court."}
    assert all(comment.cut for identifier, comment in comments.items() if not identifier.endswith(".1"))
    assert sum(len(comment.text) for comment in comments.values()) <= 3_400


def test_the_class_prints_from_one_page_with_a_sheet_for_each_who_handed_in(cohort):
    give_back(cohort)
    page = text_of(cohort.reports / "feuilles.html")
    assert page.count("<h1>Mes retours</h1>") == 4
    assert [page.index(name) for name in ("Awa Ouédraogo", "Paul Kaboré", "N’Guessan", "李娜")]
    assert NOBODY.last_name not in page


def test_a_mark_that_changes_after_it_was_given_back_says_so_until_it_changes_again(cohort):
    give_back(cohort)
    assert "Notes corrigées" not in sheet(cohort, "awa")
    review(cohort, ("awa", "paul"), "1.2", (2, 2, 2, 2, 0, 0), "-Dites le besoin.")
    give_back(cohort)
    for student in ("awa", "paul"):
        said = sheet(cohort, student)
        assert "Canevas 1.2 : 16,5 sur 20 depuis le" in said
        assert "au lieu de 11 dans le retour du" in said
    assert "Notes corrigées" not in sheet(cohort, ZOE.id)
    before = sheet(cohort, "awa")
    give_back(cohort)
    assert sheet(cohort, "awa") == before  # the notice stays, and nothing is new


def test_the_page_on_all_goals_gives_all_of_them_back(cohort):
    give_back(cohort, "but-2")
    with opened(cohort) as connection:
        kept = connection.execute(select(schema.returned.c.objective).where(schema.returned.c.student == "awa"))
        assert sorted(kept.scalars()) == ["1.1", "1.2", "1.3"]


def test_a_comment_alone_is_new_and_is_no_correction_of_a_mark(cohort):
    give_back(cohort)
    review(cohort, ("awa",), "1.1", (2, 1, 2, 1, 0, 2), "Autre commentaire.")
    give_back(cohort)
    assert "Notes corrigées" not in sheet(cohort, "awa")
    (path,) = cohort.reports.glob("retours-nouveaux-*.zip")
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["publipostage.csv", "Awa-Ouedraogo_retours.html"]


def test_a_table_for_mail_merge_has_a_row_for_each_page_of_the_zip(cohort):
    give_back(cohort)
    with zipfile.ZipFile(cohort.reports / "retours-ensemble.zip") as archive:
        table = archive.read("publipostage.csv").decode("utf-8-sig")
        names = set(archive.namelist())
    found = list(csv.DictReader(io.StringIO(table), delimiter=";"))
    assert [row["adresse"] for row in found] == [person.email for person in (AWA, PAUL, ZOE, LI)]
    assert {row["fichier"] for row in found} == names - {"publipostage.csv"}
    assert not list(cohort.reports.glob("retours-nouveaux-*.zip"))  # the first time, all are new


def test_moodle_s_zip_has_the_folders_that_its_export_had(tmp_path):
    people = (AWA, PAUL, ZOE, Trainee("eve", "Ève", "Sanou"))
    cohort = promotion(tmp_path / "cours", people)
    hand_in(cohort, people, GOALS[0], "Texte")
    register(
        cohort,
        ("classe.zip", "Awa Ouédraogo_4301_assignsubmission_file_", "1.1.json"),
        ("classe.zip", "KABORE Paul_4302_assignsubmission_file", "Awa Ouédraogo_4302_assignsubmission_file_", "a.zip"),
        ("paul.zip", "Ève Sanou_4302_assignsubmission_file_", "1.1.json"),  # made by hand, with Paul's number
    )
    give_back(cohort)
    with zipfile.ZipFile(cohort.reports / "retours-but-1-moodle.zip") as archive:
        assert archive.namelist() == ["Awa Ouédraogo_4301_assignsubmission_file_/but-1.html"]
        assert archive.read(archive.namelist()[0]) == (cohort.feedback / "awa" / "but-1" / "but-1.html").read_bytes()
    register(cohort)
    give_back(cohort)
    assert not (cohort.reports / "retours-but-1-moodle.zip").exists()


def register(cohort, *paths):
    """The register of intake, with a hand-in of the whole group for each path."""
    path = cohort.folder / "recus" / "registre.csv"
    path.parent.mkdir(exist_ok=True)
    lines = [
        ("", f"{number}", "01/12/2026 10:00:00 UTC", BETWEEN.join(parts), "but-1", "", "awa | paul | zoé d’été | eve",
         "", "pris", "")
        for number, parts in enumerate(paths)
    ]  # fmt: skip
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([HEADINGS, *lines])
    path.write_text(text.getvalue(), encoding="utf-8-sig")
    assert rows(path) or not paths
