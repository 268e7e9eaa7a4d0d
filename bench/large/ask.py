"""One client asks one page after another: the time of each answer, its statements, the plan of the heaviest."""

from __future__ import annotations

import http.client
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from urllib.parse import urlencode
from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from bench.large.seed import LONGEST
from bench.people import TOKEN, Visitor, client_of
from community.forums.models import Tag, Topic


@dataclass(frozen=True)
class Page:
    """Paths that are gone through in turn; who may be nobody."""

    name: str
    paths: list[str]
    is_anonymous: bool = False


@dataclass(frozen=True)
class Told:
    """What a page cost: milliseconds of each answer, and its statements the second time."""

    name: str
    times: list[float]
    statements: int
    slowest: tuple[float, str] = (0.0, "")

    def quantile(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def pages() -> list[Page]:
    """What issue 6 names, on rows that everybody may read."""
    open_topics = Topic.objects.filter(space__audience="public").order_by("pk")
    long = open_topics.filter(last_post_number__gte=LONGEST).first() or open_topics.order_by("-last_post_number")[0]
    some = [topic.get_absolute_url() for topic in open_topics.filter(last_post_number__gte=8)[:200]]
    last, middle = long.last_post_number, long.last_post_number // 2
    used = Topic.tags.through.objects.filter(topic__space__audience="public").values("tag").distinct()
    names = Tag.objects.filter(pk__in=used).order_by("pk").values_list("name", flat=True)
    tags = [f"/tags/{name}/" for name in names[:40]]
    people = [f"/u/{name}/" for name in User.objects.order_by("pk").values_list("username", flat=True)[20:120]]
    return [
        Page("topic list", ["/topics/"]),
        Page("topic list, nobody", ["/topics/"], is_anonymous=True),
        Page("topic page", some),
        Page("topic page, nobody", some, is_anonymous=True),
        Page(f"last page of {last:,} posts", [f"{long.get_absolute_url()}?post={last}"]),
        Page(f"middle of {last:,} posts", [f"{long.get_absolute_url()}?post={middle + n * 20}" for n in range(100)]),
        Page("tag page", tags),
        Page("profile", people),
        Page("unread list", ["/topics/?tab=unread"]),
        Page("unsolved list", ["/topics/?tab=unsolved"]),
        Page("top of the year", ["/topics/?tab=top&period=year"]),
        Page("followed list", ["/topics/?tab=following"]),
        Page("space", [f"/s/space-{n}/" for n in range(8)]),
        Page("questions, for helpers", ["/questions/"]),
    ]


class Asker:
    """A connection that stays open, as a browser keeps it."""

    def __init__(self, port: int, visitor: Visitor) -> None:
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies = {"Cookie": visitor.cookies} if visitor.cookies else {}

    def get(self, path: str) -> tuple[int, bytes]:
        self.http.request("GET", path, headers={"Accept": "text/html", **self.cookies})
        answer = self.http.getresponse()
        return answer.status, answer.read()

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html", **self.cookies}
        self.http.request("POST", path, urlencode({**fields, "csrfmiddlewaretoken": TOKEN}), form)
        answer = self.http.getresponse()
        answer.read()
        return answer.status, answer.headers.get("Location", "")


def ask(page: Page, port: int, visitor: Visitor, *, count: int) -> Told:
    """Ask `count` times after a warming. Raises SystemExit for an answer that is not the page."""
    asker, turn = Asker(port, Visitor() if page.is_anonymous else visitor), cycle(page.paths)

    def once() -> None:
        path = next(turn)
        status, _body = asker.get(path)
        if status != 200:
            raise SystemExit(f"{page.name}: {path} answered {status}.")

    times = list(_timed(once, count=count))
    person = None if page.is_anonymous else User.objects.get(username=visitor.username)
    browser = client_of(person)
    number, slowest = _statements(lambda: browser.get(page.paths[0]))
    return Told(page.name, times, number, slowest)


def reply(port: int, visitor: Visitor, *, count: int) -> tuple[Told, Told]:
    """Replies to different topics: stored is the answer to the form, visible the page after it with the words in it."""
    asker = Asker(port, visitor)
    topics = list(Topic.objects.filter(space__audience="public", last_post_number__lt=20).order_by("pk")[: count + 10])
    stored, visible = [], []
    for number, topic in enumerate(topics):
        words = f"Words {uuid4().hex} of a reply"
        began = time.perf_counter()
        status, where = asker.post(f"/t/{topic.pk}/reply/", {"body": words, "key": uuid4().hex})
        between = time.perf_counter()
        if status != 302 or words.encode() not in asker.get(where.partition("#")[0])[1]:
            raise SystemExit(f"The reply to /t/{topic.pk}/ answered {status} and is not on {where}.")
        if number >= 10:
            stored.append((between - began) * 1_000)
            visible.append((time.perf_counter() - began) * 1_000)
    browser = client_of(User.objects.get(username=visitor.username))
    path, fields = f"/t/{topics[0].pk}/reply/", {"csrfmiddlewaretoken": TOKEN}
    said, slowest = _statements(lambda: browser.post(path, {"body": "More words", "key": uuid4().hex, **fields}))
    return Told("reply, stored", stored, said, slowest), Told("reply, stored and visible", visible, said)


def _timed(once: Callable[[], None], *, count: int) -> Iterator[float]:
    for number in range(count + 10):
        began = time.perf_counter()
        once()
        if number >= 10:
            yield (time.perf_counter() - began) * 1_000


def _statements(act: Callable[[], object]) -> tuple[int, tuple[float, str]]:
    """How many statements the second time, and the one that took longest: seconds and SQL."""
    act()
    with CaptureQueriesContext(connection) as told:
        act()
    reads = [(float(one["time"]), one["sql"]) for one in told if one["sql"].lstrip("( ").startswith("SELECT")]
    return len(told), max(reads, default=(0.0, ""))


def plan(sql: str) -> str:
    """What PostgreSQL does for a statement, with times and buffers; long lists of ids cut."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) {sql}".replace("%", "%%"), [])
        lines = [line for (line,) in cursor.fetchall()]
    return "\n".join(re.sub(r"(.{160}).+", r"\1 …", line) for line in lines)
