"""Topics from another platform: dates and authors kept, posts in one go, nobody notified."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.events import services as events
from accounts.text import LIMITS
from community.forums.models import Kind, Post, Status, Topic, TopicFollow
from community.forums.services.archive_marks import Marks, clean_edits, counted, marks_import
from community.forums.services.archive_standing import Standing, standing_fields, standing_import
from community.forums.services.recount import recount_topic, touch_space
from community.forums.services.texts import (
    clean_tags,
    clean_title,
    people_in,
    render_bodies,
    render_known,
    tag_rows,
)
from community.spaces.models import Space

IMPORT_LIMIT = LIMITS["article"]


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """One reply to import: `source_key` is stable over runs; `votes` are its helpful marks, voters known or not.

    `reply_to_key` is the source key of the post that it answers.
    """

    source_key: str
    body: str
    author_id: int | None
    created_at: datetime
    edited_at: datetime | None = None
    edited_by_id: int | None = None
    votes: int = 0
    is_removed: bool = False
    is_whisper: bool = False
    is_wiki: bool = False
    is_locked: bool = False
    reply_to_key: str = ""
    marks: Marks = field(default_factory=Marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRow:
    """One topic to import with all its posts (Markdown), once per `source_key`.

    `solution_key` is the source key of the reply that solved a question; `edited_at` to `marks` are the first post's.
    Without `follower_ids` (None), those who wrote in it follow it.
    """

    source_key: str
    space: Space
    kind: str
    title: str
    body: str
    author_id: int | None
    created_at: datetime
    updated_at: datetime | None = None
    tags: Sequence[str] = ()
    replies: Sequence[ReplyRow] = ()
    votes: int = 0
    status: str = Status.PUBLISHED
    solution_key: str = ""
    is_closed: bool = False
    is_pinned: bool = False
    view_count: int = 0
    edited_at: datetime | None = None
    edited_by_id: int | None = None
    marks: Marks = field(default_factory=Marks)
    follower_ids: Iterable[int] | None = None
    muted_ids: Iterable[int] = ()
    standing: Standing = field(default_factory=Standing)
    is_wiki: bool = False
    is_locked: bool = False

    @property
    def bodies(self) -> Iterator[str]:
        """The texts of all its posts, in their order."""
        yield self.body
        yield from (reply.body for reply in self.replies)


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a row: its topic and whether that is new; or no topic and the problem, by field."""

    topic: Topic | None = None
    is_new: bool = False
    problem: ValidationError | None = None


@transaction.atomic
def topics_import(*, rows: Sequence[TopicRow]) -> list[Imported]:
    """Bring in topics from another platform, some hundreds at a time, in a constant number of statements.

    Answers for each row in its place. A row that is refused stores nothing and keeps no other one back. Records one
    quiet event a new topic, so that search hears of it and nobody else. Raises IntegrityError or DataError where the
    database refuses one; then nothing of these rows is stored.
    """
    here = Topic.objects.filter(imported_from__in=[row.source_key for row in rows])
    known = {topic.imported_from: topic for topic in here}
    new = {row.source_key: row for row in rows if row.source_key not in known}
    checked, refused = _checked(list(new.values()))

    topics = {one.row.source_key: _topic(one) for one in checked}
    Topic.objects.bulk_create(topics.values())
    for one in checked:
        for post in one.posts:
            post.topic = topics[one.row.source_key]
    _store_posts([post for one in checked for post in one.posts], {
        reply.source_key: reply.reply_to_key for one in checked for reply in one.row.replies if reply.reply_to_key
    })  # fmt: skip
    marks_import([pair for one in checked for pair in zip(one.posts, one.marks, strict=True)])
    standing_import((topics[one.row.source_key], one.row.standing) for one in checked)
    _solve([(topics[one.row.source_key], one) for one in checked])
    _tag([(topics[one.row.source_key], one.tags) for one in checked])
    _follow([(topics[one.row.source_key], one.row) for one in checked])
    _touch_spaces(topics.values())

    with events.quietly():
        for topic in topics.values():
            data = {"space": topic.space_id, "kind": topic.kind, "imported": True}
            events.record("topic.created", actor=topic.author_id, target=topic, at=topic.created_at, data=data)
    return [
        Imported(known[key]) if (key := row.source_key) in known
        else Imported(problem=refused[key]) if key in refused else Imported(topics[key], is_new=True)
        for row in rows
    ]  # fmt: skip


