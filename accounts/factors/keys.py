"""Forms of passkeys and security keys: allauth's, which take what no browser would send as wrong, not as a fault."""

from __future__ import annotations

import logging
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from fido2.webauthn import AuthenticationResponse

from accounts.factors.services import key_spend
from accounts.text import clean_line

logger = logging.getLogger("threadwell.factors")
NAME_LIMIT = 60
PROOF_LIMIT = 20_000


class Proof(forms.JSONField):
    """What a browser made of the challenge."""

    widget = forms.HiddenInput

    default_error_messages = {
        "required": _("The key said nothing. Try again."),
        "invalid": _("This is nothing that a key says. Try again."),
    }

    def to_python(self, value: Any) -> Any:
        """An object, or None for nothing."""
        try:
            told = super().to_python(value if len(value or "") <= PROOF_LIMIT else "no")
        except RecursionError:
            told = ()
        if told is not None and not isinstance(told, dict):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return told

    def bound_data(self, data: Any, initial: Any) -> Any:
        """A proof is of one moment: the page does not hold it again."""
        return None

    def prepare_value(self, value: Any) -> Any:
        return ""


class NamedForm(forms.Form):
    """The name that its owner gives a key."""

    def clean_name(self) -> str:
        try:
            return clean_line(self.cleaned_data["name"], field="name", limit=NAME_LIMIT)
        except ValidationError as error:
            raise ValidationError(error.messages) from error


class ProvingForm(forms.Form):
    """The proof is decoded by a library that says in many ways that it is none, and does not compare its number."""

    def clean_credential(self) -> Authenticator:
        try:
            told = AuthenticationResponse.from_dict(self.cleaned_data["credential"]).response
            row = super().clean_credential()  # type: ignore[misc]
            if not key_spend(row=row, count=told.authenticator_data.counter, signature=told.signature):
                raise get_adapter().validation_error("incorrect_code")
            return row
        except ValidationError as error:
            if error.code != "incorrect_code":
                raise
            raise ValidationError(_("This key does not open an account here. Try again, or another one.")) from error
        except Exception as error:
            logger.warning("What should have been a key's proof: %s", type(error).__name__)
            raise get_adapter().validation_error("incorrect_code") from error


class AddKeyForm(NamedForm, AddWebAuthnForm):
    """A new key. A passkey signs in alone; on an old key without room for that it is a second step."""

    name = forms.CharField(
        label=_("Name"), max_length=NAME_LIMIT, help_text=_("So that you know it again: “Work laptop”, “Blue key”.")
    )
    credential = Proof()
    passwordless = forms.BooleanField(
        label=_("Let it sign me in alone, without the password"), required=False, initial=True
    )

    def clean(self) -> dict[str, Any] | None:
        if "credential" not in self.cleaned_data:
            return self.cleaned_data
        try:
            return super().clean()
        except ValidationError as error:
            raise ValidationError(_("This key could not be added. Try again, or another one.")) from error
        except Exception as error:
            logger.warning("What should have been a new key: %s", type(error).__name__)
            raise ValidationError(_("This key could not be added. Try again, or another one.")) from error


class RenameKeyForm(NamedForm, EditWebAuthnForm):
    name = forms.CharField(label=_("Name"), max_length=NAME_LIMIT)


class LoginKeyForm(ProvingForm, LoginWebAuthnForm):
    credential = Proof()


class AuthenticateKeyForm(ProvingForm, AuthenticateWebAuthnForm):
    credential = Proof()


class ReauthenticateKeyForm(ProvingForm, ReauthenticateWebAuthnForm):
    credential = Proof()
