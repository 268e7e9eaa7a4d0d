"""Answers of Discourse's API: a file a topic with its first posts, and one with the rest where it is long."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any, Final

from bench.words import Writer

COMMAND: Final = "import_discourse"
_PEOPLE, _TOPICS = 0.1, 0.15
_CHUNK: Final = 20  # posts that an answer holds


def make(folder: Path, count: int) -> Path:
    """Write the answers, unless they are there: a tenth people, a seventh topics (some long), the rest replies."""
    last = folder / "categories.json"
    if last.exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    writer, people, topics = Writer(4), int(count * _PEOPLE), int(count * _TOPICS)
    left, post = count - people - topics, 0
    for topic in range(1, topics + 1):
        wanted = 60 if topic % 200 == 0 else left // (topics - topic + 1)
        replies = min(left, wanted)
        left -= replies
        posts = [_post(writer, post + number, topic, number, people) for number in range(1, replies + 2)]
        post += len(posts)
        _write(folder / f"t-{topic}.json", _topic(writer, topic, posts))
        if posts[_CHUNK:]:
            _write(folder / f"t-{topic}-posts.json", {"post_stream": {"posts": posts[_CHUNK:]}, "id": topic})
    categories = [{"id": number, "name": f"Room {number}", "slug": f"room-{number}"} for number in range(1, 11)]
    _write(last, {"category_list": {"categories": categories}})
    return folder


def _topic(writer: Writer, topic: int, posts: list[dict[str, Any]]) -> dict[str, Any]:
    stream = {"posts": posts[:_CHUNK], "stream": [post["id"] for post in posts]}
    return {
        "id": topic, "title": writer.title(), "slug": f"topic-{topic}", "category_id": topic % 10 + 1,
        "views": topic % 500, "tags": sorted(set(writer.some(2))), "archetype": "regular", "visible": True,
        "created_at": posts[0]["created_at"], "last_posted_at": posts[-1]["created_at"], "post_stream": stream,
    }  # fmt: skip


def _post(writer: Writer, post: int, topic: int, number: int, people: int) -> dict[str, Any]:
    person = post * 13 % people + 1
    at = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(1_420_000_000 + post))
    cooked = "".join(f"<p>{' '.join(writer.some(40))}.</p>" for _ in range(2))
    return {
        "id": post, "topic_id": topic, "post_number": number, "username": f"person{person}", "name": f"Person {person}",
        "created_at": at, "updated_at": at, "version": 1, "post_type": 1, "cooked": cooked,
        "reply_to_post_number": number - 1 if number > 2 and number % 3 == 0 else None,
        "accepted_answer": number == 3 and topic % 4 == 0, "actions_summary": [{"id": 2, "count": post % 9}],
    }  # fmt: skip


def _write(path: Path, value: dict[str, Any]) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")
