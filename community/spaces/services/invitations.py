"""Inviting people to a space, by name or by e-mail address, and what they make of it."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Final

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.ignoring.selectors import ignoring
from accounts.models import Audience, User
from accounts.text import clean_line
from accounts.viewer import Viewer, viewer_for
from community.spaces import policies
from community.spaces.models import Space, SpaceInvitation, SpaceMembership
from community.spaces.models.joining import INVITED_FOR
from community.spaces.services.joining import added

MOST_OPEN: Final = 200


@transaction.atomic
def person_invite(*, viewer: Viewer, space: Space, user: User) -> SpaceInvitation:
    """Invite somebody by name; they are told here and by mail, and take it up or not. None is open twice.

    The mail goes to a confirmed address alone, and to nobody who ignores whoever invites.

    Raises NotAllowed, ValidationError({"person": …}) for who belongs already or could not read the space even then.
    """
    _check(viewer, space)
    if SpaceMembership.objects.filter(space=space, user=user).exists():
        raise ValidationError({"person": _("%s belongs to this space already.") % user})
    if not _would_read(space, user):
        told = _("%s could not read this space even as one of its people: its readers are chosen otherwise.")
        raise ValidationError({"person": told % user})
    already = SpaceInvitation.objects.open().filter(space=space, user=user).first()
    if already:
        return already

    invitation = _made(viewer, space, user=user)
    _mail_by_name(viewer, invitation, user)

    events.record("space.invited", actor=viewer, target=space, data={"user": user.pk, "invitation": invitation.pk})
    return invitation


@transaction.atomic
def address_invite(*, viewer: Viewer, space: Space, email: object) -> SpaceInvitation:
    """Send a link to an e-mail address that lets one person in, within two weeks.

    The answer is the same whether or not the address is somebody's here. Raises NotAllowed,
    ValidationError({"email": …}) for what is no address, and where a link cannot open the space.
    """
    _check(viewer, space)
    address = clean_line(email, field="email", limit=254).lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise ValidationError({"email": error.messages}) from error
    if not _opens_by_name(space) or (space.parent is not None and space.parent.is_private):
        told = _("A link cannot open this space: its readers are chosen otherwise. Invite a person by name.")
        raise ValidationError({"email": told})

    SpaceInvitation.objects.open().filter(space=space, email=address).delete()  # the newer link is the one that counts
    key = secrets.token_urlsafe(32)
    invitation = _made(viewer, space, email=address, digest=digest_of(key))
    _send(viewer, space, address, reverse("spaces:invited", args=[key]))

    events.record("space.address_invited", actor=viewer, target=space, data={"invitation": invitation.pk})
    return invitation


@transaction.atomic
def invitation_accept(*, viewer: Viewer, invitation: SpaceInvitation) -> Space:
    """Come in. The link of a mail opens once, to whoever of the signed-in follows it first.

    Raises NotAllowed for one that is for somebody else, was used, was declined or is too old.
    """
    locked = SpaceInvitation.objects.select_for_update().select_related("space").get(pk=invitation.pk)
    if not viewer.is_signed_in or not locked.is_open() or locked.user_id not in (None, viewer.user_id):
        raise NotAllowed(_("This invitation is not open any more. Ask for a new one."))

    user = User.objects.get(pk=viewer.user_id)
    locked.used_at, locked.user = timezone.now(), user
    locked.save(update_fields=["used_at", "user"])
    added(viewer, locked.space, user)

    told = {"invitation": locked.pk, "user": user.pk}
    events.record("space.invitation_accepted", actor=viewer, target=locked.space, data=told)
    return locked.space


@transaction.atomic
def invitation_decline(*, viewer: Viewer, invitation: SpaceInvitation) -> None:
    """Not come in; nobody is told. Raises NotAllowed for one that is somebody else's."""
    if not viewer.is_signed_in or invitation.user_id not in (None, viewer.user_id):
        raise NotAllowed(_("This invitation is for somebody else."))

    _close(viewer, invitation, "space.invitation_declined")


