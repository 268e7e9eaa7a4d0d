"""A request's id: answered, logged, carried by events into the worker, and shown when something breaks."""

from __future__ import annotations

import copy
import io
import json
import logging
import logging.config

import pytest
from django.conf import settings
from django.test import Client
from django.urls import path

from accounts.events import registry, trace, worker
from accounts.events.models import Event
from accounts.events.services import record
from config.urls import handler500, urlpatterns

GIVEN = "proxy-0123456789"


def _break(request):
    record("probe.broke")
    logging.getLogger("threadwell.probe").warning("about to break")
    raise RuntimeError("a secret of the inside")


def _note(request):
    from django.http import HttpResponse

    record("probe.noted")
    return HttpResponse("noted")


class Urls:
    handler500 = handler500
    urlpatterns = [path("probe/break/", _break), path("probe/note/", _note), path("api/v1/break", _break), *urlpatterns]


@pytest.fixture
def lines(monkeypatch):
    """What the product's own log set-up writes, as JSON lines."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    configurator, config = logging.config.DictConfigurator({"version": 1}), copy.deepcopy(settings.LOGGING)
    handler.setFormatter(configurator.configure_formatter(config["formatters"]["json"]))
    handler.addFilter(configurator.configure_filter(config["filters"]["request_id"]))
    monkeypatch.setattr(logging.getLogger("threadwell"), "handlers", [handler])
    monkeypatch.setattr(logging.getLogger("django"), "handlers", [handler])
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.mark.django_db
def test_answer_when_a_proxy_gave_an_id_then_it_is_kept_and_otherwise_one_is_made(client):
    assert client.get("/healthz", headers={"X-Request-ID": GIVEN})["X-Request-ID"] == GIVEN
    made = client.get("/healthz", headers={"X-Request-ID": "a\tforged line"})["X-Request-ID"]
    assert len(made) == 32 and made != client.get("/healthz")["X-Request-ID"]


@pytest.mark.django_db
def test_event_when_recorded_in_a_request_then_its_worker_logs_under_the_same_id(client, settings, monkeypatch, lines):
    settings.ROOT_URLCONF = Urls
    heard = []
    monkeypatch.setattr(registry, "_subscribers", {})

    def fail(event):
        heard.append(trace.request_id())
        raise ConnectionError("away")

    registry.subscribe("probe.noted", fail, name="test.probe")

    client.get("/probe/note/", headers={"X-Request-ID": GIVEN})
    worker.run_once()

    assert Event.objects.get(name="probe.noted").request_id == GIVEN
    assert heard == [GIVEN] and trace.request_id() == ""
    assert [line["request_id"] for line in lines() if "test.probe" in line["message"]] == [GIVEN]


@pytest.mark.django_db
def test_page_when_it_breaks_then_it_shows_the_id_that_the_log_has_and_nothing_else(settings, lines):
    settings.ROOT_URLCONF = Urls
    answer = Client(raise_request_exception=False).get("/probe/break/", headers={"X-Request-ID": GIVEN})

    text = answer.content.decode()
    assert answer.status_code == 500 and GIVEN in text and answer["X-Request-ID"] == GIVEN
    assert "secret" not in text and "RuntimeError" not in text
    traceback = next(line for line in lines() if "RuntimeError" in line.get("exc_info", ""))
    assert traceback["request_id"] == GIVEN and traceback["level"] == "ERROR"


@pytest.mark.django_db
def test_api_when_it_breaks_then_it_answers_a_problem_with_the_id(settings, lines):
    settings.ROOT_URLCONF = Urls
    answer = Client(raise_request_exception=False).get("/api/v1/break", headers={"X-Request-ID": GIVEN})

    assert answer["Content-Type"] == "application/problem+json"
    assert GIVEN in answer.json()["detail"] and "secret" not in answer.content.decode()
