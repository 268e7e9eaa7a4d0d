"""muted.jsonl: the spaces and tags that people mute. It is theirs alone, so only `--private` has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from community.forums.models import Mute
from community.forums.services import MuteRow, mutes_import
from config.archive.fields import Row
from config.archive.parts.base import Ground, Part, Reach, Rows, Scope
from config.archive.parts.placed import PlacedImporter, PlacedItem
from config.archive.problem import RowProblem

_CHUNK = 500


@dataclass(slots=True)
class MuteItem(PlacedItem):
    tag: str = ""


class MutedPart(Part):
    name = "muted"
    reach = Reach.PRIVATE

    def rows(self, scope: Scope) -> Rows:
        for row in Mute.objects.select_related("user", "space", "tag").order_by("pk").iterator(chunk_size=_CHUNK):
            what = {"space": row.space.slug} if row.space else {"tag": row.tag.name}
            yield {"id": str(row.pk), "by": row.user.username, **what, "at": row.created_at.isoformat()}

    def importer(self, ground: Ground) -> MutedImporter:
        return MutedImporter(ground)


class MutedImporter(PlacedImporter):
    name = kind = MutedPart.name

    def prepare(self, row: Row) -> MuteItem:
        item = MuteItem(
            source_id=row.key("id"), by=row.text("by", limit=150), space=row.text("space", limit=100, required=False),
            tag=row.text("tag", limit=40, required=False).lower(), at=row.moment("at"),
        )  # fmt: skip
        if bool(item.space) == bool(item.tag):
            raise RowProblem("space", "must name a space or a tag, and not both")
        return item

    def write(self, rows: Sequence[tuple[Any, int, int | None]]) -> None:
        now = timezone.now()
        mutes_import(rows=[MuteRow(person, item.at or now, space, item.tag) for item, person, space in rows])
