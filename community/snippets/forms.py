"""Forms of snippets: files, as many as are wanted, and what is said about them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.text import LIMITS, whole_number
from accounts.viewer import Viewer
from community.forums.forms import RawTextField, offer_spaces
from community.forums.models import Kind
from community.snippets.files import CodeFile
from community.snippets.languages import CHOICES
from community.snippets.models import MOST_CODE, MOST_FILES, SnippetVersion
from community.snippets.policies import can_share
from community.spaces.models import Space


def spaces_for_code(viewer: Viewer) -> list[Space]:
    """The spaces where this viewer may share code, in their order; one query."""
    return [space for space in Space.objects.visible_to(viewer).open() if can_share(viewer, space)]


class FileForm(forms.Form):
    """One file; one without a name and without code is left out."""

    name = RawTextField(label=_("File name"))
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("As the name ends")), *CHOICES], required=False
    )
    code = RawTextField(
        label=_("Code"),
        widget=forms.Textarea(attrs={"rows": 12, "data-limit": MOST_CODE, "spellcheck": "false", "class": "code"}),
    )


class _Files(forms.BaseFormSet):
    def sent_files(self) -> list[CodeFile]:
        """What is filled in of a valid form set."""
        given = [form.cleaned_data for form in self.forms if form.cleaned_data]
        return [
            CodeFile(data["name"], data["code"], data["language"])
            for data in given if data["name"].strip() or data["code"].strip()
        ]  # fmt: skip


FileForms = forms.formset_factory(FileForm, formset=_Files, extra=1, max_num=MOST_FILES, absolute_max=MOST_FILES + 5)


def files_of(version: SnippetVersion) -> Any:
    """The files of a version, to be changed."""
    initial = [{"name": file.name, "language": file.language, "code": file.code} for file in version.files.all()]
    return FileForms(initial=initial, prefix="file")


def with_one_more(data: QueryDict) -> Any:
    """What was sent, with an empty file more and without a word of what is missing yet."""
    sent = data.copy()
    total = whole_number(sent.get("file-TOTAL_FORMS", "1"), most=999)
    sent["file-TOTAL_FORMS"] = str(min((1 if total is None else total) + 1, MOST_FILES))
    return FileForms(sent, prefix="file")


class VersionForm(forms.Form):
    """What a version is called and what is new in it."""

    label = RawTextField(label=_("Version"), help_text=_("As you call it, such as 1.2; empty is fine."))
    note = RawTextField(label=_("What changed?"))
    number = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)


class SnippetForm(forms.Form):
    """A new snippet. `space` offers only the spaces that take code."""

    title = RawTextField(label=_("What does it do?"), help_text=_("Such as “Export the energy history as CSV”."))
    label = RawTextField(label=_("Version"), help_text=_("As you call it, such as 1.2; empty is fine."))
    body = RawTextField(
        label=_("How is it used?"), widget=forms.Textarea(attrs={"rows": 6, "data-limit": LIMITS["body"]})
    )
    space = forms.ModelChoiceField(
        label=_("Space"), queryset=Space.objects.none(), to_field_name="slug", empty_label=None
    )
    tags = RawTextField(label=_("Tags"), help_text=_("Up to five, separated by commas."))
    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, *args, viewer: Viewer, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.has_spaces = offer_spaces(self, spaces_for_code(viewer), Kind.SNIPPET)
