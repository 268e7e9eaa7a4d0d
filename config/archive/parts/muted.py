"""muted.jsonl: the spaces and tags that people mute. It is theirs alone, so only `--private` has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from community.forums.models import Mute
from community.forums.services import MuteRow, mutes_import
from config.archive import ids
from config.archive.fields import Row
from config.archive.importer import Importer, Item, Stored
from config.archive.parts.base import Ground, Part, Reach, Rows, Scope
from config.archive.problem import RowProblem
from config.archive.spaces import KIND as SPACE

_CHUNK = 500


@dataclass(slots=True)
class MuteItem(Item):
    by: str = ""
    space: str = ""
    tag: str = ""
    at: datetime | None = None


class MutedPart(Part):
    name = "muted"
    reach = Reach.PRIVATE

    def rows(self, scope: Scope) -> Rows:
        for row in Mute.objects.select_related("user", "space", "tag").order_by("pk").iterator(chunk_size=_CHUNK):
            what = {"space": row.space.slug} if row.space else {"tag": row.tag.name}
            yield {"id": str(row.pk), "by": row.user.username, **what, "at": row.created_at.isoformat()}

    def importer(self, ground: Ground) -> MutedImporter:
        return MutedImporter(ground)


class MutedImporter(Importer):
    name = kind = MutedPart.name
    is_written_before = True

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground.settings, ground.report)
        self.authors = ground.authors
        self._spaces: dict[str, int] = {}

    def prepare(self, row: Row) -> MuteItem:
        item = MuteItem(
            source_id=row.key("id"), by=row.text("by", limit=150), space=row.text("space", limit=100, required=False),
            tag=row.text("tag", limit=40, required=False).lower(), at=row.moment("at"),
        )  # fmt: skip
        if bool(item.space) == bool(item.tag):
            raise RowProblem("space", "must name a space or a tag, and not both")
        return item

    def check(self, item: Any) -> None:
        """Nothing but names and times."""

    def before_batch(self, items: Sequence[Item]) -> None:
        mutes = [item for item in items if isinstance(item, MuteItem)]
        self.authors.load((item.by, None) for item in mutes)
        self._spaces = self._spaces_of(mutes)
        if self.settings.is_dry:
            return
        id_of, now = self.authors.id_of, timezone.now()
        mutes_import(rows=[
            MuteRow(by, item.at or now, self._spaces.get(item.space), item.tag)
            for item in mutes if (by := id_of(item.by)) and (item.tag or item.space in self._spaces)
        ])  # fmt: skip

    def _spaces_of(self, items: Sequence[MuteItem]) -> dict[str, int]:
        """Those that came in with this archive."""
        here = ids.known(self.settings.source, SPACE, {item.space for item in items if item.space})
        return {name: row.target_id for name, row in here.items()}

    def forget(self) -> None:
        self.authors.forget()

    def store(self, item: Any) -> Stored:
        owner = self.authors.id_of(item.by)
        if owner is None:
            raise RowProblem("by", "must be somebody")
        if item.space and item.space not in self._spaces:
            raise RowProblem("space", f"names a space that is not here: “{item.space}”")
        return Stored(owner, "new")
