"""What drafts of the code library belong to: one new snippet at a time."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.drafts.contexts import Spot, register_context
from accounts.viewer import Viewer
from community.snippets.forms import spaces_for_code


def new_snippets(viewer: Viewer, ids: Iterable[int]) -> dict[int, Spot]:
    return {0: Spot(_("New code"), reverse("snippets:create"))} if 0 in set(ids) and spaces_for_code(viewer) else {}


def register_all() -> None:
    register_context("snippet", new_snippets)
