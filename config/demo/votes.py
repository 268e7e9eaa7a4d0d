"""Who finds a post helpful or wants an idea: the same people at every loading, at times that make sense."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from accounts.viewer import Viewer


def votes(
    dice: Random, readers: Sequence[Viewer], number: int, *, since: datetime, until: datetime
) -> Iterator[tuple[Viewer, datetime]]:
    """So many of the readers, each at a time after `since`: most of them within days, some much later."""
    length = max(until - since, timedelta(minutes=1))
    for viewer in dice.sample(readers, min(number, len(readers))):
        yield viewer, since + length * dice.random() ** 3
