"""Which events a viewer sees (those whose topic they see), and the adjectives of the calendar."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models

from accounts.viewer import Viewer
from community.forums.models import Topic


class EventQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """The row filter; its twins are `policies.can_see` and `policies.audience`."""
        return self.filter(topic__in=Topic.objects.visible_to(viewer))

    def published(self) -> Self:
        """What is announced: its topic published, and neither merged away nor unlisted."""
        return self.filter(topic__status="published", topic__is_unlisted=False)

    def upcoming(self, now: datetime) -> Self:
        """Not over yet, the next one first."""
        return self.filter(ends_at__gt=now).order_by("starts_at", "pk")

    def past(self, now: datetime) -> Self:
        """Over, the last one first."""
        return self.filter(ends_at__lte=now).order_by("-starts_at", "-pk")

    def for_list(self) -> Self:
        """With what a line shows, in one query."""
        return self.select_related("topic__space", "topic__author")
