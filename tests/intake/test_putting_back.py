"""An earlier version that is put back by hand: for whom it counts again, and what may take its place later."""

from __future__ import annotations

from datetime import timedelta

import pytest
from mail import (
    ACCEPTED,
    MONDAY,
    NOW,
    SUPERSEDED,
    TUESDAY,
    UNMATCHED,
    Desk,
    Instructor,
    answers,
    outcomes,
    put,
    spaced,
    unpacked,
)

from course.core.bar import Question
from course.core.refusal import Refusal
from course.instructor.intake.decisions import ASIDE, NEW, YES
from course.instructor.intake.intake import put_back
from course.instructor.intake.store import Register, State

STAMP = "%Y-%m-%dT%H:%M:%SZ"


def original(desk: Desk, text: str) -> str:
    """The name of the kept hand-in that has a text."""
    paths = desk.cohort.folder.glob("recus/*.zip")
    return next(path.name for path in paths if text in unpacked(path.read_bytes())["reponses/1.1.json"].decode())


class TestPuttingBack:
    @pytest.fixture
    def twice(self, desk: Desk) -> Desk:
        """A good version, and a later one by mistake."""
        desk.handin("a.zip", "Awa Kaboré", "Paul Kéïta", text="Le bon")
        desk.handin("b.zip", "Awa Kaboré", "Paul Kéïta", text="Une erreur", date=TUESDAY)
        desk.take()
        assert desk.texts("awa") == "Une erreur"
        return desk

    def test_an_earlier_version_counts_again_and_stays(self, twice: Desk) -> None:
        put_back(twice.cohort, original(twice, "Le bon")[:12], now=NOW)
        assert twice.texts("awa") == twice.texts("paul") == "Le bon"
        before = twice.tree()
        assert outcomes(twice.take()) == {"a.zip": ACCEPTED, "b.zip": SUPERSEDED}
        assert twice.tree() == before
        twice.handin("c.zip", "Awa Kaboré", "Paul Kéïta", text="Encore après", date=TUESDAY + timedelta(days=2))
        assert outcomes(twice.take())["c.zip"] is UNMATCHED
        assert twice.texts("awa") == "Le bon"
        twice.take(ask=Instructor(YES))
        assert twice.texts("paul") == "Encore après"

    def test_a_hand_in_is_put_back_over_canvases_that_came_since(self, desk: Desk) -> None:
        whole = desk.handin("a.zip", "Awa Kaboré", text="Le bon")
        desk.take()
        raw = answers("1.1", "Une erreur", TUESDAY.strftime(STAMP), "Awa Kaboré1.1")
        single = put(desk.mail / "seul", {"Awa Kaboré/1.1.json": raw})
        desk.take(single)
        assert desk.texts("awa") == "Une erreur"
        put_back(desk.cohort, original(desk, "Le bon")[:12], now=NOW)
        assert desk.texts("awa") == "Le bon"
        before = desk.tree()
        for sources in ((single,), (whole,), ()):
            desk.take(*sources)
            assert desk.tree() == before
        late = answers("1.1", "Encore après", NOW.strftime(STAMP), "Awa Kaboré1.1")
        desk.take(put(desk.mail / "tard", {"Awa Kaboré/1.1.json": late}), ask=Instructor(YES))
        desk.take(ask=Instructor())
        assert desk.texts("awa") == "Encore après"

    def test_a_trainee_s_versions_are_shown_to_choose_from(self, twice: Desk) -> None:
        with pytest.raises(Refusal, match=r"a\.zip, du 23/11/2026 à[^\n]*\n    course intake --remettre "):
            put_back(twice.cohort, "awa kabore", now=NOW)
        name = original(twice, "Le bon")
        instructor = Instructor(name)
        put_back(twice.cohort, "Awa Kaboré", instructor, NOW)
        assert len(instructor.asked[0].choices) == 3
        assert twice.texts("awa") == "Le bon"
        for unknown in ("Zoé", "0123456789ab"):
            with pytest.raises(Refusal, match="n’est ni un stagiaire"):
                put_back(twice.cohort, unknown, now=NOW)

    def test_one_canvas_is_put_back_too(self, desk: Desk) -> None:
        for text, day in (("Le bon", MONDAY), ("Une erreur", TUESDAY)):
            raw = answers("1.1", text, day.strftime(STAMP), "d")
            desk.take(put(desk.mail / text, {"Awa Kaboré 1.1.json": raw}))
        [good] = [path for path in desk.cohort.folder.glob("recus/*.json") if "Le bon" in path.read_text("utf-8")]
        put_back(desk.cohort, good.name, now=NOW)
        assert desk.texts("awa") == "Le bon"
        before = desk.tree()
        desk.take()
        assert desk.tree() == before


