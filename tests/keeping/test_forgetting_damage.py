"""A person forgotten in a class where files are damaged: each is looked at as far as it can be, and nothing stops."""

from __future__ import annotations

import csv
import io
import random
import zipfile

import pytest
from class_states import PAUL, ZOE, rows
from promotion import text_of

from course.core import team
from course.core.refusal import Refusal
from course.instructor.cohort import roster
from course.instructor.intake import decisions, originals
from course.instructor.keeping.command import forget

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
@pytest.mark.parametrize("place", [decisions.FILE, f"{originals.FOLDER}/{originals.REGISTER}"])
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
