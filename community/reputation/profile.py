"""What a person's profile shows of their standing."""

from __future__ import annotations

from accounts.models import User
from accounts.panels import ProfilePanel
from accounts.viewer import Viewer
from community.reputation import selectors
from community.reputation.badges import badges_of, solved_words


def standing(viewer: Viewer, person: User) -> ProfilePanel | None:
    """The numbers that every member may know; nothing for those who have none yet."""
    found = selectors.standing_of(person.pk)
    context = {"standing": found, "badges": badges_of(found)}
    return ProfilePanel("reputation/_profile.html", context) if found.points else None


def card(viewer: Viewer, person: User) -> ProfilePanel:
    """What the card beside a name says of it."""
    found = selectors.standing_of(person.pk)
    return ProfilePanel("reputation/_card.html", {"solved": solved_words(found), "badges": badges_of(found)})
