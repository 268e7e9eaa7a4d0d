"""Forms of people: signing up, the profile, tokens. Thin: the services check again."""

from __future__ import annotations

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.api.permissions import SCOPES
from accounts.text import clean_line

SCOPE_WORDS = {
    "read": _("Read what everyone may read"),
    "write": _("Post, vote, flag and edit in your name"),
    "private": _("Read also what only you and your groups may read"),
    "staff": _("Act with your staff roles"),
}


class LoginForm(AllauthLoginForm):
    """allauth's own without the words in the boxes that the labels say already."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignupForm(AllauthSignupForm):
    """allauth's own, with the name that others read; the adapter keeps it with the rest."""

    display_name = forms.CharField(
        label=_("Your name"), max_length=80, help_text=_("What others see beside your posts."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    field_order = ["display_name", "username", "email", "password1"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        self.fields["password1"].help_text = _("At least 8 characters, and none of the usual ones.")
        self.fields["username"].help_text = _("The address of your profile, and how others @mention you.")
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean_display_name(self) -> str:
        try:
            return clean_line(self.cleaned_data["display_name"], field="display_name", limit=80)
        except ValidationError as error:
            raise ValidationError(error.messages) from error

    def try_save(self, request: HttpRequest):
        """Of two who take one name or address at the same moment, the later is answered as if they came after."""
        from allauth.account.views import signup  # it imports the forms that the settings name: these

        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            if getattr(request, "came_later", False):
                raise
            request.came_later = True  # type: ignore[attr-defined]
            return None, signup(request)


class ProfileForm(forms.Form):
    """What others read of a person."""

    display_name = forms.CharField(
        label=_("Name"), required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    headline = forms.CharField(
        label=_("Headline"), required=False, help_text=_("A few words under your name, such as “Runs 40 hubs in Graz”.")
    )
    about = forms.CharField(
        label=_("About you"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 5, "data-limit": 2000})
    )


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(
        label=_("What is it for?"), required=False, help_text=_("Such as “status page” or “CRM sync”.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"), required=False, choices=[(name, SCOPE_WORDS.get(name, name)) for name in SCOPES],
        widget=forms.CheckboxSelectMultiple, initial=["read"],
    )  # fmt: skip


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Put a service's refusal beside the fields it names; what the form has no field for goes on top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, messages in error.message_dict.items():
        for message in messages:
            form.add_error(field if field in form.fields else None, message)
