"""What a line of a list and a post show, as plain values: the pieces are rendered once for each shape and kept.

Everything here was read for the viewer in this request; the viewer's own bits are flags beside it. What a piece only
shows is `Text` or `Number` (`accounts.shapes`); the rest decides what it looks like. `lang` is empty where a text is in
the page's own language.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import ngettext

from accounts.models import User
from accounts.shapes import Number, Shaped, Text, Words
from accounts.templatetags.threadwell import hue, initials, rendered, when
from accounts.viewer import Viewer
from community.forums.models import Kind, Post, Status, Topic
from community.forums.policies import can_vote, why_not_edit
from community.forums.reactions import counts_in, reaction
from community.forums.tongues import spoken

HEADLINE: Final = 40


@dataclass(frozen=True, slots=True)
class Person(Shaped):
    """`picture`, `hue` and `initials` as `components/face.html` shows them."""

    username: Text
    display_name: Text
    picture: Text
    hue: Number
    initials: Text
    url: Text
    role_label: Text
    headline: Text

    def __str__(self) -> str:
        return self.display_name or self.username


@dataclass(frozen=True, slots=True)
class Place(Shaped):
    name: Text
    colour: Text
    url: Text


@dataclass(frozen=True, slots=True)
class IdeaShown(Shaped):
    votes: Text
    counted: Text
    tone: Text
    label: Text


@dataclass(frozen=True, slots=True)
class Row(Shaped):
    """A line of a list of topics; `is_unread` is the one thing in it that is the viewer's."""

    url: Text
    title: Text
    lang: str
    is_unread: bool
    is_pinned: bool
    is_closed: bool
    is_unlisted: bool
    state: str
    look: str
    space: Place | None
    author: Text
    idea: IdeaShown | None
    tags: tuple[Words, ...]
    faces: tuple[Person, ...]
    replies: Text
    counted: Text
    when: Text
    taker: Text


@dataclass(frozen=True, slots=True)
class Answered(Shaped):
    """The post that another one answers."""

    pk: Number
    number: Number
    name: Text


@dataclass(frozen=True, slots=True)
class PostShown(Shaped):
    """A post, as everybody who may read it sees it; `vote_count` is in words, too, so it is no mere number."""

    pk: Number
    number: Number
    html: Text
    lang: str
    status: str
    is_whisper: bool
    is_accepted: bool
    is_in_closed: bool
    vote_count: int
    author: Person | None
    answers: Answered | None
    when: Text
    is_edited: bool
    is_wiki: bool
    is_locked: bool
    topic_url: Text
    signing_in: Text


@dataclass(frozen=True, slots=True)
class Felt(Shaped):
    """One reaction under a post: what it is, how many there are, and whether one is the viewer's."""

    name: Text
    sign: Text
    label: Text
    count: Number
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Mine(Shaped):
    """What one viewer may do with one post."""

    is_signed_in: bool
    is_own: bool
    is_voted: bool
    is_kept: bool
    may_vote: bool
    may_edit: bool
    can_moderate: bool
    can_accept: bool
    is_folded: bool
    felt: tuple[Felt, ...]


def person(user: User | None) -> Person | None:
    if user is None:
        return None
    headline = user.headline if len(user.headline) <= HEADLINE else f"{user.headline[: HEADLINE - 1]}…"
    return _face(
        user.username, user.display_name, user.avatar, user.get_absolute_url(), str(user.role_label), headline
    )


@lru_cache(maxsize=5_000)
def _face(
    username: str, display_name: str, avatar: str, url: str = "", role_label: str = "", headline: str = ""
) -> Person:
    picture = reverse("accounts:avatar", args=[avatar]) if avatar else ""
    short = initials(display_name or username)
    return Person(username, display_name, picture, hue(username), short, url, role_label, headline)


def row(topic: Topic, *, in_space: bool) -> Row:
    """A line, from a topic that a selector has decorated (`is_unread`, `faces`)."""
    space = None if in_space else Place(topic.space.name, topic.space.colour, topic.space.get_absolute_url())
    faces = tuple(_face(face.username, face.display_name, face.avatar) for face in topic.faces[:3])
    return Row(
        url=_resumed(topic), title=topic.title, lang=spoken(topic, topic.title), is_unread=topic.is_unread,
        is_pinned=topic.is_pinned, is_closed=topic.is_closed, is_unlisted=topic.is_unlisted, state=topic.state,
        look=topic.look_name, space=space,
        author=str(topic.author or ""), idea=_idea(topic),
        tags=tuple(Words(tag.name) for tag in topic.tags.all()[:2]), faces=faces, replies=str(topic.reply_count),
        counted=ngettext("reply", "replies", topic.reply_count), when=when(topic.last_posted_at, "short"),
        taker=getattr(topic, "taker", ""),
    )  # fmt: skip


def _resumed(topic: Topic) -> str:
    """Where to go on reading: the first post that is new to the viewer, or the topic."""
    if not topic.is_unread or not topic.read_to:
        return topic.get_absolute_url()
    number = topic.read_to + 1
    return f"{topic.get_absolute_url()}?post={number}#post-{number}"


def _idea(topic: Topic) -> IdeaShown | None:
    if topic.kind != Kind.IDEA:
        return None
    idea = topic.idea  # type: ignore[attr-defined]
    is_new = idea.status == "new"
    tone, label = ("", "") if is_new else (idea.look.tone, idea.get_status_display())
    return IdeaShown(str(idea.vote_count), ngettext("vote", "votes", idea.vote_count), tone, str(label))


def post(found: Post, topic: Topic) -> PostShown:
    """A post of this topic, from `selectors.post_page`."""
    url = topic.get_absolute_url()
    return PostShown(
        pk=found.pk, number=found.number, html=rendered(found.html), lang=spoken(topic, found.html),
        status=found.status, is_whisper=found.is_whisper,
        is_accepted=topic.solution_id == found.pk, is_in_closed=topic.is_closed or topic.is_archived,
        vote_count=found.vote_count, author=person(found.author), answers=_answered(found.answered),
        when=when(found.created_at), is_edited=found.edited_at is not None, topic_url=url, signing_in=quote(url),
        is_wiki=found.is_wiki, is_locked=found.is_locked,
    )  # fmt: skip


def _answered(answered: Post | None) -> Answered | None:
    return Answered(answered.pk, answered.number, str(answered.author or "")) if answered else None


def mine(viewer: Viewer, found: Post, *, can_moderate: bool, can_accept: bool) -> Mine:
    """The viewer's own bits of a post."""
    may_accept = can_accept and not found.is_first and not found.is_whisper and found.status == Status.PUBLISHED
    is_own = viewer.is_signed_in and found.author_id == viewer.user_id
    may_vote = can_vote(viewer, found)
    may_edit = viewer.is_signed_in and why_not_edit(viewer, found, can_moderate_it=can_moderate) == ""
    return Mine(
        viewer.is_signed_in, is_own, found.is_voted, found.is_kept, may_vote, may_edit, can_moderate, may_accept,
        viewer.ignores(found.author_id), felt(found),
    )  # fmt: skip


def felt(found: Post) -> tuple[Felt, ...]:
    """The reactions of a post that was read for its viewer (`reacted`)."""
    if not found.reactions:
        return ()
    own = set((found.reacted or "").split())
    rows = [(reaction(name), count) for name, count in counts_in(found.reactions)]
    return tuple(Felt(one.name, one.sign, one.label, count, one.name in own) for one, count in rows)
