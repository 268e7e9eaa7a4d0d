"""The tokens that spaces give: `space:12` to all who may read it, `review:12` to those who moderate it, and
`start:12`, `reply:12`, `tag:12` to those whom a rule of the space names for the act.

A space that is part of another is read by those who may read both: nobody reads a part of what is closed to them.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.audience import readable_by, tokens_of
from accounts.viewer import TokenRow, Viewer
from community.spaces.models import Space, SpaceMembership, SpaceRule


def space_rows(viewer: Viewer) -> QuerySet:
    """The spaces that the viewer may read, each with their role in it."""
    mine = SpaceMembership.objects.filter(space=OuterRef("pk"), user_id=viewer.user_id).values("role")
    none = Value("", output_field=CharField())
    role = Coalesce(Subquery(mine), none) if viewer.is_signed_in else none
    rows = Space.objects.order_by().annotate(role=role).filter(readable_by(viewer, joined=~Q(role="")))
    if not viewer.is_admin:
        rows = rows.filter(Q(parent=None) | Q(parent__in=_readable(viewer)))
    return rows.values_list("pk", "role")


def _readable(viewer: Viewer) -> QuerySet:
    """The ids of the spaces whose own readers include the viewer."""
    joined = Exists(SpaceMembership.objects.filter(space=OuterRef("pk"), user_id=viewer.user_id))
    return Space.objects.order_by().filter(readable_by(viewer, joined=Q(joined))).values("pk")


def space_tokens(viewer: Viewer, rows: list[TokenRow]) -> Iterator[str]:
    """The viewer's space tokens."""
    yield from tokens_of(viewer, "space", (pk for pk, _role in rows))
    for pk, role in rows:
        if viewer.is_moderator or role == SpaceMembership.Role.REVIEWER:
            yield f"review:{pk}"
            if viewer.is_staff:
                yield f"review:{pk}/staff"


def rule_rows(viewer: Viewer) -> QuerySet:
    """The rules that name the viewer, as the space's id and the act."""
    mine = SpaceMembership.objects.filter(space=OuterRef("space"), user_id=viewer.user_id)
    rules = SpaceRule.objects.order_by().filter(readable_by(viewer, joined=Q(Exists(mine))))
    return rules.annotate(number=F("space_id")).values_list("number", "act")


def rule_tokens(viewer: Viewer, rows: list[TokenRow]) -> Iterator[str]:
    """`start:12` and the like. They mean nothing by themselves: `policies.may` asks for the space's own token, too."""
    for pk, act in rows:
        yield f"{act}:{pk}"
