"""A search as an Atom feed: its newest hits, as whoever asks may see them (feed readers ask as nobody)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from accounts.feeds import PersonalFeed
from search import saved, services
from search.results import Result


@dataclass(frozen=True, slots=True)
class Found:
    """What one feed is made of."""

    query: str
    text: str
    items: list[Result]


class SearchFeed(PersonalFeed):
    """`/search/feed/` with the same parameters as the results page. Addresses come from SITE_URL, never the request."""

    def get_object(self, request: HttpRequest) -> Found:  # type: ignore[override]
        query = saved.query_string(request.GET)
        asked = saved.parsed(saved.newest(query))
        if asked.is_empty:
            raise ValidationError({"q": _("Say what to look for: /search/feed/?q=…")})
        return Found(query, asked.text, services.search(request.viewer, asked).items)

    def title(self, obj: Found) -> str:
        return f"{Truncator(obj.text).chars(80) or _('Search')} · {settings.SITE_NAME}"

    def link(self, obj: Found) -> str:
        return f"{settings.SITE_URL}{reverse('search:results')}?{obj.query}"

    def feed_url(self, obj: Found) -> str:
        return f"{settings.SITE_URL}{reverse('search:feed')}?{obj.query}"

    def items(self, obj: Found) -> list[Result]:
        return obj.items

    def item_title(self, item: Result) -> str:
        return item.card.title

    def item_description(self, item: Result) -> str:
        return strip_tags(str(item.excerpt_html))

    def item_link(self, item: Result) -> str:
        url = item.card.url
        return f"{settings.SITE_URL}{url}" if url.startswith("/") else url

    def item_author_name(self, item: Result) -> str:
        return item.card.author

    def item_pubdate(self, item: Result) -> datetime | None:
        return item.created_at

    def item_categories(self, item: Result) -> list[str]:
        return [item.label, *([item.card.where] if item.card.where else [])]
