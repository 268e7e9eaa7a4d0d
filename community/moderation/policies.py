"""What a viewer may do in the queue."""

from __future__ import annotations

from accounts.viewer import Viewer
from community.moderation.models import ReviewItem
from community.moderation.querysets import review_token, reviewed_containers


def can_review(viewer: Viewer) -> bool:
    """Whether there is a queue for this person at all."""
    return viewer.is_signed_in and bool(reviewed_containers(viewer))


def can_see_item(viewer: Viewer, item: ReviewItem) -> bool:
    """The predicate twin of `ReviewItem.objects.visible_to`."""
    return review_token(item.container) in viewer.tokens


def can_decide(viewer: Viewer, container: str) -> bool:
    """Signed in, and a reviewer of the container that the target is in now."""
    return viewer.is_signed_in and review_token(container) in viewer.tokens
