"""The most helpful replies of a question, from staff and from the community, told apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.db.models import Q, QuerySet

from community.forums.models import Post, Status, Topic

FROM_STAFF = Q(author__is_superuser=True) | Q(author__is_agent=True)
FROM_STAFF |= Q(author__is_moderator=True) | Q(author__is_manager=True)


@dataclass(frozen=True, slots=True)
class Best:
    """The most helpful reply of either side; None where nobody found one helpful, or where it is the solution."""

    staff: Post | None = None
    community: Post | None = None

    @classmethod
    def among(cls, topic: Topic, posts: Iterable[Post]) -> Self:
        """The best of these posts, whose authors are loaded with their roles. The solution's side is left out."""
        found: dict[bool, Post] = {}
        for post in posts:
            if _is_answer(topic, post) and post.vote_count > 0:
                is_staff = bool(post.author and post.author.roles)
                found[is_staff] = max(found.get(is_staff, post), post, key=lambda one: (one.vote_count, -one.number))
        if topic.solution is not None:
            found.pop(bool(topic.solution.author and topic.solution.author.roles), None)
        return cls(found.get(True), found.get(False))

    def __bool__(self) -> bool:
        return self.staff is not None or self.community is not None


def best_of(topic_id: int, asker_id: int) -> Q:
    """The filter that adds both best replies to a page's posts; few posts have votes, and an index holds those."""
    helpful = Post.objects.filter(topic_id=topic_id, number__gt=1, status=Status.PUBLISHED, is_whisper=False)
    helpful = helpful.filter(vote_count__gt=0).exclude(author_id=asker_id).order_by("-vote_count", "number")
    return Q(pk__in=_first(helpful.filter(FROM_STAFF))) | Q(pk__in=_first(helpful.exclude(FROM_STAFF)))


def _first(posts: QuerySet) -> QuerySet:
    return posts.values("pk")[:1]


def _is_answer(topic: Topic, post: Post) -> bool:
    """Somebody else's reply; the thanks of who asked are often found helpful, too, and answer nothing."""
    is_own = post.author_id is not None and post.author_id == topic.author_id
    return not is_own and not post.is_first and not post.is_whisper and post.status == Status.PUBLISHED
