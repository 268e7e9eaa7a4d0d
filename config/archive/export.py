"""The product's own content as JSON Lines, in the form that `import_archive` reads. Nothing is held in memory."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db.models import F, Prefetch, QuerySet

from accounts.models import User
from accounts.viewer import Viewer
from community.forums.models import Kind, Post, Topic
from community.ideas.models import Idea
from community.spaces.models import Space, SpaceRule
from config.archive import manifest, places
from config.archive.events import event_told
from config.archive.parts import PARTS
from config.archive.parts.base import Rows, Scope
from config.archive.snippets import PREFETCHED, snippet_told
from config.models import OldAddress
from knowledge.models import ArticlePage, SectionPage, WikiPage

CHUNK: Final = 200
Kind_ = OldAddress.Kind  # of an old address; a topic has kinds of its own


CORE: Final = ("spaces", "sections", "members", "articles", "wiki", "threads", "ideas")


class Export:
    """`viewer` None exports everything, for moving house; a viewer only what that viewer may read.

    `is_private` adds what is nobody's but the person's own: bookmarks, messages, saved searches.
    """

    def __init__(self, *, viewer: Viewer | None = None, is_private: bool = False) -> None:
        self.viewer, self.is_private = viewer, is_private

    def write(self, folder: Path, *, is_gzipped: bool = False, told: Callable[[str, int], None]) -> None:
        """Write every file, each complete or not at all, and at last the manifest. `told(name, rows)` after each."""
        folder.mkdir(parents=True, exist_ok=True)
        manifest.forget(folder)
        scope = Scope(self.viewer, folder, is_private=self.is_private)
        names: dict[str, Callable[[], Rows]] = {name: getattr(self, f"_{name}") for name in CORE}
        names |= {part.name: partial(part.rows, scope) for part in PARTS if scope.holds(part.reach)}
        written: dict[Path, int] = {}
        for name, rows in names.items():
            path = folder / f"{name}.jsonl{'.gz' if is_gzipped else ''}"
            written[path] = _written(path, rows())
            told(name, written[path])
        _clear(folder, keep=written)
        holds = "public" if self.viewer is not None else "private" if self.is_private else "whole"
        manifest.write(folder, files=written, holds=holds)

    def _seen(self, rows: QuerySet) -> QuerySet:
        return rows if self.viewer is None else rows.visible_to(self.viewer)

    def _spaces(self) -> Rows:
        """Those that are parts of others stand below them."""
        spaces = self._seen(Space.objects.order_by(F("parent").asc(nulls_first=True), "position", "pk"))
        for space in spaces.select_related("parent").prefetch_related(
            "addresses", *_READERS, *(f"rules__{name}" for name in _READERS)
        ):
            yield _settings(space) | {
                "slug": space.slug, "name": space.name, "purpose": space.purpose, **_readers(space),
                "kinds": space.kinds, "colour": space.colour, "icon": space.icon, "position": space.position,
                "also": places.of(Kind_.SPACE, [space.pk]).get(space.pk, []) + _earlier(space),
            }  # fmt: skip

    def _sections(self) -> Rows:
        for section in self._seen(SectionPage.objects.order_by("path")).prefetch_related(*_READERS):
            yield {
                "index": section.index, "title": section.title, "intro": section.intro, "locale": section.language,
                **_readers(section),
            }  # fmt: skip

    def _members(self) -> Rows:
        people = User.objects.filter(is_active=True).order_by("pk")
        for user, also in places.beside(people.iterator(chunk_size=CHUNK), Kind_.MEMBER):
            yield {
                "username": user.username, "name": user.display_name, "headline": user.headline, "about": user.about,
                "joined": _time(user.date_joined), "also": also,
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
        kind = Kind_.ARTICLE if model is ArticlePage else Kind_.WIKI
        for page, also in places.beside(pages.iterator(chunk_size=CHUNK), kind):
            at = page.last_published_at or page.latest_revision_created_at
            yield {
                "id": str(page.pk), "slug": page.slug, "title": page.title,
                "section": sections.get(page.path[: -page.steplen], ""), "body": page.body,
                "author": _name(page.owner), "updated": _time(at),
                "url": f"{settings.SITE_URL}{page.get_absolute_url()}", "also": also,
            }, page  # fmt: skip

    def _threads(self) -> Rows:
        for topic in self._chunks(Topic.objects.exclude(kind=Kind.IDEA).select_related("event", "snippet")):
            yield self._topic(topic) | _details(topic, is_whole=self.viewer is None)

    def _ideas(self) -> Rows:
        for topic in self._chunks(Topic.objects.filter(kind=Kind.IDEA).select_related("idea"), merged_last=True):
            idea = getattr(topic, "idea", None)
            yield self._topic(topic) | (self._idea(idea) if idea else {})

    def _chunks(self, topics: QuerySet, *, merged_last: bool = False) -> Iterator[Topic]:
        """An idea that was merged stands below the one that it was merged into."""
        posts = self._seen(Post.objects.all()).select_related("author", "edited_by", "reply_to").order_by("number")
        leads = ["idea__merged_into"] if merged_last else ["duplicate_of", "merged_into"]
        order = [*(F(name).asc(nulls_first=True) for name in leads), "pk"]
        topics = self._seen(topics).select_related("space", "author", "solved_by").order_by(*order)
        if self.viewer is not None:
            topics = topics.listed_for(self.viewer)
        else:
            posts = posts.prefetch_related("votes__user", "revisions__replaced_by")
            own = _OF_IDEAS if merged_last else _OF_THREADS
            topics = topics.prefetch_related("follows__user", "timers__set_by", *own)
        topics = topics.prefetch_related("tags", Prefetch("posts", posts, to_attr="said"))
        for topic, also in places.beside(topics.iterator(chunk_size=CHUNK), Kind_.TOPIC):
            if topic.merged_into_id is None or topic.said:
                topic.also = also
                yield topic

    def _idea(self, idea: Idea) -> dict[str, Any]:
        """Who voted and what staff decided leave the house only with everything."""
        row = {"status": idea.status, "votes": idea.vote_count}
        if self.viewer is not None:
            return row
        decisions = [
            {"before": one.before, "after": one.after, "note": one.note, "by": _name(one.changed_by),
             "at": _time(one.changed_at)}
            for one in sorted(idea.status_changes.all(), key=lambda one: one.pk)
        ]  # fmt: skip
        return row | {
            "status_changed": _time(idea.status_changed_at), "decisions": decisions,
            "voters": [vote.user.username for vote in idea.votes.all()],
            "merged_into": str(idea.merged_into_id) if idea.merged_into_id else None,
        }  # fmt: skip

    def _topic(self, topic: Topic) -> dict[str, Any]:
        first = next((post for post in topic.said if post.is_first), None)  # type: ignore[attr-defined]
        also = topic.also + (places.of_posts([first.pk]).get(first.pk, []) if first else [])  # type: ignore[attr-defined]
        return self._more(topic, first) | {
            "id": str(topic.pk), "kind": topic.kind, "title": topic.title, "body": first.body if first else "",
            "author": _name(topic.author), "created": _time(topic.created_at), "updated": _time(topic.updated_at),
            "category": topic.space.slug, "tags": [tag.name for tag in topic.tags.all()], "votes": topic.vote_count,
            "visibility": topic.status, "is_closed": topic.is_closed, "is_pinned": topic.is_pinned,
            "views": topic.view_count, "solution": str(topic.solution_id or "") or None,
            "is_wiki": first.is_wiki if first else None, "is_locked": first.is_locked if first else None,
            "is_archived": topic.is_archived, "notice": topic.notice or None,
            "url": f"{settings.SITE_URL}{topic.get_absolute_url()}", "also": also,
            "replies": self._replies([post for post in topic.said if not post.is_first]),  # type: ignore[attr-defined]
        }  # fmt: skip

    def _replies(self, posts: list[Post]) -> list[dict[str, Any]]:
        also = places.of_posts([post.pk for post in posts])
        return [_reply(post) | self._marks(post) | {"also": also.get(post.pk)} for post in posts]

    def _more(self, topic: Topic, first: Post | None) -> dict[str, Any]:
        """What the whole export has beyond the public one: who follows, who voted, what stood there before."""
        if self.viewer is not None:
            return {}
        follows = list(topic.follows.all())
        return (self._marks(first) | {"edited": _time(first.edited_at)} if first else {}) | _standing(topic) | {
            "followers": [row.user.username for row in follows if not row.is_muted],
            "muted": [row.user.username for row in follows if row.is_muted],
        }  # fmt: skip

    def _marks(self, post: Post) -> dict[str, Any]:
        if self.viewer is not None:
            return {}
        edits = [
            {"body": old.body, "title": old.title, "replaced": _time(old.replaced_at),
             "replaced_by": _name(old.replaced_by)}
            for old in sorted(post.revisions.all(), key=lambda old: old.version)
        ]  # fmt: skip
        return {
            "edits": edits, "edited_by": _name(post.edited_by),
            "voters": [vote.user.username for vote in post.votes.all()],
        }  # fmt: skip


def _details(topic: Topic, *, is_whole: bool) -> dict[str, Any]:
    """What the topic's kind has beyond a topic."""
    if event := getattr(topic, "event", None):
        return {"event": event_told(event, is_whole=is_whole)}
    if snippet := getattr(topic, "snippet", None):
        return {"snippet": snippet_told(snippet, is_whole=is_whole)}
    return {}


