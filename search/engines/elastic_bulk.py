"""Bulk calls: from documents to bodies of a few megabytes, and what the answer says of every item. No client."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import Any, Final

import orjson
from django.conf import settings

from search import mapping
from search.engines.base import EngineAway, Written
from search.semantic.embedders import Vector
from search.sources import Document

AT_ONCE: Final = 2  # calls under way while the next rows are read: Elasticsearch works on one each with one core


def lines(
    kind: str, documents: Sequence[Document], gone: Sequence[int], version: int,
    vectors: Mapping[int, Sequence[Vector]], known: frozenset[str],
) -> Iterator[bytes]:
    """A bulk call's lines, an action and its source together. An older index, which answers until the new one is
    filled, gets the fields that it knows."""
    for document in documents:
        action = {"index": {"_id": str(document.id), "version": version, "version_type": "external"}}
        source = mapping.source_of(kind, document, version, vectors.get(document.id, ()))
        source = {name: value for name, value in source.items() if name in known}
        yield b"%b\n%b" % (_line(action), _line(source))
    for pk in gone:
        yield _line({"delete": {"_id": str(pk), "version": version, "version_type": "external"}})


def _line(value: dict[str, Any]) -> bytes:
    """One line of JSON. Halves of characters, which UTF-8 cannot say, are escaped, and Elasticsearch takes them so."""
    try:
        return orjson.dumps(value, default=str)
    except orjson.JSONEncodeError:
        return json.dumps(value, default=_json).encode()


def _json(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def bodies(items: Iterable[bytes]) -> Iterator[bytes]:
    """The items in bodies of SEARCH_BULK_BYTES, by at most one item more."""
    piece: list[bytes] = []
    size = 0
    for item in items:
        piece.append(item)
        size += len(item)
        if size > settings.SEARCH_BULK_BYTES:
            yield _body(piece)
            piece, size = [], 0
    if piece:
        yield _body(piece)


def _body(items: Sequence[bytes]) -> bytes:
    return b"\n".join(items) + b"\n"


def sent_together(send: Callable[[bytes], Written], batches: Iterable[Iterable[bytes]]) -> Iterator[Written]:
    """Send the bodies of each batch while the next are being made; yields what became of each batch, in order.

    Only `send` runs in other threads. What it raises is raised here, after the calls under way have ended.
    """
    waiting: deque[list[Future[Written]]] = deque()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for batch in batches:
            waiting.append([pool.submit(send, body) for body in batch])
            if len(waiting) > AT_ONCE:
                yield added(future.result() for future in waiting.popleft())
        while waiting:
            yield added(future.result() for future in waiting.popleft())


def added(parts: Iterable[Written]) -> Written:
    """What became of several calls."""
    written = Written()
    for part in parts:
        written.refused |= part.refused
        written.later |= part.later
    return written


def read(answer: Mapping[str, Any]) -> Written:
    """Every item's status. Raises EngineAway where it says that the index takes none."""
    written = Written()
    for item in answer["items"]:
        action, said = next(iter(item.items()))
        status, pk = said["status"], int(said["_id"])
        if status < 300 or status == 409 or (status == 404 and action == "delete" and "error" not in said):
            continue  # written; or a newer version is there; or it was gone already
        reason = json.dumps(said.get("error"))[:500]
        if status in {429, 503} or any(state in reason for state in ("cluster_block", "index_closed")):
            raise EngineAway(f"Elasticsearch takes no writes now ({status}): {reason}")
        if status == 404:
            raise EngineAway(f"The index is missing: {reason}")
        (written.refused if status == 400 else written.later)[pk] = reason
    return written
