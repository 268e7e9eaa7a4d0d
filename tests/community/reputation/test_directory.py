"""The list of people in the order of who helps: ever, and lately; nothing of private spaces counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from community.forums.models import Topic
from community.forums.services import solution_accept
from community.reputation.services import recount_standings
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def solved_by(helper: User, *, days_ago: int = 0, **where: object) -> None:
    topic = make_topic(author=make_user(is_agent=True), **where)
    solution_accept(viewer=viewer(topic.author), topic=topic, post=make_reply(topic, author=helper))
    Topic.objects.filter(pk=topic.pk).update(solved_at=timezone.now() - timedelta(days=days_ago))


def cost(client: Client, order: str) -> int:
    with CaptureQueriesContext(connection) as counted:
        client.get(f"/people/?order={order}")
    return len(counted)


def test_people_when_in_the_order_of_who_helps_then_only_helpers_of_the_time_and_open_spaces(client: Client) -> None:
    once, often, secret = make_user("once"), make_user("often"), make_user("secret", is_agent=True)
    solved_by(once)
    for days_ago in (200, 200, 20, 3):
        solved_by(often, days_ago=days_ago)
    solved_by(secret, space=make_space(audience="staff"))
    recount_standings()

    def shown(order: str) -> list[tuple[str, int]]:
        page = client.get(f"/people/?order={order}").context["page_obj"]
        return [(person.username, person.solutions) for person in page if person.solutions]

    assert shown("helpful") == [("often", 4), ("once", 1)]
    assert shown("helpful-lately") == [("often", 2), ("once", 1)]
    assert "4 accepted answers" in client.get("/people/?order=helpful").content.decode()
    assert [p.username for p in client.get("/people/?order=helpful&q=onc").context["page_obj"]] == ["once"]
    costs = {order: cost(client, order) for order in ("name", "helpful", "helpful-lately")}
    assert len(set(costs.values())) == 1
