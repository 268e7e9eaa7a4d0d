"""The outbox: nothing recorded is lost, nothing is done twice, and what fails is tried again and in the end parked."""

from __future__ import annotations

import contextlib
import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.events import dispatch, registry, worker
from accounts.events.dispatch import ATTEMPTS, deliver_due, retry_delay
from accounts.events.models import Delivery, Event, Heartbeat
from accounts.events.pulse import Pulse, is_worker_alive
from accounts.events.services import gathered, quietly, record, replay_parked
from accounts.models import Organisation
from search.models import DirtyMark


@pytest.fixture
def subscribe(monkeypatch):
    """A registry of this test's own, so that only its subscribers hear."""
    monkeypatch.setattr(registry, "_subscribers", {})
    return registry.subscribe


def _make_due() -> None:
    Delivery.objects.update(next_attempt_at=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db
def test_record_when_transaction_rolls_back_then_neither_event_nor_delivery_stays(subscribe) -> None:
    subscribe("thing.done", lambda event: None, name="test.later")

    with pytest.raises(RuntimeError), transaction.atomic():
        record("thing.done")
        raise RuntimeError

    assert not Event.objects.exists() and not Delivery.objects.exists()


@pytest.mark.django_db
def test_deliver_when_pattern_matches_then_each_subscriber_hears_once(subscribe) -> None:
    heard: list[str] = []
    subscribe("thing.*", lambda event: heard.append(f"a {event.name}"), name="test.a")
    subscribe("thing.done", lambda event: heard.append(f"b {event.name}"), name="test.b")
    record("thing.done")
    record("other.done")

    assert deliver_due() == 2
    assert deliver_due() == 0

    assert sorted(heard) == ["a thing.done", "b thing.done"]


@pytest.mark.django_db
def test_record_when_quiet_then_only_now_subscribers_hear(subscribe) -> None:
    heard: list[str] = []
    subscribe("thing.done", lambda event: heard.append("now"), name="test.now", when="now")
    subscribe("thing.done", lambda event: heard.append("later"), name="test.later")

    with quietly():
        record("thing.done")
    deliver_due()

    assert heard == ["now"] and Event.objects.get().is_quiet


@pytest.mark.django_db
def test_deliver_when_handler_fails_then_its_writes_are_undone_and_it_is_tried_again(subscribe) -> None:
    calls: list[int] = []

    def fail_once(event: Event) -> None:
        Organisation.objects.create(name=f"Effect {len(calls)}", slug=f"effect-{len(calls)}")
        calls.append(1)
        if len(calls) == 1:
            raise ConnectionError("away")

    subscribe("thing.done", fail_once, name="test.flaky")
    record("thing.done")

    deliver_due()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.last_error) == ("waiting", 1, "ConnectionError: away")
    assert delivery.next_attempt_at > timezone.now() and not Organisation.objects.exists()

    _make_due()
    deliver_due()
    assert Delivery.objects.get().state == "done"
    assert list(Organisation.objects.values_list("name", flat=True)) == ["Effect 1"]


@pytest.mark.django_db
def test_deliver_when_it_never_works_then_parked_others_go_on_and_replay_starts_over(subscribe) -> None:
    heard: list[str] = []

    def poison(event: Event) -> None:
        raise ValueError("poison")

    subscribe("thing.done", poison, name="test.poison")
    subscribe("thing.done", lambda event: heard.append("fine"), name="test.fine")
    record("thing.done")
    for _ in range(ATTEMPTS + 2):
        _make_due()
        deliver_due()

    assert heard == ["fine"]
    assert Delivery.objects.get(subscriber="test.poison").state == "parked"
    assert (replay_parked(subscriber="test.fine"), replay_parked()) == (0, 1)
    assert Delivery.objects.get(subscriber="test.poison").attempts == 0


@pytest.mark.django_db
def test_deliver_when_worker_died_after_claiming_then_lease_ends_and_another_delivers(subscribe) -> None:
    heard: list[int] = []
    subscribe("thing.done", lambda event: heard.append(event.pk), name="test.later")
    record("thing.done")
    Delivery.objects.update(attempts=1, next_attempt_at=timezone.now() + timedelta(seconds=60))

    assert deliver_due() == 0
    _make_due()
    assert deliver_due() == 1 and len(heard) == 1


