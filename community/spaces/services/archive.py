"""Bringing in who belongs to spaces and who asks to, as it was elsewhere. Nobody is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from community.spaces.models import SpaceMembership, SpaceRequest


@dataclass(frozen=True, slots=True)
class MemberRow:
    space_id: int
    user_id: int
    role: str
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class RequestRow:
    space_id: int
    user_id: int
    note: str
    created_at: datetime
    declined_at: datetime | None


@transaction.atomic
def memberships_import(*, rows: Sequence[MemberRow]) -> None:
    """Let people belong to spaces as they did; who belongs here already keeps their role.

    Raises ValidationError({"role": …}).
    """
    if not {row.role for row in rows} <= {*SpaceMembership.Role.values}:
        raise ValidationError({"role": _("Choose one of: %s.") % ", ".join(SpaceMembership.Role.values)})
    made = [
        SpaceMembership(space_id=row.space_id, user_id=row.user_id, role=row.role, joined_at=row.joined_at)
        for row in rows
    ]
    SpaceMembership.objects.bulk_create(made, ignore_conflicts=True)


@transaction.atomic
def requests_import(*, rows: Sequence[RequestRow]) -> None:
    """Requests as they were, but those of people who belong already; what is asked here already stays."""
    people = {row.user_id for row in rows}
    belongs = set(SpaceMembership.objects.filter(user__in=people).values_list("space", "user"))
    made = [
        SpaceRequest(space_id=row.space_id, user_id=row.user_id, note=row.note[:300], created_at=row.created_at,
                     declined_at=row.declined_at)
        for row in rows if (row.space_id, row.user_id) not in belongs
    ]  # fmt: skip
    SpaceRequest.objects.bulk_create(made, ignore_conflicts=True)
