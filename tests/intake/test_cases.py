"""What went wrong once for classes like these: whose words, which version, what kind of file; no word changes hands."""

from __future__ import annotations

import hashlib
import io
import json
import random
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from every import every
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
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
    handin,
    outcomes,
    put,
    reasons,
    spaced,
    unpacked,
    zipped,
)

from course.core.team import Team
from course.instructor.cohort import roster
from course.instructor.intake.decisions import ASIDE, NEW, YES
from course.instructor.intake.names import envelope

STAMP = "%Y-%m-%dT%H:%M:%SZ"
HOME = "soins-centres-personnes"


def workbook(text: str, document: str, home: str = HOME, saved: datetime = MONDAY) -> dict[str, bytes]:
    """A whole workbook as one zips it, whose folder always has the same name."""
    folder = f"{home}/exercises/but-1/reponses"
    return {
        f"{folder}/{name}.json": answers(name, text, saved.strftime(STAMP), f"{document}{name}")
        for name in ("1.1", "1.2")
    }


def flagless(names: dict[str, bytes], encoding: str) -> bytes:
    """A zip as Windows and old programs make it: names in a code page, and no flag that says which."""

    class Info(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's own
            return self.filename.encode(encoding), self.flag_bits & ~0x800

    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, raw in names.items():
            archive.writestr(Info(name), raw)
    return stream.getvalue()


def resealed(files: dict[str, bytes]) -> dict[str, bytes]:
    """A hand-in whose manifest says the sums of what is in it now."""
    page = json.loads(files["remise.json"])
    page["files"] = {
        name: {"sha256": hashlib.sha256(raw).hexdigest(), "size": len(raw)}
        for name, raw in files.items()
        if name != "remise.json"
    }
    return {**files, "remise.json": json.dumps(page).encode()}


class TestWho:
    def test_case_misattribution(self, desk: Desk) -> None:
        """An answer about a nameless workbook is about that workbook; the next of the same name is asked too."""
        one = put(desk.tmp / "a", {f"{HOME}.zip": zipped(workbook("De Paul", "p"))})
        two = put(desk.tmp / "b", {f"{HOME} (1).zip": zipped(workbook("De Moussa", "m"))})
        instructor = Instructor("paul")
        desk.take(one, ask=instructor)
        assert len(instructor.asked) == 1  # for the whole workbook, not for each canvas
        assert reasons(desk.take(two)).count("ne dit pas de qui il est") == 2
        desk.take(two, ask=Instructor("moussa"))
        assert (desk.texts("paul"), desk.texts("moussa")) == ("De Paul", "De Moussa")
        before = desk.tree()
        desk.take(one, two, ask=Instructor())
        assert desk.tree() == before

    HOMES = (
        HOME,
        f"{HOME} (1)",
        f"{HOME} - Copie",
        f"Copie de {HOME}",
        f"{HOME}-2",
        f"{HOME}-main",
        "demo",
        "Exercises",
        "exercices",
        "Soins centrés sur les personnes",
        "Mon classeur",
        "Dropbox",
        "OneDrive - Ministère de la Santé",
        "Google Drive",
        "Mon Drive",
        "Takeout",
        "Bluetooth",
        "Stagiaires",
        "SHAREit",
    )
    MADE = (
        "1.2",
        "sans-nom_but-1",
    )
    SECOND = (
        "Copie en conflit de {}",
        "Copie conflictuelle de {}",
        "{}.Conflict",
        "{} conflit",
        "{} (Copie de Salif)",
        "{} (Salif Traoré) conflit",
        "{} (Kopie)",
        "{} - Kopie",
        "{}-HP-SALLE3",
        "{}-DELL",
        "{} (version en conflit de Salif Traoré)",
    )

    def test_case_sync_conflict_dropbox_fr_a_second_version_alone_is_nobody_s(self) -> None:
        """What a program or a computer adds to a file's name names nobody; a person's name beside it stays."""
        cases = [(made, form.format(made)) for made in self.MADE for form in self.SECOND]
        cases.append(("sans-nom_but-1", "sans-nom_but-1-SALLE-INFO"))
        assert [name for _, name in cases if envelope(f"{name}.zip", (), alone=True).names] == []
        awa = [form.format("Awa Diallo_but-1") for form in self.SECOND]
        assert {name: envelope(f"{name}.zip", (), alone=True).names for name in awa} == dict.fromkeys(
            awa, ("Awa Diallo",)
        )
        for name in ("sans-nom_but-1 Awa Diallo", "but-1 Awa Diallo", "1.2-Awa Diallo", "Awa Diallo 1.2"):
            assert envelope(f"{name}.zip", (), alone=True).names == ("Awa Diallo",), name

    @every("home", HOMES)
    def test_folders_that_the_course_names_are_nobody_s(self, tmp_path: Path, home: str) -> None:
        """Case misattribution, in a class without a list."""
        workshop = Desk(tmp_path / home, None)
        put(workshop.mail, {f"{home}.zip": zipped(workbook("De quelqu’un", "x", home))})
        assert workshop.take().count(UNMATCHED) == 2
        assert not workshop.students
        workshop.take(ask=Instructor("Awa Traoré", NEW))
        assert workshop.students == {"Awa-Traore"}

    def test_an_answer_about_a_name_that_is_none_is_about_the_file(self, desk: Desk) -> None:
        put(desk.mail, {"envoi du soir/1.1.json": answers(text="Un", document="a", saved="2026-11-23T10:00:00Z")})
        desk.take(ask=Instructor("paul"))
        other = answers("1.1", "Deux", document="b", saved="2026-11-24T10:00:00Z")
        put(desk.mail / "plus tard", {"envoi du soir/1.1.json": other})
        assert desk.take(desk.mail / "plus tard").count(UNMATCHED) == 1
        assert desk.texts("paul") == "Un"

    ELSEWHERE = ("Salle 3", "Tablette 2", "Samsung", "Atelier Kaya", "Clé USB", "Poste 4", "Lundi matin", "Salle A")

    def test_an_answer_is_about_a_name_only_when_it_has_a_word_of_it(self, tmp_path: Path) -> None:
        """Case misattribution: what a room or a computer is called comes back on other people's files."""
        for listed in ("identifiant;nom\nx;Awa Diallo\n", "identifiant;nom\nx;Salif A. Zallé-Sam\n"):
            desk = Desk(tmp_path / str(len(listed)), listed)
            for number, name in enumerate(self.ELSEWHERE):
                one, two = (answers(objective, document=f"{number}{objective}") for objective in ("1.1", "1.2"))
                desk.take(put(desk.tmp / f"a{number}", {f"{name}/1.1.json": one}), ask=Instructor("x"))
                assert desk.take(put(desk.tmp / f"b{number}", {f"{name}/1.2.json": two})).count(UNMATCHED) == 1, name
        desk.take(put(desk.tmp / "c", {"Zallé famille/1.1.json": answers(document="c")}), ask=Instructor("x"))
        assert desk.take(put(desk.tmp / "d", {"Zallé famille/1.2.json": answers("1.2")})).count(UNMATCHED) == 0

    def test_two_archives_of_one_name_are_asked_about_one_by_one(self, desk: Desk) -> None:
        """Case misattribution: in one reception, from two folders; and two canvases, of one document even."""
        for number, (name, files) in enumerate((
            (f"{HOME}.zip", [zipped(workbook(text, text)) for text in ("De Paul", "De Moussa")]),
            ("1.1.json", [answers("1.1", text, document="d", revision=len(text)) for text in ("De Paul", "De Moussa")]),
        )):  # fmt: skip
            box = Desk(desk.tmp / str(number))
            paths = [put(box.tmp / str(at), {name: raw}) / name for at, raw in enumerate(files)]
            instructor = Instructor("paul", "moussa")
            box.take(*paths, ask=instructor)
            assert len({question.words for question in instructor.asked}) == 2
            assert (box.texts("paul"), box.texts("moussa")) == ("De Paul", "De Moussa")

    COPIES = (
        "1.1 (Copie en conflit de PC-BUREAU 2026-11-29).json",
        "1.1 (Copie conflictuelle de PC-BUREAU 2026-11-29).json",
        "1.1 (PC-BUREAU's conflicted copy 2026-11-29).json",
        "1.1 (conflicted copy 2026-11-29 101500).json",
        "1.1-PC-BUREAU.json",
        "1.1-SALLE-INFO.json",
        "1.1 (1).json",
        "1.1 - Copie.json",
        "1.1.sync-conflict-20261129-101500-ABCDEFG.json",
        "1.1_conflict-20261129-101500.json",
    )

    @every("name", COPIES)
    def test_case_sync_conflict_dropbox_fr(self, tmp_path: Path, name: str) -> None:
        """Case `sync-conflict-dropbox-fr`: a copy made beside a canvas is a version of it, and its file is named."""
        listed = "identifiant;prénom;nom\nawa;Awa;Diallo\n"
        for place, roster_text in (("Awa Diallo/reponses", None), ("Awa Diallo", None), ("Awa Diallo", listed)):
            desk = Desk(tmp_path / str(len([*tmp_path.iterdir()])), roster_text)
            put(desk.mail / place, {"1.1.json": answers(text="La dernière", document="d", revision=7),
                                    name: answers(text="La copie", document="d", revision=6)})  # fmt: skip
            reception = desk.take()
            [student] = desk.students
            assert desk.texts(student) == "La dernière"
            assert {trainee.name for trainee in roster.read(desk.cohort)} == {"Awa Diallo"}
            assert outcomes(reception)[name] is SUPERSEDED
            said = {row.file.rpartition(" › ")[2]: row.reason for row in reception.rows}[name]
            assert "1.1.json" in said
            kept = [path.read_bytes() for path in desk.cohort.folder.glob("recus/*.json")]
            assert any("La copie" in raw.decode() for raw in kept)

    def test_two_copies_that_both_went_on_are_asked_about(self, desk: Desk) -> None:
        put(desk.mail / "Paul Kéïta/reponses", {
            "1.1.json": answers(text="Ici", document="d", revision=7, saved="2026-11-23T10:00:00Z"),
            "1.1-PC.json": answers(text="Là-bas", document="d", revision=7, saved="2026-11-24T10:00:00Z")})  # fmt: skip
        assert outcomes(desk.take()) == {"1.1.json": ACCEPTED, "1.1-PC.json": UNMATCHED}
        desk.take(ask=Instructor(YES))
        assert desk.texts("paul") == "Là-bas"
        before = desk.tree()
        desk.take(ask=Instructor())
        assert desk.tree() == before

    NAMES = ("ÈVE KABORÉ", "Élodie Traoré", "Aïssata Kéïta", "François Bâ", "JÉRÔME DIALLO", "Noël N’Diaye")

    @pytest.mark.parametrize("encoding", ["cp850", "cp437", "cp1252"])
    def test_case_zip_names_cp850(self, tmp_path: Path, encoding: str) -> None:
        """A name in a zip is read in the code page that gives letters, with a list and without."""
        for number, name in enumerate(self.NAMES):
            try:
                raw = flagless({f"{name}/1.1.json": answers()}, encoding)
            except UnicodeEncodeError:
                continue  # no such letter there
            first, last = name.split()
            for listed in (f"identifiant;prénom;nom\nx;{first};{last}\n", None):
                desk = Desk(tmp_path / f"{number}{listed is None}", listed)
                put(desk.mail, {"travail.zip": raw})
                assert desk.take().count(ACCEPTED) == 1, (name, encoding)
                [trainee] = roster.read(desk.cohort)
                assert set(trainee.name.split()) == {first, last}

    def test_the_list_decides_in_which_encoding_a_name_is(self, desk: Desk) -> None:
        desk.cohort.roster.write_text("identifiant;nom\no;ÔVE DIALLO\n", encoding="utf-8")
        put(desk.mail, {"travail.zip": flagless({"ÔVE DIALLO/1.1.json": answers()}, "cp1252"),
                        "KaborÃ©/x.txt": b"x"})  # fmt: skip
        desk.take()
        assert desk.students == {"o"}

    def test_a_name_that_two_encodings_give_letters_is_asked_about(self, workshop: Desk) -> None:
        """Case zip-names-cp850: when in doubt, ask with a legible name."""
        put(workshop.mail, {"travail.zip": flagless({"ÈVE DIALLO/1.1.json": answers()}, "cp850")})
        assert "a perdu le codage de ses accents : ÈVE DIALLO, ÔVE DIALLO" in reasons(workshop.take())
        assert not workshop.students
        workshop.take(ask=Instructor(NEW))
        assert [trainee.name for trainee in roster.read(workshop.cohort)] == ["ÈVE DIALLO"]
        before = workshop.tree()
        workshop.take(ask=Instructor())
        assert workshop.tree() == before


class TestWhich:
    def test_case_clock_back(self, tmp_path: Path) -> None:
        """Case `clock-back`: in one document the higher revision is later, though the clock fell back to 2019."""
        back = datetime(2019, 1, 1, 0, 12, tzinfo=UTC)
        for number, order in enumerate((("1.zip", "2.zip"), ("2.zip", "1.zip"), None)):
            desk = Desk(tmp_path / str(number))
            desk.handin("1.zip", "Awa Kaboré", text="Premier jet", document="d", revision=2)
            desk.handin("2.zip", "Awa Kaboré", text="Version finale", document="d", revision=9, date=back)
            for source in order or (None,):
                desk.take(*([desk.mail / source] if source else []))
            assert desk.texts("awa") == "Version finale"

    @settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(seed=st.integers(0, 10**6))
    def test_whatever_the_clocks_say_the_last_revision_counts(
        self, tmp_path_factory: pytest.TempPathFactory, seed: int
    ) -> None:
        chance = random.Random(seed)
        desk = Desk(tmp_path_factory.mktemp("horloges"))
        sent = []
        for revision in range(1, 5):
            date = NOW + timedelta(days=chance.randint(-3000, 3000))
            if chance.random() < 0.5:
                sent.append(desk.handin(f"{revision}.zip", "Awa Kaboré", text=f"Texte {revision}", document="d",
                                        revision=revision, date=date, objectives=("1.1",)))  # fmt: skip
            else:
                raw = answers("1.1", f"Texte {revision}", date.strftime(STAMP), "d", revision)
                sent.append(put(desk.mail / str(revision), {"Awa Kaboré 1.1.json": raw}))
        chance.shuffle(sent)
        for path in sent:
            desk.take(path)
        assert desk.texts("awa") == "Texte 4"

    def test_an_impostor_dated_tomorrow_waits(self, desk: Desk) -> None:
        desk.handin("a.zip", "Awa Kaboré", text="Le vrai texte")
        desk.handin("b.zip", "Awa Kaboré", text="Faux", document="autre", date=NOW + timedelta(days=1))
        assert outcomes(desk.take()) == {"a.zip": ACCEPTED, "b.zip": UNMATCHED}
        assert outcomes(desk.take(now=NOW + timedelta(days=9)))["b.zip"] is UNMATCHED
        assert desk.texts("awa") == "Le vrai texte"
        instructor = Instructor(ASIDE)
        desk.take(ask=instructor)
        assert "autre classeur" in spaced(instructor.asked[0].words)
        assert outcomes(desk.take(ask=Instructor()))["b.zip"] is SUPERSEDED

    def test_who_says_no_document_replaces_nothing_unasked(self, tmp_path: Path) -> None:
        """Case other-workbook-wins: neither a hand-in nor a canvas, missing or empty, whatever its date says."""
        raw = json.loads(answers("1.1", "Faux", TUESDAY.strftime(STAMP)))
        for number, document in enumerate(({}, {"document": ""})):
            desk = Desk(tmp_path / str(number))
            desk.take(desk.handin("a.zip", "Awa Kaboré", text="Le vrai texte", document="d"))
            fields = {name: field for name, field in raw.items() if name != "document"} | document
            forged = unpacked(handin(desk.tmp / "c", Team("", ("Awa Kaboré",)), TUESDAY, "Faux"))
            forged["reponses/1.1.json"] = json.dumps(fields).encode()
            put(desk.mail, {"Awa Kaboré/1.1.json": forged["reponses/1.1.json"],
                            "b.zip": zipped(resealed(forged))})  # fmt: skip
            found = outcomes(desk.take())
            assert (found["1.1.json"], found["b.zip"]) == (UNMATCHED, UNMATCHED), document
            assert desk.texts("awa") == "Le vrai texte"

    def test_another_document_of_a_doubtful_date_is_asked_both_ways(self, desk: Desk) -> None:
        desk.handin("a.zip", "Awa Kaboré")
        desk.handin("b.zip", "Awa Kaboré", text="Autre", document="x", date=datetime(2019, 1, 1, tzinfo=UTC))
        assert outcomes(desk.take()) == {"a.zip": ACCEPTED, "b.zip": UNMATCHED}
        desk.take(ask=Instructor(YES))
        assert desk.texts("awa") == "Autre"
        assert outcomes(desk.take(ask=Instructor())) == {"a.zip": SUPERSEDED, "b.zip": ACCEPTED}

    def test_a_group_that_is_asked_about_is_asked_once(self, desk: Desk) -> None:
        desk.handin("a.zip", "Awa Kaboré", "Paul Kéïta", group="Groupe 3")
        desk.handin("b.zip", "Awa Kaboré", "Paul Kéïta", text="Autre", document="x", date=TUESDAY)
        desk.take(ask=Instructor(YES))
        assert desk.texts("awa") == desk.texts("paul") == "Autre"

    def test_work_that_was_taken_up_elsewhere_and_goes_on_is_not_asked(self, desk: Desk) -> None:
        desk.handin("a.zip", "Awa Kaboré", objectives=("1.1",))
        files = json.loads(unpacked((desk.mail / "a.zip").read_bytes())["reponses/1.1.json"])
        files["options"]["1.1.b"] = [{"id": "t", "strategy": "Une suite", "actions": []}]
        files |= {"document": "ailleurs", "revision": 1, "saved_at": TUESDAY.strftime(STAMP)}
        put(desk.mail / "suite", {"Awa Kaboré 1.1.json": json.dumps(files).encode()})
        assert desk.take().count(UNMATCHED) == 0
        assert "Une suite" in desk.files("awa")["reponses/1.1.json"].decode()

    def test_fewer_members_than_before_are_asked_about(self, desk: Desk) -> None:
        """Also one whose name begins another member's; not one who is written otherwise, as the instructor said."""
        desk.cohort.roster.write_text("identifiant;prénom;nom\nali;Ali;\nalima;Alima;Sow\n", encoding="utf-8")
        put(desk.cohort.folder, {"noms.csv": "nom écrit;identifiant\nAl. S.;alima\n".encode()})
        desk.handin("a.zip", "Ali", "Al. S.", document="d")
        desk.take()
        desk.handin("b.zip", "SOW Alima", text="Sans Ali", date=TUESDAY, document="d")
        rows = desk.take(desk.mail / "b.zip").rows
        assert [(row.student, row.outcome) for row in rows] == [("alima", UNMATCHED)]
        assert "Ali n’y figure plus" in spaced(rows[0].reason)

    def test_case_second_group_a_hand_in_takes_no_canvas_away_unasked(self, tmp_path: Path) -> None:
        """Neither one of another workbook, nor one of the same that lacks a canvas, has none, or an unreadable one."""
        for number, (objectives, document, abyss) in enumerate((
            (("1.3",), "e", False), (("1.3", "1.1"), "", False), ((), "", False), (("1.1", "1.2"), "", True),
            (("1.3",), "2019", False),
        )):  # fmt: skip
            desk = Desk(tmp_path / str(number))
            desk.take(desk.handin("a.zip", "Awa Kaboré", text="Mots d’Awa"))
            date = datetime(2019, 1, 1, tzinfo=UTC) if document == "2019" else TUESDAY
            path = desk.handin("b.zip", "Awa Kaboré", text="Autre", date=date, document=document, objectives=objectives)
            if abyss:
                files = unpacked(path.read_bytes())
                files["reponses/1.1.json"] = files["reponses/1.1.json"].replace(b'"options": {', b'"options": [{')
                path.write_bytes(zipped(resealed(files)))
            assert outcomes(desk.take(path)) == {"b.zip": UNMATCHED}, number
            assert (desk.texts("awa"), desk.texts("awa", "1.2")) == ("Mots d’Awa", "Mots d’Awa")
            instructor = Instructor(YES)
            assert outcomes(desk.take(path, ask=instructor)) == {"b.zip": ACCEPTED}, number
            assert ("reponses/1.2.json" in desk.files("awa")) == abyss

    def test_a_hand_in_that_names_nobody_any_more_is_asked_about(self, desk: Desk) -> None:
        desk.handin("a.zip", "Awa Kaboré", "Paul Kéïta", group="Groupe 3")
        desk.take()
        nameless = handin(desk.tmp / "c", Team(), TUESDAY, "Sans nom", document="Awa Kaboré")
        for name, raw in {"b.zip": nameless, "c.zip": handin(desk.tmp / "c", Team("Groupe 3", ()), TUESDAY)}.items():
            put(desk.mail / name, {f"Awa Kaboré/{name}": raw})
            assert outcomes(desk.take(desk.mail / name))[name] is UNMATCHED
        assert desk.texts("awa") == desk.texts("paul") == "Former les agents"

    def test_a_hand_in_of_another_workbook_replaces_no_canvas_unasked(self, desk: Desk) -> None:
        put(desk.mail, {"Awa Kaboré 1.1.json": answers("1.1", "Seul", MONDAY.strftime(STAMP), "a")})
        desk.take()
        desk.handin("b.zip", "Awa Kaboré", text="Autre", document="b", date=TUESDAY)
        assert outcomes(desk.take(desk.mail / "b.zip")) == {"b.zip": UNMATCHED}
        assert desk.texts("awa") == "Seul"
