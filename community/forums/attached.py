"""Posts as places where files stand: who reads the post may have its pictures and attachments."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.uploads.places import Place
from accounts.viewer import Viewer
from community.forums.models import Post
from community.forums.policies import post_audience
from community.forums.querysets import PostQuerySet


class PostPlace(Place):
    name = "post"

    def every(self) -> PostQuerySet:
        return Post.objects.all()

    def rows(self, viewer: Viewer) -> PostQuerySet:
        return Post.objects.visible_to(viewer)

    def audiences(self, ids: Iterable[int]) -> dict[int, frozenset[str]]:
        posts = Post.objects.filter(pk__in=list(ids)).select_related("topic").defer("body", "html")
        return {post.pk: post_audience(post) for post in posts}
