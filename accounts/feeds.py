"""What every Atom feed of the site shares."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed


class AtomFeed(Atom1Feed):
    """Atom. An empty feed has a time that stays, not the time of asking: a reader sees no change where none is."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else datetime.fromtimestamp(0, tz=UTC)


class PersonalFeed(Feed):
    """A feed of what whoever asks may see (readers ask as nobody): kept by no proxy, listed by no search engine."""

    feed_type = AtomFeed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        response["X-Robots-Tag"] = "noindex"
        return response
