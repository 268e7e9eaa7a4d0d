"""articles.jsonl and wiki.jsonl: a page a line, in the section that it names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Page

from accounts.models import User
from accounts.text import LIMITS, clean_line, clean_source, render_markdown
from accounts.viewer import system_viewer
from config.archive import ids, links
from config.archive.content import markdown_of
from config.archive.fields import Row
from config.archive.importer import Importer, Item, Settings, Stored
from config.archive.people import Authors
from config.archive.report import Report
from config.archive.sections import Sections
from knowledge.models import SectionPage
from knowledge.services import article_create, wiki_page_create
from knowledge.tree import KB, WIKI
from search import languages

_NAMELESS: Final = "Imported"


@dataclass(slots=True)
class PageItem(Item):
    section: str = ""
    slug: str = ""
    title: str = ""
    summary: str = ""
    body: str = ""
    author: str = ""
    updated_at: datetime | None = None
    product: str = ""
    tags: str = ""
    language: str = ""


class ArticleImporter(Importer):
    name = "articles"
    kind = "article"
    index = KB

    def __init__(self, settings: Settings, report: Report, authors: Authors) -> None:
        super().__init__(settings, report)
        self.authors = authors
        self.sections = Sections(settings, report, self.index)

    def prepare(self, row: Row) -> PageItem:
        slug = row.text("slug", limit=200, required=not row.has("id")).strip()
        url = row.text("url", limit=2_000, required=False)
        product = row.text("product", limit=80, required=False)
        item = PageItem(
            source_id=row.key("id") if row.has("id") else slug,
            address=next(iter(links.keys_of(url)), ""),
            urls=row.addresses(),
            section=" ".join((row.text("section", limit=80, required=False) or product or _NAMELESS).split()),
            slug=slugify(slug, allow_unicode=True)[:200],
            title=" ".join(row.text("title", limit=LIMITS["title"]).split()),
            body=markdown_of(row, base_url=url),
            author=row.text("author", limit=150, required=False),
            updated_at=row.moment("updated") or row.moment("created"),
            product=product,
            language=languages.near_to(row.text("locale", limit=20, required=False)),
        )
        summary = " ".join(row.text("summary", limit=5_000, required=False).split())
        item.summary = summary if len(summary) <= 300 else summary[:299].rstrip() + "…"
        if item.summary != summary:
            item.notes.append(("summary", "is longer than 300 characters and was cut"))
        item.tags = self._tags(row.words("topics") + row.words("tags"))
        return item

    @staticmethod
    def _tags(words: list[str]) -> str:
        kept: list[str] = []
        for word in dict.fromkeys(re.sub(r"[,\s]+", " ", word).strip().lower() for word in words):
            if word and len(", ".join([*kept, word])) <= 400:
                kept.append(word)
        return ", ".join(kept)

    def check(self, item: Item) -> None:
        assert isinstance(item, PageItem)  # noqa: S101 (what prepare made)
        clean_line(item.title)
        clean_line(item.summary, field="summary", limit=300, required=False)
        render_markdown(clean_source(item.body, limit=LIMITS["article"]))

    def before_batch(self, items: Sequence[Item]) -> None:
        pages = [item for item in items if isinstance(item, PageItem)]
        self.authors.load((item.author, item.updated_at) for item in pages)
        self.sections.load(item.section for item in pages)

    def forget(self) -> None:
        self.authors.forget()
        self.sections.forget()

    def store(self, item: Item) -> Stored:
        assert isinstance(item, PageItem)  # noqa: S101 (what prepare made)
        section = self.sections.section_of(item.section)
        slug = self._free_slug(section, item.slug or slugify(item.title, allow_unicode=True))
        if item.slug and slug != item.slug:
            item.notes.append(("slug", f"is taken in this section; the page stands at “{slug}”"))
        page_id = self._create(item, section, slug)
        host = item.address.split("/", 1)[0]
        return Stored(page_id, "new", has_links=links.leads_to(item.body, host))

    def _create(self, item: PageItem, section: SectionPage, slug: str) -> int:
        page = article_create(
            viewer=system_viewer(), section=section, title=item.title, body=item.body, summary=item.summary, slug=slug,
            product=item.product, tags=item.tags.split(", ") if item.tags else (), language=item.language,
            author=self._author(item), at=item.updated_at or timezone.now(), imported_from=self._key(item),
        )  # fmt: skip
        return page.pk

    def _author(self, item: PageItem) -> User | None:
        return User.objects.filter(pk=self.authors.id_of(item.author)).first() if item.author else None

    def _key(self, item: PageItem) -> str:
        return ids.source_key(self.settings.source, self.kind, item.source_id)

    @staticmethod
    def _free_slug(section: SectionPage, slug: str) -> str:
        taken = set(Page.objects.child_of(section).filter(slug__startswith=slug).values_list("slug", flat=True))
        number, candidate = 2, slug
        while candidate in taken:
            number, candidate = number + 1, f"{slug}-{number}"
        return candidate


class WikiImporter(ArticleImporter):
    name = "wiki"
    kind = "wiki"
    index = WIKI

    def _create(self, item: PageItem, section: SectionPage, slug: str) -> int:
        page = wiki_page_create(
            viewer=system_viewer(), section=section, title=item.title, body=item.body, slug=slug,
            author=self._author(item), at=item.updated_at or timezone.now(), imported_from=self._key(item),
        )  # fmt: skip
        return page.pk