def _written(path: Path, rows: Rows) -> int:
    """Write a file beside its place, then put it there; returns how many rows it has."""
    unfinished = path.with_name(f"{path.name}.part")
    number = 0
    with gzip.open(unfinished, "wb") if path.suffix == ".gz" else unfinished.open("wb") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
            number += 1
    unfinished.replace(path)
    return number


def _clear(folder: Path, *, keep: Collection[Path]) -> None:
    """An older export into the same folder may have been of another form, or have held more."""
    for name in (*CORE, *(part.name for part in PARTS)):
        for path in (folder / f"{name}.jsonl", folder / f"{name}.jsonl.gz"):
            if path not in keep:
                path.unlink(missing_ok=True)


_OF_IDEAS: Final = ("idea__votes__user", "idea__status_changes__changed_by")
_OF_THREADS: Final = ("event__attendances__user", *PREFETCHED)
_READERS: Final = ("audience_groups", "audience_organisations")


def _readers(container: Space | SpaceRule | SectionPage) -> dict[str, Any]:
    return {
        "audience": container.audience,
        "groups": [group.name for group in container.audience_groups.all()],
        "organisations": [organisation.name for organisation in container.audience_organisations.all()],
    }


def _settings(space: Space) -> dict[str, Any]:
    """How a space is set up, each setting under the name that `community.spaces.settings` gives it."""
    rules = {rule.act: {"by": rule.audience, **_readers(rule)} for rule in space.rules.all()}
    for rule in rules.values():
        del rule["audience"]
    return rules | {
        "parent": space.parent.slug if space.parent else None, "locale": space.language,
        "is_archived": space.is_archived,
        "template": space.template, "templates": space.templates, "default_order": space.default_order,
        "tags_allowed": space.tags_allowed, "tags_least": space.tags_least, "joining": space.joining,
    }  # fmt: skip


