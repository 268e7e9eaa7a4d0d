"""What SQLite has beside the tables of models: the full-text index of `search_entry` and the log of its changes."""

from __future__ import annotations

from typing import Final

WEIGHTS: Final = {
    "title": 6.0, "keywords": 4.0, "tag_words": 1.0, "summary": 1.5, "body": 1.0, "solution": 1.0, "replies": 0.7
}
_COLUMNS: Final = ", ".join(WEIGHTS)

_OLD, _NEW = (", ".join(f"{row}.{column}" for column in WEIGHTS) for row in ("old", "new"))
_FORGET: Final = f"INSERT INTO search_text(search_text, rowid, {_COLUMNS}) VALUES ('delete', old.id, {_OLD});"
_LEARN: Final = f"INSERT INTO search_text(rowid, {_COLUMNS}) VALUES (new.id, {_NEW});"
CREATE: Final = (
    f"CREATE VIRTUAL TABLE search_text USING fts5({_COLUMNS}, content='search_entry', content_rowid='id', "
    "tokenize='porter unicode61 remove_diacritics 2')",
    f"CREATE TRIGGER search_text_insert AFTER INSERT ON search_entry BEGIN {_LEARN} END",
    f"CREATE TRIGGER search_text_delete AFTER DELETE ON search_entry BEGIN {_FORGET} END",
    f"CREATE TRIGGER search_text_update AFTER UPDATE OF {_COLUMNS} ON search_entry BEGIN {_FORGET} {_LEARN} END",
)
DROP: Final = (
    "DROP TRIGGER search_text_insert", "DROP TRIGGER search_text_delete", "DROP TRIGGER search_text_update",
    "DROP TABLE search_text",
)

# What is written in another language than English once more, as stems of that language (`stems.words`); by Python,
# since SQLite's triggers know no stems.
OWN_WEIGHTS: Final = {"title": 6.0, "body": 1.0, "replies": 0.7}
CREATE_OWN: Final = (
    f"CREATE VIRTUAL TABLE search_own USING fts5({', '.join(OWN_WEIGHTS)}, tokenize='unicode61')",
    "CREATE TRIGGER search_own_delete AFTER DELETE ON search_entry BEGIN"
    " DELETE FROM search_own WHERE rowid = old.id; END",
    # So that reconciling writes them again.
    "UPDATE search_entry SET digest = '' WHERE NOT is_deleted AND language NOT LIKE 'en%'",
)
DROP_OWN: Final = ("DROP TRIGGER search_own_delete", "DROP TABLE search_own")

KEPT_CHANGES: Final = 2_000
# See `columns`: what a process keeps of the entries is true as long as the last change that it knows is still here.
CREATE_CHANGES: Final = (
    "CREATE TABLE search_change (id INTEGER PRIMARY KEY AUTOINCREMENT, stamp BLOB NOT NULL, entry_id INTEGER NOT NULL)",
    "INSERT INTO search_change (stamp, entry_id) VALUES (randomblob(12), 0)",
    *(
        f"CREATE TRIGGER search_change_{event.lower()} AFTER {event} ON search_entry BEGIN"
        f" INSERT INTO search_change (stamp, entry_id) VALUES (randomblob(12), {row}.id);"
        f" DELETE FROM search_change WHERE id <= (SELECT MAX(id) FROM search_change) - {KEPT_CHANGES}; END"
        for event, row in (("INSERT", "new"), ("UPDATE", "new"), ("DELETE", "old"))
    ),
)
DROP_CHANGES: Final = (
    "DROP TRIGGER search_change_insert", "DROP TRIGGER search_change_update", "DROP TRIGGER search_change_delete",
    "DROP TABLE search_change",
)
