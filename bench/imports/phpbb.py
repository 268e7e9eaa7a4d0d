"""A dump of phpBB as mysqldump writes it: a table after the other, some hundred rows a statement."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from bench.words import Writer

COMMAND: Final = "import_phpbb"
_PEOPLE, _TOPICS = 0.1, 0.15
_START: Final = 1_420_000_000
_A_STATEMENT: Final = 200
_UID: Final = "1a2b3c4d"  # what phpBB up to 3.1 put into each tag of BBCode
_TABLES: Final = {
    "forums": "forum_id, parent_id, forum_name",
    "users": "user_id, username, user_regdate",
    "topics": "topic_id, forum_id, topic_title, topic_time, topic_views, topic_status, topic_first_post_id",
    "posts": "post_id, topic_id, forum_id, poster_id, post_time, post_subject, post_text, bbcode_uid",
}


Rows = Iterator[tuple[int | str, ...]]


def make(folder: Path, count: int) -> Path:
    """Write the dump, unless it is there: a tenth people, a seventh topics, the rest replies, far from each other."""
    path = folder / "forum.sql"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".writing")
    people, topics = int(count * _PEOPLE), int(count * _TOPICS)
    made = {
        "forums": ((number, 0, f"Room {number}") for number in range(1, 11)),
        "users": ((number, f"Person {number}", _START + number) for number in range(2, people + 2)),
        "topics": _topics(topics),
        "posts": _posts(count - people, topics, people),
    }
    with unfinished.open("w", encoding="utf-8") as out:
        for table, rows in made.items():
            for some in _some(rows):
                out.write(f"INSERT INTO phpbb_{table} ({_TABLES[table]}) VALUES\n{some};\n")
    unfinished.rename(path)
    return path


def _topics(topics: int) -> Rows:
    writer = Writer(5)
    for number in range(1, topics + 1):
        yield number, number % 10 + 1, writer.title(), _START + number, number % 500, int(number % 50 == 0), number


def _posts(posts: int, topics: int, people: int) -> Rows:
    """The first posts first, then the replies, which is as far apart as they can stand."""
    writer = Writer(6)
    for number in range(1, posts + 1):
        topic = number if number <= topics else number * 7 % topics + 1
        bold = f"[b:{_UID}]{' '.join(writer.some(5))}[/b:{_UID}]"
        text = f"{' '.join(writer.some(40))}.\n\n{bold} {' '.join(writer.some(35))}."
        yield number, topic, topic % 10 + 1, number * 13 % people + 2, _START + number, "", text, _UID


def _some(rows: Rows) -> Iterator[str]:
    while some := list(islice(rows, _A_STATEMENT)):
        yield ",\n".join(f"({', '.join(_value(value) for value in row)})" for row in some)


def _value(value: int | str) -> str:
    """As MySQL writes it; the invented words hold neither quotes nor backslashes."""
    return str(value) if isinstance(value, int) else "'" + value.replace("\n", "\\n") + "'"
