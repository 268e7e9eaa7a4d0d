"""What can be reviewed. Moderation knows its targets by (type, id); the room that owns a type hands in a handler."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from accounts.viewer import Viewer


@dataclass(frozen=True, slots=True)
class ContextPart:
    """A neighbour of the item, for judging it: the post before it, the question above it."""

    label: str
    author_name: str
    html: str


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """A target as the queue shows it. `html` is rendered and sanitised by its room; `status` is what it has now, and
    `language` the code of what the title is in, where the room knows it."""

    title: str
    html: str
    url: str
    author_name: str
    author_id: int | None
    container_name: str
    kind_label: str = ""
    excerpt: str = ""
    status: str = "published"
    created_at: datetime | None = None
    context: tuple[ContextPart, ...] = ()
    language: str = ""


class ReviewHandler(ABC):
    """One a target type; registered in the room's `AppConfig.ready()`."""

    @abstractmethod
    def load(self, ids: Iterable[int], viewer: Viewer) -> dict[int, ReviewCard]:
        """The cards of those targets that this viewer may see, whatever their status; a constant number of queries."""

    @abstractmethod
    def may_flag(self, viewer: Viewer, target_id: int) -> bool:
        """Whether the viewer sees the target and it is there to be flagged (that it is another's is asked here)."""

    @abstractmethod
    def container_token(self, target_id: int) -> str:
        """`space:12`; raises Http404 when the target is gone."""

    @abstractmethod
    def author_id(self, target_id: int) -> int | None:
        """Who wrote it."""

    @abstractmethod
    def apply(self, target_id: int, status: str, actor_id: int | None) -> None:
        """Set the status (published, pending or removed) with all that follows from it; nothing when it has it."""


_handlers: dict[str, ReviewHandler] = {}


def register_handler(target_type: str, handler: ReviewHandler) -> None:
    """Make targets of a type reviewable."""
    _handlers[target_type] = handler


def handler_for(target_type: str) -> ReviewHandler:
    """The handler of a type; raises Http404 for a type that nobody registered."""
    handler = _handlers.get(target_type)
    if handler is None:
        raise Http404(f"No handler for {target_type!r}")
    return handler


def known_types() -> list[str]:
    """The target types that can be flagged."""
    return sorted(_handlers)
