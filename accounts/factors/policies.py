"""Who must have a second factor, and who must say again who they are."""

from __future__ import annotations

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.factors.selectors import has_factor
from accounts.models import User

STAFF_ONLY = ("/admin/", "/cms/")


def is_asked_of(user: User | AnonymousUser, *, path: str = "") -> bool:
    """Whether the community wants a second factor of this person (`settings.SECOND_FACTOR`): no statement.

    `staff` are those with a role, and whoever opens the screens of staff: editors of a few sections have no role.
    """
    if settings.SECOND_FACTOR == "none" or isinstance(user, AnonymousUser):
        return False
    return settings.SECOND_FACTOR == "all" or bool(user.roles) or user.is_staff or path.startswith(STAFF_ONLY)


def must_set_up(user: User | AnonymousUser, *, path: str = "") -> bool:
    """Whether they are asked for one and have none yet: until then nothing else opens. One statement where asked."""
    return is_asked_of(user, path=path) and not has_factor(user)  # type: ignore[arg-type]


def is_stale(request: HttpRequest) -> bool:
    """Whether it was too long ago that somebody proved who they are, for what needs that anew."""
    return is_reauthentication_required(request, app="")
