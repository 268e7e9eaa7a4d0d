"""Which sections, articles and wiki pages a viewer may see; the page tree is the only truth of where a page stands.

A section always stands at depth 4, so the first 16 characters of a page's tree path name its section: a page that is
moved, copied or imported anywhere takes on the audience of the place at once, with nothing to keep in step.
"""

from __future__ import annotations

from typing import Self

from django.apps import apps
from django.db.models import Count, F, Max, OuterRef, Subquery, Window
from django.db.models.functions import RowNumber, Substr
from wagtail.models import Page
from wagtail.query import PageQuerySet

from accounts.viewer import Viewer
from knowledge.tree import KB, SECTION_PATH_LENGTH, WIKI, url_path_of

SECTION_PATH = Substr("path", 1, SECTION_PATH_LENGTH)


class SectionQuerySet(PageQuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """The row filter: the section's own token is among the viewer's (only published sections give one)."""
        return self.filter(pk__in=viewer.ids("section"), live=True)

    def in_index(self, index: str) -> Self:
        """Those of "kb" or of "wiki", in the order of the tree."""
        return self.filter(url_path__startswith=url_path_of(index)).order_by("path")


class ContentQuerySet(PageQuerySet):
    """What articles and wiki pages share; a subclass names its `index` and what a list and a page need."""

    index: str

    def for_list(self) -> Self:
        raise NotImplementedError

    def for_page(self) -> Self:
        raise NotImplementedError

    def visible_to(self, viewer: Viewer) -> Self:
        """The row filter; its twins are `policies.can_see` and `policies.audience`."""
        sections = Page.objects.filter(pk__in=viewer.ids("section")).order_by().values("path")
        return self.filter(live=True).with_section_path().filter(section_path__in=sections)

    def with_section_path(self) -> Self:
        return self.annotate(section_path=SECTION_PATH)

    def with_section_id(self) -> Self:
        """Each row's `section_id`, for lists and documents."""
        section = Page.objects.filter(path=OuterRef("section_path")).order_by()
        return self.with_section_path().annotate(section_id=Subquery(section.values("pk")[:1]))

    def with_section_language(self) -> Self:
        """Each row's `section_language`, for lists over sections."""
        language = apps.get_model("knowledge", "SectionPage").objects.filter(path=OuterRef("section_path")).order_by()
        return self.with_section_path().annotate(section_language=Subquery(language.values("language")[:1]))

    def in_section(self, section: Page) -> Self:
        return self.filter(path__startswith=section.path, depth=section.depth + 1).order_by("path")

    def first_of_each_section(self, most: int) -> Self:
        """At most so many of each section, in the order of the tree, each with its `section_total`."""
        ranked = self.annotate(
            section_rank=Window(RowNumber(), partition_by=[SECTION_PATH], order_by="path"),
            section_total=Window(Count("pk"), partition_by=[SECTION_PATH]),
        )
        return ranked.filter(section_rank__lte=most).order_by("path")

    def at_address(self, section: str, slug: str) -> Self:
        return self.filter(slug=slug, url_path=url_path_of(self.index, section, slug))

    def recently_changed(self) -> Self:
        return self.order_by("-last_published_at", "-pk")


class ArticleQuerySet(ContentQuerySet):
    index = KB

    def for_list(self) -> Self:
        """With what a row shows; without the texts."""
        return self.select_related("standing").defer("body", "html")

    def for_page(self) -> Self:
        """With the people that an article names."""
        return self.select_related("owner", "standing__verified_by", "live_revision__user").defer(
            "live_revision__content"
        )

    def most_helpful(self) -> Self:
        return self.filter(standing__helpful_count__gt=0).order_by(
            F("standing__helpful_count").desc(), "standing__unhelpful_count", "path"
        )


class WikiPageQuerySet(ContentQuerySet):
    index = WIKI

    def for_list(self) -> Self:
        """With who wrote last; without the texts."""
        return self.select_related("live_revision__user").defer("body", "html", "live_revision__content")

    def for_page(self) -> Self:
        """With the last editor and the `version` that an edit answers to."""
        rows = self.select_related("owner", "live_revision__user").defer("live_revision__content")
        return rows.annotate(version=Max("edits__number"))
