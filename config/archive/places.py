"""The old addresses of what is exported, so that the next house leads them on as this one did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from config.models import OldAddress

_CHUNK: Final = 200


def of(kind: str, ids: Sequence[int]) -> dict[int, list[str]]:
    """By id, the addresses where things of a kind stood before."""
    found: dict[int, list[str]] = {}
    for start in range(0, len(ids), _CHUNK):
        lines = OldAddress.objects.filter(kind=kind, target_id__in=ids[start:start + _CHUNK]).order_by("pk")
        for line in lines:
            where = f"https://{line.host}/{line.name}" if line.host else f"/{line.name}"
            found.setdefault(line.target_id, []).append(where)
    return found


def beside(rows: Iterable[Any], kind: str) -> Iterator[tuple[Any, list[str]]]:
    """Each row with its old addresses, asked for some hundreds at a time."""
    remaining = iter(rows)
    while batch := list(islice(remaining, _CHUNK)):
        known = of(kind, [row.pk for row in batch])
        for row in batch:
            yield row, known.get(row.pk, [])
