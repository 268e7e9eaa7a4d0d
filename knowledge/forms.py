"""What the browser sends: thin forms over the services, which check everything again."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from accounts.models import Audience, Organisation
from accounts.text import LIMITS
from knowledge.services.editors import EDITORS
from knowledge.tree import KB, WIKI
from search import languages

_TEXT = {"rows": 20, "data-limit": LIMITS["article"]}


class _RawTextField(forms.CharField):
    """A text that reaches the service as it was typed: not trimmed, NUL and all, so that one place refuses it."""

    def __init__(self, **kwargs) -> None:  # type: ignore[no-untyped-def]
        super().__init__(strip=False, required=False, **kwargs)
        self.validators = []


class WikiPageForm(forms.Form):
    """A new wiki page, or the edit of one; `version` is the edit that the writer started from."""

    title = _RawTextField(label=_("Title"))
    body = _RawTextField(label=_("Text"), widget=forms.Textarea(attrs=_TEXT))
    comment = _RawTextField(
        label=_("What did you change?"), help_text=_("A few words for the history, such as “Add the steps for Hub 2”.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)


class AudienceForm(forms.Form):
    """Who reads a section; for /cms/."""

    audience = forms.ChoiceField(label=_("Who may read"), choices=Audience.choices)
    groups = forms.ModelMultipleChoiceField(
        Group.objects.none(), label=_("Groups"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("For “Chosen groups and people”."),
    )
    organisations = forms.ModelMultipleChoiceField(
        Organisation.objects.none(), label=_("Organisations"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("For “Chosen organisations”."),
    )

    def __init__(self, *args, **kwargs) -> None:  # type: ignore[no-untyped-def]
        super().__init__(*args, **kwargs)
        self.fields["groups"].queryset = Group.objects.exclude(name=EDITORS).order_by("name")  # type: ignore[attr-defined]
        self.fields["organisations"].queryset = Organisation.objects.all()  # type: ignore[attr-defined]


class SectionForm(AudienceForm):
    """A new section; for /cms/."""

    index = forms.ChoiceField(label=_("Where"), choices=[(KB, _("Support articles")), (WIKI, _("Wiki"))])
    title = _RawTextField(label=_("Title"))
    intro = _RawTextField(label=_("Introduction"), help_text=_("One sentence under the title."))
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=languages.choices,
        help_text=_("What the search reads the wiki pages in it by; articles name their own."),
    )  # fmt: skip
    field_order: Iterable[str] = ["index", "title", "intro", "language", "audience", "groups", "organisations"]
