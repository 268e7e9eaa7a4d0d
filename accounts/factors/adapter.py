"""What allauth.mfa asks of this product."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.factors.sealing import Unreadable, seal, unseal

HERE: Final = ("127.0.0.1", "::1")


class FactorAdapter(DefaultMFAAdapter):
    """Secrets are sealed; names come from the settings, never from the request's Host header."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This is not the right code, or it was used already. Wait for the next one."),
    }

    def get_totp_issuer(self) -> str:
        return settings.SITE_NAME

    def _get_site_name(self) -> str:
        return settings.SITE_NAME

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Keys are bound to the name in SITE_URL; an address of this machine has none but localhost."""
        host = urlsplit(settings.SITE_URL).hostname or ""
        return {"id": "localhost" if host in HERE else host, "name": settings.SITE_NAME}

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Key %d") % (count + 1)

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Raises ValidationError where the key is gone: an empty secret would make codes that anybody can work out."""
        try:
            return unseal(encrypted_text)
        except Unreadable as error:
            told = _("Your second factor can no longer be read here. Write to the people who run this community.")
            raise ValidationError(told, code="unreadable") from error
