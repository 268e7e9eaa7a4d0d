"""Starting a topic and what its moderators do with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Conflict, NotAllowed
from accounts.events import services as events
from accounts.text import all_of
from accounts.uploads.services import uses_set
from accounts.viewer import Viewer
from community.forums import policies
from community.forums.kinds import DETAILED
from community.forums.models import Kind, Post, ReadBefore, Status, Topic
from community.forums.services.curation import moderated
from community.forums.services.fitting import check_fits
from community.forums.services.follows import follow_automatically, topic_mark_read
from community.forums.services.recount import recount_space, touch_space
from community.forums.services.sent import sent_before
from community.forums.services.texts import clean_tags, clean_title, render_body, tag_rows
from community.spaces import policies as spaces
from community.spaces.models import Space
from community.spaces.refusals import why_not
from community.spaces.tagging import check_tags

MOST_READ_BEFORE = 20


@transaction.atomic
def topic_create(
    *,
    viewer: Viewer,
    space: Space,
    kind: str,
    title: str = "",
    body: str = "",
    tags: Iterable[str] = (),
    texts: dict[str, Any] | None = None,
    at: datetime | None = None,
    idempotency_key: str = "",
    read_before: Iterable[tuple[str, int]] = (),
) -> Topic:
    """Start a topic with its first post. Sending the same `idempotency_key` again returns the topic of the first time.

    `read_before` names what the asker read first and was not helped by, as (kind, id) of its search source.
    `texts`, in place of title, body and tags, is what `topic_texts` gave: with a kind of `DETAILED` the caller checks
    all at once, and adds in the same transaction what the kind has beyond a topic.

    Raises NotAllowed where the viewer may not start this kind here, ValidationError by field: kind, title, body, tags,
    and Conflict when the key was a reply's.
    """
    if kind not in Kind.values:
        raise ValidationError({"kind": _("Choose one of: %s.") % ", ".join(Kind.values)})
    if kind in DETAILED and texts is None:
        raise ValidationError({"kind": _("This kind has a form of its own, for it needs more than a text.")})
    if not policies.can_start(viewer, space, kind):
        raise NotAllowed(_why_not_started(viewer, space))
    already = sent_before(viewer, idempotency_key)
    if already:
        return _topic_started_by(already)
    if texts is None:
        texts = topic_texts(viewer=viewer, space=space, title=title, body=body, tags=tags)
    source, html = texts["body"]

    now = at or timezone.now()
    topic = Topic.objects.create(
        space=space, kind=kind, title=texts["title"], author_id=viewer.user_id, last_poster_id=viewer.user_id,
        created_at=now, updated_at=now, last_posted_at=now, last_post_number=1, last_shown_number=1,
    )  # fmt: skip
    topic.tags.set(tag_rows(texts["tags"]))
    post = Post.objects.create(
        topic=topic, number=1, body=source, html=html, author_id=viewer.user_id, created_at=now,
        idempotency_key=idempotency_key[:64],
    )
    uses_set(viewer=viewer, target=post, source=source, at=now)
    follow_automatically(topic=topic, user_id=viewer.user_id)
    topic_mark_read(viewer=viewer, topic=topic, number=1)
    _keep_read_before(topic, read_before)

    touch_space(space.pk, topics=1, at=now)

    data = {"space": space.pk, "kind": kind, "post": post.pk}
    events.record("topic.created", actor=viewer, target=topic, at=now, data=data)
    return topic


def topic_texts(*, viewer: Viewer, space: Space, title: str, body: str, tags: Iterable[str]) -> dict[str, Any]:
    """The checked texts of a new topic: its title, its body as source and HTML, its tags.

    Asked also by kinds that have more than a text, to tell all that is wrong at once. Raises ValidationError by field.
    """
    return all_of({
        "title": lambda: clean_title(title),
        "body": lambda: _first_body(space, body),
        "tags": lambda: _tags_here(viewer, space, tags),
    })


def _first_body(space: Space, body: object) -> tuple[str, str]:
    """The source and the HTML of a first post, which is more than the space's template."""
    source, html = render_body(body)
    if source.strip() in {text.strip() for text in (space.template, *space.templates.values()) if text.strip()}:
        raise ValidationError({"body": _("This is the template as it was. Fill it in.")})
    return source, html


