"""Whose a file is: by what it says, by its names, else by asking; never by likeness, nobody for another unasked."""

from __future__ import annotations

from pathlib import Path

import pytest
from every import every
from hypothesis import given, settings
from hypothesis import strategies as st
from mail import (
    ACCEPTED,
    LIST,
    MONDAY,
    TUESDAY,
    UNMATCHED,
    Desk,
    Instructor,
    answers,
    handin,
    moment,
    put,
    reasons,
    spaced,
    unpacked,
    zipped,
)

from course.core.names import refused_name, safe
from course.core.team import Team
from course.instructor.cohort import roster
from course.instructor.cohort.roster import Trainee
from course.instructor.intake.decisions import ASIDE, NEW, YES, Decisions
from course.instructor.intake.names import envelope, keys, may_be
from course.instructor.intake.people import People


class TestNames:
    def test_two_writings_of_one_name(self) -> None:
        pairs = {
            "KABORÉ Awa": "Awa Kabore",
            "N'Guessan Moussa": "Moussa NGUESSAN",
            "N’Guessan Moussa": "moussa n guessan",
            "Jean-Pierre Kéïta": "KEITA, Jean Pierre",
            "Jean-Pierre": "Jeanpierre",
            "李 明": "明　李",
            "محمّد": "محمد",
            "Kabore\u0301 Awa": "Awa Kabor\u00e9",
            "Awa\u202e Kaboré\u200b": "awa kaboré",
            "Strauß": "STRAUSS",
        }
        assert [pair for pair in pairs.items() if not keys(pair[0]) & keys(pair[1])] == []

    def test_two_names(self) -> None:
        pairs = {"Awa Kaboré": "Awa Kabre", "Awa": "Awa Kaboré", "राम": "रमा", "李": "明", "": ""}
        assert [pair for pair in pairs.items() if keys(pair[0]) & keys(pair[1])] == []

    def test_two_writings_that_contradict_each_other(self) -> None:
        """An initial, or a name left out, contradicts nothing; the beginning of another name does."""
        agree = (("Awa T.", "Traoré Awa"), ("Moussa", "Moussa N"), ("Awa Kaboré", "A. Kabore"), ("Ali", "Ali Sow"))
        contradict = (("Ali", "Alima Sow"), ("Ali Sow", "Alima Sow"), ("Al", "Ali"), ("", "Awa"), ("Awa T.", "Awa Ba"))
        assert [pair for pair in agree if not (may_be(*pair) and may_be(*reversed(pair)))] == []
        assert [pair for pair in contradict if may_be(*pair) or may_be(*reversed(pair))] == []

    @given(st.text(max_size=200))
    def test_any_name_has_keys_and_never_another_s(self, name: str) -> None:
        for key in keys(name):
            assert key == " ".join(sorted(key.split()))
        assert keys(name) == keys(f"  {name} ")

    @settings(max_examples=60)
    @given(st.lists(st.text(max_size=60), max_size=5), st.text(max_size=60), st.booleans())
    def test_any_path_gives_names_that_can_be_shown(self, inner: list[str], outer: str, alone: bool) -> None:
        found = envelope(outer, inner, alone)
        assert all(name.isprintable() and name.strip() for name in (*found.names, *found.outer))

    def test_only_what_a_file_system_takes_of_a_path_is_read(self) -> None:
        """Regular expressions on names of any length would take the time of their square."""
        assert envelope("m", (f"Awa{' ' * 300}Kaboré",), alone=False).names == ("Awa",)
        assert envelope("m", [f"Nom{'a' * number}" for number in range(99)], alone=False).names[0] == "Nom" + "a" * 98
        assert len(envelope("m", [f"Nom{'a' * number}" for number in range(99)], alone=False).names) == 64


