"""What the browser sends: thin forms over the services, which check everything again."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.text import LIMITS

# The services count and refuse; a browser's maxlength would cut a pasted text without a word.
_TEXT = {"rows": 10, "data-limit": LIMITS["body"]}


class RawTextField(forms.CharField):
    """A text that reaches the service as it was typed: not trimmed, NUL and all, so that one place refuses it."""

    def __init__(self, **kwargs) -> None:
        super().__init__(strip=False, required=False, **kwargs)
        self.validators = []


class TopicForm(forms.Form):
    """A new topic, or the first post's edit."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    title = RawTextField(label=_("Title"), help_text=_("What would you type to find the answer?"))
    body = RawTextField(label=_("Text"), widget=forms.Textarea(attrs=_TEXT))
    tags = RawTextField(label=_("Tags"), help_text=_("Up to five, separated by commas, such as “wifi, firmware-4.2”."))
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args, kinds: list[tuple[str, str]] = (), **kwargs) -> None:  # type: ignore[assignment]
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds
        if len(kinds) < 2:
            self.fields["kind"].widget = forms.HiddenInput()


class PostForm(forms.Form):
    """A reply, or the edit of one."""

    body = RawTextField(label=_("Your reply"), widget=forms.Textarea(attrs=_TEXT | {"rows": 6}))
    reply_to = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    is_whisper = forms.BooleanField(label=_("Only staff can read this"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


def add_errors(form: forms.Form, error: ValidationError) -> None:
    """Put a service's refusal beside the fields it names; what the form has no field for goes on top."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, messages in error.message_dict.items():
        for message in messages:
            form.add_error(field if field in form.fields else None, message)