@pytest.mark.django_db
def test_deliver_when_one_errand_ends_the_worker_each_time_then_it_is_parked_and_the_others_are_done(subscribe) -> None:
    heard: list[str] = []

    def deadly(event: Event) -> None:
        raise SystemExit  # what nothing catches: as if the process were gone

    subscribe("thing.done", lambda event: heard.append("first"), name="test.first")
    subscribe("thing.done", deadly, name="test.deadly")
    subscribe("thing.done", lambda event: heard.append("last"), name="test.last")
    record("thing.done")
    deaths = 0
    for _ in range(3 * ATTEMPTS):
        _make_due()
        try:
            deliver_due()
        except SystemExit:
            deaths += 1

    assert heard == ["first", "last"] and deaths == ATTEMPTS
    deadly_one = Delivery.objects.get(subscriber="test.deadly")
    assert deadly_one.state == "parked" and "worker ended" in deadly_one.last_error
    assert Delivery.objects.filter(state="done").count() == 2


@pytest.mark.django_db
def test_deliver_when_one_errand_never_ends_then_it_is_stopped_and_put_off(subscribe, monkeypatch) -> None:
    heard: list[str] = []

    def endless(event: Event) -> None:
        while True:
            try:
                sum(range(100))
            except Exception:
                continue

    monkeypatch.setattr(dispatch, "HANDLER_SECONDS", 0.2)
    subscribe("thing.done", endless, name="test.endless")
    subscribe("thing.done", lambda event: heard.append("fine"), name="test.fine")
    record("thing.done")

    assert deliver_due() == 2
    put_off = Delivery.objects.get(subscriber="test.endless")
    assert (put_off.state, put_off.attempts) == ("waiting", 1) and "Overdue" in put_off.last_error
    assert heard == ["fine"]


