"""Pages, files and the API of events, as a browser without script, a calendar and a program see them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from icalendar import Calendar

from community.calendar import ics
from community.calendar.models import CalendarEvent
from community.calendar.policies import can_join
from community.calendar.selectors import for_calendars
from community.calendar.services import attendance_set, event_cancel, event_change
from tests.factories.calendar import a_plan, make_event
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db
LINK = "https://meet.example/room-7"


def test_flow_when_announced_answered_changed_and_called_off_then_pages_say_so(client: Client) -> None:
    host, space = make_user(), make_space(slug="hubs")
    client.force_login(host)
    assert "Announce an event" in client.get("/s/hubs/").content.decode()
    sent = {
        "space": "hubs", "title": "Office hours", "body": "Bring your hub.", "tags": "", "key": "k",
        "starts": "2031-05-17T15:00", "ends": "2031-05-17T16:30", "zone": "Europe/Lisbon", "place": "Hall 2",
        "join_url": "", "join_minutes": "15",
    }  # fmt: skip
    made = client.post("/events/new/", sent)
    event = CalendarEvent.objects.get(topic__space=space)
    assert made["Location"] == event.get_absolute_url()
    page = client.get(made["Location"]).content.decode()
    assert "Sat 17 May 2031, 15:00" in page and "16:30" in page and "Europe/Lisbon" in page and "Hall 2" in page

    client.post(f"/events/{event.pk}/attend/", {"answer": "going"})
    assert "1 going" in client.get(made["Location"]).content.decode()
    form = client.get(f"/events/{event.pk}/edit/").content.decode()
    assert 'value="2031-05-17T15:00"' in form
    client.post(f"/events/{event.pk}/edit/", sent | {"starts": "2031-05-17T15:30", "sequence": "0"})
    assert "15:30" in client.get("/events/").content.decode()
    client.post(f"/events/{event.pk}/cancel/")

    assert "Called off" in client.get("/events/").content.decode()


def test_form_when_a_time_is_wrong_then_it_says_so_and_keeps_what_was_written(client: Client) -> None:
    client.force_login(make_user())
    make_space(slug="hubs")
    sent = {
        "space": "hubs", "title": "Office hours", "body": "Bring your hub.", "starts": "2031-03-30T02:30",
        "ends": "tomorrow", "zone": "Europe/Berlin",
    }  # fmt: skip
    refused = client.post("/events/new/", sent)
    page = refused.content.decode()
    assert refused.status_code == 400
    assert "Write a day and a time of this place" in page and "Bring your hub." in page

    refused = client.post("/events/new/", sent | {"ends": "2031-03-30T04:00"})

    assert "clocks are put forward" in refused.content.decode()
    assert not CalendarEvent.objects.exists()


def test_link_when_its_time_has_come_then_for_signed_in_readers_only() -> None:
    host, reader = make_user(), make_user()
    event = make_event(author=host, plan=a_plan(join_url=LINK, join_minutes=15))
    early, due = event.starts_at - timedelta(minutes=16), event.starts_at - timedelta(minutes=15)

    assert not can_join(viewer(reader), event, early) and can_join(viewer(reader), event, due)
    assert not can_join(viewer(None), event, due) and can_join(viewer(host), event, early)
    assert not can_join(viewer(reader), event, event.ends_at)
    for who in (None, reader):
        browser = Client()
        if who:
            browser.force_login(who)
        for path in (event.get_absolute_url(), "/events/", f"/events/{event.pk}.ics", f"/api/v1/events/{event.pk}"):
            assert LINK not in browser.get(path).content.decode()
    event_change(viewer=viewer(host), event=event, plan=a_plan(join_url=LINK, join_minutes=None))
    browser = Client()
    browser.force_login(reader)
    assert LINK in browser.get(event.get_absolute_url()).content.decode()
    assert LINK not in browser.get("/events/feed.ics").content.decode()


def test_page_of_an_event_when_read_then_two_statements_more_than_of_a_talk(django_assert_max_num_queries) -> None:
    event = make_event()
    attendance_set(viewer=viewer(make_user()), event=event, answer="going")
    browser = Client()
    browser.get(event.get_absolute_url())

    with django_assert_max_num_queries(11):
        assert browser.get(event.get_absolute_url() + "?x=1").status_code == 200


def test_structured_data_when_nobody_reads_then_an_event_beside_the_posting() -> None:
    event = make_event(plan=a_plan(join_url=LINK))
    page = Client().get(event.get_absolute_url()).content.decode()
    found = [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)]
    by_type = {data["@type"]: data for data in found}

    assert by_type.keys() == {"DiscussionForumPosting", "Event"}
    assert by_type["Event"]["eventAttendanceMode"].endswith("MixedEventAttendanceMode")
    assert datetime.fromisoformat(by_type["Event"]["startDate"]) == event.starts_at
    assert LINK not in page


def test_file_when_read_by_a_calendar_then_it_is_this_event_with_its_zone() -> None:
    host = make_user()
    starts = datetime(2031, 10, 26, 1, 30)  # it ends after clocks were put back: three hours, not two
    event = make_event(author=host, title="Night; a, b", plan=a_plan(starts=starts, ends=datetime(2031, 10, 26, 3, 30)))
    answer = Client().get(f"/events/{event.pk}.ics")
    read = Calendar.from_ical(answer.content)
    (entry,) = read.events

    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert {"VERSION", "PRODID"} <= read.keys() and not read.errors and not entry.errors
    assert [str(zone["TZID"]) for zone in read.timezones] == ["Europe/Berlin"]
    assert entry.start == starts.replace(tzinfo=ZoneInfo("Europe/Berlin")) and str(entry["SUMMARY"]) == "Night; a, b"
    assert entry.end.astimezone(UTC) - entry.start.astimezone(UTC) == timedelta(hours=3)
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    assert (entry["SEQUENCE"], entry["STATUS"]) == (0, "CONFIRMED")

    uid = str(entry["UID"])
    event_cancel(viewer=viewer(host), event=event)
    (later,) = Calendar.from_ical(Client().get(f"/events/{event.pk}.ics").content).events

    assert (str(later["UID"]), later["SEQUENCE"], later["STATUS"]) == (uid, 1, "CANCELLED")


def test_feed_of_a_space_when_asked_then_its_events_alone_to_those_who_read_it() -> None:
    hubs, staff = make_space(slug="hubs"), make_space(slug="staff", audience="staff")
    ours = make_event(space=hubs)
    make_event(space=staff, author=make_user(is_agent=True))
    names = [str(entry["UID"]) for entry in Calendar.from_ical(Client().get("/s/hubs/events.ics").content).events]

    assert names == [ics.uid_of(ours)]
    assert Client().get("/s/staff/events.ics").status_code == 404
    assert len(Calendar.from_ical(Client().get("/events/feed.ics").content).events) == 1


def test_feed_when_there_are_more_events_then_as_many_statements(django_assert_num_queries) -> None:
    anybody_first, space = make_event(), make_space()
    make_event(space=space)
    who = viewer(None)
    with django_assert_num_queries(2):
        found = for_calendars(who)
        ics.calendar(found, name="All")

    assert {event.pk for event in found} > {anybody_first.pk}


def test_api_when_announced_changed_and_answered_then_as_the_pages_do() -> None:
    host, goes = make_user(), make_user()
    make_space(slug="hubs")
    api, other = Client(), Client()
    api.force_login(host)
    other.force_login(goes)
    sent = {
        "space": "hubs", "title": "Office hours", "body": "Come.", "starts": "2031-05-17T15:00",
        "ends": "2031-05-17T16:00", "zone": "Asia/Kolkata", "join_url": LINK, "join_minutes": 15,
    }  # fmt: skip
    made = api.post("/api/v1/events", sent, "application/json")
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    assert made.json()["starts_at"] == "2031-05-17T15:00:00+05:30" and made.json()["join_url"] == LINK
    assert other.get(f"/api/v1/events/{pk}").json()["join_url"] is None

    changed = api.patch(f"/api/v1/events/{pk}", {"place": "Hall 2", "sequence": 0}, "application/json").json()
    assert (changed["sequence"], changed["place"]) == (1, "Hall 2")
    assert api.patch(f"/api/v1/events/{pk}", {"place": "x", "sequence": 0}, "application/json").status_code == 409
    assert other.patch(f"/api/v1/events/{pk}", {"place": "x"}, "application/json").status_code == 403
    going = other.post(f"/api/v1/events/{pk}/attendance", {"answer": "going"}, "application/json").json()
    assert (going["going"], going["answer"]) == (1, "going")
    assert [row["id"] for row in other.get("/api/v1/events").json()["results"]] == [pk]
    refused = api.post("/api/v1/events", sent | {"zone": "Mars/Base"}, "application/json")
    assert refused.status_code == 400 and "zone" in refused.content.decode()
    topics = api.post("/api/v1/topics", sent | {"kind": "event"}, "application/json")

    assert topics.status_code == 400 and "kind" in topics.content.decode()
