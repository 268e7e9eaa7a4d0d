"""Question by question: its answers and all comments in the order of time, with votes, edits and followers."""

from __future__ import annotations

from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from config.archive.content import LONGEST
from config.archive.foreign.base import REPLIES, THREADS, Rows
from config.archive.foreign.scratch import Scratch, unpacked
from config.archive.foreign.spaces import space_of
from config.archive.foreign.stackexchange import tables, words

if TYPE_CHECKING:
    from config.archive.foreign.stackexchange.dump import StackExchange

_EVERY: Final = 500
_ORPHAN: Final = "its post was left out"


class Threads:
    """Reads the tables; one question at a time is in memory."""

    def __init__(self, dump: StackExchange, scratch: Scratch) -> None:
        self.dump, self.scratch, self.ledger = dump, scratch, dump.ledger
        self.category = space_of(dump.options)

    def __call__(self) -> Rows:
        # Duplicates last: what they are led to is there by then.
        questions = """SELECT id, title, data FROM post WHERE id = thread
                       ORDER BY id IN (SELECT post FROM link WHERE post <> original), id"""
        total = self.scratch.one("SELECT count(*) FROM post WHERE id = thread") or 0
        for done, (post, title, data) in enumerate(self.scratch.db.cursor().execute(questions), start=1):
            yield self._thread(post, title, unpacked(data))
            if done % _EVERY == 0 or done == total:
                self.dump.progress("questions", done, total)
        self._count_orphans()

    def _thread(self, post: int, title: str | None, values: tables.Values) -> tuple[str, dict[str, Any]]:
        tags = words.tags_of(values.get("Tags", ""))
        state = words.idea_state(tags)
        self.ledger.became["questions", THREADS] += 1
        row = self._post(post, values) | {
            "kind": "idea" if state else "question", "title": title, "category": self.category,
            "tags": words.other_tags(tags) if state else tags, "status": state or None,
            "updated": values.get("LastActivityDate"), "edited": values.get("LastEditDate"),
            "views": max(tables.number(values, "ViewCount") or 0, 0), "is_closed": bool(values.get("ClosedDate")),
            "url": self.dump.home(f"questions/{post}"), "followers": self._followers(post),
            "replies": self._replies(post),
        }  # fmt: skip
        body = values.get("Body", "")
        originals = self._originals(post)
        if not state and originals:
            row["duplicate_of"] = next((str(own) for own, _title, is_idea in originals if not is_idea), None)
        missing = [(own, title) for own, title, _is_idea in originals if str(own) != row.get("duplicate_of")]
        row["html"] = self._led_to(missing, body) + body
        row["is_closed"] = row["is_closed"] or bool(originals)
        self._accept(row, values, is_idea=bool(state))
        return ("ideas" if state else "threads"), row

    def _accept(self, row: dict[str, Any], values: tables.Values, *, is_idea: bool) -> None:
        accepted = values.get("AcceptedAnswerId")
        if not accepted:
            return
        self.ledger.found["accepted answers"] += 1
        if is_idea:
            self.ledger.left["accepted answers", "an idea has no solution"] += 1
        elif not any(reply["id"] == accepted for reply in row["replies"]):
            self.ledger.left["accepted answers", "is not in the dump"] += 1
        else:
            row["solution"] = accepted
            self.ledger.became["accepted answers", "solutions"] += 1

    def _replies(self, thread: int) -> list[dict[str, Any]]:
        replies = []
        for post, data in self.scratch.ask("SELECT id, data FROM post WHERE thread = ? AND id <> thread", (thread,)):
            values = unpacked(data)
            answer = self._post(post, values) | {
                "html": values.get("Body", ""), "updated": values.get("LastEditDate"),
                "url": self.dump.home(f"a/{post}"),
            }  # fmt: skip
            replies.append(answer)
            self.ledger.became["answers", REPLIES] += 1
        of_thread = """SELECT comment.id, comment.post, comment.data FROM comment
                       JOIN post ON post.id = comment.post WHERE post.thread = ?"""
        for comment, post, data in self.scratch.ask(of_thread, (thread,)):
            replies.append(self._comment(comment, unpacked(data)) | ({} if post == thread else {"reply_to": post}))
            self.ledger.became["comments", REPLIES] += 1
        return sorted(replies, key=lambda reply: (reply["created"] or "", reply["id"]))

    def _post(self, post: int, values: tables.Values) -> dict[str, Any]:
        return {
            "id": str(post), "author": self.dump.of_person(values, "OwnerUserId", "OwnerDisplayName"),
            "created": values.get("CreationDate"), "votes": max(tables.number(values, "Score") or 0, 0),
            "edited_by": self.dump.of_person(values, "LastEditorUserId", "LastEditorDisplayName"),
            "edits": self._edits(post),
        }  # fmt: skip

    def _comment(self, comment: int, values: tables.Values) -> dict[str, Any]:
        return {
            "id": f"c{comment}", "author": self.dump.of_person(values), "created": values.get("CreationDate"),
            "body": words.comment_markdown(values.get("Text", "")),
            "votes": max(tables.number(values, "Score") or 0, 0),
        }  # fmt: skip

    def _edits(self, post: int) -> list[dict[str, Any]] | None:
        """The versions before the one that stands. Steps of one edit share a revision."""
        versions: list[dict[str, Any]] = []
        body = title = revision = ""
        for (data,) in self.scratch.ask("SELECT data FROM history WHERE post = ? ORDER BY id", (post,)):
            step = unpacked(data)
            is_body = step["PostHistoryTypeId"] in tables.BODIES
            body, title = (step.get("Text", ""), title) if is_body else (body, step.get("Text", ""))
            if not versions or step.get("RevisionGUID") != revision:
                versions.append({})
            versions[-1] = {
                "body": body[:LONGEST], "title": title, "by": self.dump.of_person(step), "at": step.get("CreationDate"),
            }  # fmt: skip
            revision = step.get("RevisionGUID", "")
            noun = "versions of texts" if is_body else "versions of titles"
            self.ledger.became[noun, "versions"] += 1
        return [
            {"body": old["body"], "title": old["title"], "replaced": new["at"], "replaced_by": new["by"]}
            for old, new in pairwise(versions)
        ] or None  # fmt: skip

    def _followers(self, post: int) -> list[str] | None:
        fans = self.scratch.ask("SELECT person FROM fan WHERE post = ?", (post,))
        return sorted({name for (fan,) in fans if (name := self.dump.names.of(fan))}) or None

    def _originals(self, post: int) -> list[tuple[int, str, bool]]:
        """The questions that this one is a duplicate of: id, title, and whether it becomes an idea."""
        asked = """SELECT post.id, post.title, post.data FROM link JOIN post ON post.id = link.original
                   WHERE link.post = ? AND post.id = post.thread ORDER BY post.id"""
        originals = [
            (own, title or "", bool(words.idea_state(words.tags_of(unpacked(data).get("Tags", "")))))
            for own, title, data in self.scratch.ask(asked, (post,)) if own != post
        ]  # fmt: skip
        self.ledger.became["duplicates", "links to the original"] += len(originals)
        return originals

    def _led_to(self, originals: list[tuple[int, str]], body: str) -> str:
        """A line before the text for those that the topic itself cannot be led to, where the text has none."""
        missing = [(own, title) for own, title in originals if f"/questions/{own}/" not in body[:2_000]]
        links = (f'<a href="{self.dump.home(f"questions/{own}")}">{escape(title)}</a>' for own, title in missing)
        return f"<blockquote><p><strong>Duplicate of:</strong> {', '.join(links)}</p></blockquote>" if missing else ""

    def _count_orphans(self) -> None:
        """What hangs on something that the dump does not hold, or not as a question or answer."""
        threads = "SELECT id FROM post WHERE id = thread"
        posts = f"SELECT id FROM post WHERE thread IN ({threads})"  # noqa: S608 (constants)
        for noun, why, count in (
            ("answers", "its question is not in the dump", f"FROM post WHERE thread NOT IN ({threads})"),
            ("comments", _ORPHAN, f"FROM comment WHERE post NOT IN ({posts})"),
            ("versions of texts", _ORPHAN, f"FROM history WHERE noun LIKE '%texts' AND post NOT IN ({posts})"),
            ("versions of titles", _ORPHAN, f"FROM history WHERE noun LIKE '%titles' AND post NOT IN ({posts})"),
            ("duplicates", "is no pair of questions of the dump", f"""FROM link WHERE post = original
                OR post NOT IN ({threads}) OR original NOT IN ({threads})"""),
        ):  # fmt: skip
            self.dump.leave(noun, why, self.scratch.one(f"SELECT count(*) {count}"))
