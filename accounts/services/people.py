"""Writing people: who they are, what others read of them, which roles they hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import policies
from accounts.erasing.names import FORMER
from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.models import Organisation, User
from accounts.text import all_of, clean_line, clean_source, render_markdown
from accounts.viewer import Viewer

ROLES: Final = {"moderator": "is_moderator", "agent": "is_agent", "manager": "is_manager", "admin": "is_superuser"}
ABOUT_LIMIT: Final = 2_000


@transaction.atomic
def user_create(
    *,
    viewer: Viewer,
    username: str,
    display_name: str,
    email: str | None = None,
    password: str | None = None,
    headline: str = "",
    about: str = "",
    organisation: Organisation | None = None,
    roles: Iterable[str] = (),
    trust_level: int = User.TrustLevel.NEW,
    imported_from: str = "",
    at: datetime | None = None,
) -> User:
    """Add a person: by an admin, an import or the demo content. People who sign up come through allauth instead.

    An e-mail given here counts as verified. Raises NotAllowed unless the viewer is an admin, ValidationError by field
    for a bad or taken name or e-mail and an unknown role.
    """
    if not policies.can_manage_people(viewer):
        raise NotAllowed(_("Only admins add people."))
    if username.lower() == FORMER:
        raise ValidationError({"username": _("This username is taken.")})
    user = User(
        username=username, email=email or None, organisation=organisation, trust_level=trust_level,
        imported_from=imported_from, date_joined=at or timezone.now(), **_profile(display_name, headline, about),
    )  # fmt: skip
    for role in roles:
        _put_role(user, role, on=True)
    user.set_password(password)
    user.full_clean()

    user.save()
    if user.email:
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)

    events.record("user.joined", actor=viewer, target=user, at=at)
    return user


@transaction.atomic
def profile_update(
    *, viewer: Viewer, user: User, display_name: str, headline: str = "", about: str = "", at: datetime | None = None
) -> User:
    """Change what others read of a person. Their own, or any by an admin.

    Raises NotAllowed, and ValidationError by field for a text that is empty, too long or holds hidden characters.
    """
    if not policies.can_edit_profile(viewer, user):
        raise NotAllowed(_("You can only change your own profile."))
    fields = _profile(display_name, headline, about)
    changed = sorted(name for name, value in fields.items() if getattr(user, name) != value and name != "about_html")
    if not changed:
        return user

    for name, value in fields.items():
        setattr(user, name, value)
    user.save(update_fields=list(fields))

    events.record("user.updated", actor=viewer, target=user, data={"fields": changed}, at=at)
    return user


@transaction.atomic
def role_set(*, viewer: Viewer, user: User, role: str, on: bool, at: datetime | None = None) -> User:
    """Give or take a staff role: moderator, agent, manager or admin. Again is nothing.

    Raises NotAllowed unless the viewer is an admin, ValidationError({"role": …}) for an unknown role and for taking
    the last admin's role.
    """
    if not policies.can_manage_people(viewer):
        raise NotAllowed(_("Only admins change roles."))
    user = User.objects.select_for_update().get(pk=user.pk)
    before = user.roles
    _put_role(user, role, on=on)
    if user.roles == before:
        return user
    if (
        role == "admin"
        and not on
        and not User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk).exists()
    ):
        raise ValidationError({"role": _("This is the last admin. Make someone else admin first.")})

    user.save(update_fields=[ROLES[role], "is_staff"])

    events.record("user.role_changed", actor=viewer, target=user, data={"role": role, "on": on}, at=at)
    return user


def _put_role(user: User, role: str, *, on: bool) -> None:
    if role not in ROLES:
        raise ValidationError({"role": _("Choose one of: %s.") % ", ".join(ROLES)})
    setattr(user, ROLES[role], on)
    user.is_staff = user.is_superuser  # Django's own word for “may open /admin/”


def _profile(display_name: str, headline: str, about: str) -> dict[str, str]:
    """The cleaned fields; every wrong one is named, not only the first."""

    def written() -> tuple[str, str]:
        source = clean_source(about, field="about", limit=ABOUT_LIMIT, required=False)
        return source, render_markdown(source, field="about")

    cleaned = all_of({
        "display_name": lambda: clean_line(display_name, field="display_name", limit=80),
        "headline": lambda: clean_line(headline, field="headline", limit=120, required=False),
        "about": written,
    })
    cleaned["about"], cleaned["about_html"] = cleaned["about"]
    return cleaned
