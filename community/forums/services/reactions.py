"""Reacting to a post with an emoji."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.models import User
from accounts.viewer import Viewer
from community.forums import policies
from community.forums.models import Post, PostReaction
from community.forums.reactions import most_a_day, offered, told


@transaction.atomic
def post_react(*, viewer: Viewer, post: Post, name: str, on: bool) -> Post:
    """React to a post with the emoji of this name, or take it back. Twice counts once.

    Raises NotAllowed for one's own post and for what is not published, ValidationError({"name": …}) for an emoji that
    is not offered, and when the day's number is used up (50 in 24 hours, up to 150 for those who are trusted).
    """
    if not policies.can_react(viewer, post):
        raise NotAllowed(_("You cannot react to this post."))
    if on and name not in {one.name for one in offered()}:
        names = ", ".join(one.name for one in offered())
        raise ValidationError({"name": _("This reaction is not offered. Choose one of: %s.") % names})
    if on:
        _check_day(viewer)

    # The row lock makes the reaction and its count one step, so that parallel clicks stay one reaction.
    locked = Post.objects.select_for_update().get(pk=post.pk)
    mine = {"post": locked, "user_id": viewer.user_id, "name": name[:40]}
    if on:
        _row, changed = PostReaction.objects.get_or_create(**mine, defaults={"created_at": timezone.now()})
    else:
        changed = bool(PostReaction.objects.filter(**mine).delete()[0])
    if not changed:
        return locked

    locked.reactions = reactions_now(locked.pk)
    locked.save(update_fields=["reactions"])

    events.record(
        "post.reacted", actor=viewer, target=locked,
        data={
            "topic": locked.topic_id, "number": locked.number, "name": name[:40], "on": on, "author": locked.author_id,
        },
    )  # fmt: skip
    return locked


def reactions_now(post_id: int) -> str:
    """What `Post.reactions` has to say, from the rows."""
    rows = PostReaction.objects.filter(post_id=post_id).order_by().values_list("name")
    return told(rows.annotate(n=Count("pk")))


def _check_day(viewer: Viewer) -> None:
    """The person's row is locked, so that what is sent at once is counted one after the other."""
    User.objects.select_for_update(no_key=True).filter(pk=viewer.user_id).values_list("pk").first()
    since = timezone.now() - timedelta(days=1)
    most = most_a_day(viewer)
    if PostReaction.objects.filter(user_id=viewer.user_id, created_at__gt=since).count() >= most:
        raise ValidationError({"name": _("You reacted %s times within a day. Go on tomorrow.") % most})