@pytest.mark.django_db
def test_deliver_when_the_first_are_slow_then_the_rest_go_back_before_their_lease_ends(subscribe, monkeypatch) -> None:
    moments = iter([0.0, 0.0, 31.0])
    monkeypatch.setattr(dispatch, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    for name in "abc":
        subscribe("thing.done", lambda event: None, name=f"test.{name}")
    record("thing.done")

    assert deliver_due() == 1
    monkeypatch.undo()
    left = Delivery.objects.filter(state="waiting")
    assert set(left.values_list("attempts", flat=True)) == {0} and left.count() == 2
    assert not left.filter(next_attempt_at__gt=timezone.now()).exists()


@pytest.mark.django_db
def test_deliver_when_a_subscriber_takes_many_then_it_hears_all_at_once_in_their_order(subscribe) -> None:
    heard: list[list[int]] = []

    def many(events: list[Event]) -> None:
        heard.append([event.pk for event in events])

    subscribe("thing.done", lambda event: None, name="test.many", many=many)
    events = [record("thing.done") for _ in range(3)]

    assert deliver_due() == 3

    assert heard == [[event.pk for event in events]]
    assert set(Delivery.objects.values_list("state", "attempts")) == {("done", 1)}


@pytest.mark.django_db
def test_deliver_when_one_of_many_fails_then_the_others_are_done_and_it_alone_is_tried_again(subscribe) -> None:
    def one(event: Event) -> None:
        Organisation.objects.create(name=f"Effect {event.data['n']}", slug=f"effect-{event.data['n']}")
        if event.data["n"] == 1:
            raise ValueError("poison")

    def many(events: list[Event]) -> None:
        for event in events:
            one(event)

    subscribe("thing.done", one, name="test.many", many=many)
    for number in range(3):
        record("thing.done", data={"n": number})

    assert deliver_due() == 3

    assert sorted(Organisation.objects.values_list("name", flat=True)) == ["Effect 0", "Effect 2"]
    waiting = Delivery.objects.get(state="waiting")
    assert (waiting.event.data["n"], waiting.attempts, waiting.last_error) == (1, 1, "ValueError: poison")


@pytest.mark.django_db
def test_deliver_when_nobody_registers_the_subscriber_any_more_then_kept_with_the_reason(subscribe) -> None:
    subscribe("thing.done", lambda event: None, name="test.gone")
    record("thing.done")
    registry._subscribers.clear()

    deliver_due()

    assert "test.gone" in Delivery.objects.get().last_error


def test_retry_delay_when_attempts_grow_then_grows_to_a_quarter_of_an_hour() -> None:
    delays = [retry_delay(n).total_seconds() for n in range(1, 12)]

    assert delays == sorted(delays) and delays[0] == 2 and delays[-1] == 900


@pytest.mark.django_db(transaction=True)
def test_deliver_when_four_workers_run_at_once_then_each_errand_is_done_once(subscribe) -> None:
    counted = threading.Lock()
    heard: list[int] = []

    def count(event: Event) -> None:
        with counted:
            heard.append(event.pk)

    subscribe("thing.done", count, name="test.count")
    for _ in range(30):
        record("thing.done")

    def work() -> None:
        try:
            while deliver_due(limit=3):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(heard) == len(set(heard)) == 30
    assert Delivery.objects.filter(state="done").count() == 30


@pytest.mark.django_db
def test_round_when_one_errand_raises_then_the_others_still_run(monkeypatch) -> None:
    done: list[str] = []

    def broken() -> int:
        raise RuntimeError("broken errand")

    monkeypatch.setattr(worker, "_rounds", {"broken": broken, "fine": lambda: done.append("fine") or 0})

    assert worker.run_once() == 0
    assert done == ["fine"]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer: there the worker is one loop")
@pytest.mark.django_db
def test_worker_when_a_heavy_errand_is_under_way_then_deliveries_do_not_wait_for_it(monkeypatch, settings) -> None:
    settings.HEARTBEAT_SECONDS = 0
    begun, finish, delivered, stop = (threading.Event() for _ in range(4))

    def index() -> int:
        begun.set()
        finish.wait(60)
        return 0

    monkeypatch.setattr(worker, "_rounds", {"deliveries": lambda: delivered.set() or 0, "index": index})
    monkeypatch.setattr(worker, "_heavy", {"index"})
    monkeypatch.setattr(worker, "_schedules", {})
    thread = threading.Thread(target=worker.run_forever, args=(stop,), daemon=True)
    thread.start()
    try:
        assert begun.wait(60)
        delivered.clear()
        assert delivered.wait(30), "the errand is still under way"
    finally:
        finish.set()
        stop.set()
        thread.join(60)
    assert not thread.is_alive()


@pytest.mark.django_db
def test_pulse_when_a_process_works_then_its_row_is_fresh_and_goes_when_it_ends(settings) -> None:
    settings.HEARTBEAT_SECONDS = 1e-9
    pulse = Pulse(Heartbeat.Kind.WORKER)
    pulse.beat(rounds=1, done=2)
    assert is_worker_alive() and Heartbeat.objects.get().facts == {"rounds": 1, "done": 2}

    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(seconds=61))
    assert not is_worker_alive()
    pulse.beat(rounds=2, done=2)
    assert is_worker_alive() and Heartbeat.objects.count() == 1
    pulse.stop()
    assert not Heartbeat.objects.exists()


@pytest.mark.django_db
def test_pulse_when_another_worker_is_long_gone_then_its_row_is_taken_away(settings) -> None:
    settings.HEARTBEAT_SECONDS = 10
    long_ago = timezone.now() - timedelta(hours=1)
    for kind in ("web", "worker"):
        Heartbeat.objects.create(process=kind, kind=kind, host="h", pid=1, started_at=long_ago, seen_at=long_ago)

    Pulse(Heartbeat.Kind.WORKER).beat()

    assert set(Heartbeat.objects.values_list("process", flat=True)) > {"web"}
    assert not Heartbeat.objects.filter(process="worker").exists()


@pytest.mark.django_db
def test_quiet_events_when_gathered_then_are_written_together_and_those_of_what_failed_are_not() -> None:
    heard: list[str] = []
    with transaction.atomic(), quietly(), gathered():
        record("topic.created", target=("topic", 1))
        with contextlib.suppress(ValueError), transaction.atomic(), gathered():
            record("topic.created", target=("topic", 2))
            raise ValueError
        with gathered():
            record("topic.created", target=("topic", 3))
        heard += [str(row.target_id) for row in Event.objects.all()]

    assert heard == [], "nothing is written before the end"
    assert list(Event.objects.order_by("pk").values_list("target_id", flat=True)) == [1, 3]
    assert set(DirtyMark.objects.filter(kind="topic").values_list("object_id", flat=True)) == {1, 3}
