from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Audience
from community.forums.models import Post
from community.moderation.models import Flag, ReviewItem
from community.moderation.services import review_decide
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.reviews import make_flag, make_review
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def moderator():
    return make_user("mod", is_moderator=True)


def test_queue_is_not_found_for_members_and_agents_and_asks_strangers_to_sign_in():
    item = make_review()

    for user in (make_user(), make_user(is_agent=True)):
        assert signed_in(user).get("/moderation/").status_code == 404
        assert signed_in(user).get(f"/moderation/{item.pk}/").status_code == 404
        assert signed_in(user).post(f"/moderation/{item.pk}/decide/", {"action": "keep"}).status_code == 404
    assert Client().get("/moderation/").status_code == 302


def test_queue_shows_item_reasons_and_author(moderator):
    post = make_reply(make_topic(), body="Buy cheap keys now", author=make_user(display_name="Cheap Keys"))
    make_flag(post, by=make_user(display_name="Frida"), reason="other", note="third time today")

    page = signed_in(moderator).get("/moderation/").content.decode()

    for words in ("Buy cheap keys now", "Cheap Keys", "Something else", "Frida", "third time today", "1 open"):
        assert words in page


def test_empty_queue_says_so(moderator):
    make_reply(make_topic())

    assert "Queue is clear" in signed_in(moderator).get("/moderation/").content.decode()


def test_decide_goes_on_to_the_next_item_and_offers_undo(moderator):
    heavy = make_review(by=make_user(trust_level=4))
    light = make_review()
    client = signed_in(moderator)

    answer = client.post(f"/moderation/{heavy.pk}/decide/", {"action": "remove", "version": heavy.version})

    assert answer.status_code == 302
    assert answer["Location"] == f"/moderation/{light.pk}/"
    heavy.refresh_from_db()
    assert heavy.state == "removed"
    decision = heavy.decisions.get()
    page = client.get(answer["Location"]).content.decode()
    assert f"/moderation/decisions/{decision.pk}/undo/" in page
    assert client.post(f"/moderation/decisions/{decision.pk}/undo/")["Location"] == f"/moderation/{heavy.pk}/"
    heavy.refresh_from_db()
    assert heavy.state == "open"


def test_decide_with_an_old_version_answers_409_and_names_the_other(moderator):
    item = make_review()
    review_decide(
        viewer=viewer(make_user(is_moderator=True, display_name="Olga")), item=item, action="keep", version=item.version
    )

    answer = signed_in(moderator).post(f"/moderation/{item.pk}/decide/", {"action": "remove", "version": item.version})

    assert answer.status_code == 409
    assert "Olga has kept this" in answer.content.decode()
    assert Post.objects.get(pk=item.target_id).status == "published"


@pytest.mark.parametrize("data", [{}, {"action": "burn", "version": "1"}, {"action": "keep", "version": "x"}])
def test_decide_with_a_bad_form_changes_nothing(moderator, data):
    item = make_review()

    assert signed_in(moderator).post(f"/moderation/{item.pk}/decide/", data).status_code == 400

    item.refresh_from_db()
    assert item.state == "open"


def test_queue_page_costs_the_same_for_two_items_and_for_twenty(moderator, client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    topic = make_topic()

    def cost() -> int:
        browser = signed_in(moderator)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get("/moderation/").status_code == 200
        return len(queries)

    for _ in range(2):
        make_review(make_reply(topic))
    few = cost()
    for _ in range(18):
        make_review(make_reply(topic))

    assert cost() == few


def test_flag_form_takes_a_flag_and_returns_to_the_post():
    post = make_reply(make_topic())
    client = signed_in(make_user())
    assert "What is wrong with it?" in client.get(f"/flag/post/{post.pk}/").content.decode()

    answer = client.post(f"/flag/post/{post.pk}/", {"reason": "rude", "note": ""})

    assert answer.status_code == 302
    assert answer["Location"] == post.get_absolute_url()
    assert Flag.objects.get().reason == "rude"


def test_flag_form_without_a_needed_note_says_what_to_do():
    post = make_reply(make_topic())

    answer = signed_in(make_user()).post(f"/flag/post/{post.pk}/", {"reason": "other", "note": ""})

    assert answer.status_code == 400
    assert "Say in a few words what is wrong." in answer.content.decode()
    assert not Flag.objects.exists()


def test_flag_form_of_a_hidden_missing_or_unknown_target_is_not_found():
    agent = make_user(is_agent=True)
    hidden = make_reply(make_topic(space=make_space(audience=Audience.STAFF), author=agent), author=agent)
    client = signed_in(make_user())

    for address in (f"/flag/post/{hidden.pk}/", "/flag/post/999999/", "/flag/planet/1/"):
        assert client.get(address).status_code == 404
        assert client.post(address, {"reason": "spam"}).status_code == 404
    assert not ReviewItem.objects.exists()


def test_hostile_note_is_refused_or_shown_as_text(moderator):
    post = make_reply(make_topic())
    client = signed_in(make_user())
    for note, status in (("a\x00b", 400), ("x" * 200_000, 400), ("<script>alert(1)</script>", 302)):
        assert client.post(f"/flag/post/{post.pk}/", {"reason": "other", "note": note}).status_code == status

    page = signed_in(moderator).get("/moderation/").content.decode()

    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_api_flag_review_decide_and_undo(moderator):
    post = make_reply(make_topic())
    member, staff = signed_in(make_user()), signed_in(moderator)

    flag = {"target": f"post:{post.pk}", "reason": "spam"}
    made = member.post("/api/v1/flags", flag, content_type="application/json")
    assert made.status_code == 201
    assert member.get("/api/v1/reviews").status_code == 404
    assert Client().get("/api/v1/reviews").status_code == 401

    listed = staff.get("/api/v1/reviews").json()
    assert (listed["total"], listed["results"][0]["target"]) == (1, f"post:{post.pk}")
    review = listed["results"][0]
    address = f"/api/v1/reviews/{review['id']}/decision"
    decided = staff.post(address, {"action": "remove", "version": review["version"]}, content_type="application/json")
    assert decided.status_code == 201
    again = staff.post(address, {"action": "keep", "version": review["version"]}, content_type="application/json")
    assert again.status_code == 409
    assert again["Content-Type"] == "application/problem+json"
    assert staff.post(f"/api/v1/reviews/{review['id']}/undo").status_code == 200
    post.refresh_from_db()
    assert post.status == "published"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"target": "post", "reason": "spam"}, "target"),
        ({"target": "post:1", "reason": "bored"}, "reason"),
        ({"target": "post:1"}, "reason"),
        ({"target": "post:1", "reason": "spam", "note": "x" * 501}, "note"),
    ],
)
def test_api_flag_with_a_bad_field_names_it(data, field):
    answer = signed_in(make_user()).post("/api/v1/flags", data, content_type="application/json")

    assert answer.status_code == 400
    assert field in answer.json()["errors"]
