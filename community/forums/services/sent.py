"""What one person sends twice with one key is one thing, however close together it comes."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.models import User
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
    list(User.objects.select_for_update(no_key=True).filter(pk=viewer.user_id).values_list("pk"))
    sent = Post.objects.filter(author_id=viewer.user_id, idempotency_key=key[:64])
    post = sent.select_related("topic").first()
    if post is not None and not can_see_post(viewer, post):
        raise NotAllowed(_("This was sent before, and you cannot read it any more."))
    return post
