"""Thin forms; the services check again."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

KEEP, DELETE = "keep", "delete"


class EraseForm(forms.Form):
    """What becomes of the posts."""

    posts = forms.ChoiceField(
        label=_("Your posts"), initial=KEEP, widget=forms.RadioSelect,
        choices=[(KEEP, _("Keep them, without my name")), (DELETE, _("Delete them"))],
    )  # fmt: skip

    @property
    def deletes_posts(self) -> bool:
        return self.cleaned_data["posts"] == DELETE


class PersonForm(EraseForm):
    """For somebody who asked by mail."""

    username = forms.CharField(
        label=_("Username"), max_length=60, help_text=_("As in the address of the profile."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    field_order = ["username", "posts"]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["posts"].label = _("Their posts")
        self.fields["posts"].choices = [(KEEP, _("Keep them, without the name")), (DELETE, _("Delete them"))]  # type: ignore[attr-defined]


class HoldForm(forms.Form):
    """What keeps a person's data for now."""

    username = forms.CharField(
        label=_("Username"), max_length=60, help_text=_("As in the address of the profile."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("Staff alone read it."))
