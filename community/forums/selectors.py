"""Reading topics and posts for pages: each selector is a constant number of queries."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import User
from accounts.prepared import asked, numbered
from accounts.viewer import ANONYMOUS, Viewer
from community.forums.best import Best, best_of
from community.forums.models import PLURALS, Bookmark, Post, PostReaction, PostVote, Tag, Topic, TopicFollow, TopicRead
from community.forums.policies import can_see_post
from community.forums.polls import put_polls
from community.forums.querysets import Joined, PostQuerySet, TopicQuerySet
from community.spaces.models import Space

PAGE_SIZE = 20
MOST_TAGGED = PAGE_SIZE + 4  # a page of a list, and those that are pinned
LAST_NUMBER = 2**31 - 1
NEW_FOR = timedelta(days=2)
QUEUES = ("attention", "recent", "needs-info", "responded", "done")
HEARD = ("latest", "newest", "new", "unread", "top")  # over all spaces, they leave out what somebody mutes or ignores
PERIODS = {"week": 7, "month": 31, "quarter": 92, "year": 365, "all": 0}  # days, for the list of the top
TABS = ("latest", "newest", "new", "unread", "unanswered", "unsolved", "solved", "top", "mine", "following", *QUEUES)
_BY_THE_CLOCK = ("top", "new", "attention", "recent")  # they hold a time, so no prepared statement can be made of them
_CURSOR = re.compile(r"([0-9]{1,16})-([0-9]{1,18})")
_TIMED_BY = {"newest": "created_at", "new": "created_at", "mine": "created_at"}


@dataclass(frozen=True, slots=True)
class TopicPage:
    """One page of a list; `older` is the cursor of the next page, empty on the last."""

    topics: list[Topic]
    older: str
    tab: str
    is_first: bool
    period: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class PostPage:
    """One page of a topic: the posts numbered `first` to `last`, whatever of them the viewer may see."""

    posts: list[Post]
    number: int
    pages: int
    best: Best | None = None


def topic_page(
    viewer: Viewer,
    *,
    tab: str = "latest",
    space: Space | None = None,
    tag: str = "",
    cursor: str = "",
    rows: TopicQuerySet | None = None,
    period: str = "",
    kind: str = "",
) -> TopicPage:
    """A page of topics, ideas left out; a page starts after the last row seen, so page 500 costs what page 1 costs.

    `period` is one of PERIODS, for the tab `top`: a year unless it says otherwise. `kind` is one of PLURALS, or all.
    """
    tab, kind = tab if tab in TABS else "latest", kind if kind in PLURALS else ""
    by, seen = _TIMED_BY.get(tab, "last_posted_at"), _read_cursor(cursor)
    has_pins = space is not None and tab in ("latest", "newest")
    if rows is None and not seen and not kind and tab not in _BY_THE_CLOCK:
        pinned = _first_lines(viewer, tab, space, tag, is_pinned=True)[:3] if has_pins else []
        found = _first_lines(viewer, tab, space, tag, is_pinned=False if has_pins else None)
        lines = with_tags(pinned + found[:PAGE_SIZE])
        return TopicPage(_decorated(lines, viewer), _older(found, by), tab, True)
    lines_of = Topic.objects.talks().for_lines() if rows is None else rows.for_list()
    shown = lines_of.visible_to(viewer).published().listed_for(viewer)
    number = space.pk if space else None
    topics = _narrowed(_with_marks(shown, viewer), viewer, tab, number, tag, _has_parts(space), kind)
    if tab == "top":
        period = period if period in PERIODS else "year"
        if PERIODS[period]:
            topics = topics.filter(last_posted_at__gte=timezone.now() - timedelta(days=PERIODS[period]))
        found = list(_chosen(topics, viewer, "-vote_count", "-reply_count", "-pk", count=PAGE_SIZE))
        return TopicPage(_decorated(found, viewer), "", tab, True, period, kind)
    pinned = list(topics.filter(is_pinned=True)[:3]) if has_pins and not seen else []
    topics = topics.filter(is_pinned=False) if has_pins else topics
    if seen:
        topics = topics.filter(Q(**{f"{by}__lt": seen[0]}) | Q(**{by: seen[0], "pk__lt": seen[1]}))
    found = list(_in_order(topics, viewer, tab, tag))
    return TopicPage(_decorated(pinned + found[:PAGE_SIZE], viewer), _older(found, by), tab, not seen, kind=kind)


def _older(found: list[Topic], by: str) -> str:
    return _cursor_of(found[PAGE_SIZE - 1], by) if len(found) > PAGE_SIZE else ""


def _has_parts(space: Space | None) -> bool:
    return space is not None and space.has_parts


def _narrowed(
    topics: TopicQuerySet, viewer: Viewer, tab: str, space: int | None, tag: str, has_parts: bool, kind: str = ""
) -> TopicQuerySet:
    """A space without parts is asked for by its number alone, which an index knows."""
    if space is not None:
        topics = topics.within(space) if has_parts else topics.filter(space=space)
    topics = topics.filter(kind=kind) if kind else topics
    topics = topics.filter(tags__name=tag) if tag else topics
    if tab in HEARD and space is None and not tag:
        topics = topics.heard_by(viewer)
    return _of_tab(topics, tab, viewer)


def _first_lines(viewer: Viewer, tab: str, space: Space | None, tag: str, *, is_pinned: bool | None) -> list[Topic]:
    """The first lines of a list, and one more."""
    has_parts = _has_parts(space)

    def rows(viewer: Viewer, space: int | None = None, tag: str = "") -> QuerySet:
        lines = Topic.objects.talks().for_lines().visible_to(viewer).published().listed_for(viewer)
        topics = _narrowed(_with_marks(lines, viewer), viewer, tab, space, tag, has_parts)
        if is_pinned is not None:
            topics = topics.filter(is_pinned=is_pinned)
        return _in_order(topics, viewer, tab, tag)

    given: dict[str, Any] = ({} if space is None else {"space": space.pk}) | ({"tag": tag} if tag else {})
    return asked(f"forums.lines {tab} {is_pinned} {has_parts}", rows, viewer, **given)


def _in_order(topics: TopicQuerySet, viewer: Viewer, tab: str, tag: str) -> QuerySet:
    by = _TIMED_BY.get(tab, "last_posted_at")
    if tag or tab == "unread":  # not by the column: PostgreSQL would walk its index past every topic there is
        return _chosen(topics, viewer, Coalesce(by, "created_at").desc(), "-pk")
    return topics.order_by(f"-{by}", "-pk")[: PAGE_SIZE + 1]


def _chosen(topics: TopicQuerySet, viewer: Viewer, *order: Any, count: int = PAGE_SIZE + 1) -> QuerySet:
    """The first topics in an order that no index walks: ids alone are sorted, what a line shows comes after."""
    ids = topics.order_by(*order).values("pk")[:count]
    lines: TopicQuerySet = Topic.objects.for_lines()  # type: ignore[assignment]
    return _with_marks(lines, viewer).filter(pk__in=ids).order_by(*order)


def _with_marks(topics: TopicQuerySet, viewer: Viewer) -> TopicQuerySet:
    """With `read_to`, the number that this viewer has read to; None where nothing."""
    marks = TopicRead.objects.filter(topic=OuterRef("pk"), user_id=viewer.user_id).values("last_post_number")
    read_to = Subquery(marks[:1]) if viewer.is_signed_in else Value(None, output_field=IntegerField())
    return topics.annotate(read_to=read_to)  # type: ignore[no-redef]


def _of_tab(topics: TopicQuerySet, tab: str, viewer: Viewer) -> TopicQuerySet:
    match tab:
        case "unanswered":
            return topics.unanswered()
        case "unsolved":
            return topics.unsolved()
        case "solved":
            return topics.solved()
        case "new" if viewer.is_signed_in:
            recent = topics.filter(created_at__gte=timezone.now() - NEW_FOR, read_to=None)
            return recent.exclude(author_id=viewer.user_id)
        case "unread":
            muted = TopicFollow.objects.filter(topic=OuterRef("pk"), user_id=viewer.user_id or 0, is_muted=True)
            last = "last_post_number" if viewer.is_staff else "last_shown_number"
            # By the person's own marks: a comparison with `read_to` would look each topic up in them.
            begun = topics.filter(reads__user_id=viewer.user_id or 0, reads__last_post_number__lt=F(last))
            return begun.exclude(Exists(muted))
        case "mine":
            return topics.filter(author_id=viewer.user_id or 0)
        case "attention" | "recent" | "needs-info" | "responded" | "done":
            return topics.in_queue(tab, timezone.now())
        case "following":
            return topics.filter(follows__user_id=viewer.user_id or 0, follows__is_muted=False)
    return topics


def _cursor_of(topic: Topic, by: str) -> str:
    moment: datetime = getattr(topic, by)
    return f"{int(moment.timestamp() * 1_000_000)}-{topic.pk}"


def _read_cursor(cursor: str) -> tuple[datetime, int] | None:
    """A cursor that cannot be read is the first page."""
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        return None
    micros, pk = int(found[1]), int(found[2])
    return datetime.fromtimestamp(micros // 1_000_000, UTC) + timedelta(microseconds=micros % 1_000_000), pk


def _decorated(topics: list[Topic], viewer: Viewer) -> list[Topic]:
    """Give each row what its line shows of this viewer: `is_unread` and `faces`."""
    recent = timezone.now() - NEW_FOR
    for topic in topics:
        is_new = topic.created_at > recent and topic.author_id != viewer.user_id
        last = topic.last_post_number if viewer.is_staff else topic.last_shown_number
        topic.is_unread = viewer.is_signed_in and (is_new if topic.read_to is None else last > topic.read_to)
        people = [topic.author, topic.solution.author if topic.solution else None, topic.last_poster]
        topic.faces = list({person.pk: person for person in people if person}.values())
    return topics


def bookmarks_of(viewer: Viewer, *, limit: int = 100) -> list[Bookmark]:
    """What the viewer keeps and may still read, the last kept first; two statements."""
    kept = Bookmark.objects.filter(user_id=viewer.user_id or 0) if viewer.reads_own else Bookmark.objects.none()
    kept = kept.filter(post__in=Post.objects.visible_to(viewer).order_by())
    return list(kept.select_related("post__topic__space", "post__author").order_by("-created_at", "-pk")[:limit])


def newest(
    viewer: Viewer, *, space: Space | None = None, tag: str = "", author: User | None = None
) -> list[Topic]:
    """The newest topics with their own text as `said`, for feeds; four statements."""
    topics = Topic.objects.visible_to(viewer).published().listed_for(viewer).talks()
    topics = topics if space is None else topics.within(space.pk)
    wanted = {"tags__name": tag or None, "author": author}
    topics = topics.filter(**{name: value for name, value in wanted.items() if value is not None})
    first = Post.objects.published().said_aloud().filter(number=1)
    said = Prefetch("posts", first, to_attr="said")
    found = topics.for_list().prefetch_related(said).newest_first()  # type: ignore[no-redef]
    return list(found[:PAGE_SIZE])


def is_tag_used(viewer: Viewer, name: str) -> bool:
    """Whether the viewer sees a topic with this tag; for an empty list of a tag that is there."""
    return Topic.objects.visible_to(viewer).published().talks().filter(tags__name=name).exists()


def topic_for_page(viewer: Viewer, pk: int, *, tags: bool = True) -> Topic | None:
    """A topic with all that its head shows, or None where there is nothing for this viewer. Its `tags` cost a
    statement."""
    found = asked("forums.topic", _for_page, viewer, topic=pk)
    if not found:
        return None
    topic: Topic = (with_tags(found) if tags else found)[0]
    if topic.solution is not None:
        topic.solution.topic = topic
    return topic


def _for_page(viewer: Viewer, topic: int) -> TopicQuerySet:
    related = ("space__parent", "author", "solved_by", "solution__author", "taken_by", "duplicate_of")
    topics = Topic.objects.visible_to(viewer).select_related(*related)
    follows = TopicFollow.objects.filter(topic=OuterRef("pk"), user_id=viewer.user_id or 0, is_muted=False)
    marked = _with_marks(topics, viewer).annotate(is_followed=Exists(follows))  # type: ignore[no-redef]
    return marked.defer("solution__body").filter(pk=topic).order_by()


def with_tags(topics: list[Topic]) -> list[Topic]:
    """The topics (`MOST_TAGGED` at most) with their tags as if they were prefetched; one statement."""
    numbers = numbered("topic", [topic.pk for topic in topics], 1 if len(topics) == 1 else MOST_TAGGED)
    found: dict[int, list[Tag]] = {}
    for topic_id, tag_id, name in asked("forums.tags", _tag_rows, ANONYMOUS, **numbers) if topics else ():
        found.setdefault(topic_id, []).append(Tag(pk=tag_id, name=name))
    for topic in topics:
        rows = Tag.objects.all()
        rows._result_cache = found.get(topic.pk, [])
        topic.__dict__.setdefault("_prefetched_objects_cache", {})["tags"] = rows
    return topics


def _tag_rows(viewer: Viewer, **topics: int) -> QuerySet:
    links = Topic.tags.through.objects.filter(topic_id__in=list(topics.values())).order_by("tag__name")
    return links.values_list("topic_id", "tag_id", "tag__name")


def post_page(viewer: Viewer, topic: Topic, number: int) -> PostPage:
    """The page's posts, each with `is_voted`; a page beyond the end is the last one."""
    pages = page_of_post(_last_number(viewer, topic))
    number = min(max(number, 1), pages)
    last = number * PAGE_SIZE
    if not topic.is_solvable or number > 1:
        return PostPage(_pieces(viewer, topic, above=last - PAGE_SIZE, upto=last), number, pages)
    numbers = {"topic": topic.pk, "asker": topic.author_id or 0, "upto": last}
    posts = _of(viewer, topic, asked("forums.best pieces", _best_rows, viewer, **numbers))
    return PostPage([post for post in posts if post.number <= last], number, pages, Best.among(topic, posts))


