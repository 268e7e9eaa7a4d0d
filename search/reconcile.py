"""Index against database, both ways; and building an index anew while the old one answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.conf import settings

from search import clock, outbox
from search.engines import Engine
from search.sources import Document, SearchSource


@dataclass(slots=True)
class Difference:
    """What an index lacks, holds without need, or holds in an old form."""

    missing: list[int] = field(default_factory=list)
    surplus: list[int] = field(default_factory=list)
    stale: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.missing or self.surplus or self.stale)

    @property
    def ids(self) -> list[int]:
        return [*self.missing, *self.surplus, *self.stale]


def compare(engine: Engine, source: SearchSource) -> Difference:
    """Walk both in order of id, in constant memory; documents are compared by their digests."""
    found = Difference()
    held = engine.digests(source.kind)
    waiting = next(held, None)
    for batch in _batches(source):
        documents = {document.id: document.digest for document in source.documents(batch)}
        for pk in batch:
            while waiting is not None and waiting[0] < pk:
                found.surplus.append(waiting[0])
                waiting = next(held, None)
            digest = documents.get(pk)
            here = waiting is not None and waiting[0] == pk
            if digest is None:
                found.surplus += [pk] if here else []
            elif not here:
                found.missing.append(pk)
            elif waiting is not None and waiting[1] != digest:
                found.stale.append(pk)
            if here:
                waiting = next(held, None)
    while waiting is not None:
        found.surplus.append(waiting[0])
        waiting = next(held, None)
    return found


def repair(engine: Engine, source: SearchSource, difference: Difference) -> None:
    """Mark what differs for this engine; the indexer does the rest."""
    outbox.mark(source.kind, difference.ids, engines=[engine.name])


def rebuild(engine: Engine, source: SearchSource, *, progress: Callable[[int], None] = lambda _done: None) -> int:
    """Build a kind's index beside the one that answers, then let it answer; returns how many documents it holds.

    What changes meanwhile is written to both, and versions decide, so the new index is never behind.
    """
    handle = engine.open_rebuild(source.kind)
    for written in engine.fill_rebuild(handle, source.kind, _read(source, progress)):
        # What did not go in is left to the indexer, which parks what cannot.
        outbox.mark(source.kind, [*written.refused, *written.later], engines=[engine.name])
    return engine.close_rebuild(handle, source.kind)


def _read(source: SearchSource, progress: Callable[[int], None]) -> Iterator[tuple[int, list[Document]]]:
    """Everything there is, each batch with a version drawn before it is read."""
    for batch in _batches(source):
        version = clock.tick()
        yield version, list(source.documents(batch))
        progress(len(batch))


def _batches(source: SearchSource) -> Iterator[list[int]]:
    """All ids of a source in order, by pages that need no open cursor."""
    last = None
    while True:
        rows = source.ids().order_by("pk")
        batch = list((rows if last is None else rows.filter(pk__gt=last))[: settings.SEARCH_BULK_DOCUMENTS])
        if not batch:
            return
        yield batch
        last = batch[-1]
