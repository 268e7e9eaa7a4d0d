"""Who may change a post besides its author: everybody who is known, or staff alone."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.viewer import Viewer
from community.forums import policies
from community.forums.models import Post


@transaction.atomic
def post_set_wiki(*, viewer: Viewer, post: Post, on: bool) -> Post:
    """Let everybody of trust level 1 and above change a post, for as long as its topic is open; or end that.

    Raises NotAllowed but for its author, while they may change it themselves, and its moderators.
    """
    if not policies.can_set_wiki(viewer, post):
        raise NotAllowed(_("Only the author and moderators decide whether others may change this post."))
    return _set(viewer, post, "is_wiki", on, "post.wiki_changed")


@transaction.atomic
def post_set_locked(*, viewer: Viewer, post: Post, on: bool) -> Post:
    """Keep a post as it is: only staff change it until it is unlocked. Raises NotAllowed but for its moderators."""
    if not policies.can_moderate(viewer, post.topic):
        raise NotAllowed(_("Only moderators lock posts."))
    return _set(viewer, post, "is_locked", on, "post.lock_changed")


def _set(viewer: Viewer, post: Post, field: str, on: bool, event: str) -> Post:
    locked = Post.objects.select_for_update().get(pk=post.pk)
    if getattr(locked, field) == on:
        return locked

    setattr(locked, field, on)
    locked.save(update_fields=[field])

    data = {"topic": locked.topic_id, "number": locked.number, "on": on}
    events.record(event, actor=viewer, target=locked, data=data)
    return locked
