"""What goes into the database engine's tables: rows, tombstones, lists of tokens, tags and products, title words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.viewer import viewer_for
from search import analysis, compounds, languages
from search.models import Entry, EntryProduct, EntryTag, EntryToken, TitleWord, TitleWordToken
from search.sources import Document

Row = tuple[str, str, int, int, float, int]  # of an answer: what, value, number or place, entry id, score, cover
MOST_VALUES: Final = 200  # of a facet; nobody is shown more
LISTS: Final = {"tag": "search_entrytag", "product": "search_entryproduct"}
WRITING: Final = timedelta(minutes=5)  # what was begun longer ago is written
BODY_LIMIT: Final = 100_000
REPLIES_LIMIT: Final = 150_000
TEXTS: Final = ("title", "keywords", "tag_words", "summary", "body", "solution", "replies")
COLUMNS: Final = (
    "kind", "object_id", "version", "digest", "is_deleted", "indexed_at", "container", "container_name", "state",
    "author", "language", "created_at", "updated_at", "helpful", "is_official", "length", *TEXTS,
)


def moment(value: datetime) -> Any:
    """A time as the database stores it, for raw SQL."""
    return connection.ops.adapt_datetimefield_value(value)


def row(kind: str, doc: Document, version: int) -> dict[str, Any]:
    return {
        "kind": kind, "object_id": doc.id, "version": version, "digest": doc.digest, "is_deleted": False,
        "indexed_at": moment(timezone.now()), "title": doc.title[:300], "keywords": doc.keywords,
        "tag_words": " ".join(doc.tags), "summary": doc.summary, "body": doc.body[:BODY_LIMIT],
        "solution": doc.solution[:BODY_LIMIT], "replies": doc.replies[:REPLIES_LIMIT], "container": doc.container,
        "container_name": doc.container_name[:120], "state": doc.state, "author": doc.author, "language": doc.language,
        "created_at": moment(doc.created_at), "updated_at": moment(doc.updated_at), "helpful": doc.helpful,
        "is_official": doc.is_official, "length": _length(doc),
    }


def _length(doc: Document) -> int:
    """How many words are indexed, for judging a match by the length of what it is in."""
    texts = (doc.title, doc.keywords, *doc.tags, doc.summary, doc.body[:BODY_LIMIT], doc.solution, doc.replies)
    return sum(len(analysis.plain_words(text)) for text in texts)


def tombstone(kind: str, object_id: int, version: int) -> dict[str, Any]:
    now = moment(timezone.now())
    return {
        **{name: "" for name in COLUMNS}, "kind": kind, "object_id": object_id, "version": version, "is_deleted": True,
        "indexed_at": now, "created_at": now, "updated_at": now, "helpful": 0, "is_official": False, "language": "en",
        "length": 0,
    }


def upsert(row: dict[str, Any]) -> int | None:
    """Write a row unless the stored version is as new; returns the entry's id, or None when the write lost."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[2:])
    sql = (
        f"INSERT INTO search_entry ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"
        f" ON CONFLICT (kind, object_id) DO UPDATE SET {changes}"
        " WHERE search_entry.version < excluded.version RETURNING id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [row[name] for name in COLUMNS])
        found = cursor.fetchone()
    return found[0] if found else None


def replace_lists(written: Sequence[tuple[int, Document]]) -> None:
    ids = [pk for pk, _doc in written]
    EntryToken.objects.filter(entry_id__in=ids).delete()
    EntryTag.objects.filter(entry_id__in=ids).delete()
    EntryProduct.objects.filter(entry_id__in=ids).delete()
    EntryToken.objects.bulk_create(
        [EntryToken(entry_id=pk, token=token) for pk, doc in written for token in sorted(set(doc.audience))]
    )
    EntryTag.objects.bulk_create(
        [EntryTag(entry_id=pk, tag=tag) for pk, doc in written for tag in sorted({t[:40] for t in doc.tags})]
    )
    EntryProduct.objects.bulk_create(
        [EntryProduct(entry_id=pk, product=name) for pk, doc in written for name in sorted(set(doc.products))]
    )


def learn_words(documents: Iterable[Document]) -> None:
    """Keep the titles' words, where slips of the pen and compounds are looked up, and whether everybody reads them."""
    everybody = viewer_for(None).tokens
    read: dict[str, bool] = {}
    readers: set[Reader] = set()
    for document in documents:
        is_open = not everybody.isdisjoint(document.audience)
        words = _mendable([document.title])
        for word in words:
            read[word] = is_open or read.get(word, False)
        if not is_open and languages.code_of(document.language) in compounds.IN:
            readers |= _readers(words, document.audience)
    rows = [TitleWord.of(word, is_open=read[word]) for word in sorted(read)]
    TitleWord.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    opened = sorted(word for word, is_open in read.items() if is_open)
    for start in range(0, len(opened), 500):
        TitleWord.objects.filter(word__in=opened[start : start + 500], is_open=False).update(is_open=True)
    _keep_readers(readers)


Reader = tuple[str, str]  # a word that may be a compound, and a token of those who read a title that says it


def _readers(words: Iterable[str], tokens: Iterable[str]) -> set[Reader]:
    return {(word, token) for token in tokens for word in words if len(word) >= compounds.SHORTEST_WHOLE}


def _keep_readers(readers: Iterable[Reader]) -> None:
    wanted = sorted(readers)
    for start in range(0, len(wanted), 500):
        batch = wanted[start : start + 500]
        known = dict(TitleWord.objects.filter(word__in={word for word, _token in batch}).values_list("word", "pk"))
        rows = [TitleWordToken(word_id=known[word], token=token) for word, token in batch if word in known]
        TitleWordToken.objects.bulk_create(rows, ignore_conflicts=True)


def _forget_readers(living: QuerySet[Entry], began: datetime) -> None:
    """Let no title count any more that is gone, renamed, or read by others now; count those of before there were any.
    """
    everybody = viewer_for(None).tokens
    in_them = Q()
    for code in compounds.IN:
        in_them |= Q(language=code) | Q(language__startswith=f"{code}-")
    closed = living.filter(in_them).exclude(tokens__token__in=everybody)
    titles = closed.filter(tokens__isnull=False).values_list("title", "tokens__token")
    readers: set[Reader] = set()
    for rows in (titles.iterator(chunk_size=5_000), titles.filter(indexed_at__gte=began)):
        for title, token in rows:
            readers |= _readers(_mendable([title]), (token,))
    kept = {(word, token): pk for word, token, pk in TitleWordToken.objects.values_list("word__word", "token", "pk")}
    gone = [pk for reader, pk in kept.items() if reader not in readers]
    for start in range(0, len(gone), 500):
        TitleWordToken.objects.filter(pk__in=gone[start : start + 500]).delete()
    _keep_readers(readers - kept.keys())


def forget_words() -> int:
    """Drop the words that no title says any more, and return how many: what was removed, renamed or erased has no part
    in mending slips. Whether everybody reads the others is told as it is now.
    """
    began = timezone.now() - WRITING
    known = {word: (pk, is_open) for word, pk, is_open in TitleWord.objects.values_list("word", "pk", "is_open")}
    living = Entry.objects.filter(is_deleted=False).order_by()
    said = _said(living, began)
    opened = _said(living.filter(tokens__token__in=viewer_for(None).tokens), began)
    gone = [pk for word, (pk, _is_open) in known.items() if word not in said]
    for start in range(0, len(gone), 500):
        TitleWord.objects.filter(pk__in=gone[start : start + 500]).delete()
    others = [pk for word, (pk, is_open) in known.items() if word in said and (word in opened) != is_open]
    for start in range(0, len(others), 500):
        TitleWord.objects.filter(pk__in=others[start : start + 500]).update(is_open=~F("is_open"))
    _forget_readers(living, began)
    return len(gone)


def _said(entries: QuerySet[Entry], began: datetime) -> set[str]:
    """The words of their titles. What is written meanwhile is looked at once more."""
    titles = entries.values_list("title", flat=True)
    return _mendable(titles.iterator(chunk_size=5_000)) | _mendable(titles.filter(indexed_at__gte=began))


def _mendable(titles: Iterable[str]) -> set[str]:
    return {word for title in titles for word in analysis.plain_words(title) if analysis.is_mendable(word)}
