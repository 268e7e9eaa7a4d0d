"""The snippet's part of a topic's page: its files, who uses it, and where to take them from."""

from __future__ import annotations

from accounts.viewer import Viewer
from community.forums.models import Kind, Topic
from community.forums.panels import Panel
from community.snippets import policies, selectors


def snippet_panel(viewer: Viewer, topic: Topic) -> Panel | None:
    """For topics of kind snippet, under the title; three statements there, none elsewhere."""
    snippet = selectors.snippet_for(viewer, topic.pk) if topic.kind == Kind.SNIPPET else None
    if snippet is None:
        return None
    return Panel("snippets/_panel.html", {
        "snippet": snippet, "version": snippet.current, "may_use": policies.can_use(viewer, snippet),
        "may_change": policies.can_change(viewer, snippet),
    })  # fmt: skip
