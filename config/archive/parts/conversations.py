"""conversations.jsonl: private messages, a conversation a row. Only `--private` has them, for moving a whole house."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Prefetch

from community.direct.archive import ConversationRow, MemberRow, MessageRow, clean_conversation, conversation_import
from community.direct.models import Conversation, ConversationMember, Message
from config.archive.fields import Row
from config.archive.importer import Importer, Item, Stored
from config.archive.parts.base import Ground, Part, Reach, Rows, Scope
from config.archive.parts.hung import Names

_CHUNK = 50


@dataclass(slots=True)
class _Said:
    by: str
    body: str
    at: datetime
    is_removed: bool


@dataclass(slots=True)
class ConversationItem(Item):
    subject: str = ""
    groups: list[str] = field(default_factory=list)
    started_by: str = ""
    created_at: datetime | None = None
    members: list[tuple[str, bool, bool, int]] = field(default_factory=list)  # who, invited, archived, read to
    messages: list[_Said] = field(default_factory=list)

    def people(self) -> Names:
        yield self.started_by, self.created_at
        yield from ((name, None) for name, *_marks in self.members)
        yield from ((said.by, said.at) for said in self.messages)


class ConversationPart(Part):
    name = "conversations"
    reach = Reach.PRIVATE

    def rows(self, scope: Scope) -> Rows:
        members = ConversationMember.objects.select_related("user").order_by("pk")
        messages = Message.objects.select_related("author").defer("html").order_by("number")
        every = Conversation.objects.select_related("started_by").order_by("pk").prefetch_related(
            "groups", Prefetch("members", members), Prefetch("messages", messages)
        )
        for one in every.iterator(chunk_size=_CHUNK):
            yield {
                "id": str(one.pk), "subject": one.subject, "groups": [group.name for group in one.groups.all()],
                "started_by": one.started_by.username if one.started_by else None,
                "created": one.created_at.isoformat(),
                "members": [_member(member) for member in one.members.all()],
                "messages": [_message(message) for message in one.messages.all()],
            }  # fmt: skip

    def importer(self, ground: Ground) -> ConversationImporter:
        return ConversationImporter(ground)


class ConversationImporter(Importer):
    name = kind = ConversationPart.name

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground.settings, ground.report)
        self.authors = ground.authors

    def prepare(self, row: Row) -> ConversationItem:
        created = row.moment("created", required=True)
        assert created  # noqa: S101 (required)
        return ConversationItem(
            source_id=row.key("id"), subject=row.text("subject", limit=200), groups=row.words("groups"),
            started_by=row.text("started_by", limit=150, required=False), created_at=created,
            members=[
                (one.text("name", limit=150), one.flag("is_invited"), one.flag("is_archived"), one.count("read_to"))
                for one in row.rows("members")
            ],
            messages=[
                _Said(one.text("by", limit=150, required=False), one.text("body", limit=32_000),
                      one.moment("at") or created, one.flag("is_removed"))
                for one in row.rows("messages")
            ],
        )  # fmt: skip

    def check(self, item: Any) -> None:
        clean_conversation(self._row(item))

    def before_batch(self, items: Sequence[Item]) -> None:
        self.authors.load(person for item in items for person in item.people())  # type: ignore[attr-defined]

    def forget(self) -> None:
        self.authors.forget()

    def store(self, item: Any) -> Stored:
        return Stored(conversation_import(row=self._row(item)).pk, "new")

    def _row(self, item: ConversationItem) -> ConversationRow:
        assert item.created_at  # noqa: S101 (prepare requires it)
        id_of = self.authors.id_of
        return ConversationRow(
            subject=item.subject, started_by_id=id_of(item.started_by), created_at=item.created_at,
            group_ids=list(Group.objects.filter(name__in=item.groups).values_list("pk", flat=True)),
            members=[
                MemberRow(pk, is_invited=invited, is_archived=archived, read_to=read_to)
                for name, invited, archived, read_to in item.members if (pk := id_of(name)) is not None
            ],
            messages=[
                MessageRow(said.body, id_of(said.by), said.at, is_removed=said.is_removed) for said in item.messages
            ],
        )  # fmt: skip


def _member(member: ConversationMember) -> dict[str, Any]:
    return {
        "name": member.user.username, "is_invited": member.is_invited, "is_archived": member.is_archived,
        "read_to": member.read_to,
    }  # fmt: skip


def _message(message: Message) -> dict[str, Any]:
    return {
        "by": message.author.username if message.author else None, "body": message.body,
        "at": message.created_at.isoformat(), "is_removed": message.status == "removed",
    }  # fmt: skip
