"""One JupyterLab server on this computer: started, found again, stopped."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from course.core.files import not_writable
from course.core.refusal import Refusal
from course.lab.settings import SHARE, Desk, write_config, write_kernel

HOST = "127.0.0.1"  # one address for one origin: a browser keeps its drafts by origin, port included
_READY_WITHIN = 90.0
_STOPPED_WITHIN = 15.0
_IDLE_KERNEL = 900  # seconds after which a kernel that no page is connected to is stopped
_POSIX = os.name == "posix"


@dataclass(frozen=True, slots=True)
class Place:
    """What a server opens and where it keeps its own things.

    Attributes:
        root: The folder that the file browser shows.
        private: A folder for the settings, the log and the address of the server; hidden from the file browser.
        port: Fixed: nobody's drafts move to another port.
        desk: Whose page it is.
        notice: `binder` for the bar that says that the session forgets.
        start: The notebook to open, relative to `root`; empty for none.
    """

    root: Path
    private: Path
    port: int
    desk: Desk = Desk.TRAINEE
    notice: str = ""
    start: str = ""

    @property
    def log(self) -> Path:
        """Where Jupyter says, in English, what it does."""
        return self.private / "journal.txt"

    @property
    def address_file(self) -> Path:
        """Where a running server's port, key and process are written down."""
        return self.private / "serveur.json"


@dataclass(frozen=True, slots=True)
class Address:
    """How to reach a running server: its port, its key (Jupyter's token) and its process."""

    port: int
    token: str
    pid: int

    @property
    def base(self) -> str:
        """The server's address, without a final slash."""
        return f"http://{HOST}:{self.port}"

    def page(self, start: str) -> str:
        """The address that opens JupyterLab on a notebook, in a tidy window, logged in."""
        path = f"/tree/{urllib.request.pathname2url(start).lstrip('/')}" if start else ""
        return f"{self.base}/lab{path}?reset&token={self.token}"

    def answers(self) -> bool:
        """Whether that very server is there: another one would refuse the key."""
        return self._ask("api/status", "GET", 2.0)

    def shut_down(self) -> bool:
        """Ask the server to stop its kernels and itself."""
        return self._ask("api/shutdown", "POST", 5.0)

    def _ask(self, path: str, method: str, patience: float) -> bool:
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(f"{self.base}/{path}", method=method, headers=headers)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy has no business on loopback
        try:
            with opener.open(request, timeout=patience) as reply:
                return reply.status == 200
        except (OSError, ValueError, urllib.error.URLError):
            return False


class Server:
    """A server that this process started."""

    def __init__(self, place: Place, environment: Mapping[str, str] | None = None) -> None:
        """Start it and wait until it answers.

        Args:
            place: What to open.
            environment: Further variables for the server and its kernels.

        Raises:
            Refusal: The port is taken, the folder cannot be written, or the server does not start.
        """
        self.place = place
        if not _free(place.port):
            raise Refusal(
                f"Le port {place.port} est déjà pris par un autre programme : fermez-le, "
                f"ou choisissez-en un autre avec --port (par exemple --port {place.port + 10})."
            )
        token = secrets.token_urlsafe(24)
        try:
            self._process = self._spawn(token, environment or {})
            self.address = Address(place.port, token, self._process.pid)
            _write_privately(place.address_file, json.dumps(_as_json(self.address)))
        except OSError as error:
            raise not_writable(
                place.private, error, "ouvrez-en l’accès, ou choisissez-en un autre avec --dossier"
            ) from error
        self._await_answer()

    def _spawn(self, token: str, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        place = self.place
        config, data = place.private / "config", place.private / "share"
        write_config(config, place.desk, place.notice)
        write_kernel(data)
        with place.log.open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-P", "-m", "jupyterlab", *_options(place)],
                cwd=place.root,
                env={**os.environ, **_environment(place, config, data, token), **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl+C is for this process, which then stops the server and its kernels properly.
                start_new_session=_POSIX,
                creationflags=0 if _POSIX else getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )

    def _await_answer(self) -> None:
        deadline = time.monotonic() + _READY_WITHIN
        try:
            while time.monotonic() < deadline and self._process.poll() is None:
                if self.address.answers():
                    return
                time.sleep(0.05)
        except BaseException:
            self.stop()
            raise
        self.stop()
        raise Refusal(f"JupyterLab n’a pas démarré : envoyez à votre formateur le fichier « {self.place.log} ».")

    def wait(self) -> None:
        """Wait until the server ends by itself, as when somebody shuts it down from its menu.

        Raises:
            Refusal: It ended by an accident.
        """
        if self._process.wait():
            raise Refusal(
                "JupyterLab s’est arrêté sans qu’on le demande : relancez « course open » ; si cela recommence, "
                f"envoyez à votre formateur le fichier « {self.place.log} »."
            )

    def stop(self) -> None:
        """Stop the server and its kernels: asked first, then told, then forced."""
        for end in (self.address.shut_down, self._process.terminate, self._process.kill):
            if self._process.poll() is not None:
                break
            end()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOPPED_WITHIN)
        self.place.address_file.unlink(missing_ok=True)


def running(place: Place) -> Address | None:
    """The server that an earlier command started for the same folder and port, if it still answers."""
    try:
        value = json.loads(place.address_file.read_bytes())
        address = Address(int(value["port"]), str(value["token"]), int(value["pid"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return address if address.port == place.port and address.answers() else None


def _options(place: Place) -> list[str]:
    trainee = place.desk is Desk.TRAINEE
    return [
        f"--ServerApp.ip={HOST}",
        f"--ServerApp.port={place.port}",
        "--ServerApp.port_retries=0",
        "--ServerApp.open_browser=False",
        f"--ServerApp.root_dir={place.root}",
        f"--ServerApp.terminals_enabled={not trainee}",
        "--ServerApp.allow_root=True",  # in a container there is often nobody else, and this is loopback
        f"--MappingKernelManager.cull_idle_timeout={_IDLE_KERNEL}",
        "--MappingKernelManager.cull_interval=60",
        "--LabApp.extension_manager=readonly",
        "--LabApp.news_url=None",
    ]


def _environment(place: Place, config: Path, data: Path, token: str) -> dict[str, str]:
    """What makes a clone and a wheel alike, and keeps a person's own Jupyter settings out."""
    former = os.environ.get("JUPYTER_PATH", "")
    variables = {
        "JUPYTER_TOKEN": token,  # not on the command line, which everybody on this computer can read
        "JUPYTER_PATH": os.pathsep.join(filter(None, [str(data), str(SHARE), former])),
        "JUPYTERLAB_SETTINGS_DIR": str(place.private / "reglages"),
        "JUPYTERLAB_WORKSPACES_DIR": str(place.private / "bureaux"),
        # A script of this environment (nbgrader calls alembic by its name) is found without activating it.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        # A module beside a notebook must not take the place of one of Jupyter's or of the course's.
        "PYTHONSAFEPATH": "1",
    }
    if place.desk is Desk.TRAINEE:
        return {**variables, "JUPYTER_CONFIG_PATH": str(config), "JUPYTER_CONFIG_DIR": str(config)}
    own = os.environ.get("JUPYTER_CONFIG_PATH", "")
    return {**variables, "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, [str(config), own]))}


def _free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if _POSIX:  # there, a port that was left a moment ago counts as taken otherwise
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _as_json(address: Address) -> dict[str, int | str]:
    return {"port": address.port, "token": address.token, "pid": address.pid}


def _write_privately(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
