"""`course open`: a workbook or a course root in JupyterLab, in French, until Ctrl+C.

The JupyterLab server is one process on this computer: started, found again by a second command, stopped.
"""

from __future__ import annotations

import errno
import hashlib
import html
import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from types import FrameType

import platformdirs

from course.core.files import not_writable
from course.core.folders import RECORD, course_root, default_root
from course.core.refusal import Refusal
from course.core.terminal import AT_DESK, PROGRAM, installation, program, typed
from course.core.workbooks import Workbook, known, must_ask
from course.lab import workbook
from course.lab.chooser import Chooser
from course.lab.settings import SHARE, TEMPLATES, Desk, write_config, write_kernel

TRAINEE_PORT = 8898
INSTRUCTOR_PORT = 8899
DESK = "modules/20-formateur.ipynb"
_NAME = "soins-centres-personnes"
_LEARNER = ("jupyterlab", "jupyterlab_language_pack_fr_FR", "ipywidgets", "anywidget")
HOST = "127.0.0.1"  # one address for one origin: a browser keeps its drafts by origin, port included
_READY_WITHIN = 300.0  # seconds; an old computer that has just started takes long
_STOPPED_WITHIN = 15.0
# Seconds after which a kernel that no page is linked with is stopped: a trainee's keeps nothing, some 60 MB of an old
# computer apart; a command of the desk may go on without its page.
_IDLE_KERNEL = {Desk.TRAINEE: 120, Desk.INSTRUCTOR: 900}
_POSIX = os.name == "posix"
_ENDINGS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
_SNAPS = Path("/snap/bin")  # browsers of such a system see no hidden folder of a home


@dataclass(frozen=True, slots=True)
class Request:
    """The request of `course open`.

    Attributes:
        folder: The workbook, `None` for `~/soins-centres-personnes` or the one of this computer that a person then
            chooses; an instructor's course, `None` for this one.
        port: `None` for the fixed one of the desk.
        browser: Whether to open a browser.
        desk: Whose page it is.
        start: The notebook that an instructor wants to see first, relative to the course; empty for none.
    """

    folder: Path | None = None
    port: int | None = None
    browser: bool = True
    desk: Desk = Desk.TRAINEE
    start: str = ""


def open_course(request: Request) -> None:
    """Opens the course and stays until Ctrl+C, or until it is shut down from its menu.

    Raises:
        Refusal: It cannot be opened; the sentence says why.
    """
    require(*_LEARNER, *(["nbgrader"] if request.desk is Desk.INSTRUCTOR else []))
    workbooks = known() if request.desk is Desk.TRAINEE and request.folder is None else []
    with _ended_by_signals():
        try:
            if must_ask(workbooks, date.today()):
                _choose_and_open(request, workbooks)
            else:
                _open(request, lambda address, place: _show(address, place, request.browser))
        except KeyboardInterrupt:
            _say("Le cours est fermé.")


def _choose_and_open(request: Request, workbooks: Sequence[Workbook]) -> None:
    """Asks on a page who works, closes the workbook of others, and leads that page to the one that was chosen."""
    with ExitStack() as asking:
        chooser = asking.enter_context(Chooser(HOST, workbooks))
        servers = list(_running_servers(request, workbooks))
        for workbook_open, address, place in servers:
            _say(f"Le cours est déjà ouvert pour : {workbook_open.title}. Son adresse : {_page(address, place)}")
        in_browser = request.browser and _open_browser(place_of(request), chooser.address)
        if servers and not in_browser:  # nobody is before the page that asks
            for _, _, place in servers:
                _say(f"Si c’est quelqu’un d’autre, fermez-le d’abord : {typed('close', *_words(place))}")
            return
        _say("Qui travaille\u202f?")
        _say_address(chooser.address, in_browser)
        chosen = replace(request, folder=chooser.choose())
        for _, address, place in _running_servers(request, workbooks):
            if place.root != chosen.folder:
                _stop(address, place)

        def show(address: Address, place: Place) -> None:
            chooser.lead_to(_page(address, place))
            asking.close()

        _open(chosen, show)


def _running_servers(request: Request, workbooks: Sequence[Workbook]) -> Iterator[tuple[Workbook, Address, Place]]:
    for there in workbooks:
        place = place_of(replace(request, folder=there.root))
        if address := running(place):
            yield there, address, place


