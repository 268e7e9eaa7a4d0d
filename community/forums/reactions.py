"""The emoji that people may react with: a few, chosen by the operator by their names (`settings.REACTIONS`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from django.conf import settings

from accounts.viewer import Viewer

A_DAY: Final = 50  # Discourse's numbers for its one reaction: 50 a day, and more of it for those who are known
_MORE: Final = {2: 1.5, 3: 2.0, 4: 3.0}


@dataclass(frozen=True, slots=True)
class Reaction:
    """`name` is stored, `sign` is shown, `label` is read out."""

    name: str
    sign: str
    label: str


def offered() -> tuple[Reaction, ...]:
    """What may be added now, in the operator's order; names that no emoji has are left out."""
    return _offered(tuple(settings.REACTIONS))


@lru_cache(maxsize=8)
def _offered(names: tuple[str, ...]) -> tuple[Reaction, ...]:
    found = [reaction(name) for name in names]
    return tuple(one for one in found if one.sign != f":{one.name}:")


@lru_cache(maxsize=500)
def reaction(name: str) -> Reaction:
    """An emoji by its name, also one that is not offered any more."""
    import emoji

    sign = emoji.emojize(f":{name}:", language="alias", variant="emoji_type")
    label = emoji.demojize(sign).strip(":").replace("_", " ") if sign != f":{name}:" else name
    return Reaction(name, sign, label)


def most_a_day(viewer: Viewer) -> int:
    """How often a person may react in 24 hours."""
    return int(A_DAY * _MORE.get(4 if viewer.is_staff else viewer.trust_level, 1.0))


def told(counts: Iterable[tuple[str, int]]) -> str:
    """What `Post.reactions` holds: `thumbsup:3 heart:1`, those offered first and in their order."""
    order = {one.name: at for at, one in enumerate(offered())}
    rows = sorted(counts, key=lambda row: (order.get(row[0], len(order)), row[0]))
    return " ".join(f"{name}:{count}" for name, count in rows[:16])


def counts_in(text: str) -> list[tuple[str, int]]:
    """(name, count) from what `told` wrote."""
    return [(name, int(count)) for name, _colon, count in (row.partition(":") for row in text.split())]
