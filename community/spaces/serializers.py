"""What the API takes in and gives out for spaces."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from rest_framework import serializers

from accounts.viewer import Viewer
from community.spaces.kinds import USUAL
from community.spaces.models import Act, Space, SpaceRule
from community.spaces.named import groups_named, organisations_named
from community.spaces.policies import can_manage, may
from community.spaces.settings import Settings, Who


def _names() -> serializers.ListField:
    return serializers.ListField(child=serializers.CharField(max_length=200), required=False, max_length=200)


class WhoInput(serializers.Serializer):
    """Those who may do something; `members` is everyone who may read the space."""

    by = serializers.CharField(max_length=20)
    groups = _names()
    organisations = _names()


class SpaceInput(serializers.Serializer):
    """Only types are checked here; the settings are the service's, which pages use too."""

    name = serializers.CharField(required=False, max_length=2_000, trim_whitespace=False)
    slug = serializers.CharField(required=False, max_length=2_000)
    purpose = serializers.CharField(required=False, max_length=32_000, allow_blank=True)
    language = serializers.CharField(
        required=False, max_length=40, allow_blank=True, help_text="A code such as `de`; empty: the site's."
    )  # fmt: skip
    colour = serializers.CharField(required=False, max_length=40)
    icon = serializers.CharField(required=False, max_length=80)
    kinds = _names()
    parent = serializers.SlugField(required=False, max_length=60, allow_null=True)  # type: ignore[assignment]
    position = serializers.IntegerField(required=False)
    is_archived = serializers.BooleanField(required=False)
    template = serializers.CharField(required=False, allow_blank=True, trim_whitespace=False)
    templates = serializers.DictField(
        child=serializers.CharField(allow_blank=True, trim_whitespace=False), required=False
    )  # fmt: skip
    default_order = serializers.CharField(required=False, max_length=40)
    tags_allowed = _names()
    tags_least = serializers.IntegerField(required=False)
    joining = serializers.CharField(required=False, max_length=40)
    audience = serializers.CharField(required=False, max_length=40)
    groups = _names()
    organisations = _names()
    start = WhoInput(required=False)
    reply = WhoInput(required=False)
    tag = WhoInput(required=False)

    def given(self, viewer: Viewer) -> Settings:
        """The settings of valid input. Raises ValidationError by field for what is named and is not there."""
        data: dict[str, Any] = dict(self.validated_data)
        if data.get("parent") is not None:
            above = Space.objects.visible_to(viewer).filter(slug=data["parent"]).first()
            if above is None:
                raise ValidationError({"parent": _("There is no space with this address.")})
            data["parent"] = above
        if "groups" in data:
            data["groups"] = groups_named(data["groups"], field="groups")
        if "organisations" in data:
            data["organisations"] = organisations_named(data["organisations"], field="organisations")
        for act in Act:
            if act.value in data:
                data[act.value] = _who(data[act.value], act.value)
        return data  # type: ignore[return-value]


def _who(given: dict[str, Any], field: str) -> Who:
    groups = groups_named(given.get("groups", ()), field=field)
    organisations = organisations_named(given.get("organisations", ()), field=field)
    return Who(given["by"], tuple(groups), tuple(organisations))


def show_space(viewer: Viewer, space: Space) -> dict[str, Any]:
    """A space as the API tells it to this viewer; the space above it is selected, and they read that, too."""
    return {
        "id": space.pk,
        "slug": space.slug,
        "name": space.name,
        "purpose": space.purpose,
        "language": space.language,
        "audience": space.audience,
        "parent": space.parent.slug if space.parent else None,
        "colour": space.colour,
        "icon": space.icon,
        "kinds": space.kinds or list(USUAL),
        "template": space.template,
        "templates": space.templates,
        "default_order": space.default_order,
        "tags_allowed": space.tags_allowed,
        "tags_least": space.tags_least,
        "joining": space.joining,
        "is_archived": space.is_archived,
        "may": {act.value: may(viewer, space, act) for act in Act},
        "topic_count": space.topic_count,
        "last_activity_at": space.last_activity_at,
        "url": settings.SITE_URL + space.get_absolute_url(),
    }


def show_whole(viewer: Viewer, space: Space) -> dict[str, Any]:
    """The same; for admins with who is named, too."""
    shown = show_space(viewer, space)
    if not can_manage(viewer):
        return shown
    rules = {rule.act: rule for rule in space.rules.prefetch_related("audience_groups", "audience_organisations")}
    everyone = {"by": "members", "groups": [], "organisations": []}
    shown |= {act.value: _named(rules[act.value]) if act.value in rules else everyone for act in Act}
    named = _named(space)
    return shown | {"position": space.position, "groups": named["groups"], "organisations": named["organisations"]}


def _named(row: Space | SpaceRule) -> dict[str, Any]:
    return {
        "by": row.audience,
        "groups": [group.name for group in row.audience_groups.all()],
        "organisations": [organisation.slug for organisation in row.audience_organisations.all()],
    }
