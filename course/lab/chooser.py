"""« Qui travaille ? » on a shared computer: the page that asks which workbook is opened, before JupyterLab is there."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from threading import Event, Thread
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

from course.core.words import day
from course.core.workbooks import Workbook, free_root

_HERE = Path(__file__).parent
_NEW = "nouveau"
_LONGEST_FORM = 1000
_DELIVERED_WITHIN = 60.0  # seconds in which the page asks where to go, or it has been closed


class Chooser:
    """The page, served on loopback from its start until the end of a `with`.

    Attributes:
        address: Where it is; whoever has this address may choose.
    """

    def __init__(self, host: str, workbooks: Sequence[Workbook]) -> None:
        """Serves nothing yet.

        Args:
            host: The loopback address.
            workbooks: What can be chosen, beside a new one.
        """
        self._choices = {_NEW: free_root()} | {each.root.name: each.root for each in workbooks}
        self._workbooks = workbooks
        self._token = secrets.token_urlsafe(24)
        self._chosen: Path | None = None
        self._choice, self._delivered = Event(), Event()
        self._end: dict[str, str] = {}
        self._served = ThreadingHTTPServer((host, 0), self._handler())
        self._served.daemon_threads = True
        self._host = f"{host}:{self._served.server_port}"
        self.address = f"http://{self._host}/?token={self._token}"

    def __enter__(self) -> Chooser:
        """Begins to serve."""
        Thread(target=self._served.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, _: type[BaseException] | None, error: BaseException | None, __: TracebackType | None) -> None:
        """Ends; a page that waits for a course that does not open is told so."""
        if error is not None and self._choice.is_set():
            self._finish({"raison": str(error) or "Le cours se ferme."})
        self._served.shutdown()
        self._served.server_close()

    def choose(self) -> Path:
        """Waits for a choice; the folder of the workbook."""
        while not self._choice.wait(0.2):  # without a bound, Ctrl+C would not be heard on Windows
            pass
        assert self._chosen is not None
        return self._chosen

    def lead_to(self, page: str) -> None:
        """Leads the page that waits to another one; goes on when it has left, or was closed meanwhile."""
        self._finish({"page": page})

    def _finish(self, end: dict[str, str]) -> None:
        if not self._end:
            self._end = end
            self._delivered.wait(_DELIVERED_WITHIN)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        chooser = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 10  # a browser opens connections in advance and says nothing on them

            def do_GET(self) -> None:
                address = urlsplit(self.path)
                if not self._allowed(parse_qs(address.query)):
                    self._answer(HTTPStatus.FORBIDDEN, chooser._page("etranger"))
                elif address.path == "/suite":
                    self._answer(HTTPStatus.OK, json.dumps(chooser._end), "application/json")
                    if chooser._end:
                        chooser._delivered.set()
                else:
                    self._answer(HTTPStatus.OK, chooser._page("attente" if chooser._chosen else "choix"))

            def do_POST(self) -> None:
                length = self.headers.get("Content-Length", "")
                raw = self.rfile.read(int(length)) if length.isdecimal() and int(length) <= _LONGEST_FORM else b""
                fields = parse_qs(raw.decode("ascii", "replace"))
                root = chooser._choices.get(fields.get("classeur", [""])[0])
                if root is None or not self._allowed(fields):
                    self._answer(HTTPStatus.FORBIDDEN, chooser._page("etranger"))
                    return
                if chooser._chosen is None:
                    chooser._chosen = root
                    chooser._choice.set()
                self._answer(HTTPStatus.OK, chooser._page("attente"))

            def _allowed(self, fields: dict[str, list[str]]) -> bool:
                token = fields.get("token", [""])[0].encode()
                # Another name for this computer would be somebody else's page, which a browser was led to.
                return self.headers.get("Host") == chooser._host and secrets.compare_digest(
                    token, chooser._token.encode()
                )

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
                """Nothing: the address holds the token."""

        return Handler

    def _page(self, part: str) -> str:
        cards = "".join(
            f'<li><button name="classeur" value="{escape(each.root.name)}"><strong>{escape(each.title)}</strong>'
            f"<span>{_opened(each)}</span></button></li>"
            for each in self._workbooks
        )
        template = Template((_HERE / "chooser.html").read_text(encoding="utf-8"))
        return template.substitute(part=part, cards=cards, token=self._token if part != "etranger" else "")


def _opened(workbook: Workbook) -> str:
    if workbook.untouched:
        return "Nouveau : pas encore ouvert"
    return f"Ouvert pour la dernière fois le {day(workbook.opened)}"
