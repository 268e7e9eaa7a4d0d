"""Replying, editing and finding posts helpful."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.errors import Conflict, NotAllowed
from accounts.events import services as events
from accounts.prepared import asked
from accounts.uploads.services import uses_set
from accounts.viewer import ANONYMOUS, Viewer
from community.forums import policies
from community.forums.models import Post, PostRevision, PostVote, Status, Topic
from community.forums.services.follows import follow_automatically, topic_mark_read
from community.forums.services.helping import freed_by_reply
from community.forums.services.recount import touch_space
from community.forums.services.sent import sent_before
from community.forums.services.texts import clean_tags, clean_title, render_body, tag_rows
from community.spaces import policies as spaces
from community.spaces.refusals import why_not
from community.spaces.tagging import check_tags


@transaction.atomic
def reply_create(
    *,
    viewer: Viewer,
    topic: Topic,
    body: str,
    reply_to: Post | None = None,
    is_whisper: bool = False,
    at: datetime | None = None,
    idempotency_key: str = "",
) -> Post:
    """Answer in a topic. A whisper is read by staff only. The same `idempotency_key` again returns the first post.

    Raises NotAllowed when the topic is closed or not theirs to answer, ValidationError({"body": …}).
    """
    if not policies.can_reply(viewer, topic) or (is_whisper and not policies.can_whisper(viewer, topic)):
        raise NotAllowed(_why_no_reply(viewer, topic))
    source, html = render_body(body)
    if reply_to is not None and reply_to.topic_id != topic.pk:
        raise ValidationError({"reply_to": _("This answers a post of another topic.")})

    if already := sent_before(viewer, idempotency_key):
        return already
    _check_slow(viewer, topic)
    locked = _locked(topic)
    now = at or timezone.now()
    post = Post.objects.create(
        topic=topic, number=locked.last_post_number + 1, body=source, html=html, is_whisper=is_whisper,
        author_id=viewer.user_id, reply_to=reply_to, created_at=now, idempotency_key=idempotency_key[:64],
    )
    uses_set(viewer=viewer, target=post, source=source, at=now)
    if not topic.__dict__.get("is_followed"):  # as it was when the topic was read for this request
        follow_automatically(topic=topic, user_id=viewer.user_id)

    changes: dict = {"last_post_number": post.number}
    if not is_whisper:
        changes |= {
            "reply_count": F("reply_count") + 1,
            "last_shown_number": post.number,
            "last_posted_at": now,
            "last_poster_id": viewer.user_id,
        }
        changes |= freed_by_reply(locked, viewer.user_id)
        touch_space(locked.space_id, at=now, known=locked.space_active_at)  # type: ignore[attr-defined]
    Topic.objects.filter(pk=topic.pk).update(**changes)
    changes["reply_count"] = locked.reply_count + (not is_whisper)  # nobody else moved it: the row is locked
    for name, value in changes.items():
        setattr(topic, name, value)
    topic_mark_read(viewer=viewer, topic=topic, number=post.number)

    events.record("post.created", actor=viewer, target=post, at=now, data=_told(post, topic))
    return post


def _why_no_reply(viewer: Viewer, topic: Topic) -> str:
    """Where the space is what keeps them from it, and they read it, its own words."""
    if spaces.can_see(viewer, topic.space) and not spaces.may(viewer, topic.space, "reply") and viewer.is_signed_in:
        return why_not(topic.space, "reply")
    return _("This topic takes no replies from you.")


def _told(post: Post, topic: Topic) -> dict[str, object]:
    """What a new post's event says; its subscribers need not ask for it again."""
    is_aloud = not post.is_whisper and post.status == Status.PUBLISHED
    is_listed = topic.status == Status.PUBLISHED and not topic.is_unlisted
    return {
        "topic": topic.pk, "space": topic.space_id, "number": post.number, "whisper": post.is_whisper,
        "kind": topic.kind, "is_aloud": is_aloud, "is_listed": is_aloud and is_listed,
    }


def _locked(topic: Topic) -> Topic:
    """The topic's row, for numbers are given one at a time."""
    rows: list[Topic] = asked("forums.locked", _lock_rows, ANONYMOUS, topic=topic.pk)
    return rows[0]


def _lock_rows(viewer: Viewer, topic: int) -> QuerySet:
    rows = Topic.objects.select_for_update(of=("self",)).annotate(space_active_at=F("space__last_activity_at"))
    names = ("space_id", "last_post_number", "reply_count", "author_id", "needs_info_since", "taken_by_id")
    return rows.only(*names).filter(pk=topic).order_by()


