"""The mail that says a copy is ready. It leads to the page, where the password is asked for; it holds no key."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.takeout.models import Takeout


def tell_ready(takeout: Takeout) -> None:
    """To the person; nothing where no address is known."""
    person = takeout.person
    if not person.email:
        return
    context = {
        "name": str(person), "site": settings.SITE_NAME, "until": takeout.expires_at,
        "link": settings.SITE_URL + reverse("takeout:own"), "contact": settings.DEFAULT_FROM_EMAIL,
    }  # fmt: skip
    subject = _("The copy of your data at %s is ready") % settings.SITE_NAME
    send_mail(subject, render_to_string("takeout/ready.txt", context), None, [person.email])
