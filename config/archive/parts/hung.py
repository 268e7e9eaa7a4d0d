"""What hangs on posts: found by thread and post as the archive names them, looked up a batch at a time."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from community.forums.models import Post
from config.archive import ids
from config.archive.fields import Row
from config.archive.importer import Importer, Item, Stored
from config.archive.parts.base import Ground
from config.archive.problem import RowProblem

_KINDS: Final = ("topic", "idea")
Names = Iterator[tuple[str, datetime | None]]


def spot_of(post: Post) -> dict[str, Any]:
    """How a row names a post: its thread, and which reply it is; without `post` it is the thread's own text."""
    return {"thread": str(post.topic_id), "post": None if post.is_first else str(post.pk)}


@dataclass(slots=True)
class HungItem(Item):
    """A row about a post; a subclass says whom it names."""

    thread: str = ""
    post: str = ""

    def people(self) -> Names:
        """Those whom the row names, and since when they were there."""
        return iter(())


class Spots:
    """The posts that some rows are about, in one query."""

    def __init__(self, source: str, spots: Iterable[tuple[str, str]]) -> None:
        self.source = source
        keys = {key for thread, post in spots for key in self._keys(thread, post)}
        here = Post.objects.filter(imported_from__in=keys).select_related("topic").defer("html")
        self.posts = {post.imported_from: post for post in here}

    def post(self, thread: str, post: str) -> Post | None:
        """The post that is here, or None for one that is not."""
        return next((self.posts[key] for key in self._keys(thread, post) if key in self.posts), None)

    def _keys(self, thread: str, post: str) -> list[str]:
        if post:
            return [ids.reply_key(self.source, kind, thread, post) for kind in _KINDS]
        return [ids.source_key(self.source, kind, thread) for kind in _KINDS]


class HungImporter(Importer):
    """A batch is written at once; rows that name no post of the archive are left out and named."""

    is_written_before = True

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground.settings, ground.report)
        self.authors = ground.authors
        self.spots = Spots("", ())

    @abstractmethod
    def write(self, rows: Sequence[tuple[Any, Post]]) -> None:
        """Store what these rows say of these posts; again, it adds what is not there. Raises ValidationError."""

    def before_batch(self, items: Sequence[Item]) -> None:
        hung = [item for item in items if isinstance(item, HungItem)]
        self.authors.load(person for item in hung for person in item.people())
        if self.settings.is_dry:
            return
        self.spots = Spots(self.settings.source, [(item.thread, item.post) for item in hung])
        found = ((item, self.spots.post(item.thread, item.post)) for item in hung)
        self.write([(item, post) for item, post in found if post is not None])

    def store(self, item: Item) -> Stored:
        assert isinstance(item, HungItem)  # noqa: S101 (what prepare made)
        post = self.spots.post(item.thread, item.post)
        if post is None:
            raise RowProblem("post" if item.post else "thread", "names nothing that came in from this archive")
        return Stored(post.pk, "new")

    def change(self, item: Item, target_id: int) -> Stored:
        """What came since is added."""
        self.store(item)
        return Stored(target_id, "changed")

    def would_change(self, item: Item, target_id: int) -> Stored:
        return Stored(target_id, "changed")

    def forget(self) -> None:
        self.authors.forget()
        self.spots = Spots("", ())

    @staticmethod
    def spot(row: Row) -> dict[str, str]:
        """The fields of `HungItem` from a row."""
        return {"thread": row.key("thread"), "post": row.key("post", required=False)}
