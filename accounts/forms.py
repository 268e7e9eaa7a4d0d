"""Forms of people: signing up, the profile."""

from __future__ import annotations

from allauth.account.forms import SignupForm as AllauthSignupForm
from django import forms
from django.utils.translation import gettext_lazy as _


class SignupForm(AllauthSignupForm):
    """allauth's own, with the name that others read."""

    display_name = forms.CharField(label=_("Your name"), max_length=80, help_text=_("What others see beside your posts."))
    field_order = ["display_name", "username", "email", "password1"]

    def save(self, request):
        user = super().save(request)
        return user

    def custom_signup(self, request, user) -> None:
        user.display_name = self.cleaned_data["display_name"]
        user.save(update_fields=["display_name"])
