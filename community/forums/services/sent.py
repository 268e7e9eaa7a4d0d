"""What one person sends twice with one key is one thing, however close together it comes."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.prepared import asked
from accounts.viewer import Viewer
from community.forums.models import Post
from community.forums.policies import can_see_post


def sent_before(viewer: Viewer, key: str) -> Post | None:
    """The post that this person sent with this key, or None. Part of a service, in its transaction.

    Until that transaction ends, the person's other sends with a key wait here: two at once cannot both be first.
    Raises NotAllowed for what its author may not read any more, so that a key does not tell where it went.
    """
    if not key or viewer.user_id is None:
        return None
    # Rows that refer to the person may still be written meanwhile, by anyone: only senders meet at this lock.
    asked("forums.sender", _sender, viewer)
    sent: list[Post] = asked("forums.sent", _sent, viewer, key=key[:64])
    post = sent[0] if sent else None
    if post is not None and not can_see_post(viewer, post):
        raise NotAllowed(_("This was sent before, and you cannot read it any more."))
    return post


def _sender(viewer: Viewer) -> QuerySet:
    return User.objects.select_for_update(no_key=True).filter(pk=viewer.user_id).values_list("pk")


def _sent(viewer: Viewer, key: str) -> QuerySet:
    return Post.objects.filter(author_id=viewer.user_id, idempotency_key=key).select_related("topic").order_by()[:1]
