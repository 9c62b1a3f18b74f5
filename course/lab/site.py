"""The Jupyter server extension of a desk: the list of the course's pages, and the state of the workbook.

`course.lab.settings` turns it on.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from jupyter_client.jsonutil import json_default
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import ensure_async, url_path_join
from tornado import web

from course.core import pages, syllabus, team
from course.core.content import PACKAGE
from course.lab.settings import ROOT_VARIABLE, Desk, shell_plugins

FULL = "entier"
"""The workspace in which JupyterLab is shown as it is: `/lab/workspaces/entier`."""
_EMPTIED_WITHIN = 5.0  # seconds that an idle kernel may take to forget a page
_TOKENS = PACKAGE / "workbook" / "tokens.css"  # one look for the widgets and for the page around them


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": __name__}]


def _load_jupyter_server_extension(app: ServerApp) -> None:
    root = Path(app.root_dir)
    app.web_app.settings["page_config_hook"] = partial(page_config, root)
    base = app.web_app.settings["base_url"]
    lab = url_path_join(base, "lab")
    notebook = {"url": f"{lab}/tree{{0}}", "permanent": False}
    # Loaded before the extensions that have pages of their own at those addresses, as Jupyter Notebook.
    handlers: list[Any] = [
        (url_path_join(base, "course/state"), State, {"root": root}),
        (url_path_join(base, "course/turn"), Turn),
        (url_path_join(base, r"(?:tree|notebooks)(/.+\.ipynb)"), web.RedirectHandler, notebook),
        (
            url_path_join(base, r"(?:tree|notebooks|edit|consoles|terminals)(?:/.*)?"),
            web.RedirectHandler,
            {"url": lab, "permanent": False},
        ),
    ]
    app.web_app.add_handlers(".*$", handlers)
    os.environ[ROOT_VARIABLE] = str(root)


def page_config(root: Path, handler: JupyterHandler, config: dict[str, Any]) -> dict[str, Any]:
    """Return JupyterLab's options for one page: the course's shell, or JupyterLab as it is.

    Args:
        root: The folder that the server shows.
        handler: The handler of the page's request. Its workspace is `FULL` for JupyterLab as it is, or the name that
            JupyterLab gives to a second window of it; the course itself has none.
        config: The options of every page of this server; they stay as they are.

    Returns:
        The options of this page. Where no page of the course is below `root` there is nothing for a shell to show.
    """
    listed = [
        asdict(page)
        for page in pages.load()
        if (root / page.path).is_file() and (not page.instructor or config.get("courseDesk") == Desk.INSTRUCTOR)
    ]
    if not listed:
        return config
    full = bool(handler.path_kwargs.get("workspace"))
    disabled = config.get("disabledExtensions", [])
    return {
        **config,
        "courseShell": FULL if full else "cours",
        "courseGoals": {goal.id: goal.title for goal in syllabus.load().goals},
        "coursePages": listed,
        "courseTokens": _TOKENS.read_text(encoding="utf-8"),
        "disabledExtensions": [*disabled] if full else sorted({*disabled, *shell_plugins()}),
    }


class State(APIHandler):
    """`course/state`: the team and the progress of each page, counted anew from the workbook's files."""

    def initialize(self, root: Path) -> None:  # tornado passes what the route says
        """Keep the folder that the server shows."""
        self._root = root

    @web.authenticated
    async def get(self) -> None:
        """Answer with the state, as JSON."""
        self.set_header("Cache-Control", "no-store")
        self.finish(json.dumps(await asyncio.to_thread(self._state)))

    def _state(self) -> dict[str, Any]:
        who = team.read_or_nobody(self._root)
        return {
            "workbook": hashlib.sha256(os.fsencode(self._root)).hexdigest()[:16],
            "team": str(who),
            "group": who.group,
            "marks": {place: asdict(mark) for place, mark in pages.marks(self._root).items()},
        }


class Turn(APIHandler):
    """`course/turn`: the kernel of a page that is left goes over to the next one, emptied, as a session of its own.

    A new session, and not the former one with another path: a window that looked the former one up just before would
    take its page for renamed, and write it over the other.
    """

    @web.authenticated
    async def post(self) -> None:
        """Answer with the new session; 409 where somebody else uses the kernel, or the next page has one."""
        asked = self.get_json_body() or {}
        former, path = asked.get("session"), asked.get("path")
        if path not in {page.path for page in pages.load()}:
            raise web.HTTPError(400)
        sessions = self.session_manager
        session = await sessions.get_session(session_id=former)
        kernel = session["kernel"]
        if kernel["connections"] > 1 or kernel["execution_state"] != "idle" or await sessions.session_exists(path):
            raise web.HTTPError(409)
        # None of these waits for anything: no other request comes between.
        name = path.rpartition("/")[2]
        turned = await sessions.create_session(path, name, session["type"], kernel_id=kernel["id"])
        # `delete_session` would end the kernel.
        sessions.cursor.execute("DELETE FROM session WHERE session_id = ?", (former,))
        await self.finish(json.dumps(turned, default=json_default))
        if not await self._empty(kernel["id"], session["path"]):
            await ensure_async(self.kernel_manager.restart_kernel(kernel["id"]))

    async def _empty(self, kernel: str, path: str) -> bool:
        client = self.kernel_manager.get_kernel(kernel).client()
        client.start_channels(iopub=False, stdin=False, hb=False, control=False)
        code = f"from course.lab.kernel import clear\nclear({path!r})"
        try:
            reply = await client.execute(code, silent=True, reply=True, timeout=_EMPTIED_WITHIN)
        except TimeoutError:
            return False
        finally:
            client.stop_channels()
        return bool(reply["content"]["status"] == "ok")
