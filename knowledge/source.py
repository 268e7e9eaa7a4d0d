"""Articles and wiki pages as the search sees them; both carry only the token of their section."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.events.models import Event
from accounts.text import plain_text
from accounts.viewer import Viewer
from knowledge.models import ArticlePage, SectionPage, WikiPage
from knowledge.querysets import ContentQuerySet
from knowledge.tongues import title_tongue, tongue
from search.sources import Card, Document, SearchSource

MOST_TEXT = 60_000


class _PageSource(SearchSource):
    """What both kinds share. A subclass names its model and makes the documents and cards of single pages."""

    model: type[ArticlePage] | type[WikiPage]

    def ids(self) -> QuerySet:
        return self._live().order_by("pk").values_list("pk", flat=True)

    def documents(self, ids: Sequence[int]) -> Iterable[Document]:
        pages = list(self._live().filter(pk__in=ids).for_page())
        sections = _sections(pages)
        return [self.document(page, sections[page.section_path]) for page in pages if page.section_path in sections]

    def cards(self, ids: Sequence[int], viewer: Viewer) -> dict[int, Card]:
        pages = list(self.model.objects.visible_to(viewer).filter(pk__in=ids).for_list().select_related("owner"))
        sections = _sections(pages)
        return {page.pk: self.card(page, sections[page.section_path]) for page in pages}

    def affected(self, event: Event) -> Iterable[int]:
        """The page itself, and every page of a section that was renamed, moved or shown again."""
        if event.target_type == self.kind and event.target_id:
            return [event.target_id]
        if event.target_type == "section" and event.name in {"section.published", "section.moved"}:
            section = SectionPage.objects.filter(pk=event.target_id).first()
            return self.model.objects.in_section(section).values_list("pk", flat=True) if section else []
        return []

    def document(self, page: ArticlePage | WikiPage, section: SectionPage) -> Document:
        raise NotImplementedError

    def card(self, page: ArticlePage | WikiPage, section: SectionPage) -> Card:
        raise NotImplementedError

    def _live(self) -> ContentQuerySet:
        return self.model.objects.filter(live=True).with_section_path()


class ArticleSource(_PageSource):
    kind = "article"
    label = gettext_lazy("Article")
    label_plural = gettext_lazy("Articles")
    icon = "book-text"
    model = ArticlePage

    def document(self, page: ArticlePage, section: SectionPage) -> Document:
        standing = getattr(page, "standing", None)
        return Document(
            id=page.pk, title=page.title, body=plain_text(page.html)[:MOST_TEXT], summary=page.summary,
            audience=(section.token,), tags=tuple(page.tag_list), container=section.slug, container_name=section.title,
            author=page.owner.username if page.owner else "", language=tongue(page, section),
            created_at=page.first_published_at, updated_at=page.last_published_at,
            helpful=standing.helpful_count if standing else 0, is_official=True, keywords=page.product,
            products=(page.product,) if page.product else (),
        )

    def card(self, page: ArticlePage, section: SectionPage) -> Card:
        standing = getattr(page, "standing", None)
        facts = []
        if standing and standing.verified_at:
            facts.append(_("checked %s") % date_format(standing.verified_at, "j M Y"))
        if standing and standing.helpful_count:
            n = standing.helpful_count
            facts.append(ngettext("helped %s person", "helped %s people", n) % n)
        return Card(
            kind=self.kind, id=page.pk, title=page.title, url=page.get_absolute_url(), where=section.title,
            where_url=section.get_absolute_url(), when=page.last_published_at, facts=tuple(facts), icon=self.icon,
            lead=page.summary, is_official=True, language=title_tongue(page, section),
        )


class WikiSource(_PageSource):
    kind = "wiki"
    label = gettext_lazy("Wiki page")
    label_plural = gettext_lazy("Wiki pages")
    icon = "text-align-start"
    model = WikiPage

    def document(self, page: WikiPage, section: SectionPage) -> Document:
        return Document(
            id=page.pk, title=page.title, body=plain_text(page.html)[:MOST_TEXT], audience=(section.token,),
            container=section.slug, container_name=section.title, author=page.owner.username if page.owner else "",
            language=tongue(page, section),
            created_at=page.first_published_at, updated_at=page.last_published_at,
        )

    def card(self, page: WikiPage, section: SectionPage) -> Card:
        writer = page.live_revision.user if page.live_revision else None
        return Card(
            kind=self.kind, id=page.pk, title=page.title, url=page.get_absolute_url(), where=section.title,
            where_url=section.get_absolute_url(), author=str(writer) if writer else "",
            author_url=writer.get_absolute_url() if writer else "", when=page.last_published_at, icon=self.icon,
            language=title_tongue(page, section),
        )


def _sections(pages: Iterable[ArticlePage | WikiPage]) -> dict[str, SectionPage]:
    """The sections of the pages by their tree path; one query."""
    paths = {page.section_path for page in pages}
    return {section.path: section for section in SectionPage.objects.filter(path__in=paths)} if paths else {}
