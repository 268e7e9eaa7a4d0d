"""Files in a folder of the test's own, and indexes that hold nothing else."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings


@pytest.fixture(autouse=True)
def _own_places(settings, tmp_path) -> None:
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def no_documents() -> None:
    """Every index is empty, where there are indexes."""
    if not django_settings.ELASTICSEARCH_URL:
        return
    from elasticsearch import Elasticsearch

    client = Elasticsearch(django_settings.ELASTICSEARCH_URL, request_timeout=30)
    names = f"{django_settings.SEARCH_INDEX_PREFIX}-*"
    client.indices.refresh(index=names)
    client.delete_by_query(index=names, query={"match_all": {}}, refresh=True, conflicts="proceed")
