"""Marking: what changed is noted in the writer's own transaction, once for every engine."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from accounts.events import wake
from accounts.events.models import Event
from search.models import DirtyMark
from search.sources import sources

DATABASE = "database"
ELASTICSEARCH = "elasticsearch"
MEANING = "meaning"  # not an engine: what waits to be embedded
BATCH = 500


def engine_names() -> list[str]:
    """The engines that are kept: the database always, because it is the fallback, Elasticsearch where there is one."""
    return [DATABASE, ELASTICSEARCH] if settings.ELASTICSEARCH_URL else [DATABASE]


def queues() -> list[str]:
    """What a changed document waits for: each engine, and the embedder where there is one."""
    has_meaning = bool(settings.ELASTICSEARCH_URL and settings.SEARCH_EMBEDDINGS)
    return [*engine_names(), MEANING] if has_meaning else engine_names()


def mark(kind: str, ids: Iterable[int], *, engines: Iterable[str] | None = None) -> int:
    """Note that these documents are to be indexed again; a mark that is there is renewed. Returns how many ids."""
    ids = sorted(set(ids))  # one order for all writers, so that two of them cannot lock each other out
    if not ids:
        return 0
    now = timezone.now()
    rows = [
        DirtyMark(
            engine=engine, kind=kind, object_id=pk, stamp=secrets.randbits(62), next_attempt_at=now, marked_at=now
        )
        for engine in (engines or queues())
        for pk in ids
    ]
    DirtyMark.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["engine", "kind", "object_id"],
        update_fields=["stamp", "state", "attempts", "next_attempt_at", "last_error"],
    )
    wake.when_committed()
    return len(ids)


def fall_behind(engine: str, *, seconds: int) -> None:
    """Note for all processes that an engine has refused for a while what has to be written to it."""
    cache.set(f"search:behind:{engine}", True, seconds)


def catch_up(engine: str) -> None:
    """Note that an engine takes writes again."""
    cache.delete(f"search:behind:{engine}")


def is_behind(engine: str) -> bool:
    """Whether an engine answers, if it does, with what it knew some while ago."""
    return bool(cache.get(f"search:behind:{engine}"))


def mark_affected(event: Event) -> None:
    """The one subscriber of events: ask every source what an event touches."""
    for source in sources():
        mark(source.kind, source.affected(event))


def mark_all_affected(events: list[Event]) -> None:
    """The same for many events: each document once, in one statement a source."""
    for source in sources():
        mark(source.kind, source.affected_by_all(events))


def replay_parked(*, engine: str | None = None) -> int:
    """Give parked documents another try; returns how many."""
    parked = DirtyMark.objects.filter(state=DirtyMark.State.PARKED)
    if engine:
        parked = parked.filter(engine=engine)
    return parked.update(state=DirtyMark.State.WAITING, attempts=0, next_attempt_at=timezone.now())
