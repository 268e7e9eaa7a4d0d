"""What may happen to the cluster, one by one, on a real one: the database answers and says so, indexing waits and
catches up by itself, the operator is told, nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.utils import timezone
from elasticsearch import Elasticsearch

from accounts.events import worker
from accounts.viewer import viewer_for
from config.operation import parts
from search import engines, indexer, mapping, parser, reconcile, services, suggest
from search.curation import pin_create
from search.engines import elasticsearch
from search.engines.connection import connect
from search.models import DirtyMark, EngineHold
from search.results import Results
from search.sources import source_for
from tests.factories.forums import make_topic
from tests.factories.knowledge import make_article
from tests.factories.people import make_user, viewer
from tests.faults.proxy import Proxy
from tests.search.conftest import titles

pytestmark = [pytest.mark.es, pytest.mark.parametrize("engine", ["elasticsearch"], indirect=True)]
BOTH = ["Lantern one", "Lantern two"]


class Fault:
    """One thing that goes wrong with the index of topics, and what an operator would do about it."""

    def __init__(self, client: Elasticsearch, prefix: str) -> None:
        self.client, self.alias = client, f"{prefix}-topic"
        self.name = next(iter(client.indices.get_alias(name=self.alias)))

    def settings(self, **said: object) -> None:
        self.client.indices.put_settings(index=self.name, settings=said)

    def closed(self) -> Callable[[], object]:
        self.client.indices.close(index=self.name)
        return lambda: self.client.indices.open(index=self.name)

    def red(self) -> Callable[[], object]:
        """Its only shard is lost; the operator lets go of what is left. A shard that has a copy of its data would be
        opened against any setting, so the index is one without."""
        body = mapping.index(self.name).to_dict()
        body["settings"]["index.routing.allocation.require._name"] = "nobody"
        aliases: dict = {f"{self.name}-write": {}, self.alias: {}}
        self.client.indices.delete(index=self.name)
        self.client.indices.create(index=self.name, aliases=aliases, wait_for_active_shards="0", **body)
        return lambda: self.client.indices.delete(index=self.name)

    def read_only(self) -> Callable[[], object]:
        self.settings(**{"index.blocks.read_only_allow_delete": True})
        return lambda: self.settings(**{"index.blocks.read_only_allow_delete": None})

    def missing(self) -> Callable[[], object]:
        self.client.indices.delete(index=self.name)
        return lambda: None

    def alias_lost(self) -> Callable[[], object]:
        self.client.indices.delete_alias(index=self.name, name=self.alias)
        return lambda: None

    def squatter(self) -> Callable[[], object]:
        """Somebody wrote to our alias's name while it was away, and Elasticsearch made an index of it."""
        self.client.indices.delete(index=self.name)
        self.client.index(index=self.alias, id="1", document={"title": "Lantern of somebody", "audience": "public"})
        return lambda: None

    def conflict(self) -> Callable[[], object]:
        """An index under our name and version whose fields are of other types."""
        body = mapping.index(f"{self.name}9").to_dict()
        body["mappings"]["properties"]["signature"] = {"type": "text"}  # which cannot be counted
        aliases: dict = {f"{self.name}9-write": {}, self.alias: {}}
        self.client.indices.delete(index=self.name)
        self.client.indices.create(index=f"{self.name}9", aliases=aliases, **body)
        return lambda: None


@pytest.fixture
def fault(engine) -> Fault:
    cache.clear()
    worker.drain()
    return Fault(connect(seconds=30), engine.prefix)


def look() -> Results:
    return services.search(viewer_for(None), parser.parse("lantern"))


def told() -> str:
    return next(part.detail for part in parts.parts() if part.name == "elasticsearch")


def work_again() -> None:
    """A round of the worker without the rests that it takes from an engine that refuses."""
    EngineHold.objects.update(until=timezone.now())
    worker.drain()


def caught_up(engine) -> Results:
    """Let the worker work until Elasticsearch answers with all there is."""
    until = time.monotonic() + 90
    while time.monotonic() < until:
        indexer.forget()
        work_again()
        try:
            engine.refresh()
        except engines.EngineAway:
            continue
        results = look()
        if not results.degraded and results.total >= 2:
            break
    return look()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("closed", "is closed"), ("red", "is red"), ("missing", "-topic is missing"),
        ("alias_lost", "-topic is missing"), ("squatter", "is no alias"), ("conflict", ""),
    ],
)  # fmt: skip
def test_index_that_cannot_be_read_is_replaced_named_and_caught_up_with(engine, fault, name, words):
    make_topic(title="Lantern one")
    worker.drain()
    heal = getattr(fault, name)()
    try:
        before = look()
        said = told()
        make_topic(title="Lantern two")
        worker.drain()
        during = look()
    finally:
        heal()
    after = caught_up(engine)

    assert before.degraded and titles(before) == ["Lantern one"]
    assert words in said
    assert not during.degraded or sorted(titles(during)) == BOTH  # some mend at once
    assert not after.degraded and (after.total, sorted(titles(after))) == (2, BOTH)
    assert not DirtyMark.objects.filter(kind="topic").exists()
    assert not reconcile.compare(engine, source_for("topic"))
    assert told() == ""


