"""Found by meaning, where a model is configured: by whom, when it changed, and when the model is away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from accounts.models import Audience
from accounts.viewer import system_viewer, viewer_for
from community.forums.services import post_edit, post_vote
from community.spaces.services import member_add
from search import engines, indexer, parser, services
from search.models import DirtyMark, EngineHold, Passages
from search.semantic import asking, embedders
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space
from tests.search.conftest import titles
from tests.search.embeddings_server import DIMENSIONS, EmbeddingsServer, embeddings_server

pytestmark = pytest.mark.es


@pytest.fixture
def model(request: pytest.FixtureRequest, db: None, settings) -> Iterator[EmbeddingsServer]:
    """Elasticsearch with indexes of its own, and a model behind an endpoint."""
    settings.SEARCH_INDEX_PREFIX = f"{settings.SEARCH_INDEX_PREFIX}meaning"
    with embeddings_server() as server:
        settings.OUTGOING_ALLOWED_HOSTS = [server.place]
        settings.SEARCH_EMBEDDINGS = f"http://{server.place}/v1/embeddings"
        settings.SEARCH_EMBEDDINGS_MODEL, settings.SEARCH_EMBEDDINGS_DIMENSIONS = "words-that-mean-the-same", DIMENSIONS
        _forget()
        yield server
    client = Elasticsearch(settings.ELASTICSEARCH_URL, request_timeout=30)
    for name in client.indices.get(index=f"{settings.SEARCH_INDEX_PREFIX}-*"):
        client.indices.delete(index=name)
    _forget()


def _forget() -> None:
    engines.engine.cache_clear()
    embedders.embedder.cache_clear()
    asking.forget()
    indexer.forget()


@pytest.fixture
def engine(model: EmbeddingsServer):
    return engines.primary()


def test_other_words_of_the_same_meaning_are_found_counted_and_kept_from_outsiders(find):
    make_topic(title="The bedroom is freezing at night", tags=["heating"])
    make_topic(title="A lamp that is broken")
    space, insider = make_space(audience=Audience.GROUPS), make_user()
    member_add(viewer=system_viewer(), space=space, user=insider)
    make_topic(title="The secret chamber stays cold", space=space, author=insider)

    found = find("chilly bedroom")

    assert titles(found) == ["The bedroom is freezing at night"]
    assert (found.total, found.rejected) == (1, 0)
    assert find("chilly bedroom", viewer=viewer(insider)).total == 2
    assert [(c.value, c.count) for facet in found.facets if facet.name == "tag" for c in facet.choices] == [
        ("heating", 1)
    ]
    assert find("chilly bedroom", tag=["other"]).total == 0


def test_what_words_and_meaning_both_find_is_counted_once_and_comes_first(find):
    make_topic(title="A dead bulb in the hall")
    make_topic(title="My lamp is broken")

    found = find("lamp broken")

    assert titles(found) == ["My lamp is broken", "A dead bulb in the hall"]
    assert found.total == 2


def test_code_or_single_word_is_matched_as_written_only(find, model):
    make_topic(title="The bedroom is freezing")
    find("bedroom freezing")
    model.asked.clear()

    assert find("chilly").total == find("0x80070005").total == find("chilly 403").total == 0
    assert model.asked == []


def test_text_that_did_not_change_is_not_embedded_again(index, find, model):
    author = make_user()
    topic = make_topic(author=author, title="The lawn is dry")
    index()
    assert "The lawn is dry" in model.asked
    model.asked.clear()

    post_vote(viewer=viewer(make_user()), post=topic.posts.get(number=1), on=True)
    index()
    assert model.asked == []

    post_edit(viewer=viewer(author), post=topic.posts.get(number=1), body="It is the bulb that is dead.")
    assert titles(find("defective lamp")) == ["The lawn is dry"]


def test_what_the_first_replies_mean_is_found_and_later_ones_are_not_embedded(index, find, model):
    topic = make_topic(title="Nobody knows why")
    make_reply(topic, body="The bulb is dead. " + "And so on. " * 70)
    assert titles(find("defective lamp")) == ["Nobody knows why"]
    model.asked.clear()

    make_reply(topic, body="It is freezing in the bedroom.")
    index()
    assert model.asked == []


def test_quoted_words_that_nothing_says_are_loosened_for_the_meaning_too(find):
    make_topic(title="The bulb is dead")
    make_topic(title="Kettle leaks")

    found = find('kettle "defective lamp"')

    assert sorted(titles(found)) == ["Kettle leaks", "The bulb is dead"]
    assert (found.total, found.is_loose) == (2, True)


def test_model_that_is_away_leaves_the_words_and_what_waits_is_embedded_later(find, index, model):
    model.status = 503
    make_topic(title="The bedroom is freezing")

    found = find("bedroom chamber")

    assert titles(found) == ["The bedroom is freezing"]
    assert not found.degraded
    assert DirtyMark.objects.filter(engine="meaning", state=DirtyMark.State.WAITING).count() == 1

    model.status = 200
    asking.forget()
    EngineHold.objects.all().delete()
    assert titles(find("chilly chamber")) == ["The bedroom is freezing"]


def test_model_that_is_slow_leaves_the_words(find, index, model, monkeypatch):
    make_topic(title="The bedroom is freezing")
    index()
    monkeypatch.setattr(asking, "SECONDS", 0.2)
    model.gate.clear()

    assert titles(services.search(viewer_for(None), parser.parse("freezing bedroom"))) == ["The bedroom is freezing"]


def test_model_turned_on_later_builds_the_indexes_anew(index, find, model, settings):
    endpoint = settings.SEARCH_EMBEDDINGS
    settings.SEARCH_EMBEDDINGS = ""
    _forget()
    make_topic(title="The bedroom is freezing")
    assert find("chilly chamber").total == 0
    assert not Passages.objects.exists()

    settings.SEARCH_EMBEDDINGS = endpoint
    _forget()
    index()
    index()

    assert titles(find("chilly chamber")) == ["The bedroom is freezing"]
    names = Elasticsearch(settings.ELASTICSEARCH_URL).indices.get(index=f"{settings.SEARCH_INDEX_PREFIX}-topic-*")
    assert len(names) == 1


def test_missing_packages_or_files_turn_it_off_with_one_line(model, settings, caplog):
    settings.SEARCH_EMBEDDINGS = "/nowhere/at/all"
    _forget()

    assert embedders.embedder() is embedders.embedder() is None
    assert [record.message[:24] for record in caplog.records] == ["Search by meaning is off"]


def test_texts_that_were_cut_otherwise_before_are_embedded_anew(index, model):
    make_topic(title="The lawn is dry")
    index()
    Passages.objects.update(model=embedders.embedder().name)
    model.asked.clear()
    indexer.forget()

    index()

    assert "The lawn is dry" in model.asked
