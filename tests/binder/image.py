"""What Binder would build from the course, made here without a Docker engine: repo2docker's plan, then its steps."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psutil
from browser import ROOT, ended, until

COPY_COURSE = ("COPY", "--chown=0:0 src/ ${REPO_DIR}/")
# What an environment needs to reach the package index, and no setting of the person who runs the tests.
PASSED = ("PIP_", "SSL_", "REQUESTS_", "HTTP_", "HTTPS_", "NO_PROXY", "http_", "https_", "no_proxy", "TMPDIR")
# Of what the image holds before the course comes, the part that the course meets; the rest is JupyterHub and libraries.
BASE = (
    "ipykernel", "ipython", "ipywidgets", "jupyter-offlinenotebook", "jupyter-resource-usage", "jupyter_client",
    "jupyter_server", "jupyterlab", "jupyterlab_server", "notebook", "pip", "setuptools", "traitlets",
)  # fmt: skip


def tracked_copy(folder: Path) -> Path:
    """Copies what a clone would have: no answers, no environment, nothing that git ignores.

    A file that was just written counts before it is committed, or its tests could not run before either.
    """
    listed = _run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():  # one that was just removed is still listed
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target, follow_symlinks=False)
    return folder


@dataclass(frozen=True)
class Plan:
    """A Dockerfile that repo2docker made.

    Attributes:
        dockerfile: Its text.
        log: What repo2docker said about it; it exits with 0 even when the plan is wrong.
    """

    dockerfile: str
    log: str

    @cached_property
    def steps(self) -> list[tuple[str, str]]:
        """The instructions in order: keyword and argument, continued lines joined."""
        lines = [line for line in self.dockerfile.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        whole = re.sub(r"\\\n\s*", "", "\n".join(lines)).split("\n")
        return [(keyword, argument.strip()) for keyword, _, argument in (line.partition(" ") for line in whole)]

    @cached_property
    def lock(self) -> Path:
        """The file of repo2docker that lists the packages that the image starts with."""
        sources = [argument.split()[1] for keyword, argument in self.steps if keyword == "COPY" and "lock" in argument]
        coded = sources[0].removeprefix("build_script_files/").rpartition("-")[0]
        return Path(re.sub("-([0-9a-f]{2})", lambda code: chr(int(code[1], 16)), coded))

    @cached_property
    def base(self) -> list[str]:
        """Requirements of the packages of `BASE` that the image starts with."""
        text = self.lock.read_text(encoding="utf-8")
        found = {name: re.search(rf"/{name}-([\d.]+(?:post\d+)?)-[^/]*$", text, re.MULTILINE) for name in BASE}
        return [f"{name}=={match[1]}" for name, match in found.items() if match]

    def runs(self) -> list[str]:
        """The commands that are run once the course is in the image."""
        after = self.steps[self.steps.index(COPY_COURSE) :]
        return [argument for keyword, argument in after if keyword == "RUN"]

    def command(self) -> list[str]:
        """What the image starts, when nobody says otherwise."""
        return re.findall('"([^"]*)"', next(argument for keyword, argument in self.steps if keyword == "CMD"))


def plan(repo: Path) -> Plan:
    """What repo2docker would do with a folder."""
    made = _run([sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(repo)], cwd=repo)
    return Plan(made.stdout, made.stderr)


@dataclass(frozen=True)
class Image:
    """What the steps of a plan make.

    Attributes:
        repo: The course's folder; the image's home as well, as on Binder.
        prefix: The environment.
    """

    repo: Path
    prefix: Path

    @property
    def environment(self) -> dict[str, str]:
        """The variables that the Dockerfile sets, with this computer's paths."""
        names = ("KERNEL_PYTHON_PREFIX", "NB_PYTHON_PREFIX", "CONDA_DEFAULT_ENV")
        return {
            **{name: value for name, value in os.environ.items() if name.startswith(PASSED)},
            **dict.fromkeys(names, str(self.prefix)),
            "HOME": str(self.repo),
            "REPO_DIR": str(self.repo),
            "PATH": os.pathsep.join([str(self.prefix / "bin"), os.defpath]),
            "LANG": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            "PIP_NO_COMPILE": "1",  # of what is installed, only what is imported is compiled
        }

    def run(self, command: Sequence[str]) -> str:
        """What a command prints in the image; it must succeed."""
        return _run(command, cwd=self.repo, environment=self.environment).stdout

    @contextmanager
    def started(self, command: Sequence[str], port: int, log: Path) -> Iterator[None]:
        """A server of the image, from its first answer to the end of its last kernel."""
        with log.open("wb") as output:
            process = psutil.Popen(
                command,
                cwd=self.repo,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            until(lambda: process.poll() is not None or _listens(process, port))
            assert process.poll() is None, log.read_text(encoding="utf-8", errors="replace")
            yield
        finally:
            _stop(process)


def build(repo: Path, prefix: Path, made: Plan, version: str) -> Image:
    """Runs the steps of a plan that come after the course, in an environment like the one it starts with."""
    uv = os.environ.get("UV") or shutil.which("uv")
    python = _python(version, uv)
    if uv:
        _run([uv, "venv", "--quiet", "--seed", "--python", python, str(prefix)])
        _run([uv, "pip", "install", "--quiet", "--python", str(prefix / "bin" / "python"), *made.base])
    else:
        _run([python, "-m", "venv", str(prefix)])
        _run([str(prefix / "bin" / "python"), "-m", "pip", "install", "--quiet", *made.base])
    image = Image(repo, prefix)
    for step in made.runs():
        image.run(["bash", "-c", step])
    return image


def _python(version: str, uv: str | None) -> str:
    """A Python of the plan's version; where there is none, the one that runs the tests, and a warning that says so."""
    pyenv = Path(os.environ.get("PYENV_ROOT", "~/.pyenv")).expanduser() / "versions"
    places = [sys.executable, shutil.which(f"python{version}"), *map(str, pyenv.glob(f"{version}.*/bin/python"))]
    if uv:
        asked = [uv, "python", "find", "--no-python-downloads", version]
        places.append(subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip())
    question = "import sys; print('{}.{}'.format(*sys.version_info))"
    for place in filter(None, places):
        with suppress(OSError):
            said = subprocess.run([place, "-c", question], capture_output=True, text=True, check=False)
            if said.stdout.strip() == version:
                return place
    running = "{}.{}".format(*sys.version_info)
    warnings.warn(f"no Python {version} here: Binder's steps were run with Python {running}", stacklevel=2)
    return sys.executable


def _run(
    command: Sequence[str], *, cwd: Path | None = None, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done


def _listens(process: psutil.Process, port: int) -> bool:
    with suppress(psutil.Error):
        return any(one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in process.net_connections())
    return False


def _stop(process: psutil.Popen) -> None:
    """The server is asked to end, and ends its kernels; what then still runs is killed."""
    family = [process]
    with suppress(psutil.Error):
        family += process.children(recursive=True)
    with suppress(psutil.Error):
        process.terminate()
    with suppress(psutil.TimeoutExpired):
        process.wait(60)
    for one in family:
        with suppress(psutil.Error):
            one.kill()
    ended(family)
