"""Setting up spaces: what they are called, where they stand, and who may do what in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.models import Audience
from accounts.viewer import Viewer
from community.spaces import policies
from community.spaces.models import Act, Space, SpaceAddress, SpaceRule
from community.spaces.settings import Settings, Who, cleaned


@transaction.atomic
def space_create(*, viewer: Viewer, **given: Unpack[Settings]) -> Space:
    """Open a space. Without a `slug` the name makes it; without readers everyone reads it.

    Raises NotAllowed unless the viewer is an admin, ValidationError by field of `Settings`.
    """
    _authorised(viewer)
    given.setdefault("name", "")
    given["slug"] = given.get("slug") or slugify(str(given["name"]))[:60].strip("-")
    if not given["slug"]:
        del given["slug"]
    values = cleaned(given)
    if "slug" not in values:
        raise ValidationError({"slug": _("The name gives no address. Write one, such as “getting-started”.")})
    parent = _checked_parent(None, given.get("parent"))
    _check_slug(values["slug"], None)

    space = Space.objects.create(parent=parent, **values)
    SpaceAddress.objects.filter(slug=space.slug).delete()
    _set_readers(space, given)
    _set_rules(space, given)

    events.record("space.created", actor=viewer, target=space, data={"audience": space.audience})
    return space


@transaction.atomic
def space_change(*, viewer: Viewer, space: Space, **given: Unpack[Settings]) -> Space:
    """Change some settings of a space, at once for all that is in it; an address that it had leads to the new one.

    Raises NotAllowed unless the viewer is an admin, ValidationError by field of `Settings`.
    """
    _authorised(viewer)
    values = cleaned(given)
    locked = Space.objects.select_for_update().get(pk=space.pk)
    if "parent" in given:
        values["parent"] = _checked_parent(locked, given["parent"])
    if "slug" in values:
        _check_slug(values["slug"], locked)
    before = {name: getattr(locked, name) for name in values}

    changed = [name for name, value in values.items() if before[name] != value]
    for name in changed:
        setattr(locked, name, values[name])
    locked.save(update_fields=changed)
    if "slug" in changed:
        _keep_address(locked, before["slug"])
    changed += _set_readers(locked, given)
    changed += _set_rules(locked, given)

    _record(viewer, locked, changed, before)
    return locked


def _record(viewer: Viewer, space: Space, changed: list[str], before: dict[str, Any]) -> None:
    """Nothing changed, nothing happened."""
    if not changed:
        return
    events.record("space.changed", actor=viewer, target=space, data={"fields": changed})
    if "audience" in changed:
        told = {"before": before["audience"], "after": space.audience}
        events.record("space.audience_changed", actor=viewer, target=space, data=told)


def space_set_audience(
    *, viewer: Viewer, space: Space, audience: str, groups: Iterable[int] = (), organisations: Iterable[int] = ()
) -> Space:
    """Change who may read a space and all in it, at once and with nothing to reindex."""
    changed = space_change(
        viewer=viewer, space=space, audience=audience, groups=list(groups), organisations=list(organisations)
    )
    space.audience = changed.audience
    return space


def _authorised(viewer: Viewer) -> None:
    if not policies.can_manage(viewer):
        raise NotAllowed(_("Only admins set up spaces."))


def _check_slug(slug: str, space: Space | None) -> None:
    """Raises ValidationError({"slug": …}) for an address that another space has now; one that it had is given up."""
    taken = Space.objects.filter(slug=slug)
    if space is not None:
        taken = taken.exclude(pk=space.pk)
    if taken.exists():
        raise ValidationError({"slug": _("Another space has this address. Choose another one.")})


def _keep_address(space: Space, before: str) -> None:
    SpaceAddress.objects.filter(slug=space.slug).delete()
    SpaceAddress.objects.update_or_create(slug=before, defaults={"space": space})


def _checked_parent(space: Space | None, parent: Space | None) -> Space | None:
    """The row of the space above, locked, so that two changes at once make no third level."""
    if parent is None:
        return None
    above = Space.objects.select_for_update().get(pk=parent.pk)
    if space is not None and above.pk == space.pk:
        raise ValidationError({"parent": _("A space cannot be part of itself.")})
    if above.parent_id is not None:
        told = _("“%s” is part of another space already; there are two levels.")
        raise ValidationError({"parent": told % above.name})
    if space is not None and space.children.exists():
        raise ValidationError({"parent": _("This space has parts of its own, so it cannot be part of another.")})
    return above


def _set_readers(space: Space, given: Settings) -> list[str]:
    """Set the groups and organisations that were given; returns the names of those that changed."""
    named: dict[str, Any] = {"groups": space.audience_groups, "organisations": space.audience_organisations}
    changed = []
    for name, rows in named.items():
        if name in given:
            wanted = set(given[name])  # type: ignore[literal-required]
            if wanted != set(rows.values_list("pk", flat=True)):
                rows.set(wanted)
                changed.append(name)
    return changed


def _set_rules(space: Space, given: Settings) -> list[str]:
    """Write the rules that were given, one an act; returns the acts whose rule changed."""
    acts = {act.value: given[act.value] for act in Act if act.value in given}  # type: ignore[literal-required]
    wrong = {
        act: _("Choose one of: %s.") % ", ".join(_OF_ACTS) for act, who in acts.items() if who.by not in _OF_ACTS
    }
    if wrong:
        raise ValidationError(wrong)
    changed = [act for act, who in acts.items() if _rule_set(space, act, who)]
    if changed:
        space.narrowed = sorted(space.rules.values_list("act", flat=True))
        space.save(update_fields=["narrowed"])
    return changed


_OF_ACTS: Final = (Audience.MEMBERS, Audience.GROUPS, Audience.ORGANISATIONS, Audience.STAFF)


def _rule_set(space: Space, act: str, who: Who) -> bool:
    """Whether anything is otherwise now. Everyone who reads it is no rule at all."""
    rule = space.rules.filter(act=act).first()
    if who.by == Audience.MEMBERS:
        return bool(rule and rule.delete())
    had = _who(rule)
    if had == Who(who.by, tuple(sorted(who.groups)), tuple(sorted(who.organisations))):
        return False
    rule, _is_new = SpaceRule.objects.update_or_create(space=space, act=act, defaults={"audience": who.by})
    rule.audience_groups.set(who.groups)
    rule.audience_organisations.set(who.organisations)
    return True


def _who(rule: SpaceRule | None) -> Who | None:
    if rule is None:
        return None
    groups = rule.audience_groups.order_by("pk").values_list("pk", flat=True)
    organisations = rule.audience_organisations.order_by("pk").values_list("pk", flat=True)
    return Who(rule.audience, tuple(groups), tuple(organisations))
