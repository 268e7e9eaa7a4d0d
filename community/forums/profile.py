"""What a person's profile shows of their writing, as far as the reader may see it."""

from __future__ import annotations

from accounts.models import User
from accounts.panels import ProfilePanel
from accounts.viewer import Viewer
from community.forums import selectors


def recent_posts(viewer: Viewer, person: User) -> ProfilePanel | None:
    """The latest posts, or nothing for somebody who has not written where this viewer reads."""
    posts = selectors.recent_of_author(viewer, person)
    return ProfilePanel("forums/_profile.html", {"posts": posts}) if posts else None
