"""How a decision about an idea reads in the bell: re-read, and only for those who still see the idea."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.text import excerpt
from accounts.viewer import Viewer
from community.ideas.models import Idea, IdeaStatus, IdeaStatusChange
from community.notifications.models import Notification
from community.notifications.registry import Message, register_message


def status_messages(viewer: Viewer, rows: list[Notification]) -> dict[int, Message]:
    """“Let me mute a room” is now planned. — with the first words of the note."""
    ideas = Idea.objects.visible_to(viewer).select_related("topic__space")
    found = ideas.in_bulk([row.target_id for row in rows])
    changes = IdeaStatusChange.objects.in_bulk([row.data.get("change") for row in rows if row.data.get("change")])
    labels = dict(IdeaStatus.choices)
    told: dict[int, Message] = {}
    for row in rows:
        idea = found.get(row.target_id)
        if idea is None:
            continue
        change = changes.get(row.data.get("change"))
        status = labels.get(row.data.get("after"), idea.get_status_display())
        told[row.pk] = Message(
            text=_("“%(title)s” is now: %(status)s") % {"title": idea.topic.title, "status": status},
            url=idea.get_absolute_url(), excerpt=excerpt(change.html, 160) if change else "",
            where=idea.topic.space.name,
        )
    return told


def register_all() -> None:
    register_message("idea.status", "lightbulb", status_messages)