class TestList:
    def test_by_what_the_file_says_before_its_name(self, desk: Desk) -> None:
        desk.handin("Paul-Keita_but-1.zip", "KABORE Awa", group="Paul Kéïta")
        desk.take()
        assert desk.students == {"awa"}

    def test_by_identifier_or_address(self, desk: Desk) -> None:
        desk.handin("x.zip", "paul", "AWA@exemple.org")
        desk.take()
        assert desk.students == {"awa", "paul"}

    def test_a_group_without_members_is_those_whom_the_list_puts_in_it(self, desk: Desk) -> None:
        desk.handin("x.zip", group="groupe 3")
        desk.take()
        assert desk.students == {"awa", "paul"}

    def test_a_group_nobody_knows_is_set_aside(self, desk: Desk) -> None:
        desk.handin("x.zip", group="Les Baobabs")
        assert "« Les Baobabs » n’est pas dans stagiaires.csv" in reasons(desk.take())

    def test_members_who_are_known_do_not_wait_for_those_who_are_not(self, desk: Desk) -> None:
        desk.handin("x.zip", "Awa Kaboré", "Zoé Sawadogo")
        reception = desk.take()
        assert desk.students == {"awa"}
        assert (reception.count(ACCEPTED), reception.count(UNMATCHED)) == (1, 1)

    def test_a_likeness_is_asked_once_and_remembered(self, desk: Desk) -> None:
        desk.handin("x.zip", "Awa K.", "Mousa Nguessan")
        instructor = Instructor("awa", "moussa")
        desk.take(ask=instructor)
        assert desk.students == {"awa", "moussa"}
        assert instructor.asked[0].choices[0].value == "awa"
        assert [choice.value for choice in instructor.asked[0].choices[-2:]] == [NEW, ASIDE]
        assert "Awa K.;awa" in (desk.cohort.folder / "noms.csv").read_text(encoding="utf-8-sig")
        before = desk.tree()
        assert "déjà reçue" in reasons(desk.take(ask=Instructor()))
        assert desk.tree() == before

    def test_a_new_trainee_extends_the_list_and_leaves_its_other_columns(self, desk: Desk) -> None:
        desk.cohort.roster.write_text("Nom,Identifiant,Téléphone,Prénom\nKaboré,awa,0102,Awa", encoding="utf-8")
        desk.handin("x.zip", "SAWADOGO Zoé", group="=1+1")
        desk.take(ask=Instructor(NEW))
        assert desk.students == {"SAWADOGO-Zoe"}
        assert roster.read(desk.cohort)[1] == Trainee("SAWADOGO-Zoe", "Zoé", "SAWADOGO")
        assert "Kaboré,awa,0102,Awa" in desk.cohort.roster.read_text(encoding="utf-8-sig")

    def test_set_aside_stays_aside_until_the_line_is_removed(self, desk: Desk) -> None:
        desk.handin("x.zip", "Zoé")
        desk.take(ask=Instructor(ASIDE))
        assert "laissé de côté" in reasons(desk.take(ask=Instructor()))
        (desk.cohort.folder / "noms.csv").write_text("nom écrit;identifiant\nZoé;paul\n", encoding="cp1252")
        desk.take(ask=Instructor())
        assert desk.students == {"paul"}

    def test_a_typed_name_is_looked_for(self, desk: Desk) -> None:
        desk.handin("x.zip", "Zoé")
        instructor = Instructor("keita", "paul")
        desk.take(ask=instructor)
        assert instructor.asked[1].choices[0].value == "paul"
        assert desk.students == {"paul"}

    def test_homonyms_are_told_apart_by_group_or_asked(self, desk: Desk) -> None:
        desk.cohort.roster.write_text(f"{LIST}awa2;Awa;KABORE;;Groupe 1\n", encoding="utf-8")
        desk.handin("a.zip", "Awa Kaboré", group="Groupe 1")
        desk.handin("b.zip", "Awa Kaboré", text="Un autre texte")
        reception = desk.take()
        assert desk.students == {"awa2"}
        assert "plusieurs personnes s’appellent peut-être « Awa Kaboré »" in reasons(reception)
        instructor = Instructor("awa")
        desk.take(ask=instructor)
        assert {choice.value for choice in instructor.asked[0].choices} == {"awa", "awa2", NEW, ASIDE}
        assert desk.texts("awa") == "Un autre texte"

    def test_two_of_one_name_at_moodle_are_not_taken_for_one(self, desk: Desk) -> None:
        one = handin(desk.tmp / "c", Team("", ("Awa Kaboré",)))
        two = handin(desk.tmp / "c", Team("", ("Awa Kaboré",)), text="Une autre Awa")
        files = {f"Awa Kaboré_{number}_assignsubmission_file_/x.zip": raw for number, raw in ((1, one), (2, two))}
        put(desk.mail, {"moodle.zip": zipped(files)})
        assert desk.take().count(UNMATCHED) == 2
        assert not desk.students

    def test_a_file_that_names_nobody_is_asked(self, desk: Desk) -> None:
        put(desk.mail, {"1.1.json": answers()})
        assert "ne dit pas de qui il est" in reasons(desk.take())
        desk.take(ask=Instructor("Paul Kéïta"))
        assert desk.students == {"paul"}
        assert desk.take(ask=Instructor()).count(ACCEPTED) == 1


