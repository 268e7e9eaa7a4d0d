"""The desk, the case's page and the card beside a thread."""

from __future__ import annotations

import pytest

from community.cases.models import Case
from community.cases.services import case_assign, case_link
from tests.factories.cases import make_agent, make_case, make_message
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_organisation, make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(client):
    person = make_agent()
    client.force_login(person)
    return person


def test_desk_sorts_cases_into_tabs_and_counts_them(client, agent):
    mine, nobodys = make_case(agent=agent, subject="Mine to do"), make_case(agent=agent, subject="Nobody's yet")
    case_assign(viewer=viewer(agent), case=mine, owner=agent)
    make_message(nobodys, author=agent)

    tabs = ("us", "mine", "unassigned", "customer", "all")
    pages = {tab: client.get(f"/support/?tab={tab}").content.decode() for tab in tabs}

    assert "Mine to do" in pages["us"] and "Nobody" not in pages["us"]
    assert "Mine to do" in pages["mine"] and "Nobody" not in pages["mine"]
    assert "Nobody" in pages["unassigned"] and "Nobody" in pages["customer"]
    assert "Mine to do" in pages["all"] and "Nobody" in pages["all"]


def test_desk_finds_by_number_subject_and_organisation(client, agent):
    company = make_organisation("Altmann GmbH")
    wanted = make_case(agent=agent, customer=make_user(organisation=company), subject="Hub hangs in the cellar")
    make_case(agent=agent, subject="Other trouble")

    for query in (f"q={wanted.number}", f"q={wanted.serial}", "q=cellar+hangs", f"organisation={company.slug}&tab=all"):
        page = client.get(f"/support/?{query}").content.decode()
        assert "Hub hangs" in page and "Other trouble" not in page


@pytest.mark.parametrize("query", ["?q=%00", "?tab=%00", "?page=x", "?organisation=%00", "?q=" + "9" * 300])
def test_desk_answers_whatever_the_address_holds(client, agent, query):
    assert client.get("/support/" + query).status_code == 200


def test_desk_of_twenty_cases_costs_as_many_queries_as_of_two(client, agent, django_assert_max_num_queries):
    for _number in range(2):
        make_case(agent=agent, customer=make_user(organisation=make_organisation()), owner=agent)
    client.get("/support/")
    with django_assert_max_num_queries(20) as few:
        client.get("/support/")
    for _number in range(18):
        make_case(agent=agent, customer=make_user(organisation=make_organisation()), owner=agent)

    with django_assert_max_num_queries(len(few)):
        client.get("/support/")


def test_case_page_costs_the_same_whatever_it_holds(client, agent, django_assert_max_num_queries):
    case, space = make_case(agent=agent), make_space()
    make_message(case, author=agent)
    case_link(viewer=viewer(agent), case=case, topic=make_topic(space=space, author=case.customer))
    client.get(case.get_absolute_url())
    with django_assert_max_num_queries(32) as few:
        client.get(case.get_absolute_url())
    for number in range(10):
        make_message(case, author=make_agent(), is_internal=bool(number % 2))
        case_link(viewer=viewer(agent), case=case, topic=make_topic(space=space, author=case.customer))
        make_case(agent=agent, customer=case.customer)

    with django_assert_max_num_queries(len(few)):
        client.get(case.get_absolute_url())


def test_create_from_a_thread_is_filled_in_and_shows_on_the_thread(client, agent):
    company = make_organisation("Altmann GmbH")
    company.plan = "Business, 40 hubs"
    company.save()
    topic = make_topic(author=make_user("mara", organisation=company), title="Hub drops off every night")

    form = client.get(f"/support/new/?topic={topic.pk}").content.decode()
    answer = client.post(f"/support/new/?topic={topic.pk}", {
        "subject": topic.title, "customer": "mara", "priority": "high", "body": "We look into it.", "is_mine": "on",
    })
    card = client.get(topic.get_absolute_url()).content.decode()

    case = Case.objects.get()
    assert 'value="Hub drops off every night"' in form and 'value="mara"' in form
    assert answer.status_code == 302 and answer.url == case.get_absolute_url()
    assert case.owner == agent and case.priority == "high"
    for word in (case.number, "Altmann GmbH", "Business, 40 hubs", str(agent), case.get_absolute_url()):
        assert word in card


@pytest.mark.parametrize(("field", "value"), [
    ("subject", ""), ("subject", "x" * 201), ("subject", "a\0b"), ("customer", "nobody-here"), ("customer", "\0"),
    ("priority", "now"), ("body", "x" * 32_001),
])
def test_create_with_bad_input_names_the_field_and_stores_nothing(client, agent, field, value):
    fields = {"subject": "Hub hangs", "customer": "", "priority": "normal", "body": ""}

    answer = client.post("/support/new/", fields | {field: value})

    if field == "customer" and not value.strip("\0"):
        assert answer.status_code in {302, 400}
        return
    assert answer.status_code == 400 and answer.context["form"].errors.get(field)
    assert not Case.objects.exists()


