"""What Stack Exchange writes in its own way: tags, states, comments."""

from __future__ import annotations

import re
from typing import Final

FEATURE_REQUEST: Final = "feature-request"
# What the tags of moderators say about a suggestion.
_STATES: Final = {
    "status-completed": "shipped", "status-planned": "planned", "status-review": "under_review",
    "status-deferred": "under_review", "status-reproduced": "under_review", "status-declined": "declined",
    "status-bydesign": "declined", "status-norepro": "declined",
}  # fmt: skip
_TAG: Final = re.compile(r"<([^<>]+)>")
# What would make a line of a comment a heading, a list, a quote or code; over there it is just a line.
_BLOCK: Final = re.compile(r"^(?=#{1,6}(?:\s|$)|>|[-+*](?:\s|$)|={2,}|-{2,}|`{3}|~{3}|\|)")
_NUMBER: Final = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")

VOTES: Final = {
    "1": "accepted marks", "2": "up votes", "3": "down votes", "4": "offensive flags", "5": "favourites",
    "6": "close votes", "7": "reopen votes", "8": "bounties", "9": "bounties", "10": "deletion votes",
    "11": "undeletion votes", "12": "spam flags", "15": "reviews", "16": "approved edits",
}  # fmt: skip


def tags_of(text: str) -> list[str]:
    """The tags of a question: `<a><b>` in older dumps, `|a|b|` in newer ones."""
    return _TAG.findall(text) if "<" in text else [tag for tag in text.split("|") if tag]


def idea_state(tags: list[str]) -> str:
    """The state of a suggestion by its tags; empty for a question that suggests nothing."""
    if FEATURE_REQUEST not in tags:
        return ""
    return next((_STATES[tag] for tag in tags if tag in _STATES), "new")


def other_tags(tags: list[str]) -> list[str]:
    """Without those that a suggestion's state says already."""
    return [tag for tag in tags if tag != FEATURE_REQUEST and tag not in _STATES]


def comment_markdown(text: str) -> str:
    """A comment as Markdown: its marks within a line mean the same, but no line of it begins a block."""
    lines = [_NUMBER.sub(r"\1\\\2", _BLOCK.sub(r"\\", line.strip())) for line in text.split("\n")]
    return "\n".join(lines)
