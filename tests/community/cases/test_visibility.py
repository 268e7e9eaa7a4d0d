"""Who sees a case and what is said in it: row filter, predicate and tokens agree, and nothing leaks anywhere."""

from __future__ import annotations

import random

import pytest
from rest_framework.test import APIClient

from accounts.api.authentication import digest_of
from accounts.events.worker import drain
from accounts.models import ApiToken
from community.cases import policies, selectors
from community.cases.models import Case, CaseMessage
from community.cases.services import case_link
from community.cases.source import CaseSource
from tests.factories.cases import make_agent, make_case, make_message
from tests.factories.forums import make_topic
from tests.factories.people import make_organisation, make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db
SECRET = "zanzibar"


def test_filter_predicate_and_tokens_agree_for_generated_people_and_cases():
    draw = random.Random(3)
    company = make_organisation()
    people = [
        None, make_user(), make_user(organisation=company), make_user(organisation=company), make_agent(),
        make_user(is_moderator=True), make_user(is_manager=True), make_user(is_superuser=True),
        make_user(is_active=False),
    ]
    customers = [person for person in people if person is not None]
    agent = make_agent()
    for _number in range(25):
        case = make_case(agent=agent, customer=draw.choice(customers))
        for _message in range(draw.randint(0, 3)):
            make_message(case, author=agent, is_internal=draw.random() < 0.5)
    Case.objects.filter(pk__in=draw.sample(list(Case.objects.values_list("pk", flat=True)), 4)).update(customer=None)

    for person in people:
        who = viewer(person)
        seen = set(Case.objects.visible_to(who).values_list("pk", flat=True))
        heard = set(CaseMessage.objects.visible_to(who).values_list("pk", flat=True))
        for case in Case.objects.all():
            assert (case.pk in seen) == policies.can_see(who, case) == bool(policies.audience(case) & who.tokens)
        for message in CaseMessage.objects.select_related("case"):
            by_tokens = bool(policies.message_audience(message) & who.tokens)
            assert (message.pk in heard) == policies.can_see_message(who, message) == by_tokens


def test_internal_note_never_reaches_the_customer_by_page_api_search_or_notification(client):
    customer, agent = make_user(), make_agent()
    case = make_case(agent=agent, customer=customer, body="We are on it.")
    make_message(case, author=agent, body=f"He is a {SECRET} man.", is_internal=True)
    client.force_login(customer)

    page = client.get(case.get_absolute_url()).content.decode()
    api = client.get(f"/api/v1/cases/{case.number}").json()
    documents = list(CaseSource().documents([case.pk]))
    drain()
    bell = client.get("/notifications/").content.decode()
    found = client.get(f"/search/?q={SECRET}").content.decode()

    assert "We are on it" in page and SECRET not in page
    assert [message["body"] for message in api["messages"]] == ["We are on it."]
    assert SECRET not in documents[0].body and documents[0].audience == tuple(policies.audience(case))
    assert SECRET not in bell and case.subject not in found.split("</title>")[-1]


def test_case_of_somebody_else_does_not_exist(client):
    case = make_case(subject=f"The {SECRET} hub")
    make_message(case)
    topic = make_topic()
    case_link(viewer=viewer(make_agent()), case=case, topic=topic)
    drain()
    stranger, moderator = make_user(), make_user(is_moderator=True)

    for person in (stranger, moderator, topic.author):
        client.force_login(person)
        assert client.get(case.get_absolute_url()).status_code == 404
        assert client.post(case.get_absolute_url(), {"body": "hello"}).status_code == 404
        assert client.post(f"/support/{case.number}/take/").status_code == 404
        assert client.post(f"/support/{case.number}/change/", {"status": "solved"}).status_code == 404
        assert client.get(f"/support/link/{topic.pk}/").status_code == 404
        assert client.get(f"/support/new/?topic={topic.pk}").status_code == 404
        assert case.number not in client.get("/support/?q=zanzibar&tab=all").content.decode()
        assert client.get("/api/v1/cases").json()["total"] == 0
        assert client.get(f"/api/v1/cases/{case.number}").status_code == 404
        assert case.number not in client.get(topic.get_absolute_url()).content.decode()
        assert case.number not in client.get("/search/?q=zanzibar").content.decode()
        assert selectors.open_count(viewer(person)) == 0
        assert CaseSource().cards([case.pk], viewer(person)) == {}
    assert case.messages.count() == 1


