"""Loads the topics in the order of time, so that numbers grow with it and a link always finds its target."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.events import services as events
from community.forums.models import Post, Topic
from community.forums.services import (
    post_vote, reply_create, solution_accept, topic_close, topic_create, topic_follow, topic_mark_read, topic_pin,
)
from community.forums.services.topics import topic_count_view
from community.spaces.models import Space
from config.demo.files import Document, documents
from config.demo.links import written
from config.demo.world import KEY, LOUD, World

Starter = Callable[[World, Document, datetime], Topic]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that someone did at a time: wrote entry `index` of a thread, or accepted its answer (`index` 0)."""

    at: datetime
    thread: Document
    index: int


def load_topics(world: World) -> int:
    """Every thread of `content/topics` with its posts, votes, follows and read marks."""
    threads = documents("topics")
    play(world, threads)
    for thread in threads:
        finish(world, thread)
    return len(threads)


def play(world: World, threads: list[Document], start: Starter | None = None) -> None:
    """Let everyone write and accept, oldest first. What is older than three days is loaded quietly."""
    spaces = {space.slug: space for space in Space.objects.all()}
    known = set(world.topics)
    steps = [step for thread in threads if thread.key not in known for step in _steps(thread, world)]
    for step in sorted(steps, key=lambda step: (step.at, step.thread.key, step.index)):
        with events.quietly() if world.now - step.at > LOUD else nullcontext():
            _take(world, step, spaces, start)


def _steps(thread: Document, world: World) -> Iterator[Step]:
    times = thread.times(world.now)
    for index, at in enumerate(times, start=1):
        yield Step(at, thread, index)
    solved = thread.number("solved")
    if solved:
        asker = thread.entries[0].username
        thanks = [times[i] for i in range(solved, len(times)) if thread.entries[i].username == asker]
        yield Step(min(thanks[0] if thanks else times[solved - 1] + timedelta(hours=2), world.now), thread, len(times) + 1)


def _take(world: World, step: Step, spaces: dict[str, Space], start: Starter | None) -> None:
    thread = step.thread
    if step.index == 1:
        world.topics[thread.key] = (
            start(world, thread, step.at) if start else _start(world, thread, step.at, spaces[thread.folder])
        )
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


def _start(world: World, thread: Document, at: datetime, space: Space) -> Topic:
    entry = thread.entries[0]
    return topic_create(
        viewer=world.viewer(entry.username), space=space, kind=thread.head.get("kind", "question"),
        title=thread.head["title"], body=written(entry.body, world), tags=thread.names("tags"), at=at,
        idempotency_key=f"{KEY}{thread.key}",
    )


def finish(world: World, thread: Document) -> None:
    """What readers left behind: votes, views, follows, read marks; then pins and locks."""
    topic = Topic.objects.select_related("space").get(pk=world.topics[thread.key].pk)
    readers = [viewer for viewer in world.viewers() if f"space:{topic.space_id}" in viewer.tokens]
    posts = {post.number: post for post in topic.posts.select_related("topic")}
    dice = world.dice(thread.key)
    with events.quietly():
        for number, entry in enumerate(thread.entries, start=1):
            voters = [viewer for viewer in readers if viewer.username != entry.username]
            for viewer in dice.sample(voters, min(entry.votes, len(voters))):
                post_vote(viewer=viewer, post=posts[number], on=True)
        for username in thread.names("followers"):
            topic_follow(viewer=world.viewer(username), topic=topic, on=True)
        if thread.says("pinned"):
            topic_pin(viewer=world.viewer("priya"), topic=topic, on=True)
        if thread.says("closed"):
            topic_close(viewer=world.viewer("priya"), topic=topic)
    topic_count_view(topic, times=thread.number("views") or 40 + 25 * len(posts))
    _mark_read(world, topic, posts, thread.names("unread"))


def _mark_read(world: World, topic: Topic, posts: dict[int, Post], unread: list[str]) -> None:
    """The six with accounts have read what is older than their last visit, except where the file says `unread`."""
    for username, away in {"mara": 20, "tobi": 5, "ines": 3, "sanne": 2, "henrik": 30, "priya": 48}.items():
        viewer = world.viewer(username)
        if username in unread or f"space:{topic.space_id}" not in viewer.tokens:
            continue
        seen = [number for number, post in posts.items() if world.now - post.created_at > timedelta(hours=away)]
        if seen:
            topic_mark_read(viewer=viewer, topic=topic, number=max(seen))
