"""The parts in their order. Each is one transaction that ends with its own mark in the audit log, so it runs once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction

from accounts.events import services as events
from accounts.events.models import Event
from community.reputation.services import recount_standings
from config.demo.cases import load_cases
from config.demo.events import load_events
from config.demo.ideas import load_ideas
from config.demo.knowledge import load_knowledge
from config.demo.moderation import load_moderation
from config.demo.people import load_people
from config.demo.searches import load_searches
from config.demo.snippets import load_snippets
from config.demo.spaces import load_spaces
from config.demo.together import load_together
from config.demo.topics import load_topics
from config.demo.world import World

DONE = "demo.part_loaded"


@dataclass(frozen=True, slots=True)
class Part:
    """A name for the mark, words for the progress line, and the loader, which returns how many it loaded.

    A loud part says by itself (`World.hush`) which of its events people hear of.
    """

    name: str
    label: str
    load: Callable[[World], int]
    is_loud: bool = False


PARTS = (
    Part("people", "people", load_people),
    Part("spaces", "spaces", load_spaces),
    Part("topics", "topics", load_topics, is_loud=True),
    Part("knowledge", "articles and wiki", load_knowledge),
    Part("ideas", "ideas", load_ideas, is_loud=True),
    Part("events", "events", load_events),
    Part("snippets", "code library", load_snippets),
    Part("cases", "cases", load_cases, is_loud=True),
    Part("moderation", "reported posts", load_moderation, is_loud=True),
    Part("together", "reactions and talks", load_together),
    Part("searches", "searches", load_searches),
    Part("reputation", "standings", lambda world: recount_standings()),
)


def parts_done() -> set[str]:
    return set(Event.objects.filter(name=DONE).values_list("data__part", flat=True))


def load(world: World | None = None) -> Iterator[tuple[Part, int]]:
    """Load what is not there yet, part by part; yields each loaded part and its count."""
    world = world or World()
    done = parts_done()
    for part in PARTS:
        if part.name not in done:
            yield part, _load(part, world)


@transaction.atomic
def _load(part: Part, world: World) -> int:
    if part.is_loud:
        count = part.load(world)
    else:
        with events.quietly():
            count = part.load(world)
    with events.quietly():
        events.record(DONE, data={"part": part.name, "count": count})
    return count
