"""The second pass: links between imported rows lead to where those rows stand now."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

from django.db import reset_queries, transaction

from accounts.events import services as events
from accounts.viewer import viewer_for
from community.forums.models import Post, Topic
from community.forums.services.archive import posts_rewrite
from config.archive import ids, links
from config.archive.links import Target
from config.archive.redirects import targets, title_for_all
from config.models import ImportedId
from knowledge.models import ArticlePage, WikiPage
from knowledge.services.archive import page_rewrite

BATCH: Final = 100
_TOPICS: Final = ("topic", "idea")
_NUMBER: Final = re.compile(r"(\w+)$")
_HEADING: Final = re.compile(r"^(?:w_|h-)?(.*)$", re.DOTALL)


def rewrite_links(source: str, *, progress: Callable[[str, int, int], None]) -> int:
    """Rewrite what can be rewritten of a source; returns how many texts changed. Doing it again changes nothing."""
    waiting = ImportedId.objects.filter(source=source, has_links=True)
    total, done, changed, last = waiting.count(), 0, 0, 0
    while batch := list(waiting.filter(pk__gt=last).order_by("pk")[:BATCH]):
        last, done = batch[-1].pk, done + len(batch)
        with transaction.atomic(), events.gathered():
            changed += _Batch(source, batch)()
        reset_queries()
        progress("links", done, total)
    return changed


class _Batch:
    """Some imported rows with links: their texts, and the targets of all their links in a few queries."""

    def __init__(self, source: str, rows: list[ImportedId]) -> None:
        self.source = source
        topics = [row.target_id for row in rows if row.kind in _TOPICS]
        self.posts = list(
            Post.objects.filter(topic_id__in=topics, body__contains="://").exclude(imported_from="").order_by("pk")
        )
        self.articles = list(ArticlePage.objects.filter(pk__in=_ids(rows, "article")))
        self.wiki = list(WikiPage.objects.filter(pk__in=_ids(rows, "wiki")))
        texts = [text.body for text in (*self.posts, *self.articles, *self.wiki)]
        self.targets = _Targets(source, {url for text in texts for url in links.addresses(text)})

    def __call__(self) -> int:
        posts = []
        for post in self.posts:
            body = links.rewritten(post.body, self.targets.get)
            if body != post.body:
                post.body = body
                posts.append(post)
        posts_rewrite(posts=posts)
        changed = len(posts)
        for page in (*self.articles, *self.wiki):
            changed += self._page(page)
        return changed

    def _page(self, page: ArticlePage | WikiPage) -> int:
        """A page that somebody has a draft of keeps its links."""
        body = links.rewritten(page.body, self.targets.get)
        if body == page.body or page.has_unpublished_changes:
            return 0
        page_rewrite(page=page, body=body)
        return 1


class _Targets:
    """Where the addresses of some texts lead now."""

    def __init__(self, source: str, urls: Iterable[str]) -> None:
        self.source, self.everyone = source, viewer_for(None)
        self.keys = {url: links.keys_of(url) for url in urls}
        wanted = {key for keys in self.keys.values() for key in keys}
        self.rows = {row.address: row for row in ImportedId.objects.filter(source=source, address__in=wanted)}
        topics = Topic.objects.select_related("space")
        self.topics = topics.in_bulk([row.target_id for row in self.rows.values() if row.kind in _TOPICS])
        self.articles = ArticlePage.objects.in_bulk(_ids(self.rows.values(), "article"))
        self.wiki = WikiPage.objects.in_bulk(_ids(self.rows.values(), "wiki"))
        self.replies = self._replies()
        self.others = targets(self.keys)

    def get(self, url: str) -> Target | None:
        """The new address behind an old one, or None for a link that leads elsewhere."""
        row = self._row(url)
        if row is None:
            return self.others.get(url)
        fragment = url.partition("#")[2]
        if row.kind in _TOPICS:
            return self._topic(row, url, fragment)
        page = (self.articles if row.kind == "article" else self.wiki).get(row.target_id)
        if page is None or not page.live:
            return None
        heading = _HEADING.sub(r"h-\1", fragment)
        anchor = f"#{heading}" if fragment and f'id="{heading}"' in page.html else ""
        return Target(page.get_absolute_url() + anchor, title_for_all(page, self.everyone))

    def _topic(self, row: ImportedId, url: str, fragment: str) -> Target | None:
        topic = self.topics.get(row.target_id)
        if topic is None:
            return None
        post = self.replies.get(self._reply_key(row, fragment))
        if post and post.topic_id == topic.pk:
            post.topic = topic
            return Target(post.get_absolute_url(), title_for_all(topic, self.everyone))
        if "?post=" in (exact := self.others.get(url, Target("", ""))).url:
            return exact
        return Target(topic.get_absolute_url(), title_for_all(topic, self.everyone))

    def _row(self, url: str) -> ImportedId | None:
        return next((self.rows[key] for key in self.keys.get(url, ()) if key in self.rows), None)

    def _reply_key(self, row: ImportedId | None, fragment: str) -> str:
        match = _NUMBER.search(fragment)
        return ids.reply_key(self.source, row.kind, row.source_id, match[1]) if match and row else ""

    def _replies(self) -> dict[str, Post]:
        keys = {self._reply_key(self._row(url), url.partition("#")[2]) for url in self.keys if "#" in url} - {""}
        posts = Post.objects.filter(imported_from__in=keys).only("imported_from", "number", "topic_id")
        return {post.imported_from: post for post in posts}


def _ids(rows: Iterable[ImportedId], kind: str) -> list[int]:
    return [row.target_id for row in rows if row.kind == kind]
