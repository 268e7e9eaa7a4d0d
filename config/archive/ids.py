"""Which row of a source became what: the map that makes a second run change nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from config.models import ImportedId

_KEY_LENGTH: Final = 110


@dataclass(frozen=True, slots=True)
class Known:
    target_id: int
    digest: str


def known(source: str, kind: str, source_ids: Iterable[str]) -> dict[str, Known]:
    """Those of the given rows that are in already; one query."""
    rows = ImportedId.objects.filter(source=source, kind=kind, source_id__in=set(source_ids))
    return {row.source_id: Known(row.target_id, row.digest) for row in rows}


def remember(
    source: str,
    kind: str,
    source_id: str,
    *,
    target_id: int,
    digest: str = "",
    address: str = "",
    has_links: bool = False,
) -> None:
    """Note what a row became, or that it changed."""
    remember_all([
        ImportedId(
            source=source, kind=kind, source_id=source_id, target_id=target_id, digest=digest, address=address[:300],
            has_links=has_links,
        )
    ])  # fmt: skip


def remember_all(rows: list[ImportedId]) -> None:
    """Many at once, in one statement."""
    ImportedId.objects.bulk_create(
        rows, batch_size=500, update_conflicts=True, unique_fields=["source", "kind", "source_id"],
        update_fields=["target_id", "digest", "address", "has_links"],
    )  # fmt: skip


def reply_key(source: str, kind: str, thread_id: str, reply_id: str) -> str:
    """The key of a reply in a thread of this kind; many platforms number replies anew in every thread."""
    return source_key(source, f"{kind}-reply", f"{thread_id}/{reply_id}")


def source_key(source: str, kind: str, source_id: str) -> str:
    """The one text that `imported_from` holds; a long id goes in as its digest."""
    key = f"{source}:{kind}:{source_id}"
    if len(key) <= _KEY_LENGTH:
        return key
    return f"{source}:{kind}:{hashlib.blake2b(source_id.encode(), digest_size=20).hexdigest()}"
