"""What erasing a person does to ideas: their votes stay counted, as those of people who are not known here."""

from __future__ import annotations

from django.db.models import F

from accounts.erasing.rules import Rows, leave_empty, let_go, register_link, register_text
from community.ideas.models import Idea
from search import outbox


def register_all() -> None:
    register_link("ideas.IdeaVote", "user", votes_stay_counted)
    register_link("ideas.IdeaStatusChange", "changed_by", leave_empty)
    register_text("ideas.IdeaStatusChange", "note", "html", changed=_changed)


def votes_stay_counted(rows: Rows, field: str) -> None:
    for vote in rows:
        Idea.objects.filter(pk=vote.idea_id).update(imported_votes=F("imported_votes") + 1)
    let_go(rows, field)


def _changed(rows: Rows) -> None:
    outbox.mark("idea", {change.idea_id for change in rows})
