"""Real clusters: several nodes of which one is away; one that wants TLS, and a password or a key."""

from __future__ import annotations

import base64
import hashlib
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.utils import timezone
from elasticsearch import Elasticsearch

from accounts.events import worker
from accounts.viewer import viewer_for
from config.operation import parts
from search import engines, indexer, parser, services
from search.models import EngineHold
from search.results import Results
from tests.factories.forums import make_topic
from tests.search.conftest import titles
from tests.services import elasticsearch
from tests.services.process import free_port

NOBODY = "http://127.0.0.1:9"


def found(text: str) -> Results:
    """Index all that waits and search, by connections made anew."""
    engines.engine.cache_clear()
    indexer.forget()
    EngineHold.objects.update(until=timezone.now())
    worker.drain()
    target = engines.primary()
    try:
        target.refresh()
    except engines.EngineAway:
        pass
    results = services.search(viewer_for(None), parser.parse(text))
    engines.engine.cache_clear()
    indexer.forget()
    return results


@pytest.mark.es
@pytest.mark.parametrize("order", ["first", "last"])
@pytest.mark.django_db
def test_node_that_is_away_is_passed_over(settings, _emptied, order):
    _emptied()
    real = settings.ELASTICSEARCH_URL
    settings.ELASTICSEARCH_URL = f"{NOBODY},{real}" if order == "first" else f"{real},{NOBODY}"
    make_topic(title="Lantern on two nodes")

    for _ask in range(3):  # the nodes take turns
        results = found("lantern")
        assert not results.degraded
        assert titles(results) == ["Lantern on two nodes"]


def health() -> parts.Part:
    return next(part for part in parts.parts() if part.name == "elasticsearch")


class Secured(NamedTuple):
    url: str
    ca: str
    password: str
    key: str


def _certificates(folder: Path) -> dict[str, str]:
    """An authority and a certificate of 127.0.0.1 that it signed."""
    extensions = folder / "ext"
    extensions.write_text("subjectAltName=IP:127.0.0.1\n")
    authority = ["-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Our authority", "-days", "2"]
    steps = [
        ["req", *authority, "-keyout", "ca.key", "-out", "ca.pem"],
        ["req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=node", "-keyout", "node.key", "-out", "node.csr"],
        ["x509", "-req", "-in", "node.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
         "-extfile", "ext", "-out", "node.pem"],
    ]  # fmt: skip
    for step in steps:
        subprocess.run(["openssl", *step], cwd=folder, check=True, capture_output=True)
    return {name: (folder / name).read_text() for name in ("node.key", "node.pem")}


def _user(name: str, password: str) -> str:
    """A line of Elasticsearch's file of users."""
    salt = secrets.token_bytes(32)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 1000, 32)
    return f"{name}:{{PBKDF2}}1000${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}\n"


@pytest.fixture(scope="module")
def secured() -> Iterator[Secured]:
    """An Elasticsearch of our own behind TLS that knows one user and one key.

    Not under pytest's folder, which every run closes to the user that the server runs as.
    """
    folder, password = Path(tempfile.mkdtemp(prefix="threadwell-")), secrets.token_urlsafe(12)
    folder.chmod(0o755)
    lines = "xpack.security.enabled: true\nxpack.security.http.ssl.enabled: true\n"
    lines += "xpack.security.http.ssl.key: node.key\nxpack.security.http.ssl.certificate: node.pem\n"
    files = {**_certificates(folder), "users": _user("threadwell", password), "users_roles": "superuser:threadwell\n"}
    server, url = elasticsearch.start(folder, fast=True, settings=lines, files=files)
    try:
        ca = str(folder / "ca.pem")
        with Elasticsearch(url, ca_certs=ca, basic_auth=("threadwell", password), request_timeout=30) as client:
            rights: dict[str, Any] = {
                "threadwell": {
                    "cluster": ["monitor"], "indices": [{"names": ["keyed-*"], "privileges": ["all"]}]
                }
            }
            key = client.security.create_api_key(name="threadwell", role_descriptors=rights)["encoded"]
        yield Secured(url, ca, password, key)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.long
@pytest.mark.es
@pytest.mark.django_db(transaction=True)
def test_cluster_behind_tls_takes_a_password_or_a_key_and_nothing_else(settings, secured: Secured):
    settings.ELASTICSEARCH_URL, settings.SEARCH_INDEX_PREFIX = secured.url, f"keyed-{free_port()}"
    make_topic(title="Lantern behind a lock")
    trusted, person = {"ca_certs": secured.ca}, {"basic_auth": ("threadwell", secured.password)}
    key = {"api_key": secured.key}

    for account, trust, is_let_in in (
        (person, trusted, True), (key, trusted, True), (key, {"verify_certs": False, "ssl_show_warn": False}, True),
        ({}, trusted, False), ({"basic_auth": ("threadwell", "wrong")}, trusted, False), (key, {}, False),
    ):
        settings.ELASTICSEARCH_ACCOUNT, settings.ELASTICSEARCH_TRUST = account, trust
        until = time.monotonic() + 120  # a node that has just started may take longer than a reader would wait
        while (results := found("lantern")).degraded is is_let_in and time.monotonic() < until:
            pass
        assert results.degraded is not is_let_in, (account, trust)
        assert titles(results) == ["Lantern behind a lock"]
        while (told := health().status) != (parts.OK if is_let_in else parts.MISSING) and time.monotonic() < until:
            pass
        assert (told == parts.OK) is is_let_in
