"""oEmbed of topics: other sites show what everyone may read, and hear of nothing else."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.factories.forums import make_topic
from tests.factories.people import make_user
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db
SITE = "https://community.example"


@pytest.fixture(autouse=True)
def _site(settings) -> None:
    settings.SITE_URL = SITE


def asked(client, url: str, more: str = ""):
    return client.get(f"/oembed/?url={quote(url, safe='')}{more}")


def test_topic_when_embedded_then_says_what_it_is(client) -> None:
    topic = make_topic(title="Does <b>it</b> flicker?", body="Yes & *often*", author=make_user("ada"))

    answer = asked(client, SITE + topic.get_absolute_url() + "?post=1")

    told = answer.json()
    assert (answer.status_code, told["version"], told["type"], told["title"]) == (200, "1.0", "rich", topic.title)
    assert told["author_url"] == f"{SITE}/u/ada/"
    assert "Does &lt;b&gt;it&lt;/b&gt; flicker?" in told["html"] and "<b>" not in told["html"]
    assert "application/json+oembed" in client.get(topic.get_absolute_url()).content.decode()


def test_private_topic_when_asked_for_then_is_not_there_even_for_staff(client) -> None:
    author = make_user("bo", is_agent=True)
    topic = make_topic(space=make_space(audience="staff"), title="Not for everyone", author=author)
    client.force_login(make_user("agent", is_agent=True))

    assert asked(client, SITE + topic.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(("url", "more", "status"), [
    ("https://elsewhere.example/t/1/", "", 400), ("", "", 400), ("http://[", "", 400), (SITE + "/t/999/", "", 404),
    (SITE + "/nothing/here", "", 404), (SITE + "/topics/", "", 404), (SITE + "/t/1/", "&format=xml", 501),
])  # fmt: skip
def test_address_that_is_no_topic_when_asked_for_then_says_so(client, url: str, more: str, status: int) -> None:
    assert asked(client, url, more).status_code == status
