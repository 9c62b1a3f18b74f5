"""The list of trainees, as instructors and their Excel write it."""

import pytest
from promotion import text_of

from course.core.refusal import Refusal
from course.instructor.cohort import roster
from course.instructor.cohort.roster import Trainee


def listed(cohort, raw):
    cohort.roster.write_bytes(raw)
    return roster.read(cohort)


def test_no_list_is_no_trainees(cohort):
    assert roster.read(cohort) == ()


def test_what_is_written_is_read_again(cohort):
    trainees = (
        Trainee("awa", "Awa", "N’Diaye", "awa@exemple.org", "Groupe 3"),
        Trainee("o-brien", "Séan", "O'Brien; fils", "", "=1+1"),
        Trainee("李", "小", "李"),
    )
    roster.write(cohort, trainees)
    assert roster.read(cohort) == trainees
    assert "'=1+1" in cohort.roster.read_text(encoding="utf-8-sig")


LISTS = [
    "Identifiant;Prénom;Nom\nawa;Awa;Traoré\n".encode("cp1252"),
    "﻿nom,prenom,identifiant\r\nTraoré,Awa,awa\r\n\r\n".encode(),
    "Identifiant\tNom de famille\tPrénom\tVille\nawa\tTraoré\tAwa\tOuaga\n".encode(),
]
UNUSABLE = [
    ("nom;prénom\nTraoré;Awa\n", "n’a pas de colonne « identifiant »"),
    ("identifiant;nom\nawa;A\nAWA;B\n", "ligne 3 : l’identifiant « AWA » y est deux fois"),
    ("identifiant;nom\n../x;A\n", "ligne 2 : l’identifiant « ../x » ne va pas"),
    ("identifiant;nom\n;A\n", "ligne 2"),
    ("identifiant;nom\nCON;A\n", "Windows ne peut pas avoir de dossier de ce nom"),
    ("identifiant;nom\nawa.;A\n", "Windows ne peut pas avoir de dossier de ce nom"),
]


def test_lists_from_elsewhere(cohort):
    for raw in LISTS:
        assert listed(cohort, raw) == (Trainee("awa", "Awa", "Traoré"),), raw


def test_a_list_that_cannot_be_used_says_where(cohort):
    for text, words in UNUSABLE:
        with pytest.raises(Refusal) as caught:
            listed(cohort, text.encode())
        assert words in text_of(str(caught.value)), text


@pytest.mark.usefixtures("short_cells")
def test_a_list_that_is_no_table(cohort):
    with pytest.raises(Refusal, match="n’est pas un tableau CSV"):
        listed(cohort, b'identifiant;nom\n"' + b"a" * 200_000)


def test_a_name_is_said_first_name_first():
    assert (Trainee("awa", "Awa", "Traoré").name, Trainee("awa").name) == ("Awa Traoré", "awa")


def test_new_trainees_are_added_and_the_rest_stays_as_it_was_written(cohort):
    listed(cohort, "Nom,Identifiant,Téléphone\nTraoré,awa,0102".encode("cp1252"))
    roster.extend(cohort, (Trainee("zoe", "Zoé", "=1+1"),))
    assert roster.read(cohort) == (Trainee("awa", "", "Traoré"), Trainee("zoe", "", "Zoé =1+1"))
    assert "Traoré,awa,0102" in cohort.roster.read_text(encoding="utf-8-sig")


def test_a_list_that_is_not_there_is_begun(cohort):
    roster.extend(cohort, (Trainee("zoe", "Zoé"),))
    assert roster.read(cohort) == (Trainee("zoe", "Zoé"),)


def test_who_is_taken_off_leaves_the_others_as_they_were_written(cohort):
    listed(cohort, 'Identifiant;Nom;Note\nawa;Traoré;\'=1+1\nzoe;Zoé;"deux\nlignes"\n'.encode("cp1252"))
    roster.remove(cohort, "awa")
    assert cohort.roster.read_bytes().decode("utf-8-sig") == 'Identifiant;Nom;Note\r\nzoe;Zoé;"deux\nlignes"\r\n'
