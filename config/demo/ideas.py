"""Loads the ideas: suggested and commented like topics, then voted for, decided about and, one of them, merged."""

from __future__ import annotations

from datetime import datetime

from accounts.events import services as events
from community.forums.models import Topic
from community.ideas.models import Idea, IdeaStatus
from community.ideas.services import idea_create, idea_merge, idea_set_status, idea_vote
from community.spaces.models import Space
from config.demo.ages import moment
from config.demo.files import Document, documents
from config.demo.links import written
from config.demo.topics import finish, play
from config.demo.votes import votes
from config.demo.world import KEY, World


def load_ideas(world: World) -> int:
    """Every idea of `content/ideas`. A status is a head line: `planned: 71d | camille | note`."""
    threads = documents("ideas")
    play(world, threads, _suggest)
    for thread in threads:
        finish(world, thread)
        _vote(world, thread)
    for thread in threads:
        _decide(world, thread)
        if "merged" in thread.head:
            same = _idea(world, thread.head["merged"])
            with events.quietly():
                idea_merge(viewer=world.viewer("ines"), idea=_idea(world, thread.key), into=same)
    return len(threads)


def _idea(world: World, key: str) -> Idea:
    return Idea.objects.select_related("topic").get(pk=world.topics[key].pk)


def _suggest(world: World, thread: Document, at: datetime, space: Space) -> Topic:
    entry = thread.entries[0]
    return idea_create(
        viewer=world.viewer(entry.username), space=space, title=thread.head["title"],
        body=written(entry.body, world), tags=thread.names("tags"), at=at, idempotency_key=f"{KEY}{thread.key}",
    ).topic


def _vote(world: World, thread: Document) -> None:
    """Bring the idea to its number of votes; the author's own is there already."""
    idea = _idea(world, thread.key)
    others = [v for v in world.readers(idea.topic.space_id) if v.username != thread.entries[0].username]
    wanted = (thread.number("votes") or 1) - 1
    until = min((at for at, *_rest in _decisions(world, thread)), default=world.now)
    with events.quietly():
        for viewer, at in votes(world.dice(thread.key), others, wanted, since=idea.topic.created_at, until=until):
            idea_vote(viewer=viewer, idea=idea, on=True, at=at)


def _decide(world: World, thread: Document) -> None:
    idea = _idea(world, thread.key)
    for at, status, username, note in _decisions(world, thread):
        with world.hush(at):
            idea_set_status(viewer=world.viewer(username), idea=idea, status=status, note=note, at=at)


def _decisions(world: World, thread: Document) -> list[tuple[datetime, str, str, str]]:
    found = []
    for status in IdeaStatus.values:
        if status in thread.head:
            age, username, note = (part.strip() for part in thread.head[status].split("|", 2))
            found.append((moment(age, now=world.now), status, username, written(note, world)))
    return sorted(found)
