"""What drafts of the ideas board belong to: one new idea at a time."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.drafts.contexts import Spot, register_context
from accounts.viewer import Viewer
from community.ideas.forms import spaces_for_ideas


def new_ideas(viewer: Viewer, ids: Iterable[int]) -> dict[int, Spot]:
    return {0: Spot(_("New idea"), reverse("ideas:create"))} if 0 in set(ids) and spaces_for_ideas(viewer) else {}


def register_all() -> None:
    register_context("idea", new_ideas)
