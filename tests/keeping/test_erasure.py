"""A person forgotten: found by any of her names; nothing of hers is left, and nothing of anybody else's is lost."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
import zipfile
from datetime import datetime

import pytest
from class_states import AWA, LI, PAUL, ZOE, rows
from promotion import GOALS, review, text_of
from sqlalchemy import insert, select

from course.core import team
from course.core.handin import manifest
from course.core.refusal import Refusal
from course.instructor.cohort import roster, schema
from course.instructor.cohort.alone import alone
from course.instructor.cohort.gradebook import opened
from course.instructor.giveback.command import feedback, marks
from course.instructor.intake import people, person, store, submission
from course.instructor.intake.store import Received, Register
from course.instructor.intake.submission import Base, sealed
from course.instructor.keeping import erasure
from course.instructor.keeping.commands import archive, forget


@pytest.mark.parametrize(
    "asked", ["zoé d’été", "ZOÉ D’ÉTÉ", "Zoé N’Guessan-Été", "n'guessan ete zoe", "李娜", "娜娜娜娜 李李李李"]
)
def test_she_is_found_however_her_name_is_written(cohort, asked):
    assert person.find(cohort, asked).id in (ZOE.id, LI.id)


def test_who_may_be_two_is_asked_again(cohort):
    roster.write(cohort, [*roster.read(cohort), roster.Trainee("awa2", "AWA", "Ouedraogo")])
    with pytest.raises(Refusal) as caught:
        forget("Awa Ouédraogo", cohort.root, sure=True)
    said = text_of(str(caught.value))
    assert "« awa.o » (Awa Ouédraogo)" in said
    assert "« awa2 » (AWA Ouedraogo)" in said
    assert "donnez l’identifiant" in said


def test_nobody_of_that_name_is_told_with_who_is_near(cohort):
    for asked in ("Paul Kabore Junior", "", "../..", "*"):
        with pytest.raises(Refusal, match="Personne ne s’appelle"):
            forget(asked, cohort.root, sure=True)
    with pytest.raises(Refusal, match="paul"):
        forget("Paule Kabore", cohort.root, sure=True)


class Typed(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("typed", "gone"), [("Zoé N’Guessan-Été", True), ("zoé d’été", True), ("oui", False), ("", False)]
)
def test_one_types_the_name_to_confirm(cohort, monkeypatch, typed, gone):
    monkeypatch.setattr("sys.stdin", Typed(f"{typed}\n"))
    if gone:
        forget(ZOE.id, cohort.root, sure=False)
    else:
        with pytest.raises(Refusal, match="rien n’est effacé"):
            forget(ZOE.id, cohort.root, sure=False)
    assert (cohort.submitted / ZOE.id).exists() is not gone


def test_who_ends_the_question_changes_nothing(cohort, monkeypatch):
    monkeypatch.setattr("sys.stdin", Typed(""))  # Ctrl + D
    with pytest.raises(Refusal, match="rien n’est effacé"):
        forget(ZOE.id, cohort.root, sure=False)
    assert (cohort.submitted / ZOE.id).exists()


def test_without_a_terminal_nothing_is_done(cohort, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("paul\n"))
    with pytest.raises(Refusal, match="--oui"):
        forget("paul", cohort.root, sure=False)
    assert (cohort.submitted / "paul").exists()


def holding(folder, *needles):
    """The files below a folder that hold a text, by its bytes; what is zipped is unzipped, journals and all."""
    found = set()
    for path in folder.rglob("*"):
        contents = [path.name.encode()]
        if path.is_file():
            contents.append(path.read_bytes())
            if contents[-1].startswith(b"PK\x03\x04"):
                with zipfile.ZipFile(io.BytesIO(contents[-1])) as box:
                    contents += [raw for name in box.namelist() for raw in (name.encode(), box.read(name))]
        if any(needle.encode() in raw for raw in contents for needle in needles):
            found.add(path.relative_to(folder).as_posix())
    return found


def zipped(files):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as box:
        for name, raw in files.items():
            box.writestr(name, raw)
    return stream.getvalue()


def received(cohort):
    """What `course intake` keeps: a zip of the group, and one of Zoé."""
    home = cohort.folder / store.ORIGINALS
    home.mkdir()
    who = team.Team("Groupe 3", ("OUEDRAOGO Awa", "Paul Kaboré"))
    said = {
        "format": "remise/1", "goal": "1", "group": "Groupe 3", "members": list(who.members),
        "date": "2026-11-20T10:00:00Z", "course": "0.1.0",
    }  # fmt: skip
    raw = team.written(who)
    said["files"] = {"equipe.json": {"sha256": hashlib.sha256(raw).hexdigest(), "size": len(raw)}}
    group = zipped({"equipe.json": raw, "remise.json": json.dumps(said).encode()})
    (home / "groupe.zip").write_bytes(group)
    (home / "zoe.zip").write_bytes(zipped({"equipe.json": team.written(team.Team("", (ZOE.name,)))}))
    register = Register(cohort)
    moment = submission.parsed_date(b"2026-11-20 10:00:00 UTC")
    for name, place, students in (
        ("groupe.zip", "Awa Ouédraogo_12_assignsubmission_file_/Groupe-3_but-1.zip", {AWA.id, PAUL.id}),
        ("zoe.zip", "Zoe_but-1.zip", {ZOE.id}),
    ):
        register.note(Received(name, "k" + name, moment, place, "but-1", "", frozenset(students)))
    register.save()
    return raw, json.dumps(said).encode()


def test_of_one_who_worked_alone_nothing_is_left(cohort, capsys):
    received(cohort)
    (cohort.folder / people.DECISIONS).write_text(
        f"nom écrit;identifiant\nZozo;{ZOE.id}\nPaulo;paul\n", encoding="utf-8"
    )
    feedback([], cohort.root, models=False, release=False)
    marks(cohort.root, None)
    archive(cohort.root, None)
    words = (
        "Écouter les veuves du quartier Tampouy",
        "veuves",
        "zoé d’été",
        "Zoé",
        "N’Guessan",
        "zoe@exemple.org",
        "Zoe-N-G",
    )
    assert holding(cohort.folder, *words)
    forget(ZOE.id, cohort.root, sure=True, archives=True)
    assert holding(cohort.folder, *words) == set()
    assert "Ces fichiers la nomment encore" not in text_of(capsys.readouterr().out)
    assert [each.id for each in roster.read(cohort)] == [AWA.id, PAUL.id, LI.id]
    assert "Paulo;paul" in (cohort.folder / people.DECISIONS).read_text(encoding="utf-8")


def test_nobody_else_loses_a_row_or_a_file(cohort):
    before = rows(cohort)
    kept = {path: path.read_bytes() for path in cohort.folder.glob("*/[!z]*/**/*") if path.is_file()}
    forget(ZOE.id, cohort.root, sure=True)
    after = rows(cohort)
    lost = {name: [row for row in before[name] if row not in after[name]] for name in before}
    canvases = len(GOALS[0].objectives)
    assert {name: len(found) for name, found in lost.items() if found} == {
        "student": 1, "submitted_assignment": 1, "submitted_notebook": 1, "grade": 2 * canvases,
        "comment": 2 * canvases, "course_review": 1, "course_words": 1, "course_change": 1,
    }  # fmt: skip
    assert all(row in before[name] for name in after for row in after[name])
    assert {path: path.read_bytes() for path in kept} == kept


def test_her_group_keeps_the_work_without_her_name(cohort, capsys):
    members, said = received(cohort)
    folder = cohort.submitted / "paul" / "but-1"
    files = {f"reponses/{path.name}": path.read_bytes() for path in (folder / "reponses").iterdir()}
    base = Base("clé", submission.parsed_date(b"2026-11-20 10:00:00 UTC"), proven=False)
    made = sealed({**files, "equipe.json": members, "remise.json": said}, base, {})
    for path in (folder / "timestamp.txt", folder / "submission_secret.txt"):
        path.unlink()
    for name, raw in {**made.files, "timestamp.txt": b"2026-11-20 10:00:00 UTC"}.items():
        (folder / name).write_bytes(raw)
    assert submission.present(cohort, "paul", GOALS[0]).base == base
    forget("ouedraogo awa", cohort.root, sure=True)
    assert "Awa Ouédraogo (awa.o)" not in text_of(capsys.readouterr().out)
    for place in (cohort.submitted, cohort.autograded):
        assert team.read(place / "paul" / "but-1") == team.Team("Groupe 3", ("Paul Kaboré",))
    handed = manifest.parse((folder / "remise.json").read_bytes())
    raw = (folder / "equipe.json").read_bytes()
    assert (handed.team.members, handed.files["equipe.json"].sha256) == (
        ("Paul Kaboré",),
        hashlib.sha256(raw).hexdigest(),
    )
    # What `course intake` knows of it is still so: the same zip, sent again, is not taken for another.
    again = submission.present(cohort, "paul", GOALS[0])
    assert again.recoverable
    assert again.base == base
    (line,) = [each for each in Register(cohort)._lines.values() if each.original == "groupe.zip"]
    assert (line.key, line.students) == ("kgroupe.zip", {"paul"})
    with zipfile.ZipFile(cohort.folder / "recus" / "groupe.zip") as box:
        assert team.parse(box.read("equipe.json")).members == ("Paul Kaboré",)
    assert holding(cohort.folder, "Awa", "awa.o", "Ouédraogo", "OUEDRAOGO") == set()
    assert "Former les relais" in (cohort.autograded / "paul" / "but-1" / "reponses" / "1.1.json").read_text("utf-8")


def test_what_waits_to_be_taken_in_does_not_bring_her_back(cohort, capsys):
    inbox = cohort.folder / "a-recueillir"
    (inbox / f"{AWA.name}_12_assignsubmission_file_").mkdir(parents=True)
    alone, both = team.Team("", (AWA.name,)), team.Team("Groupe 3", (AWA.name, PAUL.name))
    (inbox / "x.zip").write_bytes(zipped({"equipe.json": team.written(alone)}))
    (inbox / "y.zip").write_bytes(zipped({"y/equipe.json": team.written(both)}))
    (inbox / f"{AWA.name}_12_assignsubmission_file_" / "1.1.json").write_text("{}")
    (inbox / "paul.json").write_text("{}")
    (inbox / "classe.zip").write_bytes(
        zipped({"z.zip": zipped({"z.zip": zipped({"equipe.json": team.written(both)})})})
    )
    forget(AWA.id, cohort.root, sure=True)
    said = text_of(capsys.readouterr().out)
    assert "Dans « a-recueillir » : 2 fichiers effacés, son nom retiré de 1." in said
    assert "à relire vous-même : a-recueillir/classe.zip." in said
    assert {path.name for path in inbox.rglob("*.*")} == {"y.zip", "paul.json", "classe.zip"}
    assert [path for path in inbox.rglob("*") if path.is_dir()] == []  # one had her name
    with zipfile.ZipFile(inbox / "y.zip") as box:
        assert team.parse(box.read("y/equipe.json")).members == (PAUL.name,)


def test_tables_of_the_class_lose_her_rows_and_keep_the_others(cohort):
    marks(cohort.root, None)
    (cohort.reports / "but-1.csv").write_text("stagiaire;canevas\nawa.o;1.1\npaul;1.1\n", encoding="utf-8-sig")
    (cohort.reports / "a-moi.txt").write_text("rien sur elle", encoding="utf-8")
    forget("awa.o", cohort.root, sure=True)
    assert (cohort.reports / "but-1.csv").read_text(encoding="utf-8-sig").splitlines() == [
        "stagiaire;canevas",
        "paul;1.1",
    ]
    assert "Paul;Kaboré" in (cohort.reports / "notes.csv").read_text(encoding="utf-8-sig")
    assert not (cohort.reports / "notes.xlsx").exists()
    assert (cohort.reports / "a-moi.txt").exists()


@pytest.mark.parametrize("name", ["Zoé N’Guessan-Été", ""])
def test_an_identifier_that_may_be_anything_is_looked_for_among_identifiers(cohort, name):
    first, _, last = name.partition(" ")
    listed = "identifiant;prénom;nom;téléphone\n" + f"1;{first};{last};70\n2;Paul;Kaboré;71\n"
    cohort.roster.write_text(listed, encoding="utf-8")
    inbox = cohort.folder / "a-recueillir"
    for place in ("1", "Groupe 2"):
        (inbox / place).mkdir(parents=True)
        (inbox / place / "1.1.json").write_text("{}")
    (inbox / "réponses (1).json").write_text("{}")
    with opened(cohort, writing=True) as connection:
        said = {"uses": 1, "at": datetime(2026, 11, 22)}
        connection.execute(insert(schema.phrase).values(text="Voir le canevas 1.", **said))
    cohort.reports.mkdir(exist_ok=True)
    table = cohort.reports / "but-1.csv"
    table.write_text("stagiaire;canevas;complétude sur 6\n1;1.1;6\n2;1.1;1\n", encoding="utf-8-sig")
    home = cohort.folder / store.ORIGINALS
    home.mkdir()
    (home / "a.zip").write_bytes(b"")
    line = ["a.zip", "k", "20/11/2026 10:00:00 UTC", "x (1).zip", "but-1", "1 h", "2", "", "pris"]
    register = ";".join(store.HEADINGS) + "\r\n" + ";".join(line) + "\r\n"
    (home / store.REGISTER).write_text(register, encoding="utf-8-sig", newline="")
    forget("1", cohort.root, sure=True)
    assert {path.relative_to(inbox).as_posix() for path in inbox.rglob("*.json")} == {
        "Groupe 2/1.1.json",
        "réponses (1).json",
    }
    assert table.read_text(encoding="utf-8-sig").splitlines()[1:] == ["2;1.1;1"]
    assert (home / store.REGISTER).read_text(encoding="utf-8-sig").splitlines()[1] == ";".join(line)
    with opened(cohort) as connection:
        assert "Voir le canevas 1." in connection.scalars(select(schema.phrase.c.text)).all()
    assert [each.id for each in roster.read(cohort)] == ["2"]


def test_the_others_keep_what_the_instructor_wrote_of_them_in_her_list(cohort):
    listed = "Téléphone,Nom d'utilisateur,Nom,Prénom\n70 00,awa.o,Ouédraogo,Awa\n'+226 71,paul,Kaboré,Paul\n"
    cohort.roster.write_bytes(listed.encode("cp1252"))
    forget("awa.o", cohort.root, sure=True)
    text = cohort.roster.read_text(encoding="utf-8-sig")
    assert text.splitlines() == ["Téléphone,Nom d'utilisateur,Nom,Prénom", "'+226 71,paul,Kaboré,Paul"]


def test_tables_that_excel_saved_its_own_way_lose_her_and_nobody_else(cohort):
    home = cohort.folder / store.ORIGINALS
    home.mkdir()
    head = ";".join(store.HEADINGS)
    when = "20/11/2026 10:00:00 UTC"
    rows_of = [f"a.zip;k;{when};Zoé.zip;but-1;;{ZOE.id};", "", f"b.zip;l;{when};été.zip;but-1;;paul;;pris"]
    (home / store.REGISTER).write_bytes("\r\n".join([head, *rows_of, ""]).encode("cp1252"))
    names = cohort.folder / people.DECISIONS
    names.write_bytes(f"nom écrit;identifiant\r\nZOÉ N'Guessan Été;{ZOE.id}\r\nKABORÉ P.;paul\r\n".encode("cp1252"))
    forget(ZOE.id, cohort.root, sure=True)
    assert names.read_bytes().decode("cp1252").splitlines() == ["nom écrit;identifiant", "KABORÉ P.;paul"]
    assert (home / store.REGISTER).read_text(encoding="utf-8-sig").splitlines()[1:] == [f"{rows_of[2]};"]


@pytest.mark.parametrize("identifier", ["../..", "..", "", "a/b"])
def test_a_gradebook_that_names_a_path_removes_nothing(cohort, tmp_path, identifier):
    (tmp_path / "précieux.txt").write_text("à garder")
    with opened(cohort, writing=True) as connection:
        connection.execute(insert(schema.student).values(id=identifier, first_name="Zig", last_name="Zag"))
    for asked in (identifier, "Zig Zag"):
        with pytest.raises(Refusal, match="Personne ne s’appelle"):
            forget(asked, cohort.root, sure=True)
    assert (tmp_path / "précieux.txt").exists()
    assert (cohort.submitted / "paul").exists()


def test_nothing_outside_the_class_is_ever_removed(cohort, tmp_path):
    outside = tmp_path / "ailleurs"
    for name in ("a", "b/zoé d’été", "c"):
        (outside / name).mkdir(parents=True)
        (outside / name / "précieux.txt").write_text("à garder")
    (cohort.submitted / ZOE.id / "lien").symlink_to(outside / "a")
    (cohort.folder / "liens").symlink_to(outside / "b")
    (cohort.feedback / ZOE.id).parent.mkdir()
    (cohort.feedback / ZOE.id).symlink_to(outside / "c")
    forget(ZOE.id, cohort.root, sure=True)
    assert len(list(outside.rglob("précieux.txt"))) == 3
    assert not (cohort.feedback / ZOE.id).is_symlink()
    assert not (cohort.submitted / ZOE.id).exists()


def test_archives_that_hold_her_are_told_and_go_when_asked(cohort, capsys):
    archive(cohort.root, None)
    (held,) = (cohort.folder / "archives").glob("*.zip")
    forget("paul", cohort.root, sure=True)
    assert f"ajoutez --archives pour les effacer aussi) : {held.name}" in text_of(capsys.readouterr().out)
    assert held.exists()
    archive(cohort.root, None)
    forget(ZOE.id, cohort.root, sure=True, archives=True)
    assert not list((cohort.folder / "archives").glob("*.zip"))


def test_a_comment_to_somebody_else_that_names_her_is_told(cohort, capsys):
    review(cohort, ("paul",), "1.2", (1, 1, 1, 1, 1, 1), "Voyez avec Zoé N’Guessan-Été.")
    forget(ZOE.id, cohort.root, sure=True)
    said = text_of(capsys.readouterr().out)
    assert "1 commentaire donné à quelqu’un d’autre la nomme" in said
    assert "Ces fichiers la nomment encore, à relire vous-même : gradebook.db" in said


def test_while_a_correction_runs_nobody_is_forgotten(cohort):
    with alone(cohort.folder), pytest.raises(Refusal, match="correction est déjà en cours"):
        forget("paul", cohort.root, sure=True)


def test_twice_is_told_and_a_stopped_run_goes_on(cohort, monkeypatch):
    def stopped(*_):
        raise OSError(13, "occupé", "x")

    with monkeypatch.context() as patch:
        patch.setattr(erasure, "_folders", stopped)
        with pytest.raises(Refusal, match="reprendra où elle s’est arrêtée"):
            forget("paul", cohort.root, sure=True)
    forget("paul", cohort.root, sure=True)
    assert not (cohort.submitted / "paul").exists()
    with pytest.raises(Refusal, match="Personne ne s’appelle"):
        forget("paul", cohort.root, sure=True)


def test_an_exchange_in_the_class_s_folder_forgets_her_too(cohort):
    root = cohort.folder / "exchange" / "soins-centres-personnes"
    name = hashlib.md5(("0123456789abcdef" * 4 + "but-1").encode(), usedforsecurity=False).hexdigest()
    for folder in ("zoé d’été+but-1+2026-11-20 10:00:00 UTC+abc", "paul+but-1+2026-11-20 10:00:00 UTC+abc"):
        (root / "inbound" / folder).mkdir(parents=True)
        (root / "inbound" / folder / "x").write_text("x")
    (root / "feedback").mkdir()
    (root / "feedback" / f"{name}.html").write_text("sa page")
    forget(ZOE.id, cohort.root, sure=True)
    assert [path.name[:4] for path in (root / "inbound").iterdir()] == ["paul"]
    assert not list((root / "feedback").iterdir())


FLIPPED = 15
DAMAGES = 60  # ways to damage a zip: zlib, struct and the end of the file each have their turn


def damaged(raw: bytes, seed: int) -> bytes:
    dice, bad = random.Random(seed), bytearray(raw)
    for place in dice.sample(range(4, len(bad)), FLIPPED):  # it still begins as a zip does
        bad[place] ^= 1 << dice.randrange(8)
    return bytes(bad)


def handed_in() -> bytes:
    dice, stream = random.Random(0), io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("equipe.json", team.written(team.Team("Groupe 3", (ZOE.name, PAUL.name))))
        for rank in range(1, 7):
            box.writestr(f"reponses/1.{rank}.json", " ".join(f"{dice.random():.5f}" for _ in range(50)))
    return stream.getvalue()


def test_damaged_zips_stop_nothing(cohort, capsys):
    whole = handed_in()
    inbox = cohort.folder / "a-recueillir"
    for home, ending in ((inbox, ".zip"), (cohort.reports, ".xlsx"), (cohort.folder / "archives", ".zip")):
        home.mkdir(exist_ok=True)
        for seed in range(DAMAGES):
            (home / f"f{seed}{ending}").write_bytes(damaged(whole, seed))
    forget(ZOE.id, cohort.root, sure=True)
    assert ZOE.id not in [each.id for each in roster.read(cohort)]
    assert "Archives où elle est encore" in text_of(capsys.readouterr().out)  # one cannot tell
    for seed in range(DAMAGES):
        assert (inbox / f"f{seed}.zip").read_bytes() == damaged(whole, seed)


# What makes one cell of all that follows, longer than a cell may be.
OPEN_QUOTE = 'x;"' + "a\n" * 70_000


def test_a_refused_file_that_was_not_kept_stops_nothing(cohort):
    """A link in a trainee's folder, or a file too large: the register has no original of it."""
    (cohort.folder / store.ORIGINALS).mkdir()
    register = Register(cohort)
    moment = submission.parsed_date(b"2026-11-20 10:00:00 UTC")
    for place, students in (("zoe/lien.zip", {ZOE.id}), ("groupe/lien.zip", {ZOE.id, PAUL.id})):
        register.note(
            Received("", "", moment, place, "", "", frozenset(students), "C’est un lien.", store.State.REFUSED)
        )
    register.save()
    forget(ZOE.id, cohort.root, sure=True)
    assert [line.students for line in Register(cohort).lines] == [{PAUL.id}]
    assert (cohort.folder / store.ORIGINALS).is_dir()
    assert ZOE.id not in [each.id for each in roster.read(cohort)]


