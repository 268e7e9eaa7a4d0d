"""Pages from another platform: their links follow what was imported, without that being an edit."""

from __future__ import annotations

from django.db import transaction

from accounts.events import services as events
from accounts.text import LIMITS, clean_source, render_markdown
from knowledge.models import ArticlePage, WikiPage


@transaction.atomic
def page_rewrite(*, page: ArticlePage | WikiPage, body: str) -> None:
    """Replace the text of an imported page and of its live revision; history and dates stay. A quiet event.

    Raises ValidationError({"body": …}).
    """
    source = clean_source(body, limit=LIMITS["article"])
    html = render_markdown(source)

    type(page).objects.filter(pk=page.pk).update(body=source, html=html)
    revision = page.live_revision
    if revision:
        revision.content = {**revision.content, "body": source, "html": html}
        revision.save(update_fields=["content"])

    noun = "article" if isinstance(page, ArticlePage) else "wiki"
    with events.quietly():
        events.record(f"{noun}.published", target=(noun, page.pk), data={"imported": True})
