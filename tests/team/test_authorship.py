"""Whose the answers are: names typed over those of a first group wait for a person's word (case `second-group`)."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from course.core import authorship, syllabus, team, workbooks
from course.core.answers.edits import Edit
from course.core.answers.store import AnswersStore
from course.core.folders import RECORD
from course.core.handin.package import pack
from course.core.handin.receipt import deliver
from course.core.plan.store import PlanStore
from course.core.quizzes import load
from course.core.refusal import NotWritten
from course.core.results import ResultsStore
from course.core.team import Team, newcomers, same_people
from course.core.workbooks import Workbook
from course.workbook.team.widget import TeamKeeper

BAOBABS = Team("Les Baobabs", ("Awa Ouédraogo", "Issa Kaboré"))
CAILCEDRATS = Team("Les Caïlcédrats", ("Fatou Traoré", "Moussa Diallo"))
GOAL = syllabus.load().goal("1")


CHOICE = Edit("set", "1-1-a", "1.1.a", "s1", "chosen", "1", client="page", number=1)


def write(root: Path, text: str) -> None:
    """Writes a strategy into the first canvas, as a page does."""
    store = AnswersStore(root / "exercises/but-1", syllabus.load().objective("1.1"))
    page = f"page{store.open().document['revision']}"
    store.save([Edit("set", "s1", "1.1.a", field="strategy", value=text, base=99, client=page, number=1)])


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workbook of this computer in which the Baobabs have named themselves and filled a canvas."""
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    root = tmp_path / "soins-centres-personnes"
    (root / "exercises/but-1").mkdir(parents=True)
    (root / RECORD).write_text('{"format": "classeur/1", "cahiers": {}}')
    authorship.propose(root, BAOBABS)
    write(root, "Former les pairs éducateurs")
    return root


class Page:
    """A page with the form, whose messages a keeper gets."""

    def __init__(self, root: Path) -> None:
        self.keeper = TeamKeeper(root)
        self.opened = self.keeper.state(self.keeper.open()[0])
        self.number = 0

    def type(self, who: Team, answer: str | None = None, drafts: tuple[str, ...] = ()) -> dict[str, Any]:
        self.number += 1
        fields = {"group": who.group, "members": list(who.members), "drafts": list(drafts)}
        return self.keeper.save({"number": self.number, **fields, "answer": answer})


def typed_over(before: Team, after: Team) -> list[Team]:
    """What the form holds while one name after another is typed over."""
    group = [Team(after.group, before.members)]
    return group + [
        Team(after.group, (*after.members[:number], *before.members[number:]))
        for number in range(1, len(after.members) + 1)
    ]


class TestNames:
    @pytest.mark.parametrize(
        "after",
        [
            BAOBABS,
            Team("les baobabs", ("awa ouedraogo", "Issa Kaboré")),
            Team("Les Baobab", ("Awa Ouedrogo", "Issa Kabore")),
            Team("Les Baobabs", ("Ouédraogo Awa", "Issa Kaboré", "Paul K.")),
            Team("Les Baobabs", ("Issa Kaboré", "Awa Rokia Ouédraogo")),
        ],
    )
    def test_a_joined_person_or_a_slip_of_spelling_are_the_same_people(self, after: Team) -> None:
        assert same_people(BAOBABS, after)

    @pytest.mark.parametrize(
        "after",
        [
            Team(),
            Team("", BAOBABS.members),
            Team("Les Baobabs"),
            Team("Les Baobabs", ("Awa Ouédraogo",)),
            Team("Les Baobabs 2", BAOBABS.members),
            Team("Les Karités", BAOBABS.members),
            Team("Les Baobabs", ("Awa Ouédraogo", "Issa Traoré")),
            Team("Les Baobabs", ("Awa", "Issa Kaboré")),
            Team("Les Baobabs", ("Ama Ouédraogo", "Issa Kaboré")),
            *typed_over(BAOBABS, CAILCEDRATS),
        ],
    )
    def test_a_name_that_is_gone_or_another_s_is_other_people(self, after: Team) -> None:
        assert not same_people(BAOBABS, after)

    def test_short_names_numbers_and_initials_tell_people_apart(self) -> None:
        for one, other in (
            ("Ali K.", "Ali T."), ("Paul", "Saul"), ("Awa", "Ava"), ("Stagiaire 1", "Stagiaire 2"), ("Issa", "Aïssa"),
        ):  # fmt: skip
            assert not same_people(Team("", (one,)), Team("", (other,))), (one, other)
        for one, other in (("Paul K.", "Paul Kaboré"), ("Awa", "Awa Traoré"), ("N’Diaye", "Ndiaye"), ("!", "!")):
            assert same_people(Team("", (one,)), Team("", (other,))), (one, other)
        groups = [Team(name) for name in ("Groupe 1", "Groupe 2", "Groupe 10", "Groupe A", "Groupe B", "Les Baobabs")]
        for group in groups:
            assert [other for other in groups if same_people(group, other)] == [group]

    def test_two_of_the_same_name_are_two(self) -> None:
        assert not same_people(Team("", ("Awa", "Awa")), Team("", ("Awa",)))

    def test_those_who_come_are_told_from_names_not_yet_typed_over(self) -> None:
        assert [newcomers(BAOBABS, half) for half in typed_over(BAOBABS, CAILCEDRATS)] == [
            Team("Les Caïlcédrats"),
            Team("Les Caïlcédrats", ("Fatou Traoré",)),
            CAILCEDRATS,
        ]
        assert newcomers(BAOBABS, Team("Les Baobabs", CAILCEDRATS.members)) == Team("Les Baobabs", CAILCEDRATS.members)
        alone = Team("", ("Issa Kaboré",))
        assert newcomers(Team("", ("Awa Ouédraogo", "Issa Kaboré")), alone) == alone


