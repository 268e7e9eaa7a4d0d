"""What erasing a person does to cases: the record of what support did stays, and says “someone who left”."""

from __future__ import annotations

from accounts.erasing.rules import Rows, leave_empty, register_link, register_text
from search import outbox


def register_all() -> None:
    for field in ("customer", "owner", "opened_by"):
        register_link("cases.Case", field, leave_empty, changed=_cases_changed)
    register_link("cases.CaseMessage", "author", leave_empty)
    register_link("cases.CaseLink", "linked_by", leave_empty)
    register_text("cases.Case", "subject", changed=_cases_changed)
    register_text("cases.CaseMessage", "body", "html", changed=_messages_changed)


def _cases_changed(rows: Rows) -> None:
    outbox.mark("case", [case.pk for case in rows])


def _messages_changed(rows: Rows) -> None:
    outbox.mark("case", {message.case_id for message in rows})
