"""Where the bench lives: a PostgreSQL cluster of its own, so that its CPU is told apart from everything else's."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.services import elasticsearch, postgresql
from tests.services.process import Server, hand_over, unprivileged

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path(os.environ.get("BENCH_DIR") or ROOT / "var" / "bench").resolve()
REDIS_DATABASE = "/9"


@contextmanager
def database(*, name: str = "") -> Iterator[tuple[Server, str]]:
    """The bench's PostgreSQL with its safe defaults (fsync on), running for as long as the block; and its URL.

    `name` is another database in the same cluster, made when it is not there.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    hand_over(FOLDER, unprivileged("postgres")) if not (FOLDER / "postgresql").exists() else None
    server, url = postgresql.start(FOLDER, fast=False)
    try:
        yield server, _named(url, name) if name else url
    finally:
        postgresql.stop(server)


def _named(url: str, name: str) -> str:
    import psycopg

    with psycopg.connect(url, autocommit=True) as admin:
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            admin.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name)))
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@contextmanager
def search_node(*, heap: str = "1g") -> Iterator[str]:
    """The address of the environment's Elasticsearch; where there is none, of a node of the bench's own."""
    url = os.environ.get("ELASTICSEARCH_URL", "")
    if url:
        yield url
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    server, url = elasticsearch.start(FOLDER, fast=False, heap=heap, newest_java=True)
    try:
        yield url
    finally:
        server.stop(seconds=60)


def environment(database_url: str, port: int) -> dict[str, str]:
    """Production settings on the bench's database; Redis and Elasticsearch are those of the environment, if any."""
    redis = os.environ.get("REDIS_URL", "")
    return {
        **{name: value for name, value in os.environ.items() if name not in {"TEST_ROUND", "TEST_DB_NAME", "DEBUG"}},
        "DJANGO_SETTINGS_MODULE": "config.settings.prod",
        "DATABASE_URL": database_url,
        "REDIS_URL": urlsplit(redis)._replace(path=REDIS_DATABASE).geturl() if redis else "",
        "SEARCH_INDEX_PREFIX": "bench",
        "DATA_DIR": str(FOLDER / "data"),
        "SECRET_KEY": "only-for-the-bench-0123456789-abcdefghijklmnopqrstuvwxyz",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "ALLOWED_HOSTS": "127.0.0.1,testserver",
        "PYTHONPATH": str(ROOT),
    }


def enter(env: dict[str, str]) -> None:
    """Make this very process one of the bench's: for seeding, signing in and counting statements."""
    os.environ.clear()
    os.environ.update(env)
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
