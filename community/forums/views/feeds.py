"""Topics as Atom feeds: all, of a space, of a tag, of a person; what whoever asks may see (readers ask as nobody)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from accounts.feeds import PersonalFeed
from accounts.models import User
from accounts.text import excerpt
from community.forums import selectors
from community.forums.models import Topic
from community.spaces.models import Space


@dataclass(frozen=True, slots=True)
class Found:
    """What one feed is made of; `address` is the page that it feeds from."""

    name: str
    address: str
    topics: list[Topic]


class TopicFeed(PersonalFeed):
    """The newest topics. Addresses come from SITE_URL, never from the request."""

    def get_object(self, request: HttpRequest) -> Found:  # type: ignore[override]
        return Found(_("Discussions"), "/topics/", selectors.newest(request.viewer))

    def title(self, obj: Found) -> str:
        return f"{obj.name} · {settings.SITE_NAME}"

    def link(self, obj: Found) -> str:
        return settings.SITE_URL + obj.address

    def feed_url(self, obj: Found) -> str:
        return f"{settings.SITE_URL}{obj.address}feed/"

    def items(self, obj: Found) -> list[Topic]:
        return obj.topics

    def item_title(self, item: Topic) -> str:
        return item.title

    def item_description(self, item: Topic) -> str:
        return excerpt(item.said[0].html, 300) if item.said else ""

    def item_link(self, item: Topic) -> str:
        return settings.SITE_URL + item.get_absolute_url()

    def item_author_name(self, item: Topic) -> str:
        return str(item.author or _("Someone who left"))

    def item_pubdate(self, item: Topic) -> datetime:
        return item.created_at

    def item_updateddate(self, item: Topic) -> datetime:
        return item.last_posted_at

    def item_categories(self, item: Topic) -> list[str]:
        return [item.space.name, *(tag.name for tag in item.tags.all())]


class SpaceFeed(TopicFeed):
    def get_object(self, request: HttpRequest, slug: str) -> Found:  # type: ignore[override]
        space = get_object_or_404(Space.objects.visible_to(request.viewer).at(slug))
        return Found(space.name, space.get_absolute_url(), selectors.newest(request.viewer, space=space))


class TagFeed(TopicFeed):
    def get_object(self, request: HttpRequest, name: str) -> Found:  # type: ignore[override]
        if not selectors.is_tag_used(request.viewer, name):
            raise Http404
        return Found(f"#{name}", f"/tags/{name}/", selectors.newest(request.viewer, tag=name))


class PersonFeed(TopicFeed):
    def get_object(self, request: HttpRequest, username: str) -> Found:  # type: ignore[override]
        person = get_object_or_404(User, username=username, is_active=True)
        return Found(str(person), person.get_absolute_url(), selectors.newest(request.viewer, author=person))
