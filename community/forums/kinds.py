"""Which kinds can be solved, and how kinds and states are told: icon, word and colour together, from one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SOLVABLE: Final = frozenset({"question", "problem"})
# What these have beyond a topic is asked for by a form of their own, so that none comes about without it.
DETAILED: Final = frozenset({"event", "snippet"})
# These are found in search by a name of their own; all others are topics there.
OWN_SOURCES: Final = frozenset({"idea", "snippet"})


@dataclass(frozen=True, slots=True)
class Look:
    """`tone` is a CSS class of state and chip; an empty `label` shows no chip."""

    icon: str
    tone: str
    label: str | Promise
    verb: str | Promise


LOOKS: dict[str, Look] = {
    "solved": Look("check", "solved", _("Solved"), _("asked by")),
    "open": Look("circle-question-mark", "open", _("Needs an answer"), _("asked by")),
    "waiting": Look("hourglass", "talk", _("Needs info"), _("asked by")),
    "answered": Look("circle-question-mark", "talk", "", _("asked by")),
    "talk": Look("message-circle", "talk", "", _("started by")),
    "problem-solved": Look("check", "solved", _("Solved"), _("reported by")),
    "problem-open": Look("triangle-alert", "open", _("Problem"), _("reported by")),
    "problem-waiting": Look("hourglass", "talk", _("Needs info"), _("reported by")),
    "problem-answered": Look("triangle-alert", "talk", _("Problem"), _("reported by")),
    "praise": Look("heart", "plan", _("Praise"), _("praised by")),
    "event": Look("calendar", "plan", _("Event"), _("announced by")),
    "snippet": Look("code-xml", "talk", _("Code"), _("shared by")),
    "news": Look("megaphone", "talk", _("Announcement"), _("announced by")),
    "plan": Look("lightbulb", "plan", "", _("suggested by")),
}


def source_kind(kind: str) -> str:
    """The kind of search source that holds topics of this kind."""
    return kind if kind in OWN_SOURCES else "topic"
