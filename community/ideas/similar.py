"""Ideas like the one being written, so that people vote instead of writing it twice."""

from __future__ import annotations

from accounts.text import LIMITS
from accounts.viewer import Viewer
from community.ideas.models import Idea

LEAST = 8
MOST = 5


def similar_ideas(viewer: Viewer, title: str) -> list:
    """At most five, decided ones too; nothing before eight characters are written."""
    text = title.replace("\0", "").strip()[: LIMITS["title"]]
    return list(Idea.objects.visible_to(viewer).matching(text)[:MOST]) if len(text) >= LEAST else []
