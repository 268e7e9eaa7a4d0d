"""Where a person belongs, asked to belong and was invited, in the copy of their data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _

from accounts.takeout.parts import Row, Taker, register_left_out, register_part
from community.spaces.models import Space, SpaceInvitation, SpaceMembership, SpaceRequest


def register_all() -> None:
    register_part(
        "memberships", label=_("Spaces you belong to"), place=50, show=memberships,
        columns=[("spaces.SpaceMembership", "user")],
        rows=lambda taker: SpaceMembership.objects.filter(user=taker.user),
    )  # fmt: skip
    register_part(
        "requests", label=_("Spaces you asked to join"), place=50, show=requests,
        columns=[("spaces.SpaceRequest", "user")], rows=lambda taker: SpaceRequest.objects.filter(user=taker.user),
    )  # fmt: skip
    register_part(
        "invitations", label=_("Invitations to spaces"), place=50, show=invitations,
        columns=[("spaces.SpaceInvitation", "user")],
        rows=lambda taker: SpaceInvitation.objects.filter(user=taker.user).select_related("space"),
    )  # fmt: skip
    register_left_out("spaces.SpaceInvitation", ["invited_by"], "whom somebody invites is the others' address")


def names_of(taker: Taker, ids: Iterable[int]) -> dict[int, str]:
    """What spaces are called, of those that they may read now; one query."""
    found = Space.objects.visible_to(taker.viewer).filter(pk__in=set(ids)).order_by()
    return dict(found.values_list("pk", "name"))


def memberships(taker: Taker, rows: Sequence[SpaceMembership]) -> list[Row]:
    names = names_of(taker, (row.space_id for row in rows))
    return [{"title": names.get(row.space_id), "role": row.role, "since": row.joined_at} for row in rows]


def requests(taker: Taker, rows: Sequence[SpaceRequest]) -> list[Row]:
    names = names_of(taker, (row.space_id for row in rows))
    return [
        {
            "title": names.get(row.space_id), "asked_at": row.created_at, "declined_at": row.declined_at,
            "text": row.note,
        }
        for row in rows
    ]  # fmt: skip


def invitations(taker: Taker, rows: Sequence[SpaceInvitation]) -> list[Row]:
    """One that is open says where to, as its page does."""
    names = names_of(taker, (row.space_id for row in rows))
    opened = set(SpaceInvitation.objects.visible_to(taker.viewer).open().filter(pk__in=[row.pk for row in rows]))
    return [
        {
            "title": row.space.name if row in opened else names.get(row.space_id), "invited_at": row.created_at,
            "ends_at": row.expires_at, "used_at": row.used_at, "declined_at": row.declined_at,
        }
        for row in rows
    ]  # fmt: skip
