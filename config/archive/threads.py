"""threads.jsonl and ideas.jsonl: a topic with all its replies a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from accounts.text import LIMITS
from community.calendar.services import events_import
from community.forums.models import Kind, Post, Status, Topic
from community.forums.services.archive import IMPORT_LIMIT, Imported, ReplyRow, TopicRow, replies_import, topics_import
from community.forums.services.archive_marks import Marks
from community.forums.services.texts import MOST_TAGS, clean_tags, clean_title, render_body
from community.ideas.services import IdeaRow, ideas_wrap
from community.snippets.services import snippets_import
from config.archive import ids, links
from config.archive.content import markdown_of
from config.archive.events import NamedEvent, event_of
from config.archive.fields import Row
from config.archive.html import escape
from config.archive.importer import Importer, Item, Settings, Stored
from config.archive.people import Authors
from config.archive.posts import PostMarks, Reply, marks_of, reply_of
from config.archive.report import Report
from config.archive.snippets import NamedSnippet, snippet_of
from config.archive.spaces import Categories
from config.archive.standing import Named, standing_of

_KINDS: Final = {"topic": Kind.QUESTION, **{kind: kind for kind in Kind.values}}
_NOT_IN_TAGS: Final = re.compile(r"[^\w.+-]+")
_SHORTEST_TITLE: Final = 5


@dataclass(slots=True)
class ThreadItem(Item):
    kind: str = Kind.QUESTION
    category: str = ""
    title: str = ""
    body: str = ""
    author: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    tags: list[str] = field(default_factory=list)
    votes: int = 0
    status: str = Status.PUBLISHED
    solution: str = ""
    is_closed: bool = False
    is_pinned: bool = False
    views: int = 0
    edited_at: datetime | None = None
    marks: PostMarks = field(default_factory=PostMarks)
    followers: list[str] | None = None
    muted: list[str] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)

    standing: Named = field(default_factory=Named)
    event: NamedEvent | None = None
    snippet: NamedSnippet | None = None
    is_wiki: bool = False
    is_locked: bool = False
    wordless: int = 0

    @property
    def size(self) -> int:
        return 1 + len(self.replies)


class ThreadImporter(Importer):
    name = "threads"
    kind = "topic"
    fixed_kind = ""
    item_class: type[ThreadItem] = ThreadItem
    is_written_before = True

    def __init__(self, settings: Settings, report: Report, authors: Authors, categories: Categories) -> None:
        super().__init__(settings, report)
        self.authors, self.categories = authors, categories
        self._made: dict[str, Imported] = {}

    # -- without the database --------------------------------------------------------------------------------------

    def prepare(self, row: Row) -> ThreadItem:
        key = row.key("id")
        url = row.text("url", limit=2_000, required=False)
        created = row.moment("created", required=True)
        updated = row.moment("updated")
        item = self.item_class(
            source_id=key,
            address=next(iter(links.keys_of(url)), ""),
            kind=self.fixed_kind or _KINDS[row.choice("kind", tuple(_KINDS), "topic")],
            category=row.text("category", limit=100, required=False).strip(),
            author=row.text("author", limit=150, required=False),
            body=markdown_of(row, base_url=url),
            created_at=created,
            updated_at=max(updated, created) if updated and created else created,
            votes=row.count("votes") if row.has("votes") else row.count("helpful"),
            status=self._status(row),
            is_closed=row.flag("is_closed"),
            is_pinned=row.flag("is_pinned"),
            views=row.count("views"),
            edited_at=row.moment("edited"),
            marks=marks_of(row, base_url=url),
            followers=row.words("followers") if row.has("followers") else None,
            muted=row.words("muted"),
            standing=standing_of(row),
            is_wiki=row.flag("is_wiki"),
            is_locked=row.flag("is_locked"),
        )
        item.event = event_of(row) if item.kind == Kind.EVENT else None
        item.snippet = snippet_of(row) if item.kind == Kind.SNIPPET else None
        item.urls = item.marks.urls
        self._name(item, row)
        item.replies = self._replies(item, row, url)
        self._connect(item, row.key("solution", required=False))
        return item

    @staticmethod
    def _status(row: Row) -> str:
        shown = row.choice("visibility", tuple(Status.values), Status.PUBLISHED)
        return Status.REMOVED if row.flag("is_spam") else shown

    def _name(self, item: ThreadItem, row: Row) -> None:
        """Title and tags within the product's limits; what does not fit stays readable in the text."""
        title = " ".join(row.text("title", limit=2_000).split())
        if len(title) > LIMITS["title"]:
            item.body = f"**{escape(title)}**\n\n{item.body}"
            title = title[: LIMITS["title"] - 1].rstrip() + "…"
            item.notes.append(("title", "is longer than 200 characters; it was cut and stands whole in the text"))
        elif len(title) < _SHORTEST_TITLE:
            title = f"{title} (no. {item.source_id})"
        item.title = title
        tags = row.words("tags")
        if item.kind != Kind.IDEA and (language := row.text("locale", limit=20, required=False).lower()):
            tags += [language] if not language.startswith("en") else []
        words = ["-".join(_NOT_IN_TAGS.sub("-", tag.lower()).split()).strip("-._+")[: LIMITS["tag"]] for tag in tags]
        words = list(dict.fromkeys(word for word in words if word))
        if len(words) > MOST_TAGS:
            item.notes.append(("tags", f"are {len(words)}; not taken: {', '.join(words[MOST_TAGS:])}"))
        item.tags = words[:MOST_TAGS]

    def _replies(self, item: ThreadItem, row: Row, url: str) -> list[Reply]:
        replies: list[Reply] = []
        seen: set[str] = set()
        for number, entry in enumerate(row.rows("replies")):
            key = entry.key("id", required=False) or f"no. {number + 1}"
            if key in seen:
                raise entry.refuse("id", f"“{key}” is used twice in this thread")
            seen.add(key)
            assert item.created_at  # noqa: S101 (required above)
            key = self._reply_key(item, key)
            reply = reply_of(entry, key=key, thread_at=item.created_at, base_url=url)
            if reply.body.strip():
                replies.append(reply)
            else:
                item.notes.append((f"replies[{number}]", "has no words in it; it was left out"))
                item.wordless += 1
        return replies

    def _reply_key(self, item: ThreadItem, reply_id: str) -> str:
        return ids.reply_key(self.settings.source, self.kind, item.source_id, reply_id)

    def _connect(self, item: ThreadItem, solution: str) -> None:
        """Ids of other posts become their keys; one that names no reply here may name the thread, or nothing."""
        here = {reply.key for reply in item.replies}

        def key_of(post_id: str) -> str:
            key = self._reply_key(item, post_id)
            if key in here:
                return key
            is_thread = post_id == item.source_id
            return ids.source_key(self.settings.source, self.kind, post_id) if is_thread else ""

        for reply in item.replies:
            reply.reply_to = key_of(reply.reply_to) if reply.reply_to else ""
        item.solution = key_of(solution) if solution else ""

    def check(self, item: Item) -> None:
        assert isinstance(item, ThreadItem)  # noqa: S101 (what prepare made)
        clean_title(item.title)
        clean_tags(item.tags)
        render_body(item.body, limit=IMPORT_LIMIT)
        for reply in item.replies:
            render_body(reply.body, limit=IMPORT_LIMIT)

    # -- with it ---------------------------------------------------------------------------------------------------

    def before_batch(self, items: Sequence[Item]) -> None:
        threads = [item for item in items if isinstance(item, ThreadItem)]
        self.authors.load(person for item in threads for person in self.people(item))
        self.categories.load(item.category for item in threads)
        if not self.settings.is_dry:
            made = list(zip(threads, topics_import(rows=[self._row(item) for item in threads]), strict=True))
            new = [(item, one.topic) for item, one in made if one.is_new and one.topic and item.kind == Kind.IDEA]
            ideas_wrap(rows=[self.idea_row(item, topic) for item, topic in new])
            events = [(item.event, one.topic) for item, one in made if one.is_new and one.topic and item.event]
            events_import(rows=[event.row(topic, self.authors) for event, topic in events])
            code = [(item.snippet, one.topic) for item, one in made if one.is_new and one.topic and item.snippet]
            snippets_import(rows=[snippet.row(topic, self.authors) for snippet, topic in code])
            self._made = {item.source_id: one for item, one in made}

    def people(self, item: ThreadItem) -> Iterator[tuple[str, datetime | None]]:
        yield item.author, item.created_at
        yield from item.marks.people()
        yield from item.standing.people()
        yield from item.event.people() if item.event else ()
        yield from item.snippet.people() if item.snippet else ()
        yield from ((name, None) for name in (*(item.followers or ()), *item.muted))
        for reply in item.replies:
            yield from reply.people()

    def forget(self) -> None:
        self.authors.forget()
        self.categories.forget()
        self._made.clear()

    def store(self, item: Item) -> Stored:
        assert isinstance(item, ThreadItem)  # noqa: S101 (what prepare made)
        made = self._made[item.source_id]
        if made.problem is not None:
            raise made.problem
        assert made.topic  # noqa: S101 (no problem)
        waits = self._waits(item, made.topic) if made.is_new else ()
        return Stored(made.topic.pk, "new" if made.is_new else "same", self._leads_home(item), waits)

    def _waits(self, item: ThreadItem, topic: Topic) -> tuple[tuple[str, str], ...]:
        own = item.standing
        named = (
            ("duplicate_of", own.duplicate_of, topic.duplicate_of_id),
            ("merged_into", own.merged_into, topic.merged_into_id),
        )  # fmt: skip
        return tuple((field, self._key_of(wanted)) for field, wanted, found in named if wanted and not found)

    def change(self, item: Item, target_id: int) -> Stored:
        """Replies that came since are added; the texts that are here stay, because people may have edited them."""
        assert isinstance(item, ThreadItem)  # noqa: S101 (what prepare made)
        topic = Topic.objects.filter(pk=target_id).first()
        added = replies_import(topic=topic, replies=self._rows(item)) if topic else 0
        if not added:
            return super().change(item, target_id)
        self.report.count("replies", "new", added)
        self.report.count("replies", "same", len(item.replies) - added)
        return Stored(target_id, "changed", has_links=self._leads_home(item))

    def would_change(self, item: Item, target_id: int) -> Stored:
        keys = [reply.key for reply in item.replies]  # type: ignore[attr-defined]
        here = Post.objects.filter(imported_from__in=keys).count()
        if here == len(keys):
            return Stored(target_id, "same")
        self.report.count("replies", "new", len(keys) - here)
        self.report.count("replies", "same", here)
        return Stored(target_id, "changed")

    def count(self, item: Item, stored: Stored) -> None:
        super().count(item, stored)
        self.report.count("replies", "bad", item.wordless)  # type: ignore[attr-defined]
        if stored.outcome in {"new", "same"}:
            self.report.count("replies", stored.outcome, len(item.replies))  # type: ignore[attr-defined]

    def addresses(self, item: Item, stored: Stored) -> Iterator[tuple[int | str, list[str]]]:
        assert isinstance(item, ThreadItem)  # noqa: S101 (what prepare made)
        yield from super().addresses(item, stored)
        yield from ((reply.key, reply.marks.urls) for reply in item.replies if reply.marks.urls)

    def idea_row(self, item: ThreadItem, topic: Topic) -> IdeaRow:
        """What an imported topic of kind idea was."""
        voters = self.authors.ids_of(item.marks.voters)
        return IdeaRow(topic=topic, votes=item.votes, at=item.updated_at, voter_ids=voters)

    def _row(self, item: ThreadItem) -> TopicRow:
        assert item.created_at  # noqa: S101 (prepare requires it)
        is_idea, marks = item.kind == Kind.IDEA, item.marks.row(self.authors)
        return TopicRow(
            source_key=self._key_of(item.source_id), space=self.categories.space_of(item.category), kind=item.kind,
            title=item.title, body=item.body,
            author_id=self.authors.id_of(item.author), created_at=item.created_at, updated_at=item.updated_at,
            tags=item.tags, replies=self._rows(item), votes=0 if is_idea else item.votes,
            status=item.status, solution_key=item.solution, is_closed=item.is_closed, is_pinned=item.is_pinned,
            view_count=item.views, edited_at=item.edited_at, edited_by_id=self.authors.id_of(item.marks.edited_by),
            marks=Marks(marks.edits) if is_idea else marks,  # who voted for an idea is the board's to keep
            follower_ids=None if item.followers is None else self.authors.ids_of(item.followers),
            muted_ids=self.authors.ids_of(item.muted), is_wiki=item.is_wiki, is_locked=item.is_locked,
            standing=item.standing.row(self.authors, self._key_of),
        )  # fmt: skip

    def _key_of(self, thread_id: str) -> str:
        return ids.source_key(self.settings.source, self.kind, thread_id)

    def _rows(self, item: ThreadItem) -> list[ReplyRow]:
        return [reply.row(self.authors) for reply in item.replies]

    @staticmethod
    def _leads_home(item: ThreadItem) -> bool:
        """Whether a text links to the place that the thread came from: such links are rewritten at the end."""
        host = item.address.split("/", 1)[0]
        return any(links.leads_to(text, host) for text in (item.body, *(reply.body for reply in item.replies)))
