"""Who finds which external source: the row filter, twin of `policies.can_see` and of the token in `audience`."""

from __future__ import annotations

from typing import Self

from django.db import models

from accounts.viewer import Viewer


class SourceQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(readers__in=viewer.tokens & {"public", "members", "staff"})


class RecordQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        return self.filter(source__readers__in=viewer.tokens & {"public", "members", "staff"})
