"""Reading one's own drafts."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.drafts.contexts import spots
from accounts.drafts.models import Draft
from accounts.drafts.services import MOST_DRAFTS
from accounts.viewer import Viewer


def drafts_of(viewer: Viewer) -> list[Draft]:
    """All of the viewer's drafts, the latest first, each with `label` and `url` ("" where one cannot go on)."""
    drafts = list(Draft.objects.visible_to(viewer).order_by("-updated_at", "-pk")[:MOST_DRAFTS])
    found = spots(viewer, [draft.context for draft in drafts])
    for draft in drafts:
        spot = found.get(draft.context)
        draft.label = spot.label if spot else _("Something that is not there for you any more")
        draft.url = spot.url if spot else ""
    return drafts
