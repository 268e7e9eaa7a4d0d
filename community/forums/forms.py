"""What the browser sends: thin forms over the services, which check everything again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.text import LIMITS
from accounts.viewer import Viewer
from community.forums.models import Results, Topic
from community.forums.services.acts import Options
from community.forums.services.polls import PollInput
from community.spaces.models import Space

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

    def __init__(self, *args, kinds: list[tuple[str, str]] = (), tags: str | None = "", **kwargs) -> None:  # type: ignore[assignment]
        """`tags` is what a space says about its tags; None where this person gives none."""
        super().__init__(*args, **kwargs)
        if tags is None:
            del self.fields["tags"]
        elif tags:
            self.fields["tags"].help_text = tags
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


class PollForm(forms.Form):
    """A poll; `days` empty never closes by itself."""

    question = RawTextField(label=_("Question"))
    options = RawTextField(
        label=_("Options"), help_text=_("One a line, 2 to 20."), widget=forms.Textarea(attrs={"rows": 4})
    )
    most = forms.IntegerField(label=_("How many may a person choose?"), required=False, min_value=1, max_value=20)
    results = forms.ChoiceField(label=_("Show results"), choices=Results.choices, required=False)
    days = forms.IntegerField(
        label=_("Close after how many days?"), required=False, min_value=1, max_value=730,
        help_text=_("Empty: when you close it."),
    )  # fmt: skip
    is_public = forms.BooleanField(label=_("Show who chose what"), required=False)

    def asked(self) -> PollInput:
        """What a valid form asks."""
        data = self.cleaned_data
        return PollInput(
            question=data["question"], options=data["options"].splitlines(), most=data["most"] or 1,
            results=data["results"] or Results.ALWAYS, is_public=data["is_public"],
            closes_at=timezone.now() + timedelta(days=data["days"]) if data["days"] else None,
        )  # fmt: skip


class ActForm(forms.Form):
    """A moderator's button, with what some of them ask besides. `options` reads it for the service."""

    act = forms.CharField(max_length=20)
    space = forms.SlugField(required=False, max_length=60)
    other = forms.CharField(required=False, max_length=300)
    until = forms.DateTimeField(required=False)
    minutes = forms.IntegerField(required=False, min_value=0, max_value=10_080)
    notice = RawTextField(max_length=500)

    def options(self, viewer: Viewer) -> Options:
        """Raises ValidationError by field for a space or a topic that the viewer does not see."""
        data = self.cleaned_data
        space = None
        if data["act"] == "move":
            space = Space.objects.visible_to(viewer).filter(slug=data["space"]).first()
            if space is None:
                raise ValidationError({"space": _("Choose a space that you can read.")})
        other = topic_named(viewer, data["other"], field="other") if data["act"] in ("merge", "duplicate") else None
        return Options(
            space=space, other=other, until=data["until"], seconds=60 * (data["minutes"] or 0), notice=data["notice"]
        )


def topic_named(viewer: Viewer, words: str, *, field: str) -> Topic:
    """The topic of an address or a number that somebody pasted. Raises ValidationError({field: …})."""
    found = re.search(r"(?:/t/|^\s*#?)(\d{1,12})(?=[/?#\s]|$)", words or "")
    topic = Topic.objects.visible_to(viewer).filter(pk=int(found[1])).first() if found else None
    if topic is None:
        raise ValidationError({field: _("Paste the address of a topic that you can read, such as /t/12/.")})
    return topic


def offer_spaces(form: forms.Form, spaces: Sequence[Space], kind: str) -> bool:
    """Let a form's `space` be one of these, a single one chosen already; says whether there are any.

    The text begins with the template that the chosen space, or the first, has for this kind; `form.templates` are all.
    """
    field = form.fields["space"]
    field.queryset = Space.objects.filter(pk__in=[space.pk for space in spaces])  # type: ignore[attr-defined]
    if len(spaces) == 1:
        field.initial = spaces[0].slug
    texts = {space.slug: space.template_for(kind) for space in spaces}
    form.templates = texts if any(texts.values()) else {}  # type: ignore[attr-defined]
    chosen = str(form.initial.get("space") or "")
    first = texts.get(chosen, next(iter(texts.values()), ""))
    form.initial.setdefault("body", first)
    return bool(spaces)
