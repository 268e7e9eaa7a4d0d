"""Keeping a post, and being told of it at a time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.viewer import Viewer
from community.forums import policies
from community.forums.models import Bookmark, Post

MOST_BOOKMARKS: Final = 5_000
FURTHEST: Final = timedelta(days=2 * 365)
A_ROUND: Final = 200


@transaction.atomic
def bookmark_set(*, viewer: Viewer, post: Post, remind_at: datetime | None = None) -> Bookmark:
    """Keep a post; again changes when to be told, None means never.

    Raises NotAllowed for who is not signed in or does not see it, ValidationError({"remind_at": …}), and
    ValidationError({"post": …}) over 5,000 bookmarks.
    """
    if not viewer.is_signed_in or not policies.can_see_post(viewer, post):
        raise NotAllowed(_("Sign in to keep posts."))
    now = timezone.now()
    if remind_at is not None and not now < remind_at <= now + FURTHEST:
        raise ValidationError({"remind_at": _("Choose a time to come, within two years.")})
    mine = Bookmark.objects.filter(user_id=viewer.user_id)
    if mine.count() >= MOST_BOOKMARKS and not mine.filter(post=post).exists():
        raise ValidationError({"post": _("You keep %s posts already. Remove one first.") % MOST_BOOKMARKS})

    # Whose shelf it is on is nobody else's business, so neither this nor the removal is logged.
    bookmark, _is_new = Bookmark.objects.update_or_create(
        user_id=viewer.user_id, post=post, defaults={"remind_at": remind_at}, create_defaults={
            "remind_at": remind_at, "created_at": now,
        },
    )  # fmt: skip
    return bookmark


@transaction.atomic
def bookmark_remove(*, viewer: Viewer, post: Post) -> None:
    """Keep it no longer; where it was not kept, nothing changes."""
    Bookmark.objects.filter(user_id=viewer.user_id or 0, post=post).delete()


@transaction.atomic
def bookmarks_remind(*, at: datetime | None = None) -> int:
    """Tell people of posts that they wanted to be told of by now. A schedule of the worker; returns how many."""
    now = at or timezone.now()
    due = list(
        Bookmark.objects.select_for_update(skip_locked=True).filter(remind_at__lte=now).order_by("remind_at")[:A_ROUND]
    )

    Bookmark.objects.filter(pk__in=[bookmark.pk for bookmark in due]).update(remind_at=None)

    for bookmark in due:
        data = {"user": bookmark.user_id, "bookmark": bookmark.pk}
        events.record("bookmark.due", target=("post", bookmark.post_id), data=data, at=at)
    return len(due)
