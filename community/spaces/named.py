"""Groups and organisations as people and programs name them."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from accounts.models import Organisation


def groups_named(names: Iterable[str], *, field: str) -> list[int]:
    """The ids of groups by their names. Raises ValidationError({field: …}) for one that is not there."""
    told = _("There is no group “%s”. Groups are made in the admin pages.")
    return _named(Group.objects.all(), ["name"], names, field, told)


def organisations_named(names: Iterable[str], *, field: str) -> list[int]:
    """The ids of organisations by their names or addresses. Raises ValidationError({field: …})."""
    return _named(Organisation.objects.all(), ["name", "slug"], names, field, _("There is no organisation “%s”."))


def _named(rows: QuerySet, keys: list[str], names: Iterable[str], field: str, told: str) -> list[int]:
    wanted = [name.strip() for name in names if name.strip()][:200]
    known: dict[str, int] = {}
    for key in keys:
        found: list[Model] = list(rows.filter(**{f"{key}__in": wanted}))
        known |= {getattr(row, key): row.pk for row in found}
    if missing := [name for name in wanted if name not in known]:
        raise ValidationError({field: told % missing[0][:80]})
    return list(dict.fromkeys(known[name] for name in wanted))
