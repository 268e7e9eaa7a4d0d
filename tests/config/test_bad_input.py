"""Whatever a stranger sends: a clear answer with the right status, nothing stored, no traceback."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from accounts.events.models import Event
from community.forums.models import Post, Topic
from tests.factories.forums import make_topic
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/t/999999/x/", 404),
        ("get", "/posts/99999999999999999999/", 404),
        ("get", "/s/nowhere/", 404),
        ("get", "/u/nobody/", 404),
        ("get", "/tags/nothing/", 404),
        ("get", "/nothing/at/all/", 404),
        ("get", "/search/?q=%00", 400),
        ("get", "/search/?q=" + "a" * 1_400, 400),
        ("get", "/search/?q=%ff%fe&page=-1&kind=<script>", 400),
        ("get", '/search/?q="((*', 200),
        ("get", "/search/?q=AND+OR+NOT+NEAR(", 200),
        ("post", "/topics/", 405),
        ("delete", "/topics/", 405),
        ("put", "/", 405),
        ("get", "/preview/", 302),
        ("get", "/api/v1/nothing", 404),
        ("get", "/api/v1/topics/abc", 404),
        ("get", "/api/v1/topics/1/posts?after=x", 404),
        ("put", "/api/v1/topics", 405),
        ("post", "/api/v1/topics", 401),
        ("get", "/api/v1/search?q=a&page=x", 400),
        ("get", "/moderation/", 302),
        ("get", "/support/", 302),
        ("get", "/insights/", 404),
        ("get", "/notifications/", 302),
    ],
)
def test_request_when_it_makes_no_sense_then_clear_status_and_no_traceback(
    method: str, path: str, status: int, caplog
) -> None:
    with caplog.at_level(logging.WARNING):
        answer = getattr(Client(), method)(path)

    assert answer.status_code == status, answer.content[:300]
    assert not [record for record in caplog.records if record.exc_info and record.exc_info[0]]
    if path.startswith("/api/"):
        assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/t/{pk}/reply/", "/api/v1/topics/{pk}/posts"])
def test_body_when_larger_than_the_limit_then_413_and_nothing_stored(path: str) -> None:
    topic = make_topic()
    client, kind = Client(), "application/json" if "/api/" in path else "application/x-www-form-urlencoded"
    client.force_login(make_user(), backend=BACKEND)

    answer = client.post(path.format(pk=topic.pk), b"body=" + b"x" * 3_000_000, content_type=kind)

    assert answer.status_code == 413 and "too large" in answer.content.decode()
    assert Post.objects.count() == 1


def test_every_field_of_asking_when_hostile_then_refused_and_nothing_stored() -> None:
    client = Client()
    client.force_login(make_user(), backend=BACKEND)
    space = make_topic().space
    before = Event.objects.count()

    for field in ("title", "body", "tags", "kind"):
        for value in ("\x00", "a\x00b", "x" * 200_000, "\u202eabc", "\x1b[31m"):
            right = {"kind": "question", "title": "Hub drops off", "body": "At night.", "tags": ""}
            answer = client.post(f"/s/{space.slug}/new/", right | {field: value})
            assert answer.status_code == 400, (field, value[:10], answer.status_code)

    assert Topic.objects.count() == 1 and Event.objects.count() == before


def test_django_admin_when_opened_then_there_is_only_the_one_sign_in() -> None:
    answer = Client().get("/admin/login/")

    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")


def test_edit_when_its_version_has_thousands_of_digits_then_counts_as_not_sent() -> None:
    author = make_user()
    post = make_topic(author=author).posts.get()
    client = Client(raise_request_exception=False)
    client.force_login(author, backend=BACKEND)

    answer = client.post(
        f"/posts/{post.pk}/edit/",
        {"title": post.topic.title, "body": "Other words than before.", "tags": "", "version": "9" * 5_000},
    )

    assert answer.status_code == 302
