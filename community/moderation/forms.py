"""The forms of flagging and deciding. What is right and wrong is said by the services."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from community.moderation.models import Reason, ReviewDecision
from community.moderation.services import NOTE_LIMIT

REASON_HELP = {
    Reason.SPAM: _("Advertising, or a link that has nothing to do with it."),
    Reason.RUDE: _("It insults or attacks somebody."),
    Reason.OFF_TOPIC: _("It belongs somewhere else."),
    Reason.PRIVATE_INFO: _("A name, address, key or number that should not be public."),
    Reason.OTHER: _("Say below what is wrong."),
}


class FlagForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("What is wrong with it?"), choices=Reason, widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )
    note = forms.CharField(
        label=_("Note for the moderators"), required=False, max_length=NOTE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": NOTE_LIMIT}),
    )

    def reasons(self) -> list[tuple[str, str, str, bool]]:
        """Value, label, explanation and whether it is chosen, for the radio buttons."""
        chosen = self["reason"].value()
        return [(value, label, REASON_HELP[Reason(value)], value == chosen) for value, label in Reason.choices]


class DecideForm(forms.Form):
    action = forms.ChoiceField(choices=ReviewDecision.Action)
    version = forms.IntegerField(min_value=1)
    note = forms.CharField(required=False, max_length=NOTE_LIMIT)
