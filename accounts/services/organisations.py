"""Customer companies and groups: who belongs where decides what may be read."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts import policies
from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.models import Organisation, User
from accounts.text import clean_line
from accounts.viewer import Viewer


@transaction.atomic
def organisation_create(*, viewer: Viewer, name: str, slug: str = "", plan: str = "") -> Organisation:
    """Add a customer company. Raises NotAllowed unless admin, ValidationError by field for a bad or taken name."""
    if not policies.can_manage_people(viewer):
        raise NotAllowed(_("Only admins add organisations."))
    name = clean_line(name, field="name", limit=120)
    organisation = Organisation(
        name=name, slug=slug or slugify(name)[:60], plan=clean_line(plan, field="plan", limit=60, required=False)
    )
    organisation.full_clean()

    organisation.save()

    events.record("organisation.created", actor=viewer, target=organisation)
    return organisation


@transaction.atomic
def organisation_set(*, viewer: Viewer, user: User, organisation: Organisation | None) -> User:
    """Put a person into a company, or into none; what they may read changes at once. Admins only."""
    if not policies.can_manage_people(viewer):
        raise NotAllowed(_("Only admins change organisations."))
    before = user.organisation_id
    if before == (organisation.pk if organisation else None):
        return user

    user.organisation = organisation
    user.save(update_fields=["organisation"])

    data = {"before": before, "after": user.organisation_id}
    events.record("user.organisation_changed", actor=viewer, target=user, data=data)
    return user


@transaction.atomic
def group_add_member(*, viewer: Viewer, group: Group, user: User) -> None:
    """Put a person into a group; groups open spaces and sections. Admins only; again is nothing."""
    _group_change(viewer, group, user, on=True)


@transaction.atomic
def group_remove_member(*, viewer: Viewer, group: Group, user: User) -> None:
    """Take a person out of a group. Admins only; again is nothing."""
    _group_change(viewer, group, user, on=False)


def _group_change(viewer: Viewer, group: Group, user: User, *, on: bool) -> None:
    if not policies.can_manage_people(viewer):
        raise NotAllowed(_("Only admins change groups."))
    if user.pk is None:
        raise ValidationError({"user": _("This person is not saved yet.")})
    if on == user.groups.filter(pk=group.pk).exists():
        return

    (user.groups.add if on else user.groups.remove)(group)

    name = "group.member_added" if on else "group.member_removed"
    events.record(name, actor=viewer, target=("group", group.pk), data={"user": user.pk})
