"""What a viewer may see and do with ideas. Seeing follows the topic."""

from __future__ import annotations

from accounts.viewer import Viewer
from community.forums import policies as forums
from community.forums.models import Kind, Status
from community.ideas.models import Idea
from community.spaces.models import Space


def audience(idea: Idea) -> frozenset[str]:
    """The tokens that open an idea: its topic's."""
    return forums.topic_audience(idea.topic)


def can_see(viewer: Viewer, idea: Idea) -> bool:
    return viewer.may_read(audience(idea))


def can_suggest(viewer: Viewer, space: Space) -> bool:
    """Suggest an idea in this space."""
    return forums.can_start(viewer, space, Kind.IDEA)


def can_vote(viewer: Viewer, idea: Idea) -> bool:
    """Everyone signed in who sees it, its author too, until it is decided."""
    if not viewer.is_signed_in or not can_see(viewer, idea):
        return False
    return idea.topic.status == Status.PUBLISHED and not idea.is_settled


def can_set_status(viewer: Viewer, idea: Idea) -> bool:
    """Staff who see it."""
    return viewer.is_staff and can_see(viewer, idea) and idea.topic.status != Status.REMOVED
