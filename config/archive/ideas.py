"""ideas.jsonl: a thread each, with votes, a status, and how it came to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError

from community.forums.models import Kind, Topic
from community.ideas.models import Idea, IdeaStatus
from community.ideas.services import DecisionRow, IdeaRow, decision_note
from config.archive import ids
from config.archive.fields import Row
from config.archive.late import IDEA as LED_IDEA
from config.archive.problem import problem_from
from config.archive.threads import ThreadImporter, ThreadItem

_STATUSES = tuple(IdeaStatus.values)


@dataclass(slots=True)
class Decision:
    """One decision; who made it is still a name."""

    before: str
    after: str
    note: str
    by: str
    at: datetime


@dataclass(slots=True)
class IdeaItem(ThreadItem):
    idea_status: str = IdeaStatus.NEW
    decisions: list[Decision] = field(default_factory=list)
    decided_at: datetime | None = None
    merged_into: str = ""


class IdeaImporter(ThreadImporter):
    name = "ideas"
    kind = "idea"
    fixed_kind = Kind.IDEA
    item_class = IdeaItem

    def prepare(self, row: Row) -> ThreadItem:
        item = super().prepare(row)
        assert isinstance(item, IdeaItem)  # noqa: S101 (item_class)
        item.idea_status = row.choice("status", _STATUSES, IdeaStatus.NEW)
        item.decisions = [self._decision(entry) for entry in row.rows("decisions")]
        # Who gives the history gives the time too; without it, the last change of the row is the nearest.
        item.decided_at = row.moment("status_changed") if row.has("decisions") else item.updated_at
        item.merged_into, item.standing.merged_into = item.standing.merged_into, ""  # an idea's, not its topic's
        return item

    @staticmethod
    def _decision(entry: Row) -> Decision:
        at = entry.moment("at", required=True)
        assert at  # noqa: S101 (required)
        note = entry.text("note", limit=2_000, required=False)
        try:
            decision_note(note)
        except ValidationError as error:
            raise entry.refuse("note", problem_from(error).why) from None
        return Decision(
            before=entry.choice("before", _STATUSES, IdeaStatus.NEW),
            after=entry.choice("after", _STATUSES, IdeaStatus.NEW),
            note=note, by=entry.text("by", limit=150, required=False), at=at,
        )  # fmt: skip

    def people(self, item: ThreadItem) -> Iterator[tuple[str, datetime | None]]:
        assert isinstance(item, IdeaItem)  # noqa: S101 (what prepare made)
        yield from super().people(item)
        yield from ((decision.by, decision.at) for decision in item.decisions)

    def idea_row(self, item: ThreadItem, topic: Topic) -> IdeaRow:
        assert isinstance(item, IdeaItem)  # noqa: S101 (what prepare made)
        rows = [
            DecisionRow(decision.before, decision.after, decision.note, self.authors.id_of(decision.by), decision.at)
            for decision in item.decisions
        ]
        return IdeaRow(
            topic=topic, status=item.idea_status, votes=item.votes, at=item.decided_at,
            voter_ids=self.authors.ids_of(item.marks.voters), decisions=rows, merged_into=self._target(item),
        )  # fmt: skip

    def _target(self, item: IdeaItem) -> Topic | None:
        """The idea that this one was merged into, if it is in already; `_waits` notes one further down in the file."""
        if not item.merged_into:
            return None
        return Topic.objects.filter(imported_from=self._key_of_idea(item), kind=Kind.IDEA).first()

    def _waits(self, item: ThreadItem, topic: Topic) -> tuple[tuple[str, str], ...]:
        assert isinstance(item, IdeaItem)  # noqa: S101 (what prepare made)
        waits = super()._waits(item, topic)
        if item.merged_into and Idea.objects.filter(pk=topic.pk, merged_into=None).exists():
            waits += ((LED_IDEA, self._key_of_idea(item)),)
        return waits

    def _key_of_idea(self, item: IdeaItem) -> str:
        return ids.source_key(self.settings.source, self.kind, item.merged_into)