def test_index_that_takes_no_writes_is_not_asked_once_it_is_behind(engine, fault):
    make_topic(title="Lantern one")
    worker.drain()
    heal = fault.read_only()
    try:
        make_topic(title="Lantern two")
        for _round in range(indexer.BEHIND_AFTER):
            work_again()
        during, said = look(), told()
    finally:
        heal()
    after = caught_up(engine)

    assert during.degraded and sorted(titles(during)) == BOTH
    assert "takes no writes (read_only_allow_delete)" in said
    assert not after.degraded and sorted(titles(after)) == BOTH
    assert not reconcile.compare(engine, source_for("topic"))


def test_reconcile_when_an_index_is_not_there_then_tells_what_it_lacks(engine, fault):
    topics = [make_topic(title="Lantern one"), make_topic(title="Lantern two")]
    worker.drain()
    fault.missing()

    found = reconcile.compare(engine, source_for("topic"))
    caught_up(engine)

    assert (found.missing, found.surplus, found.stale) == ([topic.pk for topic in topics], [], [])
    assert not reconcile.compare(engine, source_for("topic"))


def test_lost_way_of_writing_leads_to_a_new_index_and_nothing_twice(engine, fault):
    make_topic(title="Lantern one")
    worker.drain()
    fault.client.indices.delete_alias(index=fault.name, name=f"{fault.name}-write")
    make_topic(title="Lantern two")
    after = caught_up(engine)

    assert (after.total, sorted(titles(after))) == (2, BOTH)
    assert list(fault.client.indices.get_alias(name=fault.alias)) != [fault.name]


@pytest.mark.parametrize(("mode", "words"), [("refuse", "does not answer"), ("hang", "does not answer within 2 s")])
def test_cluster_that_is_down_or_slow_is_replaced_and_caught_up_with(
    engine, index, settings, monkeypatch, mode, words
):
    monkeypatch.setattr(elasticsearch, "WRITE_SECONDS", 5.0)  # the real 30 would only be waited for
    make_topic(title="Lantern one")
    index()
    parts_of = urlsplit(settings.ELASTICSEARCH_URL)
    proxy = Proxy(parts_of.hostname, parts_of.port)
    settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{proxy.port}"
    engines.engine.cache_clear()
    indexer.forget()
    try:
        proxy.set(mode)
        during, said = look(), told()
        make_topic(title="Lantern two")
        worker.drain()
        waits = DirtyMark.objects.filter(engine="elasticsearch", kind="topic", state="waiting").count()
        proxy.set("pass")
        after = caught_up(engines.primary())
    finally:
        proxy.close()

    assert during.degraded and titles(during) == ["Lantern one"]
    assert said == words
    assert waits == 1
    assert not after.degraded and sorted(titles(after)) == BOTH


def test_page_while_the_cluster_is_away_offers_all_that_it_always_does(engine, index, settings, client):
    staff = make_user(is_superuser=True)
    topic = make_topic(title="Lantern one", tags=["light"])
    pin_create(viewer=viewer(staff), text="lantren", kind="topic", object_id=topic.pk)
    index()
    client.force_login(staff)
    before = client.get("/search/?q=lantren")
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"  # nobody listens there
    engines.engine.cache_clear()
    during, begun = client.get("/search/?q=lantren"), client.get("/search/suggest/?q=lant").content.decode()

    told, was = during.context["results"], before.context["results"]
    assert told.degraded and not was.degraded
    assert (told.meant, told.total, titles(told)) == (was.meant, was.total, titles(was)) and told.meant == "lantern"
    assert [pinned.card.id for pinned in told.pinned] == [topic.pk]
    assert [(f.name, f.choices) for f in told.facets] == [(f.name, f.choices) for f in was.facets]
    assert "we also looked for “lantern”" in during.content.decode() and "/t/" in begun


def test_kind_without_an_index_is_answered_by_the_database_and_the_others_as_ever(engine, fault):
    make_topic(title="Lantern one")
    make_article(title="Lantern by the book", body="A lantern.")
    worker.drain()
    engine.refresh()
    whole = look()
    fault.missing()
    results = look()
    begun = suggest.suggest(viewer_for(None), "lant")

    assert not whole.degraded and whole.total == 2
    assert (results.engine, results.degraded) == ("elasticsearch", True)
    assert sorted(titles(results)) == sorted(titles(whole))
    assert results.total == whole.total
    assert [(f.name, f.choices) for f in results.facets] == [(f.name, f.choices) for f in whole.facets]
    assert [group.kind for group in begun] == ["article"]
    after = caught_up(engine)
    assert not after.degraded and after.total == 2


def test_index_of_somebody_else_under_our_name_shows_nothing_and_breaks_nothing(engine, fault):
    make_topic(title="Lantern one")
    worker.drain()
    engine.refresh()
    foreign, mapped = f"{engine.prefix}-theirs", mapping.index("any").to_dict()
    mapped["mappings"].pop("dynamic")
    fault.client.indices.create(index=foreign, aliases={fault.alias: {}}, **mapped)
    try:
        theirs = {"title": "Lantern of theirs", "audience": ["public"], "kind": "topic"}
        fault.client.index(index=foreign, document=theirs, refresh=True)
        begun = suggest.suggest(viewer_for(None), "lant")
        results = look()
    finally:
        fault.client.indices.delete(index=foreign)

    assert [card.title for group in begun for card, _title in group.items] == ["Lantern one"]
    assert titles(results) == ["Lantern one"]
