"""What a line of a list and a post show, as plain values: the keys of the pieces that are rendered once and kept.

Everything here was read for the viewer in this request; the viewer's own bits are flags beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.viewer import Viewer
from community.forums.models import Kind, Post, Status, Topic
from community.forums.policies import can_vote, why_not_edit
from community.forums.reactions import counts_in, reaction


@dataclass(frozen=True, slots=True)
class Person:
    """`username`, `display_name` and `avatar` as `components/avatar.html` reads them."""

    username: str
    display_name: str
    avatar: str
    url: str
    role_label: str
    headline: str

    def __str__(self) -> str:
        return self.display_name or self.username


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    colour: str
    url: str


@dataclass(frozen=True, slots=True)
class IdeaShown:
    votes: int
    tone: str
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list of topics; `is_unread` is the one thing in it that is the viewer's."""

    url: str
    title: str
    is_unread: bool
    is_pinned: bool
    is_closed: bool
    is_unlisted: bool
    state: str
    space: Place | None
    author: str
    idea: IdeaShown | None
    tags: tuple[str, ...]
    faces: tuple[Person, ...]
    reply_count: int
    last_posted_at: datetime
    taker: str


@dataclass(frozen=True, slots=True)
class PostShown:
    """A post, as everybody who may read it sees it."""

    pk: int
    number: int
    html: str
    status: str
    is_whisper: bool
    is_accepted: bool
    is_in_closed: bool
    vote_count: int
    author: Person | None
    answers: tuple[int, int, str] | None
    created_at: datetime
    is_edited: bool
    is_wiki: bool
    is_locked: bool
    topic_url: str

    @property
    def is_first(self) -> bool:
        return self.number == 1


@dataclass(frozen=True, slots=True)
class Felt:
    """One reaction under a post: what it is, how many there are, and whether one is the viewer's."""

    name: str
    sign: str
    label: str
    count: int
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Mine:
    """What one viewer may do with one post."""

    is_signed_in: bool
    is_own: bool
    is_voted: bool
    is_kept: bool
    may_vote: bool
    may_edit: bool
    can_moderate: bool
    can_accept: bool
    felt: tuple[Felt, ...]


def person(user: User | None) -> Person | None:
    if user is None:
        return None
    url = user.get_absolute_url()
    return Person(user.username, user.display_name, user.avatar, url, user.role_label, user.headline)


def row(topic: Topic, *, in_space: bool) -> Row:
    """A line, from a topic that a selector has decorated (`is_unread`, `faces`)."""
    space = None if in_space else Place(topic.space.name, topic.space.colour, topic.space.get_absolute_url())
    faces = tuple(Person(face.username, face.display_name, face.avatar, "", "", "") for face in topic.faces[:3])
    return Row(
        url=_resumed(topic), title=topic.title, is_unread=topic.is_unread, is_pinned=topic.is_pinned,
        is_closed=topic.is_closed, is_unlisted=topic.is_unlisted, state=topic.state, space=space,
        author=str(topic.author or ""), idea=_idea(topic),
        tags=tuple(tag.name for tag in topic.tags.all()[:2]), faces=faces, reply_count=topic.reply_count,
        last_posted_at=topic.last_posted_at, taker=getattr(topic, "taker", ""),
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
    return IdeaShown(idea.vote_count, "" if is_new else idea.look.tone, "" if is_new else idea.get_status_display())


def post(found: Post, topic: Topic) -> PostShown:
    """A post of this topic, from `selectors.post_page`."""
    answered = found.answered
    return PostShown(
        pk=found.pk, number=found.number, html=found.html, status=found.status, is_whisper=found.is_whisper,
        is_accepted=topic.solution_id == found.pk, is_in_closed=topic.is_closed or topic.is_archived,
        vote_count=found.vote_count,
        author=person(found.author), is_edited=found.edited_at is not None,
        is_wiki=found.is_wiki, is_locked=found.is_locked,
        answers=(answered.pk, answered.number, str(answered.author or "")) if answered else None,
        created_at=found.created_at, topic_url=topic.get_absolute_url(),
    )  # fmt: skip


def mine(viewer: Viewer, found: Post, *, can_moderate: bool, can_accept: bool) -> Mine:
    """The viewer's own bits of a post."""
    may_accept = can_accept and not found.is_first and not found.is_whisper and found.status == Status.PUBLISHED
    is_own = viewer.is_signed_in and found.author_id == viewer.user_id
    may_vote = can_vote(viewer, found)
    may_edit = viewer.is_signed_in and why_not_edit(viewer, found, can_moderate_it=can_moderate) == ""
    return Mine(
        viewer.is_signed_in, is_own, found.is_voted, found.is_kept, may_vote, may_edit, can_moderate, may_accept,
        felt(found),
    )  # fmt: skip


def felt(found: Post) -> tuple[Felt, ...]:
    """The reactions of a post that was read for its viewer (`reacted`)."""
    if not found.reactions:
        return ()
    own = set((found.reacted or "").split())
    rows = [(reaction(name), count) for name, count in counts_in(found.reactions)]
    return tuple(Felt(one.name, one.sign, one.label, count, one.name in own) for one, count in rows)
