"""`course open`: a workbook or a course root in JupyterLab, in French, until Ctrl+C."""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from course.core.content import PACKAGE
from course.core.files import not_writable
from course.core.refusal import Refusal
from course.lab import workbook
from course.lab.server import Address, Place, Server, running
from course.lab.settings import Desk

TRAINEE_PORT = 8898
INSTRUCTOR_PORT = 8899
WELCOME = "modules/00-bienvenue.ipynb"
DESK = "modules/20-formateur.ipynb"
_PRIVATE = ".cours"
_COURSE = "nbgrader_config.py"
_LEARNER = ("jupyterlab", "jupyterlab_language_pack_fr_FR", "ipywidgets", "anywidget")


@dataclass(frozen=True, slots=True)
class Request:
    """What `course open` was asked.

    Attributes:
        folder: The workbook, `None` for `~/soins-centres-personnes`; an instructor's course, `None` for this one.
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
    """Open the course and stay until Ctrl+C, or until it is shut down from its menu.

    Raises:
        Refusal: It cannot be opened; the sentence says why.
    """
    require(*_LEARNER, *(["nbgrader"] if request.desk is Desk.INSTRUCTOR else []))
    place = place_of(request)
    if address := running(place):
        _say(f"Le cours est déjà ouvert : {place.root}")
        _show(address, place, request.browser)
        return
    prepare(place)
    _say("Le cours s’ouvre : quelques secondes…")
    with _ended_by_signals():
        try:
            _run(place, request.browser)
        except KeyboardInterrupt:
            _say("\nLe cours se ferme…")
    _say("Le cours est fermé.")


def _run(place: Place, browser: bool) -> None:
    server = Server(place)
    try:
        _show(server.address, place, browser)
        _say("Laissez cette fenêtre ouverte. Pour arrêter le cours : Ctrl + C ici.")
        server.wait()
    finally:
        server.stop()


def place_of(request: Request) -> Place:
    """The folders and port that a request is about.

    Raises:
        Refusal: An instructor's course has no root here.
    """
    if request.desk is Desk.INSTRUCTOR:
        root = _course_root((request.folder or Path.cwd()).expanduser().absolute())
        private = root / "cohort" / _PRIVATE
        return Place(root, private, request.port or INSTRUCTOR_PORT, Desk.INSTRUCTOR, start=request.start)
    root = (request.folder or Path.home() / "soins-centres-personnes").expanduser().absolute()
    return Place(root, root / _PRIVATE, request.port or TRAINEE_PORT, Desk.TRAINEE, start=WELCOME)


def prepare(place: Place) -> None:
    """Bring a trainee's workbook up to date, and say what was done.

    Raises:
        Refusal: The folder cannot be written.
    """
    if place.desk is Desk.TRAINEE:
        done = workbook.refresh(place.root, date.today())
        _say(f"Votre classeur : {done.folder}")
        for copy, name in done.kept:
            _say(f"« {name} » a une nouvelle version ; la vôtre est gardée à côté : « {Path(copy).name} ».")
    try:
        place.private.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_writable(place.root, error, "ouvrez-en l’accès, ou choisissez-en un autre avec --dossier") from error


def require(*packages: str) -> None:
    """Make sure that packages are installed.

    Raises:
        Refusal: One is missing; the sentence says how to install it.
    """
    missing = [name for name in packages if importlib.util.find_spec(name) is None]
    if not missing:
        return
    names = ", ".join(f"« {name} »" for name in missing)
    command = f'pip install "soins-centres-personnes{"[instructor]" if "nbgrader" in missing else ""}"'
    raise Refusal(f"Il manque {names} : installez le cours en entier par « {command} ».")


def _course_root(folder: Path) -> Path:
    for root in (folder, *folder.parents, PACKAGE.parent):
        if (root / _COURSE).is_file():
            return root
    raise Refusal(
        f"« {folder} » n’est pas le dossier du cours : allez dans la copie du dépôt, "
        f"là où se trouve le fichier « {_COURSE} »."
    )


def _show(address: Address, place: Place, browser: bool) -> None:
    page = address.page(place.start if (place.root / place.start).is_file() else "")
    if browser and _open_browser(page):
        _say(f"Le cours est dans votre navigateur. Son adresse : {page}")
    else:
        _say(f"Ouvrez cette adresse dans un navigateur : {page}")
    if place.desk is Desk.INSTRUCTOR:
        _say("La correction, dans formgrader :")
        _say(f"{address.base}/formgrader?token={address.token}")


def _open_browser(page: str) -> bool:
    graphical = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("BROWSER")
    if sys.platform.startswith("linux") and not graphical:
        return False  # what is left there is a text browser, which would take the terminal over
    try:
        return webbrowser.open(page)
    except webbrowser.Error:
        return False


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """A closed terminal window or a `kill` stops the course as Ctrl+C does."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    former = {getattr(signal, name): signal.signal(getattr(signal, name), interrupt) for name in names}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _say(text: str) -> None:
    print(text, flush=True)
