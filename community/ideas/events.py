"""What ideas do when something happens: every topic of kind idea gets its idea, and a decision reaches its voters."""

from __future__ import annotations

from accounts.events.models import Event
from accounts.events.registry import subscribe
from community.forums.models import Kind, Topic, TopicFollow
from community.ideas.models import IdeaVote
from community.ideas.services import idea_of, ideas_of
from community.notifications.services import notify


def give_topic_its_idea(event: Event) -> None:
    """However a topic of kind idea came about (page, API, import), its idea is there in the same transaction."""
    if event.data.get("kind", Kind.IDEA) != Kind.IDEA:
        return
    topic = Topic.objects.filter(pk=event.target_id, kind=Kind.IDEA).first()
    if topic is not None:
        idea_of(topic)


def give_topics_their_ideas(happened: list[Event]) -> None:
    """The same for a batch: those that have theirs already cost nothing."""
    ids = [event.target_id for event in happened if event.data.get("kind", Kind.IDEA) == Kind.IDEA]
    if ids:
        ideas_of(Topic.objects.filter(pk__in=ids, kind=Kind.IDEA))


def tell_of_status(event: Event) -> None:
    """A decision goes to all who voted, to the author and to those who follow; not to those who muted it."""
    people = set(IdeaVote.objects.filter(idea_id=event.target_id).values_list("user_id", flat=True))
    people |= set(Topic.objects.filter(pk=event.target_id).values_list("author_id", flat=True)) - {None}
    follows = dict(TopicFollow.objects.filter(topic_id=event.target_id).values_list("user_id", "is_muted"))
    people |= {person for person, is_muted in follows.items() if not is_muted}
    people -= {person for person, is_muted in follows.items() if is_muted}
    notify(
        kind="idea.status", user_ids=people, actor_id=event.actor_id, target=("idea", event.target_id or 0),
        data={"after": event.data["after"], "change": event.data.get("change")}, key=f"idea.status:{event.pk}",
        thread=f"topic:{event.target_id}", at=event.created_at,
    )


def subscribe_all() -> None:
    subscribe("topic.created", give_topic_its_idea, name="ideas.topic", when="now", many=give_topics_their_ideas)
    subscribe("idea.status_changed", tell_of_status, name="ideas.tell")
