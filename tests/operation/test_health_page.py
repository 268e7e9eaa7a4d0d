"""`/health/`: true, quiet when all is well, in words when not, and nobody's but the operator's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.erasing.models import Erasure
from accounts.events.models import Delivery, Event, Heartbeat
from accounts.events.pulse import Pulse
from accounts.models import OutboundEmail, User
from accounts.takeout.models import Takeout
from config.operation import machine
from config.operation.services import retry
from search import indexer, outbox
from tests.factories.forums import make_topic
from tests.factories.people import make_user, viewer

pytestmark = pytest.mark.django_db
AGO = timedelta(minutes=12)


@pytest.fixture
def admin() -> Client:
    """Somebody who keeps the product running, with all that a healthy one has."""
    client = Client()
    client.force_login(make_user("root", is_superuser=True))
    return client


@pytest.fixture(autouse=True)
def _well(settings, monkeypatch):
    """Everything works, whichever servers this round has and however full this machine's disk is."""
    settings.REDIS_URL = settings.ELASTICSEARCH_URL = ""
    settings.HEARTBEAT_SECONDS = 10
    monkeypatch.setattr(machine, "disk", lambda: machine.Disk(100 * 10**9, 60 * 10**9))
    DBTaskResult.objects.all().delete()  # what migrations left for a worker
    Pulse(Heartbeat.Kind.WORKER).beat(rounds=3, done=1)
    Event.objects.create(name="backup.made", created_at=timezone.now(), data={"bytes": 1, "file": "a.tar.gz"})


def text_of(client: Client) -> str:
    cache.clear()
    answer = client.get("/health/")
    assert answer.status_code == 200 and answer["Cache-Control"] == "private, no-store"
    return answer.content.decode()


def park(subscriber: str, reason: str) -> Delivery:
    event = Event.objects.create(name="probe", created_at=timezone.now() - AGO)
    return Delivery.objects.create(
        event=event, subscriber=subscriber, state="parked", next_attempt_at=timezone.now(), last_error=reason
    )


@pytest.mark.parametrize("role", [None, "is_active", "is_moderator", "is_agent", "is_manager"])
def test_health_when_asked_for_by_others_then_it_does_not_exist(role):
    client = Client()
    if role is not None:
        client.force_login(make_user("somebody", **{role: True}))

    assert client.get("/health/").status_code == 404
    assert client.post("/health/retry/", {"queue": "mails"}).status_code == 404
    assert b"/health/" not in client.get("/").content


def test_health_when_all_is_well_then_nothing_needs_anybody(admin):
    outbox.mark("person", User.objects.values_list("pk", flat=True))
    indexer.run_round()

    text = text_of(admin)

    assert "Nothing needs you." in text and 'class="problems"' not in text, text[text.index('id="health"') :][:2000]
    assert "3 rounds, 1 done" in text and 'href="/health/"' in text


def test_health_when_mails_wait_and_the_server_refuses_then_says_how_many_since_when_and_why(admin, settings):
    settings.EMAIL_HOST = "mail.example"
    for _number in range(3):
        OutboundEmail.objects.create(
            recipient="a@b.example", message=b"", attempts=3, last_error="SMTPRefused: <550>",
            next_attempt_at=timezone.now(),
        )  # fmt: skip
    OutboundEmail.objects.update(created_at=timezone.now() - AGO)

    text = text_of(admin)

    assert "3 mails wait since 12\xa0minutes: the mail server refuses or does not answer." in text
    assert "SMTPRefused: &lt;550&gt;" in text and "Nothing needs you" not in text


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("worker", "No worker was seen for a minute."), ("redis", "Redis does not answer."),
        ("late", "Deliveries: 1 waits since 12\xa0minutes."),
        ("index", "Index in the database: 1 waits since 12\xa0minutes."),
        ("differs", "The index in database does not hold what the database holds."),
        ("disk", "Only 1.0 GB of disk space are left."), ("backup", "The last backup is 2\xa0days old."),
        ("none", "No backup was made yet."), ("silent", "was not seen for 5\xa0minutes; others work."),
        ("erasure", "1 person should have been erased by now."),
        ("takeout", "2 people wait for the copy of their data."),
    ],
)  # fmt: skip
def test_health_when_something_is_wrong_then_it_is_said_in_words(admin, settings, monkeypatch, fault, words):
    match fault:
        case "worker":
            Heartbeat.objects.update(seen_at=timezone.now() - timedelta(seconds=61))
        case "redis":
            settings.REDIS_URL = "redis://127.0.0.1:1/0"
        case "late":
            event = Event.objects.create(name="probe", created_at=timezone.now() - AGO)
            Delivery.objects.create(event=event, subscriber="probe", next_attempt_at=timezone.now() - AGO)
        case "index":
            outbox.mark("topic", [1])
            outbox.DirtyMark.objects.update(marked_at=timezone.now() - AGO)
        case "differs":
            make_topic()
            outbox.DirtyMark.objects.all().delete()
        case "disk":
            monkeypatch.setattr(machine, "disk", lambda: machine.Disk(100 * 10**9, 10**9))
        case "backup":
            Event.objects.filter(name="backup.made").update(created_at=timezone.now() - timedelta(days=2))
        case "none":
            Event.objects.filter(name="backup.made").delete()
        case "erasure":
            then = timezone.now() - timedelta(hours=13)
            for number, state in enumerate(("asked", "done", "taken_back")):
                Erasure.objects.create(person_id=number, joined_at=then, asked_at=then, due_at=then, state=state)
        case "takeout":
            states = {"making": 11, "failed": 11, "ready": 11, "failed ": 2 * 24 * 60, "making ": 9}
            for key, minutes in states.items():
                at = timezone.now() - timedelta(minutes=minutes)
                Takeout.objects.create(person=make_user(), key=key, state=key.strip(), asked_at=at, next_attempt_at=at)
        case "silent":
            then = timezone.now() - timedelta(minutes=5)
            Heartbeat.objects.create(process="w", kind="worker", host="b", pid=2, started_at=then, seen_at=then)

    text = text_of(admin)

    assert words in text and "Nothing needs you" not in text


