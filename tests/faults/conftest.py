"""A mail server that remembers, and indexes of this run's own that are gone afterwards."""

from __future__ import annotations

import email
from collections import defaultdict
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings as django_settings

from search import engines, indexer
from tests.services.process import free_port


class Letters:
    """What a mail server got: the Message-IDs by recipient."""

    def __init__(self) -> None:
        self.received: dict[str, list[str]] = defaultdict(list)

    async def handle_DATA(self, server, session, envelope) -> str:
        for recipient in envelope.rcpt_tos:
            self.received[recipient].append(email.message_from_bytes(envelope.content)["Message-ID"])
        return "250 OK"

    def problems(self, *, most: int) -> list[str]:
        """Who got a mail more often than that, or two that are not the same mail."""
        return [f"{who}: {ids}" for who, ids in self.received.items() if len(ids) > most or len(set(ids)) != 1]


@pytest.fixture
def letters() -> Iterator[tuple[Letters, int]]:
    """A mail server and its port."""
    handler, port = Letters(), free_port()
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    yield handler, port
    server.stop()


@pytest.fixture(autouse=True)
def _own_indexes() -> Iterator[None]:
    """Engines begin anew in each test: its processes make the indexes that are missing."""
    _drop_indexes()
    yield
    _drop_indexes()


def _drop_indexes() -> None:
    engines.engine.cache_clear()
    indexer.forget()
    if django_settings.ELASTICSEARCH_URL:
        from elasticsearch import Elasticsearch

        client = Elasticsearch(django_settings.ELASTICSEARCH_URL, request_timeout=30)
        for name in client.indices.get(index=f"{django_settings.SEARCH_INDEX_PREFIX}-*"):
            client.indices.delete(index=name, ignore_unavailable=True)
        client.close()
