"""Drafts as places where files stand: a picture that waits in a draft does not go after a day."""

from __future__ import annotations

from collections.abc import Iterable

from accounts.drafts.models import Draft, DraftQuerySet
from accounts.uploads.places import Place
from accounts.viewer import Viewer


class DraftPlace(Place):
    name = "draft"

    def every(self) -> DraftQuerySet:
        return Draft.objects.all()

    def rows(self, viewer: Viewer) -> DraftQuerySet:
        return Draft.objects.visible_to(viewer)

    def audiences(self, ids: Iterable[int]) -> dict[int, frozenset[str]]:
        owners = Draft.objects.filter(pk__in=list(ids)).values_list("pk", "owner_id")
        return {pk: frozenset({f"user:{owner}"}) for pk, owner in owners}
