"""What happens elsewhere and matters here: outcomes of reviews are told, changed access reaches open sockets."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.events.models import Event
from accounts.events.registry import subscribe
from accounts.viewer import Viewer
from community.notifications import live, services
from community.notifications.models import Notification

ACCESS_CHANGES = (
    "space.*", "user.role_changed", "user.updated", "topic.moved", "topic.posts_moved", "topic.status_changed",
    "post.status_changed",
)


def register() -> None:
    """Called once, by the room's AppConfig."""
    for pattern in ACCESS_CHANGES:
        subscribe(pattern, access_changed, name=f"notifications.access.{pattern.rstrip('.*')}", when="now")
    live.register_group("review", may_watch_reviews)
    for pattern in ("flag.created", "review.*"):
        subscribe(pattern, queue_changed, name=f"notifications.queue.{pattern.rstrip('.*')}", when="now")
    subscribe("review.decided", review_decided, name="notifications.review-decided")
    subscribe("review.undone", review_undone, name="notifications.review-undone")


def access_changed(event: Event) -> None:
    """Sockets ask again before their next hint, and rows that were hidden are asked again on the next reading."""
    live.publish("access", {"type": "access"})
    if event.name == "space.member_added":
        services.notifications_reveal(user_id=event.data["user"])
    elif event.name.endswith(".status_changed") and "topic" in event.data:
        services.notifications_reveal(thread=f"topic:{event.data['topic']}")


def may_watch_reviews(viewer: Viewer, space_id: int) -> bool:
    """Open queues of a space are watched by those who review there."""
    return f"review:{space_id}" in viewer.tokens


def queue_changed(event: Event) -> None:
    """Open queues learn that something was flagged or decided, and fetch their list again."""
    kind, _colon, pk = event.data.get("container", "").partition(":")
    if kind == "space":
        live.publish(f"review.{pk}", {"type": "review", "item": event.data["item"]})


def review_decided(event: Event) -> None:
    """Every flagger hears the outcome; the author hears of a removal, or that a removed text is back."""
    decision, action = event.data["decision"], event.data["action"]
    if Event.objects.filter(name="review.undone", target_id=event.target_id, data__decision=decision).exists():
        return
    _tell(event, "review.outcome", event.data["flaggers"], {"action": action}, key=f"review:{decision}:outcome")
    if action == "remove":
        reason = {"reason": event.data["reason"]}
        _tell(event, "review.removed", [event.data["author"]], reason, key=f"review:{decision}:removed")
    elif event.data["status_before"] != "published":
        _tell(event, "review.restored", [event.data["author"]], {}, key=f"review:{decision}:restored")


def review_undone(event: Event) -> None:
    """Take back what nobody read yet; an author who read of the removal hears that it is undone."""
    decision = event.data["decision"]
    told = Notification.objects.filter(key=f"review:{decision}:removed").exclude(read_at=None)
    authors = list(told.values_list("user_id", flat=True))
    services.notifications_withdraw(keys=[f"review:{decision}:{what}" for what in ("outcome", "removed", "restored")])
    _tell(event, "review.restored", authors, {}, key=f"review:{decision}:undone")


def _tell(event: Event, kind: str, user_ids: Sequence[int | None], data: dict, *, key: str) -> None:
    # No actor: who decided is for moderators to know.
    services.notify(
        kind=kind, user_ids=[pk for pk in user_ids if pk], actor_id=None,
        target=(event.target_type, event.target_id or 0), data=data, key=key, at=event.created_at,
    )
