"""Reading the support articles."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator

from accounts.viewer import Viewer
from knowledge.models import ArticlePage, ArticleVote, SectionPage, WikiPage
from knowledge.querysets import ContentQuerySet
from knowledge.tree import KB
from search.sources import Card
from search.suggest import related

PER_SECTION = 6
PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Shelf:
    """A section with the first of its pages and how many there are."""

    section: SectionPage
    pages: list
    total: int

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.pages)


def shelves(viewer: Viewer, index: str, pages: ContentQuerySet, *, most: int = PER_SECTION) -> list[Shelf]:
    """Every section of an index that the viewer may read, with its first pages; two queries."""
    sections = list(SectionPage.objects.visible_to(viewer).in_index(index))
    found: dict[str, list] = {}
    for page in pages.visible_to(viewer).for_list().first_of_each_section(most):
        found.setdefault(page.section_path, []).append(page)
    rows = ((section, found.get(section.path, [])) for section in sections)
    return [Shelf(section, first, first[0].section_total if first else 0) for section, first in rows]


def article_shelves(viewer: Viewer) -> list[Shelf]:
    return shelves(viewer, KB, ArticlePage.objects.all())


def most_helpful(viewer: Viewer, *, most: int = 5) -> list[ArticlePage]:
    """The articles that most readers said helped."""
    return list(ArticlePage.objects.visible_to(viewer).for_list().with_section_language().most_helpful()[:most])


def section_at(viewer: Viewer, index: str, slug: str) -> SectionPage | None:
    """The section at an address, when the viewer may read it."""
    return SectionPage.objects.visible_to(viewer).in_index(index).filter(slug=slug).first()


def section_pages(viewer: Viewer, section: SectionPage, pages: ContentQuerySet, number: str | None) -> ListPage:
    """One page of a section's list; any page number is answered with one that exists."""
    rows = pages.visible_to(viewer).in_section(section).for_list()
    return Paginator(rows, PER_PAGE).get_page(number)


def section_of(page: ArticlePage | WikiPage) -> SectionPage:
    return SectionPage.objects.get(path=page.section_path)


def article_at(viewer: Viewer, section: str, slug: str) -> ArticlePage | None:
    """The article at an address, with the people it names, when the viewer may read it."""
    return ArticlePage.objects.visible_to(viewer).at_address(section, slug).for_page().first()


def answer_of(viewer: Viewer, article: ArticlePage, visitor: str) -> bool | None:
    """What this reader answered to “Was this helpful?” before, if anything."""
    votes = ArticleVote.objects.filter(article=article)
    if viewer.is_signed_in:
        votes = votes.filter(user_id=viewer.user_id)
    elif visitor:
        votes = votes.filter(visitor=visitor)
    else:
        return None
    return votes.values_list("is_helpful", flat=True).first()


def related_to(viewer: Viewer, kind: str, page: ArticlePage | WikiPage) -> list[Card]:
    """What the viewer may see that is about the same."""
    return related(viewer, kind=kind, id=page.pk, limit=5)
