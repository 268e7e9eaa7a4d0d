"""Whose turn it is with the worker: others before who fills the queue, whatever the clocks say."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts.events import dispatch, registry, worker
from accounts.events.dispatch import deliver_due
from accounts.events.models import Delivery, Event
from accounts.events.services import record


@pytest.fixture
def subscribe(monkeypatch):
    """A registry of this test's own, so that only its subscribers hear."""
    monkeypatch.setattr(registry, "_subscribers", {})
    return registry.subscribe


@pytest.mark.django_db
def test_deliver_when_one_did_ten_thousand_things_then_another_goes_first(subscribe, monkeypatch) -> None:
    clock, heard = [0.0], []

    def slow(event: Event) -> None:
        clock[0] += 0.5
        heard.append(event.actor_id)

    monkeypatch.setattr(dispatch, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    subscribe("thing.done", slow, name="test.slow")
    at = timezone.now() - timedelta(hours=1)
    many = [Event(name="thing.done", actor_id=1, created_at=at) for _ in range(10_000)]
    events = Event.objects.bulk_create(many, batch_size=1_000)
    errands = [Delivery(event=event, subscriber="test.slow", next_attempt_at=at) for event in events]
    Delivery.objects.bulk_create(errands, batch_size=1_000)
    Delivery.objects.filter(event__in=events[:100]).update(attempts=1)  # some have failed before

    deliver_due()
    record("thing.done", actor=2)
    began = clock[0]
    while 2 not in heard:
        assert deliver_due()

    assert clock[0] - began <= 5
    turns = len(heard)
    assert deliver_due() and heard[turns:] and set(heard[turns:]) == {1}, "nor does the first wait for ever"


@pytest.mark.django_db
def test_deliver_when_what_was_begun_too_late_goes_back_then_it_keeps_its_place(subscribe, monkeypatch) -> None:
    clock, heard = [0.0], []

    def slow(event: Event) -> None:
        clock[0] += 3.0
        heard.append(event.pk)

    monkeypatch.setattr(dispatch, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    subscribe("thing.done", slow, name="test.slow")
    recorded = [record("thing.done").pk for _ in range(4)]

    while deliver_due(limit=3):
        pass

    assert heard == recorded


@pytest.mark.django_db
def test_deliver_when_the_clock_of_who_recorded_it_is_ahead_then_it_does_not_wait_for_that(subscribe) -> None:
    heard: list[str] = []
    subscribe("thing.done", lambda event: heard.append("done"), name="test.later")
    record("thing.done")
    Delivery.objects.update(next_attempt_at=timezone.now() + timedelta(minutes=5))  # another host's, or turned back

    assert deliver_due() == 1
    assert heard == ["done"]


def test_schedule_when_the_clock_jumps_then_it_comes_due_once(monkeypatch) -> None:
    clock, called = {"monotonic": 0.0, "time": 1e9}, []
    monkeypatch.setattr(
        worker, "time", SimpleNamespace(monotonic=lambda: clock["monotonic"], time=lambda: clock["time"])
    )
    due = worker.Schedule("test.daily", 600.0, lambda: called.append(clock["monotonic"]), due=5.0)
    monkeypatch.setattr(worker, "_schedules", {"test.daily": due})

    jumps = [(1, 0), (6, 0), (7, 86_400), (8, -3_600), (9, 7_200), (604, -86_400), (606, 0), (607, 60)]
    for monotonic, turned in jumps:
        clock["monotonic"] = monotonic
        clock["time"] += turned
        worker._run_schedules()

    assert called == [6, 606]
