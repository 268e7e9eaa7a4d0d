"""Looking everywhere for a word: each row of each table as it lies there, each file, each cached value, each index."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection

# SQLite's full text keeps bytes of what was taken out until it merges them away; it is asked instead.
FULL_TEXT = tuple(f"_{part}" for part in ("data", "idx", "docsize", "config", "content"))


def everywhere(word: str) -> list[str]:
    """Where the word stands, in any case of its letters."""
    found = [*_tables(word), *_sessions(word), *_files(word)]
    if settings.REDIS_URL:
        found += _redis(word)
    if settings.ELASTICSEARCH_URL:
        found += _indexes(word)
    return sorted(set(found))


def _tables(word: str) -> Iterator[str]:
    yield from _full_text(word)
    for name in connection.introspection.table_names():
        if name.endswith(FULL_TEXT):
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
            columns = [column[0] for column in cursor.description or ()]
            for row in cursor:
                for column, value in zip(columns, row, strict=True):
                    if word in _text(value):
                        yield f"{name}.{column}"


def _full_text(word: str) -> Iterator[str]:
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%'")
        for (name,) in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM {name} WHERE {name} MATCH %s", [f"{word}*"])
            if cursor.fetchone()[0]:
                yield f"{name} finds it"


def _text(value: object) -> str:
    raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
    return raw.decode(errors="replace").lower()


def _sessions(word: str) -> Iterator[str]:
    """What they hold is packed."""
    return (f"session {row.pk}" for row in Session.objects.all() if word in str(row.get_decoded()).lower())


def _files(word: str) -> Iterator[str]:
    for path in Path(settings.MEDIA_ROOT).rglob("*"):
        if word in path.name.lower() or (path.is_file() and word in _text(path.read_bytes())):
            yield f"file {path.name}"


def _redis(word: str) -> Iterator[str]:
    client = cache._cache.get_client(None, write=True)  # type: ignore[attr-defined]
    for key in client.scan_iter():
        if word in _text(key):
            yield f"key {key!r}"
        if client.type(key) == b"string" and word in _text(client.get(key)):
            yield f"value of {key!r}"


def _indexes(word: str) -> Iterator[str]:
    from elasticsearch import Elasticsearch

    client = Elasticsearch(settings.ELASTICSEARCH_URL, request_timeout=30)
    names = f"{settings.SEARCH_INDEX_PREFIX}-*"
    client.indices.refresh(index=names)
    for hit in client.search(index=names, query={"match_all": {}}, size=2_000)["hits"]["hits"]:
        if word in _text(hit["_source"]) or word in _text(hit["_id"]):
            yield f"document {hit['_index']} {hit['_id']}"
