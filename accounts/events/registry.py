"""Who wants to hear of what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

from accounts.events.models import Event

Handler = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class Subscriber:
    """`when="now"` runs inside the writer's own transaction (cheap row marks only); `"later"` is a delivery."""

    name: str
    pattern: str
    handler: Handler
    when: Literal["now", "later"]
    many: Callable[[list[Event]], None] | None = None


_subscribers: dict[str, Subscriber] = {}


def subscribe(
    pattern: str,
    handler: Handler,
    *,
    name: str,
    when: Literal["now", "later"] = "later",
    many: Callable[[list[Event]], None] | None = None,
) -> None:
    """Register `handler` for the event names that match `pattern` (`topic.*`, `*`).

    `name` is stable (`notifications.reply`): deliveries remember it. A `later` handler must be idempotent. Quiet
    events (imports, demo content) reach only `now` subscribers. `many` takes several events at once, in their order:
    those of a batch, or what waits for a `later` subscriber, in one transaction. Raises ValueError when the name is
    taken.
    """
    known = _subscribers.get(name)
    if known is not None and known.handler is not handler:
        raise ValueError(f"The subscriber name {name!r} is taken.")
    _subscribers[name] = Subscriber(name, pattern, handler, when, many)


def subscribers_of(event_name: str, when: Literal["now", "later"]) -> list[Subscriber]:
    """The subscribers of one event name, in order of registration."""
    return [s for s in _subscribers.values() if s.when == when and fnmatchcase(event_name, s.pattern)]


def handler_named(name: str) -> Handler | None:
    """The handler behind a delivery, or None when no room registers that name any more."""
    found = _subscribers.get(name)
    return found.handler if found else None


def many_named(name: str) -> Callable[[list[Event]], None] | None:
    """What takes many events at once for a delivery's subscriber, or None where it takes them one by one."""
    found = _subscribers.get(name)
    return found.many if found else None
