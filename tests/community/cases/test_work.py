"""Working on a case: numbers, turns, links, the solved thread, and telling people."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.events.models import Delivery, Event
from accounts.events.worker import drain
from community.cases.models import Case
from community.cases.services import (
    case_assign,
    case_create,
    case_link,
    case_set_priority,
    case_set_status,
    case_unlink,
    message_add,
)
from community.forums.services import solution_accept
from community.notifications.models import Notification
from tests.factories.cases import make_agent, make_case, make_message
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_organisation, make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def test_case_numbers_start_at_1001_and_have_no_gaps():
    agent = viewer(make_agent())
    with pytest.raises(ValidationError):
        case_create(viewer=agent, subject="")
    with pytest.raises(RuntimeError), transaction.atomic():
        case_create(viewer=agent, subject="This one is rolled back")
        raise RuntimeError

    numbers = [case_create(viewer=agent, subject=f"Case {n}").number for n in range(3)]

    assert numbers == ["NL-1001", "NL-1002", "NL-1003"]


@pytest.mark.django_db(transaction=True)
def test_twenty_cases_at_once_get_twenty_numbers_in_a_row():
    agent = viewer(make_agent())

    def create(number: int) -> None:
        try:
            case_create(viewer=agent, subject=f"Case {number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(create, range(20)))

    assert sorted(Case.objects.values_list("serial", flat=True)) == list(range(1001, 1021))


def test_case_from_a_topic_takes_its_author_company_and_link():
    company = make_organisation()
    topic = make_topic(author=make_user(organisation=company))

    case = case_create(viewer=viewer(make_agent()), subject=topic.title, topic=topic)

    assert case.customer == topic.author and case.organisation == company
    assert list(case.topics.all()) == [topic]
    assert case.status == "new" and case.reply_due_at == case.created_at + timedelta(hours=24)


@pytest.mark.parametrize("roles", [{}, {"is_moderator": True}, {"is_manager": True}])
def test_only_agents_open_cases(roles):
    with pytest.raises(NotAllowed):
        case_create(viewer=viewer(make_user(**roles)), subject="Let me in")

    assert not Case.objects.exists() and not Event.objects.filter(name="case.created").exists()


def test_turns_follow_who_wrote_last():
    customer, agent = make_user(), make_agent()
    case = make_case(agent=agent, customer=customer)

    make_message(case, author=agent)
    case.refresh_from_db()
    assert (case.status, case.reply_due_at) == ("waiting", None) and case.first_answered_at

    make_message(case, author=customer, body="It still hangs.")
    case.refresh_from_db()
    assert case.status == "open" and case.reply_due_at

    make_message(case, author=agent, is_internal=True)
    case.refresh_from_db()
    assert case.status == "open"

    message_add(viewer=viewer(agent), case=case, body="Done.", status="solved")
    case.refresh_from_db()
    assert case.status == "solved" and case.solved_at and case.reply_due_at is None

    make_message(case, author=customer, body="It is back.")
    case.refresh_from_db()
    assert case.status == "open" and case.solved_at is None


def test_customer_can_neither_note_nor_set_the_status_nor_write_into_a_closed_case():
    customer, agent = make_user(), make_agent()
    case = make_case(agent=agent, customer=customer)

    for fields in ({"is_internal": True}, {"status": "closed"}):
        with pytest.raises(NotAllowed):
            message_add(viewer=viewer(customer), case=case, body="Hello", **fields)
    for call in (
        lambda who: case_set_status(viewer=who, case=case, status="solved"),
        lambda who: case_assign(viewer=who, case=case, owner=None),
        lambda who: case_set_priority(viewer=who, case=case, priority="urgent"),
    ):
        with pytest.raises(NotAllowed):
            call(viewer(customer))
    case = case_set_status(viewer=viewer(agent), case=case, status="closed")
    with pytest.raises(NotAllowed):
        message_add(viewer=viewer(customer), case=case, body="Hello")

    assert case.messages.count() == 0


def test_change_to_the_same_value_records_nothing():
    agent = make_agent()
    case = make_case(agent=agent, owner=agent)
    before = Event.objects.count()

    case_set_status(viewer=viewer(agent), case=case, status="new")
    case_set_priority(viewer=viewer(agent), case=case, priority="normal")
    case_assign(viewer=viewer(agent), case=case, owner=agent)

    assert Event.objects.count() == before


def test_priority_moves_the_time_to_reply():
    agent = make_agent()
    case = make_case(agent=agent, at=timezone.now() - timedelta(hours=1))

    case = case_set_priority(viewer=viewer(agent), case=case, priority="urgent")

    assert case.reply_due_at == case.created_at + timedelta(hours=2)


def test_owner_must_be_an_agent():
    case = make_case()

    with pytest.raises(ValidationError) as refusal:
        case_assign(viewer=viewer(make_agent()), case=case, owner=make_user(is_moderator=True))

    assert "owner" in refusal.value.message_dict


def test_link_twice_is_once_and_unlink_takes_it_back():
    agent, case, topic = make_agent(), make_case(), make_topic()

    case_link(viewer=viewer(agent), case=case, topic=topic)
    case_link(viewer=viewer(agent), case=case, topic=topic)
    assert case.links.count() == 1
    assert Event.objects.filter(name="case.linked").count() == 1

    case_unlink(viewer=viewer(agent), case=case, topic=topic)
    case_unlink(viewer=viewer(agent), case=case, topic=topic)
    assert case.links.count() == 0
    assert Event.objects.filter(name="case.linked").count() == 2


def test_link_with_a_thread_that_the_agent_may_not_read_is_refused():
    admin = make_user(is_superuser=True)
    topic = make_topic(space=make_space(audience="groups"), author=admin)
    case = make_case()

    with pytest.raises(NotAllowed):
        case_link(viewer=viewer(make_agent()), case=case, topic=topic)

    assert case.links.count() == 0


def test_solved_thread_adds_one_internal_line_to_its_active_cases_however_often_it_is_delivered():
    asker, agent = make_user(), make_agent()
    topic = make_topic(author=asker, title="Hub [drops](javascript:alert) *every* night")
    active, done = make_case(agent=agent, topic=topic), make_case(agent=agent, topic=topic)
    case_set_status(viewer=viewer(agent), case=done, status="closed")
    post = make_reply(topic)
    solution_accept(viewer=viewer(asker), topic=topic, post=post)

    drain()
    again = Delivery.objects.filter(subscriber="cases.topic_solved")
    again.update(state="waiting", next_attempt_at=timezone.now())
    drain()

    line = active.messages.get()
    assert line.is_system and line.is_internal
    assert set(Delivery.objects.filter(subscriber="cases.topic_solved").values_list("state", flat=True)) == {"done"}
    assert topic.get_absolute_url() in line.html and "[drops](javascript:alert) *every* night" in line.html
    assert done.messages.count() == 0
    assert not Notification.objects.filter(user=asker, kind="case.answered").exists()


def test_people_hear_what_concerns_them_and_nothing_else():
    customer, agent, owner = make_user(), make_agent(), make_agent()
    case = make_case(agent=agent, customer=customer)
    make_message(case, author=agent, is_internal=True)
    case_assign(viewer=viewer(agent), case=case, owner=owner)
    make_message(case, author=agent)
    make_message(case, author=customer, body="Thank you.")
    case_set_status(viewer=viewer(agent), case=case, status="solved")

    drain()

    def told(person):
        return sorted(Notification.objects.filter(user=person).values_list("kind", flat=True))

    assert told(customer) == ["case.answered", "case.opened", "case.solved"]
    assert told(owner) == ["case.assigned", "case.customer_wrote"]
    assert told(agent) == []


def test_message_sent_twice_is_stored_once():
    customer = make_user()
    case = make_case(customer=customer)

    first = message_add(viewer=viewer(customer), case=case, body="Hello", idempotency_key="k")
    second = message_add(viewer=viewer(customer), case=case, body="Hello", idempotency_key="k")

    assert first.pk == second.pk and case.messages.count() == 1
