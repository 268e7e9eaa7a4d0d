"""How a case's status and priority are told: tone (a CSS class of chips), and the customer's words, from one table."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class CaseLook:
    tone: str
    icon: str


LOOKS: dict[str, CaseLook] = {
    "new": CaseLook("plan", "inbox"),
    "open": CaseLook("open", "clock"),
    "waiting": CaseLook("talk", "hourglass"),
    "solved": CaseLook("solved", "check"),
    "closed": CaseLook("talk", "lock"),
}
PRIORITY_TONES: dict[str, str] = {"low": "talk", "normal": "talk", "high": "open", "urgent": "bad"}
CUSTOMER_WORDS: dict[str, str | Promise] = {
    "new": _("With our support team"),
    "open": _("With our support team"),
    "waiting": _("Waiting for your answer"),
    "solved": _("Solved"),
    "closed": _("Closed"),
}
