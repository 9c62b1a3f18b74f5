"""« Qui travaille ? » on a shared computer: the page on which a workbook is chosen, before JupyterLab starts."""

from __future__ import annotations

import json
import math
import secrets
import time
from collections.abc import Sequence
from functools import partial
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from threading import Event, Thread
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from course.core.words import moment
from course.core.workbooks import Workbook, free_root

_HERE = Path(__file__).parent
_NEW = "nouveau"
_LONGEST_FORM = 1000  # bytes
_DELIVERED_WITHIN = 60.0  # seconds in which the page asks where to go, or it has been closed
_STEP = 0.2  # seconds; during one wait without end, Ctrl+C would not be heard on Windows


class Chooser:
    """The page, served on loopback during a `with`.

    Attributes:
        address: The address of the page, with its token; whoever has it may choose.
        host: The host and port of that address.
        token: The key of that address.
        chosen: The folder of the chosen workbook; None until one is chosen.
        end: Where the page goes: `page`, an address, or `raison`, why the course does not open; empty until then.
        delivered: Set once the page knows its end.
    """

    def __init__(self, host: str, workbooks: Sequence[Workbook]) -> None:
        """Open the port; requests are answered from the start of the `with`.

        Args:
            host: The loopback address.
            workbooks: The workbooks to choose from, beside a new one.
        """
        self._choices = {_NEW: free_root()} | {workbook.root.name: workbook.root for workbook in workbooks}
        self._workbooks = workbooks
        self.token = secrets.token_urlsafe(24)
        self.chosen: Path | None = None
        self.end: dict[str, str] = {}
        self.delivered, self._choice = Event(), Event()
        self._server = ThreadingHTTPServer((host, 0), partial(_Handler, self))
        self._server.daemon_threads = True
        self.host = f"{host}:{self._server.server_port}"
        self.address = f"http://{self.host}/?token={self.token}"

    def __enter__(self) -> Chooser:
        """Begin to answer requests."""
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> None:
        """Stop; a page that waits for a course that does not open shows why."""
        if error is not None and self._choice.is_set():
            self._finish({"raison": str(error) or "Le cours se ferme."})
        self._server.shutdown()
        self._server.server_close()

    def choose(self) -> Path:
        """Wait for a choice, and return the folder of the workbook."""
        _await(self._choice)
        assert self.chosen is not None
        return self.chosen

    def lead_to(self, page: str) -> None:
        """Lead the waiting page to another one; returns once it has left, or after a minute if it was closed."""
        self._finish({"page": page})

    def _finish(self, end: dict[str, str]) -> None:
        if not self.end:
            self.end = end
            _await(self.delivered, _DELIVERED_WITHIN)

    def note_choice(self, name: str) -> bool:
        """Take the first choice that a page sends; False when there is no such workbook."""
        root = self._choices.get(name)
        if root is not None and self.chosen is None:
            self.chosen = root
            self._choice.set()
        return root is not None

    def page(self, part: str) -> str:
        """Return the page in one of its states: `choix`, `attente`, or `etranger`, without the token."""
        cards = "".join(map(_card, self._workbooks))
        template = Template((_HERE / "chooser.html").read_text(encoding="utf-8"))
        return template.substitute(part=part, cards=cards, token=self.token if part != "etranger" else "")


class _Handler(BaseHTTPRequestHandler):
    """Answers the requests of a browser for a `Chooser`."""

    timeout = 10  # a browser opens connections in advance and says nothing on them

    def __init__(self, chooser: Chooser, *connection: Any) -> None:  # noqa: ANN401 - those of the base class
        self._chooser = chooser
        super().__init__(*connection)

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if not self._is_allowed(parse_qs(address.query)):
            self._answer(HTTPStatus.FORBIDDEN, self._chooser.page("etranger"))
        elif address.path == "/suite":
            end = self._chooser.end
            self._answer(HTTPStatus.OK, json.dumps(end), "application/json")
            if end:
                self._chooser.delivered.set()
        else:
            self._answer(HTTPStatus.OK, self._chooser.page("attente" if self._chooser.chosen else "choix"))

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        raw = self.rfile.read(int(length)) if length.isdecimal() and int(length) <= _LONGEST_FORM else b""
        fields = parse_qs(raw.decode("ascii", "replace"))
        if self._is_allowed(fields) and self._chooser.note_choice(fields.get("classeur", [""])[0]):
            self._answer(HTTPStatus.OK, self._chooser.page("attente"))
        else:
            self._answer(HTTPStatus.FORBIDDEN, self._chooser.page("etranger"))

    def _is_allowed(self, fields: dict[str, list[str]]) -> bool:
        token = fields.get("token", [""])[0].encode()
        # Under another name of this computer, the page that asks is somebody else's.
        is_host = self.headers.get("Host") == self._chooser.host
        return is_host and secrets.compare_digest(token, self._chooser.token.encode())

    def _answer(self, status: HTTPStatus, text: str, kind: str = "text/html") -> None:
        raw = text.encode()
        self.send_response(status)
        for name, value in (
            ("Content-Type", f"{kind}; charset=utf-8"),
            ("Content-Length", str(len(raw))),
            ("Cache-Control", "no-store"),
            ("Referrer-Policy", "no-referrer"),
            ("X-Frame-Options", "DENY"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        """Logs nothing: the address holds the token."""


def _card(workbook: Workbook) -> str:
    title = escape(workbook.title)
    return (
        f'<li><button name="classeur" value="{escape(workbook.root.name)}"><strong>{title}</strong>'
        f"<span>{_opened(workbook)}</span></button></li>"
    )


def _opened(workbook: Workbook) -> str:
    if workbook.untouched:
        return "Nouveau\u00a0: pas encore ouvert"
    return f"Ouvert pour la dernière fois le {moment(workbook.opened)}"


def _await(event: Event, patience: float = math.inf) -> None:
    """Wait for an event, at most that many seconds; Ctrl+C interrupts the wait on every system."""
    end = time.monotonic() + patience
    while not event.wait(_STEP) and time.monotonic() < end:
        pass
