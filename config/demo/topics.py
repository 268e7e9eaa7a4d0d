"""Loads the topics in the order of time, so that numbers grow with it and a link always finds its target."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.events import services as events
from community.forums.models import Post, Topic
from community.forums.services import (
    reply_create,
    solution_accept,
    topic_close,
    topic_create,
    topic_follow,
    topic_mark_read,
    topic_pin,
)
from community.forums.services.topics import topic_count_view
from community.forums.services.votes import VoteRow, votes_import
from community.spaces.models import Space
from config.demo.files import Document, documents
from config.demo.links import written
from config.demo.votes import votes
from config.demo.world import KEY, World

Starter = Callable[[World, Document, datetime, Space], Topic]
MODERATOR = "ines"
HOURS_AWAY = {"mara": 20, "tobi": 5, "ines": 3, "sanne": 2, "henrik": 30, "priya": 48}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that someone did at a time: wrote entry `index` of a thread, or, past the last one, accepted."""

    at: datetime
    thread: Document
    index: int


def load_topics(world: World) -> int:
    """Every thread of `content/topics` with its posts, votes, follows and read marks."""
    threads = documents("topics")
    play(world, threads, start)
    for thread in threads:
        finish(world, thread)
    return len(threads)


def play(world: World, threads: list[Document], starter: Starter) -> None:
    """Let everyone write and accept, oldest first; `starter` makes the topic of a thread's first entry."""
    spaces = {space.slug: space for space in Space.objects.all()}
    steps = [step for thread in threads for step in _steps(thread, world)]
    for step in sorted(steps, key=lambda step: (step.at, step.thread.key, step.index)):
        with world.hush(step.at):
            _take(world, step, spaces, starter)


def _steps(thread: Document, world: World) -> Iterator[Step]:
    times = thread.times(world.now)
    for index, at in enumerate(times, start=1):
        yield Step(at, thread, index)
    solved = thread.number("solved")
    if solved:
        asker = thread.entries[0].username
        thanks = [times[i] for i in range(solved, len(times)) if thread.entries[i].username == asker]
        yield Step(min([*thanks, times[solved - 1] + timedelta(hours=30), world.now]), thread, len(times) + 1)


def _take(world: World, step: Step, spaces: dict[str, Space], starter: Starter) -> None:
    thread = step.thread
    if step.index == 1:
        space = spaces[thread.head.get("space", thread.folder)]
        world.topics[thread.key] = starter(world, thread, step.at, space)
        return
    topic = world.topics[thread.key]
    if step.index > len(thread.entries):
        answer = Post.objects.get(topic=topic, number=thread.number("solved"))
        solution_accept(viewer=world.viewer(thread.entries[0].username), topic=topic, post=answer, at=step.at)
        return
    entry = thread.entries[step.index - 1]
    reply_create(
        viewer=world.viewer(entry.username), topic=topic, body=written(entry.body, world),
        reply_to=Post.objects.get(topic=topic, number=entry.answers) if entry.answers else None,
        is_whisper="whisper" in entry.marks, at=step.at, idempotency_key=f"{KEY}{thread.key}:{step.index}"[:64],
    )


def start(world: World, thread: Document, at: datetime, space: Space) -> Topic:
    """The topic of a thread's first entry."""
    entry = thread.entries[0]
    return topic_create(
        viewer=world.viewer(entry.username), space=space, kind=thread.head.get("kind", "question"),
        title=thread.head["title"], body=written(entry.body, world), tags=thread.names("tags"), at=at,
        idempotency_key=f"{KEY}{thread.key}",
    )


def finish(world: World, thread: Document) -> None:
    """What readers left behind: votes, views, follows, read marks; then pins and locks."""
    topic = Topic.objects.select_related("space").get(pk=world.topics[thread.key].pk)
    posts = {post.number: post for post in topic.posts.select_related("topic")}
    with events.quietly():
        votes_import(topic=topic, votes=list(_votes(world, thread, posts)))
        for username in thread.names("followers"):
            topic_follow(viewer=world.viewer(username), topic=topic, on=True)
        if thread.says("pinned"):
            topic_pin(viewer=world.viewer(MODERATOR), topic=topic, on=True)
        if thread.says("closed"):
            topic_close(viewer=world.viewer(MODERATOR), topic=topic)
    topic_count_view(topic.pk, times=thread.number("views") or 40 + 25 * len(posts))
    _mark_read(world, topic, posts, thread.names("unread"))


def _votes(world: World, thread: Document, posts: dict[int, Post]) -> Iterator[VoteRow]:
    readers = world.readers(posts[1].topic.space_id)
    dice = world.dice(thread.key)
    for number, entry in enumerate(thread.entries, start=1):
        others = [viewer for viewer in readers if viewer.username != entry.username]
        if thread.folder == "ideas" and number == 1:
            continue  # an idea is voted for as an idea
        for viewer, at in votes(dice, others, entry.votes, since=posts[number].created_at, until=world.now):
            yield VoteRow(posts[number].pk, viewer.user_id or 0, at)


def _mark_read(world: World, topic: Topic, posts: dict[int, Post], unread: list[str]) -> None:
    """The six have read what is older than their last visit, except where the file says `unread`."""
    for username, hours in HOURS_AWAY.items():
        viewer = world.viewer(username)
        if username in unread or f"space:{topic.space_id}" not in viewer.tokens:
            continue
        seen = [number for number, post in posts.items() if world.now - post.created_at > timedelta(hours=hours)]
        if seen:
            topic_mark_read(viewer=viewer, topic=topic, number=max(seen))
