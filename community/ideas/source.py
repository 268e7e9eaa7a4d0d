"""Ideas in the search: a topic's document and card, with the idea's status and votes; readers are the topic's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.events.models import Event
from accounts.viewer import Viewer
from community.forums.models import Kind, Topic
from community.forums.querysets import TopicQuerySet
from community.forums.source import TopicSource
from community.ideas.models import Idea, IdeaStatus
from search.sources import Card, Document


class IdeaSource(TopicSource):
    """Published ideas that are listed and were not merged into another."""

    kind = "idea"
    label = _("Idea")
    label_plural = _("Ideas")
    icon = "lightbulb"
    state_labels = dict(IdeaStatus.choices)

    def topics(self) -> TopicQuerySet:
        topics = Topic.objects.published().filter(is_unlisted=False, idea__merged_into=None, idea__isnull=False)
        return topics.select_related("idea")

    def document(self, topic: Topic) -> Document:
        idea: Idea = topic.idea  # type: ignore[attr-defined]
        return replace(super().document(topic), state=idea.status, helpful=idea.vote_count)

    def cards(self, ids: Sequence[int], viewer: Viewer) -> dict[int, Card]:
        topics = self.topics().visible_to(viewer).filter(pk__in=ids)  # type: ignore[attr-defined]
        return {topic.pk: self.card(topic) for topic in topics.select_related("space", "author", "solution__author")}

    def card(self, topic: Topic) -> Card:
        idea: Idea = topic.idea  # type: ignore[attr-defined]
        votes = ngettext("%(n)s vote", "%(n)s votes", idea.vote_count) % {"n": idea.vote_count}
        return replace(
            super().card(topic), state=idea.look.tone, state_label=str(idea.get_status_display()), icon=self.icon,
            facts=(votes, ngettext("%s comment", "%s comments", topic.reply_count) % topic.reply_count), lead="",
        )

    def affected(self, event: Event) -> Iterable[int]:
        return self.affected_by_all([event])

    def affected_by_all(self, events: Sequence[Event]) -> set[int]:
        """Ideas by name; of topics those that are ideas, asked for at once."""
        named, topics = set(), set()
        for event in events:
            if event.name == "space.changed":
                named |= set(super().affected(event))
            elif event.target_type == "idea":
                named |= {pk for pk in (event.target_id, event.data.get("into")) if pk}
            elif event.data.get("kind", Kind.IDEA) == Kind.IDEA:
                topics |= set(super().affected(event))
        return named | (set(Idea.objects.filter(pk__in=topics).values_list("pk", flat=True)) if topics else set())
