"""`/metrics`: who may read it, and that what it says is so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
import yaml
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from accounts.events.models import Delivery, Event, Heartbeat
from accounts.models import OutboundEmail
from search import outbox
from tests.architecture.tree import ROOT
from tests.factories.people import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_first]


def scraped(client, **headers) -> dict[tuple, float]:
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"])
def test_metrics_when_no_token_is_set_then_only_this_machine_reads_them(client, name):
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR="10.1.2.3").status_code == 404
    assert client.get("/metrics", headers={name: "127.0.0.1"}).status_code == 404
    assert client.post("/metrics").status_code == 404


def test_metrics_when_a_token_is_set_then_only_who_has_it_reads_them(client, settings):
    settings.METRICS_TOKEN = "metrics-secret"

    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer metrics-secre"}).status_code == 404
    assert scraped(client, authorization="Bearer metrics-secret", x_forwarded_for="10.1.2.3")


def test_metrics_when_work_waits_or_was_given_up_then_numbers_and_ages_are_those_of_the_tables(client):
    event = Event.objects.create(name="probe", created_at=timezone.now() - timedelta(seconds=300))
    for number in range(3):
        Delivery.objects.create(event=event, subscriber=f"waits{number}", next_attempt_at=timezone.now())
    Delivery.objects.create(event=event, subscriber="gone", state="parked", next_attempt_at=timezone.now())
    OutboundEmail.objects.create(recipient="a@b.example", message=b"", state="failed", next_attempt_at=timezone.now())
    OutboundEmail.objects.create(recipient="a@b.example", message=b"", last_error="no", next_attempt_at=timezone.now())
    outbox.mark("topic", [1, 2], engines=["database"])

    values = scraped(client)

    assert values["threadwell_queue_waiting", "deliveries"] == 3
    assert values["threadwell_queue_failed", "deliveries"] == 1
    assert 299 < values["threadwell_queue_oldest_seconds", "deliveries"] < 400
    assert values["threadwell_queue_failed", "mails"] == values["threadwell_queue_retried", "mails"] == 1
    assert values["threadwell_queue_waiting", "index-database"] == 2


def test_metrics_when_a_part_is_away_then_it_says_so_and_the_rest_is_there(client, settings):
    settings.REDIS_URL, settings.ELASTICSEARCH_URL = "redis://127.0.0.1:1/0", ""

    values = scraped(client)

    assert values["threadwell_part_up", "redis"] == 0 and values["threadwell_part_up", "database"] == 1
    assert ("threadwell_part_up", "elasticsearch") not in values


def test_metrics_when_pages_are_opened_then_they_are_counted_by_view_and_class_of_status(client):
    user = make_user("mara")
    view = ("threadwell_request_seconds_count", "2xx", "accounts:profile")
    before = scraped(client).get(view, 0)

    client.get(f"/u/{user.username}/")
    client.get("/u/nobody-of-that-name/")
    answer = client.get("/metrics").content.decode()

    assert scraped(client)[view] == before + 1
    assert user.username not in answer and "nobody-of-that-name" not in answer


def test_metrics_when_a_sign_in_is_refused_then_it_is_counted_without_a_name(client):
    key = ("threadwell_login_failures_total", "credentials")
    before = scraped(client).get(key, 0)

    client.post("/accounts/login/", {"login": "zqeveline@people.example", "password": "not the one"})

    assert scraped(client)[key] == before + 1
    assert b"zqeveline" not in client.get("/metrics").content


def test_metrics_when_several_processes_count_then_the_sum_is_told(client):
    key = ("threadwell_request_seconds_count", "2xx", "probe:other-process")
    before = scraped(client).get(key, 0)
    script = (
        "import django; django.setup()\n"
        "from config.operation import measures\n"
        "measures.requested('probe:other-process', 200, 0.01)"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}

    for _ in range(2):
        subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, check=True)

    assert scraped(client)[key] == before + 2


def test_metrics_when_processes_told_of_themselves_then_each_has_its_label(client):
    now = timezone.now()
    for name, kind, facts in (("web-1", "web", {"sockets": 7}), ("worker-1", "worker", {"rounds": 40})):
        Heartbeat.objects.create(
            process=name, kind=kind, host="h", pid=1, started_at=now, seen_at=now, facts=facts | {"people": [5]}
        )

    values = scraped(client)

    assert values["threadwell_sockets", "h", "web", "web-1"] == 7
    assert values["threadwell_worker_rounds", "h", "worker", "worker-1"] == 40


def test_alerts_when_read_then_each_asks_for_a_metric_that_is_told(client):
    """A rule over a name that nobody writes never fires."""
    now = timezone.now()
    for kind in ("web", "worker"):
        Heartbeat.objects.create(process=kind, kind=kind, host="h", pid=1, started_at=now, seen_at=now)
    client.post("/accounts/login/", {"login": "zqeveline@people.example", "password": "not the one"})
    told = {key[0] for key in scraped(client)} | {key[0] for key in scraped(client)}
    rules = yaml.safe_load((ROOT / "config" / "operation" / "alerts.yml").read_text())["groups"][0]["rules"]

    asked = {name for rule in rules for name in re.findall(r"threadwell_\w+", rule["expr"])}
    labels = {tuple(found) for rule in rules for found in re.findall(r'(\w+)="(\w+)"', rule["expr"])}

    assert len(rules) > 8 and asked <= told, asked - told
    assert labels <= {("job", "threadwell"), ("part", "database"), ("part", "worker"), ("kind", "worker"),
                      ("queue", "mails"), ("status", "5xx")}  # fmt: skip