def _last_number(viewer: Viewer, topic: Topic) -> int:
    """The last post that this viewer sees. Asks only where a topic ends in posts that not everybody sees."""
    if topic.last_post_number == topic.last_shown_number:
        return topic.last_post_number
    found = asked("forums.last", _last_first, viewer, topic=topic.pk)
    return found[0][0] if found else 0


def _last_first(viewer: Viewer, topic: int) -> QuerySet:
    return Post.objects.visible_to(viewer).filter(topic_id=topic).order_by("-number").values_list("number")[:1]


def posts_after(viewer: Viewer, topic: Topic, after: int) -> list[Post]:
    """The visible posts with a higher number, a page at most, whole rows; for the API."""
    posts = Post.objects.visible_to(viewer).for_page().filter(topic=topic, number__gt=after)
    return _of(viewer, topic, posts.order_by("number")[:PAGE_SIZE])


def pieces_after(viewer: Viewer, topic: Topic, after: int) -> list[Post]:
    """As `posts_after`, with what a page shows; for open pages that catch up."""
    return _pieces(viewer, topic, above=after, upto=LAST_NUMBER)[:PAGE_SIZE]


def posts_for_viewer(viewer: Viewer, topic: Topic, which: Q) -> list[Post]:
    """Some posts of a topic as a page shows them, each with `is_voted` and `is_kept` (bookmarked)."""
    return _of(viewer, topic, _marked(viewer).filter(which, topic=topic).order_by("number")[: PAGE_SIZE * 2])


