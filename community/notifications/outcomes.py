"""How the outcome of a review reads. Only the words live here; what is called how is told by the target's room."""

from __future__ import annotations

from collections import defaultdict

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.viewer import Viewer
from community.notifications.models import Notification
from community.notifications.registry import Message, Place, places, register_message


def register() -> None:
    """Called once, by the room's AppConfig."""
    register_message("review.outcome", "shield-check", resolve)
    register_message("review.removed", "shield-alert", resolve)
    register_message("review.restored", "undo-2", resolve)


def resolve(viewer: Viewer, rows: list[Notification]) -> dict[int, Message]:
    """They hold no content, so they are always shown; title and link only while the viewer may see the target."""
    ids: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        ids[row.target_type].append(row.target_id)
    found = {kind: places(viewer, kind, its_ids) for kind, its_ids in ids.items()}
    return {row.pk: _message(row, found[row.target_type].get(row.target_id)) for row in rows}


def _message(row: Notification, place: Place | None) -> Message:
    url = place.url if place else reverse("notifications:list")
    return Message(text=_text(row), url=url, where=place.title if place else "")


def _text(row: Notification) -> str:
    is_topic = row.target_type == "topic"
    if row.kind == "review.restored":
        return _("Your topic is back: a moderator looked at it again.") if is_topic else _(
            "Your post is back: a moderator looked at it again."
        )
    if row.kind == "review.removed":
        text = _("Your topic was removed by a moderator: %(reason)s.") if is_topic else _(
            "Your post was removed by a moderator: %(reason)s."
        )
        return text % {"reason": _reason(row.data.get("reason", ""))}
    if row.data.get("action") == "remove":
        return _("Thank you: the topic you flagged was removed.") if is_topic else _(
            "Thank you: the post you flagged was removed."
        )
    return _("Thank you: a moderator looked at the topic you flagged and kept it.") if is_topic else _(
        "Thank you: a moderator looked at the post you flagged and kept it."
    )


def _reason(reason: str) -> str:
    words = {
        "spam": _("it looked like spam"),
        "rude": _("it was rude or hurtful"),
        "off_topic": _("it was off topic"),
        "private_info": _("it showed private information"),
    }
    return words.get(reason, _("it did not follow the community's rules"))
