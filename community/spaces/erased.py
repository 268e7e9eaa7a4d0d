"""What erasing a person does to spaces: they belong nowhere any more, and no invitation waits for their address."""

from __future__ import annotations

from django.db.models import Q

from accounts.erasing.names import Traces
from accounts.erasing.rules import (
    Rows,
    leave_empty,
    let_go,
    register_errand,
    register_link,
    register_text,
)
from accounts.events import services as events
from community.spaces.models import SpaceInvitation
from search import outbox


def register_all() -> None:
    register_link("spaces.SpaceMembership", "user", let_go)
    register_link("spaces.SpaceRequest", "user", let_go)
    register_link("spaces.SpaceInvitation", "user", let_go)
    register_link("spaces.SpaceInvitation", "invited_by", leave_empty)
    register_text("spaces.SpaceRequest", "note")
    register_text("spaces.Space", "name", "purpose", "template", "templates", changed=_spaces_changed)
    register_errand("invitations", invitations_go)


def invitations_go(traces: Traces) -> bool:
    """Those to their addresses, whoever sent them."""
    wanted = Q()
    for email in traces.emails:
        wanted |= Q(email__iexact=email)
    if traces.emails:
        SpaceInvitation.objects.filter(wanted).delete()
    return False


def _spaces_changed(rows: Rows) -> None:
    outbox.mark("space", [space.pk for space in rows])
    for space in rows:
        events.record("space.changed", target=space, data={"is_renamed": True})