def test_what_waits_for_others_says_nothing_of_her_any_more(cohort):
    (cohort.folder / store.ORIGINALS).mkdir()
    register = Register(cohort)
    moment = submission.parsed_date(b"2026-11-20 10:00:00 UTC")
    everybody, reason = frozenset({ZOE.id, PAUL.id, AWA.id}), f"{ZOE.name} n’y figure plus, contrairement à celle du 20"
    for key, waiting in (("a", {PAUL.id, AWA.id}), ("b", {AWA.id}), ("c", {ZOE.id})):
        line = Received("", key, moment, "x.zip", "but-1", "", everybody, reason, waiting=frozenset(waiting))
        register.note(line)
    register.save()
    forget(ZOE.id, cohort.root, sure=True)
    lines = Register(cohort).lines
    waiting, taken = store.State.WAITING, store.State.TAKEN
    left = [(waiting, set()), (taken, {PAUL.id}), (taken, {PAUL.id, AWA.id})]
    assert [(line.state, line.taken_for) for line in lines] == left
    assert ["n’y figure plus" in line.reason for line in lines] == [True, True, False]
    assert holding(cohort.folder, ZOE.id, ZOE.name) == set()


def test_the_same_refused_bytes_of_another_stay(cohort):
    home = cohort.folder / store.ORIGINALS
    home.mkdir()
    (home / "vide.zip").write_bytes(b"")
    register = Register(cohort)
    moment = submission.parsed_date(b"2026-11-20 10:00:00 UTC")
    for place, student in (("zoe/rien.zip", ZOE.id), ("paul/rien.zip", PAUL.id)):
        line = Received("vide.zip", "", moment, place, "", "", frozenset({student}), "Vide.", store.State.REFUSED)
        register.note(line)
    register.save()
    forget(ZOE.id, cohort.root, sure=True)
    assert [line.students for line in Register(cohort).lines] == [{PAUL.id}]
    assert (home / "vide.zip").exists()
    forget(PAUL.id, cohort.root, sure=True)
    assert not (home / "vide.zip").exists()


