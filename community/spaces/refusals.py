"""Why somebody may not do something in a space that they read, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.utils.translation import gettext as _

from accounts.models import Audience
from community.spaces.models import Act, Space, SpaceRule

_SAID: Final[dict[str, Callable[[], str]]] = {
    Act.START: lambda: _("Only %(who)s start topics in “%(space)s”."),
    Act.REPLY: lambda: _("Only %(who)s reply in “%(space)s”."),
    Act.TAG: lambda: _("Only %(who)s tag topics in “%(space)s”. Leave the tags out."),
}
_WHO: Final[dict[str, Callable[[], str]]] = {
    Audience.GROUPS: lambda: _("its chosen groups and people"),
    Audience.ORGANISATIONS: lambda: _("its chosen organisations and staff"),
    Audience.STAFF: lambda: _("staff"),
}


def why_not(space: Space, act: str) -> str:
    """What to say to somebody for whom `policies.may` is false, though they read it. Asks for the rule's row."""
    if space.is_archived:
        return _("“%s” is archived: it is kept for reading.") % space.name
    rule = SpaceRule.objects.filter(space=space, act=act).first()
    who = _WHO.get(rule.audience if rule else "", lambda: _("people whom it names"))
    return _SAID[act]() % {"who": who(), "space": space.name}
