"""Where rooms above add something to a topic's page: a vote box, a case card.

Slots: `header` (under the title), `aside` (right rail), `actions` (beside Follow).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.viewer import Viewer
from community.forums.models import Topic

SLOTS = ("header", "aside", "actions")


@dataclass(frozen=True, slots=True)
class Panel:
    """A template and what it needs; `viewer` and `topic` are added."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


Provider = Callable[[Viewer, Topic], Panel | None]
_providers: dict[str, list[Provider]] = {slot: [] for slot in SLOTS}


def register_panel(slot: str, provider: Provider) -> None:
    """Offer a panel for a slot; the provider returns None where it has nothing to show this viewer."""
    if provider not in _providers[slot]:
        _providers[slot].append(provider)


def panels_for(viewer: Viewer, topic: Topic) -> dict[str, list[Panel]]:
    """All panels of a topic's page for this viewer, by slot."""
    return {
        slot: [panel for provider in providers if (panel := provider(viewer, topic)) is not None]
        for slot, providers in _providers.items()
    }
