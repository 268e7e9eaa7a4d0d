"""Help that was read and followed by a question all the same: what to write better first."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, QuerySet

from accounts.viewer import Viewer
from community.forums.models import ReadBefore
from search.sources import Card, source_for

MOST: Final = 10


@dataclass(frozen=True, slots=True)
class InVain:
    """`questions` were asked after this was opened from the ask form."""

    card: Card
    questions: int


def read_in_vain(viewer: Viewer, asked: QuerySet) -> list[InVain]:
    """What was opened most before these questions, as far as the reader may see it; one or two statements a kind."""
    rows = ReadBefore.objects.filter(topic__in=asked.values("pk")).order_by().values("kind", "object_id")
    counts = {(row["kind"], row["object_id"]): row["n"] for row in rows.annotate(n=Count("pk")).order_by("-n")[:MOST]}
    by_kind: dict[str, list[int]] = defaultdict(list)
    for kind, pk in counts:
        by_kind[kind].append(pk)
    cards: dict[tuple[str, int], Card] = {}
    for kind, pks in by_kind.items():
        source = source_for(kind)
        found = source.cards(pks, viewer) if source is not None else {}
        cards |= {(kind, pk): card for pk, card in found.items()}
    return [InVain(cards[thing], number) for thing, number in counts.items() if thing in cards]
