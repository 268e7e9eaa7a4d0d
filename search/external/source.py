"""External records in the search: found, filtered and re-authorised like everything else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.events.models import Event
from accounts.viewer import Viewer
from search.external.models import ExternalRecord
from search.external.policies import audience
from search.sources import Card, Document, SearchSource

LEAD = 320


class ExternalRecordSource(SearchSource):
    """`in:<source>` and the filter “Where” narrow to one source."""

    kind = "external"
    label = _("Other site")
    label_plural = _("Other sites")
    icon = "globe"

    def ids(self) -> QuerySet:
        return ExternalRecord.objects.order_by("pk").values_list("pk", flat=True)

    def documents(self, ids: Sequence[int]) -> Iterable[Document]:
        return [
            Document(
                id=row.pk, title=row.title, body=row.body, audience=tuple(audience(row)), container=row.source.slug,
                container_name=row.source.name, language=row.language, created_at=row.created_at,
                updated_at=row.updated_at,
            )
            for row in ExternalRecord.objects.select_related("source").filter(pk__in=ids)
        ]

    def cards(self, ids: Sequence[int], viewer: Viewer) -> dict[int, Card]:
        rows = ExternalRecord.objects.visible_to(viewer).select_related("source").defer("body").filter(pk__in=ids)
        return {row.pk: self._card(row) for row in rows}

    def _card(self, row: ExternalRecord) -> Card:
        return Card(
            kind=self.kind, id=row.pk, title=row.title, url=row.url, where=row.source.name, when=row.updated_at,
            facts=(urlsplit(row.url).hostname or "",), icon=self.icon,
        )

    def affected(self, event: Event) -> Iterable[int]:
        if event.target_type == "externalrecord" and event.target_id:
            return (event.target_id,)
        if event.name in {"external.source_changed", "external.source_removed"}:
            return ExternalRecord.objects.filter(source_id=event.target_id).values_list("pk", flat=True)
        return ()
