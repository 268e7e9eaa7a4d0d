"""What a person earned, in the copy of their data."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.takeout.parts import Row, Taker, register_part
from community.reputation.badges import badges_of
from community.reputation.models import Standing


def register_all() -> None:
    register_part(
        "standing", label=_("Points and badges"), place=2, show=standings, columns=[("reputation.Standing", "user")],
        rows=lambda taker: Standing.objects.filter(user=taker.user),
    )  # fmt: skip


def standings(taker: Taker, rows: Sequence[Standing]) -> list[Row]:
    return [
        {
            "points": row.points, "accepted_answers": row.solutions, "helpful_votes": row.helpful_votes,
            "answers_accepted_from_others": row.accepted_others, "ideas_shipped": row.ideas_shipped,
            "badges": [f"{badge.name}: {badge.hint}" for badge in badges_of(row)], "counted_at": row.counted_at,
        }
        for row in rows
    ]  # fmt: skip
