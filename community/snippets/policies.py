"""What a viewer may see and do with snippets. Seeing follows the topic."""

from __future__ import annotations

from accounts.viewer import Viewer
from community.forums import policies as forums
from community.forums.models import Kind, Status
from community.snippets.models import Snippet
from community.spaces.models import Space


def audience(snippet: Snippet) -> frozenset[str]:
    """The tokens that open a snippet: its topic's."""
    return forums.topic_audience(snippet.topic)


def can_see(viewer: Viewer, snippet: Snippet) -> bool:
    return viewer.may_read(audience(snippet))


def can_share(viewer: Viewer, space: Space) -> bool:
    """Share code in this space."""
    return forums.can_start(viewer, space, Kind.SNIPPET)


def can_change(viewer: Viewer, snippet: Snippet) -> bool:
    """Save a version: whoever shared it, for as long as its topic is open, and its moderators."""
    return forums.can_change_details(viewer, snippet.topic)


def can_use(viewer: Viewer, snippet: Snippet) -> bool:
    """Say that one uses it: everybody signed in who reads it, but whoever shared it."""
    topic = snippet.topic
    is_open = topic.status == Status.PUBLISHED and not topic.is_archived and topic.author_id != viewer.user_id
    return viewer.is_signed_in and can_see(viewer, snippet) and is_open