class TestVersions:
    @pytest.fixture
    def alone(self, desk: Desk) -> Desk:
        """A good version of one trainee, and a later one by mistake."""
        desk.handin("a.zip", "Awa Kaboré", text="Le bon")
        desk.handin("b.zip", "Awa Kaboré", text="Une erreur", date=TUESDAY)
        desk.take()
        return desk

    def test_without_a_terminal_each_version_has_its_whole_command(self, alone: Desk) -> None:
        with pytest.raises(Refusal) as refused:
            put_back(alone.cohort, "awa")
        said = spaced(str(refused.value))
        assert "UTC" not in said
        assert said.count("du 2") == 2
        assert "du 23/11/2026 à 1" in said
        commands = [line.partition("course intake ")[2] for line in said.splitlines() if "course intake " in line]
        assert len(commands) == 2
        assert all(line.startswith("--remettre ") and len(line.split()[1]) == 12 for line in commands)
        put_back(alone.cohort, commands[0].split()[1])
        assert alone.texts("awa") == "Le bon"

    def test_dates_are_french_where_it_is_asked(self, alone: Desk) -> None:
        instructor = Instructor("")
        with pytest.raises(Refusal, match="Rien n’est changé"):
            put_back(alone.cohort, "awa", instructor)
        texts = [spaced(choice.words) for choice in instructor.asked[0].choices]
        assert not any("UTC" in text for text in texts)
        assert any("23/11/2026 à" in text for text in texts)
        assert alone.texts("awa") == "Une erreur"


class TestIdentifiers:
    """The register's identifiers are those of the list, and no names to look for."""

    @pytest.fixture
    def namesakes(self, workshop: Desk) -> Desk:
        """Two of one name in a class without a list; the second has a good version, and a later one by mistake."""
        workshop.handin("a.zip", "Awa Traoré", "Ali", group="Groupe 1")
        workshop.handin("b.zip", "Awa Traoré", "Zoé", group="Groupe 2", text="Le bon")
        workshop.take(ask=Instructor(NEW))
        workshop.handin("c.zip", "Awa Traoré", "Zoé", group="Groupe 2", text="Une erreur", date=TUESDAY)
        workshop.take()
        assert workshop.texts("Awa-Traore-2") == workshop.texts("Zoe") == "Une erreur"
        return workshop

    @pytest.mark.parametrize("by_identifier", [False, True])
    def test_a_namesake_s_version_is_put_back(self, namesakes: Desk, by_identifier: bool) -> None:
        name = original(namesakes, "Le bon")
        other = namesakes.files("Awa-Traore")
        if by_identifier:
            put_back(namesakes.cohort, "Awa-Traore-2", Instructor(name), NOW)
        else:
            put_back(namesakes.cohort, name[:12], now=NOW)
        assert namesakes.texts("Awa-Traore-2") == namesakes.texts("Zoe") == "Le bon"
        assert namesakes.files("Awa-Traore") == other

    def test_a_name_of_two_is_refused_with_both_identifiers(self, namesakes: Desk) -> None:
        with pytest.raises(Refusal) as refused:
            put_back(namesakes.cohort, "awa traore", now=NOW)
        assert all(name in str(refused.value) for name in ("--remettre Awa-Traore\n", "--remettre Awa-Traore-2"))

    def test_a_decision_on_a_name_moves_no_version(self, desk: Desk) -> None:
        desk.handin("a.zip", "Awa Kaboré", text="Le bon")
        desk.handin("b.zip", "Awa Kaboré", text="Une erreur", date=TUESDAY)
        desk.take()
        put(desk.cohort.folder, {"noms.csv": "nom écrit;identifiant\nawa;paul\n".encode()})
        put_back(desk.cohort, original(desk, "Le bon")[:12], now=NOW)
        assert (desk.students, desk.texts("awa")) == ({"awa"}, "Le bon")

    def test_who_is_not_on_the_list_any_more_is_named(self, desk: Desk) -> None:
        desk.handin("a.zip", "Awa Kaboré", "Paul Kéïta", text="Le bon")
        desk.handin("b.zip", "Awa Kaboré", "Paul Kéïta", text="Une erreur", date=TUESDAY)
        desk.take()
        name = original(desk, "Le bon")[:12]
        desk.cohort.roster.write_text("identifiant;prénom;nom\npaul;Paul;Kéïta\n", encoding="utf-8")
        notices = spaced(" ".join(put_back(desk.cohort, name, now=NOW).notices))
        assert "« awa » n’est plus dans « stagiaires.csv »" in notices
        assert (desk.texts("awa"), desk.texts("paul")) == ("Une erreur", "Le bon")
        desk.cohort.roster.write_text("identifiant;prénom;nom\nli;明;李\n", encoding="utf-8")
        before = desk.tree()
        with pytest.raises(Refusal, match=r"paul\s» n’est plus dans «\sstagiaires\.csv"):
            put_back(desk.cohort, name, now=NOW)
        assert desk.tree() == before


