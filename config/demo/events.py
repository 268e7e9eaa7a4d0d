"""Loads the events: some to come, one that is over, and who said that they come."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from community.calendar.plans import EventPlan
from community.calendar.services import attendance_set, event_create
from community.spaces.models import Space
from config.demo.ages import moment
from config.demo.files import table
from config.demo.world import KEY, World


def load_events(world: World) -> int:
    """Each as it was announced, then the answers, an hour later each."""
    rows = table("events")["event"]
    spaces = {space.slug: space for space in Space.objects.all()}
    for row in rows:
        at = moment(row["announced"], now=world.now)
        event = event_create(
            viewer=world.viewer(row["author"]), space=spaces[row["space"]], title=row["title"], body=row["body"],
            tags=row["tags"], plan=_plan(row, world.now), at=at, idempotency_key=f"{KEY}{row['key']}"[:64],
        )  # fmt: skip
        answers = [(name, answer) for answer in ("going", "maybe") for name in row.get(answer, ())]
        for hours, (name, answer) in enumerate(answers, start=1):
            attendance_set(viewer=world.viewer(name), event=event, answer=answer, at=at + timedelta(hours=hours))
    return len(rows)


def _plan(row: dict, now: datetime) -> EventPlan:
    day = now.astimezone(ZoneInfo(row["zone"])).date() + timedelta(days=row["day"])
    starts = datetime.combine(day, time.fromisoformat(row["at"]))
    return EventPlan(
        starts=starts, ends=starts + timedelta(minutes=row["minutes"]), zone=row["zone"], place=row.get("place", ""),
        join_url=row.get("join_url", ""),
    )  # fmt: skip
