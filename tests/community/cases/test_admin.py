"""The admin shows the rooms' tables and changes nothing in them."""

from __future__ import annotations

import pytest

from community.reputation.services import recount_standings
from tests.factories.cases import make_case
from tests.factories.forums import make_reply, make_topic
from tests.factories.ideas import make_idea
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", ["cases/case", "ideas/idea", "reputation/standing"])
def test_admin_when_opened_then_lists_and_takes_no_change(client, model):
    admin = make_user(is_superuser=True, is_staff=True)
    case, idea = make_case(), make_idea()
    make_reply(make_topic())
    recount_standings()
    client.force_login(admin)
    key = {"cases/case": case.pk, "ideas/idea": idea.pk, "reputation/standing": 0}[model]

    assert client.get(f"/admin/{model}/").status_code == 200
    assert client.get(f"/admin/{model}/add/").status_code == 403
    if key:
        assert client.get(f"/admin/{model}/{key}/change/").status_code == 200
        assert client.post(f"/admin/{model}/{key}/delete/", {"post": "yes"}).status_code == 403
