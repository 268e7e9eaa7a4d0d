"""The mail that says what will happen, and how it is taken back."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.erasing import selectors
from accounts.erasing.models import Erasure
from accounts.models import User


def tell_asked(user: User, erasure: Erasure) -> None:
    """To the person; nothing where no address is known."""
    if not user.email:
        return
    link = settings.SITE_URL + reverse("erasing:take-back", args=[selectors.token_for(erasure)])
    context = {
        "name": str(user), "site": settings.SITE_NAME, "due": erasure.due_at, "link": link,
        "deletes_posts": erasure.deletes_posts, "is_held": selectors.is_held(user),
        "contact": settings.DEFAULT_FROM_EMAIL,
    }  # fmt: skip
    subject = _("Your account at %s will be erased") % settings.SITE_NAME
    send_mail(subject, render_to_string("erasing/asked.txt", context), None, [user.email])
