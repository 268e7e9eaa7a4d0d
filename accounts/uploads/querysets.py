"""The row filter of files: whoever reads a place that names it; while none does, its owner."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.uploads.places import places
from accounts.viewer import Viewer


class UploadQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """The row filter; its twins are `policies.can_see` and `policies.audience`."""
        uses = apps.get_model("uploads", "UploadUse").objects.filter(upload=OuterRef("pk"), is_current=True)
        rule = Q(pk__in=[])
        for place in places():
            ids = place.rows(viewer).order_by().values("pk")
            rule |= Q(Exists(uses.filter(target_type=place.name, target_id__in=ids)))
        if viewer.reads_own:
            rule |= Q(owner=viewer.user_id) & ~Q(Exists(uses))
        return self.filter(rule)

    def of_owner(self, user_id: int | None) -> Self:
        return self.filter(owner=user_id) if user_id is not None else self.none()

    def expired(self, now: datetime) -> Self:
        return self.filter(expires_at__lt=now)

    def for_page(self) -> Self:
        """Without its text, which only the indexer reads."""
        return self.defer("text")
