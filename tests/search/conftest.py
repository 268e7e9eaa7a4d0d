"""Every test here runs once an engine; `find` indexes what waits and searches as a viewer would."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings as django_settings
from elasticsearch import Elasticsearch

from accounts.events import worker
from accounts.viewer import ANONYMOUS, Viewer, viewer_for
from search import engines, indexer, parser, services
from search.engines import Engine
from search.results import Results

Find = Callable[..., Results]


@pytest.fixture(params=["database", pytest.param("elasticsearch", marks=pytest.mark.es)])
def engine(request: pytest.FixtureRequest, db: None, settings) -> Iterator[Engine]:
    """The engine that answers in this test, empty at the start."""
    if request.param == "database":
        settings.ELASTICSEARCH_URL = ""
    else:
        request.getfixturevalue("_emptied")()
    engines.engine.cache_clear()
    indexer.forget()
    target = engines.primary()
    assert target.name == request.param
    yield target
    engines.engine.cache_clear()
    indexer.forget()


@pytest.fixture(scope="session")
def _emptied() -> Iterator[Callable[[], None]]:
    """Take all documents out of this run's indexes, which is quicker than new indexes; drop them in the end."""
    client = Elasticsearch(django_settings.ELASTICSEARCH_URL, request_timeout=30)
    names = f"{django_settings.SEARCH_INDEX_PREFIX}-*"

    def run() -> None:
        client.indices.refresh(index=names)
        client.delete_by_query(index=names, query={"match_all": {}}, refresh=True, conflicts="proceed")

    yield run
    for name in client.indices.get(index=names):
        client.indices.delete(index=name)


@pytest.fixture
def index(engine: Engine) -> Callable[[], None]:
    """Index all that waits, in every engine, and make it findable."""

    def run() -> None:
        worker.drain()
        engine.refresh()

    return run


@pytest.fixture
def find(index: Callable[[], None]) -> Find:
    """`find("hub offline", viewer=…, kind=["topic"])`: what the page would show."""

    def run(text: str = "", *, viewer: Viewer | None = None, **data: list[str]) -> Results:
        index()
        return services.search(viewer or viewer_for(None) or ANONYMOUS, parser.parse(text, data=data))

    return run


def titles(results: Results) -> list[str]:
    return [item.card.title for item in results.items]