class TestLaterOnes:
    def test_who_waits_for_an_answer_is_asked_again_though_a_mate_took_the_file(self, desk: Desk) -> None:
        desk.handin("a.zip", "Awa Kaboré", text="Le bon")
        desk.handin("b.zip", "Awa Kaboré", text="Une erreur", date=TUESDAY)
        desk.take()
        put_back(desk.cohort, original(desk, "Le bon")[:12], now=NOW)
        desk.handin("c.zip", "Awa Kaboré", "Paul Kéïta", text="À deux", date=TUESDAY + timedelta(days=2))
        for _ in range(2):
            rows = {row.student: row for row in desk.take().rows if row.file.endswith("c.zip")}
            assert (rows["awa"].outcome, rows["paul"].outcome) == (UNMATCHED, ACCEPTED)
            assert (desk.texts("awa"), desk.texts("paul")) == ("Le bon", "À deux")
            line = next(line for line in Register(desk.cohort).lines if line.place.endswith("c.zip"))
            assert (line.students, line.taken_for, line.state) == ({"awa", "paul"}, {"paul"}, State.TAKEN)
            assert "laquelle compte" in spaced(line.reason)
        desk.take(ask=Instructor(YES))
        assert desk.texts("awa") == "À deux"
        line = next(line for line in Register(desk.cohort).lines if line.place.endswith("c.zip"))
        assert (line.taken_for, line.reason) == ({"awa", "paul"}, "")

    def test_an_answer_about_another_canvas_of_the_workbook_replaces_none_that_was_put_back(self, desk: Desk) -> None:
        desk.handin("a.zip", "Awa Kaboré", text="La remise")
        for number, text in enumerate(("Le bon", "Une erreur"), 1):
            raw = answers("1.2", text, (MONDAY + timedelta(hours=number)).strftime(STAMP), "Awa Kaboré1.2")
            put(desk.mail, {f"{text}/Awa Kaboré 1.2.json": raw})
        desk.take()
        [good] = [path for path in desk.cohort.folder.glob("recus/*.json") if "Le bon" in path.read_text("utf-8")]
        put_back(desk.cohort, good.name, now=NOW)
        elsewhere = {
            f"Awa Kaboré/reponses/{name}.json": answers(name, "Ailleurs", day.strftime(STAMP), f"autre{name}")
            for name, day in (("1.1", TUESDAY), ("1.2", TUESDAY + timedelta(hours=1)))
        }
        asked = []

        def agrees_to_another_workbook(question: Question) -> str:
            asked.append(spaced(question.words))
            return YES if "un autre classeur" in asked[-1] else ""

        desk.take(put(desk.tmp / "b", elsewhere), ask=agrees_to_another_workbook)
        assert ["1.1.json" in asked[0], "remise en place" in asked[1]] == [True, True]
        assert (desk.texts("awa"), desk.texts("awa", "1.2")) == ("Ailleurs", "Le bon")


