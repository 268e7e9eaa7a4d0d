"""Loads what people looked for and opened, and what staff made of it: so that insights have something to tell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from random import Random

from config.demo.files import table
from config.demo.world import KEY, World
from knowledge.models import ArticlePage
from search.curation import pin_create
from search.log import LoggedSearch, Opened, searches_import
from search.synonyms import synonyms_create

DAYS = 60


def load_searches(world: World) -> int:
    """Every row of `content/searches.toml`."""
    rows = table("searches")
    logged = [search for row in rows["search"] for search in _searches(world, row)]
    searches_import(sorted(logged, key=lambda search: search.at))
    for row in rows["synonym"]:
        synonyms_create(viewer=world.viewer(row["by"]), rule=row["rule"])
    for row in rows["pin"]:
        kind, object_id = _thing(world, row["to"])
        pin_create(viewer=world.viewer(row["by"]), text=row["text"], kind=kind, object_id=object_id)
    return sum(map(len, rows.values()))


def _searches(world: World, row: dict) -> Iterator[LoggedSearch]:
    """So many searches of one text, each at a time of its own: more of them lately, as of a community that grows."""
    dice = world.dice(row["text"])
    people = cycle([*row["by"], None, None])
    thing = _thing(world, row["opens"]) if row["opened"] else None
    for number in range(row["searches"]):
        at = world.now - timedelta(days=DAYS) * dice.random() ** 1.5 - timedelta(minutes=5)
        person = next(people)
        place = row["opened"][number] if number < len(row["opened"]) else None
        yield LoggedSearch(
            text=row["text"], at=at, count=row["found"], took_ms=_took(dice),
            user_id=world.people[person].pk if person else None,
            opened=Opened(*thing, rank=place, at=at + timedelta(seconds=4 + 30 * dice.random()))
            if thing and place
            else None,
        )


def _took(dice: Random) -> int:
    return 12 + int(60 * dice.random() ** 3)


def _thing(world: World, where: str) -> tuple[str, int]:
    kind, key = where.split(":")
    if kind == "topic":
        return kind, world.topics[key].pk
    return kind, ArticlePage.objects.get(imported_from=f"{KEY}{key}").pk
