"""The API of spaces, topics and posts: the contract of DESIGN section 9, and problem+json for everything wrong."""

from __future__ import annotations

import json
import secrets

import pytest
from django.test import Client

from accounts.api.authentication import digest_of
from accounts.models import ApiToken, User
from community.forums.models import Post, Topic
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def _token(user: User, scopes: str = "read write private staff") -> dict[str, str]:
    token = f"tw_{secrets.token_urlsafe(16)}"
    ApiToken.objects.create(user=user, prefix=token[:8], digest=digest_of(token), scopes=scopes.split())
    return {"HTTP_AUTHORIZATION": f"Bearer {token}"}


def _post(path: str, body: object, headers: dict[str, str]) -> tuple[int, dict, str]:
    answer = Client().post(path, json.dumps(body), content_type="application/json", **headers)
    return answer.status_code, answer.json(), answer["Content-Type"]


def test_topic_when_posted_then_can_be_read_replied_to_and_solved() -> None:
    space, asker = make_space(slug="devices"), make_user("mara")
    headers = _token(asker)

    status, topic, _type = _post(
        "/api/v1/topics",
        {"space": "devices", "kind": "question", "title": "Hub drops off", "body": "At night.", "tags": ["wifi"]},
        headers,
    )
    assert status == 201 and topic["tags"] == ["wifi"] and topic["url"].endswith(Topic.objects.get().get_absolute_url())

    status, reply, _type = _post(
        f"/api/v1/topics/{topic['id']}/posts", {"body": "Hold the **button**."}, _token(make_user("jonas"))
    )
    assert (status, reply["number"], reply["author"]) == (201, 2, "jonas")

    results = Client().get(f"/api/v1/topics/{topic['id']}/posts?after=1").json()["results"]
    assert [(post["number"], post["html"]) for post in results] == [(2, "<p>Hold the <strong>button</strong>.</p>\n")]

    status, solved, _type = _post(f"/api/v1/topics/{topic['id']}/solution", {"post": 2}, headers)
    assert (status, solved["is_solved"], solved["state"]) == (200, True, "solved")
    assert Client().get("/api/v1/spaces").json()["results"][0]["slug"] == space.slug


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "space"),
        ({"space": "devices"}, "title"),
        ({"space": "devices", "title": "Hub drops off"}, "body"),
        ({"space": "nowhere", "title": "Hub drops off", "body": "x"}, "space"),
        ({"space": "devices", "title": "Hub drops off", "body": "x" * 200_000}, "body"),
        ({"space": "devices", "title": "Hub drops off", "body": "a\u0000b"}, "body"),
        ({"space": "devices", "title": ["x"], "body": "x"}, "title"),
        ({"space": "devices", "title": "Hub drops off", "body": "x", "tags": "wifi"}, "tags"),
        ({"space": "devices", "title": "Hub drops off", "body": "x", "kind": "poem"}, "kind"),
    ],
)
def test_topic_when_a_field_is_wrong_then_problem_names_it(body: dict, field: str) -> None:
    make_space(slug="devices")

    status, problem, kind = _post("/api/v1/topics", body, _token(make_user()))

    assert (status, kind) == (400, "application/problem+json")
    assert field in problem["errors"] and problem["status"] == 400
    assert not Topic.objects.exists()


@pytest.mark.parametrize("raw", [b"{", b"\xff\xfe", b"[]", b'"x"', b"null", b"1" * 5000])
def test_topic_when_body_is_not_an_object_then_400_problem(raw: bytes) -> None:
    answer = Client().post("/api/v1/topics", raw, content_type="application/json", **_token(make_user()))

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_calls_when_not_signed_in_or_token_is_bad_then_401() -> None:
    topic = make_topic()
    assert _post(f"/api/v1/topics/{topic.pk}/posts", {"body": "Hello"}, {})[0] == 401
    assert (
        _post(f"/api/v1/topics/{topic.pk}/posts", {"body": "Hello"}, {"HTTP_AUTHORIZATION": "Bearer nonsense"})[0]
        == 401
    )
    assert Post.objects.count() == 1


def test_private_topic_when_outsider_asks_then_404_like_nothing() -> None:
    topic = make_topic(space=make_space(audience="members"))
    headers = _token(make_user(), "read write")

    hidden = Client().get(f"/api/v1/topics/{topic.pk}", **headers)
    nothing = Client().get("/api/v1/topics/999999", **headers)

    assert (hidden.status_code, hidden.content) == (404, nothing.content)
    assert Client().get(f"/api/v1/topics/{topic.pk}", **_token(make_user())).status_code == 200


def test_token_when_scope_is_read_then_cannot_write_and_without_staff_has_no_role() -> None:
    topic, agent = make_topic(), make_user(is_agent=True)
    whisper = make_reply(topic, author=agent, is_whisper=True)

    status, problem, _type = _post(f"/api/v1/topics/{topic.pk}/posts", {"body": "Hello"}, _token(agent, "read"))
    assert (status, problem["status"]) == (403, 403)

    def numbers(scopes: str) -> list[int]:
        answer = Client().get(f"/api/v1/topics/{topic.pk}/posts", **_token(agent, scopes))
        return [post["number"] for post in answer.json()["results"]]

    assert numbers("read private") == [1]
    assert numbers("read private staff") == [1, whisper.number]


def test_wrong_method_or_page_when_asked_then_problem() -> None:
    assert Client().delete("/api/v1/topics").status_code in {401, 405}
    answer = Client().get("/api/v1/topics?page=0")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["page"])
