"""What erasing a person does to articles and the wiki: texts that many wrote stay, and no version says who.

In the tables of Wagtail too: what it writes by itself about who was where.
"""

from __future__ import annotations

import secrets

from accounts.erasing.rules import Rows, leave_empty, let_go, register_link, register_text
from knowledge.models import ArticleVote
from search import outbox

OWN = (
    "wagtailusers.UserProfile", "wagtailadmin.EditingSession", "wagtailadmin.FormState", "wagtailcore.APIToken",
    "wagtailcore.Comment", "wagtailcore.CommentReply", "wagtailcore.PageSubscription",
)  # fmt: skip
NAMING = {
    "wagtaildocs.Document": ("uploaded_by_user",), "wagtailimages.Image": ("uploaded_by_user",),
    "wagtailcore.UploadedFile": ("uploaded_by_user",), "wagtailcore.Revision": ("user",),
    "wagtailcore.WorkflowState": ("requested_by",), "wagtailcore.TaskState": ("finished_by",),
    "wagtailcore.Comment": ("resolved_by",), "wagtailcore.ModelLogEntry": ("user",),
    "wagtailcore.PageLogEntry": ("user",), "knowledge.ArticleStanding": ("verified_by",),
}  # fmt: skip


def register_all() -> None:
    register_link("knowledge.ArticleVote", "user", votes_stay)
    register_link("wagtailcore.Page", "owner", leave_empty, changed=_pages_changed)
    register_link("wagtailcore.Page", "locked_by", leave_empty)
    for label in OWN:
        register_link(label, "user", let_go)
    for label, fields in NAMING.items():
        for field in fields:
            register_link(label, field, leave_empty)
    register_text("knowledge.ArticlePage", "body", "html", "summary", "product", "tags", changed=_pages_changed)
    register_text("knowledge.WikiPage", "body", "html", changed=_pages_changed)
    register_text("knowledge.SectionPage", "intro")
    register_text("knowledge.WikiEdit", "comment")
    register_text("wagtailcore.Page", "title", "draft_title", changed=_pages_changed)
    register_text("wagtailcore.Revision", "content", "object_str")
    register_text("wagtailcore.PageLogEntry", "label", "data")
    register_text("wagtailcore.ModelLogEntry", "label", "data")
    register_text("wagtailcore.Comment", "text")
    register_text("wagtailcore.CommentReply", "text")
    register_text("wagtaildocs.Document", "title")
    register_text("wagtailimages.Image", "title", "description")


def votes_stay(rows: Rows, field: str) -> None:
    """As votes of visitors whom nobody knows."""
    for vote in rows:
        ArticleVote.objects.filter(pk=vote.pk).update(user=None, visitor=secrets.token_hex(16))


def _pages_changed(rows: Rows) -> None:
    for kind in ("article", "wiki"):
        outbox.mark(kind, [page.pk for page in rows])
