"""Progress is counted from files: what they say, no more; a file that cannot be read stops nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cards import Cards
from promotion import text_of

from course.commands import main
from course.core import attestation, pages, quizzes, syllabus, team
from course.core.answers.edits import Edit
from course.core.answers.store import AnswersStore
from course.core.progress import Progress, journey, lessons
from course.core.results import ResultsStore
from course.core.team import Team
from course.workbook.progress.widget import ProgressWidget
from course.workbook.quiz.widget import QuizWidget


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    for goal in syllabus.load().goals:
        (tmp_path / "exercises" / goal.assignment).mkdir(parents=True)
    (tmp_path / "modules").mkdir()
    return tmp_path


def fill(workbook: Path, option: str) -> None:
    objective = syllabus.load().objective(syllabus.load().option(option).objective)
    row = {"option": option, "client": "essai"}
    edits = [
        Edit("set", f"s-{option}", field="strategy", value="Réunir les familles du village", number=1, **row),
        Edit(
            "set",
            f"a-{option}",
            parent=f"s-{option}",
            field="action",
            value="Fixer une date avec elles",
            number=2,
            **row,
        ),
    ]
    AnswersStore(workbook / "exercises" / f"but-{objective.goal}", objective).save(edits)


def answer(workbook: Path, quiz: str, number: int, *, read: bool = False) -> None:
    questions = quizzes.load(quiz).questions[:number]
    changes = {question.key: {"chosen": [0], "checked": True, "tries": 1} for question in questions}
    ResultsStore(workbook / "modules", quizzes.load(quiz)).save({"questions": changes, "read": read})


def test_lessons_are_those_with_a_quiz_and_know_their_goal_and_title() -> None:
    found = {lesson.id: lesson for lesson in lessons()}
    assert tuple(found) == quizzes.names()
    assert found["01-introduction"].goal == ""
    assert found["04-but-1-autonomiser-et-mobiliser"].goal == "1"
    assert found["02-concepts"].title.startswith("Concepts")


def test_an_empty_workbook_has_everything_before_it(workbook: Path) -> None:
    found = journey(workbook / "modules")
    questions = sum(len(quizzes.load(name).questions) for name in quizzes.names())
    assert found.total == Progress(len(quizzes.names()), questions, 57)
    assert [part.goal.id if part.goal else "" for part in found.parts] == ["", "1", "2", "3", "4", "5"]
    assert not list(workbook.rglob("*.json")), "counting writes nothing"


def test_counts_what_was_read_answered_and_filled_in_its_goal_and_in_all(workbook: Path) -> None:
    fill(workbook, "1.1.a")
    fill(workbook, "1.3.b")
    fill(workbook, "5.1.a")
    answer(workbook, "02-concepts", 3)
    answer(workbook, "04-but-1-autonomiser-et-mobiliser", 2, read=True)
    for folder in (workbook / "modules", workbook, workbook / "exercises" / "but-2"):
        found = journey(folder)
        counts = [(part.progress.read, part.progress.answered, part.progress.filled) for part in found.parts]
        assert counts == [(0, 3, 0), (1, 2, 2), (0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 1)]
        assert (found.total.read, found.total.answered, found.total.filled) == (1, 5, 3)
        assert found.unreadable == ()


def test_a_file_that_cannot_be_read_is_named_and_counted_as_empty(workbook: Path) -> None:
    fill(workbook, "2.1.a")
    (workbook / "exercises" / "but-1" / "reponses").mkdir()
    (workbook / "exercises" / "but-1" / "reponses" / "1.1.json").write_bytes(b"{")
    (workbook / "modules" / "resultats").mkdir()
    (workbook / "modules" / "resultats" / "02-concepts.json").write_bytes(b"[]")
    found = journey(workbook / "modules")
    assert set(found.unreadable) == {"1.1.json", "02-concepts.json"}
    assert (found.total.filled, found.total.answered) == (1, 0)


@pytest.mark.browser
def test_the_table_says_it_in_words_leads_there_and_counts_again_when_one_comes_back(page: Any, workbook: Path) -> None:
    fill(workbook, "1.1.a")
    cards = Cards(page)
    page.set_viewport_size({"width": 900, "height": 900})
    cards.show(ProgressWidget(workbook / "modules"))
    page.get_by_role("region", name="Ma progression").wait_for()
    row = page.get_by_role("row").filter(has_text="But 1")
    assert "1 option traitée sur 11" in row.inner_text().replace("\n", " ")
    assert "1 option traitée sur 57" in page.get_by_role("row").filter(has_text="En tout").inner_text().replace(
        "\n", " "
    )
    paths = row.get_by_role("link").evaluate_all(
        "(links) => links.map((a) => JSON.parse(a.dataset.commandlinkerArgs).path)"
    )
    assert paths == ["modules/04-but-1-autonomiser-et-mobiliser.ipynb", "exercises/but-1/but-1.ipynb"]
    fill(workbook, "1.1.b")
    page.evaluate("dispatchEvent(new Event('focus'))")
    row.get_by_text("2 options traitées sur 11").wait_for()
    fill(workbook, "1.1.c")
    page.evaluate("document.querySelector('.course-progress').parentElement.style.display = 'none'")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.evaluate("document.querySelector('.course-progress').parentElement.style.display = ''")
    row.get_by_text("3 options traitées sur 11").wait_for()
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.browser
def test_what_is_saved_beside_it_is_counted_at_once(page: Any, workbook: Path) -> None:
    name = quizzes.names()[0]
    cards = Cards(page)
    cards.show(ProgressWidget(workbook / "modules"))
    cards.show(QuizWidget(quizzes.load(name), workbook / "modules"))
    page.get_by_role("button", name="J’ai lu cette leçon").click()
    page.get_by_role("row").filter(has_text="En tout").get_by_text("1 leçon lue sur").wait_for()


def attest(workbook: Path) -> int:
    return main(["attestation", "--dossier", str(workbook)])


def test_each_person_of_a_workbook_has_an_attestation_of_what_its_files_say(workbook: Path, capsys: Any) -> None:
    (workbook / "modules" / "02-concepts.ipynb").touch()
    assert attest(workbook) == 2
    assert "Personne n’est nommé" in text_of(capsys.readouterr().err)
    team.save(workbook, Team("Groupe <2>", ("Awa Traoré", "Awa Traore", "../../<b>Ali</b>")))
    assert attest(workbook) == 2
    assert "Rien n’est encore fait" in text_of(capsys.readouterr().err)
    assert not (workbook / "attestations").exists()
    fill(workbook, "1.1.a")
    fill(workbook, "5.1.a")
    answer(workbook, "02-concepts", 3, read=True)
    assert attest(workbook) == 0
    written = sorted((workbook / "attestations").iterdir())
    assert [path.name for path in written] == [
        "attestation-Awa-Traore-2.html", "attestation-Awa-Traore.html", "attestation-b-Ali-b.html",
    ]  # fmt: skip
    text = text_of(written[1].read_text())
    for words in ("Attestation de participation", "Awa Traoré", "Groupe &lt;2&gt;", "1 leçon lue sur 11",
                  "2 options traitées sur 57, dans 2 canevas sur 18", "ni un diplôme ni un titre"):  # fmt: skip
        assert words in text
    before = [path.read_bytes() for path in written]
    assert attest(workbook) == 0
    assert [path.read_bytes() for path in written] == before, "one that says the same keeps its date and its code"
    assert main(["verify", str(written[1])]) == 0
    assert "Aucune clé ne l’a signé" in text_of(capsys.readouterr().out)
    written[1].write_bytes(before[1].replace("Traoré".encode(), b"Barry"))
    assert main(["verify", str(written[1])]) == 2
    assert "changée depuis qu’elle a été faite" in text_of(capsys.readouterr().err)


def test_the_length_of_a_lesson_is_what_it_announces() -> None:
    lengths = {page.stem: pages.length(page) for page in pages.load() if page.kind == pages.LESSON}
    assert lengths["04-but-1-autonomiser-et-mobiliser"] == (10, 135)
    assert not [stem for stem, (talk, practice) in lengths.items() if not talk or not practice]


@pytest.mark.browser
def test_the_button_says_who_is_missing_then_gives_a_page_to_each(page: Any, workbook: Path) -> None:
    fill(workbook, "1.1.a")
    cards = Cards(page)
    cards.show(ProgressWidget(workbook / "modules"))
    page.get_by_text("Mon attestation de participation").click()
    button = page.get_by_role("button", name="Faire mon attestation")
    button.click()
    page.get_by_text("Personne n’est nommé").wait_for()
    team.save(workbook, Team("", ("Awa Traoré", "Ali Barry")))
    with page.expect_download() as download:
        button.click()
        page.get_by_role("link", name="Télécharger l’attestation de Ali Barry").click()
    assert download.value.suggested_filename == "attestation-Ali-Barry.html"
    seal = attestation.read(Path(download.value.path()))
    assert (seal.person, seal.kind) == ("Ali Barry", attestation.Kind.PARTICIPATION)
