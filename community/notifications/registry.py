"""The kinds of message. The room that sends a kind says here how it reads, and to whom it may still be shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from accounts.viewer import Viewer
from community.notifications.models import Notification


@dataclass(frozen=True, slots=True)
class Message:
    """How one row reads: `text` is a whole sentence for the eye (“Mara answered in …”), already translated."""

    text: str
    url: str
    actor_name: str = ""
    excerpt: str = ""
    where: str = ""


Resolve = Callable[[Viewer, list[Notification]], dict[int, Message]]
MaySee = Callable[[Viewer, int], bool]
Readers = Callable[[Collection[int]], MaySee]


@dataclass(frozen=True, slots=True)
class MessageKind:
    kind: str
    icon: str
    resolve: Resolve
    folds: bool
    readers: Readers | None


@dataclass(frozen=True, slots=True)
class Place:
    """What a target is called and where it is, for messages that other rooms' events cause."""

    title: str
    url: str


Locate = Callable[[Viewer, Iterable[int]], dict[int, Place]]
_kinds: dict[str, MessageKind] = {}
_places: dict[str, Locate] = {}


def register_message(
    kind: str, icon: str, resolve: Resolve, *, folds: bool = False, readers: Readers | None = None
) -> None:
    """Add a kind of message, with a lucide icon.

    `resolve(viewer, rows)` re-reads the targets and answers by `row.pk`, only for what this viewer may see now; a row
    left out is not shown. It is asked before a row is written, too, so nobody is told of what they may not see; rows
    may be unsaved then, but have a `pk`. `folds`: an unread row of the same thread is renewed, with a count, instead
    of a second one beside it (`row.count`; `row.data["first"]` is the data of the oldest).

    `readers(ids)` reads targets once and answers with a predicate of a viewer and an id, which says the same as
    `resolve`: it is asked instead before rows are written, so that thousands can be told of one thing.
    """
    _kinds[kind] = MessageKind(kind, icon, resolve, folds, readers)


def message_kind(kind: str) -> MessageKind | None:
    """The registered kind, or None when its room is gone."""
    return _kinds.get(kind)


def register_place(target_type: str, locate: Locate) -> None:
    """Say what targets of a type are called; `locate(viewer, ids)` leaves out what the viewer may not see."""
    _places[target_type] = locate


def places(viewer: Viewer, target_type: str, ids: Iterable[int]) -> dict[int, Place]:
    """The names and addresses of targets, where their room tells and the viewer may see them."""
    locate = _places.get(target_type)
    return locate(viewer, list(ids)) if locate else {}
