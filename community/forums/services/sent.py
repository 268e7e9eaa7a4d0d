"""What one person sends twice with one key is one thing, however close together it comes."""

from __future__ import annotations

from accounts.models import User
from accounts.viewer import Viewer
from community.forums.models import Post


def sent_before(viewer: Viewer, key: str) -> Post | None:
    """The post that this person sent with this key, or None. Part of a service, in its transaction.

    Until that transaction ends, the person's other sends with a key wait here: two at once cannot both be first.
    """
    if not key or viewer.user_id is None:
        return None
    # Rows that refer to the person may still be written meanwhile, by anyone: only senders meet at this lock.
    list(User.objects.select_for_update(no_key=True).filter(pk=viewer.user_id).values_list("pk"))
    sent = Post.objects.filter(author_id=viewer.user_id, idempotency_key=key[:64])
    return sent.select_related("topic").first()
