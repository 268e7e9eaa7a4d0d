"""The list as a whole: every message into the scratch, each to its thread by what it answers, then thread by thread."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from config.archive.foreign.base import MEMBERS, REPLIES, THREADS, Foreign, Rows, Unreadable
from config.archive.foreign.mbox.letter import Letter, bare, letter_of
from config.archive.foreign.mbox.messages import messages
from config.archive.foreign.mbox.quotes import hidden, lines_in, markdown_of_mail, trimmed
from config.archive.foreign.names import Names
from config.archive.foreign.scratch import Scratch, packed, unpacked
from config.archive.foreign.spaces import space_of, space_row
from config.archive.problem import RowProblem

_SCHEMA: Final = """
CREATE TABLE letter (id TEXT PRIMARY KEY, place INTEGER NOT NULL, at INTEGER NOT NULL, topic TEXT NOT NULL,
    is_reply INTEGER NOT NULL, root TEXT NOT NULL DEFAULT '', data TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE parent (id TEXT PRIMARY KEY, answers TEXT NOT NULL) WITHOUT ROWID;
"""
_PUT: Final = "INSERT OR IGNORE INTO letter (id, place, at, topic, is_reply, data) VALUES (?, ?, ?, ?, ?, ?)"
_DEEPEST: Final = 2_000
_APART: Final = timedelta(days=30).total_seconds()
_LONGEST: Final = 150_000


class Mbox(Foreign):
    """A file, or a folder of files in the order of their names (`2002-08.mbox`, `2002-09.mbox.gz`)."""

    platform = "mbox"

    def files(self) -> list[Path]:
        found = [self.path] if self.path.is_file() else sorted(path for path in self.path.iterdir() if path.is_file())
        if not found:
            raise Unreadable(f"{self.path} holds no file. Name an mbox, or a folder of them.")
        return found

    def rows(self, scratch: Scratch) -> Rows:
        self.scratch, self.names, self.place, self.last_at = scratch, Names(scratch), 0, 0
        scratch.script(_SCHEMA)
        for path in self.files():
            self._load(path)
        if not self.ledger.found["messages"]:
            raise Unreadable(f"{self.path} holds no message: no line begins one (From … and a date).")
        self._find_roots()
        scratch.script("CREATE INDEX letter_root ON letter (root, at, place)")
        self._join_by_subject()
        yield "spaces", space_row(self.options, kinds=["discussion", "question"])
        yield from self._threads()

    def _load(self, path: Path) -> None:
        try:
            for number, start, raw in messages(path, self.progress):
                self.ledger.found["messages"] += 1
                self.place += 1
                try:
                    self._keep(letter_of(raw, start, fallback=f"{path.name}-{number}"))
                except Exception as error:  # no message may stop the run
                    self.ledger.left["messages", "cannot be read"] += 1
                    self.problem(path.name, number, f"message cannot be read: {error!r:.200}")
        except RowProblem as problem:
            self.problem(path.name, 0, problem.why)

    def _keep(self, letter: Letter) -> None:
        at = int(letter.at.timestamp()) if letter.at else self.last_at
        key = _short(letter.key)
        kept = {
            "subject": letter.subject, "name": letter.name, "address": letter.address, "text": letter.text[:_LONGEST],
            "is_html": letter.is_html, "archived_at": letter.archived_at, "attached": letter.attached,
            "mid": letter.key, "answers": [_short(ref) for ref in letter.refs],
        }  # fmt: skip
        row = (key, self.place, at, letter.topic[:200], int(letter.is_reply), packed(kept))
        if self.scratch.write(_PUT, [row]):
            self.ledger.left["messages", "is there twice (one Message-ID)"] += 1
            return
        self.last_at = at
        chain = [*(_short(ref) for ref in letter.refs), key]
        pairs = [(child, parent) for parent, child in pairwise(chain) if child != parent]
        self.scratch.write("INSERT OR IGNORE INTO parent VALUES (?, ?)", pairs)

    def _find_roots(self) -> None:
        """Follow what each message answers to its end, known here or not: those with one end are one thread."""
        for keys in self._keys():
            self.scratch.write("UPDATE letter SET root = ? WHERE id = ?", [(self._root(key), key) for key in keys])

    def _keys(self) -> Iterator[list[str]]:
        """Every message's key, a few thousand at a time: a list of many years is not held in memory."""
        keys = [""]
        while keys:
            asked = "SELECT id FROM letter WHERE id > ? ORDER BY id LIMIT 5000"
            keys = [key for (key,) in self.scratch.ask(asked, (keys[-1],))]
            yield keys

    def _root(self, key: str) -> str:
        seen = {key}
        while len(seen) < _DEEPEST:
            parent = self.scratch.one("SELECT answers FROM parent WHERE id = ?", (key,))
            if parent is None or parent in seen:
                break
            seen.add(parent)
            key = parent
        return key

    def _join_by_subject(self) -> None:
        """A reply that names nothing known joins the latest thread of its subject within a month before it."""
        self.scratch.script("CREATE INDEX letter_topic ON letter (topic, at)")
        alone = """SELECT id, root, topic, at FROM letter WHERE is_reply = 1 AND topic <> '' AND root NOT IN
                   (SELECT id FROM letter WHERE is_reply = 0) ORDER BY at, place"""
        for key, root, topic, at in self.scratch.db.cursor().execute(alone).fetchall():
            found = self.scratch.one(
                "SELECT root FROM letter WHERE topic = ? AND at BETWEEN ? AND ? AND root <> ? AND id <> ? "
                "ORDER BY at DESC LIMIT 1",
                (topic, at - _APART, at, root, key),
            )
            if found:
                self.scratch.ask("UPDATE letter SET root = ? WHERE root = ?", (found, root))

    def _threads(self) -> Rows:
        roots = "SELECT root, min(place) FROM letter GROUP BY root ORDER BY min(place)"
        for root, _place in self.scratch.db.cursor().execute(roots):
            asked = "SELECT id, at, data FROM letter WHERE root = ? ORDER BY at, place"
            letters = [(key, at, unpacked(data)) for key, at, data in self.scratch.ask(asked, (root,))]
            letters.sort(key=lambda entry: entry[0] != root)  # the question first, whatever the clocks said
            yield from self._people(letters)
            yield "threads", self._thread(root, letters)

    def _people(self, letters: list[tuple[str, int, dict[str, Any]]]) -> Rows:
        for _key, at, values in letters:
            if self.names.of(values["address"]) is None:
                self.ledger.found["people"] += 1
                self.ledger.became["people", MEMBERS] += 1
                username = self.names.give(values["address"], values["name"])
                yield "members", {"username": username, "name": values["name"], "joined": _moment(at)}

    def _thread(self, root: str, letters: list[tuple[str, int, dict[str, Any]]]) -> dict[str, Any]:
        known: set[str] = set()
        posts = []
        for key, at, values in letters:
            posts.append(self._post(key, at, values, known))
            known |= lines_in(values["text"])
        first, *replies = posts
        first_key, _at, values = letters[0]
        here = {key for key, _at, _values in letters}
        for reply, (_key, _at, said) in zip(replies, letters[1:], strict=True):
            answered = next((ref for ref in reversed(said["answers"]) if ref in here and ref != first_key), None)
            reply["reply_to"] = answered
        self.ledger.became["messages", THREADS] += 1
        self.ledger.became["messages", REPLIES] += len(replies)
        subject = bare(hidden(values["subject"])) or "(no subject)"
        return first | {
            "id": root, "title": subject, "kind": "discussion", "category": space_of(self.options),
            "also": [*first.pop("also"), self.home(f"thread/{_hash(values['mid'])}")], "replies": replies,
        }  # fmt: skip

    def _post(self, key: str, at: int, values: dict[str, Any], known: set[str]) -> dict[str, Any]:
        text = values["text"] if values["is_html"] else trimmed(values["text"], known)
        body = hidden(text) if values["is_html"] else markdown_of_mail(hidden(text))
        if values["attached"]:
            names = ", ".join(f"“{hidden(name)}”" for name in values["attached"][:20])
            body = f"{body}\n\n*Attached there, and not brought along: {names}*".strip()
        return {
            "id": key, "author": self.names.of(values["address"]), "created": _moment(at),
            "body": body if body.strip() else "*(A message without words.)*",
            "url": values["archived_at"] or None, "also": list(self._addresses(values["mid"])),
        }  # fmt: skip

    def _addresses(self, mid: str) -> Iterator[str]:
        """Where the known archives of lists show a message: HyperKitty by a hash, others by the id itself."""
        yield self.home(f"message/{_hash(mid)}")
        if len(mid) < 200:
            yield self.home(f"msgid/{mid}")


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


def _hash(mid: str) -> str:
    """The name that HyperKitty gives a message (Mailman 3: base32 of the SHA-1 of the Message-ID)."""
    return b32encode(hashlib.sha1(mid.encode(), usedforsecurity=False).digest()).decode()


def _short(key: str) -> str:
    """An id within the limits of an archive's row, and an address of nobody: an id often holds one."""
    return hashlib.blake2b(key.encode(), digest_size=16).hexdigest()
