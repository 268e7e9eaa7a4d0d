"""Hits and facets as pieces that are rendered once for each shape (`accounts.fragments`)."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.templatetags.threadwell import kept_piece
from search import languages, shown
from search.results import Facet, Result

register = template.Library()


@register.filter
def lang(code: str) -> str:
    """` lang="de"` for a text in a language that is not the page's; else nothing."""
    other = languages.beside_page(code)
    return format_html(' lang="{}"', other) if other else ""


@register.filter
def told_in(text: str, place: str) -> str:
    """` lang="de"` for a name or title that stands in a place of that language, where it is in another than the page;
    else nothing."""
    return lang(languages.told(text, place=place))


@register.simple_tag(takes_context=True)
def hit_piece(context: template.Context, result: Result) -> SafeString:
    """A line of the page of results, with what staff may do with it."""
    hit = shown.hit(
        result, pings=context.get("click_root", ""), kept=context.get("kept", ""), query=context["query"],
        can_curate=bool(context.get("can_curate")),
    )  # fmt: skip
    return kept_piece(context, "search/_hit.html", {"hit": hit})


@register.simple_tag(takes_context=True)
def facet_piece(context: template.Context, facet: Facet) -> SafeString:
    """The choices of one facet."""
    found = shown.facet(facet, context["request"].GET, context["query"])
    return kept_piece(context, "search/_facet.html", {"facet": found})
