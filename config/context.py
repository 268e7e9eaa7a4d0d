"""What every page's frame shows: site, menu, bell, staff counts. Each is asked for only when a template reads it.

All of it is plain values, so that the frame is made of kept pieces; for that `role` is a Viewer without a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from accounts.viewer import Viewer
from community.cases import selectors as cases
from community.forums import shown
from community.moderation import policies as moderation_policies
from community.moderation import selectors as moderation
from community.notifications import selectors as notifications
from community.spaces.models import Space
from community.spaces.selectors import spaces_for_menu

THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class MenuSpace:
    """What the menu shows of a space."""

    pk: int
    name: str
    slug: str
    colour: str
    url: str
    is_private: bool
    above: int  # the space that it is part of, where that is in the menu, too

    @classmethod
    def of(cls, space: Space, *, above: int) -> Self:
        url = space.get_absolute_url()
        return cls(space.pk, space.name, space.slug, space.colour, url, space.is_private, above)


def shell(request: HttpRequest) -> dict:
    """The frame's context; Wagtail's and Django's own admin pages do without."""
    if not hasattr(request, "viewer") or request.path.startswith(("/cms/", "/admin/", "/api/")):
        return {"site_name": settings.SITE_NAME}
    viewer = request.viewer
    theme = request.COOKIES.get("theme", "")
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "site_logo": settings.SITE_LOGO,
        "accent_url": reverse("accent") if settings.SITE_ACCENT else "",
        "viewer": viewer,
        "role": SimpleLazyObject(lambda: Viewer(0 if viewer.is_signed_in else None, roles=viewer.roles)),
        "me": SimpleLazyObject(lambda: shown.person(request.user) if viewer.is_signed_in else None),
        "returns": request.path != "/" and not _signs_in(request),
        "theme": theme if theme in THEMES else "",
        "menu_spaces": SimpleLazyObject(lambda: _menu(viewer)),
        "unread_count": SimpleLazyObject(lambda: notifications.unread_count(viewer)),
        "can_review": SimpleLazyObject(lambda: moderation_policies.can_review(viewer)),
        "review_count": SimpleLazyObject(lambda: moderation.open_count(viewer)),
        "case_count": SimpleLazyObject(lambda: cases.open_count(viewer)),
        "debug": settings.DEBUG,
    }


def _menu(viewer: Viewer) -> tuple[MenuSpace, ...]:
    """The spaces in their levels; a part stands by itself where the space above it is archived."""
    found = spaces_for_menu(viewer)
    here = {space.pk for space in found}
    return tuple(MenuSpace.of(space, above=space.parent_id if space.parent_id in here else 0) for space in found)


def _signs_in(request: HttpRequest) -> bool:
    """Whether the page is one of signing in and out, to which nobody wants to return."""
    match = request.resolver_match
    return bool(match and match.url_name and match.url_name.startswith(("account_", "mfa_auth", "mfa_reauth")))


def nonce(request: HttpRequest) -> dict:
    """The nonce of this answer's Content-Security-Policy, under the name that django-htmx looks for."""
    return {"csp_nonce": getattr(request, "csp_nonce", "")}
