"""oEmbed (https://oembed.com): how other sites show a topic to whose address somebody links there."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve
from django.utils.html import format_html, strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views import View

from accounts.viewer import viewer_for
from community.forums import selectors
from community.forums.models import Topic

WIDTH, HEIGHT, KEPT_SECONDS = 600, 200, 300


class EmbedView(View):
    """`/oembed/?url=`: what everyone may read, whoever asks, because others keep the answer."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.GET.get("format", "json") != "json":
            return HttpResponse(_("Only format=json is spoken here."), status=501, content_type="text/plain")
        topic = self._topic(request.GET.get("url", "")[:2_000])
        who = topic.author
        author = {"author_name": str(who), "author_url": settings.SITE_URL + who.get_absolute_url()} if who else {}
        return JsonResponse({
            "version": "1.0", "type": "rich", "title": topic.title, **author,
            "provider_name": settings.SITE_NAME, "provider_url": settings.SITE_URL, "cache_age": KEPT_SECONDS,
            "html": self._html(topic), "width": WIDTH, "height": HEIGHT,
        })  # fmt: skip

    @staticmethod
    def _topic(url: str) -> Topic:
        """Raises ValidationError for an address of another site, Http404 for what not everyone may read."""
        try:
            parts, own = urlsplit(url), urlsplit(settings.SITE_URL)
        except ValueError:
            raise ValidationError({"url": _("This is no address.")}) from None
        if parts.netloc != own.netloc:
            raise ValidationError({"url": _("This must be the address of a topic of this site.")})
        try:
            found = resolve(parts.path)
        except Resolver404:
            raise Http404 from None
        if found.view_name not in {"forums:topic", "forums:topic-detail"}:
            raise Http404
        topic = selectors.topic_for_page(viewer_for(None), found.kwargs["pk"])
        if topic is None:
            raise Http404
        return topic

    @staticmethod
    def _html(topic: Topic) -> str:
        first = topic.posts.filter(number=1).values_list("html", flat=True).first() or ""
        return format_html(
            '<blockquote><p><a href="{}">{}</a></p><p>{}</p></blockquote>',
            settings.SITE_URL + topic.get_absolute_url(), topic.title, Truncator(strip_tags(first)).chars(280),
        )  # fmt: skip