@transaction.atomic
def invitation_withdraw(*, viewer: Viewer, invitation: SpaceInvitation) -> None:
    """Take an invitation back: its link opens nothing any more. Raises NotAllowed."""
    if not policies.can_manage_people(viewer, invitation.space):
        raise NotAllowed(_("Only admins and the space's reviewers invite people."))

    _close(viewer, invitation, "space.invitation_withdrawn")


@transaction.atomic
def address_confirmed(*, user: User, emails: list[str]) -> int:
    """What was sent to addresses that are somebody's now is theirs by name; returns how many."""
    waiting = SpaceInvitation.objects.open().filter(user=None, email__in=[email.lower() for email in emails])
    found = list(waiting.select_for_update().order_by("pk"))
    for invitation in found:
        invitation.user = user
        invitation.save(update_fields=["user"])
        told = {"user": user.pk, "invitation": invitation.pk}
        events.record("space.invited", actor=invitation.invited_by_id, target=("space", invitation.space_id), data=told)
    return len(found)


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _check(viewer: Viewer, space: Space) -> None:
    """Whoever else invites to this space waits here, so that what is sent at once makes one invitation."""
    if not policies.can_manage_people(viewer, space):
        raise NotAllowed(_("Only admins and the space's reviewers invite people."))
    list(Space.objects.select_for_update(no_key=True).filter(pk=space.pk).values_list("pk"))
    if SpaceInvitation.objects.open().filter(space=space).count() >= MOST_OPEN:
        raise ValidationError(_("%s invitations are open. Take some back first.") % MOST_OPEN)


def _opens_by_name(space: Space) -> bool:
    """Whether belonging to the space is enough to read it, or everybody does."""
    return space.audience in (Audience.PUBLIC, Audience.MEMBERS, Audience.GROUPS)


def _would_read(space: Space, user: User) -> bool:
    """Whether somebody would read the space if they belonged to it."""
    theirs = viewer_for(user)
    if space.parent is not None and not policies.can_see(theirs, space.parent):
        return False
    return _opens_by_name(space) or policies.can_see(theirs, space)


def _made(viewer: Viewer, space: Space, **to: object) -> SpaceInvitation:
    now: datetime = timezone.now()
    return SpaceInvitation.objects.create(
        space=space, invited_by_id=viewer.user_id, created_at=now, expires_at=now + INVITED_FOR, **to
    )


def _close(viewer: Viewer, invitation: SpaceInvitation, event: str) -> None:
    """An open one is over from now on; one that is over stays as it is."""
    if SpaceInvitation.objects.open().filter(pk=invitation.pk).update(declined_at=timezone.now()):
        told = {"invitation": invitation.pk}
        events.record(event, actor=viewer, target=("space", invitation.space_id), data=told)


def _mail_by_name(viewer: Viewer, invitation: SpaceInvitation, user: User) -> None:
    """An address that nobody confirmed may be somebody else's, who must not learn of the space."""
    confirmed = EmailAddress.objects.filter(user=user, user__is_active=True, verified=True).order_by("-primary", "pk")
    address = confirmed.values_list("email", flat=True).first()
    if address and not ignoring(viewer.user_id, [user.pk]):
        inviter = User.objects.filter(pk=viewer.user_id).first()
        _send(viewer, invitation.space, address, invitation.get_absolute_url(), inviter=inviter)


def _send(viewer: Viewer, space: Space, address: str, path: str, *, inviter: User | None = None) -> None:
    """The link comes from SITE_URL, never from a request. With `inviter` it says how to hear no more from them."""
    context = {
        "space": space, "inviter": viewer.name or settings.SITE_NAME, "site": settings.SITE_NAME,
        "link": settings.SITE_URL + path, "days": INVITED_FOR.days,
        "stop": settings.SITE_URL + inviter.get_absolute_url() if inviter else "",
    }  # fmt: skip
    subject = _("%(name)s invites you to “%(space)s”") % {"name": context["inviter"], "space": space.name}
    send_mail(subject, render_to_string("spaces/invitation.txt", context), None, [address])
