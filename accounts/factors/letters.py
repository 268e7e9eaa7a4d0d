"""The mail of what was done for a person; of what they do themselves allauth tells (config/templates/mfa/email)."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.models import User


def tell_removed(user: User) -> None:
    """To the person; nothing where no address is known."""
    if not user.email:
        return
    context = {"name": str(user), "site": settings.SITE_NAME, "url": settings.SITE_URL}
    subject = _("Your second factor at %s was taken away") % settings.SITE_NAME
    send_mail(subject, render_to_string("factors/removed.txt", context), None, [user.email])