def _tags_here(viewer: Viewer, space: Space, tags: Iterable[object]) -> list[str]:
    names = clean_tags(tags)
    check_tags(viewer, space, names)
    return names


def _why_not_started(viewer: Viewer, space: Space) -> str:
    """In the space's own words where it is closed to all kinds, for those who read it."""
    if viewer.is_signed_in and spaces.can_see(viewer, space) and not spaces.can_post(viewer, space):
        return why_not(space, "start")
    return _("You cannot start this kind of topic here.")


def _keep_read_before(topic: Topic, read: Iterable[tuple[str, int]]) -> None:
    things = list(dict.fromkeys((kind[:20], pk) for kind, pk in read))[:MOST_READ_BEFORE]
    rows = [
        ReadBefore(topic=topic, kind=kind, object_id=pk, position=position)
        for position, (kind, pk) in enumerate(things)
    ]
    if rows:
        ReadBefore.objects.bulk_create(rows)


def _topic_started_by(post: Post) -> Topic:
    if not post.is_first:
        raise Conflict(_("This was sent as a reply before. Send it with a new key."))
    return post.topic


@transaction.atomic
def topic_close(*, viewer: Viewer, topic: Topic) -> Topic:
    """No more replies, except from moderators. Closing twice changes nothing."""
    moderated(viewer, topic)

    if Topic.objects.filter(pk=topic.pk, is_closed=False).update(is_closed=True, updated_at=timezone.now()):
        events.record("topic.closed", actor=viewer, target=topic, data={"space": topic.space_id})
    topic.is_closed = True
    return topic


@transaction.atomic
def topic_reopen(*, viewer: Viewer, topic: Topic) -> Topic:
    """Take replies again."""
    moderated(viewer, topic)

    if Topic.objects.filter(pk=topic.pk, is_closed=True).update(is_closed=False, updated_at=timezone.now()):
        events.record("topic.reopened", actor=viewer, target=topic, data={"space": topic.space_id})
    topic.is_closed = False
    return topic


@transaction.atomic
def topic_pin(*, viewer: Viewer, topic: Topic, on: bool) -> Topic:
    """Keep a topic at the top of its space, or let it go."""
    moderated(viewer, topic)

    if Topic.objects.filter(pk=topic.pk).exclude(is_pinned=on).update(is_pinned=on):
        events.record("topic.pinned", actor=viewer, target=topic, data={"space": topic.space_id, "on": on})
    topic.is_pinned = on
    return topic


@transaction.atomic
def topic_move(*, viewer: Viewer, topic: Topic, space: Space) -> Topic:
    """Move a topic to another space; the viewer must moderate where it is and where it goes.

    Raises NotAllowed, ValidationError({"space": …}) where the other space does not take its kind or its tags.
    """
    moderated(viewer, topic)
    if not spaces.can_moderate(viewer, space.pk):
        raise NotAllowed(_("You do not moderate the space that this should move to."))
    locked = Topic.objects.select_for_update().get(pk=topic.pk)
    if locked.space_id == space.pk:
        return topic
    check_fits(space, kind=locked.kind, title=locked.title, tags=locked.tags.values_list("name", flat=True))
    before = locked.space_id

    locked.space = space
    locked.updated_at = timezone.now()
    locked.save(update_fields=["space", "updated_at"])

    recount_space(before)
    recount_space(space.pk)

    events.record("topic.moved", actor=viewer, target=locked, data={"before": before, "space": space.pk})
    return locked


def topic_count_view(topic_id: int, times: int = 1) -> None:
    """`times` more readers. Not an event: views are counted, not remembered."""
    Topic.objects.filter(pk=topic_id, status=Status.PUBLISHED).update(view_count=F("view_count") + times)