class TestHolding:
    def test_names_typed_over_in_order_wait_from_the_first_field_on(self, root: Path) -> None:
        page = Page(root)
        for half in typed_over(BAOBABS, CAILCEDRATS):
            answer = page.type(half)
            assert answer["kind"] == "team-asked"
            assert answer["team"]["authors"] == str(BAOBABS)
            assert answer["team"]["owner"] == f"Classeur de\u00a0: {BAOBABS}"
            assert team.read(root) == BAOBABS
            with pytest.raises(NotWritten, match="Ces réponses sont celles de"):
                hand_in(root, half)
            with pytest.raises(NotWritten, match="dites d’abord si c’est une correction"):
                hand_in(root, BAOBABS)
        assert not (root / "remises").exists()

    def test_letter_by_letter_the_first_names_come_back(self, root: Path) -> None:
        page = Page(root)
        for length in range(len("Issa Kaboré"), 0, -1):
            page.type(Team("Les Baobabs", ("Awa Ouédraogo", "Issa Kaboré"[:length])))
        fatou = Team("Les Baobabs", ("Awa Ouédraogo", "Fatou Traoré"))
        assert page.type(fatou)["kind"] == "team-asked"
        assert page.type(fatou, "others")["kind"] == "team-saved"
        assert team.read(root) == BAOBABS  # whole, whatever was saved as a slip of spelling on the way

    def test_many_small_changes_are_a_large_one_even_with_words_written_in_between(self, root: Path) -> None:
        page, name = Page(root), "Awa Ouédraogo"
        kinds = []
        for number in range(6):
            name = name[:-1]
            kinds.append(page.type(Team(BAOBABS.group, (name, "Issa Kaboré")))["kind"])
            write(root, f"Former les relais {number}")
        assert kinds == ["team-saved"] * 2 + ["team-asked"] * 4
        assert team.read(root).members[0] == "Awa Ouédrao"

    def test_a_person_added_before_the_question_leaves_with_the_others(self, root: Path) -> None:
        page = Page(root)
        assert page.type(Team(BAOBABS.group, (*BAOBABS.members, "Fatou Traoré")))["kind"] == "team-saved"
        assert page.type(CAILCEDRATS)["kind"] == "team-asked"
        page.type(CAILCEDRATS, "others")
        assert team.read(root) == BAOBABS

    def test_who_was_added_and_wrote_nothing_may_be_taken_away_and_who_wrote_may_not(self, root: Path) -> None:
        page = Page(root)
        three = Team(BAOBABS.group, (*BAOBABS.members, "Paul K."))
        assert page.type(three)["kind"] == "team-saved"
        assert page.type(BAOBABS)["kind"] == "team-saved"
        assert page.type(three)["kind"] == "team-saved"
        write(root, "Former les relais")
        assert page.type(BAOBABS)["kind"] == "team-asked"
        assert team.read(root) == three

    def test_names_under_which_was_handed_in_are_confirmed(self, root: Path) -> None:
        page = Page(root)
        three = Team(BAOBABS.group, (*BAOBABS.members, "Paul K."))
        page.type(three)
        hand_in(root, three)
        assert page.type(BAOBABS)["kind"] == "team-asked"

    def test_the_question_is_still_there_after_a_reload_a_death_and_in_a_second_tab(self, root: Path) -> None:
        first = Page(root)
        first.type(CAILCEDRATS)
        second = Page(root)
        assert second.opened["held"] == {"group": CAILCEDRATS.group, "members": list(CAILCEDRATS.members)}
        assert (second.opened["group"], second.opened["authors"]) == (BAOBABS.group, str(BAOBABS))
        assert second.type(CAILCEDRATS, "correction")["kind"] == "team-saved"
        assert team.read(root) == CAILCEDRATS
        assert Page(root).opened["held"] is None
        # The first tab's answer comes too late, and changes nothing.
        late = first.type(CAILCEDRATS, "others")
        assert (late["kind"], late["team"]["group"], late["room"]) == ("team-saved", CAILCEDRATS.group, "")
        assert [each.root for each in workbooks.known()] == [root]

    def test_an_answer_is_about_the_names_that_were_asked(self, root: Path) -> None:
        first, second = Page(root), Page(root)
        first.type(CAILCEDRATS)
        others = Team("Les Karités", ("Paul K.",))
        second.type(others)
        assert first.type(CAILCEDRATS, "correction")["kind"] == "team-asked"
        assert team.read(root) == BAOBABS
        assert first.type(CAILCEDRATS, "correction")["kind"] == "team-saved"

    def test_first_names_typed_back_end_the_question(self, root: Path) -> None:
        page = Page(root)
        page.type(CAILCEDRATS)
        assert page.type(BAOBABS)["kind"] == "team-saved"
        assert Page(root).opened["held"] is None
        hand_in(root, BAOBABS)

    @pytest.mark.parametrize("answer", ["correction", "others"])
    @pytest.mark.parametrize("writes", [0, 1])
    def test_a_program_that_ends_while_it_writes_an_answer_asks_again(
        self, root: Path, monkeypatch: pytest.MonkeyPatch, answer: str, writes: int
    ) -> None:
        page = Page(root)
        page.type(CAILCEDRATS)
        done: list[Path] = []
        real = authorship.files.write

        def failing(path: Path, raw: bytes) -> None:
            if path.parent == root:
                if len(done) == writes:
                    raise NotWritten("Le disque est plein.")
                done.append(path)
            real(path, raw)

        with monkeypatch.context() as patch:
            patch.setattr(authorship.files, "write", failing)
            assert page.type(CAILCEDRATS, answer)["kind"] == "team-not-saved"
        with pytest.raises(NotWritten):
            hand_in(root, team.read(root))
        again = Page(root)
        assert again.opened["held"] == {"group": CAILCEDRATS.group, "members": list(CAILCEDRATS.members)}
        assert team.read(root) == BAOBABS
        assert again.type(CAILCEDRATS, answer)["kind"] == "team-saved"
        assert team.read(root) == (CAILCEDRATS if answer == "correction" else BAOBABS)
        assert len(workbooks.known()) == (1 if answer == "correction" else 2)


