"""Reading people for pages."""

from __future__ import annotations

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from accounts.directory import order_of
from accounts.models import ApiToken, OutboundEmail, User
from accounts.viewer import Viewer

PAGE_SIZE = 40
MOST_MAILS = 50


def people(viewer: Viewer) -> QuerySet[User]:
    """The row filter of people, twin of `policies.can_see_person`."""
    return User.objects.all() if viewer.is_admin else User.objects.filter(is_active=True)


def person(viewer: Viewer, username: str) -> User | None:
    """A profile by its address, whatever the case of the letters."""
    return people(viewer).select_related("organisation").filter(username__iexact=username).first()


def people_page(
    viewer: Viewer, *, text: str = "", only_staff: bool = False, order: str = "name", page: int = 1
) -> Page:
    """A page of people whose name, username or headline holds the text; two queries."""
    rows = people(viewer).select_related("organisation")
    if text:
        rows = rows.filter(Q(display_name__icontains=text) | Q(username__icontains=text) | Q(headline__icontains=text))
    if only_staff:
        rows = rows.filter(Q(is_moderator=True) | Q(is_agent=True) | Q(is_manager=True) | Q(is_superuser=True))
    return Paginator(order_of(order).arrange(rows), PAGE_SIZE).get_page(page)


def has_avatar(viewer: Viewer, name: str) -> bool:
    """Whether this is the picture of somebody whom the viewer may see, as it is now."""
    return people(viewer).filter(avatar=name).exists()


def living_tokens(viewer: Viewer) -> list[ApiToken]:
    """The viewer's own tokens that still open something, newest first."""
    return list(ApiToken.objects.filter(user_id=viewer.user_id, revoked_at=None)[:100])


def kept_mails() -> list[OutboundEmail]:
    """The latest mails of this installation, for the page that only DEBUG shows."""
    return list(OutboundEmail.objects.order_by("-created_at", "-pk").defer("message")[:MOST_MAILS])


def demo_people() -> list[User]:
    """The demo accounts that can be signed in with, where DEBUG is on; at most six, in the order of the README."""
    if not settings.DEBUG:
        return []
    order = ["customer", "expert", "moderator", "agent", "manager", "admin"]
    found = {user.email: user for user in User.objects.filter(email__in=[f"{name}@demo.example" for name in order])}
    return [found[email] for name in order if (email := f"{name}@demo.example") in found]