def test_a_secret_that_is_none_stops_nothing(cohort):
    for home in (cohort.submitted, cohort.autograded):
        (home / ZOE.id / "but-1" / "submission_secret.txt").write_bytes(b"\xff\xfe" * 20)
    forget(ZOE.id, cohort.root, sure=True)
    assert not (cohort.submitted / ZOE.id).exists()
    assert ZOE.id not in [each.id for each in roster.read(cohort)]


def test_a_list_too_large_to_read_in_an_archive_counts_as_hers(cohort, monkeypatch):
    archive(cohort.root, None)
    (path,) = cohort.archives.glob("*.zip")
    traces = erasure.traces_of(roster.Trainee("personne.d.autre", "Personne", "D’Autre"))
    assert not erasure._holds(path, traces)
    monkeypatch.setattr(erasure, "_MAX_LIST", 10)
    assert erasure._holds(path, traces)


@pytest.mark.usefixtures("short_cells")
def test_a_table_that_is_none_goes_when_it_names_her_and_stays_when_it_does_not(cohort, capsys):
    cohort.reports.mkdir(exist_ok=True)
    hers, others = cohort.reports / "a.csv", cohort.reports / "b.csv"
    hers.write_text(f"stagiaire;remarque\n{OPEN_QUOTE}\n{ZOE.id};x\n", encoding="utf-8")
    others.write_text(f"stagiaire;remarque\n{OPEN_QUOTE}\npaul;x\n", encoding="utf-8")
    with pytest.raises(csv.Error):
        list(csv.reader(hers.read_text(encoding="utf-8").splitlines(keepends=True), delimiter=";"))
    forget(ZOE.id, cohort.root, sure=True)
    assert (hers.exists(), others.exists()) == (False, True)
    assert "parce qu’ils pouvaient la nommer : a.csv." in text_of(capsys.readouterr().out)
    assert ZOE.id not in [each.id for each in roster.read(cohort)]


@pytest.mark.usefixtures("short_cells")
@pytest.mark.parametrize("place", [people.DECISIONS, f"{store.ORIGINALS}/{store.REGISTER}"])
def test_a_list_of_the_class_that_is_none_is_refused_before_anything_goes(cohort, place):
    path = cohort.folder / place
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"nom écrit;identifiant\n{OPEN_QUOTE}\n", encoding="utf-8")
    before = rows(cohort)
    with pytest.raises(Refusal, match=path.name):
        forget(ZOE.id, cohort.root, sure=True)
    assert rows(cohort) == before
    assert (cohort.submitted / ZOE.id).is_dir()
    path.unlink()
    forget(ZOE.id, cohort.root, sure=True)
    assert not (cohort.submitted / ZOE.id).exists()
