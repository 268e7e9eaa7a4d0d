"""The one way to the Elasticsearch cluster: its nodes, who we are, whom we trust, how long we wait."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from elasticsearch import Elasticsearch
from elasticsearch.serializer import OrjsonSerializer

SEARCH_SECONDS: Final = 2.0
MOST_RETRIES: Final = 2


def connect(*, seconds: float = SEARCH_SECONDS) -> Elasticsearch:
    """A client for the nodes of ELASTICSEARCH_URL, each call at most so long.

    Where a node refuses the connection, the next is asked; what took too long is not asked again, and what the cluster
    answered stands.
    """
    nodes = settings.ELASTICSEARCH_URL.split(",")
    said: dict[str, Any] = {**settings.ELASTICSEARCH_ACCOUNT, **settings.ELASTICSEARCH_TRUST}
    return Elasticsearch(
        nodes, request_timeout=seconds, max_retries=min(len(nodes) - 1, MOST_RETRIES), retry_on_timeout=False,
        retry_on_status=(), serializer=OrjsonSerializer(), **said,
    )
