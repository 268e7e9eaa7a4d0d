"""The tokens that spaces give: `space:12` to all who may read it, `review:12` to those who moderate it."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.audience import tokens_for
from accounts.viewer import Viewer
from community.spaces.models import Space, SpaceMembership


def space_tokens(viewer: Viewer) -> Iterator[str]:
    """The viewer's space tokens, by two queries (one for the anonymous)."""
    roles: dict[int, str] = {}
    if viewer.is_signed_in:
        roles = dict(SpaceMembership.objects.filter(user_id=viewer.user_id).values_list("space_id", "role"))
    tokens = tokens_for(viewer, Space.objects.order_by(), "space", joined=roles)
    yield from tokens
    for pk in (int(token[6:]) for token in tokens if token[6:].isdigit()):
        if viewer.is_moderator or roles.get(pk) == SpaceMembership.Role.REVIEWER:
            yield f"review:{pk}"
            if viewer.is_staff:
                yield f"review:{pk}/staff"
