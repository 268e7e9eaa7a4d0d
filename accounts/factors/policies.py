"""Who must have a second factor, and who must say again who they are."""

from __future__ import annotations

import time
from typing import Final

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from accounts.factors.selectors import has_factor
from accounts.models import User

STAFF_ONLY: Final = ("/admin/", "/cms/")
STEP: Final = "factors.first_step"
STEP_SECONDS: Final = 900  # as long as a sign-in may take


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


def is_held_up(request: HttpRequest) -> bool:
    """The same of whoever sent this request, asked once."""
    if not hasattr(request, "_is_held_up"):
        request._is_held_up = must_set_up(request.user, path=request.path)  # type: ignore[attr-defined]
    return request._is_held_up  # type: ignore[attr-defined, no-any-return]


def remember_first_step(session: SessionBase, user: User) -> None:
    """The password of a closed account was right: its second step is asked for before anything of it is given."""
    session[STEP] = [user.pk, time.time() + STEP_SECONDS]


def half_proven_in(session: SessionBase) -> User | None:
    """Of whom this session remembers that."""
    pk, until = session.get(STEP, (0, 0.0))
    return User.objects.filter(pk=pk, is_active=False).first() if time.time() < until else None


def is_stale(request: HttpRequest) -> bool:
    """Whether it was too long ago that somebody proved who they are, for what needs that anew."""
    return is_reauthentication_required(request, app="")
