"""What drafts of the forums belong to: a new topic in a space, a reply in a topic, the edit of a post."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.drafts.contexts import Spot, register_context
from accounts.viewer import Viewer
from community.forums.models import Post, Topic
from community.spaces.models import Space


def new_topics(viewer: Viewer, ids: Iterable[int]) -> dict[int, Spot]:
    spaces = Space.objects.visible_to(viewer).open().filter(pk__in=list(ids))
    return {
        space.pk: Spot(_("New topic in %s") % space.name, reverse("forums:topic-create", args=[space.slug]))
        for space in spaces
    }


def replies(viewer: Viewer, ids: Iterable[int]) -> dict[int, Spot]:
    topics = Topic.objects.visible_to(viewer).filter(pk__in=list(ids)).only("title", "slug")
    return {topic.pk: Spot(_("Reply in “%s”") % topic.title, f"{topic.get_absolute_url()}#reply") for topic in topics}


def edits(viewer: Viewer, ids: Iterable[int]) -> dict[int, Spot]:
    posts = Post.objects.visible_to(viewer).filter(pk__in=list(ids)).select_related("topic").defer("body", "html")
    return {
        post.pk: Spot(_("Edit in “%s”") % post.topic.title, reverse("forums:post-edit", args=[post.pk]))
        for post in posts
    }


def register_all() -> None:
    for word, resolver in (("topic", new_topics), ("reply", replies), ("post", edits)):
        register_context(word, resolver)
