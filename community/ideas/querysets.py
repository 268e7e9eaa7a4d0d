"""Which ideas a viewer sees (those whose topic they see), and the adjectives of the board."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.apps import apps
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from accounts.viewer import Viewer
from community.forums.models import Topic

MOST_WORDS = 8


class IdeaQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """The row filter; its twins are `policies.can_see` and `policies.audience`."""
        return self.filter(topic__in=Topic.objects.visible_to(viewer))

    def published(self) -> Self:
        return self.filter(topic__status="published")

    def listed_for(self, viewer: Viewer) -> Self:
        """Without unlisted ones, as lists of topics are: reached by their address alone but for who moderates them."""
        return self.filter(Q(topic__is_unlisted=False) | Q(topic__space_id__in=viewer.ids("review")))

    def unmerged(self) -> Self:
        return self.filter(merged_into=None)

    def undecided(self) -> Self:
        """Without what has shipped or was declined."""
        return self.exclude(status__in=["shipped", "declined"])

    def matching(self, text: str) -> Self:
        """Every word stands in the title or among the tags."""
        rows = self
        for word in text.split()[:MOST_WORDS]:
            tagged = Topic.objects.filter(tags__name__iexact=word.lstrip("#"))
            rows = rows.filter(Q(topic__title__icontains=word) | Q(topic__in=tagged))
        return rows

    def top_first(self) -> Self:
        return self.order_by("-vote_count", "-pk")

    def newest_first(self) -> Self:
        return self.order_by("-topic__created_at", "-pk")

    def trending_first(self, *, since: datetime) -> Self:
        """By the votes since then, all votes breaking ties."""
        votes = apps.get_model("ideas", "IdeaVote").objects.filter(idea=OuterRef("pk"), created_at__gte=since)
        recent = votes.order_by().values("idea").annotate(n=Count("pk")).values("n")
        return self.annotate(recent_votes=Coalesce(Subquery(recent), 0)).order_by("-recent_votes", "-vote_count", "-pk")

    def for_list(self) -> Self:
        """With what a row of a list shows, in a constant number of queries."""
        return self.select_related("topic__space", "topic__author").prefetch_related("topic__tags")
