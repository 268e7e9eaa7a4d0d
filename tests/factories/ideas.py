"""Ideas and votes."""

from __future__ import annotations

from itertools import count
from typing import Any

from accounts.models import User
from community.ideas.models import Idea
from community.ideas.services import idea_create, idea_vote
from community.spaces.models import Space
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

_numbers = count(1)


def make_idea(*, space: Space | None = None, author: User | None = None, votes: int = 0, **fields: Any) -> Idea:
    """A new idea with its author's vote and `votes` more."""
    number = next(_numbers)
    fields.setdefault("title", f"Let me mute room {number} at night")
    fields.setdefault("body", f"The bell rang {number} times last night.")
    space = space or make_space()  # before the viewer, who then holds the space's token
    idea = idea_create(viewer=viewer(author or make_user()), space=space, **fields)
    for _vote in range(votes):
        idea = idea_vote(viewer=viewer(make_user()), idea=idea, on=True)
    return idea
