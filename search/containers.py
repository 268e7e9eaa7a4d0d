"""Containers in containers: whoever chooses the one above means what is in its parts, too.

Documents name the container that they stand in and nothing above it, so that moving a container indexes nothing anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from accounts.viewer import Viewer
from search.query import SearchQuery


@dataclass(frozen=True, slots=True)
class Part:
    """A container, by its slug, and the one that it is part of."""

    slug: str
    above: str
    above_name: str


Parts = Callable[[Viewer], Iterable[Part]]
_sources: list[Parts] = []


def register_parts(parts: Parts) -> None:
    """Add a source of parts: all that this viewer may read. Call it in `AppConfig.ready()`."""
    if parts not in _sources:
        _sources.append(parts)


def parts_for(viewer: Viewer) -> list[Part]:
    return [part for source in _sources for part in source(viewer)]


def widened(query: SearchQuery, parts: Iterable[Part]) -> SearchQuery:
    """The query with the parts of every container that it names."""
    if not query.spaces:
        return query
    named = {slug.lower() for slug in query.spaces}
    more = [part.slug for part in parts if part.above.lower() in named and part.slug.lower() not in named]
    return replace(query, spaces=(*query.spaces, *more)) if more else query


def folded(
    counts: dict[str, int], names: dict[str, str], parts: Iterable[Part]
) -> tuple[dict[str, int], dict[str, str]]:
    """The counts of containers with what their parts hold, and the names of all that are counted then."""
    own, counts, names = counts, dict(counts), dict(names)
    for part in parts:
        if held := own.get(part.slug, 0):
            counts[part.above] = counts.get(part.above, 0) + held
            names.setdefault(part.above, part.above_name)
    return counts, names
