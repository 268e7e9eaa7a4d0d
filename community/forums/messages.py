"""What forums tell people: a reply, a mention, an accepted answer; and to open pages that a topic has grown."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.events.models import Event
from accounts.models import User
from accounts.text import excerpt, mentioned_usernames
from accounts.viewer import Viewer
from community.forums.models import Post, Topic, TopicFollow
from community.forums.mutes import muting
from community.forums.policies import can_see_post, can_see_topic
from community.forums.reactions import reaction
from community.forums.services.texts import known_people
from community.notifications import live
from community.notifications.models import Notification
from community.notifications.registry import MaySee, Message, Place
from community.notifications.services import Telling, notify, notify_all


def tell_of_reply(event: Event) -> None:
    """Subscriber of post.created: the mentioned hear that they are, the other followers that there is a reply."""
    tell_of_replies([event])


def tell_of_replies(happened: list[Event]) -> None:
    """The same for many at once, in their order."""
    ids = {event.target_id for event in happened}
    posts = Post.objects.only("topic_id", "author_id", "number", "body").in_bulk(ids)
    following = _followers({post.topic_id for post in posts.values()})
    told = [(posts[event.target_id], event.created_at) for event in happened if event.target_id in posts]
    mentioned = {post.pk: _mentioned(post) for post in posts.values()}
    people = set().union(*following.values(), *mentioned.values())
    deaf = muting({post.topic_id for post in posts.values()}, people)
    for post in posts.values():
        quiet = {person for topic_id, person in deaf if topic_id == post.topic_id}
        mentioned[post.pk] -= quiet
        following[post.topic_id] = following.get(post.topic_id, set()) - quiet
    notify_all(
        telling for post, at in told for telling in _tellings(post, mentioned[post.pk], following[post.topic_id], at)
    )


def _followers(topic_ids: Collection[int]) -> dict[int, set[int]]:
    """By topic, the ids of the people who hear of its new posts."""
    follows = TopicFollow.objects.filter(topic_id__in=topic_ids, is_muted=False, user__is_active=True)
    found: dict[int, set[int]] = {}
    for topic_id, user_id in follows.values_list("topic_id", "user_id"):
        found.setdefault(topic_id, set()).add(user_id)
    return found


def _tellings(post: Post, mentioned: set[int], following: set[int], at: datetime) -> list[Telling]:
    """Of a reply: to those whom it mentions, and to the others who follow."""
    thread, data = f"topic:{post.topic_id}", {"number": post.number}
    return [
        Telling("mention", mentioned, post.author_id, post, f"mention:{post.pk}", thread, data, at),
        Telling("reply", following - mentioned, post.author_id, post, f"reply:{post.pk}", thread, data, at),
    ]


def tell_of_topic(event: Event) -> None:
    """Subscriber of topic.created: the people that its text mentions."""
    post = Post.objects.select_related("topic").filter(topic_id=event.target_id, number=1).first()
    if post is None:
        return
    mentioned = _mentioned(post)
    deaf = muting([post.topic_id], mentioned)
    notify(
        kind="mention",
        user_ids=mentioned - {person for _topic, person in deaf},
        actor_id=post.author_id,
        target=post,
        data={"number": 1},
        key=f"mention:{post.pk}",
        thread=f"topic:{post.topic_id}",
        at=event.created_at,
    )


def tell_of_solution(event: Event) -> None:
    """Subscriber of topic.solved: whoever wrote the answer."""
    post = Post.objects.filter(pk=event.data.get("post")).first()
    if post is None or post.author_id is None:
        return
    notify(
        kind="solution",
        user_ids=[post.author_id],
        actor_id=event.actor_id,
        target=post,
        data={"number": post.number},
        key=f"solution:{post.pk}",
        thread=f"topic:{post.topic_id}",
        at=event.created_at,
    )


def tell_of_reaction(event: Event) -> None:
    """Subscriber of post.reacted: the author, once a person and post."""
    post = Post.objects.filter(pk=event.target_id).first()
    if post is None or post.author_id is None or not event.data.get("on"):
        return
    notify(
        kind="reaction",
        user_ids=[post.author_id],
        actor_id=event.actor_id,
        target=post,
        data={"number": post.number, "name": event.data["name"]},
        key=f"reaction:{post.pk}:{event.actor_id}",
        thread=f"topic:{post.topic_id}",
        at=event.created_at,
    )


_HINTS = {
    "post.created": "post", "post.reacted": "reacted", "post.poll_voted": "polled", "post.poll_closed": "polled",
}  # fmt: skip


def hint_open_pages(event: Event) -> None:
    """Subscriber of post.* and topic.*: open pages learn that a topic or a list changed, and fetch it."""
    if event.is_quiet or (event.target_type == "post" and _is_unheard(event)):
        return
    topic_id = event.data.get("topic") or event.target_id
    kind = _HINTS.get(event.name, "changed")
    told = {"type": kind, "topic": topic_id, "number": event.data.get("number", 0)}
    with_post = {"post": event.target_id} if kind in ("reacted", "polled") else {}
    hints = [(f"topic.{topic_id}", told | with_post)]
    if event.name == "topic.created" or event.data.get("is_listed"):
        hints.append((f"space.{event.data['space']}", {"type": "listed", "topic": topic_id}))
    live.publish_all(hints)


def _is_unheard(event: Event) -> bool:
    """A whisper, or a post that waits for review: that it exists is not for everybody who has the topic open."""
    if event.data.get("is_aloud"):  # said when it was written, in this very transaction
        return False
    post = Post.objects.filter(pk=event.target_id).values("is_whisper", "status").first()
    if post is None or post["is_whisper"]:
        return True
    return event.name != "post.status_changed" and post["status"] != "published"


def _mentioned(post: Post) -> set[int]:
    if not mentioned_usernames(post.body):
        return set()
    return set(User.objects.filter(username__in=known_people(post.body)).values_list("pk", flat=True))


def readers_of_posts(ids: Collection[int]) -> MaySee:
    """Who may be told of posts, by the predicate; `_posts_of` says the same by the row filter."""
    posts = Post.objects.published().filter(pk__in=ids).select_related("topic")
    posts = posts.only("status", "is_whisper", "author_id", "topic__status", "topic__author_id", "topic__space_id")
    found = {post.pk: post for post in posts}
    return lambda viewer, pk: pk in found and can_see_post(viewer, found[pk])


def _posts_of(viewer: Viewer, rows: list[Notification]) -> dict[int, Post]:
    """The rows' posts that this viewer may still see, one query."""
    posts = Post.objects.visible_to(viewer).published().filter(pk__in={row.target_id for row in rows})
    return {post.pk: post for post in posts.select_related("topic__space", "author")}


