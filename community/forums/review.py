"""How moderation sees posts. A flagged first post stands for its topic: removing it removes the topic."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.text import excerpt
from accounts.viewer import Viewer
from community.forums import policies
from community.forums.models import Post
from community.forums.services import content_set_status
from community.moderation.handlers import ContextPart, ReviewCard, ReviewHandler
from search import languages


class PostReview(ReviewHandler):
    """Posts of topics and ideas, comments included."""

    def load(self, ids: Iterable[int], viewer: Viewer) -> dict[int, ReviewCard]:
        posts = list(Post.objects.visible_to(viewer).filter(pk__in=list(ids)).select_related("topic__space", "author"))
        before = self._posts_before(posts, viewer)
        return {post.pk: self._card(post, before.get((post.topic_id, post.number - 1))) for post in posts}

    def _posts_before(self, posts: list[Post], viewer: Viewer) -> dict[tuple[int, int], Post]:
        """The neighbour above each post, in one query."""
        wanted = {(post.topic_id, post.number - 1) for post in posts if not post.is_first}
        if not wanted:
            return {}
        found = Post.objects.visible_to(viewer).filter(
            topic__in={topic for topic, _number in wanted}, number__in={number for _topic, number in wanted}
        )
        return {(post.topic_id, post.number): post for post in found.select_related("author")}

    def _card(self, post: Post, before: Post | None) -> ReviewCard:
        topic = post.topic
        status = topic.status if post.is_first else post.status
        context: tuple[ContextPart, ...] = ()
        if before is not None:
            name = str(before.author) if before.author else _("Someone who left")
            context = (ContextPart(label=_("Before it in the topic"), author_name=name, html=before.html),)
        return ReviewCard(
            title=topic.title,
            html=post.html,
            url=post.get_absolute_url(),
            author_name=str(post.author) if post.author else _("Someone who left"),
            author_id=post.author_id,
            container_name=topic.space.name,
            kind_label=str(topic.get_kind_display()) if post.is_first else _("Reply"),
            excerpt=excerpt(post.html, 120),
            status=status,
            created_at=post.created_at,
            context=context,
            language=languages.told(topic.title, place=topic.space.language),
        )

    def may_flag(self, viewer: Viewer, target_id: int) -> bool:
        post = Post.objects.visible_to(viewer).select_related("topic").filter(pk=target_id).first()
        return post is not None and policies.can_flag(viewer, post)

    def container_token(self, target_id: int) -> str:
        space_id = Post.objects.filter(pk=target_id).values_list("topic__space_id", flat=True).first()
        if space_id is None:
            raise Http404
        return f"space:{space_id}"

    def author_id(self, target_id: int) -> int | None:
        return Post.objects.filter(pk=target_id).values_list("author_id", flat=True).first()

    def apply(self, target_id: int, status: str, actor_id: int | None) -> None:
        post = Post.objects.select_related("topic").filter(pk=target_id).first()
        if post is None:
            raise Http404
        content_set_status(actor_id=actor_id, target=post, status=status)
