"""Wiki pages as places where files stand: who reads the page may have its pictures and attachments."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.uploads.places import Place
from accounts.viewer import Viewer
from knowledge.models import WikiPage
from knowledge.querysets import ContentQuerySet


class WikiPlace(Place):
    name = "wiki"

    def every(self) -> ContentQuerySet:
        return WikiPage.objects.all()

    def rows(self, viewer: Viewer) -> ContentQuerySet:
        return WikiPage.objects.visible_to(viewer)

    def audiences(self, ids: Iterable[int]) -> dict[int, frozenset[str]]:
        pages = WikiPage.objects.filter(pk__in=list(ids), live=True).with_section_id()
        return {pk: frozenset({f"section:{section}"}) for pk, section in pages.values_list("pk", "section_id")}
