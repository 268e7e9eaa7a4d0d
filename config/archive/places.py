"""The old addresses of what is exported, so that the next house leads them on as this one did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from django.conf import settings

from community.forums.models import PostMove, Topic
from config.models import OldAddress

_CHUNK: Final = 200
_LONGEST_CHAIN: Final = 50


def of(kind: str, ids: Sequence[int]) -> dict[int, list[str]]:
    """By id, the addresses where things of a kind stood before."""
    found: dict[int, list[str]] = {}
    for start in range(0, len(ids), _CHUNK):
        lines = OldAddress.objects.filter(kind=kind, target_id__in=ids[start:start + _CHUNK]).order_by("pk")
        for line in lines:
            where = f"https://{line.host}/{line.name}" if line.host else f"/{line.name}"
            found.setdefault(line.target_id, []).append(where)
    return found


def of_posts(ids: Sequence[int]) -> dict[int, list[str]]:
    """The same for posts, and where they stood in this house before they were moved to another topic."""
    found = of(OldAddress.Kind.POST, ids)
    for start in range(0, len(ids), _CHUNK):
        moves = PostMove.objects.filter(post__in=ids[start:start + _CHUNK]).order_by("pk")
        for post, topic, number in moves.values_list("post", "from_topic", "from_number"):
            found.setdefault(post, []).append(f"{settings.SITE_URL}/t/{topic}/{number}")
    return found


def of_topics(ids: Sequence[int]) -> dict[int, list[str]]:
    """The same for topics, and the addresses of those that were merged into them: these have no row of their own.

    They go without the words of their titles, which may have been told to fewer people.
    """
    found = of(OldAddress.Kind.TOPIC, ids)
    into = {pk: pk for pk in ids}
    for _link in range(_LONGEST_CHAIN):
        merged = dict(
            Topic.objects.filter(merged_into__in=into, posts=None).order_by("pk").values_list("pk", "merged_into")
        )
        into = {pk: into[target] for pk, target in merged.items()}
        if not into:
            break
        own = of(OldAddress.Kind.TOPIC, list(into))
        for pk, target in into.items():
            found.setdefault(target, []).extend([f"{settings.SITE_URL}/t/{pk}", *own.get(pk, [])])
    return found


def beside(rows: Iterable[Any], kind: str) -> Iterator[tuple[Any, list[str]]]:
    """Each row with its old addresses, asked for some hundreds at a time."""
    remaining = iter(rows)
    while batch := list(islice(remaining, _CHUNK)):
        ids = [row.pk for row in batch]
        known = of_topics(ids) if kind == OldAddress.Kind.TOPIC else of(kind, ids)
        for row in batch:
            yield row, known.get(row.pk, [])
