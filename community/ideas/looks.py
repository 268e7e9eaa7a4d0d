"""How an idea's status is told: tone (a CSS class of chips) and icon, from one table; the word is the status's own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IdeaLook:
    tone: str
    icon: str


LOOKS: dict[str, IdeaLook] = {
    "new": IdeaLook("talk", "lightbulb"),
    "under_review": IdeaLook("open", "search"),
    "planned": IdeaLook("plan", "calendar"),
    "in_progress": IdeaLook("staff", "hammer"),
    "shipped": IdeaLook("solved", "check"),
    "declined": IdeaLook("bad", "x"),
}
