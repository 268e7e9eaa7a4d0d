"""The form that adds a source; the service checks what the words mean."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from search.external.models import ExternalSource


class SourceForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As people know it: “Developer documentation”."))
    way = forms.ChoiceField(label=_("How it comes"), choices=ExternalSource.Way)
    address = forms.CharField(
        label=_("Address of the sitemap"), max_length=500, required=False,
        help_text=_("For a sitemap only, such as https://docs.example.com/sitemap.xml"),
    )
    readers = forms.ChoiceField(label=_("Who may find it"), choices=ExternalSource.Readers)
    language = forms.CharField(label=_("Language"), max_length=10, initial="en", help_text=_("Its code: en, de, fr …"))
