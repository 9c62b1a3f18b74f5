"""A file that names somebody else: nobody hands in for another unless the instructor says so."""

from __future__ import annotations

import pytest
from mail import (
    TUESDAY,
    UNMATCHED,
    Desk,
    Instructor,
    answers,
    handin,
    put,
    reasons,
    spaced,
    unpacked,
    zipped,
)

from course.core.team import Team
from course.instructor.intake.people import YES


class TestImpostors:
    def test_a_file_in_somebody_s_folder_that_names_only_others_waits_and_is_told(self, desk: Desk) -> None:
        claim = handin(desk.tmp / "c", Team("", ("Awa Kaboré", "Paul Kéïta")))
        put(desk.mail, {"m.zip": zipped({"Moussa N’Guessan_3_assignsubmission_file_/x.zip": claim})})
        reception = desk.take()
        assert reception.count(UNMATCHED) == 1
        assert "remise au nom de Awa Kaboré, Paul Kéïta par un fichier de Moussa N’Guessan" in reasons(reception)
        assert not desk.students

    @pytest.mark.parametrize("group", ["Groupe 3", "Awa Kaboré"])
    def test_naming_a_group_and_nobody_in_it_is_no_way_to_replace_the_work_of_others(
        self, desk: Desk, group: str
    ) -> None:
        desk.handin("a.zip", "Awa Kaboré", "Paul Kéïta", group="Groupe 3")
        desk.take()
        before = desk.tree()
        desk.handin("Moussa N’Guessan_12_assignsubmission_file_/x.zip", group=group, date=TUESDAY)
        assert desk.take().count(UNMATCHED) == 1
        assert {name: desk.tree()[name] for name in before} == before

    @pytest.mark.parametrize("sender", ["Moussa N’Guessan.zip", "Une Inconnue_12_assignsubmission_file_/x.zip"])
    def test_a_folder_in_somebody_s_zip_that_bears_another_s_name_waits_and_is_told(
        self, desk: Desk, sender: str
    ) -> None:
        desk.handin("a.zip", "Awa Kaboré")
        desk.take()
        before = desk.tree()
        later = answers("1.1", "Autre chose", "2026-11-25T10:00:00Z", "d9")
        put(desk.mail, {sender: zipped({"Awa Kaboré/1.1.json": later})})
        assert desk.take().count(UNMATCHED) == 1
        assert {name: desk.tree()[name] for name in before} == before

    def test_the_instructor_may_take_it_and_is_asked_once(self, desk: Desk) -> None:
        desk.handin("Moussa N’Guessan/x.zip", "Awa Kaboré")
        instructor = Instructor(YES)
        reception = desk.take(ask=instructor)
        assert "par un fichier de Moussa N’Guessan" in reasons(reception)
        assert desk.students == {"awa"}
        assert "déjà reçue" in reasons(desk.take(ask=Instructor()))

    @pytest.mark.parametrize("members", [("Awa Kaboré", "Moussa N’Guessan"), ("Awa Kaboré", "Moussa"), ("Moussa N.",)])
    def test_who_names_herself_among_them_is_believed(self, desk: Desk, members: tuple[str, ...]) -> None:
        desk.handin("Moussa N’Guessan_3_assignsubmission_file_/x.zip", *members)
        assert "par un fichier" not in reasons(desk.take())

    def test_forty_others_in_a_loose_file_replace_nobody_unsaid(self, desk: Desk) -> None:
        desk.handin("a.zip", "Awa Kaboré", text="Le vrai texte")
        desk.take()
        desk.handin("b.zip", "Awa Kaboré", "Paul Kéïta", *map(str, range(38)), date=TUESDAY, text="Faux")
        [said] = [row for row in desk.take().rows if row.student == "awa" and row.file.endswith("b.zip")]
        assert "remplace celle du 23/11/2026 à 10 h 00 UTC (Awa Kaboré), gardée dans recus" in spaced(said.reason)
        kept = [unpacked(path.read_bytes())["reponses/1.1.json"] for path in desk.cohort.folder.glob("recus/*.zip")]
        assert any("Le vrai texte" in raw.decode() for raw in kept)
