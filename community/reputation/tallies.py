"""Counting from the truth: the tables of forums and ideas, in one query a noun, for some people or for all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncDate

from accounts.models import Audience
from community.forums.models import Post, PostVote, Topic
from community.forums.querysets import TopicQuerySet
from community.ideas.models import Idea, IdeaStatus
from community.reputation.points import MOST_VOTES_A_DAY

OPEN_TO_MEMBERS = (Audience.PUBLIC, Audience.MEMBERS)


def _topics() -> TopicQuerySet:
    return Topic.objects.published().filter(space__audience__in=OPEN_TO_MEMBERS).order_by()


def solved_topics() -> TopicQuerySet:
    """Questions whose accepted answer somebody else than the asker wrote."""
    answered = _topics().solved().filter(solution__status="published").exclude(solution__author=None)
    return answered.filter(~Q(solution__author=F("author")) | Q(author=None))


def _of(people: Iterable[int] | None, field: str) -> Q:
    return Q() if people is None else Q(**{f"{field}__in": list(people)})


def solutions(people: Iterable[int] | None = None) -> Counter[int]:
    """Accepted answers by who wrote them."""
    rows = solved_topics().filter(_of(people, "solution__author"))
    return Counter(dict(rows.values_list("solution__author").annotate(n=Count("pk"))))


def accepted_others(people: Iterable[int] | None = None) -> Counter[int]:
    """Questions that their askers marked as solved by somebody else's answer."""
    rows = solved_topics().filter(_of(people, "author"), solved_by=F("author"))
    return Counter(dict(rows.values_list("author").annotate(n=Count("pk"))))


def helpful_votes(people: Iterable[int] | None = None) -> tuple[Counter[int], Counter[int]]:
    """All helpful votes by whose post they are on, and those of them that earn points (a limit a day).

    Votes from before an import have no day: they are helpful and earn nothing.
    """
    posts = Post.objects.published().said_aloud().exclude(author=None)
    posts = posts.filter(_of(people, "author"), topic__in=_topics())
    votes = PostVote.objects.filter(post__in=posts).order_by()
    by_day = votes.annotate(day=TruncDate("created_at")).values_list("post__author", "day").annotate(n=Count("pk"))
    every, earning = Counter[int](), Counter[int]()
    for author, _day, number in by_day:
        every[author] += number
        earning[author] += min(number, MOST_VOTES_A_DAY)
    imported = posts.filter(imported_votes__gt=0).order_by().values_list("author").annotate(n=Sum("imported_votes"))
    every.update(dict(imported))
    return every, earning


def ideas_shipped(people: Iterable[int] | None = None) -> Counter[int]:
    """Shipped ideas by who suggested them."""
    ideas = Idea.objects.filter(status=IdeaStatus.SHIPPED, topic__in=_topics()).filter(_of(people, "topic__author"))
    rows = ideas.exclude(topic__author=None).order_by().values_list("topic__author").annotate(n=Count("pk"))
    return Counter(dict(rows))
