"""Pages kept for those who are not signed in: shown again while nothing happened, and never a moment too long."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.kept_pages import pages
from accounts.models import Audience
from community.forums.models import Topic
from community.forums.services import content_set_status
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kept(settings):
    settings.KEPT_PAGE_SECONDS = 60
    yield
    pages.clear()


def body(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_page_when_nothing_happened_then_costs_the_tokens_alone(client, django_assert_max_num_queries):
    topic = make_topic(title="Where is the beacon?")
    for path in ("/topics/", topic.get_absolute_url()):
        first = body(client, path)
        with django_assert_max_num_queries(2):
            again = body(client, path)
        assert "Where is the beacon?" in again
        assert again.count("nonce=") == first.count("nonce=") > 0


def test_nonce_when_a_page_is_kept_then_is_new_each_time_and_in_the_policy(client):
    make_topic()
    seen = set()
    for _ in range(3):
        answer = client.get("/topics/")
        nonce = answer.content.decode().partition('nonce="')[2].partition('"')[0]
        assert f"'nonce-{nonce}'" in answer["Content-Security-Policy"]
        seen.add(nonce)
    assert len(seen) == 3


@pytest.mark.django_db(transaction=True)  # what is kept is let go by the commit
def test_page_when_something_was_written_then_shows_it(client):
    topic = make_topic(title="Before")
    for path in ("/topics/", topic.get_absolute_url()):
        body(client, path)

    make_reply(topic, body="A reply from just now.")
    make_topic(title="After", space=topic.space)

    assert "After" in body(client, "/topics/") and "just now" in body(client, topic.get_absolute_url())


@pytest.mark.django_db(transaction=True)
def test_page_when_content_is_removed_or_its_space_closes_then_is_gone_at_once(client):
    removed, closing = make_topic(title="Removed one"), make_topic(title="Closing one")
    for path in ("/topics/", removed.get_absolute_url(), closing.get_absolute_url()):
        assert client.get(path).status_code == 200

    # As an operator might, by hand: no service, no event, so the tokens alone tell it.
    type(closing.space).objects.filter(pk=closing.space_id).update(audience=Audience.STAFF)
    assert client.get(closing.get_absolute_url()).status_code == 404
    assert "Closing one" not in body(client, "/topics/")

    content_set_status(actor_id=None, target=removed, status="removed")
    assert client.get(removed.get_absolute_url()).status_code == 404
    shown = body(client, "/topics/")
    assert "Removed one" not in shown and "Closing one" not in shown


def test_page_when_somebody_is_signed_in_then_is_neither_kept_nor_taken(client):
    topic = make_topic(title="Open to all", space=make_space())
    member = make_user("mara")
    client.force_login(member)
    mine = body(client, topic.get_absolute_url())
    assert "data-viewer" in mine and not pages._rows

    assert "data-viewer" not in body(Client(), topic.get_absolute_url())
    assert "data-viewer" in body(client, topic.get_absolute_url())


def test_page_when_asked_for_in_parts_in_another_theme_or_by_post_then_is_another(client):
    make_topic()
    whole = body(client, "/topics/")
    client.cookies["theme"] = "dark"

    assert 'data-theme="dark"' in body(client, "/topics/") and 'data-theme="dark"' not in whole
    assert "<html" not in client.get("/topics/?older=1-1", headers={"HX-Request": "true"}).content.decode()
    assert client.post("/topics/").status_code == 405


def test_views_when_a_page_is_kept_then_are_counted_once_a_reader(client):
    topic = make_topic()
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1"):
        client.get(topic.get_absolute_url(), REMOTE_ADDR=address)

    assert Topic.objects.get().view_count == 2


def test_missing_pages_and_other_answers_are_not_kept(client):
    topic = make_topic()
    client.get("/t/999999/x/")
    client.get(f"/t/{topic.pk}/wrong-slug/")

    assert not pages._rows


def test_pages_when_they_grow_then_the_oldest_go(monkeypatch):
    monkeypatch.setattr("accounts.kept_pages.MOST_BYTES", 250)
    for name in "abc":
        pages.put((name,), name * 100)

    assert pages.get(("a",)) is None and pages.get(("c",)) == "c" * 100
