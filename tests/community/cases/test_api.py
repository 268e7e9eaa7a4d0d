"""Cases over the API: agents work, customers read and answer, bad input is named by its field."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from community.cases.models import Case
from tests.factories.cases import make_agent, make_case
from tests.factories.forums import make_topic
from tests.factories.people import make_user
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def api_of(person) -> APIClient:
    client = APIClient()
    client.force_login(person)
    return client


def test_agent_opens_a_case_from_a_topic():
    topic, agent = make_topic(), make_agent()

    answer = api_of(agent).post("/api/v1/cases", {"subject": "Hub hangs", "topic": topic.pk}, format="json")

    told = answer.json()
    assert answer.status_code == 201
    assert (told["number"], told["status"], told["customer"]) == ("NL-1001", "new", topic.author.username)
    assert api_of(agent).get("/api/v1/cases/NL-1001").json()["topics"][0]["id"] == topic.pk


@pytest.mark.parametrize(("change", "field"), [
    ({"subject": ""}, "subject"), ({"subject": None}, "subject"), ({"subject": "x" * 201}, "subject"),
    ({"customer": "nobody-here"}, "customer"), ({"priority": "now"}, "priority"), ({"topic": 999_999}, "topic"),
    ({"topic": "x"}, "topic"), ({"body": "x" * 32_001}, "body"),
])
def test_opening_with_bad_input_names_the_field_and_stores_nothing(change, field):
    answer = api_of(make_agent()).post("/api/v1/cases", {"subject": "Hub hangs"} | change, format="json")

    assert answer.status_code == 400 and field in answer.json()["errors"]
    assert not Case.objects.exists()


def test_topic_that_the_agent_may_not_read_is_no_topic():
    topic = make_topic(space=make_space(audience="groups"), author=make_user(is_superuser=True))

    answer = api_of(make_agent()).post("/api/v1/cases", {"subject": "Hub hangs", "topic": topic.pk}, format="json")

    assert answer.status_code == 400 and "topic" in answer.json()["errors"]


def test_customer_opens_no_case_and_learns_of_nobody():
    api = api_of(make_user())

    known = api.post("/api/v1/cases", {"subject": "Hub hangs", "customer": make_user().username}, format="json")
    unknown = api.post("/api/v1/cases", {"subject": "Hub hangs", "customer": "nobody-here"}, format="json")

    assert known.status_code == unknown.status_code == 403
    assert known.json() == unknown.json() and not Case.objects.exists()


def test_customer_answers_their_own_case_and_sees_neither_owner_nor_priority():
    customer, agent = make_user(), make_agent()
    case = make_case(agent=agent, customer=customer, owner=agent)
    api = api_of(customer)

    sent = api.post(f"/api/v1/cases/{case.number}/messages", {"body": "It hangs again."}, format="json")
    secret = api.post(f"/api/v1/cases/{case.number}/messages", {"body": "x", "is_internal": True}, format="json")
    change = api.patch(f"/api/v1/cases/{case.number}", {"status": "solved"}, format="json")
    told = api.get(f"/api/v1/cases/{case.number}").json()

    assert sent.status_code == 201 and secret.status_code == change.status_code == 403
    assert "owner" not in told and "priority" not in told
    assert [message["body"] for message in told["messages"]] == ["It hangs again."]


def test_agent_changes_links_and_unlinks():
    agent = make_agent()
    case, topic = make_case(agent=agent), make_topic()
    api = api_of(agent)

    changed = api.patch(
        f"/api/v1/cases/{case.number}", {"status": "open", "priority": "high", "owner": agent.username}, format="json"
    )
    linked = api.post(f"/api/v1/cases/{case.number}/links", {"topic": topic.pk}, format="json")
    wrong = api.post(f"/api/v1/cases/{case.number}/links", {"topic": 999_999}, format="json")
    unlinked = api.delete(f"/api/v1/cases/{case.number}/links/{topic.pk}")

    told = changed.json()
    assert (told["status"], told["priority"], told["owner"]) == ("open", "high", agent.username)
    assert linked.status_code == 201 and "topic" in wrong.json()["errors"] and unlinked.status_code == 204
    assert case.links.count() == 0


def test_half_of_a_change_that_is_refused_is_not_kept():
    agent, case = make_agent(), make_case()

    answer = api_of(agent).patch(
        f"/api/v1/cases/{case.number}", {"priority": "high", "owner": make_user().username}, format="json"
    )

    case.refresh_from_db()
    assert answer.status_code == 400 and "owner" in answer.json()["errors"]
    assert case.priority == "normal" and case.owner is None


def test_list_filters_and_costs_the_same_for_many(django_assert_max_num_queries):
    agent = make_agent()
    api = api_of(agent)
    for _number in range(2):
        make_case(agent=agent)
    with django_assert_max_num_queries(12) as few:
        api.get("/api/v1/cases")
    for _number in range(10):
        make_case(agent=agent)

    with django_assert_max_num_queries(len(few)):
        answer = api.get("/api/v1/cases").json()

    assert answer["total"] == 12
    assert api.get("/api/v1/cases?q=NL-1003").json()["total"] == 1
    assert api.get("/api/v1/cases?status=closed").json()["total"] == 0
    assert "status" in api.get("/api/v1/cases?status=gone").json()["errors"]


@pytest.mark.parametrize("number", ["NL-9999", "nl", "%00", "../1", "x" * 200])
def test_unknown_number_is_not_found(number):
    assert api_of(make_agent()).get(f"/api/v1/cases/{number}").status_code == 404
