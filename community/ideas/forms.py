"""Forms of ideas: suggesting one, deciding about one, merging one."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text import LIMITS
from accounts.viewer import Viewer
from community.forums.forms import RawTextField, offer_spaces
from community.forums.models import Kind
from community.forums.policies import can_start
from community.ideas.models import IdeaStatus
from community.spaces.models import Space


def spaces_for_ideas(viewer: Viewer) -> list[Space]:
    """The spaces where this viewer may suggest an idea, in their order; one query."""
    return [space for space in Space.objects.visible_to(viewer).open() if can_start(viewer, space, Kind.IDEA)]


class IdeaForm(forms.Form):
    """`space` offers only the spaces that take ideas; with a single one it is chosen already."""

    title = RawTextField(
        label=_("What would help you?"), help_text=_("One wish in a few words: “Let me mute one room at night”.")
    )
    body = RawTextField(
        label=_("Why, and how do you manage today?"),
        widget=forms.Textarea(attrs={"rows": 8, "data-limit": LIMITS["body"]}),
    )
    space = forms.ModelChoiceField(
        label=_("Space"), queryset=Space.objects.none(), to_field_name="slug", empty_label=None
    )
    tags = RawTextField(label=_("Tags"), help_text=_("Up to five, separated by commas."))
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args, viewer: Viewer, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.has_spaces = offer_spaces(self, spaces_for_ideas(viewer), Kind.IDEA)


class StatusForm(forms.Form):
    status = forms.ChoiceField(label=_("Status"), choices=IdeaStatus.choices)
    note = RawTextField(
        label=_("What should voters know?"), widget=forms.Textarea(attrs={"rows": 3, "data-limit": LIMITS["note"]})
    )


class MergeForm(forms.Form):
    into = forms.IntegerField(label=_("Number of the other idea"), min_value=1)
