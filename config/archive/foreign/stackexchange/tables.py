"""The files of a dump, read once each into tables where everything finds its question."""

from __future__ import annotations

from typing import Final

from config.archive.foreign.scratch import packed

SCHEMA: Final = """
CREATE TABLE post (id INTEGER PRIMARY KEY, thread INTEGER NOT NULL, title TEXT, data TEXT NOT NULL);
CREATE TABLE comment (id INTEGER PRIMARY KEY, post INTEGER NOT NULL, data TEXT NOT NULL);
CREATE TABLE history (id INTEGER PRIMARY KEY, post INTEGER NOT NULL, data TEXT NOT NULL, noun TEXT NOT NULL);
CREATE TABLE link (post INTEGER NOT NULL, original INTEGER NOT NULL);
CREATE TABLE fan (post INTEGER NOT NULL, person TEXT NOT NULL);
"""
INDEXES: Final = """
CREATE INDEX post_thread ON post (thread, id);
CREATE INDEX comment_post ON comment (post, id);
CREATE INDEX history_post ON history (post, id);
CREATE INDEX link_post ON link (post);
CREATE INDEX fan_post ON fan (post);
"""
POST: Final = "INSERT OR IGNORE INTO post VALUES (?, ?, ?, ?)"
COMMENT: Final = "INSERT OR IGNORE INTO comment VALUES (?, ?, ?)"
HISTORY: Final = "INSERT OR IGNORE INTO history VALUES (?, ?, ?, ?)"
LINK: Final = "INSERT INTO link VALUES (?, ?)"
FAN: Final = "INSERT INTO fan VALUES (?, ?)"
QUESTION, ANSWER = "1", "2"
WIKIS: Final = {"3": "tag wikis", "4": "tag wikis", "5": "tag wikis", "6": "nominations", "7": "site pages",
                "8": "site pages"}  # fmt: skip
# PostHistoryTypeId: what a step of a post's history changed.
TITLES: Final = {"1", "4", "7"}
BODIES: Final = {"2", "5", "8"}
_KEPT_OF_POST: Final = (
    "CreationDate", "Score", "ViewCount", "Body", "OwnerUserId", "OwnerDisplayName", "LastEditorUserId",
    "LastEditorDisplayName", "LastEditDate", "LastActivityDate", "Tags", "ClosedDate", "AcceptedAnswerId",
)  # fmt: skip

Values = dict[str, str]


def number(values: Values, name: str) -> int | None:
    """A whole number that fits a table, or None."""
    text = values.get(name, "")
    return int(text) if text.lstrip("-").isdigit() and len(text) < 16 else None


def post_row(values: Values) -> tuple[int, int, str | None, str] | None:
    """A question or an answer; None for one that names no question."""
    own = number(values, "Id")
    thread = own if values.get("PostTypeId") == QUESTION else number(values, "ParentId")
    if own is None or thread is None:
        return None
    kept = {name: values[name] for name in _KEPT_OF_POST if name in values}
    return own, thread, values.get("Title"), packed(kept)


def child_row(values: Values, names: tuple[str, ...]) -> tuple[int, int, str] | None:
    """Something that hangs on a post."""
    own, post = number(values, "Id"), number(values, "PostId")
    if own is None or post is None:
        return None
    return own, post, packed({name: values[name] for name in names if name in values})


def noun_of_post(values: Values) -> str:
    kind = values.get("PostTypeId", "")
    return {QUESTION: "questions", ANSWER: "answers"}.get(kind, WIKIS.get(kind, "other posts"))


def noun_of_step(values: Values) -> str:
    kind = values.get("PostHistoryTypeId", "")
    if kind in BODIES:
        return "versions of texts"
    return "versions of titles" if kind in TITLES else "other steps of history"
