"""The tokens that sections give: `section:4` to all who may read it."""

from __future__ import annotations

from accounts.audience import tokens_for
from accounts.viewer import Viewer
from knowledge.models import SectionPage


def section_tokens(viewer: Viewer) -> set[str]:
    """The viewer's section tokens, by one query. An unpublished section gives none, so all in it is hidden."""
    return tokens_for(viewer, SectionPage.objects.filter(live=True).order_by(), "section")
