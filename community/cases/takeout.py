"""A customer's support cases as they read them, in the copy of their data: no note of staff, no priority, no owner."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.takeout.parts import Row, Taker, register_left_out, register_part
from community.cases.models import Case, CaseMessage


def register_all() -> None:
    register_part(
        "cases", label=gettext_lazy("Support cases"), place=22, show=cases, columns=[("cases.Case", "customer")],
        rows=lambda taker: Case.objects.filter(customer=taker.user),
    )  # fmt: skip
    register_part(
        "case-messages", label=gettext_lazy("Messages in your support cases"), place=23, rows=messages_of,
        show=messages, columns=[("cases.CaseMessage", "author")],
    )  # fmt: skip
    register_left_out("cases.Case", ["owner", "opened_by"], "what staff did for a customer")
    register_left_out("cases.CaseLink", ["linked_by"], "what staff did for a customer")


def cases(taker: Taker, rows: Sequence[Case]) -> list[Row]:
    return [
        {
            "title": row.subject, "number": row.number, "status": row.customer_status, "opened_at": row.created_at,
            "changed_at": row.updated_at, "solved_at": row.solved_at,
        }
        for row in rows
    ]  # fmt: skip


def messages_of(taker: Taker):
    """Both sides, in cases of their own. What staff wrote in cases of others is theirs, and the company's record."""
    return CaseMessage.objects.aloud().filter(case__customer=taker.user).select_related("case", "author").defer("html")


def messages(taker: Taker, rows: Sequence[CaseMessage]) -> list[Row]:
    return [
        {
            "title": row.case.number, "by": str(row.author or _("Someone who left")),
            "is_by_you": row.author_id == taker.user.pk, "at": row.created_at, "text": row.body,
        }
        for row in rows
    ]  # fmt: skip
