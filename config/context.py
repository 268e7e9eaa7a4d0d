"""What every page's frame shows: site, menu, bell, staff counts."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from community.spaces.selectors import spaces_for_menu


def shell(request: HttpRequest) -> dict:
    """The frame's context; Wagtail's and Django's own admin pages do without."""
    if not hasattr(request, "viewer") or request.path.startswith(("/cms/", "/admin/", "/api/")):
        return {"site_name": settings.SITE_NAME}
    viewer = request.viewer
    return {
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "viewer": viewer,
        "menu_spaces": spaces_for_menu(viewer),
        "debug": settings.DEBUG,
    }
