"""Where rooms above add something to a person's profile: what they wrote, what it earned them.

Slots: `main` (under the head) and `aside` (right rail) of the profile, `card` (what opens beside a name), `quiet` (the
page of what one does not want to hear of).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from accounts.models import User
from accounts.viewer import Viewer

SLOTS = ("main", "aside", "card", "quiet")


@dataclass(frozen=True, slots=True)
class ProfilePanel:
    """A template and what it needs; the template reads it as `panel` and gets `person` and `viewer` too."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


Provider = Callable[[Viewer, User], ProfilePanel | None]
_providers: dict[str, list[Provider]] = {slot: [] for slot in SLOTS}


def register_profile_panel(slot: str, provider: Provider) -> None:
    """Offer a panel for a slot; the provider returns None where it has nothing to show this viewer."""
    if provider not in _providers[slot]:
        _providers[slot].append(provider)


def panels_in(slot: str, viewer: Viewer, person: User) -> list[ProfilePanel]:
    """The panels of one slot for this viewer."""
    return [panel for provider in _providers[slot] if (panel := provider(viewer, person)) is not None]


def panels_for(viewer: Viewer, person: User) -> dict[str, list[ProfilePanel]]:
    """The panels of a profile for this viewer, by slot."""
    return {slot: panels_in(slot, viewer, person) for slot in ("main", "aside")}
