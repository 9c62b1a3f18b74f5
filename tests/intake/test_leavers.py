"""Those with work whose identifier or line of the list has changed: said, held and asked, never a second person."""

from __future__ import annotations

from pathlib import Path

import pytest
from every import every
from mail import ACCEPTED, UNMATCHED, Desk, Instructor, answers, put, spaced

from course.instructor.cohort import roster
from course.instructor.intake.decisions import ASIDE, NEW


class TestLeavers:
    LISTED = "identifiant;prénom;nom\n{};Awa;Diallo\n{};Fanta;Sow\n"

    @pytest.fixture
    def zeros(self, tmp_path: Path) -> Desk:
        """Two with work, whose identifiers have lost their zeros in a spreadsheet since."""
        desk = Desk(tmp_path, self.LISTED.format("0012", "0101"))
        desk.handin("a.zip", "Awa Diallo")
        desk.handin("f.zip", "Fanta Sow")
        desk.take()
        desk.cohort.roster.write_text(self.LISTED.format("12", "101"), encoding="utf-8")
        return desk

    def test_case_leading_zeros(self, zeros: Desk) -> None:
        """Case `leading-zeros`: identifiers that lost their zeros are told before anything is written twice."""
        reception = zeros.take()
        assert zeros.students == {"0012", "0101"}
        assert reception.count(UNMATCHED) == 2
        assert "« 0012 (Awa Diallo) » a des remises, et n’est plus dans" in spaced(" ".join(reception.notices))
        zeros.take(ask=Instructor("12", "101"))
        assert [trainee.id for trainee in roster.read(zeros.cohort)] == ["0012", "0101"]
        assert zeros.students == {"0012", "0101"}
        zeros.cohort.roster.write_text(self.LISTED.format("12", "101"), encoding="utf-8")  # saved again
        assert zeros.take(ask=Instructor()).count(ACCEPTED) == 2
        assert zeros.students == {"0012", "0101"}

    CHANGED = (("mars-01", "01-mars"), ("awa.diallo", "diallo.awa"), ("awa", "Awa"), ("awa_d", "awa-d"),
               ("2-3", "02-mars"), ("1E5", "100000"), ("é1", "E1"))  # fmt: skip

    @every("case", CHANGED)
    def test_an_identifier_that_changed_makes_no_second_person(self, tmp_path: Path, case: tuple[str, str]) -> None:
        """Case leading-zeros, however a spreadsheet or a hand wrote it anew: said, held, asked."""
        old, new = case
        desk = Desk(tmp_path / f"{self.CHANGED.index(case)}", self.LISTED.format(old, "zz"))
        put(desk.mail, {"Awa Diallo/1.1.json": answers(text="Un", document="d", revision=1)})
        desk.take()
        if old.casefold() == new.casefold():  # what was answered when she was off the list for a while is over
            put(desk.cohort.folder, {"noms.csv": f"nom écrit;identifiant\n{old}, hors de la liste;{NEW}\n".encode()})
        desk.cohort.roster.write_text(self.LISTED.format(new, "zz"), encoding="utf-8")
        later = put(desk.tmp / "b", {"Awa Diallo/1.1.json": answers(text="Deux", document="d", revision=2)})
        reception = desk.take(later)
        assert f"« {old}" in spaced(" ".join(reception.notices))
        assert (reception.count(UNMATCHED), desk.students) == (1, {old})
        instructor = Instructor(new)
        desk.take(later, ask=instructor)
        assert (desk.students, desk.texts(old)) == ({old}, "Deux")
        assert [trainee.id for trainee in roster.read(desk.cohort)] == [old, "zz"]

    def test_an_identifier_that_is_answered_in_capitals_is_put_back_in_the_list(self, desk: Desk) -> None:
        desk.handin("a.zip", "Awa Kaboré")
        desk.take()
        desk.cohort.roster.write_text("identifiant;prénom;nom\nm2026-7;Awa;Kaboré\n", encoding="utf-8")
        desk.take()
        put(desk.cohort.folder, {"noms.csv": "nom écrit;identifiant\nawa, hors de la liste;M2026-7\n".encode()})
        assert "est corrigé" in spaced(" ".join(desk.take().notices))
        assert [trainee.id for trainee in roster.read(desk.cohort)] == ["awa"]

    def test_who_leaves_the_list_with_work_is_said_and_asked(self, desk: Desk) -> None:
        desk.handin("a.zip", "Awa Kaboré")
        desk.take()
        desk.cohort.roster.write_text("identifiant;prénom;nom\npaul;Paul;Kéïta\n", encoding="utf-8")
        assert "« awa (Awa Kaboré) » a des remises, et n’est plus" in spaced(" ".join(desk.take().notices))
        instructor = Instructor(ASIDE, ASIDE)
        desk.take(ask=instructor)
        assert [choice.value for choice in instructor.asked[0].choices] == [NEW, ASIDE]
        assert not any("awa" in notice for notice in desk.take(ask=Instructor()).notices)

    def test_a_new_identifier_for_the_same_name_makes_no_second_person(self, desk: Desk) -> None:
        desk.handin("a.zip", "Awa Kaboré")
        desk.take()
        desk.cohort.roster.write_text("identifiant;prénom;nom\nM2026-7;Awa;Kaboré\n", encoding="utf-8")
        assert desk.take().count(UNMATCHED) == 1
        desk.take(ask=Instructor("M2026-7"))
        assert [trainee.id for trainee in roster.read(desk.cohort)] == ["awa"]
        assert desk.students == {"awa"}

    def test_a_list_that_is_gone_is_made_of_those_who_have_work(self, desk: Desk) -> None:
        desk.handin("a.zip", "Awa Kaboré")
        desk.take()
        desk.cohort.roster.unlink()
        desk.take()
        assert desk.students == {"awa"}
        assert [trainee.name for trainee in roster.read(desk.cohort)] == ["Awa Kaboré"]
