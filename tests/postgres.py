"""A real PostgreSQL, of the tests' own: made, started and stopped by them, reached through a socket in its folder."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

INSTALL = (
    "PostgreSQL est introuvable : installez-le (apt install postgresql), ou donnez le dossier de ses programmes dans "
    "COURSE_POSTGRES_BIN."
)
REQUIRED = os.environ.get("COURSE_REQUIRE_POSTGRES") == "1"
_PATIENCE = 60


def found():
    """The folder of the server's programs; None when it is not installed."""
    asked = os.environ.get("COURSE_POSTGRES_BIN")
    on_path = shutil.which("initdb")
    places = [Path(asked)] if asked else []
    places += [Path(on_path).parent] if on_path else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").is_file()), None)


class Server:
    """One server; it is of no use to run it as root, which it refuses."""

    def __init__(self):
        self._folder = None
        self._bases = 0
        self._as = {"user": "postgres", "group": "postgres", "extra_groups": []} if _is_root() else {}

    def __enter__(self):
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        if self._as:
            shutil.chown(self._folder, "postgres", "postgres")
        self._run("initdb", "-D", self._data, "-U", "course", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-k '{self._folder}' -c listen_addresses='' -c fsync=off"
        self._run("pg_ctl", "start", "-w", "-D", self._data, "-l", self._folder / "log", "-o", options)
        return self

    def __exit__(self, *_):
        # It stops the process whose number is in that folder, and no other.
        self._run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", self._data)
        shutil.rmtree(self._folder)

    def new(self):
        """The address of a new, empty database."""
        import psycopg  # noqa: PLC0415

        self._bases += 1
        name = f"base{self._bases}"
        with psycopg.connect(f"host={self._folder} user=course dbname=postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return f"postgresql+psycopg://course@/{name}?host={self._folder}"

    @property
    def _data(self):
        return self._folder / "data"

    def _run(self, program, *words):
        done = subprocess.run(
            [found() / program, *words],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            check=False,
            **self._as,
        )
        if done.returncode:
            log = self._folder / "log"
            raise RuntimeError(f"{program} : {done.returncode}\n{log.read_text() if log.exists() else ''}")


def _is_root():
    return hasattr(os, "geteuid") and os.geteuid() == 0
