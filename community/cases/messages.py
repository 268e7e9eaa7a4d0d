"""How news of a case reads in the bell: re-read, and only for those who still see the case."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.text import excerpt
from accounts.viewer import Viewer
from community.cases.models import Case, CaseMessage
from community.notifications.models import Notification
from community.notifications.registry import Message, register_message

SENTENCES: dict[str, tuple[str, str | Promise]] = {
    "case.opened": ("headphones", _("Support opened case %(number)s for you: %(subject)s")),
    "case.answered": ("headphones", _("Support answered in %(number)s: %(subject)s")),
    "case.solved": ("circle-check", _("Case %(number)s is solved: %(subject)s")),
    "case.customer_wrote": ("headphones", _("%(customer)s wrote in %(number)s: %(subject)s")),
    "case.assigned": ("user-check", _("Case %(number)s is yours now: %(subject)s")),
}


def case_messages(viewer: Viewer, rows: list[Notification]) -> dict[int, Message]:
    """One query for the cases, one for the messages that the rows quote."""
    cases = Case.objects.visible_to(viewer).select_related("customer").in_bulk({row.target_id for row in rows})
    quoted = CaseMessage.objects.visible_to(viewer).in_bulk({pk for row in rows if (pk := row.data.get("message"))})
    told: dict[int, Message] = {}
    for row in rows:
        case = cases.get(row.target_id)
        if case is None or row.kind not in SENTENCES:
            continue
        words = {"number": case.number, "subject": case.subject, "customer": case.customer or _("The customer")}
        message = quoted.get(row.data.get("message"))
        told[row.pk] = Message(
            text=str(SENTENCES[row.kind][1]) % words, url=case.get_absolute_url(),
            excerpt=excerpt(message.html, 160) if message else "",
        )
    return told


def register_all() -> None:
    for kind, (icon, _sentence) in SENTENCES.items():
        register_message(kind, icon, case_messages)
