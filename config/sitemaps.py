"""What search engines may find: topics, support articles and wiki pages that everybody may read."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet

from accounts.viewer import viewer_for
from community.forums.models import Topic
from knowledge.models import ArticlePage, WikiPage


class _OfTheSite(Sitemap):
    """Addresses come from SITE_URL, never from the request."""

    limit = 10_000

    def get_domain(self, site=None) -> str:
        return urlsplit(settings.SITE_URL).netloc

    def get_protocol(self, protocol=None) -> str:
        return urlsplit(settings.SITE_URL).scheme


class Topics(_OfTheSite):
    def items(self) -> QuerySet:
        topics = Topic.objects.visible_to(viewer_for(None)).published().filter(is_unlisted=False)
        return topics.only("pk", "slug", "title", "last_posted_at").order_by("pk")

    def lastmod(self, item: Topic) -> datetime:
        return item.last_posted_at


class Articles(_OfTheSite):
    def items(self) -> QuerySet:
        return ArticlePage.objects.visible_to(viewer_for(None)).order_by("pk")

    def lastmod(self, item: ArticlePage) -> datetime | None:
        return item.last_published_at


class WikiPages(Articles):
    def items(self) -> QuerySet:
        return WikiPage.objects.visible_to(viewer_for(None)).order_by("pk")


SITEMAPS = {"topics": Topics, "articles": Articles, "wiki": WikiPages}
