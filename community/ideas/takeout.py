"""Which ideas a person voted for, in the copy of their data. Ideas of theirs are among the topics."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.takeout.parts import Row, Taker, register_left_out, register_part
from community.forums.takeout import topics_of
from community.ideas.models import IdeaVote


def register_all() -> None:
    register_part(
        "idea-votes", label=_("Ideas that you voted for"), place=30, show=votes, columns=[("ideas.IdeaVote", "user")],
        rows=lambda taker: IdeaVote.objects.filter(user=taker.user),
    )  # fmt: skip
    register_left_out("ideas.IdeaStatusChange", ["changed_by"], "what staff decided in the company's name")


def votes(taker: Taker, rows: Sequence[IdeaVote]) -> list[Row]:
    found = topics_of(taker, (row.idea_id for row in rows))
    return [found.get(row.idea_id, {}) | {"topic": row.idea_id, "at": row.created_at} for row in rows]
