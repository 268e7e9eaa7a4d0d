"""What people are told by the clock, or because a question waits for them: bookmarks, nudges, missing information."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.events.models import Event
from accounts.viewer import Viewer
from community.forums.messages import resolved
from community.forums.models import Post, Topic
from community.notifications.models import Notification
from community.notifications.registry import Message
from community.notifications.services import notify


def tell_of_info_needed(event: Event) -> None:
    """Subscriber of topic.info_needed: whoever asked."""
    _tell_asker(event, "needs-info", f"needs-info:{event.pk}")


def tell_of_nudge(event: Event) -> None:
    """Subscriber of topic.nudged: whoever asked, unless the question was solved since."""
    _tell_asker(event, "nudge", f"nudge:{event.target_id}")


def tell_of_bookmark(event: Event) -> None:
    """Subscriber of bookmark.due: whoever kept the post, if they may still read it."""
    post = Post.objects.filter(pk=event.target_id).first()
    if post is None:
        return
    notify(
        kind="bookmark", user_ids=[event.data["user"]], actor_id=None, target=post, key=f"bookmark:{event.pk}",
        thread=f"topic:{post.topic_id}", at=event.created_at,
    )  # fmt: skip


def _tell_asker(event: Event, kind: str, key: str) -> None:
    topic = Topic.objects.filter(pk=event.target_id, solution=None).first()
    if topic is None or topic.author_id is None:
        return
    notify(
        kind=kind, user_ids=[topic.author_id], actor_id=event.actor_id, target=topic, key=key,
        thread=f"topic:{topic.pk}", at=event.created_at,
    )  # fmt: skip


def resolve_nudge(viewer: Viewer, rows: list[Notification]) -> dict[int, Message]:
    return _of_questions(viewer, rows, _("Has “%(title)s” been answered? Mark the reply that helped."))


def resolve_bookmark(viewer: Viewer, rows: list[Notification]) -> dict[int, Message]:
    return resolved(
        viewer,
        rows,
        lambda row, name, post: _("You wanted to come back to a post in “%(title)s”") % {"title": post.topic.title},
    )


def resolve_needs_info(viewer: Viewer, rows: list[Notification]) -> dict[int, Message]:
    return _of_questions(viewer, rows, _("Tell more in “%(title)s”, so that somebody can help."))


def _of_questions(viewer: Viewer, rows: list[Notification], wording: str) -> dict[int, Message]:
    topics = Topic.objects.visible_to(viewer).published().filter(pk__in={row.target_id for row in rows})
    found = {topic.pk: topic for topic in topics.select_related("space")}
    return {
        row.pk: Message(
            text=wording % {"title": topic.title}, url=topic.get_absolute_url(), where=topic.space.name
        )
        for row in rows
        if (topic := found.get(row.target_id)) is not None
    }
