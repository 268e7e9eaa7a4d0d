"""Recording: the event, its deliveries and the in-transaction marks, in the writer's own transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from accounts.events import trace, version, wake
from accounts.events.models import Delivery, Event
from accounts.events.registry import Subscriber, subscribers_of
from accounts.viewer import Viewer

_quiet: ContextVar[bool] = ContextVar("events_quiet", default=False)
_waiting: ContextVar[list[Event] | None] = ContextVar("events_waiting", default=None)


@contextmanager
def quietly() -> Iterator[None]:
    """Within: events are logged and search is marked, but nobody is notified, mailed or credited. For imports."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


@contextmanager
def gathered() -> Iterator[None]:
    """Within: quiet events wait, and are written together at the end, in the caller's transaction. For batches.

    What fails takes its own events with it: inside another `gathered`, they join the outer ones only on success.
    """
    outer, own = _waiting.get(), []
    token = _waiting.set(own)
    try:
        yield
    finally:
        _waiting.reset(token)
    if outer is not None:
        outer.extend(own)
    elif own:
        _write(own)


@transaction.atomic
def _write(waiting: list[Event]) -> None:
    """All at once; a subscriber that can take many takes them all, the others one by one."""
    Event.objects.bulk_create(waiting, batch_size=500)
    version.change()
    of: dict[str, list[Subscriber]] = {event.name: subscribers_of(event.name, "now") for event in waiting}
    for event in waiting:
        for subscriber in of[event.name]:
            if subscriber.many is None:
                subscriber.handler(event)
    for subscriber in {own.name: own for some in of.values() for own in some if own.many}.values():
        assert subscriber.many  # noqa: S101 (asked for above)
        subscriber.many([event for event in waiting if subscriber in of[event.name]])


def target_of(target: models.Model | tuple[str, int] | None) -> tuple[str, int | None]:
    """`(type, id)` of a row: the model's name in lower case (`topic`) and its primary key."""
    if target is None:
        return "", None
    if isinstance(target, models.Model):
        return str(target._meta.model_name), target.pk
    return target


@transaction.atomic(savepoint=False)  # an event that cannot be recorded takes its whole service back
def record(
    name: str,
    *,
    actor: Viewer | int | None = None,
    target: models.Model | tuple[str, int] | None = None,
    data: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Event:
    """Log that something happened and hand it to its subscribers. Call it last in a service, inside its transaction.

    `actor` is a Viewer or a user id; `data` is small JSON (ids, old and new values). Ids of rows that are about to go
    must be recorded before the delete. The worker is woken when the transaction commits.
    """
    target_type, target_id = target_of(target)
    now = timezone.now()
    event = Event(
        name=name,
        actor_id=actor.user_id if isinstance(actor, Viewer) else actor,
        target_type=target_type,
        target_id=target_id,
        data=data or {},
        is_quiet=_quiet.get(),
        request_id=trace.request_id(),
        created_at=at or now,
    )
    waiting = _waiting.get()
    if event.is_quiet and waiting is not None:
        waiting.append(event)
        return event
    event.save(force_insert=True)
    version.change()
    for subscriber in subscribers_of(name, "now"):
        subscriber.handler(event)
    if not event.is_quiet:
        errands = [
            # Due since it happened: what is loaded late is still told in the order of its times.
            Delivery(event=event, subscriber=s.name, next_attempt_at=min(at or now, now))
            for s in subscribers_of(name, "later")
        ]
        if errands:
            Delivery.objects.bulk_create(errands)
            wake.when_committed()
    return event


@transaction.atomic
def replay_parked(*, subscriber: str | None = None) -> int:
    """Give parked deliveries another round of attempts; returns how many."""
    parked = Delivery.objects.filter(state=Delivery.State.PARKED)
    if subscriber:
        parked = parked.filter(subscriber=subscriber)
    return parked.update(state=Delivery.State.WAITING, attempts=0, next_attempt_at=timezone.now(), last_error="")