class TestDrafts:
    """The first group's answers are in the browser alone, whose page says of which documents it holds texts."""

    @pytest.fixture
    def draft(self, root: Path) -> str:
        home = root / "exercises/but-1"
        for path in (home / "reponses").iterdir():
            path.unlink()
        (root / authorship.FILE).unlink(missing_ok=True)
        return AnswersStore(home, syllabus.load().objective("1.1")).open().document["document"]

    @pytest.mark.parametrize("answer", ["correction", "others"])
    def test_they_are_the_first_group_s_until_a_person_answers(self, root: Path, draft: str, answer: str) -> None:
        page = Page(root)
        for half in typed_over(BAOBABS, CAILCEDRATS):
            asked = page.type(half, drafts=(draft, "another workbook's"))
            assert (asked["kind"], asked["team"]["authors"]) == ("team-asked", str(BAOBABS))
            assert team.read(root) == BAOBABS
        assert Page(root).opened["held"]["group"] == CAILCEDRATS.group
        assert Page(root).type(CAILCEDRATS)["kind"] == "team-asked"  # in a browser that holds nothing
        with pytest.raises(NotWritten, match="Ces réponses sont celles de"):
            hand_in(root, BAOBABS)
        assert page.type(CAILCEDRATS, answer, (draft,))["kind"] == "team-saved"
        assert team.read(root) == (CAILCEDRATS if answer == "correction" else BAOBABS)
        assert Page(root).opened["held"] is None

    def test_a_quiz_s_are_answers_and_another_workbook_s_are_not(self, root: Path, draft: str) -> None:
        page = Page(root)
        assert page.type(CAILCEDRATS, drafts=("another workbook's",))["kind"] == "team-saved"
        document = ResultsStore(root / "modules", load("02-concepts")).open()[0].document
        assert document != draft
        assert page.type(BAOBABS, drafts=(document,))["kind"] == "team-asked"

    @pytest.mark.parametrize("is_written", [True, False])
    def test_a_plan_s_are_answers(self, root: Path, draft: str, is_written: bool) -> None:
        (root / "modules").mkdir()
        store = PlanStore(root / "modules")
        document = store.open().document["document"] if is_written else store.fallback
        assert document in TeamKeeper(root).documents()
        assert document != draft
        assert Page(root).type(CAILCEDRATS)["kind"] == "team-saved"
        assert Page(root).type(BAOBABS, drafts=(document,))["kind"] == "team-asked"

    def test_who_names_herself_after_she_wrote_is_asked_nothing(self, root: Path, draft: str) -> None:
        (root / team.FILE).unlink()
        page = Page(root)
        for length in range(1, len("Awa Ouédraogo") + 1):
            assert page.type(Team("", ("Awa Ouédraogo"[:length],)), drafts=(draft,))["kind"] == "team-saved"


