"""What django-allauth asks of this product."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.webauthn.internal.flows import did_use_passwordless_login
from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.erasing import selectors as erasing
from accounts.factors import policies
from accounts.factors.selectors import has_factor
from accounts.takeout import selectors as takeout


class AccountAdapter(DefaultAccountAdapter):
    """Links in mails come from SITE_URL only, never from the request's Host header."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _("Too many wrong attempts. Wait five minutes, then try again."),
        "rate_limited": _("Too many attempts. Wait five minutes, then try again."),
    }
    UNTOLD = ("account/email/email_confirm",)  # they just followed a link in a mail

    def save_user(self, request, user, form, commit: bool = True):
        """Keep the name that others read in the same write as the rest of the account."""
        user.display_name = form.cleaned_data.get("display_name", "")
        return super().save_user(request, user, form, commit=commit)

    def get_email_confirmation_url(self, request, emailconfirmation) -> str:
        return settings.SITE_URL + reverse("account_confirm_email", args=[emailconfirmation.key])

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _, token = key.partition("-")
        return settings.SITE_URL + reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})

    def respond_user_inactive(self, request, user):
        """Whoever signs in with the right password: who asked to be erased is shown the way back, and who is shut out
        where a copy of their data is had."""
        erasure = erasing.open_of(user)
        if erasure is None:
            if has_factor(user) and not did_use_passwordless_login(request, user):
                policies.remember_first_step(request.session, user)
                return redirect("mfa_closed_step")
            takeout.remember_proof(request.session, user)
            return redirect("takeout:closed")
        return redirect("erasing:take-back", token=erasing.token_for(erasure))

    def get_reauthentication_methods(self, user) -> list[dict]:
        """Who has a second factor is asked for all of it: the password and a code, or a key with its PIN or finger."""
        found = super().get_reauthentication_methods(user)
        if not found or not has_factor(user):
            return found
        both = {"id": "reauthenticate", "description": _("Use a code"), "url": reverse("account_reauthenticate")}
        key = {"description": _("Use a key"), "url": reverse("mfa_reauthenticate_webauthn")}
        keys = [method | key for method in found if method["id"] == "mfa_reauthenticate:webauthn"]
        return [*keys, both]

    def send_notification_mail(self, template_prefix: str, user, context=None, email=None) -> None:
        """Of second factors allauth would tell after the change: `accounts.factors` does so together with it."""
        if template_prefix not in self.UNTOLD and not template_prefix.startswith("mfa/"):
            super().send_notification_mail(template_prefix, user, context, email)

    def tell_of_factor(self, name: str, user) -> None:
        """The mail `config/templates/mfa/email/<name>`, in the transaction of whoever calls."""
        super().send_notification_mail(f"mfa/email/{name}", user)
