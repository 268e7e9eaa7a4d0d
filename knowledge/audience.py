"""The tokens that sections give: `section:4` to all who may read it."""

from __future__ import annotations

from django.db.models import CharField, QuerySet, Value

from accounts.audience import readable_by, tokens_of
from accounts.viewer import TokenRow, Viewer
from knowledge.models import SectionPage


def section_rows(viewer: Viewer) -> QuerySet:
    """The sections that the viewer may read. An unpublished section gives none, so all in it is hidden."""
    readable = SectionPage.objects.order_by().filter(readable_by(viewer), live=True)
    return readable.annotate(role=Value("", output_field=CharField())).values_list("pk", "role")


def section_tokens(viewer: Viewer, rows: list[TokenRow]) -> set[str]:
    """The viewer's section tokens."""
    return tokens_of(viewer, "section", (pk for pk, _role in rows))
