"""The page that settles an appeal, and the deadlines that it shows."""

import csv
import re
from datetime import UTC, datetime, timedelta

import pytest
from giveback_class import AWA, ZOE, rows
from promotion import AT, review, text_of

from course.commands import main
from course.core.refusal import Refusal
from course.instructor.cohort import deadlines
from course.instructor.cohort.deadlines import Personal, Standing
from course.instructor.giveback import trainee
from course.instructor.giveback.command import feedback
from course.instructor.giveback.deadline import deadline
from course.instructor.intake.names import BETWEEN
from course.instructor.intake.store import HEADINGS

LATER = datetime(2026, 12, 10, tzinfo=UTC)


def register(cohort, *lines):
    path = cohort.folder / "recus" / "registre.csv"
    path.parent.mkdir()
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows([HEADINGS, *lines])


def test_all_that_happened_is_there_in_order_with_who_did_it_and_why(cohort, capsys):
    register(
        cohort,
        ("abc.zip", "k", "20/11/2026 10:00:00 UTC", f"mails{BETWEEN}awa.zip", "but-1", "19/11/2026 08:00:00 UTC",
         "awa | paul", "", "pris", ""),
        ("", "", "18/11/2026 10:00:00 UTC", f"mails{BETWEEN}photo <1>.jpg", "", "", "awa",
         "une photo ; demandez le cahier", "refusé", ""),
        ("", "", "18/11/2026 10:00:00 UTC", "de Zoé.zip", "but-1", "", "zoé d’été", "", "pris", ""),
    )  # fmt: skip
    feedback([], cohort.root, models=False, release=False)
    review(cohort, ("awa", "paul"), "1.2", (2, 2, 2, 2, 0, 0), "-Dites le besoin.")
    capsys.readouterr()
    trainee.show("ouedraogo AWA", cohort.root)
    assert "Awa Ouédraogo (awa) : 1 fichier reçu, 1 refusé, 4 notes, 3 retours." in text_of(capsys.readouterr().out)
    found = rows(cohort.reports / "stagiaires" / "awa.csv")
    assert [row["événement"] for row in found] == ["refusé", "reçu", *["noté"] * 3, *["rendu"] * 3, "noté"]
    said = [text_of(row["détail"]) for row in found]
    assert "une photo ; demandez le cahier" in said[0]
    assert "daté du 19/11/2026" in said[1]
    assert "pour 2 personnes" in said[1]
    assert said[2].endswith("par Dr Zongo.")
    assert said[-1].startswith("Note de qualité changée : 11 sur 14, au lieu de 5,5, par Dr Zongo.")
    page = text_of(cohort.reports / "stagiaires" / "awa.html")
    assert "photo &lt;1&gt;.jpg" in page
    assert "Zoé" not in page
    assert "<script" not in page


def test_who_sent_nothing_has_a_page_and_who_is_nobody_has_a_sentence(cohort):
    trainee.show("absente", cohort.root)
    assert "Rien n’est encore arrivé" in text_of(cohort.reports / "stagiaires" / "absente.html")
    with pytest.raises(Refusal, match="Personne ne s’appelle"):
        trainee.show("quelqu’un d’autre", cohort.root)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("15/12/2026", datetime(2026, 12, 15, 23, 59, 59)),
        ("5/2/2027 18:00", datetime(2027, 2, 5, 18)),
        ("15.12.2026 à 18 h", datetime(2026, 12, 15, 18)),
        ("15/12/2026 à 18 h 30", datetime(2026, 12, 15, 18, 30)),
        ("2026-12-15 00:00:00", datetime(2026, 12, 15)),
        ("2026-12-15T18:30", datetime(2026, 12, 15, 18, 30)),
        ("30/02/2026", None),
        ("demain", None),
        ("15/12/26", None),
        ("15/12/2026 25:00", None),
    ],
)
def test_a_date_is_read_as_a_person_or_a_spreadsheet_writes_it(text, moment):
    assert deadlines.parsed(text) == (moment.astimezone() if moment else None)


def test_how_a_hand_in_stands_to_its_deadline():
    due = AT.replace(tzinfo=UTC)
    hour = timedelta(hours=1)
    people = {("awa", "1"): Personal(due + 2 * hour, False), ("paul", "1"): Personal(None, True)}
    dates = deadlines.Deadlines({"1": due}, people)
    standings = {
        ("zoé", "1", due): Standing.IN_TIME,
        ("zoé", "1", due + hour): Standing.LATE,
        ("zoé", "2", due + hour): Standing.NO_DEADLINE,
        ("zoé", "1", None): Standing.LATE,
        ("awa", "1", due): Standing.IN_TIME,
        ("awa", "1", due + hour): Standing.EXTENDED,
        ("awa", "1", due + 3 * hour): Standing.LATE,
        ("paul", "1", due + hour): Standing.EXCUSED,
        ("paul", "1", None): Standing.EXCUSED,
    }
    for (student, goal, at), standing in standings.items():
        assert dates.standing(student, goal, at, LATER) is standing, (student, goal, at)


def test_a_deadline_is_set_extended_shown_and_removed(cohort, capsys):
    deadline(["But 1"], "18/11/2026", folder=cohort.root)
    deadline(["1"], "21/11/2026 18:00", "ouedraogo awa", folder=cohort.root)
    deadline(["1"], name=ZOE.id, excused=True, folder=cohort.root)
    said = text_of(capsys.readouterr().out).rpartition("But 1 :")[2]
    assert "En retard, ou pas remis à l’échéance : Paul Kaboré, 李娜" in said
    assert f"Dans un délai prolongé : {AWA.name}." in said
    assert "Excusés : Zoé N’Guessan <i>." in said
    trainee.show("awa", cohort.root)
    assert "échéance le 21/11/2026 à 18 h 00 : dans le délai prolongé." in text_of(capsys.readouterr().out)
    for name in ("", "awa", ZOE.id):
        deadline(["1"], name=name, remove=True, folder=cohort.root)
    assert "Aucune échéance n’est fixée" in text_of(capsys.readouterr().out)


def test_a_table_from_excel_is_read_and_a_wrong_line_is_named(cohort):
    path = cohort.folder / "echeances.csv"
    path.write_text("but,identifiant,échéance,excusé\nBut-2,,15/12/2026,\n2,awa,,OUI\n", encoding="cp1252")
    dates = deadlines.read(cohort)
    assert set(dates.goals) == {"2"}
    assert dates.people == {("awa", "2"): Personal(None, True)}
    for text, reason in (
        ("1;;demain;", "ligne 2.*« demain » n’est pas une date"),
        ("9;;15/12/2026;", "ligne 2.*cahier"),
    ):
        path.write_text(f"but;identifiant;échéance;excusé\n{text}\n", encoding="utf-8")
        with pytest.raises(Refusal) as refusal:
            deadlines.read(cohort)
        assert re.search(reason, text_of(str(refusal.value)))


def test_what_is_wrong_on_the_command_line_is_one_sentence(cohort, capsys):
    folder = ["--dossier", str(cohort.root)]
    for words, reason in (
        (["--date", "15/12/2026"], "Dites de quel cahier"),
        (["but-1", "--date", "hier"], "n’est pas une date"),
        (["but-1", "--excuser"], "On excuse une personne"),
        (["but-8", "--date", "15/12/2026"], "n’est pas un cahier"),
    ):
        assert main(["deadline", *words, *folder]) == 2
        assert reason in text_of(capsys.readouterr().err)
    assert not (cohort.folder / "echeances.csv").exists()
