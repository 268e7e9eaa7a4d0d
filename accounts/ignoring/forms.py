"""What the browser sends; the service checks everything again."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class IgnoreForm(forms.Form):
    """How much one does not want to hear, and for how long."""

    level = forms.ChoiceField(
        label=_("From this person, I want"), widget=forms.RadioSelect, initial="muted", choices=[
            ("muted", _("No notifications")),
            ("ignored", _("No notifications and no messages; fold what they write")),
        ],
    )  # fmt: skip
    days = forms.TypedChoiceField(
        label=_("For"), required=False, coerce=int, empty_value=None, choices=[
            ("", _("ever")), ("1", _("a day")), ("7", _("a week")), ("30", _("30 days")), ("365", _("a year")),
        ],
    )  # fmt: skip