class TestHandingIn:
    def test_names_changed_by_hand_are_asked_about(self, root: Path) -> None:
        hand_in(root, BAOBABS)
        team.save(root, CAILCEDRATS)
        with pytest.raises(NotWritten, match="Les Baobabs"):
            hand_in(root, CAILCEDRATS)
        page = Page(root)
        assert page.opened["group"] == BAOBABS.group
        assert page.opened["held"]["group"] == CAILCEDRATS.group
        assert team.read(root) == BAOBABS

    @pytest.mark.parametrize("raw", [None, b"{"])
    def test_a_lost_or_damaged_file_of_names_is_written_again(self, root: Path, raw: bytes | None) -> None:
        hand_in(root, BAOBABS)
        (root / team.FILE).unlink()
        if raw:
            (root / team.FILE).write_bytes(raw)
        with pytest.raises(NotWritten, match="Dites de nouveau"):
            hand_in(root, Team())
        assert authorship.opened(root)[0].team == BAOBABS
        assert team.read(root) == BAOBABS


class TestNoQuestion:
    def test_nobody_is_asked_while_nothing_is_written(self, root: Path) -> None:
        for path in (root / "exercises/but-1/reponses").iterdir():
            path.unlink()
        AnswersStore(root / "exercises/but-1", syllabus.load().objective("1.1")).open()  # as the page of a canvas does
        assert not authorship.fingerprint(root)
        page = Page(root)
        for who in (CAILCEDRATS, Team("Les Karités"), Team()):
            assert page.type(who)["kind"] == "team-saved"
        assert not (root / authorship.FILE).exists()

    def test_answers_without_a_name_take_the_first_ones_however_slowly_typed(self, tmp_path: Path) -> None:
        (tmp_path / "exercises/but-1").mkdir(parents=True)
        write(tmp_path, "Former les relais")
        page = Page(tmp_path)
        for name in ("A", "Am", "A", "Aw", "Awa"):
            assert page.type(Team("", (name,)))["kind"] == "team-saved"
        assert Page(tmp_path).type(Team("", ("Fatou",)))["kind"] == "team-asked"

    def test_a_quiz_and_a_file_that_cannot_be_read_are_answers(self, tmp_path: Path) -> None:
        (tmp_path / "exercises/but-1/reponses").mkdir(parents=True)
        store = ResultsStore(tmp_path / "modules", load("02-concepts"))
        store.open()
        assert not authorship.fingerprint(tmp_path)
        key = load("02-concepts").questions[0].key
        store.save({"questions": {key: {"chosen": [0], "checked": True, "tries": 1}}})
        quiz = authorship.fingerprint(tmp_path)
        (tmp_path / "exercises/but-1/reponses/1.1.json").write_text("{")
        assert "" != quiz != authorship.fingerprint(tmp_path)

    @pytest.mark.parametrize("left", ["plan.json", ".plan.json.bon"])
    def test_a_plan_is_answers_as_soon_as_an_action_is_chosen(self, tmp_path: Path, left: str) -> None:
        for name in ("exercises/but-1", "modules"):
            (tmp_path / name).mkdir(parents=True)
        authorship.propose(tmp_path, BAOBABS)
        store = PlanStore(tmp_path / "modules")
        store.open()  # as the page of the plan does
        assert not authorship.fingerprint(tmp_path)
        store.save([CHOICE])
        for path in store.path.parent.iterdir():
            if path.name != left:
                path.unlink()
        assert Page(tmp_path).type(CAILCEDRATS)["kind"] == "team-asked"

    @pytest.mark.parametrize("raw", [b"{", b""])
    def test_results_that_cannot_be_read_are_answers(self, tmp_path: Path, raw: bytes) -> None:
        (tmp_path / "modules/resultats").mkdir(parents=True)
        (tmp_path / "modules/resultats/02-concepts.json").write_bytes(raw)
        assert authorship.fingerprint(tmp_path)

    @pytest.mark.parametrize("folder", ["exercises/but-1/reponses", "modules/resultats"])
    def test_a_folder_that_cannot_be_listed_may_hold_answers(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str
    ) -> None:
        (tmp_path / "exercises/but-1").mkdir(parents=True)
        (tmp_path / folder).mkdir(parents=True)
        authorship.propose(tmp_path, BAOBABS)
        assert not authorship.fingerprint(tmp_path)
        real = os.listdir

        def refuse(path: Any) -> list[str]:
            if Path(path) == tmp_path / folder:
                raise PermissionError(errno.EACCES, "Permission denied", path)
            return real(path)

        monkeypatch.setattr(os, "listdir", refuse)
        assert Page(tmp_path).type(BAOBABS)["kind"] == "team-saved"
        assert Page(tmp_path).type(CAILCEDRATS)["kind"] == "team-asked"

    @pytest.mark.parametrize("raw", [b"", b"{", b'{"format": "equipe/1", "group": "Les Baobabs", "confirmed": 3}'])
    def test_a_damaged_record_hides_no_answers(self, root: Path, raw: bytes) -> None:
        (root / authorship.FILE).write_bytes(raw)
        assert Page(root).type(CAILCEDRATS)["kind"] == "team-asked"

    def test_the_record_of_an_earlier_version_counts(self, root: Path) -> None:
        (root / authorship.FILE).write_bytes(team.written(BAOBABS))
        team.save(root, typed_over(BAOBABS, CAILCEDRATS)[1])
        assert Page(root).opened["authors"] == str(BAOBABS)
        assert team.read(root) == BAOBABS


