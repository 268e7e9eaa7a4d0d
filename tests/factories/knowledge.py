"""Sections, articles and wiki pages, through the services."""

from __future__ import annotations

from itertools import count
from typing import Any

from accounts.viewer import Viewer, system_viewer
from knowledge.models import ArticlePage, SectionPage, WikiPage
from knowledge.services import article_create, section_create, wiki_page_create

_numbers = count(1)


def make_section(title: str = "", *, index: str = "kb", **fields: Any) -> SectionPage:
    """A section of the articles; `index="wiki"` for one of the wiki."""
    return section_create(viewer=system_viewer(), index=index, title=title or f"Section {next(_numbers)}", **fields)


def make_article(section: SectionPage | None = None, *, viewer: Viewer | None = None, **fields: Any) -> ArticlePage:
    """A published article."""
    fields = {"title": f"Article {next(_numbers)}", "body": "Turn it off and on.", "summary": "How to.", **fields}
    return article_create(viewer=viewer or system_viewer(), section=section or make_section(), **fields)


def make_wiki_page(section: SectionPage | None = None, *, viewer: Viewer | None = None, **fields: Any) -> WikiPage:
    """A wiki page in its first version."""
    fields = {"title": f"Wiki page {next(_numbers)}", "body": "What we know.", **fields}
    return wiki_page_create(viewer=viewer or system_viewer(), section=section or make_section(index="wiki"), **fields)
