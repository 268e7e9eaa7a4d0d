"""The mails that tell of second factors. Each is written in the transaction of what it tells of."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.models import User


def tell_changed(user: User, name: str) -> None:
    """What a person did themselves: `config/templates/mfa/email/<name>`."""
    get_adapter().tell_of_factor(name, user)


def tell_key_copied(user: User, key: str) -> None:
    """That a key said a number again that it had said before, as only a copy of it does."""
    _tell(user, "key_copied", _("A copy of your key may be about at %s") % settings.SITE_NAME, key=key)


def tell_removed(user: User) -> None:
    """That the people who run the community took all second factors away."""
    _tell(user, "removed", _("Your second factor at %s was taken away") % settings.SITE_NAME)


def tell_code_used(user: User, left: int) -> None:
    """That a recovery code opened the account, and how many are left."""
    _tell(user, "code_used", _("A recovery code opened your account at %s") % settings.SITE_NAME, left=left)


def _tell(user: User, name: str, subject: str, **more: object) -> None:
    """To the person; nothing where no address is known."""
    if user.email:
        context = {"name": str(user), "site": settings.SITE_NAME, "url": settings.SITE_URL} | more
        send_mail(subject, render_to_string(f"factors/{name}.txt", context), None, [user.email])
