"""Which events touch whose standing. Each handler rebuilds those people's rows, so any delivery may come twice."""

from __future__ import annotations

from accounts.events.models import Event
from accounts.events.registry import subscribe
from community.forums.models import Post, Topic
from community.reputation.services import recount_standings

SECONDS_A_NIGHT = 24 * 60 * 60


def people_of(event: Event) -> set[int]:
    """Whose numbers an event may change: whoever wrote the post or the topic, asked, or is named in the event."""
    people: set[int | None] = set()
    if event.target_type == "post":
        people.update(*Post.objects.filter(pk=event.target_id).values_list("author_id", "topic__author_id"))
    else:
        people.update(*Topic.objects.filter(pk=event.target_id).values_list("author_id", "solution__author_id"))
    people.add(event.data.get("author"))
    if event.name == "topic.unsolved":
        people |= set(Post.objects.filter(pk=event.data.get("post")).values_list("author_id", flat=True))
    return {person for person in people if person is not None}


def recount_people(event: Event) -> None:
    recount_standings(people_of(event))


def recount_topic_people(event: Event) -> None:
    """A topic that vanished, came back or moved: everyone who wrote in it."""
    people = set(Post.objects.filter(topic=event.target_id).exclude(author=None).values_list("author_id", flat=True))
    recount_standings(people | people_of(event))


def subscribe_all() -> None:
    for name in ("topic.solved", "topic.unsolved", "post.voted", "post.status_changed", "idea.status_changed"):
        subscribe(name, recount_people, name=f"reputation.{name}")
    for name in ("topic.status_changed", "topic.moved", "topic.posts_moved"):
        subscribe(name, recount_topic_people, name=f"reputation.{name}")
