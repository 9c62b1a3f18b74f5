"""A trainee's desk and an instructor's: what their servers serve, and what their kernels import."""

from __future__ import annotations

import json
import re
import shutil
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from browser import ROOT, Lab, opened_lab, until

from course import commands
from course.lab.settings import Desk, write_kernel


def get(lab: Lab, path: str) -> int:
    headers = {"Authorization": f"token {lab.address.token}"}
    request = urllib.request.Request(f"{lab.address.base}/{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=600) as reply:
            return reply.status
    except urllib.error.HTTPError as error:
        return error.code


class TestDesks:
    def test_an_instructor_has_nbgrader_whatever_her_own_jupyter_says_and_closes_from_another_window(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Case `own-base-url`."""
        config = tmp_path / "maison/.jupyter"
        config.mkdir(parents=True)
        own = {"ServerApp": {"base_url": "/moi/", "certfile": "/nulle/part.pem"}}
        (config / "jupyter_server_config.json").write_text(json.dumps(own))
        course = tmp_path / "cours"
        course.mkdir()
        (course / "nbgrader_config.py").write_text('c = get_config()\nc.CourseDirectory.course_id = "scp"\n')
        monkeypatch.chdir(course)
        monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(config))
        monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(config))
        with opened_lab(course, desk=Desk.INSTRUCTOR, environment={"HOME": str(config.parent)}) as desk:
            assert desk.folder == course
            assert get(desk, "formgrader") == 200
            words = ["close", "--formateur", "--dossier", str(course), "--port", str(desk.place.port)]
            assert commands.main(words) == 0
            assert "Le cours est fermé." in capsys.readouterr().out
            assert not desk.place.address_file.exists()
            assert not desk.address.answers()
            assert commands.main(words) == 2
            assert "Aucun cours n’est ouvert" in capsys.readouterr().err

    def test_a_trainee_has_neither_nbgrader_nor_a_terminal(self, lab: Lab) -> None:
        assert get(lab, "formgrader") == 404
        assert get(lab, "api/terminals") == 404

    def test_the_pages_settings_are_the_desk_s(self, lab: Lab) -> None:
        with urllib.request.urlopen(lab.url(), timeout=600) as reply:
            page = reply.read().decode()
        data = json.loads(re.search(r'id="jupyter-config-data"[^>]*>\s*(\{.*?\})\s*</script>', page, re.S)[1])
        assert data["courseDesk"] == "stagiaire"
        assert data["courseNotice"] == ""
        assert "soins-centres-personnes" in {extension["name"] for extension in data["federated_extensions"]}
        assert "@jupyter/nbgrader" in data["disabledExtensions"]
        assert "news" not in data or data["news"]["disabled"]

    def test_nobody_without_the_key_comes_in(self, lab: Lab) -> None:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{lab.address.base}/api/contents", timeout=600)
        assert refused.value.code == 403


class TestKernels:
    """A module beside a notebook is never imported: not at the start of a kernel, and not by a cell that runs alone."""

    @pytest.mark.parametrize("how", ["kernelspec", "ipython_kernel_config.json"])
    def test_import_nothing_from_the_notebook_s_folder(
        self, how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from jupyter_client.manager import KernelManager  # noqa: PLC0415

        for module in ("course", "anywidget", *(["ipykernel_launcher", "traitlets"] if how == "kernelspec" else [])):
            (tmp_path / f"{module}.py").write_text(f"open(r'{tmp_path / 'ran'}', 'w').close()")
        monkeypatch.setenv("PYTHONPATH", str(ROOT))
        if how == "kernelspec":
            write_kernel(tmp_path / "share")
            monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share"))
        else:  # what a wheel puts into etc/ipython, which IPython reads like a profile
            profile = tmp_path / "ipython" / "profile_default"
            profile.mkdir(parents=True)
            shutil.copy(ROOT / "course" / "lab" / "etc" / "ipython" / how, profile / how)
            monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
        manager = KernelManager(kernel_name="python3")
        assert (manager.kernel_spec.display_name == "Cours (Python)") is (how == "kernelspec")
        manager.start_kernel(cwd=str(tmp_path))
        client = manager.client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=600)
            asked = client.execute(
                "import anywidget\nfrom course import canvas\nassert '' not in __import__('sys').path"
            )
            reply = until(lambda: matching(client.get_shell_msg(timeout=600), asked))
            assert reply["content"]["status"] == "ok", reply["content"]
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)
        assert not (tmp_path / "ran").exists()


def matching(message: dict, asked: str) -> dict | None:
    return message if message["parent_header"].get("msg_id") == asked else None
