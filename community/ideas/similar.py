"""Ideas like the one being written, so that people vote instead of writing it twice."""

from __future__ import annotations

from accounts.text import LIMITS
from accounts.viewer import Viewer
from search.sources import Card
from search.suggest import related

LEAST = 8
MOST = 5


def similar_ideas(viewer: Viewer, title: str) -> list[Card]:
    """At most five that this viewer may see, decided ones too; nothing before eight characters are written."""
    text = title.replace("\0", "").strip()[: LIMITS["title"]]
    return related(viewer, kind="idea", text=text, limit=MOST, kinds=["idea"]) if len(text) >= LEAST else []
