"""Not hearing of a space or a tag, and hearing of it again. It is the person's own business, so it leaves no event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.viewer import Viewer
from community.forums.models import Mute, Tag
from community.spaces import policies as spaces
from community.spaces.models import Space

MOST: Final = 200  # that one person may mute


@transaction.atomic
def space_mute(*, viewer: Viewer, space: Space, on: bool) -> bool:
    """Mute a space with its parts, or hear of it again; twice is once. Returns whether anything changed.

    Raises NotAllowed for who is not signed in or does not read it, ValidationError({"space": …}) beyond 200 mutes.
    """
    if not viewer.reads_own or not spaces.can_see(viewer, space):
        raise NotAllowed(_("Sign in to mute spaces."))
    return _set(viewer, on, "space", space=space)


@transaction.atomic
def tag_mute(*, viewer: Viewer, tag: Tag, on: bool) -> bool:
    """As `space_mute`, of all topics that carry a tag; whoever calls made sure that the viewer sees it somewhere."""
    if not viewer.reads_own:
        raise NotAllowed(_("Sign in to mute tags."))
    return _set(viewer, on, "tag", tag=tag)


def _set(viewer: Viewer, on: bool, field: str, **what: Space | Tag) -> bool:
    mine = Mute.objects.filter(user=viewer.user_id)
    if not on:
        return bool(mine.filter(**what).delete()[0])
    # The person's other choices wait here, so that what is sent at once is counted one after the other.
    list(User.objects.select_for_update(no_key=True).filter(pk=viewer.user_id).values_list("pk"))
    if mine.exclude(**what).count() >= MOST:
        raise ValidationError({field: _("You mute %s spaces and tags. Hear of some of them again first.") % MOST})
    return Mute.objects.get_or_create(user_id=viewer.user_id, **what, defaults={"created_at": timezone.now()})[1]


@dataclass(frozen=True, slots=True)
class MuteRow:
    """As `Mute`, of people who came in together: a space's id, or the name of a tag."""

    user_id: int
    created_at: datetime
    space_id: int | None = None
    tag: str = ""


@transaction.atomic
def mutes_import(*, rows: Sequence[MuteRow]) -> None:
    """Bring in what people muted elsewhere; what they mute here already stays. Tags that are new here are made."""
    names = sorted({row.tag for row in rows if row.tag})
    Tag.objects.bulk_create([Tag(name=name) for name in names], ignore_conflicts=True)
    tags = dict(Tag.objects.filter(name__in=names).values_list("name", "pk"))
    made = [
        Mute(user_id=row.user_id, space_id=row.space_id, tag_id=tags.get(row.tag), created_at=row.created_at)
        for row in rows
    ]
    Mute.objects.bulk_create(made, ignore_conflicts=True)