def _earlier(space: Space) -> list[str]:
    return [f"{settings.SITE_URL}/s/{old.slug}/" for old in space.addresses.all()]


def _standing(topic: Topic) -> dict[str, Any]:
    """What moderators and helpers set; where it leads may be private, so the public export has none of it."""
    timers = [
        {"act": timer.act, "due": _time(timer.due_at), "by": _name(timer.set_by)} for timer in topic.timers.all()
    ]
    return {
        "is_unlisted": topic.is_unlisted, "slow_seconds": topic.slow_seconds,
        "needs_info": _time(topic.needs_info_since), "bumped": _time(topic.bumped_at),
        "solved": _time(topic.solved_at), "solved_by": _name(topic.solved_by),
        "duplicate_of": str(topic.duplicate_of_id or "") or None,
        "merged_into": str(topic.merged_into_id or "") or None, "timers": timers or None,
    }  # fmt: skip


def _reply(post: Post) -> dict[str, Any]:
    answered = post.reply_to if post.reply_to and not post.reply_to.is_first else None
    return {
        "id": str(post.pk), "author": _name(post.author), "body": post.body, "created": _time(post.created_at),
        "updated": _time(post.edited_at), "votes": post.vote_count, "is_removed": post.status == "removed",
        "is_whisper": post.is_whisper, "is_wiki": post.is_wiki, "is_locked": post.is_locked,
        "url": f"{settings.SITE_URL}/t/{post.topic_id}/{post.number}",
        "reply_to": str(answered.pk) if answered else None,
    }  # fmt: skip


def _name(user: User | None) -> str | None:
    return user.username if user else None


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
