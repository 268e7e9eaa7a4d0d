"""The dump as a whole: each table into the scratch, then forum by forum and topic by topic."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from django.utils.text import slugify

from config.archive.foreign.base import MEMBERS, REPLIES, THREADS, Foreign, Rows, Unreadable
from config.archive.foreign.names import Names
from config.archive.foreign.phpbb import sql
from config.archive.foreign.phpbb.access import Access
from config.archive.foreign.phpbb.bbcode import html_of
from config.archive.foreign.scratch import Scratch, packed, unpacked
from config.archive.foreign.spaces import space_of, space_row
from config.archive.problem import RowProblem

_SCHEMA: Final = """
CREATE TABLE forum (id INTEGER PRIMARY KEY, data TEXT NOT NULL);
CREATE TABLE user (id INTEGER PRIMARY KEY, data TEXT NOT NULL);
CREATE TABLE topic (id INTEGER PRIMARY KEY, data TEXT NOT NULL);
CREATE TABLE post (id INTEGER PRIMARY KEY, topic INTEGER NOT NULL, at INTEGER NOT NULL, data TEXT NOT NULL);
"""
_TABLES: Final = {"forums": "forum_id", "users": "user_id", "topics": "topic_id", "posts": "post_id"}
_PUT: Final = {
    "forums": "INSERT OR REPLACE INTO forum VALUES (?, ?)", "users": "INSERT OR REPLACE INTO user VALUES (?, ?)",
    "topics": "INSERT OR REPLACE INTO topic VALUES (?, ?)", "posts": "INSERT OR REPLACE INTO post VALUES (?, ?, ?, ?)",
}  # fmt: skip
_MOVED, _LOCKED, _BOT = "2", "1", "2"
Values = sql.Values


class PhpBB(Foreign):
    """A MySQL dump of phpBB 3.x, whatever the prefix of its tables."""

    platform = "phpBB"

    def files(self) -> list[Path]:
        if not self.path.is_file():
            raise Unreadable(f"{self.path} is no file. Name the SQL dump of the forum's database.")
        return [self.path]

    def rows(self, scratch: Scratch) -> Rows:
        self.scratch, self.names, self.access = scratch, Names(scratch), Access()
        scratch.script(_SCHEMA)
        self._load()
        if not self.ledger.found["posts"]:
            raise Unreadable(f"{self.path} holds no rows of a table of posts. Is it phpBB's, for MySQL?")
        scratch.script("CREATE INDEX post_topic ON post (topic, at, id)")
        yield from self._members()
        yield from self._forums()
        yield from self._threads()

    def _load(self) -> None:
        try:
            for table, values in sql.rows(self.path, self._is_wanted, self.progress):
                self._keep(table.rpartition("_")[2] if "acl_" not in table else table[table.index("acl_"):], values)
        except RowProblem as problem:
            self.problem(self.path.name, 0, problem.why)

    @staticmethod
    def _is_wanted(table: str) -> bool:
        return table.rpartition("_")[2] in _TABLES or table.endswith(("user_group",)) or "acl_" in table

    def _keep(self, table: str, values: Values) -> None:
        if table not in _TABLES:
            self.access.keep(table, values)
            return
        key, topic = _whole(values, _TABLES[table]), _whole(values, "topic_id")
        self.ledger.found[table] += 1
        if key is None or (table == "posts" and topic is None):
            self.ledger.left[table, "has no id"] += 1
            return
        row = (key, topic, _whole(values, "post_time") or 0) if table == "posts" else (key,)
        self.scratch.ask(_PUT[table], (*row, packed(values)))

    def _members(self) -> Rows:
        for user, data in self.scratch.db.cursor().execute("SELECT id, data FROM user ORDER BY id"):
            values, name = unpacked(data), (unpacked(data).get("username") or "")
            if values.get("user_type") == _BOT or (user == 1 and name == "Anonymous"):
                self.ledger.left["users", "is a robot or nobody"] += 1
                continue
            self.ledger.became["users", MEMBERS] += 1
            joined = _moment(values, "user_regdate")
            url = self.home(f"memberlist.php?mode=viewprofile&u={user}")
            yield "members", {"username": self.names.give(str(user), name), "name": name, "joined": joined, "url": url}

    def _forums(self) -> Rows:
        self.spaces: dict[int, str] = {}
        taken: set[str] = set()
        for forum, data in self.scratch.db.cursor().execute("SELECT id, data FROM forum ORDER BY id"):
            values = unpacked(data)
            if values.get("forum_type", "1") != "1":
                self.ledger.left["forums", "holds no topics of its own"] += 1
                continue
            name = f"{self.options.space} {values.get('forum_name') or ''}"
            slug = slugify(name)[:50].strip("-") or f"forum-{forum}"
            slug = f"{slug}-{forum}" if slug in taken else slug
            taken.add(slug)
            self.spaces[forum] = slug
            self.ledger.became["forums", "spaces"] += 1
            yield "spaces", self._space(forum, slug, values)

    def _space(self, forum: int, slug: str, values: Values) -> dict[str, Any]:
        row = space_row(self.options, kinds=["discussion", "question"], url=self.home(f"viewforum.php?f={forum}"))
        if not self.access.is_open(forum):
            row["audience"] = "staff"
        name = " ".join((values.get("forum_name") or slug).split())
        return row | {"slug": slug, "name": name[:80]}

    def _threads(self) -> Rows:
        total = self.ledger.found["topics"]
        for done, (topic, data) in enumerate(
            self.scratch.db.cursor().execute("SELECT id, data FROM topic ORDER BY id"), start=1
        ):
            values = unpacked(data)
            posts = list(self._posts(topic))
            if not posts:
                is_moved = values.get("topic_status") == _MOVED
                self.ledger.left["topics", "only points to where it was moved" if is_moved else "has no posts"] += 1
                continue
            yield "threads", self._thread(topic, values, posts)
            self.progress("topics", done, total)
        orphans = self.scratch.one("SELECT count(*) FROM post WHERE topic NOT IN (SELECT id FROM topic)")
        if orphans:
            self.ledger.left["posts", "its topic is not in the dump"] += orphans

    def _posts(self, topic: int) -> Iterator[tuple[int, Values]]:
        asked = "SELECT id, data FROM post WHERE topic = ? ORDER BY at, id"
        return ((post, unpacked(data)) for post, data in self.scratch.ask(asked, (topic,)))

    def _thread(self, topic: int, values: Values, posts: list[tuple[int, Values]]) -> dict[str, Any]:
        first = _whole(values, "topic_first_post_id")
        posts.sort(key=lambda entry: entry[0] != first)  # the first is the first, whatever the clocks said
        (post, said), *others = posts
        title = " ".join((values.get("topic_title") or "").split()) or f"Topic {topic}"
        self.ledger.became["topics", THREADS] += 1
        self.ledger.became["posts", "first posts"] += 1
        self.ledger.became["posts", REPLIES] += len(others)
        return self._post(post, said, title) | {
            "id": str(topic), "kind": "discussion", "title": title, "visibility": _shown(values, "topic"),
            "category": self.spaces.get(_whole(values, "forum_id") or 0, space_of(self.options)),
            "created": _moment(values, "topic_time") or _moment(said, "post_time"),
            "views": _whole(values, "topic_views") or 0, "is_closed": values.get("topic_status") == _LOCKED,
            "is_pinned": values.get("topic_type", "0") not in {"0", None}, "url": self.home(f"viewtopic.php?t={topic}"),
            "also": [self.home(f"viewtopic.php?p={post}")],
            "replies": [self._post(number, one, title) for number, one in others],
        }  # fmt: skip

    def _post(self, post: int, values: Values, title: str) -> dict[str, Any]:
        subject = " ".join((values.get("post_subject") or "").split())
        heading = "" if not subject or subject.removeprefix("Re: ") == title else f"[b]{subject}[/b]\n"
        edited = _moment(values, "post_edit_time")
        return {
            "id": str(post), "author": self._author(values), "created": _moment(values, "post_time"), "updated": edited,
            "edited_by": self.names.of(values.get("post_edit_user")) if edited else None,
            "html": html_of(heading, "") + html_of(values.get("post_text") or "", values.get("bbcode_uid") or ""),
            "is_removed": _shown(values, "post") != "published", "url": self.home(f"viewtopic.php?p={post}"),
        }  # fmt: skip

    def _author(self, values: Values) -> str | None:
        known, guest = self.names.of(values.get("poster_id")), values.get("post_username")
        return known or (self.names.give(f"guest:{guest}", guest) if guest else None)


def _whole(values: Values, name: str) -> int | None:
    text = values.get(name) or ""
    return int(text) if text.isdigit() and len(text) < 16 else None


def _moment(values: Values, name: str) -> str | None:
    seconds = _whole(values, name)
    return datetime.fromtimestamp(seconds, UTC).isoformat() if seconds and seconds < 4_000_000_000 else None


def _shown(values: Values, what: str) -> str:
    """Published, pending or removed: `…_visibility` since 3.1, `…_approved` before."""
    state = values.get(f"{what}_visibility", values.get(f"{what}_approved", "1"))
    return {"1": "published", "0": "pending"}.get(state or "", "removed")
