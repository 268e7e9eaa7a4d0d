"""What a flag weighs. A sum that can be read: one for the flag, one a trust level, more for a good record."""

from __future__ import annotations

from typing import Final

from accounts.viewer import Viewer
from community.moderation.models import Flag, Reason

STAFF_TRUST: Final = 5.0
JUDGED_ENOUGH: Final = 5
RECORD_SPAN: Final = 3.0
REASON_EXTRA: Final = {Reason.PRIVATE_INFO: 2.0}


def flag_weight(*, trust_level: int, is_staff: bool, reason: str, upheld: int, judged: int) -> float:
    """The weight of a person's flag, at least 0.5.

    The record counts from five judged flags: all upheld adds 1.5, seven in ten adds 0.6, none upheld takes 1.5.
    """
    weight = 1.0 + (STAFF_TRUST if is_staff else float(trust_level)) + REASON_EXTRA.get(Reason(reason), 0.0)
    if judged >= JUDGED_ENOUGH:
        weight += RECORD_SPAN * (upheld / judged - 0.5)
    return max(0.5, round(weight, 1))


def weight_of(viewer: Viewer, reason: str) -> float:
    """The weight of a flag that this viewer sets now, with the record read from the table."""
    states = list(
        Flag.objects.filter(reporter_id=viewer.user_id).exclude(state=Flag.State.OPEN).order_by("-pk")
        .values_list("state", flat=True)[:100]
    )
    return flag_weight(
        trust_level=viewer.trust_level, is_staff=viewer.is_staff, reason=reason,
        upheld=states.count(Flag.State.UPHELD), judged=len(states),
    )
