"""The history of a post: each change as the lines that came and went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from accounts.events.models import Event
from accounts.models import User
from community.forums.models import Post
from knowledge.selectors.diff import Line, lines_changed

MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Change:
    """From `version` to the next one. `title_before` is "" where the title stayed."""

    version: int
    by: User | None
    at: datetime
    title_before: str
    title_after: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Rule:
    """Who opened a post to others or locked it, and when; `name` is the event's."""

    name: str
    is_on: bool
    by: User | None
    at: datetime


def rules_of(post: Post) -> list[Rule]:
    """When it changed who may edit a post, the newest first, at most 50; two queries."""
    names = ["post.wiki_changed", "post.lock_changed"]
    events = list(Event.objects.filter(target_type="post", target_id=post.pk, name__in=names).order_by("-pk")[:MOST])
    people = User.objects.in_bulk({event.actor_id for event in events if event.actor_id})
    return [
        Rule(event.name, bool(event.data.get("on")), people.get(event.actor_id or 0), event.created_at)
        for event in events
    ]


def changes_of(post: Post) -> list[Change]:
    """The latest changes of a post whose `topic` is loaded, the newest first, at most 50; one query."""
    after_body, after_title = post.body, post.topic.title if post.is_first else ""
    changes = []
    for revision in post.revisions.select_related("replaced_by")[:MOST]:
        is_renamed = bool(revision.title) and revision.title != after_title
        titles = (revision.title, after_title) if is_renamed else ("", "")
        lines = lines_changed(revision.body, after_body)
        changes.append(Change(revision.version, revision.replaced_by, revision.replaced_at, *titles, lines))
        after_body, after_title = revision.body, revision.title
    return changes