class TestWorkshop:
    def test_every_name_becomes_a_trainee(self, workshop: Desk) -> None:
        workshop.handin("a.zip", "Awa Traoré", "李明", group="Groupe 1")
        workshop.handin("b.zip", group="Les Baobabs")
        reception = workshop.take()
        assert workshop.students == {"Awa-Traore", safe("李明"), "Les-Baobabs"}
        assert {each.name for each in roster.read(workshop.cohort)} == {"Awa Traoré", "李明", "Les Baobabs"}
        assert "n’a pas de liste" in " ".join(reception.notices)

    def test_and_the_next_day_too(self, workshop: Desk) -> None:
        workshop.handin("a.zip", "Awa Traoré")
        workshop.take()
        workshop.handin("b.zip", "Paul Kéïta")
        workshop.take()
        before = workshop.tree()
        workshop.take()
        assert workshop.tree() == before
        assert workshop.students == {"Awa-Traore", "Paul-Keita"}

    @pytest.mark.parametrize("name", ["😀", "..", "♥ ♥"])
    def test_a_name_without_a_letter_is_one_person_too(self, workshop: Desk, name: str) -> None:
        workshop.handin("a.zip", name)
        workshop.handin("b.zip", name, goal="2", objectives=("2.1",))
        workshop.handin("c.zip", "☂")
        workshop.take()
        before = workshop.tree()
        assert len(workshop.students) == 2
        workshop.take()
        assert workshop.tree() == before

    def test_two_names_never_share_an_identifier(self, workshop: Desk) -> None:
        names = ("Zoé Ba", "Zoe-Ba!", "ɛ", "e", "Con", "..", "a/b", "ZOE BÄ b")
        for number, name in enumerate(names):
            workshop.handin(f"{number}.zip", name)
        workshop.take()
        ids = [each.id for each in roster.read(workshop.cohort)]
        assert len({each.casefold() for each in ids}) == len(ids) == len(names) - 1  # « Zoe-Ba! » is Zoé Ba
        assert "con" not in {each.casefold() for each in ids}
        assert not any(map(refused_name, ids))

    def test_the_same_name_in_another_group_may_be_somebody_else(self, workshop: Desk) -> None:
        workshop.handin("a.zip", "Awa Traoré", "Ali", group="Groupe 1")
        workshop.handin("b.zip", "Awa Traoré", "Zoé", group="Groupe 2", text="Une autre")
        assert "plusieurs personnes" in reasons(workshop.take())
        workshop.take(ask=Instructor(NEW))
        assert workshop.students == {"Awa-Traore", "Awa-Traore-2", "Ali", "Zoe"}
        assert workshop.texts("Awa-Traore-2") == "Une autre"
        assert workshop.take().count(UNMATCHED) == 0

    def test_a_group_that_writes_its_name_otherwise_is_the_same_people(self, workshop: Desk) -> None:
        workshop.handin("a.zip", "Awa Traoré", "Ali", group="Groupe 1")
        workshop.handin("b.zip", "Awa Traoré", "Ali", group="Gr. 1", goal="2", objectives=("2.1",))
        assert workshop.take().count(UNMATCHED) == 0
        assert workshop.students == {"Awa-Traore", "Ali"}

    def test_folders_of_the_instructor_are_nobody(self, workshop: Desk) -> None:
        put(workshop.mail, {"pièces jointes/1.1.json": answers(), "moodle-42.zip": zipped({
                            "Awa Ba/1.2.json": answers("1.2"), "Zoé Ba/1.2.json": answers("1.2", "Autre"),
                            "x/1.2.json": answers("1.2", "De qui ?")})})  # fmt: skip
        workshop.take()
        assert workshop.students == {"Awa-Ba", "Zoe-Ba"}