def _open(request: Request, show: Callable[[Address, Place], None]) -> None:
    place = place_of(request)
    if address := running(place):
        _say(f"Le cours est déjà ouvert : {place.root}")
        show(address, place)
        _say(f"Pour l’arrêter, tapez : {typed('close', *_words(place))}")
        return
    prepare(place)
    _say("Le cours s’ouvre : quelques secondes…")
    server = Server(place)
    try:
        show(server.address, place)
        _say("Laissez cette fenêtre ouverte. Pour arrêter le cours : Ctrl + C ici.")
        server.wait()
    except KeyboardInterrupt:
        _say("\nLe cours se ferme…")
        raise
    finally:
        server.stop()
    _say("Le cours est fermé.")


def _words(place: Place) -> list[str | Path]:
    """The options that lead to a place from where this command was typed, for `course open` and `course close`."""
    instructor = place.desk is Desk.INSTRUCTOR
    words: list[str | Path] = ["--formateur"] if instructor else []
    try:
        usual = course_root() if instructor else default_root()
    except Refusal:
        usual = None
    if place.root != usual:
        words += ["--dossier", place.root]
    if place.port != (INSTRUCTOR_PORT if instructor else TRAINEE_PORT):
        words += ["--port", str(place.port)]
    return words


def close_course(request: Request) -> None:
    """Stops the server that an earlier command started with the same words, whichever workbook was then chosen.

    Raises:
        Refusal: There is none, or it does not stop.
    """
    chosen = request.desk is Desk.TRAINEE and request.folder is None  # on the page that asks who works
    requests = [replace(request, folder=each.root) for each in known()] if chosen else []
    places = [place_of(each) for each in requests or [request]]
    servers = [(address, place) for place in places if (address := running(place))]
    if not servers:
        raise Refusal(f"Aucun cours n’est ouvert sur « {places[0].root} » : il n’y a rien à arrêter.")
    for address, place in servers:
        _stop(address, place)
    _say("Le cours est fermé.")


def _stop(address: Address, place: Place) -> None:
    if not address.shut_down() or not _ends(address):
        raise Refusal(
            f"Le cours ouvert sur « {place.root} » ne s’arrête pas : fermez sa fenêtre, ou redémarrez l’ordinateur."
        )
    place.forget_address()


def _ends(address: Address) -> bool:
    deadline = time.monotonic() + _STOPPED_WITHIN
    while address.answers():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def place_of(request: Request) -> Place:
    """Return the folders and the port of a request.

    Raises:
        Refusal: An instructor's course has no root here, or the account has no folder that it can write.
    """
    if request.desk is Desk.INSTRUCTOR:
        root = course_root(request.folder)
        port, start = request.port or INSTRUCTOR_PORT, request.start
    else:
        root = (request.folder or default_root()).expanduser().absolute()
        port, start = request.port or TRAINEE_PORT, ""  # the home page
    return Place(root, _private(root, request.desk), port, request.desk, start=start)


def _private(root: Path, desk: Desk) -> Path:
    """Return the user's own folder for a server on a root; nothing in it came with the workbook or from an archive.

    It is always the same one, so that a later command finds the running server: where the home cannot be written, a
    folder of this account below the temporary one.

    Raises:
        Refusal: Neither can be written, or another account made the second.
    """
    name = f"{desk.value}-{hashlib.sha256(os.fsencode(root)).hexdigest()[:16]}"
    folder = platformdirs.user_state_path(_NAME, False) / name
    with suppress(OSError):
        _make_private(folder)
        return folder
    account = os.getuid() if _POSIX else "0"  # on Windows, the temporary folder is the account's own
    folder = Path(tempfile.gettempdir()) / f"{_NAME}-{account}-{name}"
    try:
        _make_private(folder)
    except OSError as error:
        raise not_writable(folder, error, workbook.ADVICE) from error
    return folder


def _make_private(folder: Path) -> None:
    """Make a folder for this account alone.

    Raises:
        OSError: It cannot be made or written, is a link, or belongs to another account.
    """
    folder.mkdir(0o700, parents=True, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or (_POSIX and status.st_uid != os.getuid()):
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(folder))
    folder.chmod(0o700)
    if not os.access(folder, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(folder))


