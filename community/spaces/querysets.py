"""Which spaces a viewer may see; reads the viewer's tokens and asks nothing else."""

from __future__ import annotations

from typing import Self

from django.db import models

from accounts.viewer import Viewer


class SpaceQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """The row filter: the space's own token is among the viewer's."""
        return self.filter(pk__in=viewer.ids("space"))

    def at(self, slug: str) -> Self:
        """The space of an address, whether it has it now or had it before; with the space above it, and `has_parts`."""
        found = self.filter(models.Q(slug=slug) | models.Q(addresses__slug=slug)).select_related("parent").distinct()
        return found.annotate(has_parts=models.Exists(self.model._default_manager.filter(parent=models.OuterRef("pk"))))

    def open(self) -> Self:
        return self.filter(is_archived=False)
