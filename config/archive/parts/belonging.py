"""memberships.jsonl: who belongs to which space. asked.jsonl: who asks to; why is for its reviewers alone, so only
`--private` has it. Invitations stay behind: a link opens the house that sent it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from community.spaces.models import SpaceMembership, SpaceRequest
from community.spaces.services import MemberRow, RequestRow, memberships_import, requests_import
from config.archive.fields import Row
from config.archive.parts.base import Ground, Part, Reach, Rows, Scope
from config.archive.parts.placed import PlacedImporter, PlacedItem
from config.archive.spaces import OPENED

_CHUNK = 500


@dataclass(slots=True)
class MemberOfItem(PlacedItem):
    role: str = ""


class MembershipPart(Part):
    name = "memberships"
    reach = Reach.WHOLE

    def rows(self, scope: Scope) -> Rows:
        every = SpaceMembership.objects.select_related("user", "space").order_by("pk")
        for row in every.iterator(chunk_size=_CHUNK):
            yield {
                "id": str(row.pk), "by": row.user.username, "space": row.space.slug, "role": row.role,
                "at": row.joined_at.isoformat(),
            }  # fmt: skip

    def importer(self, ground: Ground) -> MembershipImporter:
        return MembershipImporter(ground)


class MembershipImporter(PlacedImporter):
    """A file from elsewhere never lets anybody into a private space that was here before it."""

    name = kind = MembershipPart.name
    spaces_meant = OPENED

    def prepare(self, row: Row) -> MemberOfItem:
        roles = SpaceMembership.Role
        return MemberOfItem(
            source_id=row.key("id"), by=row.text("by", limit=150), space=row.text("space", limit=100),
            role=row.choice("role", tuple(roles.values), roles.MEMBER), at=row.moment("at"),
        )  # fmt: skip

    def write(self, rows: Sequence[tuple[Any, int, int | None]]) -> None:
        now = timezone.now()
        memberships_import(rows=[
            MemberRow(space, person, item.role, item.at or now) for item, person, space in rows if space
        ])  # fmt: skip


@dataclass(slots=True)
class AskedItem(PlacedItem):
    note: str = ""
    declined: datetime | None = None


class AskedPart(Part):
    name = "asked"
    reach = Reach.PRIVATE

    def rows(self, scope: Scope) -> Rows:
        every = SpaceRequest.objects.select_related("user", "space").order_by("pk")
        for row in every.iterator(chunk_size=_CHUNK):
            yield {
                "id": str(row.pk), "by": row.user.username, "space": row.space.slug, "note": row.note,
                "at": row.created_at.isoformat(), "declined": row.declined_at.isoformat() if row.declined_at else None,
            }  # fmt: skip

    def importer(self, ground: Ground) -> AskedImporter:
        return AskedImporter(ground)


class AskedImporter(PlacedImporter):
    name = kind = AskedPart.name

    def prepare(self, row: Row) -> AskedItem:
        return AskedItem(
            source_id=row.key("id"), by=row.text("by", limit=150), space=row.text("space", limit=100),
            note=row.text("note", limit=300, required=False), at=row.moment("at"), declined=row.moment("declined"),
        )  # fmt: skip

    def write(self, rows: Sequence[tuple[Any, int, int | None]]) -> None:
        now = timezone.now()
        requests_import(rows=[
            RequestRow(space, person, item.note, item.at or now, item.declined) for item, person, space in rows if space
        ])  # fmt: skip
