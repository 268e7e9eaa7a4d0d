"""Forms of events: one for planning, with the space and the text only where it is new."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.text import LIMITS
from accounts.viewer import Viewer
from community.calendar.models import CalendarEvent
from community.calendar.plans import EventPlan, clock
from community.calendar.policies import can_plan
from community.calendar.zones import zone_names
from community.forums.forms import RawTextField, offer_spaces
from community.forums.models import Kind
from community.spaces.models import Space

JOIN_CHOICES = [
    ("", _("Always")), ("15", _("15 minutes before it starts")), ("60", _("An hour before it starts")),
    ("1440", _("A day before it starts")),
]  # fmt: skip


def spaces_for_events(viewer: Viewer) -> list[Space]:
    """The spaces where this viewer may announce an event, in their order; one query."""
    return [space for space in Space.objects.visible_to(viewer).open() if can_plan(viewer, space)]


class LocalTimeField(forms.CharField):
    """What a clock shows, without a time zone: `datetime-local` in browsers, a day and a time as text elsewhere."""

    def __init__(self, **kwargs) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(max_length=30, widget=widget, **kwargs)

    def clean(self, value: str) -> datetime:
        text = super().clean(value)
        try:
            return clock(text, field="time")
        except ValidationError as error:
            raise ValidationError(error.messages) from None


class PlanForm(forms.Form):
    """When and where; the service checks it again."""

    starts = LocalTimeField(label=_("Starts"))
    ends = LocalTimeField(label=_("Ends"))
    zone = forms.CharField(
        label=_("Time zone"), max_length=64, widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
        help_text=_("Of the place where it is, such as Europe/Berlin. Everybody sees their own time beside it."),
    )  # fmt: skip
    place = RawTextField(label=_("Place"), help_text=_("A room, an address, or nothing for an event online."))
    join_url = RawTextField(label=_("Link to join"), help_text=_("Seen only by readers who are signed in."))
    join_minutes = forms.ChoiceField(label=_("Show the link"), choices=JOIN_CHOICES, required=False)
    sequence = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    zones = staticmethod(zone_names)

    def plan(self) -> EventPlan:
        """What a valid form asks."""
        data = self.cleaned_data
        return EventPlan(
            starts=data["starts"], ends=data["ends"], zone=data["zone"].strip(), place=data["place"],
            join_url=data["join_url"], join_minutes=int(data["join_minutes"]) if data["join_minutes"] else None,
        )  # fmt: skip

    @classmethod
    def of(cls, event: CalendarEvent) -> PlanForm:
        """The form with an event as it is."""
        minutes = "" if event.join_minutes is None else str(event.join_minutes)
        form = cls(initial={
            "starts": event.starts.replace(tzinfo=None), "ends": event.ends.replace(tzinfo=None), "zone": event.zone,
            "place": event.place, "join_url": event.join_url, "join_minutes": minutes, "sequence": event.sequence,
        })  # fmt: skip
        form.keep_minutes(minutes)
        return form

    def keep_minutes(self, minutes: str) -> None:
        """What was set elsewhere stays a choice."""
        field = self.fields["join_minutes"]
        if minutes and minutes not in dict(field.choices):  # type: ignore[attr-defined]
            field.choices = [*field.choices, (minutes, _("%s minutes before it starts") % minutes)]  # type: ignore[attr-defined]


class EventForm(PlanForm):
    """A new event. `space` offers only the spaces that take events."""

    space = forms.ModelChoiceField(
        label=_("Space"), queryset=Space.objects.none(), to_field_name="slug", empty_label=None
    )
    title = RawTextField(label=_("What is it?"), help_text=_("In a few words: “Office hours with the firmware team”."))
    body = RawTextField(
        label=_("What happens there, and for whom is it?"),
        widget=forms.Textarea(attrs={"rows": 8, "data-limit": LIMITS["body"]}),
    )
    tags = RawTextField(label=_("Tags"), help_text=_("Up to five, separated by commas."))
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args, viewer: Viewer, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.has_spaces = offer_spaces(self, spaces_for_events(viewer), Kind.EVENT)
