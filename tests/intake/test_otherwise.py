"""What was handed in otherwise, in Word, in Excel or on paper: taken in like any other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from planning import filled as filled_workbook
from planning import said
from promotion import GOALS, Team, Trainee, hand_in, promotion, text_of

from course.commands import main
from course.core import syllabus, team
from course.core.plan.store import PlanStore
from course.core.refusal import Refusal
from course.documents.canvases import blank
from course.documents.command import write_plan, written
from course.documents.model import Paper
from course.instructor.cohort import plans
from course.instructor.cohort.places import Cohort
from course.instructor.intake.otherwise import enter, typed_rows
from course.instructor.intake.store import Register, State
from course.workbook.handin.command import submit

AWA, PAUL, ZOE = (
    Trainee("awa.o", "Awa", "Ouédraogo", group="Groupe 3"),
    Trainee("paul.k", "Paul", "Kaboré", group="Groupe 3"),
    Trainee("zoe.n", "Zoé", "N’Guessan"),
)


@pytest.fixture
def cohort(tmp_path: Path) -> Cohort:
    return promotion(tmp_path / "cours", (AWA, PAUL, ZOE))


def canvas(cohort: Cohort, student: Trainee, objective: str) -> list[tuple[str, str]]:
    """Each strategy that was handed in, with its actions."""
    path = cohort.submitted / student.id / f"but-{objective[0]}" / "reponses" / f"{objective}.json"
    options = json.loads(path.read_text(encoding="utf-8"))["options"]
    return [
        (row["strategy"], " | ".join(action["action"] for action in row["actions"]))
        for rows in options.values()
        for row in rows
    ]


def filled(folder: Path, form: str) -> Path:
    """A blank canvas 1.1 that somebody filled in without the course."""
    objective = syllabus.load().objective("1.1")
    path = folder / f"canevas.{form}"
    path.write_bytes(written(blank("Canevas 1.1", [objective], Paper.A4), form))
    if form == "xlsx":
        import openpyxl  # noqa: PLC0415

        book = openpyxl.load_workbook(path)
        sheet = book[book.sheetnames[0]]
        row = next(row for row in sheet.iter_rows() if any("1.1.a" in str(cell.value) for cell in row))
        heads = {str(cell.value): cell.column for line in sheet.iter_rows(max_row=row[0].row) for cell in line}
        sheet.cell(row[0].row, heads["Stratégie"]).value = "Écouter les familles"
        sheet.cell(row[0].row, heads["Action"]).value = "Réunir dix familles"
        book.save(path)
    return path


def test_a_canvas_in_excel_goes_to_the_one_it_is_entered_for(cohort: Cohort, tmp_path: Path) -> None:
    enter([filled(tmp_path, "xlsx")], "n'guessan zoe", folder=cohort.root, ask=False)
    assert canvas(cohort, ZOE, "1.1") == [("Écouter les familles", "Réunir dix familles")]
    assert not (cohort.submitted / AWA.id).exists()
    places = {line.place: line for line in Register(cohort).lines}
    kept = places["remis autrement › canevas.xlsx"]
    assert (kept.state, kept.students) == (State.TAKEN, frozenset({ZOE.id}))
    assert (cohort.folder / "recus" / kept.original).is_file()


def test_what_is_typed_of_a_paper_goes_to_a_group_beside_what_it_has(cohort: Cohort, tmp_path: Path) -> None:
    enter([], "groupe 3", text="1.1.a : Former les relais → Réunir", folder=cohort.root, ask=False)
    photo = tmp_path / "feuille <1>.JPG"
    photo.write_bytes(b"\xff\xd8")
    text = "1.3.a : Aller vers les hameaux → Tenir une séance\nCompter les absents"
    enter([photo], "groupe 3", "1.3", text, folder=cohort.root, ask=False)
    for student in (AWA, PAUL):
        assert canvas(cohort, student, "1.3") == [("Aller vers les hameaux", "Tenir une séance | Compter les absents")]
        assert canvas(cohort, student, "1.1") == [("Former les relais", "Réunir")]
    attached = next(line for line in Register(cohort).lines if line.place.endswith("feuille <1>.JPG"))
    assert (attached.content, attached.students) == ("1.3", frozenset({AWA.id, PAUL.id}))
    assert attached.original.endswith(".jpg")


def test_entered_twice_nothing_is_there_twice(cohort: Cohort, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(2):
        enter([], "zoe.n", text="2.1.a : Afficher les comptes → Le faire chaque mois", folder=cohort.root, ask=False)
    assert canvas(cohort, ZOE, "2.1") == [("Afficher les comptes", "Le faire chaque mois")]
    assert "Rien de nouveau" in text_of(capsys.readouterr().out)


def test_one_of_a_group_enters_for_the_group(cohort: Cohort) -> None:
    enter([], "Groupe 3", text="1.1.a : Former → Réunir", folder=cohort.root, ask=False)
    enter([], "awa.o", text="1.1.b : Une autre → Une action", folder=cohort.root, ask=False)
    assert canvas(cohort, PAUL, "1.1") == [("Former", "Réunir"), ("Une autre", "Une action")]


def test_what_came_by_the_exchange_is_not_replaced_unasked(cohort: Cohort, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(cohort, (AWA, PAUL), GOALS[0], "Former", Team("Groupe 3", (AWA.name, PAUL.name)))
    enter([], "awa.o", text="1.1.a : Une autre → Une action", folder=cohort.root, ask=False)
    assert ("Une autre", "Une action") not in canvas(cohort, PAUL, "1.1")
    assert "à attribuer" in text_of(capsys.readouterr().out)


def test_a_follow_up_sheet_in_word_shows_in_the_class_and_the_rest_of_the_plan_stays(
    cohort: Cohort, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (root := tmp_path / "classeur").mkdir()
    folder = filled_workbook(root)
    (root / team.FILE).write_bytes(team.written(Team("Groupe 3", (AWA.name, PAUL.name))))
    store = PlanStore(folder)
    store.save([said(option, "chosen", "1", number) for number, option in enumerate(("1.1.a", "2.1.a"), 1)])
    for number in (1, 2):
        submit(f"but-{number}", root, sure=True)
    assert main(["intake", str(root), "--sans-question", "--dossier", str(cohort.root)]) == 0
    store.save([said("1.1.a", "status", "done", 3), said("1.1.a", "effect", "Les femmes viennent", 4)])
    sheet = write_plan("docx", root)
    capsys.readouterr()
    assert main(["enter", str(sheet), "--pour", "Groupe 3", "--sans-question", "--dossier", str(cohort.root)]) == 0
    assert "Plan : 2 réponses prises" in text_of(capsys.readouterr().out)
    [(label, lines)] = [(one.label, one.plan.lines) for one in plans.read(cohort)[0]]
    assert label == "Groupe 3"
    assert sorted((line.option, line.status, line.effect) for line in lines) == [
        ("1.1.a", "done", "Les femmes viennent"), ("2.1.a", "", ""),
    ]  # fmt: skip
    assert main(["enter", str(sheet), "--pour", "Groupe 3", "--sans-question", "--dossier", str(cohort.root)]) == 0
    assert "Rien de nouveau" in text_of(capsys.readouterr().out)
    assert main(["enter", str(sheet), "--pour", ZOE.id, "--sans-question", "--dossier", str(cohort.root)]) == 0
    said_of_it = text_of(capsys.readouterr().out)
    assert "Rien n’en est repris. Ce fichier est celui de : Groupe 3" in said_of_it
    assert "Rien de nouveau" in said_of_it


def test_the_desk_s_folder_is_emptied_once_the_class_has_what_was_there(cohort: Cohort, tmp_path: Path) -> None:
    cohort.otherwise.mkdir()
    there = filled(cohort.otherwise, "xlsx")
    elsewhere = filled(tmp_path, "docx")
    enter([cohort.otherwise, elsewhere], "zoe.n", folder=cohort.root, ask=False)
    assert not there.exists()
    assert elsewhere.exists()
    assert {line.place for line in Register(cohort).lines if line.place.startswith("remis autrement")} == {
        "remis autrement › canevas.xlsx",
        "remis autrement › canevas.docx",
    }


def test_what_is_wrong_is_one_sentence_and_nothing_is_taken(
    cohort: Cohort, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "abîmé.xlsx"
    broken.write_bytes(b"PK\x03\x04 tronqu\xe9")
    for words, reason in (
        ([str(broken), "--pour", "zoe.n"], "« abîmé.xlsx »"),
        (["--pour", "zoe.n", "--texte", "une ligne sans option"], "dites de quelle option elle est"),
        (["--pour", "zoe.n", "--canevas", "9.9", "--texte", "x"], "n’est pas un canevas"),
        (["--pour", "quelqu’un", "--texte", "1.1.a : x → y"], "Personne ne s’appelle"),
        (["--texte", "1.1.a : x → y"], "Dites de qui est ce travail"),
        (["--pour", "zoe.n"], "Dites ce qui a été remis"),
    ):
        assert main(["enter", *words, "--sans-question", "--dossier", str(cohort.root)]) == 2, words
        assert reason in text_of(capsys.readouterr().err), words
    assert not cohort.submitted.exists() or not list(cohort.submitted.iterdir())


def test_lines_belong_to_the_option_and_the_strategy_above() -> None:
    text = "1.1.a – Écouter → Réunir\nAfficher\n1.1.b) Décider ensemble | Former\n\nInformer"
    assert typed_rows(text) == [
        ("1.1.a", "Écouter", "Réunir"),
        ("1.1.a", "Écouter", "Afficher"),
        ("1.1.b", "Décider ensemble", "Former"),
        ("1.1.b", "Décider ensemble", "Informer"),
    ]
    assert typed_rows("Écouter => Réunir", "1.2") == [("1.2.a", "Écouter", "Réunir")]
    with pytest.raises(Refusal, match="Ligne 1"):
        typed_rows("Écouter => Réunir")
