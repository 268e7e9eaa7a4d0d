"""Keeping standings: always rebuilt from what they count, so that doing it twice, late or out of order is the same."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from community.reputation import tallies
from community.reputation.models import Standing
from community.reputation.points import points_for

FIELDS = ["points", "solutions", "helpful_votes", "accepted_others", "ideas_shipped"]
BATCH = 500


@transaction.atomic
def recount_standings(people: Iterable[int] | None = None) -> int:
    """Rebuild the standings of these people, or of everyone; returns how many changed. A constant number of queries."""
    wanted = None if people is None else sorted(set(people))
    solutions, accepted = tallies.solutions(wanted), tallies.accepted_others(wanted)
    votes, earning = tallies.helpful_votes(wanted)
    shipped = tallies.ideas_shipped(wanted)
    known = {row.user_id: row for row in _rows(wanted)}
    new = {*solutions, *accepted, *votes, *shipped} - known.keys()
    alive = set(User.objects.filter(pk__in=new).values_list("pk", flat=True))

    rows, changed = [], 0
    for user_id in sorted(alive | known.keys()):
        row = Standing(
            user_id=user_id, solutions=solutions[user_id], helpful_votes=votes[user_id],
            accepted_others=accepted[user_id], ideas_shipped=shipped[user_id],
            points=points_for(
                solutions=solutions[user_id], earning_votes=earning[user_id],
                accepted_others=accepted[user_id], ideas_shipped=shipped[user_id],
            ),
        )
        if user_id not in known or any(getattr(known[user_id], name) != getattr(row, name) for name in FIELDS):
            row.counted_at = timezone.now()
            rows.append(row)
            changed += 1
    Standing.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=["user"], update_fields=[*FIELDS, "counted_at"]
    )
    return changed


def _rows(wanted: list[int] | None):
    standings = Standing.objects.select_for_update().order_by("pk")
    return standings if wanted is None else standings.filter(pk__in=wanted)
