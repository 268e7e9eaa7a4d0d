"""Thin forms; the services check again."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class PersonForm(forms.Form):
    """For somebody who asked by mail."""

    username = forms.CharField(
        label=_("Username"), max_length=60, help_text=_("As in the address of the profile."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
