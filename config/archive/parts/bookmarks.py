"""bookmarks.jsonl: what people keep. Whose shelf a post is on is nobody else's business, so only `--private` has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from community.forums.models import Bookmark, Post
from community.forums.services.archive_hung import BookmarkRow, bookmarks_import
from config.archive.fields import Row
from config.archive.parts.base import Ground, Part, Reach, Rows, Scope
from config.archive.parts.hung import HungImporter, HungItem, Names, spot_of

_CHUNK = 500


@dataclass(slots=True)
class BookmarkItem(HungItem):
    by: str = ""
    at: datetime | None = None
    remind_at: datetime | None = None

    def people(self) -> Names:
        yield self.by, None


class BookmarkPart(Part):
    name = "bookmarks"
    reach = Reach.PRIVATE

    def rows(self, scope: Scope) -> Rows:
        every = Bookmark.objects.select_related("post", "user").defer("post__body", "post__html").order_by("pk")
        for row in every.iterator(chunk_size=_CHUNK):
            yield {
                "id": str(row.pk), "by": row.user.username, **spot_of(row.post), "at": row.created_at.isoformat(),
                "remind": row.remind_at.isoformat() if row.remind_at else None,
            }  # fmt: skip

    def importer(self, ground: Ground) -> BookmarkImporter:
        return BookmarkImporter(ground)


class BookmarkImporter(HungImporter):
    name = kind = BookmarkPart.name

    def prepare(self, row: Row) -> BookmarkItem:
        return BookmarkItem(
            source_id=row.key("id"), **self.spot(row), by=row.text("by", limit=150), at=row.moment("at"),
            remind_at=row.moment("remind", is_to_come=True),
        )  # fmt: skip

    def check(self, item: Any) -> None:
        """Nothing but names and times."""

    def write(self, rows: Sequence[tuple[BookmarkItem, Post]]) -> None:
        bookmarks_import(rows=[
            BookmarkRow(post, user_id, item.at or post.created_at, item.remind_at)
            for item, post in rows if (user_id := self.authors.id_of(item.by)) is not None
        ])  # fmt: skip
