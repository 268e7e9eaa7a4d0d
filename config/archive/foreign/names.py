"""Names that are one person's alone: other platforms let several people show the same one."""

from __future__ import annotations

from config.archive.foreign.scratch import Scratch

_TABLE = """
CREATE TABLE person (id TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE taken (name TEXT PRIMARY KEY) WITHOUT ROWID;
"""


class Names:
    """Gives each person of the source the username under which rows name them; the first of a name keeps it."""

    def __init__(self, scratch: Scratch) -> None:
        self.scratch = scratch
        scratch.script(_TABLE)

    def give(self, person: str, shown: str) -> str:
        """A person's username, from the name they show. Asked twice, the same."""
        known = self.of(person)
        if known is not None:
            return known
        wanted = " ".join(shown.split())[:120] or f"member {person}"
        name = wanted if self._take(wanted) else f"{wanted} {person}"[:150]
        number = 2
        while name != wanted and not self._take(name):
            name, number = f"{wanted[:100]} {person[:30]} {number}", number + 1
        self.scratch.ask("INSERT INTO person VALUES (?, ?)", (person, name))
        return name

    def of(self, person: str | None) -> str | None:
        """The username of a person who was named before."""
        return self.scratch.one("SELECT name FROM person WHERE id = ?", (person,)) if person else None

    def _take(self, name: str) -> bool:
        cursor = self.scratch.db.execute("INSERT OR IGNORE INTO taken VALUES (?)", (name.casefold(),))
        return cursor.rowcount > 0