def prepare(place: Place) -> None:
    """Brings a trainee's workbook up to date, and prints what was done.

    Raises:
        Refusal: The folder cannot be written.
    """
    if place.desk is Desk.TRAINEE:
        refreshed = workbook.refresh(place.root, date.today())
        _say(f"Votre classeur : {refreshed.folder}")
        for copy, name in refreshed.kept:
            _say(f"« {name} » a une nouvelle version ; la vôtre est gardée à côté : « {Path(copy).name} ».")
        with suppress(OSError):
            os.utime(place.root / RECORD)  # when it was opened last


def require(*packages: str) -> None:
    """Refuses to go on without some packages.

    Raises:
        Refusal: One is missing; the sentence says how to install it.
    """
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if not missing:
        return
    names = ", ".join(f"« {name} »" for name in missing)
    command = installation("instructor" if "nbgrader" in missing else "")
    raise Refusal(f"Il manque {names} : installez le cours en entier par « {command} ».")


def _show(address: Address, place: Place, browser: bool) -> None:
    _lead(_page(address, place), place, browser)
    if place.desk is Desk.INSTRUCTOR:
        _say("La correction, dans formgrader :")
        _say(f"{address.base}/formgrader?token={address.token}")


def _page(address: Address, place: Place) -> str:
    return address.page(place.start if (place.root / place.start).is_file() else "")


def _lead(page: str, place: Place, browser: bool) -> None:
    _say_address(page, browser and _open_browser(place, page))


def _say_address(page: str, in_browser: bool) -> None:
    if in_browser:
        _say(f"Le cours est dans votre navigateur. Son adresse : {page}")
    else:
        _say(f"Ouvrez cette adresse dans un navigateur : {page}")


def _open_browser(place: Place, page: str) -> bool:
    """Opens a page by a file that only this person can read: everybody can read the arguments of a browser."""
    graphical = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("BROWSER")
    if sys.platform.startswith("linux") and not graphical:
        return False  # only a text browser may be there, which would take the terminal over
    address = html.escape(page)
    try:
        _write_privately(
            place.door,
            '<!doctype html><html lang="fr"><meta charset="utf-8">'
            f'<meta http-equiv="refresh" content="0;url={address}">'
            f'<title>Le cours s’ouvre</title><p><a href="{address}">Ouvrir le cours</a></p></html>\n',
        )
        return webbrowser.open(place.door.as_uri())
    except (webbrowser.Error, OSError):
        return False


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """A closed terminal window or a `kill` stops the course as Ctrl+C does; once it is stopping, nothing hurries it."""

    def interrupt(*_: object) -> None:
        for number in _ENDINGS:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    with _handled(interrupt):
        yield


