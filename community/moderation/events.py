"""What happens elsewhere and matters to the queue."""

from __future__ import annotations

from accounts.events.models import Event
from accounts.events.registry import subscribe
from community.moderation.services import containers_refresh


def register() -> None:
    """Called once, by the room's AppConfig."""
    subscribe("topic.posts_moved", target_moved, name="moderation.posts-moved")
    subscribe("*.moved", target_moved, name="moderation.target-moved")


def target_moved(event: Event) -> None:
    """Open items follow their targets; until then nobody could decide them, since that is asked of the target."""
    containers_refresh()
