"""Buttons of moderators, on one topic or on many at once, each with its way back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.errors import Conflict, NotAllowed
from accounts.events import services as events
from accounts.viewer import Viewer
from community.forums.models import Topic, TopicAct, TopicActRow, TopicTimer
from community.forums.services import curation, regroup, timers, topics
from community.forums.services.recount import recount_space, recount_topic
from community.spaces import policies as spaces
from community.spaces.models import Space

MOST_TOPICS: Final = 100
UNDO_FOR: Final = timedelta(hours=1)
#: What an act may change on a topic, and what undoing sets back.
FIELDS: Final = (
    "is_closed", "is_pinned", "is_archived", "is_unlisted", "slow_seconds", "notice", "duplicate_of_id",
    "merged_into_id", "space_id", "status", "bumped_at", "solution_id", "solved_at", "solved_by_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Options:
    """What some acts ask for besides the topics."""

    space: Space | None = None
    other: Topic | None = None
    until: datetime | None = None
    seconds: int = 0
    notice: str = ""


Act = Callable[[Viewer, Topic, Options, TopicAct], object]
ACTS: Final[dict[str, Act]] = {
    "close": lambda viewer, topic, options, row: topics.topic_close(viewer=viewer, topic=topic),
    "reopen": lambda viewer, topic, options, row: topics.topic_reopen(viewer=viewer, topic=topic),
    "pin": lambda viewer, topic, options, row: _pin(viewer, topic, options.until),
    "unpin": lambda viewer, topic, options, row: topics.topic_pin(viewer=viewer, topic=topic, on=False),
    "archive": lambda viewer, topic, options, row: curation.topic_archive(viewer=viewer, topic=topic, on=True),
    "unarchive": lambda viewer, topic, options, row: curation.topic_archive(viewer=viewer, topic=topic, on=False),
    "unlist": lambda viewer, topic, options, row: curation.topic_unlist(viewer=viewer, topic=topic, on=True),
    "list": lambda viewer, topic, options, row: curation.topic_unlist(viewer=viewer, topic=topic, on=False),
    "bump": lambda viewer, topic, options, row: timers.topic_bump(viewer=viewer, topic=topic),
    "slow": lambda viewer, topic, options, row: curation.topic_slow(
        viewer=viewer, topic=topic, seconds=options.seconds
    ),
    "notice": lambda viewer, topic, options, row: curation.topic_set_notice(
        viewer=viewer, topic=topic, text=options.notice
    ),
    "move": lambda viewer, topic, options, row: topics.topic_move(
        viewer=viewer, topic=topic, space=_required(options.space, "space")
    ),
    "duplicate": lambda viewer, topic, options, row: curation.topic_mark_duplicate(
        viewer=viewer, topic=topic, original=_required(options.other, "other")
    ),
    "no-duplicate": lambda viewer, topic, options, row: curation.topic_mark_duplicate(
        viewer=viewer, topic=topic, original=None
    ),
    "merge": lambda viewer, topic, options, row: regroup.topic_merge(
        viewer=viewer, topic=topic, into=_required(options.other, "other"), act=row
    ),
    **{
        f"{act}-later": lambda viewer, topic, options, row, act=act: timers.topic_set_timer(  # type: ignore[misc]
            viewer=viewer, topic=topic, act=act, due_at=_required(options.until, "until")
        )
        for act in TopicTimer.Act.values
    },
    **{
        f"no-{act}-later": lambda viewer, topic, options, row, act=act: timers.topic_set_timer(  # type: ignore[misc]
            viewer=viewer, topic=topic, act=act, due_at=None
        )
        for act in TopicTimer.Act.values
    },
}


@transaction.atomic
def topics_act(
    *, viewer: Viewer, topics: Iterable[Topic], act: str, options: Options | None = None, at: datetime | None = None
) -> TopicAct:
    """Do one thing to up to 100 topics, all or none, and remember how they were, for `act_undo`.

    Raises NotAllowed unless the viewer moderates them all, ValidationError by field: act, topics, what the act asks.
    """
    chosen = list({topic.pk: topic for topic in topics}.values())
    if act not in ACTS:
        raise ValidationError({"act": _("Choose one of: %s.") % ", ".join(ACTS)})
    if act == "merge" and options is not None and options.other is not None:
        chosen = [topic for topic in chosen if topic != options.other]  # it was ticked among the others
    if not 0 < len(chosen) <= MOST_TOPICS:
        raise ValidationError({"topics": _("Choose between 1 and %s topics.") % MOST_TOPICS})
    curation.moderated(viewer, *chosen)

    row = TopicAct.objects.create(act=act, by_id=viewer.user_id, created_at=at or timezone.now())
    before = {topic.pk: _state(topic.pk) for topic in chosen}
    for topic in chosen:
        ACTS[act](viewer, topic, options or Options(), row)
    rows = [TopicActRow(act=row, topic=topic, changes=_changes(before[topic.pk], topic.pk)) for topic in chosen]
    TopicActRow.objects.bulk_create(rows)

    events.record("topics.acted", actor=viewer, target=row, data={"act": act, "topics": [topic.pk for topic in chosen]})
    return row


@transaction.atomic
def split_act(*, viewer: Viewer, topic: Topic, numbers: Iterable[int], title: str, into: Topic | None) -> TopicAct:
    """Move replies to a topic that is there, or to a new one with this title, with a way back."""
    curation.moderated(viewer, topic)

    row = TopicAct.objects.create(act="split" if into is None else "move-posts", by_id=viewer.user_id,
                                  created_at=timezone.now())  # fmt: skip
    before = _state(topic.pk)
    if into is None:
        regroup.topic_split(viewer=viewer, topic=topic, numbers=numbers, title=title, act=row)
    else:
        regroup.posts_move(viewer=viewer, topic=topic, numbers=numbers, into=into, act=row)
    TopicActRow.objects.create(act=row, topic=topic, changes=_changes(before, topic.pk))

    events.record("topics.acted", actor=viewer, target=row, data={"act": row.act, "topics": [topic.pk]})
    return row


@transaction.atomic
def act_undo(*, viewer: Viewer, act: TopicAct) -> int:
    """Set back what an act changed, on every topic where nobody changed it since; returns on how many.

    For an hour. Raises NotAllowed for who does not moderate them all, Conflict when it was undone or is too old.
    """
    locked = TopicAct.objects.select_for_update().get(pk=act.pk)
    rows = list(locked.rows.select_related("topic"))
    curation.moderated(viewer, *(row.topic for row in rows))
    if locked.undone_at is not None:
        raise Conflict(_("This was undone already."))
    if timezone.now() - locked.created_at > UNDO_FOR:
        raise Conflict(_("This was more than an hour ago. Change it by hand."))

    moved = regroup.moves_undo(viewer=viewer, act=locked)
    undone = sum(_set_back(viewer, row, moved=bool(moved)) for row in rows)
    locked.undone_at = timezone.now()
    locked.save(update_fields=["undone_at"])

    events.record("topics.act_undone", actor=viewer, target=locked, data={"act": locked.act, "topics": undone})
    return undone


def _set_back(viewer: Viewer, row: TopicActRow, *, moved: bool) -> bool:
    topic = Topic.objects.select_for_update().get(pk=row.topic_id)
    now = _state(topic.pk)
    fields = {name: pair for name, pair in row.changes.items() if name != "timers"}
    if not row.changes:
        return moved
    if not moved and any(_plain(now[name]) != after for name, (_before, after) in row.changes.items()):
        return False  # somebody changed it since: theirs stays
    if "space_id" in fields and not spaces.can_moderate(viewer, fields["space_id"][0]):
        raise NotAllowed(_("You do not moderate the space that this was in."))
    for name, (before, _after) in fields.items():
        setattr(topic, name, parse_datetime(before) if name.endswith("_at") and before else before)
    topic.updated_at = timezone.now()
    topic.save(update_fields=[*(name.removesuffix("_id") for name in fields), "updated_at"])
    if "timers" in row.changes:
        _timers_back(topic, row.changes["timers"][0])
    recount_topic(topic.pk)
    for space_id in {topic.space_id, *(fields.get("space_id") or ())}:
        recount_space(space_id)

    data = {"before": fields.get("space_id", [0, topic.space_id])[1], "space": topic.space_id, "undo": row.act.act}
    events.record("topic.moved" if "space_id" in fields else "topic.act_undone", actor=viewer, target=topic, data=data)
    if "status" in fields:
        data = {"before": fields["status"][1], "after": topic.status, "topic": topic.pk, "space": topic.space_id}
        events.record("topic.status_changed", actor=viewer, target=topic, data=data)
    return True


def _timers_back(topic: Topic, before: dict[str, str]) -> None:
    TopicTimer.objects.filter(topic=topic).delete()
    TopicTimer.objects.bulk_create([TopicTimer(topic=topic, act=act, due_at=due) for act, due in before.items()])


def _state(topic_id: int) -> dict[str, Any]:
    state: dict[str, Any] = Topic.objects.values(*FIELDS).get(pk=topic_id)
    timers_now = TopicTimer.objects.filter(topic_id=topic_id).values_list("act", "due_at")
    return state | {"timers": {act: due.isoformat() for act, due in timers_now}}


def _changes(before: dict[str, Any], topic_id: int) -> dict[str, list[Any]]:
    after = _state(topic_id)
    return {name: [_plain(old), _plain(after[name])] for name, old in before.items() if old != after[name]}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _pin(viewer: Viewer, topic: Topic, until: datetime | None) -> None:
    topics.topic_pin(viewer=viewer, topic=topic, on=True)
    timers.topic_set_timer(viewer=viewer, topic=topic, act=TopicTimer.Act.UNPIN, due_at=until)


def _required(value: Any, field: str) -> Any:
    if value is None:
        raise ValidationError({field: _("Say which one, or when.")})
    return value