def resolved(viewer: Viewer, rows: list[Notification], wording) -> dict[int, Message]:
    posts = _posts_of(viewer, rows)
    messages = {}
    for row in rows:
        post = posts.get(row.target_id)
        if post is None:
            continue
        name = str(post.author) if post.author else _("Someone who left")
        messages[row.pk] = Message(
            text=wording(row, name, post),
            url=post.get_absolute_url(),
            actor_name=name,
            excerpt=excerpt(post.html, 140),
            where=post.topic.space.name,
        )
    return messages


def resolve_reply(viewer: Viewer, rows: list[Notification]) -> dict[int, Message]:
    def wording(row: Notification, name: str, post: Post) -> str:
        more = getattr(row, "count", 1) - 1
        if more > 0:
            return ngettext(
                "%(name)s and %(n)s other replied in “%(title)s”",
                "%(name)s and %(n)s others replied in “%(title)s”",
                more,
            ) % {"name": name, "n": more, "title": post.topic.title}
        return _("%(name)s replied in “%(title)s”") % {"name": name, "title": post.topic.title}

    return resolved(viewer, rows, wording)


def resolve_mention(viewer: Viewer, rows: list[Notification]) -> dict[int, Message]:
    return resolved(
        viewer,
        rows,
        lambda row, name, post: _("%(name)s mentioned you in “%(title)s”") % {"name": name, "title": post.topic.title},
    )


def resolve_reaction(viewer: Viewer, rows: list[Notification]) -> dict[int, Message]:
    """Names who reacted, not who wrote; those of one topic are one message with a count."""
    posts = _posts_of(viewer, rows)
    return {row.pk: _reacted(row, posts[row.target_id]) for row in rows if row.target_id in posts}


def _reacted(row: Notification, post: Post) -> Message:
    name = str(row.actor) if row.actor is not None else _("Someone who left")
    more = getattr(row, "count", 1) - 1
    words = {
        "sign": reaction(str(row.data.get("name", ""))).sign, "name": name, "n": more, "title": post.topic.title,
    }  # fmt: skip
    text = _("%(sign)s %(name)s reacted to your post in “%(title)s”")
    if more > 0:
        text = ngettext(
            "%(sign)s %(name)s and %(n)s other reacted to you in “%(title)s”",
            "%(sign)s %(name)s and %(n)s others reacted to you in “%(title)s”",
            more,
        )
    return Message(
        text=text % words, url=post.get_absolute_url(), actor_name=name, excerpt=excerpt(post.html, 140),
        where=post.topic.space.name,
    )  # fmt: skip


def resolve_solution(viewer: Viewer, rows: list[Notification]) -> dict[int, Message]:
    return resolved(
        viewer,
        rows,
        lambda row, name, post: _("Your reply was accepted as the answer to “%(title)s”") % {"title": post.topic.title},
    )


def locate_posts(viewer: Viewer, ids: Iterable[int]) -> dict[int, Place]:
    """Posts by name and address, for messages that other rooms' events cause."""
    posts = Post.objects.visible_to(viewer).filter(pk__in=list(ids)).select_related("topic")
    return {post.pk: Place(title=post.topic.title, url=post.get_absolute_url()) for post in posts}


def may_watch_space(viewer: Viewer, space_id: int) -> bool:
    """Whether a socket may hear that topics of a space are new or updated."""
    return f"space:{space_id}" in viewer.tokens


def may_watch_topic(viewer: Viewer, topic_id: int) -> bool:
    """Whether a socket may listen for changes of a topic."""
    topic = Topic.objects.filter(pk=topic_id).first()
    return topic is not None and can_see_topic(viewer, topic)


def newest_in_topic(topic_id: int) -> int:
    """The number of the last post that all readers of a topic see."""
    return Topic.objects.filter(pk=topic_id).values_list("last_shown_number", flat=True).first() or 0
