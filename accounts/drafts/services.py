"""Keeping drafts. They are their owner's alone and nobody is told of them, so they leave no event in the log."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.drafts.contexts import parts_of
from accounts.drafts.models import BODY_LIMIT, Draft
from accounts.errors import Conflict, NotAllowed
from accounts.models import User
from accounts.text import clean_source
from accounts.uploads.services import uses_set
from accounts.viewer import Viewer

KEPT_FOR: Final = timedelta(days=180)
MOST_DRAFTS: Final = 100  # a person's; the one not touched for longest gives way


@transaction.atomic
def draft_save(
    *,
    viewer: Viewer,
    context: str,
    version: int,
    title: str = "",
    body: str = "",
    tags: str = "",
    base: str = "",
    at: datetime | None = None,
) -> Draft | None:
    """Keep a text; with nothing in it the draft is let go (returns None).

    `version` is the one that the writer saw, 0 for none: raises Conflict when another tab or device has saved since, or
    the text was sent. Also NotAllowed for nobody, ValidationError by field: context, title, body, tags, base.
    """
    if not viewer.reads_own:
        raise NotAllowed(_("Sign in to keep drafts."))
    if parts_of(context) is None:
        raise ValidationError({"context": _("There are no drafts of this.")})
    said = {
        "title": clean_source(title, field="title", limit=200, required=False),
        "body": clean_source(body, field="body", limit=BODY_LIMIT, required=False),
        "tags": clean_source(tags, field="tags", limit=250, required=False),
    }
    begun_from = clean_source(base, field="base", limit=20, required=False)
    # The person's other saves wait here: two tabs that both know of no draft cannot both begin one.
    list(User.objects.select_for_update(no_key=True).filter(pk=viewer.user_id).values_list("pk"))
    draft = Draft.objects.filter(owner=viewer.user_id, context=context).first()
    if version != (draft.version if draft else 0):
        raise Conflict(_("This was changed in another tab or on another device."))
    if not any(text.strip() for text in said.values()):
        draft_remove(viewer=viewer, context=context)
        return None

    now = at or timezone.now()
    draft, before = draft or Draft(owner_id=viewer.user_id, context=context, version=0, created_at=now), draft
    old = draft.body if before else ""
    for field, text in said.items():
        setattr(draft, field, text)
    draft.base, draft.version, draft.updated_at = begun_from, version + 1, now
    draft.save()
    uses_set(viewer=viewer, target=draft, source=draft.body, before=old, at=now)
    if before is None:
        _make_room(viewer)
    return draft


def _make_room(viewer: Viewer) -> None:
    """Of more than a hundred, the oldest go."""
    own = Draft.objects.filter(owner=viewer.user_id).order_by("-updated_at", "-pk")
    Draft.objects.filter(pk__in=list(own.values_list("pk", flat=True)[MOST_DRAFTS:])).delete()


def draft_remove(*, viewer: Viewer, context: str) -> bool:
    """Let a draft go, because it was sent or is not wanted; returns whether there was one."""
    return bool(Draft.objects.visible_to(viewer).filter(context=context).delete()[0])


def drafts_purge(*, now: datetime | None = None) -> int:
    """Let go of what was not touched for 180 days; returns how many."""
    return Draft.objects.filter(updated_at__lt=(now or timezone.now()) - KEPT_FOR).delete()[0]
