"""Which groups a socket may join. `user.<id>` is joined by the server alone; every other kind is registered."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from accounts.viewer import Viewer

MayJoin = Callable[[Viewer, int], bool]
Newest = Callable[[int], int]
_GROUP: Final = re.compile(r"([a-z][a-z-]{0,30})\.([1-9][0-9]{0,17})")
_kinds: dict[str, MayJoin] = {}
_newest: dict[str, Newest] = {}


def register_group(kind: str, may_join: MayJoin, newest: Newest | None = None) -> None:
    """Let sockets watch `<kind>.<id>` where `may_join(viewer, id)` allows it.

    Asked with a fresh Viewer on joining and, at most every few seconds, again before a hint is delivered. `newest(id)`
    is the last number of what comes in it, as far as all who may join see it: a page that has less is told.
    """
    _kinds[kind] = may_join
    if newest is not None:
        _newest[kind] = newest


def newest_in(group: str) -> int:
    """The last number of what came in a group that may be watched; 0 where nothing is numbered."""
    kind, _dot, pk = group.partition(".")
    return _newest[kind](int(pk)) if kind in _newest else 0


def may_watch(viewer: Viewer, group: str) -> bool:
    """Whether the viewer may listen to a group; a malformed or unknown name is a no."""
    match = _GROUP.fullmatch(group)
    if match is None:
        return False
    kind, pk = match[1], int(match[2])
    if kind == "user":
        return viewer.user_id == pk
    may_join = _kinds.get(kind)
    return may_join is not None and may_join(viewer, pk)