@dataclass(slots=True)
class _Checked:
    """A row whose every text is sound: its posts, not stored yet, and the marks of each."""

    row: TopicRow
    title: str
    tags: list[str]
    standing: dict[str, Any]
    posts: list[Post]
    marks: list[Marks]


def _checked(rows: Sequence[TopicRow]) -> tuple[list[_Checked], dict[str, ValidationError]]:
    """Those that can be stored, and by source key what is wrong with the others; people are asked for at once."""
    people = people_in(body for row in rows for body in row.bodies)
    sound, refused = [], {}
    for row in rows:
        try:
            sound.append(_check(row, people))
        except ValidationError as error:
            refused[row.source_key] = error
    return sound, refused


def _check(row: TopicRow, people: Mapping[str, str]) -> _Checked:
    title, tags, standing = clean_title(row.title), clean_tags(row.tags), standing_fields(row.standing)
    (source, html), *rendered = [render_known(body, people, limit=IMPORT_LIMIT) for body in row.bodies]
    marks = [row.marks, *(reply.marks for reply in row.replies)]
    for own in marks:
        clean_edits(own)
    first = Post(
        number=1, body=source, html=html, author_id=row.author_id, created_at=row.created_at,
        imported_from=row.source_key, edited_at=row.edited_at, edited_by_id=row.edited_by_id,
        is_wiki=row.is_wiki, is_locked=row.is_locked, **counted(row.votes, row.marks),
    )  # fmt: skip
    return _Checked(row, title, tags, standing, [first, *_reply_posts(row.replies, rendered, after=1)], marks)


def _topic(one: _Checked) -> Topic:
    row = one.row
    return Topic(
        space=row.space, kind=row.kind if row.kind in Kind.values else Kind.QUESTION, title=one.title,
        slug=Topic.slug_for(one.title), status=row.status, author_id=row.author_id, created_at=row.created_at,
        updated_at=row.updated_at or row.created_at, imported_from=row.source_key, is_closed=row.is_closed,
        is_pinned=row.is_pinned, view_count=row.view_count, **one.standing, **_counters(one.posts, row.standing),
    )  # fmt: skip


def _store_posts(posts: Sequence[Post], answered: Mapping[str, str]) -> None:
    """Store posts that do not answer one of the others, then those that answer a stored one, and so on.

    `answered` is by a post's source key that of the one that it answers. Posts that answer each other in a circle,
    which only a broken source holds, answer nobody.
    """
    by_key = {post.imported_from: post for post in posts}
    waiting = list(posts)
    while waiting:
        ready, later = [], []
        for post in waiting:
            parent = by_key.get(answered.get(post.imported_from, ""))
            if parent is not None and parent.pk is None and parent is not post:
                later.append(post)
                continue
            post.reply_to = parent if parent is not post else None
            ready.append(post)
        waiting = later if ready else []
        Post.objects.bulk_create(ready or later)


@transaction.atomic
def replies_import(*, topic: Topic, replies: Sequence[ReplyRow]) -> int:
    """Add those of an imported topic's replies that are not here yet, at its end; returns how many.

    Raises ValidationError by field; then none of them is stored.
    """
    keys = [reply.source_key for reply in replies]
    here = set(Post.objects.filter(imported_from__in=keys).values_list("imported_from", flat=True))
    new = [reply for reply in replies if reply.source_key not in here]
    rendered = render_bodies([reply.body for reply in new], limit=IMPORT_LIMIT)
    for reply in new:
        clean_edits(reply.marks)
    if not new:
        return 0

    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    posts = _reply_posts(new, rendered, after=locked.last_post_number)
    for post in posts:
        post.topic = locked
    _store_posts(posts, {reply.source_key: reply.reply_to_key for reply in new if reply.reply_to_key})
    marks_import([(post, reply.marks) for post, reply in zip(posts, new, strict=True)])

    recount_topic(locked.pk)
    locked.refresh_from_db()
    if locked.status == Status.PUBLISHED:
        touch_space(locked.space_id, at=locked.last_posted_at)

    with events.quietly():
        for post in posts:
            data = {"topic": topic.pk, "space": locked.space_id, "number": post.number, "imported": True}
            events.record("post.created", actor=post.author_id, target=post, at=post.created_at, data=data)
    return len(posts)


