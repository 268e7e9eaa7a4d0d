"""What a person flagged, and what was decided of theirs as they were told, in the copy of their data."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.takeout.parts import Row, Taker, register_left_out, register_part
from community.moderation.models import Flag, ReviewItem


def register_all() -> None:
    register_part(
        "flags", label=_("What you flagged"), place=70, show=flags, columns=[("moderation.Flag", "reporter")],
        rows=lambda taker: Flag.objects.filter(reporter=taker.user).select_related("item"),
    )  # fmt: skip
    register_part(
        "removed", label=_("What moderators removed of yours"), place=70, show=removed,
        columns=[("moderation.ReviewItem", "author")], rows=removed_of,
    )  # fmt: skip
    for label, names in {"ReviewItem": ["decided_by"], "ReviewDecision": ["by", "undone_by"]}.items():
        register_left_out(f"moderation.{label}", names, "what moderators decided about others")


def flags(taker: Taker, rows: Sequence[Flag]) -> list[Row]:
    """Their own words, and what came of it."""
    return [
        {
            "title": row.get_reason_display(), "what": row.item.target_type, "number": row.item.target_id,
            "flagged_at": row.created_at, "outcome": row.state, "text": row.note,
        }
        for row in rows
    ]  # fmt: skip


def removed_of(taker: Taker):
    """What was flagged and kept, nobody tells its author."""
    return ReviewItem.objects.filter(author=taker.user, state=ReviewItem.State.REMOVED)


def removed(taker: Taker, rows: Sequence[ReviewItem]) -> list[Row]:
    """That and when. Who flagged it, who decided, and what staff noted is not theirs."""
    return [
        {"what": row.target_type, "number": row.target_id, "removed_at": row.decided_at}
        for row in rows
    ]
