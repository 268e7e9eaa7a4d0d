"""Vectors by document, in the database: made once a text, whatever happens to the index."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

from search.models import Passages
from search.semantic.embedders import Embedder, Vector
from search.semantic.passages import CUT, digest, passages
from search.sources import Document


def refresh(maker: Embedder, kind: str, documents: Sequence[Document], gone: Iterable[int] = ()) -> list[int]:
    """Embed what is new or changed and forget what is gone; returns the ids whose vectors changed.

    Raises EmbedderFailed; then nothing is written.
    """
    Passages.objects.filter(kind=kind, object_id__in=list(gone)).delete()
    rows = Passages.objects.filter(kind=kind, object_id__in=[document.id for document in documents], model=_by(maker))
    known = dict(rows.values_list("object_id", "digest"))
    texts = {document.id: passages(document) for document in documents}
    changed = {pk: pieces for pk, pieces in texts.items() if known.get(pk) != digest(pieces)}
    vectors = maker.embed([piece for pieces in changed.values() for piece in pieces]) if changed else []
    made, start = [], 0
    for pk, pieces in changed.items():
        own = vectors[start : start + len(pieces)]
        start += len(pieces)
        made.append(Passages(kind=kind, object_id=pk, model=_by(maker), digest=digest(pieces), vectors=_packed(own)))
    Passages.objects.bulk_create(
        made, update_conflicts=True, unique_fields=["kind", "object_id"], update_fields=["model", "digest", "vectors"]
    )
    return list(changed)


def stored(maker: Embedder, kind: str, ids: Iterable[int]) -> dict[int, list[Vector]]:
    """The vectors that are there for these documents."""
    rows = Passages.objects.filter(kind=kind, object_id__in=list(ids), model=_by(maker))
    size = maker.dimensions
    found: dict[int, list[Vector]] = {}
    for pk, packed in rows.values_list("object_id", "vectors"):
        values = struct.unpack(f"<{len(packed) // 2}e", packed)
        found[pk] = [values[start : start + size] for start in range(0, len(values), size)]
    return found


def missing(maker: Embedder, kind: str, ids: Iterable[int]) -> list[int]:
    """Those of the ids that have no vectors of this model."""
    known = set(Passages.objects.filter(kind=kind, model=_by(maker)).values_list("object_id", flat=True))
    return [pk for pk in ids if pk not in known]


def _by(maker: Embedder) -> str:
    """What made vectors: those that something else made are made anew."""
    return f"{maker.name}/{CUT}"


def _packed(vectors: Sequence[Vector]) -> bytes:
    """Half precision: cosines keep three digits, and a row is half as long."""
    values = [value for vector in vectors for value in vector]
    return struct.pack(f"<{len(values)}e", *values)
