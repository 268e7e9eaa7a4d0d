"""Which groups a socket may join. `user.<id>` is joined by the server alone; every other kind is registered."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from accounts.viewer import Viewer

MayJoin = Callable[[Viewer, int], bool]
_GROUP: Final = re.compile(r"([a-z][a-z-]{0,30})\.([1-9][0-9]{0,17})")
_kinds: dict[str, MayJoin] = {}


def register_group(kind: str, may_join: MayJoin) -> None:
    """Let sockets watch `<kind>.<id>` where `may_join(viewer, id)` allows it.

    Asked with a fresh Viewer on joining and, at most every few seconds, again before a hint is delivered.
    """
    _kinds[kind] = may_join


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
