"""What the browser sends: thin forms over the services, which check everything again."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text import LIMITS
from accounts.viewer import Viewer
from community.direct.policies import groups_for

_TEXT = {"rows": 6, "data-limit": LIMITS["body"]}


class MessageForm(forms.Form):
    body = forms.CharField(label=_("Your message"), strip=False, required=False, widget=forms.Textarea(attrs=_TEXT))
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class ConversationForm(MessageForm):
    field_order = ("to", "groups", "subject", "body")

    to = forms.CharField(
        label=_("To"), required=False, help_text=_("Usernames, separated by commas: “mara, jonas”. 30 people at most.")
    )
    groups = forms.TypedMultipleChoiceField(
        label=_("Groups"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    subject = forms.CharField(label=_("Subject"), required=False, strip=False)

    def __init__(self, *args, viewer: Viewer, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        choices = list(groups_for(viewer).order_by("name").values_list("pk", "name"))
        self.fields["groups"].choices = choices
        if not choices:
            del self.fields["groups"]
        for field in self.fields.values():
            field.validators = []