def test_retry_when_pressed_then_the_parked_of_that_subscriber_wait_again_and_it_is_logged(admin):
    park("notifications.reply", "ConnectionError: away <b>")
    other = park("search.mark", "LookupError")

    text = text_of(admin)
    assert "ConnectionError: away &lt;b&gt;" in text and "notifications.reply" in text
    answer = admin.post("/health/retry/", {"queue": "deliveries", "name": "notifications.reply"}, follow=True)

    assert "1 will be tried again." in answer.content.decode()
    states = dict(Delivery.objects.values_list("subscriber", "state"))
    assert states == {"notifications.reply": "waiting", other.subscriber: "parked"}
    event = Event.objects.get(name="operation.retried")
    assert event.actor_id and event.data == {"queue": "deliveries", "name": "notifications.reply", "count": 1}


def test_retry_when_mails_or_documents_were_given_up_on_then_those_wait_again():
    OutboundEmail.objects.create(
        recipient="a@b.example", message=b"", state="failed", attempts=12, next_attempt_at=timezone.now()
    )
    outbox.mark("topic", [1])
    outbox.DirtyMark.objects.update(state="parked")
    operator = viewer(make_user("root", is_superuser=True))

    assert retry(viewer=operator, queue="mails") == retry(viewer=operator, queue="index", name="database") == 1
    assert OutboundEmail.objects.get().state == outbox.DirtyMark.objects.get().state == "waiting"


def test_retry_when_the_queue_is_unknown_then_the_field_is_named(admin):
    answer = admin.post("/health/retry/", {"queue": "everything"})
    assert answer.status_code == 400 and "Choose deliveries, index or mails." in answer.content.decode()


def test_health_when_htmx_looks_again_then_it_gets_the_middle_alone(admin):
    answer = admin.get("/health/", headers={"HX-Request": "true"}).content.decode()
    assert answer.lstrip().startswith('<div id="health"') and "<html" not in answer


def test_health_when_more_waits_then_it_asks_no_more_statements(admin):
    park("a", "x")
    with CaptureQueriesContext(connection) as few:
        text_of(admin)
    for number in range(30):
        park("a", f"reason {number}")
        Heartbeat.objects.create(
            process=f"p{number}", kind="web", host="h", pid=number, started_at=timezone.now(), seen_at=timezone.now()
        )
    with CaptureQueriesContext(connection) as many:
        text_of(admin)

    assert len(many) == len(few) <= 45, len(few)


def test_health_when_web_processes_told_then_people_are_counted_once_and_sockets_added(admin):
    for number, people in enumerate(([3, 5], [5, 7])):
        Heartbeat.objects.create(
            process=f"p{number}", kind="web", host="h", pid=number, started_at=timezone.now(), seen_at=timezone.now(),
            facts={"sockets": 4, "people": people},
        )  # fmt: skip

    text = text_of(admin)
    assert "<b>3</b><small>people online · 8 open pages" in text