@settings(max_examples=40)
@given(names=st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=8))
def test_any_names_give_identifiers_that_can_be_folders(
    names: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    desk = Desk(tmp_path_factory.mktemp("noms"), None)
    people = People(desk.cohort, Decisions(desk.cohort, None))
    found = [people.match(name, "x") for name in names]
    people.save()
    ids = {each.id for each in found if isinstance(each, Trainee)}
    assert not any(map(refused_name, ids))
    assert len({each.casefold() for each in ids}) == len(ids)
    assert ids == {each.id for each in roster.read(desk.cohort)}


class TestGroupsAtMoodle:
    def test_a_group_s_folder_that_holds_its_members_hand_in_contradicts_nobody(self, desk: Desk) -> None:
        raw = handin(desk.tmp / "c", Team("", ("Awa Kaboré", "Paul Kéïta")))
        put(desk.mail, {"m.zip": zipped({"Groupe 3_7_assignsubmission_file_/x.zip": raw})})
        desk.take()
        assert desk.students == {"awa", "paul"}

    def test_answers_in_a_group_s_folder_are_its_members(self, desk: Desk) -> None:
        put(desk.mail, {"Groupe 3_7_assignsubmission_file_/1.1.json": answers()})
        desk.take()
        assert desk.students == {"awa", "paul"}

    def test_what_was_believed_once_is_believed_again(self, workshop: Desk) -> None:
        workshop.handin("Ali.zip", "Awa Traoré")
        assert workshop.take().count(ACCEPTED) == 1
        workshop.handin("b.zip", "Ali")
        workshop.take()
        assert workshop.take().count(UNMATCHED) == 0


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

    @every("listed", (LIST, None))
    def test_a_canvas_of_her_document_in_the_folder_of_somebody_unknown_waits_and_is_told(
        self, tmp_path: Path, listed: str | None
    ) -> None:
        desk = Desk(tmp_path / str(listed is None), listed)
        desk.take(desk.handin("a.zip", "Awa Kaboré", "Paul Kéïta", text="D’Awa", document="d"))
        copied = answers("1.1", "Pas d’Awa", TUESDAY.strftime("%Y-%m-%dT%H:%M:%SZ"), "d")
        put(desk.mail / "b", {"Fatou Sow/1.1.json": copied})
        before = desk.students
        reception = desk.take(desk.mail / "b")
        assert "remise au nom de Awa Kaboré, Paul Kéïta par un fichier de Fatou Sow" in reasons(reception)
        assert (reception.count(UNMATCHED), desk.students) == (1, before)
        assert {desk.texts(student) for student in before} == {"D’Awa"}
        put(
            desk.mail / "c",
            {f"{name}/1.1.json": copied for name in ("Salle 3", "Awa K.", "Groupe 3", "Bobo Dioulasso/Awa Kaboré")},
        )
        assert desk.take(desk.mail / "c").count(UNMATCHED) == 0

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
        assert f"remplace celle du {moment(MONDAY)} (Awa Kaboré), gardée dans recus" in spaced(said.reason)
        kept = [unpacked(path.read_bytes())["reponses/1.1.json"] for path in desk.cohort.folder.glob("recus/*.zip")]
        assert any("Le vrai texte" in raw.decode() for raw in kept)
