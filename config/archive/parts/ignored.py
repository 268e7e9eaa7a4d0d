"""ignored.jsonl: whom people mute or ignore. It is theirs alone, so only `--private` has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.ignoring.models import Ignore, Level
from accounts.ignoring.services import IgnoreRow, ignores_import
from config.archive.fields import Row
from config.archive.importer import Importer, Item, Stored
from config.archive.parts.base import Ground, Part, Reach, Rows, Scope
from config.archive.problem import RowProblem

_CHUNK = 500


@dataclass(slots=True)
class IgnoreItem(Item):
    by: str = ""
    person: str = ""
    level: str = ""
    until: datetime | None = None
    at: datetime | None = None


class IgnoredPart(Part):
    name = "ignored"
    reach = Reach.PRIVATE

    def rows(self, scope: Scope) -> Rows:
        for row in Ignore.objects.select_related("owner", "person").order_by("pk").iterator(chunk_size=_CHUNK):
            yield {
                "id": str(row.pk), "by": row.owner.username, "person": row.person.username, "level": row.level,
                "until": row.until.isoformat() if row.until else None, "at": row.created_at.isoformat(),
            }  # fmt: skip

    def importer(self, ground: Ground) -> IgnoredImporter:
        return IgnoredImporter(ground)


class IgnoredImporter(Importer):
    name = kind = IgnoredPart.name
    is_written_before = True

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground.settings, ground.report)
        self.authors = ground.authors

    def prepare(self, row: Row) -> IgnoreItem:
        return IgnoreItem(
            source_id=row.key("id"), by=row.text("by", limit=150), person=row.text("person", limit=150),
            level=row.choice("level", tuple(Level.values), Level.MUTED), until=row.moment("until", is_to_come=True),
            at=row.moment("at"),
        )  # fmt: skip

    def check(self, item: Any) -> None:
        """Nothing but names and times."""

    def before_batch(self, items: Sequence[Item]) -> None:
        people = [item for item in items if isinstance(item, IgnoreItem)]
        self.authors.load((name, None) for item in people for name in (item.by, item.person))
        if self.settings.is_dry:
            return
        id_of, now = self.authors.id_of, timezone.now()
        ignores_import(rows=[
            IgnoreRow(owner, person, item.level, item.until, item.at or now)
            for item in people if (owner := id_of(item.by)) and (person := id_of(item.person))
        ])  # fmt: skip

    def forget(self) -> None:
        self.authors.forget()

    def store(self, item: Any) -> Stored:
        owner = self.authors.id_of(item.by)
        if owner is None or item.by == item.person:
            raise RowProblem("person", "must be somebody else")
        return Stored(owner, "new")
