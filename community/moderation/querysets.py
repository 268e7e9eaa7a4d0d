"""Which review items a moderator may see: those in containers whose review token the viewer holds."""

from __future__ import annotations

from typing import Self

from django.db import models

from accounts.viewer import Viewer


def review_token(container: str) -> str:
    """The token that opens the queue of a container: `review:12` for `space:12`, `review-section:4` for others."""
    kind, _colon, pk = container.partition(":")
    return f"review:{pk}" if kind == "space" else f"review-{kind}:{pk}"


def reviewed_containers(viewer: Viewer) -> list[str]:
    """The containers that the viewer reviews."""
    found = [f"space:{pk}" for pk in viewer.ids("review")]
    found += [token.removeprefix("review-") for token in viewer.tokens if token.startswith("review-")]
    return found


class ReviewItemQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """The row filter; what the item holds is re-authorised by its handler's `load`."""
        containers = reviewed_containers(viewer)
        return self.filter(container__in=containers) if containers else self.none()

    def of(self, target_type: str, target_id: int) -> Self:
        return self.filter(target_type=target_type, target_id=target_id)

    def open(self) -> Self:
        return self.filter(state="open")

    def decided(self) -> Self:
        return self.exclude(state="open")

    def heaviest_first(self) -> Self:
        return self.order_by("-score", "opened_at", "pk")

    def latest_decided_first(self) -> Self:
        return self.order_by("-decided_at", "-pk")
