"""Answers of Discourse's API, kept as JSON files: topics with their posts, lists, categories, single posts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape, unescape
from pathlib import Path
from typing import Any, Final

from django.utils.text import slugify

from config.archive.foreign.base import MEMBERS, REPLIES, THREADS, Foreign, Rows, Unreadable
from config.archive.foreign.names import Names
from config.archive.foreign.scratch import Scratch, packed, unpacked
from config.archive.foreign.spaces import space_of, space_row

LONGEST_FILE: Final = 64_000_000
_SCHEMA: Final = """
CREATE TABLE category (id INTEGER PRIMARY KEY, data TEXT NOT NULL);
CREATE TABLE topic (id INTEGER PRIMARY KEY, data TEXT NOT NULL);
CREATE TABLE post (id INTEGER NOT NULL, topic INTEGER NOT NULL, number INTEGER NOT NULL, data TEXT NOT NULL,
    PRIMARY KEY (topic, number));
CREATE TABLE named (post INTEGER NOT NULL, topic INTEGER NOT NULL, PRIMARY KEY (topic, post));
"""
_EMOJI: Final = re.compile(r'<img\b[^>]*\bclass="emoji[^>]*>')
_ALT: Final = re.compile(r'\b(?:alt|title)="([^"]*)"')
_META: Final = re.compile(r'<div class="meta">.*?</div>', re.DOTALL)
_OF_TOPIC: Final = (
    "title", "created_at", "last_posted_at", "category_id", "tags", "views", "closed", "archived", "pinned", "visible",
    "deleted_at", "slug", "archetype", "accepted_answer",
)  # fmt: skip
_OF_POST: Final = (
    "username", "name", "display_username", "cooked", "raw", "created_at", "updated_at", "version", "deleted_at",
    "hidden", "user_deleted", "post_type", "reply_to_post_number", "actions_summary", "accepted_answer",
)  # fmt: skip
_REGULAR, _MODERATORS, _SMALL, _WHISPER = 1, 2, 3, 4
_LIKE: Final = 2
Numbered = tuple[int, int, dict[str, Any]]  # a post's id, its number in the topic, and what is kept of it


class Discourse(Foreign):
    """A folder (or a file) of JSON; which answer a file holds is told by its shape."""

    platform = "Discourse"

    def files(self) -> list[Path]:
        found = [self.path] if self.path.is_file() else sorted(self.path.rglob("*.json"))
        if not found:
            raise Unreadable(f"{self.path} holds no .json. Name the folder where the API's answers are kept.")
        return found

    def rows(self, scratch: Scratch) -> Rows:
        self.scratch, self.names = scratch, Names(scratch)
        scratch.script(_SCHEMA)
        files = self.files()
        for done, path in enumerate(files, start=1):
            self._load(path)
            self.progress("files", done, len(files))
        self.ledger.found["topics"] = scratch.one("SELECT count(*) FROM topic")
        every = "SELECT topic, id FROM post UNION SELECT topic, post FROM named"
        self.ledger.found["posts"] = scratch.one(f"SELECT count(*) FROM ({every})")  # noqa: S608 (a constant)
        yield from self._spaces()
        yield from self._members()
        yield from self._threads()
        self._count_missing()

    # -- reading the files -----------------------------------------------------------------------------------------

    def _load(self, path: Path) -> None:
        self.ledger.found["files"] += 1
        try:
            if path.stat().st_size > LONGEST_FILE:
                raise ValueError(f"is larger than {LONGEST_FILE:,} bytes")
            held = list(self._documents(json.loads(path.read_bytes().decode("utf-8-sig"))))
        except (ValueError, RecursionError) as error:
            self.problem(path.name, 0, f"cannot be read as JSON: {error!s:.200}")
            self.ledger.left["files", "cannot be read"] += 1
            return
        if any([self._keep(document) for document in held]):
            self.ledger.became["files", "answers of Discourse"] += 1
        else:
            self.problem(path.name, 0, "is no answer that is known", is_bad=False)
            self.ledger.left["files", "is no answer that is known"] += 1

    def _documents(self, document: Any) -> Iterator[dict[str, Any]]:
        for one in document if isinstance(document, list) else [document]:
            if isinstance(one, dict):
                yield one["data"] if isinstance(one.get("data"), dict) else one

    def _keep(self, document: dict[str, Any]) -> bool:
        known = False
        stream, topics = document.get("post_stream"), document.get("topic_list")
        if isinstance(stream, dict):
            known = True
            if _is_id(document.get("id")) and document.get("title"):
                self._topic(document)
                for post in _list(stream, "stream"):
                    if _is_id(post):
                        self.scratch.ask("INSERT OR IGNORE INTO named VALUES (?, ?)", (post, document["id"]))
            for post in _list(stream, "posts"):
                self._post(post)
        if isinstance(topics, dict):
            known = True
            for topic in _list(topics, "topics"):
                self._topic(topic)
        lists = document.get("category_list") if isinstance(document.get("category_list"), dict) else document
        for category in _list(lists, "categories"):
            known = True
            if isinstance(category, dict) and _is_id(category.get("id")):
                self.scratch.ask("INSERT OR REPLACE INTO category VALUES (?, ?)", (category["id"], packed(category)))
        for post in _list(document, "latest_posts"):
            known = self._post(post) or known
        return self._post(document) or known

    def _topic(self, topic: Any) -> None:
        if isinstance(topic, dict) and _is_id(topic.get("id")):
            known = unpacked(self.scratch.one("SELECT data FROM topic WHERE id = ?", (topic["id"],)) or "{}")
            kept = known | {name: topic[name] for name in _OF_TOPIC if topic.get(name) is not None}
            self.scratch.ask("INSERT OR REPLACE INTO topic VALUES (?, ?)", (topic["id"], packed(kept)))

    def _post(self, post: Any) -> bool:
        if not isinstance(post, dict) or not all(_is_id(post.get(name)) for name in ("id", "topic_id", "post_number")):
            return False
        kept = packed({name: post[name] for name in _OF_POST if post.get(name) is not None})
        row = (post["id"], post["topic_id"], post["post_number"], kept)
        self.scratch.ask("INSERT OR REPLACE INTO post VALUES (?, ?, ?, ?)", row)
        return True

    # -- writing the rows ------------------------------------------------------------------------------------------

    def _spaces(self) -> Rows:
        self.spaces: dict[int, str] = {}
        yield "spaces", space_row(self.options, kinds=["discussion", "question"])
        for category, data in self.scratch.db.cursor().execute("SELECT id, data FROM category ORDER BY id"):
            values = unpacked(data)
            word = values.get("slug") or values.get("name") or category
            slug = slugify(f"{self.options.space} {word}")[:50].strip("-") or f"category-{category}"
            slug = f"{slug}-{category}" if slug in self.spaces.values() or slug == space_of(self.options) else slug
            self.spaces[category] = slug
            row = space_row(self.options, kinds=["discussion", "question"], url=self.home(f"c/{category}"))
            name = " ".join(str(values.get("name") or slug).split())[:80]
            purpose = " ".join(str(values.get("description_text") or "").split())[:300]
            row |= {"slug": slug, "name": name, "purpose": purpose, "locale": values.get("locale") or row["locale"]}
            self.ledger.found["categories"] += 1
            self.ledger.became["categories", "spaces"] += 1
            yield "spaces", row | ({"audience": "staff"} if values.get("read_restricted") else {})

    def _members(self) -> Rows:
        asked = "SELECT data FROM post ORDER BY topic, number"
        for (data,) in self.scratch.db.cursor().execute(asked):
            values = unpacked(data)
            username = values.get("username")
            if not isinstance(username, str) or self.names.of(username):
                continue
            self.ledger.found["people"] += 1
            self.ledger.became["people", MEMBERS] += 1
            name = str(values.get("name") or values.get("display_username") or username)
            yield "members", {
                "username": self.names.give(username, username), "name": name[:150], "url": self.home(f"u/{username}"),
            }  # fmt: skip

    def _threads(self) -> Rows:
        for topic, data in self.scratch.db.cursor().execute("SELECT id, data FROM topic ORDER BY id"):
            values = unpacked(data)
            asked = "SELECT id, number, data FROM post WHERE topic = ? ORDER BY number"
            posts = [(post, number, unpacked(text)) for post, number, text in self.scratch.ask(asked, (topic,))]
            why = ""
            if values.get("archetype") == "private_message":
                why = "is a private message"
            elif not posts or posts[0][1] != 1:
                why = "its first post is not in the files"
            if why:
                self.ledger.left["topics", why] += 1
                if posts:
                    self.ledger.left["posts", "its topic was left out"] += len(posts)
                continue
            yield "threads", self._thread(topic, values, posts)

    def _thread(self, topic: int, values: dict[str, Any], posts: list[Numbered]) -> dict[str, Any]:
        (first, _one, said), *others = posts
        ids = {number: str(post) for post, number, _values in others}
        replies = []
        for post, number, one in others:
            if one.get("post_type") == _SMALL or not (one.get("cooked") or one.get("raw") or "").strip():
                self.ledger.left["posts", "is a note of the system, or has no words"] += 1
                continue
            answered = ids.get(one.get("reply_to_post_number") or 0)
            replies.append(self._said(post, one) | {
                "reply_to": answered, "is_whisper": one.get("post_type") == _WHISPER, "is_removed": _is_gone(one),
                "url": self.home(f"t/{topic}/{number}"), "also": [self.home(f"p/{post}")],
            })  # fmt: skip
        self.ledger.became["topics", THREADS] += 1
        self.ledger.became["posts", "first posts"] += 1
        self.ledger.became["posts", REPLIES] += len(replies)
        solution = self._solution(values, others)
        return self._said(first, said) | {
            "id": str(topic), "title": str(values.get("title") or "") or f"Topic {topic}",
            "kind": "question" if solution else "discussion",
            "category": self.spaces.get(values.get("category_id") or 0, space_of(self.options)),
            "created": values.get("created_at") or said.get("created_at"), "updated": values.get("last_posted_at"),
            "tags": [_word(tag) for tag in _list(values, "tags")], "views": _count(values.get("views")),
            "visibility": _visibility(values),
            "is_closed": bool(values.get("closed") or values.get("archived")), "is_pinned": bool(values.get("pinned")),
            "solution": solution, "url": self.home(f"t/{values.get('slug') or 'topic'}/{topic}"),
            "also": [self.home(f"p/{first}")], "replies": replies,
        }  # fmt: skip

    def _said(self, post: int, values: dict[str, Any]) -> dict[str, Any]:
        likes = sum(
            _count(action.get("count")) for action in _list(values, "actions_summary")
            if isinstance(action, dict) and action.get("id") == _LIKE
        )  # fmt: skip
        is_edited = _count(values.get("version")) > 1
        words = {"html": _html(values["cooked"])} if values.get("cooked") else {"body": values.get("raw") or ""}
        return words | {
            "id": str(post), "author": self.names.of(values.get("username")), "created": values.get("created_at"),
            "updated": values.get("updated_at") if is_edited else None, "votes": likes,
        }  # fmt: skip

    @staticmethod
    def _solution(values: dict[str, Any], others: list[Numbered]) -> str | None:
        accepted = values.get("accepted_answer")
        wanted = accepted.get("post_number") if isinstance(accepted, dict) else None
        found = (str(post) for post, number, one in others if one.get("accepted_answer") is True or number == wanted)
        return next(found, None)

    def _count_missing(self) -> None:
        # EXCEPT sorts both once; (topic, post) NOT IN would read all posts again for each of those that are named.
        unseen = "(SELECT topic, post FROM named EXCEPT SELECT topic, id FROM post)"
        for why, sql in (
            ("is named by its topic, but in no file", unseen),
            ("its topic is in no file", "post WHERE topic NOT IN (SELECT id FROM topic)"),
        ):
            if number := self.scratch.one(f"SELECT count(*) FROM {sql}"):  # noqa: S608 (constants)
                self.ledger.left["posts", why] += number
                self.problem("posts", 0, f"{number:,} posts: {why}", is_bad=False)


def _html(cooked: str) -> str:
    """Without the pictures of emoji, for which their names stand, and the small print under pictures."""
    return _META.sub("", _EMOJI.sub(_emoji, cooked))


def _emoji(match: re.Match[str]) -> str:
    found = _ALT.search(match[0])
    return escape(unescape(found[1])) if found else ""


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**60


def _is_gone(values: dict[str, Any]) -> bool:
    return bool(values.get("deleted_at") or values.get("hidden") or values.get("user_deleted"))


def _visibility(values: dict[str, Any]) -> str:
    """What is unlisted over there waits for its reviewers here."""
    if _is_gone(values):
        return "removed"
    return "pending" if values.get("visible") is False else "published"


def _list(values: dict[str, Any], name: str) -> list[Any]:
    found = values.get(name)
    return found if isinstance(found, list) else []


def _count(value: object) -> int:
    return max(0, value) if isinstance(value, int) and not isinstance(value, bool) else 0


def _word(tag: Any) -> str:
    return str(tag.get("name", "") if isinstance(tag, dict) else tag)
