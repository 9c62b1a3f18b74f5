"""The list of trainees, as instructors, their Excel and their Moodle write it."""

import errno
import io
import os
from pathlib import Path

import openpyxl
import pytest
from every import every
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
TWO = (("awa01", "Aïssata", "Kaboré", "a@exemple.org", "Groupe 1"), ("ele02", "Élodie", "Traoré", "e@exemple.org", ""))
EXCEL = "identifiant;prénom;nom;courriel;groupe\n" + "".join(";".join(row) + "\n" for row in TWO)
MOODLE = """Prénom,Nom de famille,Nom d’utilisateur,Adresse de courriel,Numéro d’identification,Groupes,Rôles
Aïssata,Kaboré,awa01,a@exemple.org,,Groupe 1,Étudiant
Élodie,Traoré,ele02,e@exemple.org,,,Étudiant
"""
SAVED = {
    "CSV UTF-8": EXCEL.encode("utf-8-sig"),
    "CSV": EXCEL.encode("cp1252"),
    "CSV (Macintosh)": EXCEL.replace("\n", "\r").encode("mac_roman"),
    "CSV (MS-DOS)": EXCEL.replace("\n", "\r\n").encode("cp850"),
    "Texte Unicode": EXCEL.replace(";", "\t").encode("utf-16"),
    "sep=": ("sep=;\n" + EXCEL).encode("utf-8-sig"),
    "a title": ("Liste des stagiaires, promotion 2026\n\n" + EXCEL).encode(),
    "a title in cells": ("Liste des stagiaires;;;;\n;;;;\n" + EXCEL).encode("mac_roman"),
    "Moodle": MOODLE.encode(),
    "Moodle in English": MOODLE.replace(
        "Prénom,Nom de famille,Nom d’utilisateur,Adresse de courriel,Numéro d’identification,Groupes",
        "First name,Last name,Username,Email address,ID number,Groups",
    ).encode(),
    "headings without accents": EXCEL.replace("prénom", "pr?nom").encode("utf-8-sig"),
    "read in a wrong encoding, then saved": EXCEL.encode().decode("cp1252").encode("utf-8-sig"),
    "of a Macintosh, opened on Windows, then saved": EXCEL.encode("mac_roman").decode("cp1252").encode("utf-8"),
}
UNUSABLE = [
    ("prénom;nom;identifiant\nA?ssata;Kabor?;x\n".encode("ascii", "replace").decode(), "les accents de « A?ssata »"),
    ("\N{LATIN SMALL LETTER A}\nidentifiant;nom\nx;Kabor\ufffd\n", "sont perdus"),
    ("<html><table>", "est une page web"),
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


@every("form", SAVED)
def test_case_class_lists(cohort, form):
    """Case `class-lists`."""
    assert listed(cohort, SAVED[form]) == tuple(Trainee(*row) for row in TWO), form


HEADINGS = [
    "N°;Nom;Prénom;Identifiant",
    "Nº;Nom;Prénom;Identifiant",
    "№;Nom;Prénom;Identifiant",
    "N?;Nom;Prénom;Identifiant",
    "N;Nom;Prénom;Identifiant",
    "No;Nom;Prénom;Identifiant",
    "#;Nom;Prénom;Identifiant",
    "É;Nom;Prénom;Id",
    "N°;Noms;Prénoms;Matricule",
    "N°;Nom(s);Prénom(s);Numéro matricule",
    "N° d’ordre;Nom;Prénom;N° matricule",
    "Rang;Nom;Prénom;Identifiant (matricule)",
    "N°;Nom de famille;Prénoms;Identifiants",
    "N°;Nom;Prénom;ID étudiant",
    "N°;Nom;Prénom;Code de l’étudiant(e)",
    "N?m;Nom;Pr?nom(s);Matricules",
    "Prénom (usuel)?;Nom;Prénom;Identifiant",
]


@every("heading", HEADINGS)
def test_a_heading_is_known_by_its_words_and_a_row_number_is_no_name(cohort, heading):
    for delimiter in ";|\t":
        raw = f"{heading}\n1;Traoré;Awa;awa\n".replace(";", delimiter).encode()
        assert listed(cohort, raw) == (Trainee("awa", "Awa", "Traoré"),), heading
    assert listed(cohort, b"N\xc2\xb0;Matricule;Nom et pr\xc3\xa9nom(s);Groupe\n1;awa;TRAORE Awa;G1\n") == (
        Trainee("awa", "", "TRAORE Awa", "", "G1"),
    )


def test_a_title_in_another_script_is_no_heading(cohort):
    title = "Liste abcd " + "قائمةالمتدربين" * 3
    rows = f"{title};{'(' * 100_000}\nidentifiant;nom\nawa;Traoré\n"
    assert listed(cohort, rows.encode()) == (Trainee("awa", "", "Traoré"),)


def test_addresses_are_identifiers_where_there_are_no_others(cohort):
    raw = MOODLE.replace("Nom d’utilisateur", "Ville").encode()
    assert [trainee.id for trainee in listed(cohort, raw)] == ["a@exemple.org", "e@exemple.org"]
    assert roster.read(cohort)[0].email == "a@exemple.org"


def book(rows, *before):
    made = openpyxl.Workbook()
    for other in before:
        for row in other:
            made.active.append(row)
        made.active = made.create_sheet()
    for row in rows:
        made.active.append(row)
    made.save(stream := io.BytesIO())
    return stream.getvalue()


def test_an_excel_file_is_read_as_it_is_and_extended_as_csv(cohort):
    path = cohort.folder / "stagiaires.xlsx"
    path.write_bytes(book([("Liste",), (), ("Prénom", "Nom", "Matricule"), ("Aïssata", "Kaboré", 2026007)]))
    assert roster.read(cohort) == (Trainee("2026007", "Aïssata", "Kaboré"),)
    cohort.roster.write_bytes(b"identifiant;nom\n")  # as `course new` leaves it
    assert len(roster.read(cohort)) == 1
    roster.extend(cohort, (Trainee("zoe", "Zoé", "Ba"),))
    assert [trainee.id for trainee in roster.read(cohort)] == ["2026007", "zoe"]
    roster.rename(cohort, {"2026007": "02026007"})
    assert [trainee.id for trainee in roster.read(cohort)] == ["02026007", "zoe"]
    os.utime(path, (2e9, 2e9))  # the instructor went on in Excel
    with pytest.raises(Refusal, match="plusieurs listes"):
        roster.read(cohort)


def test_the_list_is_on_whichever_sheet_of_a_workbook(cohort):
    path = cohort.folder / "stagiaires.xlsx"
    rows = [("Prénom", "Nom", "Matricule"), ("Aïssata", "Kaboré", "a1")]
    for before in ([], [("Lisez-moi",), ("Nom", "Ville")]):
        path.write_bytes(book(rows, before))
        assert roster.read(cohort) == (Trainee("a1", "Aïssata", "Kaboré"),)
    roster.extend(cohort, (Trainee("zoe", "Zoé", "Ba"),))
    assert [trainee.id for trainee in roster.read(cohort)] == ["a1", "zoe"]


def test_other_files_are_refused_by_what_they_are(cohort):
    for name, raw, words in (
        ("stagiaires.ods", b"PK", "enregistrez-la en .xlsx"),
        ("stagiaires.csv", b"\xd0\xcf\x11\xe0", "ancien classeur Excel"),
        ("stagiaires.csv", book([("Ville",)]), "n’a pas de colonne « identifiant »"),
        ("stagiaires.csv", book([])[:200], "ni un classeur .xlsx"),
    ):
        for path in cohort.folder.glob("stagiaires.*"):
            path.unlink()
        (cohort.folder / name).write_bytes(raw)
        with pytest.raises(Refusal) as caught:
            roster.read(cohort)
        assert words in text_of(str(caught.value)), name


def test_a_list_that_cannot_be_used_says_where(cohort):
    for text, words in UNUSABLE:
        with pytest.raises(Refusal) as caught:
            listed(cohort, text.encode())
        assert words in text_of(str(caught.value)), text


@pytest.mark.usefixtures("short_cells")
def test_a_list_that_is_no_table(cohort):
    with pytest.raises(Refusal, match="n’est pas un tableau CSV"):
        listed(cohort, b'identifiant;nom\n"' + b"a" * 200_000)


def test_a_list_too_large_is_never_read_whole(cohort, monkeypatch):
    monkeypatch.setattr(roster, "_MAX_BYTES", 1024**2)
    cohort.roster.write_bytes(b"identifiant\n")
    with cohort.roster.open("r+b") as stream:
        stream.truncate(2**40)  # a file of holes
    with pytest.raises(Refusal, match="dépasse 1"):
        roster.read(cohort)
    (cohort.folder / "stagiaires.xlsx").write_bytes(book([("identifiant",), ("awa",)]))
    with pytest.raises(Refusal, match="dépasse 1"):
        roster.read(cohort)


def test_a_list_that_excel_holds_is_said_when_there_are_two(cohort, monkeypatch):
    (cohort.folder / "stagiaires.xlsx").write_bytes(book([("identifiant",), ("awa",)]))
    cohort.roster.write_bytes(b"identifiant\n")

    def held(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", held)
    monkeypatch.setattr(Path, "read_bytes", held)
    with pytest.raises(Refusal, match="fermez-la dans Excel"):
        roster.read(cohort)


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