class TestMates:
    @pytest.fixture
    def parted(self, desk: Desk) -> Desk:
        """A version of three, then a later one of one of them alone; the third has a canvas alone."""
        desk.handin("a.zip", "Awa Kaboré", "Paul Kéïta", "Moussa N’Guessan", text="À trois")
        desk.take()
        desk.handin("b.zip", "Awa Kaboré", "Paul Kéïta", "Moussa N’Guessan", text="Une erreur", date=TUESDAY)
        desk.take()
        alone = answers("1.1", "Seul", (TUESDAY + timedelta(hours=1)).strftime(STAMP), "autre")
        put(desk.mail, {"Moussa N’Guessan/1.1.json": alone})
        desk.handin("Paul-Keita_but-1.zip", "Paul Kéïta", text="Seul", date=TUESDAY + timedelta(hours=1))
        desk.take(ask=lambda _: YES)
        assert [desk.texts(who) for who in ("awa", "paul", "moussa")] == ["Une erreur", "Seul", "Seul"]
        return desk

    def test_who_has_other_work_since_is_asked_about_and_keeps_it_else(self, parted: Desk) -> None:
        name = original(parted, "À trois")
        before = parted.files("paul"), parted.files("moussa")
        rows = {row.student: row for row in put_back(parted.cohort, name[:12], now=NOW).rows}
        assert {who: row.outcome for who, row in rows.items()} == {
            "awa": ACCEPTED, "paul": UNMATCHED, "moussa": UNMATCHED}  # fmt: skip
        assert "Paul Kéïta a une autre version" in spaced(rows["paul"].reason)
        assert (parted.files("paul"), parted.files("moussa")) == before
        instructor = Instructor(name, ASIDE, YES)
        rows = {row.student: row for row in put_back(parted.cohort, "awa", instructor, NOW).rows}
        assert "(Awa Kaboré, Moussa N’Guessan, Paul Kéïta)" in spaced(instructor.asked[0].choices[0].words)
        assert len(instructor.asked) == 3  # which version, and about two mates
        assert rows["moussa"].outcome is SUPERSEDED
        assert [parted.texts(who) for who in ("awa", "paul", "moussa")] == ["À trois", "À trois", "Seul"]

    def test_of_the_one_who_is_named_nothing_is_asked(self, parted: Desk) -> None:
        instructor = Instructor(original(parted, "À trois"), ASIDE)
        put_back(parted.cohort, "Paul Kéïta", instructor, NOW)
        assert "Moussa" in instructor.asked[1].words
        assert parted.texts("paul") == "À trois"

    def test_who_stops_at_a_question_has_changed_nothing(self, parted: Desk) -> None:
        name, before, asked = original(parted, "À trois"), parted.tree(), []

        def stops_at_the_second_mate(question: Question) -> str:
            asked.append(question)
            if len(asked) == 2:
                raise Refusal("Interrompu.")
            return YES

        with pytest.raises(Refusal, match="Interrompu"):
            put_back(parted.cohort, name[:12], stops_at_the_second_mate, NOW)
        assert parted.tree() == before

    def test_a_question_without_an_answer_is_counted(self, parted: Desk) -> None:
        reception = put_back(parted.cohort, original(parted, "À trois")[:12], Instructor("", YES), NOW)
        assert "1 question sans réponse" in spaced(" ".join(reception.notices))
        assert [parted.texts(who) for who in ("awa", "paul", "moussa")] == ["À trois", "À trois", "Seul"]
