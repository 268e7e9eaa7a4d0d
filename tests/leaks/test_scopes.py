"""What an API token's scopes open, over every address of the API; and fields that nobody offered are not taken."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Audience, User
from accounts.services import token_create
from community.forums.models import Post, Topic
from community.ideas.models import Idea
from knowledge.models import WikiPage
from tests.factories.people import viewer
from tests.leaks.browse import Visitor
from tests.leaks.table import PAGES
from tests.leaks.test_existence import rows
from tests.leaks.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_first]
UNSAFE = ("post", "patch", "put", "delete")


def opened(world: World, scopes: tuple[str, ...], methods: tuple[str, ...]) -> list[str]:
    """The addresses of the API that a token of the private persona got an answer from."""
    person = world.people["private"]
    _row, token = token_create(viewer=viewer(person), user=person, scopes=scopes)
    client, headers = Client(raise_request_exception=False), {"Authorization": f"Bearer {token}"}
    part, found = world.only("groups"), []
    for line, paths in PAGES.items():
        for path in paths(part)[:2] if line.startswith("api:") and line not in {"api:None", "api:openapi"} else []:
            for method in methods:
                answer = getattr(client, method)(path, headers=headers, content_type="application/json")
                if answer.status_code not in {401, 403, 405}:
                    found.append(f"{answer.status_code} {method} {path}")
    return found


def test_token_when_it_has_only_the_scope_write_then_it_reads_nothing(world):
    assert opened(world, ("write", "private"), ("get",)) == []


def test_token_when_it_has_only_the_scope_read_then_it_writes_nothing(world):
    before = rows()

    assert opened(world, ("read", "private"), UNSAFE) == []
    changed = {table for table, value in rows().items() if value != before[table]}
    assert changed <= {"accounts.ApiToken", "events.Event", "events.Delivery"}  # the token itself was made


EXTRA = {
    "is_staff": "1", "is_superuser": "1", "is_moderator": "1", "is_agent": "1", "is_manager": "1", "is_active": "0",
    "groups": "1", "organisation": "1", "trust_level": "4", "email": "new@people.example", "username": "renamed",
    "author": "1", "author_id": "1", "user": "1", "user_id": "1", "created_at": "2001-01-01", "is_pinned": "1",
    "is_closed": "1", "vote_count": "99", "reply_count": "99", "state": "solved", "space_id": "1", "id": "1", "pk": "1",
    "number": "1", "audience": "public", "score": "9", "imported_from": "x", "imported_votes": "9", "solution": "1",
    "idempotency_key": "x", "is_first": "1", "topic": "1", "case": "1", "points": "9", "locked": "1", "owner": "1",
}  # fmt: skip


def writes(world: World) -> list[tuple[str, dict[str, str]]]:
    """What a member may write in the open, by form and by API."""
    topic, space = world.topics["public"], world.spaces["public"]
    text = {"title": "A question of mine", "body": "My own words."}
    return [
        (f"/s/{space.slug}/new/", text | {"kind": "question", "tags": ""}),
        (f"/t/{topic.pk}/reply/", text),
        (f"/posts/{world.posts['public reply'].pk}/vote/", {"on": "1"}),
        ("/ideas/new/", text | {"space": space.slug, "tags": ""}),
        ("/wiki/public-wiki/new/", {"title": "A page of mine", "body": "Text.", "comment": ""}),
        ("/settings/", {"display_name": "Mem Ber", "headline": "", "about": ""}),
        ("/api/v1/topics", text | {"space": space.slug}),
        (f"/api/v1/topics/{topic.pk}/posts", {"body": "My own words."}),
        ("/api/v1/ideas", text | {"space": space.slug}),
        ("/api/v1/flags", {"target": f"post:{world.posts['public reply'].pk}", "reason": "spam"}),
    ]


def test_fields_when_nobody_offered_them_then_they_are_not_taken(world):
    visitor, member = Visitor(world, "member"), world.people["member"]
    before = {model: set(model.objects.values_list("pk", flat=True)) for model in (Topic, Post, Idea, WikiPage)}
    kept = [name for name in ("email", "username", "organisation_id", "trust_level", *_roles())]
    person = User.objects.values(*kept).get(pk=member.pk)
    began = timezone.now()
    refused = [
        f"{answer.status_code} {path}" for path, data in writes(world)
        if (answer := visitor.post(path, EXTRA | data)).status_code >= 400
    ]  # fmt: skip
    new = {model: list(model.objects.exclude(pk__in=pks)) for model, pks in before.items()}

    assert refused == []
    assert {len(rows) for rows in new.values()} >= {1} and len(new[Post]) >= 6
    assert User.objects.values(*kept).get(pk=member.pk) == person
    for topic in new[Topic]:
        assert (topic.author_id, topic.status, topic.is_pinned) == (member.pk, "published", False)
        assert not topic.is_closed
        assert (topic.vote_count, topic.reply_count, topic.solution_id, topic.imported_from) == (0, 0, None, "")
        assert topic.space.audience == Audience.PUBLIC and topic.created_at >= began
    for post in new[Post]:
        assert (post.author_id, post.status, post.is_whisper, post.vote_count) == (member.pk, "published", False, 0)
    for page in new[WikiPage]:
        assert (page.owner_id, page.locked, page.imported_from) == (member.pk, False, "")
    assert {idea.vote_count for idea in new[Idea]} == {1}


def _roles() -> list[str]:
    return ["is_staff", "is_superuser", "is_moderator", "is_agent", "is_manager", "is_active"]


@pytest.mark.parametrize("path", ["/t/{}/reply/", "/api/v1/topics/{}/posts"])
def test_whisper_when_a_member_asks_for_one_then_it_is_refused(world, path):
    before = Post.objects.count()
    data = {"body": "Between us.", "is_whisper": "1"}

    assert Visitor(world, "member").post(path.format(world.topics["public"].pk), data).status_code == 403
    assert Post.objects.count() == before
