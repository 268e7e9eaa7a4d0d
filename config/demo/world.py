"""What the parts share while they load: the clock, the people as viewers, and the topics by their keys."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.events import services as events
from accounts.models import User
from accounts.viewer import ANONYMOUS, Viewer, viewer_for
from community.forums.models import Post, Topic

KEY = "demo:"
LOUD = timedelta(days=3)


@dataclass(slots=True)
class World:
    """Looks things up once; `forget` after people or audiences changed."""

    now: datetime = field(default_factory=timezone.now)
    _people: dict[str, User] = field(default_factory=dict)
    _viewers: dict[str, Viewer] = field(default_factory=dict)
    _topics: dict[str, Topic] = field(default_factory=dict)

    def forget(self) -> None:
        self._people, self._viewers, self._topics = {}, {}, {}

    @property
    def people(self) -> dict[str, User]:
        """Everyone of the demo by username."""
        if not self._people:
            self._people = {user.username: user for user in User.objects.filter(imported_from__startswith=KEY)}
        return self._people

    def viewer(self, username: str) -> Viewer:
        if username not in self._viewers:
            self._viewers[username] = viewer_for(self.people[username])
        return self._viewers[username]

    def viewers(self) -> list[Viewer]:
        return [self.viewer(username) for username in sorted(self.people)]

    @property
    def visitor(self) -> Viewer:
        """Somebody without an account."""
        return ANONYMOUS

    def readers(self, space_id: int) -> list[Viewer]:
        """Everyone who may read a space."""
        return [viewer for viewer in self.viewers() if f"space:{space_id}" in viewer.tokens]

    @contextmanager
    def hush(self, at: datetime) -> Iterator[None]:
        """Around something that happened at a time: only what is at most three days old tells people of it."""
        if self.now - at <= LOUD:
            yield
            return
        with events.quietly():
            yield

    @property
    def topics(self) -> dict[str, Topic]:
        """The demo's topics by the names of their files; kept up to date by whoever adds one."""
        if not self._topics:
            firsts = Post.objects.filter(number=1, idempotency_key__startswith=KEY).select_related("topic__space")
            self._topics = {post.idempotency_key.removeprefix(KEY): post.topic for post in firsts}
        return self._topics

    def dice(self, key: str) -> random.Random:
        """Chance that falls the same way at every loading."""
        return random.Random(key)  # noqa: S311
