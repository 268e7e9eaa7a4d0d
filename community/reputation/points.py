"""What earns points: the whole rule in one table.

Source: reference/features.md 1.2, “Rep points” (Apache Answer's rule: accepted +15, up-vote +10, accepting +2, at most
200 a day from votes). Ours besides: a shipped idea earns what an accepted answer does. Nothing takes points away.
"""

from __future__ import annotations

from typing import Final

POINTS: Final = {"solution": 15, "helpful_vote": 10, "accepting": 2, "idea_shipped": 15}
MOST_VOTES_A_DAY: Final = 20  # 200 points: votes beyond that on one day count as helpful but earn nothing


def points_for(*, solutions: int, earning_votes: int, accepted_others: int, ideas_shipped: int) -> int:
    """The points of a person; `earning_votes` are the helpful votes under the daily limit."""
    return (
        solutions * POINTS["solution"]
        + earning_votes * POINTS["helpful_vote"]
        + accepted_others * POINTS["accepting"]
        + ideas_shipped * POINTS["idea_shipped"]
    )
