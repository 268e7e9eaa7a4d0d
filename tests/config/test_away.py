"""Redis, Elasticsearch and the mail server all away at once: people notice little, and nothing is lost."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import Client

from accounts.events import wake, worker
from accounts.events.models import Delivery
from accounts.models import OutboundEmail
from community.notifications.models import Notification
from search import engines
from search.models import DirtyMark
from tests.factories.forums import make_topic
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
NOWHERE = "127.0.0.1:1"


@pytest.fixture
def _away(settings, monkeypatch) -> Iterator[None]:
    settings.REDIS_URL, settings.ELASTICSEARCH_URL = f"redis://{NOWHERE}/0", f"http://{NOWHERE}"
    settings.CACHES = {"default": {"BACKEND": "config.cache.ForgivingRedisCache", "LOCATION": settings.REDIS_URL}}
    settings.EMAIL_BACKEND = "accounts.mail.QueuedEmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    monkeypatch.setattr(wake, "_quiet_until", 0.0)
    engines.engine.cache_clear()
    yield
    engines.engine.cache_clear()


def test_all_services_when_away_then_pages_posts_search_and_sign_up_work_and_the_rest_waits(
    _away, client: Client
) -> None:
    asker = make_user("mara")
    topic = make_topic(author=asker, title="Hub loses the network at night", body="Every night at two.")
    client.force_login(make_user("jonas"), backend="allauth.account.auth_backends.AuthenticationBackend")

    replied = client.post(f"/t/{topic.pk}/reply/", {"body": "Choose a fixed channel."}, follow=True)
    signed_up = Client().post(
        "/accounts/signup/",
        {"display_name": "Ines", "username": "ines", "email": "ines@people.example", "password1": "a long passphrase"},
    )
    worker.run_once()
    worker.run_once()

    assert replied.status_code == 200 and "Choose a fixed channel." in replied.content.decode()
    assert signed_up.status_code == 302
    assert Notification.objects.get(user=asker).kind == "reply"
    assert not Delivery.objects.exclude(state="done").exists()

    mail = OutboundEmail.objects.get(recipient="ines@people.example")
    assert (mail.state, mail.attempts) == ("waiting", 1)

    found = client.get("/api/v1/search?q=hub+network").json()
    assert [hit["title"] for hit in found["results"]] == ["Hub loses the network at night"] and found["degraded"]
    assert client.get("/search/?q=hub+network").status_code == 200
    assert DirtyMark.objects.filter(engine="elasticsearch", kind="topic", object_id=topic.pk).exists()
    assert not DirtyMark.objects.filter(engine="database").exists()

    for path in ("/", "/topics/", topic.get_absolute_url(), "/kb/", "/wiki/", "/ideas/", "/spaces/", "/notifications/"):
        assert client.get(path).status_code == 200, path
    told = client.get("/readyz").json()["parts"]
    assert {name for name, part in told.items() if part["status"] == "missing"} == {"redis", "elasticsearch", "mail"}


@contextmanager
def silent_server() -> Iterator[str]:
    """It accepts, reads, never answers, and hangs up after two and a half seconds."""
    over = threading.Event()

    def hold() -> None:
        near, _address = server.accept()
        over.wait(2.5)
        near.close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        holding = threading.Thread(target=hold, daemon=True)
        holding.start()
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        over.set()
        holding.join()


def test_wake_when_redis_hangs_then_the_writer_gives_up_long_before_redis_does(settings, monkeypatch, caplog):
    """A connection that is given up says “timeout”, one that was hung up on says “closed”: no clock is read here."""
    monkeypatch.setattr(wake, "_quiet_until", 0.0)
    with silent_server() as settings.REDIS_URL, caplog.at_level(logging.WARNING, "threadwell.events"):
        wake.worker()

    assert "Timeout" in caplog.text, "given up by the writer, not ended by the server"
