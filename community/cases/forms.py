"""Forms of the desk: thin, the services check everything again."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.text import LIMITS
from community.cases import selectors
from community.cases.models import CaseStatus, Priority
from community.forums.forms import RawTextField

_TEXT = {"rows": 6, "data-limit": LIMITS["body"]}


def person_named(name: str) -> User | None:
    """The active person with this username or e-mail address."""
    people = User.objects.filter(is_active=True)
    field = "email__iexact" if "@" in name.strip("@") else "username__iexact"
    return people.filter(**{field: name.strip().lstrip("@")}).first()


class CaseForm(forms.Form):
    """A new case; coming from a thread, subject and customer are filled in."""

    subject = RawTextField(label=_("Subject"))
    customer = forms.CharField(
        label=_("Customer"), max_length=254, required=False, help_text=_("Username or e-mail address.")
    )
    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices, initial=Priority.NORMAL)
    body = RawTextField(
        label=_("First message to the customer"), widget=forms.Textarea(attrs=_TEXT),
        help_text=_("They read it under “My cases” and get a notification. Leave it empty to write later."),
    )
    is_mine = forms.BooleanField(label=_("I take this case"), required=False, initial=True)

    def clean_customer(self) -> User | None:
        name = self.cleaned_data["customer"].replace("\0", "")
        if not name.strip():
            return None
        person = person_named(name)
        if person is None:
            raise forms.ValidationError(_now("Nobody has this username or e-mail address."))
        return person


class MessageForm(forms.Form):
    """A message of an agent; `status` is whose turn it is afterwards."""

    body = RawTextField(label=_("Message"), widget=forms.Textarea(attrs=_TEXT))
    is_internal = forms.BooleanField(label=_("Internal note, never shown to the customer"), required=False)
    status = forms.ChoiceField(
        label=_("Then"), required=False,
        choices=[("", _("It is their turn")), *(row for row in CaseStatus.choices if row[0] != CaseStatus.NEW)],
    )
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)


class CustomerMessageForm(forms.Form):
    body = RawTextField(label=_("Your message"), widget=forms.Textarea(attrs=_TEXT))
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)


class ChangeForm(forms.Form):
    """Status, priority and owner of a case."""

    status = forms.ChoiceField(label=_("Status"), choices=CaseStatus.choices)
    priority = forms.ChoiceField(label=_("Priority"), choices=Priority.choices)
    owner = forms.ChoiceField(label=_("Owner"), required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.agents = {str(agent.pk): agent for agent in selectors.agents()}
        owner = self.fields["owner"]
        owner.choices = [("", _("Nobody")), *((pk, str(agent)) for pk, agent in self.agents.items())]  # type: ignore[attr-defined]

    def clean_owner(self) -> User | None:
        return self.agents.get(self.cleaned_data["owner"])