def _check_slow(viewer: Viewer, topic: Topic) -> None:
    """In slow mode each person, staff aside, waits between two replies. Costs a statement only there."""
    if not topic.slow_seconds or viewer.is_staff:
        return
    replies = Post.objects.filter(topic=topic, author_id=viewer.user_id, number__gt=1)
    last = replies.aggregate(last=Max("created_at"))["last"]
    left = last + timedelta(seconds=topic.slow_seconds) - timezone.now() if last else timedelta()
    if left > timedelta():
        minutes = -(-left // timedelta(minutes=1))
        raise ValidationError(
            {
                "body": ngettext(
                    "This topic is in slow mode: wait %s more minute before you reply again.",
                    "This topic is in slow mode: wait %s more minutes before you reply again.",
                    minutes,
                )
                % minutes
            }
        )


@transaction.atomic
def post_edit(
    *,
    viewer: Viewer,
    post: Post,
    body: str,
    title: str | None = None,
    tags: Iterable[str] | None = None,
    version: int | None = None,
    at: datetime | None = None,
) -> Post:
    """Change a post's text and, for the first post, the topic's title and tags.

    The earlier text is kept, except where an author mends a slip at once (`policies.is_slip`).

    `version` is the one that the editor saw: raises Conflict when someone else edited since. Also NotAllowed, and
    ValidationError by field: body, title, tags.
    """
    if not policies.can_edit(viewer, post):
        raise NotAllowed(why_no_edit(viewer, post))
    locked = Post.objects.select_for_update().select_related("topic__space").get(pk=post.pk)
    if version is not None and version != locked.version:
        raise Conflict(_("Someone else changed this post while you were writing. Compare; saving again keeps yours."))
    source, html = render_body(body)
    topic = locked.topic
    new_title = clean_title(title) if title is not None and locked.is_first else topic.title
    names = clean_tags(tags) if tags is not None and locked.is_first else None
    if names is not None:
        check_tags(viewer, topic.space, names, before=topic.tags.values_list("name", flat=True))

    now = at or timezone.now()
    if source != locked.body or new_title != topic.title:
        if not policies.is_slip(viewer, locked, now):
            _keep_earlier(viewer, locked, now)
        uses_set(viewer=viewer, target=locked, source=source, before=locked.body, at=now)
        locked.body, locked.html, locked.version = source, html, locked.version + 1
        locked.save(update_fields=["body", "html", "version", "edited_at", "edited_by"])
    if new_title != topic.title:
        topic.title, topic.slug = new_title, Topic.slug_for(new_title)
    topic.updated_at = now
    topic.save(update_fields=["title", "slug", "updated_at"])
    if names is not None:
        topic.tags.set(tag_rows(names))

    data = {"topic": topic.pk, "space": topic.space_id, "number": locked.number, "version": locked.version}
    events.record("post.edited", actor=viewer, target=locked, at=now, data=data)
    return locked


def why_no_edit(viewer: Viewer, post: Post) -> str:
    """Why a viewer may not change a post, in words, for who sees it."""
    match policies.why_not_edit(viewer, post):
        case "closed":
            return _("The topic is closed, so its posts stay as they are. Its moderators can still change them.")
        case "locked":
            return _("Staff have locked this post: only they can change it.")
        case "newcomer":
            return _("This is a wiki post. You can change it once you have been here a little longer.")
        case "late":
            hours = int(policies.edit_window(viewer) / timedelta(hours=1))
            span = ngettext("%s hour", "%s hours", hours) % hours
            if hours > 48:
                span = ngettext("%s day", "%s days", hours // 24) % (hours // 24)
            return _("You could change this post for %s. Write what is new in a reply, or ask a moderator.") % span
    return _("You cannot edit this post.")


def _keep_earlier(viewer: Viewer, post: Post, now: datetime) -> None:
    """What the post says now becomes an earlier version, and the post one that was edited; the caller saves it."""
    PostRevision.objects.create(
        post=post, version=post.version, body=post.body, title=post.topic.title if post.is_first else "",
        replaced_by_id=viewer.user_id, replaced_at=now,
    )
    post.edited_at, post.edited_by_id = now, viewer.user_id


@transaction.atomic
def post_vote(*, viewer: Viewer, post: Post, on: bool) -> Post:
    """Say that a post helped, or take it back. Saying it twice counts once. Raises NotAllowed for one's own post."""
    if not policies.can_vote(viewer, post):
        raise NotAllowed(_("You cannot vote for this post."))

    # The row lock makes the vote and its counter one step, so that parallel clicks stay one vote.
    locked = Post.objects.select_for_update().get(pk=post.pk)
    if on:
        _row, changed = PostVote.objects.get_or_create(post=locked, user_id=viewer.user_id)
    else:
        changed = bool(PostVote.objects.filter(post=locked, user_id=viewer.user_id).delete()[0])
    if not changed:
        return locked

    step = 1 if on else -1
    Post.objects.filter(pk=post.pk).update(vote_count=F("vote_count") + step)
    if locked.is_first:
        Topic.objects.filter(pk=locked.topic_id).update(vote_count=F("vote_count") + step)
    locked.refresh_from_db(fields=["vote_count"])

    events.record(
        "post.voted", actor=viewer, target=locked, data={"topic": locked.topic_id, "on": on, "author": locked.author_id}
    )
    return locked
