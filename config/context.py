"""What every page's frame shows: site, menu, bell, staff counts. Each is asked for only when a template reads it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from community.cases import selectors as cases
from community.moderation import policies as moderation_policies
from community.moderation import selectors as moderation
from community.notifications import selectors as notifications
from community.spaces.selectors import spaces_for_menu

THEMES = ("light", "dark")


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
        "theme": theme if theme in THEMES else "",
        "menu_spaces": SimpleLazyObject(lambda: spaces_for_menu(viewer)),
        "unread_count": SimpleLazyObject(lambda: notifications.unread_count(viewer)),
        "can_review": SimpleLazyObject(lambda: moderation_policies.can_review(viewer)),
        "review_count": SimpleLazyObject(lambda: moderation.open_count(viewer)),
        "case_count": SimpleLazyObject(lambda: cases.open_count(viewer)),
        "debug": settings.DEBUG,
    }


def nonce(request: HttpRequest) -> dict:
    """The nonce of this answer's Content-Security-Policy, under the name that django-htmx looks for."""
    return {"csp_nonce": getattr(request, "csp_nonce", "")}
