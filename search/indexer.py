"""From marks to indexes: claim, draw a version, re-read the rows, write, tick off. Runs in the worker's rounds.

What several engines wait for is read once. Elasticsearch comes first, because it answers searches.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone

from search import clock, outbox
from search.engines import Engine, EngineAway, engine
from search.engines.base import Written
from search.models import DirtyMark, EngineHold, Entry
from search.semantic import store
from search.semantic.embedders import Embedder, EmbedderFailed, embedder
from search.sources import Document, SearchSource, source_for, sources

logger = logging.getLogger("threadwell.search")
AT_ONCE: Final = 60  # of one engine in a round: the bell and mails get their turn after about half a second
FEW: Final = 20  # embedding is slow, and words should not wait for it
LEASE: Final = timedelta(seconds=60)
ATTEMPTS: Final = 6
BEHIND_AFTER: Final = 4  # refusals in a row, about fifteen seconds: then searches do not ask it
TOMBSTONE_AGE: Final = timedelta(hours=1)
_prepared: set[str] = set()
_published: set[str] = set()


Marks = dict[str, list[DirtyMark]]  # by kind


class Rows:
    """What the marks of a round are about, read once for all engines."""

    def __init__(self, claimed: Iterable[Marks]) -> None:
        self._ids: dict[str, set[int]] = {}
        for marks in claimed:
            for kind, each in marks.items():
                self._ids.setdefault(kind, set()).update(mark.object_id for mark in each)
        self._read: dict[str, tuple[int, dict[int, Document], dict[int, str]]] = {}

    def of(self, kind: str) -> tuple[int, dict[int, Document], dict[int, str]]:
        """A kind's version, its documents by id, and for the ids that cannot be read the reason."""
        if kind not in self._read:
            version = clock.tick()  # before the rows are read: see search.clock
            source = source_for(kind)
            documents, failed = _read(source, sorted(self._ids[kind])) if source else ([], {})
            self._read[kind] = version, {document.id: document for document in documents}, failed
        return self._read[kind]


def run_round() -> int:
    """One batch for each engine; returns how many marks were settled. An engine that is away keeps its marks."""
    waiting = [name for name in reversed(outbox.engine_names()) if not _rests(name)]
    claimed = {name: marks for name in waiting if (marks := _begin(name))}
    rows = Rows(claimed.values())
    done = sum(_run_engine(name, marks, rows) for name, marks in claimed.items())
    if outbox.MEANING in outbox.queues() and not _rests(outbox.MEANING):
        done += _run_meaning()
    return done


def tidy() -> None:
    """Drop old tombstones and the marks of engines that are no longer configured; look at the indexes anew."""
    Entry.objects.filter(is_deleted=True, indexed_at__lt=timezone.now() - TOMBSTONE_AGE).delete()
    DirtyMark.objects.exclude(engine__in=outbox.queues()).delete()
    forget()


def forget() -> None:
    """Look at the indexes anew in the next round: whether they are there, and whether they may answer."""
    _prepared.clear()
    _published.clear()


def _begin(name: str) -> Marks:
    """Take an engine's oldest marks, once its indexes are there; where none are left, new indexes may answer."""
    target = engine(name)
    try:
        _prepare(target)
        marks = _claim(name)
        if not marks:
            _publish(target)
    except EngineAway as error:
        _away(name, error)
        return {}
    return marks


def _run_engine(name: str, marks: Marks, rows: Rows) -> int:
    """Write what was claimed for an engine. Where no more waits than that, it is shown at once; behind a backlog the
    index shows in its own time what it took in."""
    target = engine(name)
    try:
        done = sum(_index(target, kind, marks[kind], rows) for kind in sorted(marks))
        if sum(map(len, marks.values())) < AT_ONCE:
            target.refresh(list(marks))
    except EngineAway as error:
        _away(name, error)
        return 0
    if EngineHold.objects.filter(engine=name).delete()[0]:
        outbox.catch_up(name)
    return done


def _away(name: str, error: EngineAway) -> None:
    """Let an engine rest, and look at its indexes anew when it is back."""
    _prepared.discard(name)
    _published.discard(name)
    _rest(name, error)


def _run_meaning() -> int:
    """Embed a few documents whose texts changed; what is new goes to Elasticsearch by its own mark."""
    maker = embedder()
    if maker is None:
        DirtyMark.objects.filter(engine=outbox.MEANING).delete()  # it is off; when it is on, all that lack are marked
        return 0
    if outbox.MEANING not in _prepared:
        for source in sources():
            if not source.is_name:
                outbox.mark(source.kind, store.missing(maker, source.kind, source.ids()), engines=[outbox.MEANING])
        _prepared.add(outbox.MEANING)
    done = 0
    for kind, marks in _claim(outbox.MEANING, most=FEW).items():
        try:
            done += _embed(maker, kind, marks)
        except EmbedderFailed as error:
            _rest(outbox.MEANING, error)
            return done
    if done:
        EngineHold.objects.filter(engine=outbox.MEANING).delete()
    return done


def _embed(maker: Embedder, kind: str, marks: Sequence[DirtyMark]) -> int:
    source = source_for(kind)
    if source is None or source.is_name:
        return _settle(marks, Written())
    ids = [mark.object_id for mark in marks]
    documents, failed = _read(source, ids)
    gone = set(ids) - {document.id for document in documents} - set(failed)
    changed = store.refresh(maker, kind, documents, gone)
    outbox.mark(kind, changed, engines=[outbox.ELASTICSEARCH])
    return _settle(marks, Written(later=failed))


