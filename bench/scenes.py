"""What is asked: topic list, a topic of 20 posts, the last page of 300 posts, search, a reply."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, cycle
from urllib.parse import quote_plus, urlencode

from bench.client import get, post
from bench.people import TOKEN, Visitor
from bench.seed import LONG_POSTS, PAGE_POSTS
from bench.words import Writer
from community.forums.models import Topic

QUERIES = 6_000
_serial = count()


@dataclass(frozen=True)
class Scene:
    """A page by name; `paths` are gone through in turn, so that no single row is always warm."""

    name: str
    paths: list[str]
    is_reply: bool = False
    stride: int = 1  # how much further apart connections begin

    def requests(self, visitor: Visitor, *, start: int, gzip: bool) -> Callable[[], bytes]:
        """A source of requests of one visitor; `start` lets each connection begin elsewhere."""
        at = start * self.stride % len(self.paths)
        turn = cycle(self.paths[at:] + self.paths[:at])
        if self.is_reply:
            return _replies(turn, visitor, start)
        made = {path: get(path, cookies=visitor.cookies, gzip=gzip) for path in self.paths}
        return lambda: made[next(turn)]


def _replies(turn: Iterator[str], visitor: Visitor, start: int) -> Callable[[], bytes]:
    writer = Writer(1_000 + start)

    def ask() -> bytes:
        fields = {"body": writer.post(), "key": f"bench-{next(_serial)}-{start}", "csrfmiddlewaretoken": TOKEN}
        return post(next(turn), urlencode(fields).encode(), cookies=visitor.cookies)

    return ask


def scenes() -> list[Scene]:
    """All pages, on the seeded rows. Words of search are common ones, one to three, as people type them."""
    topics = Topic.objects.order_by("pk")
    pages = [t.get_absolute_url() for t in topics.filter(slug__startswith="topic-", last_post_number=PAGE_POSTS)[:100]]
    long = list(topics.filter(last_post_number__gte=LONG_POSTS)[:10])
    short = topics.filter(last_post_number__lt=PAGE_POSTS, space__audience="public").order_by("-pk")[:400]
    writer = Writer(7)
    # More than a run can ask, and told apart: no page of results is asked for twice.
    queries = list(dict.fromkeys(" ".join(writer.some(1 + number % 3)) for number in range(QUERIES)))
    return [
        Scene("topic list", ["/topics/"]),
        Scene("topic of 20", pages),
        Scene("last page of 300", [f"{topic.get_absolute_url()}?page=15" for topic in long]),
        Scene("search", [f"/search/?q={quote_plus(query)}" for query in queries], stride=len(queries) // 200),
        Scene("reply", [f"/t/{topic.pk}/reply/" for topic in short], is_reply=True),
    ]
