"""allauth's forms, with codes that count once and the words of the house."""

from __future__ import annotations

from allauth.account.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import auth as totp
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.factors import services
from accounts.factors.sealing import Unreadable, seal, unseal
from accounts.factors.selectors import has_factor


def code_field(**how) -> forms.CharField:
    """Six digits of an app, or eight of a recovery code; spaces do not matter."""
    attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "code"}
    return forms.CharField(max_length=20, widget=forms.TextInput(attrs=attrs), **how)


class ActivateForm(ActivateTOTPForm):
    """The secret waits in the session until it is proven: sealed, since sessions are in every backup."""

    code = code_field(label=_("Code from the app"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        session = context.request.session
        if self.is_bound:
            try:
                self.secret = unseal(self.secret)
                return
            except Unreadable:  # the session began anew: so does this
                self.secret = totp.get_totp_secret(regenerate=True)
        session[totp.SECRET_SESSION_KEY] = seal(self.secret)

    @property
    def grouped_secret(self) -> str:
        """For who types it."""
        return " ".join(self.secret[at : at + 4] for at in range(0, len(self.secret), 4))


class AuthenticateForm(AllauthAuthenticateForm):
    """The second step of signing in."""

    code = code_field(label=_("Code"), help_text=_("From your app, or one of your recovery codes."))

    def clean_code(self) -> str:
        self.authenticator = services.code_accept(user=self.user, code=self.cleaned_data["code"])
        return self.cleaned_data["code"]


class ReauthenticateForm(AllauthReauthenticateForm):
    """Asks again who it is: for the password, and for a code too where the person has a second factor."""

    code = code_field(label=_("Code"), help_text=_("From your app, or one of your recovery codes."))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].widget.attrs.pop("placeholder", None)
        if not has_factor(self.user):
            del self.fields["code"]
        if not self.user.has_usable_password():
            del self.fields["password"]

    def clean(self) -> dict:
        """The code is tried last: a wrong password does not spend it."""
        cleaned = super().clean()
        if "code" in self.fields and not self.errors:
            try:
                services.code_accept(user=self.user, code=cleaned["code"]).record_usage()
            except ValidationError as error:
                self.add_error("code", error)
        return cleaned