def _prepare(target: Engine) -> None:
    """Once a process, and after trouble: everything for an index that is missing is marked, then the index is made.

    In this order, because an index that is there looks as if it had its marks.
    """
    if target.name in _prepared:
        return
    for kind in target.missing([source.kind for source in sources()]):
        source = source_for(kind)
        if source is not None:
            outbox.mark(kind, source.ids(), engines=[target.name])
        target.create(kind)
        _published.discard(target.name)
    _prepared.add(target.name)


def _publish(target: Engine) -> None:
    """Once all that waited is written, indexes that were made anew may answer."""
    waiting = DirtyMark.objects.filter(engine=target.name, state=DirtyMark.State.WAITING)
    if target.name not in _published and not waiting.exists():
        target.publish([source.kind for source in sources()])
        _published.add(target.name)


def _rests(name: str) -> bool:
    return EngineHold.objects.filter(engine=name, until__gt=timezone.now()).exists()


def _rest(name: str, error: Exception) -> None:
    """Leave an engine alone for 1, 2, 4 … seconds, at most a minute, and give its claimed marks back."""
    now = timezone.now()
    hold, _created = EngineHold.objects.get_or_create(engine=name, defaults={"until": now})
    seconds = min(2**hold.failures, 60) * random.uniform(0.8, 1.2)  # noqa: S311
    EngineHold.objects.filter(pk=hold.pk).update(
        failures=hold.failures + 1, until=now + timedelta(seconds=seconds), last_error=str(error)[:500]
    )
    claimed = DirtyMark.objects.filter(engine=name, state=DirtyMark.State.WAITING, attempts=0, next_attempt_at__gt=now)
    claimed.update(next_attempt_at=now)
    if hold.failures + 1 >= BEHIND_AFTER:
        outbox.fall_behind(name, seconds=120)
    if hold.failures in {0, 10}:
        logger.warning("The search engine %s is away, indexing waits: %s", name, error)


@transaction.atomic
def _claim(name: str, *, most: int = 0) -> Marks:
    """Take a lease on the oldest due marks of an engine, by kind."""
    due = DirtyMark.objects.filter(engine=name, state=DirtyMark.State.WAITING, next_attempt_at__lte=timezone.now())
    if connection.features.has_select_for_update_skip_locked:
        due = due.select_for_update(skip_locked=True)
    marks = list(due.order_by("next_attempt_at", "pk")[: most or min(AT_ONCE, settings.SEARCH_BULK_DOCUMENTS)])
    DirtyMark.objects.filter(pk__in=[mark.pk for mark in marks]).update(next_attempt_at=timezone.now() + LEASE)
    by_kind: Marks = {}
    for mark in marks:
        by_kind.setdefault(mark.kind, []).append(mark)
    return by_kind


def _index(target: Engine, kind: str, marks: Sequence[DirtyMark], rows: Rows) -> int:
    version, known, failed = rows.of(kind)
    ids = [mark.object_id for mark in marks]
    documents = [known[pk] for pk in ids if pk in known]
    gone = set(ids) - known.keys() - failed.keys()
    written = write(target, kind, documents, sorted(gone), version=version)
    written.later.update((pk, failed[pk]) for pk in ids if pk in failed)
    return _settle(marks, written)


def _read(source: SearchSource, ids: Sequence[int]) -> tuple[list[Document], dict[int, str]]:
    """The documents, and for the ids that cannot be read the reason; one bad row does not stop the others."""
    try:
        with transaction.atomic():
            return list(source.documents(ids)), {}
    except OperationalError:
        raise
    except Exception as error:
        if len(ids) == 1:
            return [], {ids[0]: f"{type(error).__name__}: {error}"[:500]}
    documents: list[Document] = []
    failed: dict[int, str] = {}
    for pk in ids:
        one, bad = _read(source, [pk])
        documents += one
        failed |= bad
    return documents, failed


def write(target: Engine, kind: str, documents: Sequence[Document], gone: Sequence[int], *, version: int) -> Written:
    """Write a batch; where an engine chokes on it as a whole, one by one, so that only the bad document is refused."""
    try:
        return target.write(kind, documents, gone, version=version)
    except (EngineAway, OperationalError):
        raise
    except (DatabaseError, ValueError) as error:
        if len(documents) + len(gone) == 1:
            pk = documents[0].id if documents else gone[0]
            return Written(refused={pk: f"{type(error).__name__}: {error}"[:500]})
    result = Written()
    for document in documents:
        result.refused |= write(target, kind, [document], [], version=version).refused
    for pk in gone:
        result.refused |= write(target, kind, [], [pk], version=version).refused
    return result


def _settle(marks: Sequence[DirtyMark], written: Written) -> int:
    """Tick off what went well, unless it was marked anew meanwhile; park the refused; put the rest off."""
    reasons = written.later | written.refused
    well = [mark for mark in marks if mark.object_id not in reasons]
    # A mark that was renewed has a stamp that nobody drew before, so pairs need not be compared.
    same = DirtyMark.objects.filter(pk__in=[mark.pk for mark in well], stamp__in=[mark.stamp for mark in well])
    done: int = same.delete()[0] if well else 0
    for mark in marks:
        reason = reasons.get(mark.object_id)
        if reason is None:
            continue
        park = mark.object_id in written.refused or mark.attempts + 1 >= ATTEMPTS
        DirtyMark.objects.filter(pk=mark.pk, stamp=mark.stamp).update(
            state=DirtyMark.State.PARKED if park else DirtyMark.State.WAITING,
            attempts=mark.attempts + 1,
            next_attempt_at=timezone.now() + timedelta(seconds=min(2 ** (mark.attempts + 1), 900)),
            last_error=reason[:500],
        )
        done += 1
        if park:
            logger.error("%s in %s cannot be indexed and is parked: %s", mark, mark.engine, reason)
    return done
