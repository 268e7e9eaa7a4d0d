"""What drafts of the calendar belong to: one new event at a time."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.drafts.contexts import Spot, register_context
from accounts.viewer import Viewer
from community.calendar.forms import spaces_for_events


def new_events(viewer: Viewer, ids: Iterable[int]) -> dict[int, Spot]:
    return {0: Spot(_("New event"), reverse("calendar:create"))} if 0 in set(ids) and spaces_for_events(viewer) else {}


def register_all() -> None:
    register_context("event", new_events)
