"""The product's own content as JSON Lines, in the form that `import_archive` reads. Nothing is held in memory."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from accounts.models import User
from accounts.viewer import Viewer
from community.forums.models import Kind, Post, Topic
from community.spaces.models import Space
from knowledge.models import ArticlePage, SectionPage, WikiPage

CHUNK: Final = 200
Rows = Iterator[dict[str, Any]]


class Export:
    """`viewer` None exports everything, for moving house; a viewer only what that viewer may read."""

    def __init__(self, *, viewer: Viewer | None = None) -> None:
        self.viewer = viewer

    def write(self, folder: Path, *, is_gzipped: bool = False, told: Callable[[str, int], None]) -> None:
        """Write every file, each complete or not at all. `told(name, rows)` is called after each."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("spaces", "sections", "members", "articles", "wiki", "threads", "ideas"):
            path = folder / f"{name}.jsonl{'.gz' if is_gzipped else ''}"
            unfinished = path.with_name(f"{path.name}.part")
            rows = 0
            with gzip.open(unfinished, "wb") if is_gzipped else unfinished.open("wb") as out:
                for row in getattr(self, f"_{name}")():
                    out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
                    rows += 1
            unfinished.replace(path)
            told(name, rows)

    def _seen(self, rows: QuerySet) -> QuerySet:
        return rows if self.viewer is None else rows.visible_to(self.viewer)

    def _spaces(self) -> Rows:
        for space in self._seen(Space.objects.order_by("position", "pk")).prefetch_related(*_READERS):
            yield {
                "slug": space.slug, "name": space.name, "purpose": space.purpose, **_readers(space),
                "kinds": space.kinds, "colour": space.colour, "icon": space.icon, "position": space.position,
            }  # fmt: skip

    def _sections(self) -> Rows:
        for section in self._seen(SectionPage.objects.order_by("path")).prefetch_related(*_READERS):
            yield {"index": section.index, "title": section.title, "intro": section.intro, **_readers(section)}

    def _members(self) -> Rows:
        people = User.objects.filter(is_active=True).order_by("pk")
        for user in people.iterator(chunk_size=CHUNK):
            yield {
                "username": user.username, "name": user.display_name, "headline": user.headline, "about": user.about,
                "joined": _time(user.date_joined),
            }  # fmt: skip

    def _articles(self) -> Rows:
        for row, page in self._pages(ArticlePage):
            yield row | {
                "summary": page.summary, "product": page.product, "tags": page.tag_list, "locale": page.language,
            }  # fmt: skip

    def _wiki(self) -> Rows:
        return (row for row, _page in self._pages(WikiPage))

    def _pages(self, model: type[ArticlePage] | type[WikiPage]) -> Iterator[tuple[dict[str, Any], Any]]:
        sections = {section.path: section.title for section in SectionPage.objects.all()}
        pages = self._seen(model.objects.filter(live=True)).select_related("owner").order_by("path")
        for page in pages.iterator(chunk_size=CHUNK):
            at = page.last_published_at or page.latest_revision_created_at
            yield {
                "id": str(page.pk), "slug": page.slug, "title": page.title,
                "section": sections.get(page.path[: -page.steplen], ""), "body": page.body,
                "author": _name(page.owner), "updated": _time(at),
                "url": f"{settings.SITE_URL}{page.get_absolute_url()}",
            }, page  # fmt: skip

    def _threads(self) -> Rows:
        return self._topics(Topic.objects.exclude(kind=Kind.IDEA))

    def _ideas(self) -> Rows:
        for topic in self._chunks(Topic.objects.filter(kind=Kind.IDEA).select_related("idea")):
            idea = getattr(topic, "idea", None)
            votes = {"status": idea.status, "votes": idea.vote_count} if idea else {}
            yield self._topic(topic) | votes

    def _topics(self, topics: QuerySet) -> Rows:
        return (self._topic(topic) for topic in self._chunks(topics))

    def _chunks(self, topics: QuerySet) -> Iterator[Topic]:
        posts = self._seen(Post.objects.all()).select_related("author", "reply_to").order_by("number")
        topics = self._seen(topics).select_related("space", "author").order_by("pk")
        topics = topics.prefetch_related("tags", Prefetch("posts", posts, to_attr="said"))
        return topics.iterator(chunk_size=CHUNK)

    def _topic(self, topic: Topic) -> dict[str, Any]:
        first = next((post for post in topic.said if post.is_first), None)  # type: ignore[attr-defined]
        return {
            "id": str(topic.pk), "kind": topic.kind, "title": topic.title, "body": first.body if first else "",
            "author": _name(topic.author), "created": _time(topic.created_at), "updated": _time(topic.updated_at),
            "category": topic.space.slug, "tags": [tag.name for tag in topic.tags.all()], "votes": topic.vote_count,
            "visibility": topic.status, "is_closed": topic.is_closed, "is_pinned": topic.is_pinned,
            "views": topic.view_count, "solution": str(topic.solution_id or "") or None,
            "url": f"{settings.SITE_URL}{topic.get_absolute_url()}",
            "replies": [_reply(post) for post in topic.said if not post.is_first],  # type: ignore[attr-defined]
        }  # fmt: skip


_READERS: Final = ("audience_groups", "audience_organisations")


def _readers(container: Space | SectionPage) -> dict[str, Any]:
    return {
        "audience": container.audience,
        "groups": [group.name for group in container.audience_groups.all()],
        "organisations": [organisation.name for organisation in container.audience_organisations.all()],
    }


def _reply(post: Post) -> dict[str, Any]:
    answered = post.reply_to if post.reply_to and not post.reply_to.is_first else None
    return {
        "id": str(post.pk), "author": _name(post.author), "body": post.body, "created": _time(post.created_at),
        "updated": _time(post.edited_at), "votes": post.vote_count, "is_removed": post.status == "removed",
        "is_whisper": post.is_whisper, "reply_to": str(answered.pk) if answered else None,
    }  # fmt: skip


def _name(user: User | None) -> str | None:
    return user.username if user else None


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
