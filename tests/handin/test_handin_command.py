"""`course submit` and `course resume`, in French; and nbgrader's exchange, where a class has one."""

from __future__ import annotations

import errno
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from browser import ROOT
from promotion import sitting
from work import WHO, beside, fill, texts, workbook, write

from course import commands
from course.core import authorship, team
from course.core.folders import RECORD
from course.core.handin import open_handin
from course.core.team import Team
from course.workbook.handin import exchange
from course.workbook.handin.exchange import Exchanged


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No exchange, unless a test makes one; and nobody at the keyboard."""
    monkeypatch.setattr(exchange, "available", lambda: False)
    monkeypatch.setattr("builtins.input", lambda _: (_ for _ in ()).throw(EOFError))


def say(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    try:
        code = commands.main(words)
    except SystemExit as end:
        code = int(end.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


class TestSubmit:
    def test_asks_kindly_and_without_an_answer_hands_nothing_in(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        fill(workbook(tmp_path), "1.1")
        code, out, err = say(capsys, "submit", "but-1", "--dossier", str(tmp_path))
        assert code == 2
        assert "Classeur de\u00a0: Équipe d’Awa (Awa T., Paul K.)" in out
        assert "Canevas 1.1\u00a0: 4 options sur 4 traitées" in out
        assert "2 canevas sur 3 ne sont pas complets." in out
        assert "--oui" in err
        assert not (tmp_path / "remises").exists()

    @pytest.mark.parametrize(("answer", "done"), [("oui", True), ("O", True), ("non", False), ("", False)])
    def test_does_as_it_is_answered(
        self,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
        answer: str,
        done: bool,
    ) -> None:
        workbook(tmp_path)
        monkeypatch.setattr("builtins.input", lambda _: answer)
        code, _, err = say(capsys, "submit", "1", "--dossier", str(tmp_path))
        assert (code, (tmp_path / "remises").exists()) == ((0, True) if done else (2, False))
        assert ("Rien n’est remis" in err) is not done

    @pytest.mark.parametrize("place", [".", "exercises", "exercises/but-1"])
    def test_says_where_the_archive_and_the_receipt_are(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path, place: str
    ) -> None:
        folder = workbook(tmp_path)
        for identifier in ("1.1", "1.2", "1.3"):
            fill(folder, identifier)
        code, out, err = say(capsys, "submit", "but-1", "--dossier", str(tmp_path / place))
        assert (code, err) == (0, "")
        archive = tmp_path / "remises/Equipe-d-Awa_but-1.zip"
        assert str(archive) in out
        assert str(tmp_path / "remises/Equipe-d-Awa_but-1.recu.html") in out
        handin = open_handin(archive)
        assert handin.manifest.team == WHO
        assert list(handin.answers) == ["1.1", "1.2", "1.3"]
        assert " ".join(handin.sha256[i : i + 4] for i in (0, 4, 8)) in out
        assert "complet" not in out

    def test_takes_the_workbook_that_one_stands_in_else_the_usual_one(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("HOME", str(tmp_path / "maison"))
        monkeypatch.setenv("USERPROFILE", str(tmp_path / "maison"))
        workbook(tmp_path / "maison/soins-centres-personnes", Team("Chez moi"))
        here = workbook(tmp_path / "ici", Team("Ici"))
        (tmp_path / "ici" / RECORD).write_text("{}")
        (tmp_path / "clone/exercises/but-1").mkdir(parents=True)
        for place, name in (
            (here, "ici/remises/Ici"),
            (tmp_path / "clone", "soins-centres-personnes/remises/Chez-moi"),
        ):
            monkeypatch.chdir(place)
            _, out, _ = say(capsys, "submit", "but-1", "--oui")
            assert f"{name}_but-1.zip" in out

    @pytest.mark.parametrize(
        ("words", "reason"),
        [
            (("submit", "but-9"), "n’est pas un cahier de ce cours"),
            (("submit",), "il manque"),
            (("submit", "but-2", "--dossier", "{}"), "n’a pas le cahier « but-2 »"),
            (("submit", "but-1", "--dossier", "{}/absent"), "n’est pas un dossier"),
            (("resume", "{}/absent.zip", "--dossier", "{}"), "n’existe pas"),
            (("resume", "{}/exercises/but-1/but-1.ipynb", "--dossier", "{}"), "ni une remise, ni des réponses"),
        ],
    )
    def test_what_cannot_be_done_is_one_french_sentence(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path, words: tuple[str, ...], reason: str
    ) -> None:
        workbook(tmp_path)
        code, _, err = say(capsys, *(word.format(tmp_path) for word in words))
        assert code == 2
        assert reason.replace(" ", "") in err.replace("\u202f", "").replace(" ", "").replace("Ilm", "ilm")
        assert "Traceback" not in err

    def test_a_protected_folder_is_said(
        self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        workbook(tmp_path)

        def refuse(_: int) -> None:
            raise OSError(errno.EROFS, "Read-only file system")

        monkeypatch.setattr("course.core.files.os.fsync", refuse)
        code, _, err = say(capsys, "submit", "but-1", "--oui", "--dossier", str(tmp_path))
        assert code == 2
        assert err.startswith("Rien n’est remis. Le dossier est protégé en écriture")


class TestResume:
    @pytest.fixture
    def archive(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
        folder = workbook(tmp_path / "a")
        fill(folder)
        say(capsys, "submit", "but-1", "--oui", "--dossier", str(tmp_path / "a"))
        return tmp_path / "a/remises/Equipe-d-Awa_but-1.zip"

    def test_on_another_computer_the_answers_and_the_names_are_back(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path, archive: Path
    ) -> None:
        folder = workbook(tmp_path / "b", None)
        code, out, _ = say(capsys, "resume", str(archive), "--dossier", str(tmp_path / "b"))
        assert code == 0
        assert "Canevas 1.2\u00a0: 6 textes repris." in out
        assert "Classeur de\u00a0: Équipe d’Awa (Awa T., Paul K.)" in out
        assert len(texts(folder)) == 6
        assert team.read(tmp_path / "b") == WHO

    def test_the_test_before_the_course_comes_back_too(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        for place in ("a", "b"):
            workbook(tmp_path / place)
            (tmp_path / place / "modules/resultats").mkdir(parents=True)
        (tmp_path / "a/modules/resultats/test-avant.json").write_bytes(sitting("test-avant", 4))
        say(capsys, "submit", "but-1", "--oui", "--dossier", str(tmp_path / "a"))
        archive = tmp_path / "a/remises/Equipe-d-Awa_but-1.zip"
        _, out, _ = say(capsys, "resume", str(archive), "--dossier", str(tmp_path / "b"))
        assert "Test de départ\u00a0: vos réponses sont reprises." in out
        assert (tmp_path / "b/modules/resultats/test-avant.json").read_bytes() == sitting("test-avant", 4)

    def test_into_somebody_else_s_workbook_only_after_a_yes(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path, archive: Path
    ) -> None:
        folder = workbook(tmp_path / "b", Team("Groupe 7"))
        write(folder, "1.2.a", "Un texte d’ici", row="1-2-a")
        asked = ("resume", str(archive), "--dossier", str(tmp_path / "b"))
        code, out, err = say(capsys, *asked)
        assert code == 2
        assert "Ce classeur est celui de\u00a0: Groupe 7." in out
        assert "Rien n’est repris" in err
        assert texts(folder) == ["Un texte d’ici"]
        code, _, _ = say(capsys, *asked, "--oui")
        assert code == 0
        assert "Un texte d’ici" in texts(folder)
        assert beside(folder) == ["Stratégie pour 1.2.a"]
        assert team.read(tmp_path / "b") == Team("Groupe 7")

    def test_nothing_is_resumed_while_other_names_wait(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path, archive: Path
    ) -> None:
        folder, root = workbook(tmp_path / "b"), tmp_path / "b"
        write(folder, "1.2.a", "Un texte d’ici", row="1-2-a")
        say(capsys, "submit", "but-1", "--oui", "--dossier", str(root))
        assert authorship.propose(root, Team("Groupe 7")).held
        code, _, err = say(capsys, "resume", str(archive), "--oui", "--dossier", str(root))
        assert (code, texts(folder)) == (2, ["Un texte d’ici"])
        assert "D’autres noms attendent votre réponse" in err

    @pytest.mark.parametrize("damaged", [False, True])
    def test_whose_the_workbook_is_does_not_hang_on_the_file_of_names_alone(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path, archive: Path, damaged: bool
    ) -> None:
        folder, root = workbook(tmp_path / "b", Team("Groupe 7")), tmp_path / "b"
        write(folder, "1.2.a", "Un texte d’ici", row="1-2-a")
        say(capsys, "submit", "but-1", "--oui", "--dossier", str(root))
        (root / team.FILE).unlink()
        if damaged:
            (root / team.FILE).write_bytes(b"{")
        code, out, _ = say(capsys, "resume", str(archive), "--dossier", str(root))
        assert code == 2
        assert "Ce classeur est celui de\u00a0: Groupe 7." in out
        assert texts(folder) == ["Un texte d’ici"]
        assert team.read(root) == Team("Groupe 7")


@pytest.mark.skipif(sys.platform == "win32", reason="nbgrader's exchange does not exist on Windows")
@pytest.mark.skipif(importlib.util.find_spec("nbgrader") is None, reason="nbgrader is not installed")
class TestExchange:
    @pytest.fixture(autouse=True)
    def real(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.undo()

    @pytest.fixture
    def course(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """Settings that name an exchange, found as on a class's server."""
        (tmp_path / "echange/soins-centres-personnes/outbound").mkdir(parents=True)
        (tmp_path / "echange/soins-centres-personnes/inbound").mkdir()
        (tmp_path / "echange").chmod(0o777)
        (tmp_path / "reglages").mkdir()
        settings = (
            "c = get_config()",
            "c.CourseDirectory.course_id = 'soins-centres-personnes'",
            f"c.Exchange.root = {str(tmp_path / 'echange')!r}",
        )
        (tmp_path / "reglages/nbgrader_config.py").write_text("\n".join(settings))
        monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path / "reglages"))
        monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.setenv("PYTHONPATH", str(ROOT))
        return tmp_path

    def test_takes_what_was_packed_and_nothing_else(self, capsys: pytest.CaptureFixture[str], course: Path) -> None:
        (course / "echange/soins-centres-personnes/outbound/but-1").mkdir()
        folder = workbook(course / "classeur")
        fill(folder)
        (folder / "journal intime.txt").write_text("à moi")
        code, out, _ = say(capsys, "submit", "but-1", "--oui", "--dossier", str(course / "classeur"))
        assert code == 0
        assert Exchanged.DONE in out
        (taken,) = (course / "echange/soins-centres-personnes/inbound").iterdir()
        names = {path.relative_to(taken).as_posix() for path in taken.rglob("*") if path.is_file()}
        sent = {"remise.json", "equipe.json", "but-1.ipynb", "reponses/1.2.json"}
        assert names == sent | {"timestamp.txt", "submission_secret.txt"}
        assert json.loads((taken / "remise.json").read_bytes())["members"] == list(WHO.members)

    def test_is_not_mentioned_where_nothing_was_released(
        self, capsys: pytest.CaptureFixture[str], course: Path
    ) -> None:
        workbook(course / "classeur")
        code, out, err = say(capsys, "submit", "but-1", "--oui", "--dossier", str(course / "classeur"))
        assert (code, err) == (0, "")
        assert "réseau" not in out

    @pytest.mark.parametrize(
        ("done", "said"),
        [
            ("[SubmitApp | ERROR] boom", Exchanged.FAILED),
            ("Unwritable directory, please contact your instructor: /", Exchanged.FAILED),
            ("Unwritable directory, please contact your instructor: /absent", Exchanged.ABSENT),
            ("No course id specified.", Exchanged.ABSENT),
            (subprocess.TimeoutExpired("nbgrader", 120), Exchanged.FAILED),
            (OSError(28, "No space left on device"), Exchanged.FAILED),
        ],
        ids=["error", "protected", "no folder", "no course", "too slow", "disk"],
    )
    def test_its_failure_never_loses_the_archive(
        self,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
        done: str | Exception,
        said: Exchanged,
    ) -> None:
        def run(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
            if isinstance(done, Exception):
                raise done
            return subprocess.CompletedProcess([], 1, "", done)

        workbook(tmp_path)
        monkeypatch.setattr(exchange.subprocess, "run", run)
        code, out, _ = say(capsys, "submit", "but-1", "--oui", "--dossier", str(tmp_path))
        assert code == 0
        assert open_handin(tmp_path / "remises/Equipe-d-Awa_but-1.zip").manifest.team == WHO
        assert ("réseau de la salle" in out) is bool(said)
        if said:
            assert said in out
