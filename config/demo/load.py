"""The parts in their order. Each is one transaction that ends with its own mark in the audit log, so it runs once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction

from accounts.events import services as events
from accounts.events.models import Event
from config.demo.people import load_accounts, load_people
from config.demo.spaces import load_spaces
from config.demo.topics import load_topics
from config.demo.world import World

DONE = "demo.part_loaded"


@dataclass(frozen=True, slots=True)
class Part:
    """A name for the mark, words for the progress line, and the loader, which returns how many it loaded."""

    name: str
    label: str
    load: Callable[[World], int]
    is_quiet: bool = True


PARTS = (
    Part("people", "people", load_people),
    Part("accounts", "demo accounts", load_accounts),
    Part("spaces", "spaces", load_spaces),
    Part("topics", "topics", load_topics, is_quiet=False),
)


def load(world: World | None = None) -> Iterator[tuple[Part, int | None]]:
    """Load what is not there yet, part by part; yields each part and its count (None: it was there already)."""
    world = world or World()
    done = set(Event.objects.filter(name=DONE).values_list("data__part", flat=True))
    for part in PARTS:
        yield part, None if part.name in done else _load(part, world)


@transaction.atomic
def _load(part: Part, world: World) -> int:
    if part.is_quiet:
        with events.quietly():
            count = part.load(world)
    else:
        count = part.load(world)
    if count:
        with events.quietly():
            events.record(DONE, data={"part": part.name, "count": count})
    return count
