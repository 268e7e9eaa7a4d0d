"""The tokens that spaces give: `space:12` to all who may read it, `review:12` to those who moderate it."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.audience import readable_by, tokens_of
from accounts.viewer import TokenRow, Viewer
from community.spaces.models import Space, SpaceMembership


def space_rows(viewer: Viewer) -> QuerySet:
    """The spaces that the viewer may read, each with their role in it."""
    mine = SpaceMembership.objects.filter(space=OuterRef("pk"), user_id=viewer.user_id).values("role")
    none = Value("", output_field=CharField())
    role = Coalesce(Subquery(mine), none) if viewer.is_signed_in else none
    rows = Space.objects.order_by().annotate(role=role)
    return rows.filter(readable_by(viewer, joined=~Q(role=""))).values_list("pk", "role")


def space_tokens(viewer: Viewer, rows: list[TokenRow]) -> Iterator[str]:
    """The viewer's space tokens."""
    yield from tokens_of(viewer, "space", (pk for pk, _role in rows))
    for pk, role in rows:
        if viewer.is_moderator or role == SpaceMembership.Role.REVIEWER:
            yield f"review:{pk}"
            if viewer.is_staff:
                yield f"review:{pk}/staff"
