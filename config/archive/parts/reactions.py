"""reactions.jsonl: what people feel about a post, a row a post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError

from community.forums.models import Post, PostReaction
from community.forums.services.archive_hung import ReactionRow, clean_reaction, reactions_import
from config.archive.fields import Row
from config.archive.parts.base import Ground, Part, Rows, Scope
from config.archive.parts.hung import HungImporter, HungItem, Names, spot_of
from config.archive.problem import problem_from

_CHUNK = 500


@dataclass(slots=True)
class ReactionItem(HungItem):
    reactions: list[tuple[str, str, datetime | None]] = field(default_factory=list)  # name, by, at

    def people(self) -> Names:
        yield from ((by, at) for _name, by, at in self.reactions)


class ReactionPart(Part):
    name = "reactions"

    def rows(self, scope: Scope) -> Rows:
        every = PostReaction.objects.select_related("post", "user").defer("post__body", "post__html")
        ordered = every.order_by("post_id", "pk").iterator(chunk_size=_CHUNK)
        for post, group in groupby(ordered, key=lambda row: row.post):
            yield {"id": str(post.pk), **spot_of(post), "reactions": [_told(row) for row in group]}

    def importer(self, ground: Ground) -> ReactionImporter:
        return ReactionImporter(ground)


class ReactionImporter(HungImporter):
    name = kind = ReactionPart.name

    def prepare(self, row: Row) -> ReactionItem:
        return ReactionItem(
            source_id=row.key("id"), **self.spot(row), reactions=[_reaction(one) for one in row.rows("reactions")]
        )

    def check(self, item: Any) -> None:
        """Names were checked when the row was read."""

    def write(self, rows: Sequence[tuple[ReactionItem, Post]]) -> None:
        reactions_import(rows=[
            ReactionRow(post, name, user_id, at or post.created_at)
            for item, post in rows for name, by, at in item.reactions
            if (user_id := self.authors.id_of(by)) is not None
        ])  # fmt: skip


def _told(row: PostReaction) -> dict[str, Any]:
    return {"name": row.name, "by": row.user.username, "at": row.created_at.isoformat()}


def _reaction(entry: Row) -> tuple[str, str, datetime | None]:
    try:
        name = clean_reaction(entry.text("name", limit=40))
    except ValidationError as error:
        raise entry.refuse("name", problem_from(error).why) from None
    return name, entry.text("by", limit=150), entry.moment("at")
