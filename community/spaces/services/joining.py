"""Joining a space, asking to be let in, and deciding about who asked."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.models import User
from accounts.text import clean_line
from accounts.viewer import Viewer
from community.spaces import policies
from community.spaces.models import Space, SpaceMembership, SpaceRequest
from community.spaces.models.joining import ASKED_AGAIN_AFTER


@transaction.atomic
def space_join(*, viewer: Viewer, space: Space) -> SpaceMembership:
    """Join a space that is open to all who read it; twice is once.

    Raises NotAllowed where people ask or are invited.
    """
    if not policies.can_join(viewer, space):
        raise NotAllowed(_("You cannot join this space by yourself."))

    membership, is_new = SpaceMembership.objects.get_or_create(space=space, user_id=viewer.user_id)

    if is_new:
        told = {"user": viewer.user_id, "role": membership.role}
        events.record("space.member_added", actor=viewer, target=space, data=told)
    return membership


@transaction.atomic
def space_ask(*, viewer: Viewer, space: Space, note: object = "") -> SpaceRequest:
    """Ask the space's reviewers to be let in; twice is once. A week after a refusal one may ask again.

    Raises NotAllowed where nobody can ask, ValidationError({"note": …}).
    """
    if not policies.can_ask(viewer, space):
        raise NotAllowed(_("You cannot ask to join this space."))
    words = clean_line(note, field="note", limit=300, required=False)
    if SpaceMembership.objects.filter(space=space, user_id=viewer.user_id).exists():
        raise ValidationError({"note": _("You belong to this space already.")})
    now = timezone.now()
    made = {"note": words, "created_at": now}
    request, is_new = SpaceRequest.objects.select_for_update().get_or_create(
        space=space, user_id=viewer.user_id, defaults=made
    )
    if not is_new:
        if request.declined_at is None:
            return request
        if now - request.declined_at < ASKED_AGAIN_AFTER:
            raise ValidationError({"note": _("You were not let in. You can ask again a week later.")})
        request.note, request.created_at, request.declined_at = words, now, None
        request.save(update_fields=["note", "created_at", "declined_at"])

    told = {"user": viewer.user_id, "request": request.pk}
    events.record("space.asked", actor=viewer, target=space, data=told)
    return request


@transaction.atomic
def request_decide(*, viewer: Viewer, request: SpaceRequest, is_let_in: bool) -> None:
    """Let somebody in who asked, or not. What was decided already stays: of two who decide at once the first counts.

    Raises NotAllowed unless the viewer looks after the people of the space.
    """
    space = request.space
    if not policies.can_manage_people(viewer, space):
        raise NotAllowed(_("Only admins and the space's reviewers decide who comes in."))
    locked = SpaceRequest.objects.select_for_update().filter(pk=request.pk, declined_at=None).first()
    if locked is None:
        return

    if is_let_in:
        locked.delete()
        added(viewer, space, locked.user)
    else:
        locked.declined_at = timezone.now()
        locked.save(update_fields=["declined_at"])

    told = {"user": locked.user_id}
    events.record("space.let_in" if is_let_in else "space.declined", actor=viewer, target=space, data=told)


def added(viewer: Viewer, space: Space, user: User) -> SpaceMembership:
    """Somebody belongs to the space from now on; a role that they have there stays."""
    membership, is_new = SpaceMembership.objects.get_or_create(space=space, user=user)
    if is_new:
        SpaceRequest.objects.filter(space=space, user=user).delete()
        told = {"user": user.pk, "role": membership.role}
        events.record("space.member_added", actor=viewer, target=space, data=told)
    return membership
