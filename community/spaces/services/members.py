"""Who belongs to a space."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.models import User
from accounts.viewer import Viewer
from community.spaces import policies
from community.spaces.models import Space, SpaceMembership


@transaction.atomic
def member_add(*, viewer: Viewer, space: Space, user: User, role: str = SpaceMembership.Role.MEMBER) -> SpaceMembership:
    """Put a person into a space, or change their role there. Admins and the space's reviewers may."""
    if not (policies.can_manage(viewer) or f"review:{space.pk}" in viewer.tokens):
        raise NotAllowed(_("Only admins and the space's reviewers add people."))
    if role not in SpaceMembership.Role.values:
        raise ValidationError({"role": _("Choose one of: %s.") % ", ".join(SpaceMembership.Role.values)})

    membership, _created = SpaceMembership.objects.update_or_create(space=space, user=user, defaults={"role": role})

    events.record("space.member_added", actor=viewer, target=space, data={"user": user.pk, "role": role})
    return membership


@transaction.atomic
def member_remove(*, viewer: Viewer, space: Space, user: User) -> None:
    """Take a person out of a space; what they wrote stays. Nobody there: nothing happens."""
    if not (policies.can_manage(viewer) or f"review:{space.pk}" in viewer.tokens or viewer.user_id == user.pk):
        raise NotAllowed(_("Only admins and the space's reviewers remove people."))

    deleted, _rows = SpaceMembership.objects.filter(space=space, user=user).delete()

    if deleted:
        events.record("space.member_removed", actor=viewer, target=space, data={"user": user.pk})
