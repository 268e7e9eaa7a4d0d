"""What a hit and a facet show, as plain values: their pieces are rendered once for each shape (`accounts.shapes`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import intcomma
from django.http import QueryDict
from django.urls import reverse
from django.utils.text import slugify

from accounts.shapes import Number, Shaped, Text, Words
from accounts.templatetags.threadwell import when
from search import languages
from search.query import SearchQuery
from search.results import Facet, Result


@dataclass(frozen=True, slots=True)
class Curated(Shaped):
    """What staff may do with a hit: ask why it is there, pin it for what was typed."""

    why_url: Text
    typed: Text
    kind: Text
    pk: Number


@dataclass(frozen=True, slots=True)
class HitShown(Shaped):
    """`title` and `said` are HTML with their matches marked, in the language `lang` where it is not the page's; `ping`
    is told when the hit is opened."""

    url: Text
    ping: Text
    title: Text
    name: Text
    lang: str
    said: Text
    is_best: bool
    is_pinned: bool
    is_official: bool
    icon: str
    label: Text
    state: str
    state_label: Text
    where: Text
    where_url: Text
    author: Text
    author_url: Text
    facts: tuple[Words, ...]
    when: Text
    curated: Curated | None


@dataclass(frozen=True, slots=True)
class ChoiceShown(Shaped):
    """One value of a facet; `slug` is the end of its field's id."""

    value: Text
    slug: Text
    label: Text
    count: Text
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FacetShown(Shaped):
    """`more_url` shows all values; `after` and `before` are the days that bound a span of time."""

    name: str
    label: Text
    is_open: bool
    is_one_of: bool
    has_chosen: bool
    choices: tuple[ChoiceShown, ...]
    more_url: Text
    after: Text
    before: Text


def hit(result: Result, *, pings: str, kept: str, query: SearchQuery, can_curate: bool) -> HitShown:
    """A line of the page. `pings` is how the addresses of pings begin, `kept` is the search as a query string."""
    card = result.card
    curated = None
    if can_curate and query.text:
        why = f"{reverse('search:why', args=[card.kind, card.id])}?{kept}"
        curated = Curated(why, query.text, card.kind, card.id)
    return HitShown(
        url=card.url, ping=f"{pings}{card.kind}/{card.id}/{result.rank}/" if pings else "", title=result.title_html,
        name=card.title, lang=languages.beside_page(result.language or card.language),
        said=result.lead_html if result.is_best else result.excerpt_html, is_best=result.is_best,
        is_pinned=result.is_pinned, is_official=card.is_official, icon=card.icon or "file-text", label=result.label,
        state=card.state, state_label=card.state_label, where=card.where, where_url=card.where_url, author=card.author,
        author_url=card.author_url, facts=tuple(map(Words, card.facts)), when=when(card.when), curated=curated,
    )  # fmt: skip


def facet(found: Facet, address: QueryDict, query: SearchQuery) -> FacetShown:
    """The choices of a facet. `address` is what was asked for."""
    more = ""
    if found.has_more:
        params = address.copy()
        params["more"] = found.name
        params.pop("page", None)
        more = f"?{params.urlencode()}"
    bounds = {name: value for name, value in (("after", query.after), ("before", query.before)) if address.get(name)}
    after, before = (day.isoformat() if (day := bounds.get(name)) else "" for name in ("after", "before"))
    return FacetShown(
        name=found.name, label=found.label, is_open=found.is_open, is_one_of=found.is_one_of,
        has_chosen=found.has_chosen, choices=tuple(_choices(found)), more_url=more, after=after, before=before,
    )  # fmt: skip


def _choices(found: Facet) -> Iterable[ChoiceShown]:
    for choice in found.choices:
        count = str(choice.count) if choice.count < 1_000 else intcomma(choice.count)
        yield ChoiceShown(choice.value, slugify(choice.value), choice.label, count, choice.is_chosen)