def _pieces(viewer: Viewer, topic: Topic, *, above: int, upto: int) -> list[Post]:
    """Posts as a page shows them, each with `is_voted` and `is_kept`; two pages of them at most."""
    return _of(viewer, topic, asked("forums.pieces", _piece_rows, viewer, topic=topic.pk, above=above, upto=upto))


def _piece_rows(viewer: Viewer, topic: int, above: int, upto: int) -> QuerySet:
    posts = _marked(viewer).filter(topic_id=topic, number__gt=above, number__lte=upto)
    return posts.order_by("number")[: PAGE_SIZE * 2]


def _best_rows(viewer: Viewer, topic: int, asker: int, upto: int) -> QuerySet:
    """The first page of a question, and the most helpful replies wherever they stand."""
    posts = _marked(viewer).filter(Q(number__lte=upto) | best_of(topic, asker), topic_id=topic)
    return posts.order_by("number")[: PAGE_SIZE * 2]


def _marked(viewer: Viewer) -> PostQuerySet:
    votes = PostVote.objects.filter(post=OuterRef("pk"), user_id=viewer.user_id)
    kept = Bookmark.objects.filter(post=OuterRef("pk"), user_id=viewer.user_id)
    own = PostReaction.objects.filter(post=OuterRef("pk"), user_id=viewer.user_id).order_by().values("post")
    reacted = Subquery(own.annotate(names=Joined("name")).values("names"))
    own_marks = {"is_voted": Exists(votes), "is_kept": Exists(kept), "reacted": reacted}
    marks: dict[str, Any] = own_marks if viewer.is_signed_in else _UNMARKED
    return Post.objects.visible_to(viewer).for_pieces().annotate(**marks)  # type: ignore[no-redef]