@contextmanager
def _signals_held() -> Iterator[None]:
    """A signal that comes meanwhile is delivered at the end: no process starts that nobody knows of."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    arrived: list[int] = []
    with _handled(lambda number, _: arrived.append(number)):
        yield
    for number in arrived[:1]:
        signal.raise_signal(number)


@contextmanager
def _handled(handler: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    former = {number: signal.signal(number, handler) for number in _ENDINGS}
    try:
        yield
    finally:
        for number, earlier in former.items():
            signal.signal(number, earlier)


def _say(text: str) -> None:
    print(text, flush=True)


@dataclass(frozen=True, slots=True)
class Place:
    """The folder that a server opens, and where it keeps its own files.

    Attributes:
        root: The folder that the file browser shows.
        private: A folder of the user for the settings, the log and the address of the server, outside of the root.
        port: Fixed: nobody's drafts move to another port.
        desk: Whose page it is.
        notice: `binder` for the bar that says that the session is temporary.
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
        """Jupyter's log, in English."""
        return self.private / "journal.txt"

    @property
    def address_file(self) -> Path:
        """The file that holds a running server's port, key and process."""
        return self.private / "serveur.json"

    @property
    def door(self) -> Path:
        """The page that leads a browser to the running server."""
        return (Path.home() if _SNAPS.is_dir() else self.private) / f"ouvrir-le-cours-{self.port}.html"

    def forget_address(self) -> None:
        """Removes what leads to a server that has stopped."""
        self.address_file.unlink(missing_ok=True)
        self.door.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a running server: its port, its key (Jupyter's token) and its process."""

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
        """Whether this very server is there: another one would refuse the key."""
        return self._ask("api/status", "GET", 2.0)

    def shut_down(self) -> bool:
        """Asks the server to stop its kernels and itself."""
        return self._ask("api/shutdown", "POST", 5.0)

    def _ask(self, path: str, method: str, patience: float) -> bool:
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(f"{self.base}/{path}", method=method, headers=headers)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy on loopback
        try:
            with opener.open(request, timeout=patience) as reply:
                return bool(reply.status == 200)
        except (OSError, ValueError, urllib.error.URLError):
            return False


class Server:
    """A server that this process started."""

    def __init__(self, place: Place, environment: Mapping[str, str] | None = None) -> None:
        """Starts it and waits until it answers.

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
        self._process: subprocess.Popen[bytes] | None = None
        try:
            with _signals_held():
                self._process = self._spawn(token, environment or {})
                self.address = Address(place.port, token, self._process.pid)
            _write_privately(place.address_file, json.dumps(asdict(self.address)))
            self._await_answer(self._process)
        except OSError as error:
            self.stop()
            raise not_writable(place.private, error, workbook.ADVICE) from error
        except BaseException:
            self.stop()
            raise

    def _spawn(self, token: str, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        place = self.place
        config, data = place.private / "config", place.private / "share"
        for folder in (config, data, place.private / "ipython"):
            if folder.exists():
                shutil.rmtree(folder)
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

    def _await_answer(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _READY_WITHIN
        while time.monotonic() < deadline and process.poll() is None:
            if self.address.answers():
                return
            time.sleep(0.05)
        if self.place.desk is Desk.INSTRUCTOR:
            raise Refusal(f"JupyterLab n’a pas démarré : le fichier « {self.place.log} » dit pourquoi.")
        raise Refusal(f"JupyterLab n’a pas démarré : envoyez à votre formateur le fichier « {self.place.log} ».")

    def wait(self) -> None:
        """Waits until the server ends by itself, as when somebody shuts it down from its menu.

        Raises:
            Refusal: It ended by an error.
        """
        if self._process and self._process.wait():
            raise Refusal(
                f"JupyterLab s’est arrêté sans qu’on le demande : rouvrez le cours par "
                f"« {typed('open', *_words(self.place))} » ; si cela recommence, envoyez à votre formateur le "
                f"fichier « {self.place.log} »."
            )

    def stop(self) -> None:
        """Stops the server and its kernels: by a request, then by a signal, then by force."""
        if process := self._process:
            for end in (self.address.shut_down, process.terminate, process.kill):
                if process.poll() is not None:
                    break
                end()
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_STOPPED_WITHIN)
        self.place.forget_address()


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
        f"--ServerApp.extra_template_paths={TEMPLATES}",  # what a browser without the key is told, in French
        f"--ServerApp.terminals_enabled={not trainee}",
        "--ServerApp.allow_root=True",  # in a container there is often nobody else, and this is loopback
        f"--MappingKernelManager.cull_idle_timeout={_IDLE_KERNEL[place.desk]}",
        "--MappingKernelManager.cull_interval=60",
        "--LabApp.extension_manager=readonly",
        "--LabApp.news_url=None",
    ]


def _environment(place: Place, config: Path, data: Path, token: str) -> dict[str, str]:
    """Variables that make a clone and a wheel behave alike, and keep a person's own Jupyter and IPython out."""
    return {
        "JUPYTER_TOKEN": token,  # not on the command line, which everybody on this computer can read
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTER_CONFIG_PATH": str(config),
        "JUPYTER_DATA_DIR": str(place.private / "donnees"),
        "JUPYTER_RUNTIME_DIR": str(place.private / "noyaux"),
        "JUPYTER_PATH": os.pathsep.join([str(data), str(SHARE)]),
        "JUPYTERLAB_SETTINGS_DIR": str(place.private / "reglages"),
        "JUPYTERLAB_WORKSPACES_DIR": str(place.private / "bureaux"),
        "IPYTHONDIR": str(place.private / "ipython"),
        # A script of this environment (nbgrader calls alembic by its name) is found without activating it.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        PROGRAM: program(),
        **({AT_DESK: "1"} if place.desk is Desk.INSTRUCTOR else {}),
        # A module beside a notebook must not take the place of one of Jupyter's or of the course's.
        "PYTHONSAFEPATH": "1",
    }


def _free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if _POSIX:  # where a port that was just released would count as taken
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _write_privately(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
