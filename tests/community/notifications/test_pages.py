from __future__ import annotations

import pytest
from django.test import Client

from accounts.events.worker import drain
from community.forums.services import content_set_status
from community.notifications.models import Notification
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def asker():
    return make_user()


def told(asker, title: str = "Where is the reset button?"):
    post = make_reply(make_topic(author=asker, title=title), author=make_user(display_name="Hanna"))
    drain()
    return post


def test_list_shows_what_is_new_and_the_bell_counts_it(asker):
    told(asker)

    page = signed_in(asker).get("/notifications/").content.decode()

    assert "Hanna replied in “Where is the reset button?”" in page
    assert "Today" in page


def test_list_without_any_says_what_comes_here(asker):
    assert "No notifications yet" in signed_in(asker).get("/notifications/").content.decode()


def test_list_asks_a_stranger_to_sign_in():
    assert Client().get("/notifications/").status_code == 302


def test_opening_one_goes_to_its_post_and_marks_it_read(asker):
    post = told(asker)

    answer = signed_in(asker).get("/notifications/1/")

    assert (answer.status_code, answer["Location"]) == (302, post.get_absolute_url())
    assert Notification.objects.get(user=asker).read_at is not None


def test_opening_one_whose_post_is_gone_goes_to_the_list(asker):
    content_set_status(actor_id=None, target=told(asker), status="removed")

    assert signed_in(asker).get("/notifications/1/")["Location"] == "/notifications/"


def test_opening_anothers_is_not_found(asker):
    told(asker)

    assert signed_in(make_user()).get("/notifications/1/").status_code == 404
    assert Notification.objects.get(user=asker).read_at is None


def test_mark_all_leaves_what_came_later(asker):
    told(asker)
    told(asker, "How long does it take?")

    answer = signed_in(asker).post("/notifications/read/", {"up_to": "1"})

    assert answer.status_code == 302
    assert list(Notification.objects.filter(user=asker, read_at=None).values_list("number", flat=True)) == [2]
    assert signed_in(asker).get("/notifications/read/").status_code == 405


def test_recent_and_state_say_nothing_to_others(asker):
    told(asker)

    assert "Hanna replied" in signed_in(asker).get("/notifications/recent/?since=0").content.decode()
    assert signed_in(asker).get("/notifications/state/").json() == {"last": 1, "unread": 1}
    for client in (Client(), signed_in(make_user())):
        assert "Hanna" not in client.get("/notifications/recent/?since=0").content.decode()
        assert client.get("/notifications/state/").json() == {"last": 0, "unread": 0}


@pytest.mark.parametrize("raw", ["-1", "x", "9" * 40, "１", "1.5", "%00"])
def test_bad_numbers_in_the_address_are_taken_as_none(asker, raw):
    told(asker)
    client = signed_in(asker)

    assert client.get(f"/notifications/?before={raw}").status_code == 200
    assert client.get(f"/notifications/recent/?since={raw}").status_code == 200


def test_open_with_a_number_too_big_for_the_database_is_not_found(asker):
    assert signed_in(asker).get(f"/notifications/{'9' * 30}/").status_code == 404


def test_api_lists_and_marks(asker):
    told(asker)
    client = signed_in(asker)

    listed = client.get("/api/v1/notifications").json()

    assert listed["unread"] == 1
    assert listed["results"][0]["text"] == "Hanna replied in “Where is the reset button?”"
    assert Client().get("/api/v1/notifications").status_code == 401
    read = client.post("/api/v1/notifications/read", {"up_to": "x"}, content_type="application/json")
    assert (read.status_code, list(read.json()["errors"])) == (400, ["up_to"])
    assert client.post("/api/v1/notifications/read", {}, content_type="application/json").json() == {"unread": 0}
