"""The form of a space's settings: thin, over the one table of `settings`."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Audience
from accounts.selectors import person
from accounts.viewer import Viewer
from community.spaces.icons import ICONS
from community.spaces.kinds import USUAL, kinds
from community.spaces.models import Act, Space
from community.spaces.named import groups_named, organisations_named
from community.spaces.services import address_invite, person_invite
from community.spaces.settings import LONGEST_TEMPLATE, MOST_TAGS, Settings, Who
from search import languages

_NAMES: Final = {"rows": 2, "spellcheck": "false"}
_OF_ACTS: Final = [
    (Audience.MEMBERS, _("Everyone who may read it")), (Audience.GROUPS, _("Chosen groups and people who joined")),
    (Audience.ORGANISATIONS, _("Chosen organisations")), (Audience.STAFF, _("Staff only")),
]  # fmt: skip
_PLAIN: Final = (
    "name", "slug", "purpose", "language", "colour", "icon", "kinds", "parent", "position", "is_archived", "template",
    "default_order", "tags_least", "joining", "audience",
)  # fmt: skip


def _names(label: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=4_000, widget=forms.Textarea(attrs=_NAMES))


class SpaceForm(forms.Form):
    """`given` is what a valid form sets; the service checks each value again and names its field."""

    name = forms.CharField(label=_("Name"), required=False)
    slug = forms.CharField(
        label=_("Address"), required=False,
        help_text=_("After /s/. Empty: made from the name. An earlier address leads to this one."),
    )
    purpose = forms.CharField(
        label=_("Purpose"), required=False, help_text=_("One or two sentences: what belongs here."),
        widget=forms.Textarea(attrs={"rows": 2, "data-limit": 300}),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=languages.choices,
        help_text=_("What the search reads its words by. A topic’s own tag, such as “de”, counts more."),
    )  # fmt: skip
    parent = forms.ModelChoiceField(
        label=_("Part of"), required=False, queryset=Space.objects.none(), to_field_name="slug",
        empty_label=_("No other space"), help_text=_("Only those who may read that space read this one."),
    )  # fmt: skip
    colour = forms.ChoiceField(label=_("Colour"), choices=Space.Colour)
    icon = forms.ChoiceField(label=_("Icon"), choices=ICONS)
    position = forms.IntegerField(
        label=_("Position"), required=False, initial=100, help_text=_("Small numbers come first in lists and menus.")
    )

    audience = forms.ChoiceField(label=_("Who may read"), choices=Audience)
    groups = _names(_("Groups, one a line"))
    organisations = _names(_("Organisations, one a line"))
    joining = forms.ChoiceField(label=_("How people join"), choices=Space.Joining, initial=Space.Joining.INVITATION)

    kinds = forms.MultipleChoiceField(
        label=_("Kinds of topic"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None: questions and discussions."),
    )  # fmt: skip
    template = forms.CharField(
        label=_("Template for new topics"), required=False, strip=False,
        help_text=_("Stands in the text box of a new topic, to be filled in."),
        widget=forms.Textarea(attrs={"rows": 6, "data-limit": LONGEST_TEMPLATE}),
    )  # fmt: skip
    tags_allowed = forms.CharField(
        label=_("Tags to choose from"), required=False, help_text=_("Separated by commas. Empty: any tag."),
        widget=forms.Textarea(attrs=_NAMES),
    )  # fmt: skip
    tags_least = forms.TypedChoiceField(
        label=_("Tags that a topic needs at least"), coerce=int, initial=0,
        choices=[(number, str(number)) for number in range(MOST_TAGS + 1)],
    )  # fmt: skip
    default_order = forms.ChoiceField(label=_("The list begins with"), choices=Space.Order)
    is_archived = forms.BooleanField(
        label=_("Archived: kept for reading, nothing new is taken"), required=False
    )

    def __init__(self, *args: Any, space: Space | None = None, **kwargs: Any) -> None:
        super().__init__(*args, initial=_initial(space), **kwargs)
        above = Space.objects.filter(parent=None).exclude(pk=space.pk if space else 0)
        self.fields["parent"].queryset = above  # type: ignore[attr-defined]
        self.fields["kinds"].choices = kinds()  # type: ignore[attr-defined]
        if space is not None and space.icon not in dict(ICONS):
            self.fields["icon"].choices = [(space.icon, space.icon), *ICONS]  # type: ignore[attr-defined]
        for kind, label in kinds():
            self.fields[f"template_{kind}"] = forms.CharField(
                label=label, required=False, strip=False, initial=space.templates.get(kind, "") if space else "",
                widget=forms.Textarea(attrs={"rows": 4, "data-limit": LONGEST_TEMPLATE}),
            )  # fmt: skip
        for act in Act:
            self.fields[f"{act}_by"] = forms.ChoiceField(
                label=act.label, choices=_OF_ACTS, initial=Audience.MEMBERS
            )
            self.fields[f"{act}_groups"] = _names(_("Groups, one a line"))
            self.fields[f"{act}_organisations"] = _names(_("Organisations, one a line"))

    def templates(self) -> list[forms.BoundField]:
        """The fields of the templates of single kinds, for the page."""
        return [self[f"template_{kind}"] for kind, _label in kinds()]

    def has_templates(self) -> bool:
        return any(field.value() for field in self.templates())

    def acts(self) -> list[dict[str, Any]]:
        """The fields of who may do what, for the template."""
        return [{"by": self[f"{act}_by"], "groups": self[f"{act}_groups"],
                 "organisations": self[f"{act}_organisations"]} for act in Act]  # fmt: skip

    def given(self) -> Settings:
        """The settings of a valid form. Raises ValidationError for a group or an organisation that is not there."""
        data = self.cleaned_data
        given: dict[str, Any] = {name: data[name] for name in _PLAIN} | self._who("", Audience(data["audience"]))
        given["position"] = 100 if data["position"] is None else data["position"]
        given["tags_allowed"] = data["tags_allowed"]
        given["templates"] = {kind: data[f"template_{kind}"] for kind, _label in kinds()}
        for act in Act:
            by = Audience(data[f"{act}_by"])
            named = self._who(f"{act}_", by)
            given[act.value] = Who(by, tuple(named["groups"]), tuple(named["organisations"]))
        return given  # type: ignore[return-value]

    def _who(self, prefix: str, by: Audience) -> dict[str, list[int]]:
        """The groups and organisations that stand under a choice; what another choice had named is not read."""
        groups, organisations = f"{prefix}groups", f"{prefix}organisations"
        lines = {
            groups: self.cleaned_data[groups].splitlines() if by == Audience.GROUPS else [],
            organisations: self.cleaned_data[organisations].splitlines() if by == Audience.ORGANISATIONS else [],
        }
        if by == Audience.ORGANISATIONS and not any(map(str.strip, lines[organisations])):
            raise ValidationError({organisations: _("Name one at least, as it is called.")})
        return {
            "groups": groups_named(lines[groups], field=groups),
            "organisations": organisations_named(lines[organisations], field=organisations),
        }


def _initial(space: Space | None) -> dict[str, Any]:
    if space is None:
        return {"kinds": list(USUAL)}
    values = {name: getattr(space, name) for name in _PLAIN if name not in ("parent", "kinds")}
    values |= {"parent": space.parent.slug if space.parent else None, "kinds": space.kinds or list(USUAL)}
    values |= {"tags_allowed": ", ".join(space.tags_allowed), **_lines("", space)}
    for rule in space.rules.prefetch_related("audience_groups", "audience_organisations"):
        values |= {f"{rule.act}_by": rule.audience, **_lines(f"{rule.act}_", rule)}
    return values


def _lines(prefix: str, named: Any) -> dict[str, str]:
    return {
        f"{prefix}groups": "\n".join(group.name for group in named.audience_groups.all()),
        f"{prefix}organisations": "\n".join(company.name for company in named.audience_organisations.all()),
    }


class AskForm(forms.Form):
    note = forms.CharField(
        label=_("Why would you like to join?"), required=False, help_text=_("The space’s reviewers read it.")
    )


class InviteForm(forms.Form):
    """One box for both; an address is told by its @ inside."""

    person = forms.CharField(
        label=_("Username or e-mail address"), required=False,
        help_text=_("An address gets a link that opens once, within two weeks."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip

    def invite(self, viewer: Viewer, space: Space) -> None:
        """Raises ValidationError({"person": …}) for nobody, and for whom a service refuses."""
        words = self.cleaned_data["person"].strip()
        if "@" in words.lstrip("@"):
            try:
                address_invite(viewer=viewer, space=space, email=words)
            except ValidationError as error:
                raise ValidationError({"person": error.messages}) from error
            return
        user = person(viewer, words.lstrip("@"))
        if user is None or not user.is_active:
            raise ValidationError({"person": _("There is nobody of this name.")})
        person_invite(viewer=viewer, space=space, user=user)
