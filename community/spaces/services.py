"""Setting up spaces and who belongs to them."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.models import Audience, User
from accounts.text import clean_line
from accounts.viewer import Viewer
from community.spaces import policies
from community.spaces.models import Space, SpaceMembership


@transaction.atomic
def space_create(
    *,
    viewer: Viewer,
    name: str,
    slug: str = "",
    purpose: str = "",
    audience: str = Audience.PUBLIC,
    groups: Iterable[int] = (),
    organisations: Iterable[int] = (),
    kinds: Iterable[str] = (),
    colour: str = Space.Colour.TEAL,
    icon: str = "messages-square",
    position: int = 100,
) -> Space:
    """Open a space. `groups` and `organisations` are ids and matter for those audiences.

    Raises NotAllowed unless the viewer is an admin, ValidationError for a bad or taken name.
    """
    if not policies.can_manage(viewer):
        raise NotAllowed(_("Only admins set up spaces."))
    space = Space(
        name=clean_line(name, field="name", limit=80),
        slug=slug or slugify(name)[:60],
        purpose=clean_line(purpose, field="purpose", limit=300, required=False),
        audience=audience,
        kinds=list(kinds),
        colour=colour,
        icon=icon,
        position=position,
    )
    space.full_clean()

    space.save()
    space.audience_groups.set(groups)
    space.audience_organisations.set(organisations)

    events.record("space.created", actor=viewer, target=space, data={"audience": audience})
    return space


@transaction.atomic
def space_set_audience(
    *, viewer: Viewer, space: Space, audience: str, groups: Iterable[int] = (), organisations: Iterable[int] = ()
) -> Space:
    """Change who may read a space and all in it, at once and with nothing to reindex."""
    if not policies.can_manage(viewer):
        raise NotAllowed(_("Only admins set up spaces."))
    if audience not in Audience.values:
        raise ValidationError({"audience": _("Choose one of: %s.") % ", ".join(Audience.values)})
    before = space.audience

    space.audience = audience
    space.save(update_fields=["audience"])
    space.audience_groups.set(groups)
    space.audience_organisations.set(organisations)

    events.record("space.audience_changed", actor=viewer, target=space, data={"before": before, "after": audience})
    return space


@transaction.atomic
def member_add(*, viewer: Viewer, space: Space, user: User, role: str = SpaceMembership.Role.MEMBER) -> SpaceMembership:
    """Put a person into a space, or change their role there. Admins and the space's reviewers may."""
    if not (policies.can_manage(viewer) or f"review:{space.pk}" in viewer.tokens):
        raise NotAllowed(_("Only admins and the space's reviewers add people."))

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
