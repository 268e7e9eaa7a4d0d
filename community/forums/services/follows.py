"""Following a topic, and how far someone has read it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.viewer import Viewer
from community.forums import policies
from community.forums.models import Topic, TopicFollow, TopicRead


@transaction.atomic
def topic_follow(*, viewer: Viewer, topic: Topic, on: bool) -> None:
    """Hear of new posts, or clearly not: an unfollow is remembered, so that replying does not follow again."""
    if not viewer.is_signed_in or not policies.can_see_topic(viewer, topic):
        raise NotAllowed(_("Sign in to follow topics."))

    TopicFollow.objects.update_or_create(topic=topic, user_id=viewer.user_id, defaults={"is_muted": not on})


def follow_automatically(*, topic: Topic, user_id: int | None) -> None:
    """Whoever starts or answers a topic follows it, unless they said no before."""
    if user_id is not None:
        TopicFollow.objects.bulk_create([TopicFollow(topic=topic, user_id=user_id)], ignore_conflicts=True)


def topic_mark_read(*, viewer: Viewer, topic: Topic, number: int) -> None:
    """Remember the highest post number read; it never goes back. A topic that was loaded with its mark is not asked."""
    if viewer.user_id is None:
        return
    number = min(number, topic.last_post_number)
    marked = TopicRead.objects.filter(topic=topic, user_id=viewer.user_id)
    if "read_to" in topic.__dict__:
        read = topic.read_to
    else:
        read = marked.values_list("last_post_number", flat=True).first()
    if read is None:
        mark = TopicRead(topic=topic, user_id=viewer.user_id, last_post_number=number)
        TopicRead.objects.bulk_create([mark], ignore_conflicts=True)
    elif read < number:
        marked.filter(last_post_number__lt=number).update(last_post_number=number, read_at=timezone.now())