def test_link_page_finds_a_case_by_number_and_links_it(client, agent):
    case, topic = make_case(agent=agent, subject="Cellar hub"), make_topic()

    page = client.get(f"/support/link/{topic.pk}/?q={case.number}").content.decode()
    answer = client.post(f"/support/link/{topic.pk}/", {"case": case.number})

    assert "Cellar hub" in page
    assert answer.url == topic.get_absolute_url()
    assert list(case.topics.all()) == [topic]


def test_unlink_from_the_card_goes_back_to_the_thread(client, agent):
    topic = make_topic()
    case = make_case(agent=agent, topic=topic)

    answer = client.post(f"/support/{case.number}/threads/", {"topic": topic.pk, "on": "0", "back": "topic"})

    assert answer.url == topic.get_absolute_url()
    assert case.links.count() == 0


def test_link_by_address_from_the_case_page(client, agent):
    topic, case = make_topic(), make_case(agent=agent)

    client.post(f"/support/{case.number}/threads/", {"topic": f"https://example.org{topic.get_absolute_url()}"})
    bad = client.post(f"/support/{case.number}/threads/", {"topic": "https://example.org/nothing"})

    assert list(case.topics.all()) == [topic]
    assert bad.status_code == 400


def test_agent_answers_and_says_whose_turn_it_is(client, agent):
    case = make_case(agent=agent)

    answer = client.post(case.get_absolute_url(), {"body": "Please **restart** it.", "status": "", "key": "a"})
    empty = client.post(case.get_absolute_url(), {"body": " ", "status": "", "key": "b"})

    case.refresh_from_db()
    message = case.messages.get()
    assert answer.url == f"{case.get_absolute_url()}#message-{message.pk}"
    assert case.status == "waiting" and "<strong>restart</strong>" in message.html
    assert empty.status_code == 400 and empty.context["form"].errors["body"]


def test_change_form_saves_status_priority_and_owner(client, agent):
    case = make_case(agent=agent)

    client.post(f"/support/{case.number}/change/", {"status": "open", "priority": "urgent", "owner": str(agent.pk)})
    history = client.get(case.get_absolute_url()).content.decode()

    case.refresh_from_db()
    assert (case.status, case.priority, case.owner) == ("open", "urgent", agent)
    assert "set the priority to urgent" in history


def test_manager_reads_and_notes_but_changes_nothing(client):
    manager, case = make_user(is_manager=True), make_case()
    client.force_login(manager)

    page = client.get(case.get_absolute_url()).content.decode()
    client.post(case.get_absolute_url(), {"body": "For the record.", "is_internal": "on", "key": "n"})
    loud = client.post(case.get_absolute_url(), {"body": "Hello customer", "key": "l"})
    change = client.post(f"/support/{case.number}/change/", {"status": "closed", "priority": "low", "owner": ""})

    assert "State of the case" not in page
    assert case.messages.get().is_internal
    assert loud.status_code == 403 and change.status_code == 403
    assert client.get("/support/new/").status_code == 403


def test_hostile_text_in_a_case_is_shown_as_text(client, agent):
    case = make_case(agent=agent, subject="<script>alert(1)</script>")
    make_message(case, author=agent, body="<img src=x onerror=alert(1)> [x](javascript:alert(1))")

    for url in (case.get_absolute_url(), "/support/?tab=all"):
        page = client.get(url).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page and 'href="javascript' not in page


def test_topic_page_asks_once_for_cases_however_many_posts_it_has(client, agent, django_assert_max_num_queries):
    topic = make_topic()
    make_case(agent=agent, topic=topic)
    client.get(topic.get_absolute_url())
    with django_assert_max_num_queries(40) as few:
        client.get(topic.get_absolute_url())
    for _number in range(6):
        make_reply(topic)
        make_case(agent=agent, topic=topic)

    with django_assert_max_num_queries(len(few) + 1):
        client.get(topic.get_absolute_url())


def test_private_space_of_a_linked_thread_is_not_named_to_the_customer(client):
    customer, admin = make_user(), make_user(is_superuser=True)
    hidden = make_topic(space=make_space(name="Backstage", audience="staff"), author=admin, title="Known defect in 4.2")
    case = make_case(agent=admin, customer=customer)
    case_link(viewer=viewer(admin), case=case, topic=hidden)
    client.force_login(customer)

    page = client.get(case.get_absolute_url()).content.decode()

    assert "Known defect" not in page and "Backstage" not in page
