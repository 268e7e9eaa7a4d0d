"""What drafts belong to: each room registers its words, and says of ids what they are called and where one goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from accounts.viewer import Viewer

_CONTEXT: Final = re.compile(r"([a-z]{1,20})-(\d{1,18})\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a text would stand, in words, and the page on which one goes on."""

    label: str
    url: str


Resolver = Callable[[Viewer, Iterable[int]], dict[int, Spot]]
_resolvers: dict[str, Resolver] = {}


def register_context(word: str, resolver: Resolver) -> None:
    """`resolver(viewer, ids)` gives the spots of those ids that this viewer may see and write to, in a query or two."""
    _resolvers[word] = resolver


def parts_of(context: str) -> tuple[str, int] | None:
    """`("reply", 12)` of `reply-12`; None for what no room registers."""
    match = _CONTEXT.match(context)
    return (match[1], int(match[2])) if match and match[1] in _resolvers else None


def spots(viewer: Viewer, contexts: Iterable[str]) -> dict[str, Spot]:
    """The spots of these contexts, without those that the viewer may not see any more."""
    ids: dict[str, set[int]] = {}
    for context in contexts:
        if parts := parts_of(context):
            ids.setdefault(parts[0], set()).add(parts[1])
    return {
        f"{word}-{pk}": spot for word, found in ids.items() for pk, spot in _resolvers[word](viewer, found).items()
    }