def _tag(topics: Sequence[tuple[Topic, list[str]]]) -> None:
    """The tags of new topics: nothing is there yet that `add` would have to ask for."""
    ids = {tag.name: tag.pk for tag in tag_rows({name for _topic, names in topics for name in names})}
    tagged = Topic.tags.through
    tagged.objects.bulk_create(
        [tagged(topic_id=topic.pk, tag_id=ids[name]) for topic, names in topics for name in names]
    )


def _follow(topics: Sequence[tuple[Topic, TopicRow]]) -> None:
    rows = []
    for topic, row in topics:
        wrote = {row.author_id, *(reply.author_id for reply in row.replies)} - {None}
        people = wrote if row.follower_ids is None else row.follower_ids
        marks = dict.fromkeys(people, False) | dict.fromkeys(row.muted_ids, True)
        rows += [TopicFollow(topic=topic, user_id=pk, is_muted=is_muted) for pk, is_muted in marks.items()]
    TopicFollow.objects.bulk_create(rows, ignore_conflicts=True)


def _solve(topics: Sequence[tuple[Topic, _Checked]]) -> None:
    """The solutions of new questions, where the reply that is named can be one."""
    solved = []
    for topic, one in topics:
        if not one.row.solution_key or not topic.is_solvable:
            continue
        solution = next((post for post in one.posts[1:] if post.imported_from == one.row.solution_key), None)
        if solution and solution.status == Status.PUBLISHED and not solution.is_whisper:
            topic.solution, topic.solved_by_id = solution, one.row.standing.solved_by_id
            topic.solved_at = one.row.standing.solved_at or solution.created_at
            solved.append(topic)
    Topic.objects.bulk_update(solved, ["solution", "solved_at", "solved_by"], batch_size=200)


def _touch_spaces(topics: Iterable[Topic]) -> None:
    published: dict[int, list[Topic]] = {}
    for topic in topics:
        if topic.status == Status.PUBLISHED:
            published.setdefault(topic.space_id, []).append(topic)
    for space_id in sorted(published):  # one order for all writers
        own = published[space_id]
        touch_space(space_id, topics=len(own), at=max(topic.last_posted_at for topic in own))


def _counters(posts: Sequence[Post], standing: Standing) -> dict[str, Any]:
    """What `recount_topic` would find for a new topic with these posts."""
    aloud = [post for post in posts if post.status == Status.PUBLISHED and not post.is_whisper]
    last = max(aloud, key=lambda post: (post.created_at, post.number))
    return {
        "reply_count": len(aloud) - 1, "last_post_number": len(posts), "vote_count": posts[0].vote_count,
        "last_posted_at": max(last.created_at, standing.bumped_at or last.created_at), "last_poster_id": last.author_id,
        "last_shown_number": max(post.number for post in aloud),
    }  # fmt: skip


def _reply_posts(replies: Sequence[ReplyRow], rendered: Sequence[tuple[str, str]], *, after: int) -> list[Post]:
    return [
        Post(
            number=number,
            body=source,
            html=html,
            author_id=reply.author_id,
            created_at=reply.created_at,
            edited_at=reply.edited_at,
            edited_by_id=reply.edited_by_id,
            **counted(reply.votes, reply.marks),
            status=Status.REMOVED if reply.is_removed else Status.PUBLISHED,
            imported_from=reply.source_key,
            is_whisper=reply.is_whisper,
            is_wiki=reply.is_wiki,
            is_locked=reply.is_locked,
        )
        for number, (reply, (source, html)) in enumerate(zip(replies, rendered, strict=True), start=after + 1)
    ]


@transaction.atomic
def posts_rewrite(*, posts: Sequence[Post]) -> None:
    """Store new texts of imported posts, links in them rewritten, without making that an edit.

    Each post holds its new `body`; what it shows is rendered here. Raises ValidationError by field; then none is kept.
    """
    rendered = render_bodies([post.body for post in posts], limit=IMPORT_LIMIT)
    for post, (source, html) in zip(posts, rendered, strict=True):
        post.body, post.html = source, html

    Post.objects.bulk_update(posts, ["body", "html"], batch_size=100)

    with events.quietly():
        for post in posts:
            data = {"topic": post.topic_id, "number": post.number, "imported": True}
            events.record("post.edited", target=post, data=data)
