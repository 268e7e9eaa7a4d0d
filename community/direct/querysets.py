"""Who reads a conversation: the people in it, and nobody else, staff neither."""

from __future__ import annotations

from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from accounts.viewer import Viewer
from community.moderation.models import ReviewItem

REVIEW = "review-messages:1"  # the token of those who judge flagged messages


class ConversationQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """The row filter; its twins are `policies.can_see` and `policies.audience`."""
        if not viewer.reads_own:
            return self.none()
        invited = Q(pk__in=self._ids(members__user=viewer.user_id, members__is_invited=True))
        return self.filter(invited | Q(pk__in=self._ids(groups__in=viewer.ids("team"))))

    def _ids(self, **which: object) -> models.QuerySet:
        return self.model._default_manager.filter(**which).values("pk")


class DirectMessageQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """Those of the viewer's conversations that stand; for moderators also, alone, each that was flagged."""
        rule = _shared_with(viewer)
        if REVIEW in viewer.tokens:
            rule |= Q(pk__in=ReviewItem.objects.filter(target_type="message").values("target_id"))
        return self.filter(rule)

    def shared_with(self, viewer: Viewer) -> Self:
        """What a viewer reads as one who takes part, whatever they may judge."""
        return self.filter(_shared_with(viewer))


def _shared_with(viewer: Viewer) -> Q:
    conversations: Any = apps.get_model("direct", "Conversation").objects
    return Q(status="published", conversation__in=conversations.visible_to(viewer).values("pk"))
