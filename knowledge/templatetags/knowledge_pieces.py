"""What pages say of the language of articles and wiki pages."""

from __future__ import annotations

from django import template

from knowledge.models import ArticlePage, SectionPage, WikiPage
from knowledge.tongues import title_tongue, told_of
from search.templatetags.search_pieces import lang

register = template.Library()


@register.filter
def titled(page: ArticlePage | WikiPage) -> str:
    """As `titled_in`, in a list over sections (`ContentQuerySet.with_section_language`)."""
    return lang(told_of(page, page.section_language))  # type: ignore[union-attr]


@register.filter
def titled_in(page: ArticlePage | WikiPage, section: SectionPage) -> str:
    """` lang="de"` for a title in a language that is not the page's; else nothing."""
    return lang(title_tongue(page, section))
