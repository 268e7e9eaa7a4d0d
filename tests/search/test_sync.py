"""Index and database: marks, versions, parking, rebuilding, reconciling, and an engine that is away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.events import worker
from accounts.models import User
from accounts.viewer import viewer_for
from community.forums.models import Topic
from search import clock, engines, indexer, outbox, parser, reconcile, services
from search.engines.base import EngineAway
from search.engines.breaker import Breaker
from search.models import DirtyMark, EngineHold
from search.sources import Card, Document, SearchSource, register, source_for, unregister
from tests.factories.forums import make_topic
from tests.factories.people import make_user
from tests.search.conftest import titles

NOW = timezone.now()


def document(pk: int, title: str, **fields) -> Document:
    return Document(id=pk, title=title, body="", audience=("public",), created_at=NOW, updated_at=NOW, **fields)


def hits(engine, text: str, kind: str = "topic") -> list[str]:
    engine.refresh()
    found = engine.search(parser.parse(text), frozenset({"public"}), kinds=[kind], window=50)
    return sorted(hit.title for hit in found.hits.get(kind, []))


class OddSource(SearchSource):
    """People as documents, some of which cannot be read."""

    kind = "odd"
    label = label_plural = "Odd"
    icon = "bug"
    broken: set[int] = set()

    def ids(self) -> QuerySet:
        return User.objects.order_by("pk").values_list("pk", flat=True)

    def documents(self, ids: Sequence[int]) -> Iterable[Document]:
        if self.broken & set(ids):
            raise KeyError("no such column")
        return [document(user.pk, f"Odd {user.username}") for user in User.objects.filter(pk__in=ids)]

    def cards(self, ids: Sequence[int], viewer) -> dict[int, Card]:
        return {}

    def affected(self, event) -> Iterable[int]:
        return ()


@pytest.fixture
def odd() -> Iterator[OddSource]:
    source = OddSource()
    register(source)
    yield source
    unregister("odd")


def test_mark_is_part_of_the_writers_transaction(engine):
    try:
        with transaction.atomic():
            make_topic()
            assert DirtyMark.objects.filter(kind="topic").exists()
            raise RuntimeError
    except RuntimeError:
        pass
    assert not DirtyMark.objects.filter(kind="topic").exists()


def test_round_when_much_waits_then_takes_a_little_of_it_so_that_bells_need_not_wait(engine):
    worker.drain()
    people = [make_user(f"many{number}") for number in range(indexer.AT_ONCE + 5)]
    outbox.mark("person", [person.pk for person in people])
    waiting = DirtyMark.objects.filter(engine="database", kind="person", state=DirtyMark.State.WAITING)

    worker.run_once()

    assert waiting.count() == 5
    worker.drain()
    assert not waiting.exists()


@pytest.mark.es
@pytest.mark.parametrize("engine", ["elasticsearch"], indirect=True)
def test_what_a_small_round_wrote_is_findable_at_once(engine, index):
    index()
    make_topic(title="Hurdy gurdy")
    worker.drain()  # and no refresh but the worker's own
    assert titles(services.search(viewer_for(None), parser.parse("gurdy"))) == ["Hurdy gurdy"]


def test_rows_that_several_engines_wait_for_are_read_once(engine, index, monkeypatch):
    index()
    topics = [make_topic(title=f"Bellows {number}") for number in range(2)]
    read, calls = type(source_for("topic")).documents, []

    def counted(self, ids):
        calls.extend(ids)
        return read(self, ids)

    monkeypatch.setattr(type(source_for("topic")), "documents", counted)
    indexer.run_round()

    assert sorted(calls) == [topic.pk for topic in topics]
    assert not DirtyMark.objects.filter(kind="topic").exists(), "each engine has them"


def test_mark_renewed_while_the_indexer_works_is_kept(engine, index, monkeypatch):
    topic = make_topic()
    index()
    outbox.mark("topic", [topic.pk])
    source = source_for("topic")
    read = type(source).documents

    def read_then_mark(self, ids):
        documents = list(read(self, ids))
        outbox.mark("topic", ids)
        return documents

    monkeypatch.setattr(type(source), "documents", read_then_mark)
    indexer.run_round()

    assert DirtyMark.objects.filter(engine=engine.name, kind="topic", object_id=topic.pk).exists()


def test_stale_write_loses(engine, index):
    index()
    old, new = clock.tick(), clock.tick()

    engine.write("topic", [document(7, "Newer lantern")], [], version=new)
    engine.write("topic", [document(7, "Older lantern")], [], version=old)

    assert hits(engine, "lantern") == ["Newer lantern"]


def test_stale_write_does_not_bring_back_what_was_deleted(engine, index):
    index()
    first, old, new = clock.tick(), clock.tick(), clock.tick()
    engine.write("topic", [document(7, "Lantern")], [], version=first)

    engine.write("topic", [], [7], version=new)
    engine.write("topic", [document(7, "Lantern again")], [], version=old)

    assert hits(engine, "lantern") == []


def test_deleted_row_leaves_the_index(engine, index, find):
    topic = make_topic(title="Lantern for sale")
    assert find("lantern").total == 1

    pk = topic.pk
    Topic.objects.filter(pk=pk).update(solution=None)
    topic.posts.all().delete()
    topic.delete()
    outbox.mark("topic", [pk])

    assert find("lantern").total == 0


def test_document_that_cannot_be_read_is_parked_and_the_others_pass(engine, index, odd):
    people = [make_user(f"odd{number}") for number in range(3)]
    index()
    odd.broken = {people[1].pk}
    outbox.mark("odd", [user.pk for user in people], engines=[engine.name])

    for _attempt in range(indexer.ATTEMPTS):
        DirtyMark.objects.update(next_attempt_at=timezone.now())
        indexer.run_round()

    left = DirtyMark.objects.get(kind="odd", engine=engine.name)
    assert (left.object_id, left.state) == (people[1].pk, DirtyMark.State.PARKED)
    assert "KeyError" in left.last_error

    odd.broken = set()
    outbox.replay_parked()
    index()
    assert not DirtyMark.objects.filter(kind="odd").exists()


def test_document_that_the_engine_refuses_is_parked_and_the_others_pass(engine, index, odd, monkeypatch):
    if connection.vendor == "sqlite" and engine.name == "database":
        pytest.skip("SQLite takes any number")
    people = [make_user(f"odd{number}") for number in range(3)]
    index()
    read = OddSource.documents

    def with_one_too_helpful(self, ids):
        return [replace(d, helpful=2**40) if d.id == people[1].pk else d for d in read(self, ids)]

    monkeypatch.setattr(OddSource, "documents", with_one_too_helpful)
    outbox.mark("odd", [user.pk for user in people], engines=[engine.name])
    index()

    left = DirtyMark.objects.get(kind="odd", engine=engine.name)
    assert (left.object_id, left.state) == (people[1].pk, DirtyMark.State.PARKED)
    assert hits(engine, "odd0", "odd") == ["Odd odd0"]


def test_rebuild_keeps_what_is_written_meanwhile(engine, index, find):
    kept, changed = make_topic(title="Lantern kept"), make_topic(title="Lantern before")
    index()

    done: list[int] = []

    def meanwhile(count: int) -> None:
        done.append(count)
        if len(done) > 1:
            return
        Topic.objects.filter(pk=changed.pk).update(title="Lantern after")
        outbox.mark("topic", [changed.pk])
        make_topic(title="Lantern new")
        worker.drain()
        engine.refresh()
        found = services.search(viewer_for(None), parser.parse("lantern"))
        assert found.total == 3, "search answers during the rebuild"

    held = reconcile.rebuild(engine, source_for("topic"), progress=meanwhile)

    assert held == 3
    assert sorted(titles(find("lantern"))) == ["Lantern after", "Lantern kept", "Lantern new"]
    assert not reconcile.compare(engine, source_for("topic"))
    assert kept.pk


def test_rebuild_drops_what_is_gone(engine, index):
    index()
    engine.write("topic", [document(4242, "Ghost lantern")], [], version=clock.tick())
    assert hits(engine, "lantern") == ["Ghost lantern"]

    reconcile.rebuild(engine, source_for("topic"))

    assert hits(engine, "lantern") == []


def test_reconcile_tells_and_repairs_missing_surplus_and_stale(engine, index, find):
    source = source_for("topic")
    topics = [make_topic(title=f"Lantern {number}") for number in range(4)]
    index()
    assert not reconcile.compare(engine, source)
    Topic.objects.filter(pk=topics[0].pk).update(title="Lantern zero")
    engine.write("topic", [], [topics[1].pk], version=clock.tick())
    engine.write("topic", [document(4242, "Ghost lantern")], [], version=clock.tick())
    engine.refresh()

    found = reconcile.compare(engine, source)

    assert (found.missing, found.surplus, found.stale) == ([topics[1].pk], [4242], [topics[0].pk])
    reconcile.repair(engine, source, found)
    index()
    assert not reconcile.compare(engine, source)
    assert sorted(titles(find("lantern"))) == ["Lantern 1", "Lantern 2", "Lantern 3", "Lantern zero"]


def test_engine_that_is_away_is_replaced_and_catches_up(db, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    engines.engine.cache_clear()
    indexer.forget()
    try:
        make_topic(title="Lantern in the storm")
        worker.drain()
        found = services.search(viewer_for(None), parser.parse("lantern"))

        assert found.degraded and found.engine == "database"
        assert titles(found) == ["Lantern in the storm"]
        assert DirtyMark.objects.filter(engine="elasticsearch", kind="topic", state="waiting").count() == 1
        assert DirtyMark.objects.filter(engine="database").count() == 0
        assert EngineHold.objects.get().engine == "elasticsearch"
    finally:
        engines.engine.cache_clear()
        indexer.forget()


@pytest.mark.es
def test_marks_that_waited_are_indexed_once_elasticsearch_is_back(db, settings, _emptied, django_assert_num_queries):
    url = settings.ELASTICSEARCH_URL
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    engines.engine.cache_clear()
    indexer.forget()
    make_topic(title="Lantern in the storm")
    worker.drain()

    settings.ELASTICSEARCH_URL = url
    _emptied()
    engines.engine.cache_clear()
    indexer.forget()
    EngineHold.objects.update(until=timezone.now())
    worker.drain()
    engines.primary().refresh()
    found = services.search(viewer_for(None), parser.parse("lantern"))

    assert not found.degraded and found.engine == "elasticsearch"
    assert titles(found) == ["Lantern in the storm"]
    engines.engine.cache_clear()
    indexer.forget()


@pytest.mark.es
@pytest.mark.parametrize("engine", ["elasticsearch"], indirect=True)
def test_index_that_vanished_is_made_again_and_filled_from_the_database(engine, index):
    make_topic(title="Lantern one")
    index()
    engine.clear("topic")

    away = services.search(viewer_for(None), parser.parse("lantern"))
    assert away.degraded and titles(away) == ["Lantern one"]

    make_topic(title="Lantern two")
    for _round in range(5):
        EngineHold.objects.update(until=timezone.now())
        index()
    back = services.search(viewer_for(None), parser.parse("lantern"))
    assert not back.degraded
    assert sorted(titles(back)) == ["Lantern one", "Lantern two"]


@pytest.mark.es
@pytest.mark.parametrize("engine", ["elasticsearch"], indirect=True)
def test_index_that_takes_no_writes_keeps_the_marks(engine, index):
    index()
    name = next(iter(engine._client.indices.get_alias(name=f"{engine.prefix}-topic")))
    engine._client.indices.put_settings(index=name, settings={"index.blocks.read_only_allow_delete": True})
    try:
        make_topic(title="Lantern waits")
        worker.drain()
        assert DirtyMark.objects.filter(engine="elasticsearch", kind="topic", state="waiting").exists()
    finally:
        engine._client.indices.put_settings(index=name, settings={"index.blocks.read_only_allow_delete": None})
    EngineHold.objects.update(until=timezone.now())
    index()
    assert titles(services.search(viewer_for(None), parser.parse("lantern"))) == ["Lantern waits"]


@pytest.mark.es
@pytest.mark.parametrize("engine", ["elasticsearch"], indirect=True)
@pytest.mark.parametrize("dies", ["before", "after"])
def test_index_that_is_made_while_the_engine_goes_away_still_gets_all_that_was_there(engine, index, monkeypatch, dies):
    make_topic(title="Lantern flickers")
    index()
    engine.clear("topic")
    DirtyMark.objects.all().delete()
    indexer.forget()
    create = engine.create

    def create_and_go(kind: str) -> None:
        if dies == "after":
            create(kind)
        raise EngineAway("gone in the middle")

    monkeypatch.setattr(engine, "create", create_and_go)
    indexer.run_round()
    monkeypatch.undo()
    EngineHold.objects.update(until=timezone.now())
    index()

    assert not reconcile.compare(engine, source_for("topic"))


def test_breaker_opens_after_failures_and_probes_one_call(monkeypatch):
    breaker, now = Breaker(failures=2, probe_seconds=10), [100.0]
    monkeypatch.setattr("search.engines.breaker.time", SimpleNamespace(monotonic=lambda: now[0]))
    breaker.failed()
    assert breaker.allows()
    breaker.failed()
    assert not breaker.allows()

    now[0] += 10
    assert [breaker.allows(), breaker.allows()] == [True, False]
    breaker.succeeded()
    assert breaker.allows()
