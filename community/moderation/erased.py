"""What erasing a person does to the review queue: what was reported and decided stays, by nobody who is named."""

from __future__ import annotations

from accounts.erasing.rules import leave_empty, register_link, register_text


def register_all() -> None:
    register_link("moderation.ReviewItem", "author", leave_empty)
    register_link("moderation.ReviewItem", "decided_by", leave_empty)
    register_link("moderation.Flag", "reporter", leave_empty)
    register_link("moderation.ReviewDecision", "by", leave_empty)
    register_link("moderation.ReviewDecision", "undone_by", leave_empty)
    register_text("moderation.Flag", "note")
    register_text("moderation.ReviewDecision", "note")
