"""The icons that are offered for a space, of the lucide set; a space may name any other of it."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ICONS: Final[list[tuple[str, str | Promise]]] = [
    ("messages-square", _("Conversation")), ("circle-question-mark", _("Question mark")), ("rocket", _("Rocket")),
    ("lightbulb", _("Light bulb")), ("megaphone", _("Megaphone")), ("wrench", _("Wrench")), ("router", _("Device")),
    ("workflow", _("Workflow")), ("braces", _("Code")), ("receipt", _("Receipt")), ("handshake", _("Handshake")),
    ("hotel", _("Building")), ("users", _("People")), ("star", _("Star")), ("heart", _("Heart")),
    ("shield", _("Shield")), ("book-open", _("Book")), ("graduation-cap", _("Learning")), ("globe", _("Globe")),
    ("calendar", _("Calendar")), ("coffee", _("Coffee")), ("flask-conical", _("Laboratory")),
]  # fmt: skip