def test_search_finds_a_case_for_the_desk_and_its_customer_only(client, settings):
    settings.ELASTICSEARCH_URL = ""
    customer, agent = make_user(), make_agent()
    case = make_case(agent=agent, customer=customer, subject="Gateway refuses the firmware", body=f"A word: {SECRET}.")
    drain()

    def found(person) -> tuple[int, bool]:
        client.force_login(person)
        answers = [client.get(f"/api/v1/search?q={text}").json() for text in (SECRET, "gateway+firmware", case.number)]
        hits = sum(hit["kind"] == "case" for answer in answers for hit in answer["results"])
        suggested = client.get("/search/suggest/?q=gateway", headers={"HX-Request": "true"}).content.decode()
        return hits, case.subject in suggested or "case" in str([answer["facets"] for answer in answers])

    assert found(agent) == (3, True) and found(customer) == (3, True)
    assert found(make_user()) == (0, False) and found(make_user(is_moderator=True)) == (0, False)


def test_anonymous_is_asked_to_sign_in_everywhere(client):
    case = make_case()

    for url in ("/support/", "/support/new/", case.get_absolute_url()):
        answer = client.get(url)
        assert answer.status_code == 302 and "/accounts/login/" in answer.url
    assert client.get("/api/v1/cases").status_code == 401


def test_my_cases_lists_only_my_own(client):
    mine, other = make_user(), make_user()
    make_case(customer=mine, subject="My own hub")
    make_case(customer=other, subject="The hub of another")
    client.force_login(mine)

    page = client.get("/support/").content.decode()

    assert "My own hub" in page and "The hub of another" not in page


def test_customer_sees_number_and_state_on_their_own_thread_and_nothing_more(client):
    customer, agent = make_user(), make_agent(display_name="Sanne Secretname")
    topic = make_topic(author=customer)
    case = make_case(agent=agent, topic=topic, owner=agent, priority="urgent")
    client.force_login(customer)

    page = client.get(topic.get_absolute_url()).content.decode()

    assert case.number in page and "With our support team" in page
    assert "Sanne Secretname" not in page and "Create case" not in page


def test_customer_is_not_told_which_threads_of_others_are_linked(client):
    customer, agent = make_user(), make_agent()
    case = make_case(agent=agent, customer=customer)
    other = make_topic(title="The same trouble elsewhere")
    case_link(viewer=viewer(agent), case=case, topic=other)
    client.force_login(customer)

    page = client.get(case.get_absolute_url()).content.decode()
    api = client.get(f"/api/v1/cases/{case.number}").json()

    assert "The same trouble elsewhere" not in page and api["topics"] == []
    assert case.number not in client.get(other.get_absolute_url()).content.decode()


def test_agent_sees_no_thread_that_they_may_not_read(client):
    group_space = make_space(audience="groups")
    admin, agent = make_user(is_superuser=True), make_agent()
    topic = make_topic(space=group_space, author=admin, title="Behind closed doors")
    case = make_case(agent=admin, topic=topic, subject="A case for all agents")
    client.force_login(agent)

    page = client.get(case.get_absolute_url()).content.decode()

    assert "Behind closed doors" not in page
    assert client.get(f"/support/link/{topic.pk}/").status_code == 404
    assert client.get(f"/support/new/?topic={topic.pk}").status_code == 404


@pytest.mark.parametrize(
    ("scopes", "expected"), [(["read"], 0), (["read", "private"], 1), (["read", "private", "staff"], 2)]
)
def test_api_token_sees_only_what_its_scopes_open(scopes, expected):
    agent = make_agent()
    make_case(agent=agent, customer=agent)
    make_case(agent=agent)
    ApiToken.objects.create(user=agent, prefix="tw_x", digest=digest_of("tw_x"), scopes=scopes)

    answer = APIClient(headers={"Authorization": "Bearer tw_x"}).get("/api/v1/cases")

    assert answer.json()["total"] == expected
