"""Topics and posts."""

from __future__ import annotations

from itertools import count
from typing import Any

from accounts.models import User
from community.forums.models import Post, Topic
from community.forums.services import reply_create, topic_create
from community.spaces.models import Space
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

_numbers = count(1)


def make_topic(*, space: Space | None = None, author: User | None = None, **fields: Any) -> Topic:
    """A published question unless `kind` says otherwise."""
    number = next(_numbers)
    fields.setdefault("kind", "question")
    fields.setdefault("title", f"How do I set up hub {number}?")
    fields.setdefault("body", f"I have tried for {number} days.")
    space = space or make_space()  # before the viewer, whose tokens name the spaces that exist
    return topic_create(viewer=viewer(author or make_user()), space=space, **fields)


def make_reply(
    topic: Topic, *, author: User | None = None, body: str = "Hold the button for ten seconds.", **fields: Any
) -> Post:
    topic.refresh_from_db()
    return reply_create(viewer=viewer(author or make_user()), topic=topic, body=body, **fields)
