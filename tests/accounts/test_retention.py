"""What is kept for a time only: the dry run says what goes, that and nothing else goes, and the log says how much."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import retention
from accounts.events import services as events
from accounts.events.models import Delivery, Event
from accounts.models import OutboundEmail
from accounts.takeout.models import Takeout
from tests.factories.people import make_user

pytestmark = pytest.mark.django_db


def mail(state: str, days: int, *, now: datetime) -> OutboundEmail:
    row = OutboundEmail.objects.create(
        recipient="ines@people.example", subject="Reset", message=b"secret link", state=state, next_attempt_at=now
    )
    OutboundEmail.objects.filter(pk=row.pk).update(created_at=now - timedelta(days=days))
    return row


def delivery(state: str, days: int, *, now: datetime) -> Delivery:
    event = events.record("tests.happened")
    at = now - timedelta(days=days)
    return Delivery.objects.create(
        event=event, subscriber="tests.nobody", state=state, next_attempt_at=at, done_at=at if state == "done" else None
    )


def task(days: int | None, *, now: datetime) -> DBTaskResult:
    at = None if days is None else now - timedelta(days=days)
    return DBTaskResult.objects.create(
        task_path="tests.task", args_kwargs={"args": [], "kwargs": {}}, backend_name="default", exception_class_path="",
        traceback="", finished_at=at,
    )  # fmt: skip


@pytest.fixture
def now(settings) -> datetime:
    """Of each class: one row that is over, one that is a day short of it, and what is never over."""
    settings.KEPT_DAYS = {"mails": 14, "deliveries": 30, "sessions": 1, "tasks": 30, "takeouts": 365}
    Session.objects.all().delete()
    now = timezone.now()
    for state in ("sent", "failed", "kept"):
        mail(state, 15, now=now)
    mail("sent", 13, now=now)
    mail("waiting", 400, now=now)
    delivery("done", 31, now=now)
    delivery("done", 29, now=now)
    delivery("waiting", 400, now=now)
    delivery("parked", 400, now=now)
    for key, days in (("over", -2), ("just-over", -0.5), ("live", 5)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(days=days))
    for days in (31, 29, None):
        task(days, now=now)
    person = make_user()
    for key, state, days in (("over", "gone", 366), ("short", "failed", 364), ("file", "ready", 400)):
        at = now - timedelta(days=days)
        Takeout.objects.create(person=person, key=key, state=state, asked_at=at, next_attempt_at=at)
    return now


def left() -> dict[str, int]:
    tables = {
        "mails": OutboundEmail, "deliveries": Delivery, "sessions": Session, "tasks": DBTaskResult, "takeouts": Takeout,
    }  # fmt: skip
    return {name: table.objects.count() for name, table in tables.items()}


def test_retention_when_run_then_it_deletes_what_the_dry_run_counted_and_leaves_the_rest(now):
    before, counted = left(), retention.retention_due(now=now)
    assert counted == {"mails": 3, "deliveries": 1, "sessions": 1, "tasks": 1, "takeouts": 1}
    assert left() == before, "a dry run changes nothing"

    assert retention.retention_apply(now=now) == counted
    assert left() == {name: before[name] - counted[name] for name in before}
    assert set(OutboundEmail.objects.values_list("state", flat=True)) == {"sent", "waiting"}
    assert sorted(Session.objects.values_list("session_key", flat=True)) == ["just-over", "live"]
    assert Delivery.objects.filter(state__in=["waiting", "parked"]).count() == 2


def test_retention_when_it_deleted_then_the_log_says_how_much_of_what_and_no_word_of_it(now):
    retention.retention_apply(now=now)
    retention.retention_apply(now=now)

    told = Event.objects.filter(name="retention.applied").values_list("data", flat=True)
    assert sorted((row["class"], row["rows"], row["days"]) for row in told) == [
        ("deliveries", 1, 30), ("mails", 3, 14), ("sessions", 1, 1), ("takeouts", 1, 365),
        ("tasks", 1, 30),
    ]  # fmt: skip
    assert all(set(row) == {"class", "rows", "days"} for row in told)


def test_class_when_kept_for_ever_then_nothing_of_it_goes(now, settings):
    settings.KEPT_DAYS = dict.fromkeys(settings.KEPT_DAYS, 0)
    before = left()

    assert set(retention.retention_due(now=now).values()) == {0}
    retention.retention_apply(now=now)
    assert left() == before


def test_retention_when_there_is_much_then_it_goes_in_pieces_and_the_next_run_goes_on(now, monkeypatch):
    monkeypatch.setattr(retention, "AT_ONCE", 2)

    assert retention.retention_apply(now=now, most_turns=1)["mails"] == 2
    assert retention.retention_due(now=now)["mails"] == 1
    assert retention.retention_apply(now=now, most_turns=None)["mails"] == 1


def test_mail_when_it_is_to_be_sent_again_meanwhile_then_it_stays(now):
    """It was found, and before it is deleted an operator tries it again."""

    def tried_again(execute, sql, params, many, context):
        if "FROM \"accounts_outboundemail\"" in sql and "\"id\" IN (" in sql and not resent:
            resent.append(sql)
            with connection.cursor() as cursor:
                cursor.execute("UPDATE accounts_outboundemail SET state = 'waiting' WHERE state = 'failed'")
        return execute(sql, params, many, context)

    resent: list[str] = []
    with connection.execute_wrapper(tried_again):
        retention.retention_apply(now=now)

    assert resent
    assert OutboundEmail.objects.filter(state="waiting").count() == 2


def test_retention_when_nothing_is_over_then_a_statement_a_class_and_no_event(now):
    retention.retention_apply(now=now)
    before = Event.objects.count()

    with CaptureQueriesContext(connection) as asked:
        retention.retention_apply(now=now)
    looked = [row["sql"] for row in asked.captured_queries if row["sql"].startswith("SELECT")]
    assert len(looked) == len(retention.kept_classes()) == 5
    assert Event.objects.count() == before


def test_command_when_asked_then_it_tells_each_class_and_dry_deletes_nothing(now):
    before, said = left(), StringIO()
    call_command("retention", "--dry-run", stdout=said)
    assert "mails: 3 would go (mails that went out or were given up on, kept 14 days)" in said.getvalue()
    assert left() == before

    said = StringIO()
    call_command("retention", stdout=said)
    assert "mails: 3 deleted" in said.getvalue()
    assert left()["mails"] == before["mails"] - 3
