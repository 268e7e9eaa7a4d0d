"""Events by their services: planning, changing, calling off, answering, reminding."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.errors import Conflict, NotAllowed
from accounts.events.models import Event
from accounts.events.worker import run_once
from community.calendar.models import CalendarEvent
from community.calendar.selectors import calendar_of, event_for, going_to
from community.calendar.services import (
    attendance_set,
    event_cancel,
    event_change,
    event_create,
    events_remind,
    recount_events,
)
from community.calendar.zones import moment_of
from community.forums.models import Topic
from community.forums.services import content_set_status, topic_create
from community.notifications.models import Notification
from tests.factories.calendar import a_plan, make_event
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def told(user, kind: str) -> int:
    return Notification.objects.filter(user=user, kind=kind).count()


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        (datetime(2031, 3, 30, 1, 59), datetime(2031, 3, 30, 0, 59, tzinfo=UTC)),
        (datetime(2031, 3, 30, 3, 0), datetime(2031, 3, 30, 1, 0, tzinfo=UTC)),
        (datetime(2031, 10, 26, 2, 30), datetime(2031, 10, 26, 0, 30, tzinfo=UTC)),  # twice: the first one counts
        (datetime(2031, 10, 26, 3, 0), datetime(2031, 10, 26, 2, 0, tzinfo=UTC)),
    ],
    ids=["before-forward", "after-forward", "shown-twice", "after-back"],
)
def test_moment_when_clocks_change_then_it_is_the_one_that_they_show(local: datetime, utc: datetime) -> None:
    assert moment_of(local, "Europe/Berlin", field="starts") == utc


def test_moment_when_clocks_leave_it_out_then_it_is_refused_by_its_field() -> None:
    with pytest.raises(ValidationError) as refused:
        moment_of(datetime(2031, 3, 30, 2, 30), "Europe/Berlin", field="starts")

    assert "02:30" in refused.value.message_dict["starts"][0]


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("zone", {"zone": "Europe/Atlantis"}), ("zone", {"zone": "Etc/GMT+3"}), ("place", {"place": "x" * 201}),
        ("join_url", {"join_url": "javascript:alert(1)"}), ("join_url", {"join_url": "meet.example/room"}),
        ("join_minutes", {"join_minutes": 20_000}), ("ends", {"ends": datetime(2031, 5, 4, 9)}),
        ("ends", {"ends": datetime(2031, 9, 4, 9)}), ("starts", {"starts": datetime(1, 1, 1)}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_plan_when_a_part_is_wrong_then_it_is_named_and_nothing_is_stored(field: str, wrong: dict) -> None:
    right = {"starts": datetime(2031, 5, 4, 10), "ends": datetime(2031, 5, 4, 11)}
    space, author = make_space(), make_user()
    with pytest.raises(ValidationError) as refused:
        make_event(space=space, author=author, plan=a_plan(**right | wrong))

    assert list(refused.value.message_dict) == [field]
    assert not Topic.objects.exists()


def test_event_when_it_is_over_or_has_no_plan_then_it_is_not_announced() -> None:
    space, author = make_space(), make_user()
    with pytest.raises(ValidationError):
        make_event(space=space, author=author, plan=a_plan(starts=datetime(2020, 5, 4, 10)))
    with pytest.raises(ValidationError):
        topic_create(viewer=viewer(author), space=space, kind="event", title="Without a time", body="When?")

    assert not Topic.objects.exists()


def test_event_when_sent_twice_with_one_key_then_it_is_one() -> None:
    author, space = make_user(), make_space()
    first, again = (make_event(author=author, space=space, idempotency_key="k") for _ in range(2))

    assert first.pk == again.pk and CalendarEvent.objects.count() == 1
    assert Event.objects.filter(name="topic.event_planned").count() == 1


def test_event_when_the_space_takes_none_then_refused() -> None:
    author, space = make_user(), make_space(kinds=["question"])
    with pytest.raises(NotAllowed):
        event_create(viewer=viewer(author), space=space, title="Office hours", body="Come.", plan=a_plan())


def test_answers_when_given_changed_and_taken_back_then_each_person_counts_once() -> None:
    event, one, two = make_event(), make_user(), make_user()
    attendance_set(viewer=viewer(one), event=event, answer="going")
    attendance_set(viewer=viewer(one), event=event, answer="going")
    attendance_set(viewer=viewer(two), event=event, answer="maybe")
    both = attendance_set(viewer=viewer(two), event=event, answer="going")
    assert (both.going_count, both.maybe_count) == (2, 0)
    assert going_to(both) == [one, two]

    last = attendance_set(viewer=viewer(one), event=event, answer="")

    assert (last.going_count, last.maybe_count) == (1, 0)
    seen = event_for(viewer(two), event.pk)
    assert seen is not None and seen.answer == "going"
    assert recount_events() == 0


def test_answer_when_over_called_off_unseen_or_unknown_then_refused() -> None:
    person, hidden = make_user(), make_event(space=make_space(audience="staff"), author=make_user(is_agent=True))
    event, off = make_event(), make_event(author=make_user("host"))
    event_cancel(viewer=viewer(off.topic.author), event=off)
    off.refresh_from_db()
    for wrong, at in ((hidden, None), (off, None), (event, event.ends_at)):
        with pytest.raises(NotAllowed):
            attendance_set(viewer=viewer(person), event=wrong, answer="going", at=at)
    with pytest.raises(ValidationError):
        attendance_set(viewer=viewer(person), event=event, answer="perhaps")


def test_change_when_time_or_place_is_another_then_sequence_grows_and_those_who_go_are_told() -> None:
    host, goes, declined = make_user(), make_user(), make_user()
    event = make_event(author=host)
    attendance_set(viewer=viewer(goes), event=event, answer="going")
    attendance_set(viewer=viewer(declined), event=event, answer="no")
    changed = event_change(viewer=viewer(host), event=event, plan=a_plan(place="Hall 3"), sequence=0)
    event_change(viewer=viewer(host), event=event, plan=a_plan(place="Hall 3"))
    run_once()

    assert changed.sequence == 1 == CalendarEvent.objects.get().sequence
    assert (told(goes, "event.changed"), told(declined, "event.changed"), told(host, "event.changed")) == (1, 0, 0)


def test_change_when_only_the_link_is_another_then_nobody_is_told() -> None:
    host, goes = make_user(), make_user()
    event = make_event(author=host)
    attendance_set(viewer=viewer(goes), event=event, answer="going")
    event_change(viewer=viewer(host), event=event, plan=a_plan(join_url="https://meet.example/room"))
    run_once()

    assert told(goes, "event.changed") == 0


def test_change_when_stale_or_foreign_then_refused() -> None:
    host = make_user()
    event = make_event(author=host)
    event_change(viewer=viewer(host), event=event, plan=a_plan(place="Hall 3"), sequence=0)
    with pytest.raises(Conflict):
        event_change(viewer=viewer(host), event=event, plan=a_plan(place="Hall 4"), sequence=0)
    with pytest.raises(NotAllowed):
        event_change(viewer=viewer(make_user()), event=event, plan=a_plan())
    with pytest.raises(NotAllowed):
        event_cancel(viewer=viewer(make_user()), event=event)


def test_called_off_when_once_or_twice_then_those_who_go_are_told_once() -> None:
    host, goes = make_user(), make_user()
    event = make_event(author=host)
    attendance_set(viewer=viewer(goes), event=event, answer="maybe")
    for _ in range(2):
        event = event_cancel(viewer=viewer(host), event=event)
    run_once()

    assert event.sequence == 1 and told(goes, "event.cancelled") == 1


def test_reminder_when_it_starts_within_the_hour_then_once_and_only_those_who_come_and_still_read_it() -> None:
    goes, declined, gone = make_user(), make_user(), make_user(is_agent=True)
    event = make_event(space=make_space(audience="members"))
    for person, answer in ((goes, "going"), (declined, "no"), (gone, "maybe")):
        attendance_set(viewer=viewer(person), event=event, answer=answer)
    gone.is_active = False
    gone.save()
    assert events_remind(at=event.starts_at - timedelta(minutes=61)) == 0
    assert events_remind(at=event.starts_at - timedelta(minutes=60)) == 1
    assert events_remind(at=event.starts_at - timedelta(minutes=59)) == 0
    run_once()

    assert (told(goes, "event.due"), told(declined, "event.due"), told(gone, "event.due")) == (1, 0, 0)


def test_reminder_when_it_is_moved_removed_or_called_off_then_by_what_stands() -> None:
    host, goes = make_user(), make_user()
    moved, removed, off = (make_event(author=host) for _ in range(3))
    for event in (moved, removed, off):
        attendance_set(viewer=viewer(goes), event=event, answer="going")
    content_set_status(actor_id=None, target=removed.topic, status="removed")
    event_cancel(viewer=viewer(host), event=off)
    soon = moved.starts_at - timedelta(minutes=10)
    assert events_remind(at=soon) == 1
    later = moved.starts.replace(tzinfo=None) + timedelta(days=1)
    event_change(viewer=viewer(host), event=moved, plan=a_plan(starts=later))

    assert events_remind(at=soon) == 0
    assert events_remind(at=soon + timedelta(days=1)) == 1


def test_calendar_when_read_then_next_first_past_last_first_in_one_statement(django_assert_num_queries) -> None:
    now, space = timezone.now(), make_space()
    base = datetime.now(UTC).replace(tzinfo=None, minute=0, second=0, microsecond=0)
    near, far = (make_event(space=space, plan=a_plan(starts=base + timedelta(days=days))) for days in (1, 9))
    make_event(space=make_space(audience="staff"), author=make_user(is_agent=True))
    who = viewer(make_user())
    with django_assert_num_queries(1):
        assert [event.pk for event in calendar_of(who, now=now)] == [near.pk, far.pk]
        [event.topic.space.name for event in calendar_of(who, now=now)._result_cache or []]

    assert [event.pk for event in calendar_of(who, is_past=True, now=now + timedelta(days=30))] == [far.pk, near.pk]
    assert list(calendar_of(who, space="nowhere", now=now)) == []
