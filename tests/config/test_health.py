"""`/healthz` and `/readyz`: what balancers and operators ask."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.events.models import Delivery, Event, Heartbeat
from accounts.events.pulse import Pulse
from accounts.models import OutboundEmail
from tests.architecture.tree import ROOT


def parts(client) -> dict:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    return answer.json()


def make_delivery(**fields) -> Delivery:
    event = Event.objects.create(name="probe.happened", created_at=timezone.now())
    return Delivery.objects.create(event=event, subscriber="probe", **fields)


def test_healthz_when_asked_under_any_host_name_then_answers_without_the_database(client):
    assert client.get("/healthz", headers={"host": "10.0.0.7"}).content == b"ok\n"


@pytest.mark.django_db
def test_readyz_when_all_is_well_then_says_ok(client, settings):
    settings.REDIS_URL = settings.ELASTICSEARCH_URL = ""

    told = parts(client)

    assert told["status"] == "ok"
    assert told["parts"]["redis"]["status"] == "not used"


@pytest.mark.django_db
def test_readyz_when_no_worker_was_seen_for_a_minute_then_says_so(client, settings):
    settings.REDIS_URL = settings.ELASTICSEARCH_URL = ""
    settings.HEARTBEAT_SECONDS = 10

    assert parts(client)["parts"]["worker"] == {"status": "missing", "detail": "no worker seen for 60 s"}
    Pulse(Heartbeat.Kind.WORKER).beat()
    assert parts(client)["status"] == "ok"
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(seconds=61))
    assert parts(client)["status"] == "degraded"


@pytest.mark.django_db
def test_readyz_when_redis_and_elasticsearch_are_away_then_names_them_and_stays_ready(client, settings):
    settings.REDIS_URL, settings.ELASTICSEARCH_URL = "redis://127.0.0.1:1/0", "http://127.0.0.1:1"

    told = parts(client)

    assert told["status"] == "degraded"
    assert {name for name, part in told["parts"].items() if part["status"] == "missing"} == {"redis", "elasticsearch"}
    assert "127.0.0.1" not in json.dumps(told)


@pytest.mark.django_db
def test_readyz_when_deliveries_wait_too_long_then_asks_for_the_worker(client, settings):
    settings.REDIS_URL = settings.ELASTICSEARCH_URL = ""
    make_delivery(next_attempt_at=timezone.now() - timedelta(minutes=10))

    told = parts(client)

    assert told["status"] == "degraded"
    assert told["parts"]["worker"]["status"] == "late"


@pytest.mark.django_db
def test_readyz_when_a_delivery_is_parked_then_says_so(client):
    make_delivery(next_attempt_at=timezone.now(), state=Delivery.State.PARKED, attempts=9)

    assert "parked" in parts(client)["parts"]["worker"]["detail"]


@pytest.mark.django_db
def test_readyz_when_the_mail_server_refuses_then_says_how_many_wait(client, settings):
    settings.EMAIL_HOST = "mail.example"
    OutboundEmail.objects.create(
        recipient="a@b.example",
        subject="x",
        message=b"",
        attempts=1,
        last_error="refused",
        next_attempt_at=timezone.now(),
    )

    assert parts(client)["parts"]["mail"] == {
        "status": "missing",
        "detail": "the mail server refuses or does not answer; 1 mails wait",
    }


def test_readyz_when_the_database_is_away_then_answers_503_without_a_traceback():
    script = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "answer = Client().get('/readyz')\n"
        "print(answer.status_code, answer.json()['parts'])"
    )
    env = {
        **os.environ,
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
    }

    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )

    assert done.stdout.startswith("503 {'database': {'status': 'missing'"), done.stderr
    assert "Traceback" not in done.stderr
