"""Who may work in /cms/: one group that holds every staff member, with rights on the sections that all staff may read.

A section for chosen groups is edited in /cms/ by admins only: Wagtail's rights go by group, and not every editor is
among its readers.
"""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from wagtail.models import GroupPagePermission, Page

from accounts.models import Audience, User
from knowledge.models import SectionPage

EDITORS: Final = "Knowledge editors"
_RIGHTS: Final = ("add", "change", "publish")
_CLOSED_TO_EDITORS: Final = frozenset({Audience.GROUPS})


@transaction.atomic
def editors_group() -> Group:
    """The group, with the right to enter /cms/."""
    group, _created = Group.objects.get_or_create(name=EDITORS)
    admin, _created = ContentType.objects.get_or_create(app_label="wagtailadmin", model="admin")
    entry, _created = Permission.objects.get_or_create(
        content_type=admin, codename="access_admin", defaults={"name": "Can access Wagtail admin"}
    )
    group.permissions.add(entry)
    return group


@transaction.atomic
def editor_set(*, user: User) -> bool:
    """Put a person among the editors when they hold a staff role, else take them out; returns which. Idempotent."""
    group = editors_group()
    is_editor = bool(user.roles) and user.is_active
    if is_editor:
        user.groups.add(group)
    else:
        user.groups.remove(group)
    return is_editor


@transaction.atomic
def editors_sync() -> int:
    """Make the group hold exactly the active staff and the rights that the sections' audiences give; for the demo,
    imports and repairs. Returns how many editors there are."""
    group = editors_group()
    staff = User.objects.filter(is_active=True).filter(
        Q(is_agent=True) | Q(is_manager=True) | Q(is_moderator=True) | Q(is_superuser=True)
    )
    group.user_set.set(staff)
    for section in SectionPage.objects.all():
        rights_set(section)
    return len(staff)


def rights_set(section: SectionPage) -> None:
    """Give the editors their rights on a section, or take them, as its audience says."""
    group = editors_group()
    if section.audience in _CLOSED_TO_EDITORS:
        GroupPagePermission.objects.filter(group=group, page_id=section.pk).delete()
        return
    page_type = ContentType.objects.get_for_model(Page)
    for right in _RIGHTS:
        permission, _created = Permission.objects.get_or_create(
            content_type=page_type, codename=f"{right}_page", defaults={"name": f"{right.capitalize()} any page"}
        )
        GroupPagePermission.objects.get_or_create(group=group, page_id=section.pk, permission=permission)