class TestRoom:
    def test_other_people_get_a_workbook_under_the_names_just_typed(self, root: Path) -> None:
        page = Page(root)
        page.type(CAILCEDRATS)
        answer = page.type(CAILCEDRATS, "others")
        assert (answer["kind"], answer["team"]["group"]) == ("team-saved", BAOBABS.group)
        titles = {each.root.name: each.title for each in workbooks.known()}
        assert titles == {root.name: str(BAOBABS), f"{root.name}-2": str(CAILCEDRATS)}
        assert f"sous le nom «\u202f{CAILCEDRATS}\u202f»" in answer["room"]
        hand_in(root, BAOBABS)

    def test_in_the_middle_of_typing_it_carries_no_name_of_the_first_group(self, root: Path) -> None:
        page = Page(root)
        half = typed_over(BAOBABS, CAILCEDRATS)[1]
        page.type(half)
        page.type(half, "others")
        assert {each.team for each in workbooks.known()} == {BAOBABS, Team("Les Caïlcédrats", ("Fatou Traoré",))}

    def test_answering_twice_makes_one(self, root: Path) -> None:
        for _ in range(2):
            page = Page(root)
            page.type(CAILCEDRATS)
            page.type(CAILCEDRATS, "others")
        assert len(workbooks.known()) == 2

    def test_a_group_of_the_same_name_that_has_begun_is_another(self, root: Path) -> None:
        first = workbooks.reserve(Team("Groupe 1"))
        assert workbooks.reserve(Team("Groupe 1")) == Workbook(first.root, first.team, workbooks.known()[0].opened)
        (first.root / "exercises").mkdir()
        assert workbooks.reserve(Team("Groupe 1")).root == root.with_name(f"{root.name}-3")

    def test_elsewhere_the_instructor_is_asked(self, tmp_path: Path) -> None:
        (tmp_path / "exercises/but-1").mkdir(parents=True)
        authorship.propose(tmp_path, BAOBABS)
        write(tmp_path, "Former les relais")
        page = Page(tmp_path)
        page.type(CAILCEDRATS)
        assert "formateur" in page.type(CAILCEDRATS, "others")["room"]
        assert team.read(tmp_path) == BAOBABS


def hand_in(root: Path, who: Team) -> None:
    deliver(root, pack(root / "exercises/but-1", GOAL, who, "0.1.0", datetime(2026, 11, 30, 10, 0, tzinfo=UTC)))
