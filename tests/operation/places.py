"""Empty installations to restore into: a folder, and where the round has PostgreSQL a database of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from elasticsearch import Elasticsearch

from tests.architecture.tree import ROOT

PREFIX = f"restored{os.getpid()}"


@dataclass
class Place:
    """An installation that is reached by commands only, as an operator reaches it."""

    folder: Path
    database_url: str

    @property
    def env(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "ELASTICSEARCH_URL") if name in os.environ}
        return kept | {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "DATA_DIR": str(self.folder),
            "SEARCH_INDEX_PREFIX": PREFIX,
            **({"DATABASE_URL": self.database_url} if self.database_url else {}),
        }

    def start(self, *command: str) -> subprocess.Popen:
        """A command of `manage.py`, running."""
        return subprocess.Popen(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=self.env,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def manage(self, *command: str) -> tuple[int, str]:
        """A command's exit code and all it said."""
        process = self.start(*command)
        said, _nothing = process.communicate(timeout=500)
        return process.returncode, said

    def python(self, script: str) -> str:
        """What a script prints that runs in this installation."""
        command = [sys.executable, "-c", f"import django; django.setup()\n{script}"]
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=200, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


@contextmanager
def empty_place(folder: Path, name: str) -> Iterator[Place]:
    """A new folder `name` and, on PostgreSQL, a new database, dropped afterwards."""
    (folder / name).mkdir()
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield Place(folder / name, "")
        return
    database = f"restore_{os.getpid()}_{name}"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{database}"')
        try:
            yield Place(folder / name, urlsplit(url)._replace(path=f"/{database}").geturl())
        finally:
            _forget_indexes()
            admin.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


def _forget_indexes() -> None:
    """What a restore built in the round's Elasticsearch."""
    if not os.environ.get("ELASTICSEARCH_URL"):
        return
    with Elasticsearch(os.environ["ELASTICSEARCH_URL"], request_timeout=30) as client:
        for name in client.indices.get(index=f"{PREFIX}-*"):
            client.indices.delete(index=name)