_UNMARKED = {"is_voted": Value(False), "is_kept": Value(False), "reacted": Value("")}


def _of(viewer: Viewer, topic: Topic, posts: Iterable[Post]) -> list[Post]:
    found = list(posts)
    for post in found:
        post.topic = topic
        post.answered = _shown_answered(viewer, post)
    put_polls(viewer, found)
    return found


def _shown_answered(viewer: Viewer, post: Post) -> Post | None:
    """The post that this one answers, unless it is hidden from the viewer: a whisper, or removed since."""
    answered = post.reply_to
    if answered is None or answered.topic_id != post.topic_id:  # it may have been moved to another topic since
        return None
    answered.topic = post.topic
    return answered if can_see_post(viewer, answered) else None


def page_of_post(number: int) -> int:
    """On which page of its topic a post stands."""
    return max(1, -(-number // PAGE_SIZE))


def recent_of_author(viewer: Viewer, author: User, *, limit: int = 10) -> list[Post]:
    """What a person wrote lately, as far as this viewer may read it; for the profile."""
    posts = Post.objects.visible_to(viewer).filter(author=author, status="published", topic__is_unlisted=False)
    topics = Prefetch("topic", Topic.objects.select_related("space"))
    return list(posts.prefetch_related(topics).order_by("-created_at")[:limit])


def questions_for_answering(viewer: Viewer, *, limit: int = 5) -> list[Topic]:
    """Open questions without a reply, newest first."""
    topics = Topic.objects.visible_to(viewer).published().listed_for(viewer).unanswered().for_lines().newest_first()
    return _decorated(list(_with_marks(topics, viewer)[:limit]), viewer)
