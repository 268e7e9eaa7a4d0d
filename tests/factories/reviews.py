"""Flags and review items."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from community.forums.models import Post
from community.moderation.models import Flag, ReviewItem
from community.moderation.services import flag_create
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer


def make_flag(post: Post | None = None, *, by: User | None = None, reason: str = "spam", **fields: Any) -> Flag:
    """A flag on a reply that somebody else wrote."""
    post = post or make_reply(make_topic())
    return flag_create(viewer=viewer(by or make_user()), target=("post", post.pk), reason=reason, **fields)


def make_review(post: Post | None = None, **fields: Any) -> ReviewItem:
    """An open item with one flag."""
    return make_flag(post, **fields).item
