"""searches.jsonl: the searches that people saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from accounts.viewer import viewer_for
from config.archive.fields import Row
from config.archive.importer import Importer, Item, Stored
from config.archive.parts.base import Ground, Part, Reach, Rows, Scope
from config.archive.problem import RowProblem
from search.fingerprint import MOST_QUERY
from search.models import SavedSearch
from search.saved import parsed, saved_search_create, saved_search_tell

_CHUNK = 500


@dataclass(slots=True)
class SearchItem(Item):
    by: str = ""
    name: str = ""
    query: str = ""
    is_telling: bool = True


class SearchPart(Part):
    name = "searches"
    reach = Reach.PRIVATE

    def rows(self, scope: Scope) -> Rows:
        for row in SavedSearch.objects.select_related("user").order_by("pk").iterator(chunk_size=_CHUNK):
            yield {
                "id": str(row.pk), "by": row.user.username, "name": row.name, "query": row.query,
                "is_quiet": not row.is_telling,
            }  # fmt: skip

    def importer(self, ground: Ground) -> SearchImporter:
        return SearchImporter(ground)


class SearchImporter(Importer):
    name = kind = SearchPart.name

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground.settings, ground.report)
        self.authors = ground.authors

    def prepare(self, row: Row) -> SearchItem:
        return SearchItem(
            source_id=row.key("id"), by=row.text("by", limit=150), name=row.text("name", limit=80, required=False),
            query=row.text("query", limit=MOST_QUERY), is_telling=not row.flag("is_quiet"),
        )  # fmt: skip

    def check(self, item: Any) -> None:
        parsed(item.query)

    def before_batch(self, items: Sequence[Item]) -> None:
        self.authors.load((item.by, None) for item in items if isinstance(item, SearchItem))

    def forget(self) -> None:
        self.authors.forget()

    def store(self, item: Any) -> Stored:
        user = User.objects.filter(pk=self.authors.id_of(item.by)).first()
        if user is None:
            raise RowProblem("by", "names nobody")
        viewer = viewer_for(user)
        saved = saved_search_create(viewer=viewer, query=item.query, name=item.name)
        if not item.is_telling:
            saved_search_tell(viewer=viewer, saved=saved, on=False)
        return Stored(saved.pk, "new")
