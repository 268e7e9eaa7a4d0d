"""The choice on other people's profiles."""

from __future__ import annotations

from accounts.ignoring import policies, selectors
from accounts.ignoring.forms import IgnoreForm
from accounts.models import User
from accounts.panels import ProfilePanel
from accounts.viewer import Viewer


def choice(viewer: Viewer, person: User) -> ProfilePanel | None:
    """A folded form for who may ignore the person."""
    if not policies.can_ignore(viewer, person):
        return None
    context = {"chosen": selectors.choice_of(viewer, person), "form": IgnoreForm(), "username": person.username}
    return ProfilePanel("ignoring/_profile.html", context)
