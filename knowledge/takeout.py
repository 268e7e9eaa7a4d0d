"""What a person wrote in articles and the wiki, in the copy of their data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, Revision

from accounts.takeout.parts import Row, Taker, register_left_out, register_part
from knowledge.models import ArticlePage, ArticleVote, WikiEdit, WikiPage

UNUSED = "Wagtail's, closed or not used here"
LEFT_OUT = {
    "wagtailcore.Page": (["locked_by"], "what editors do with pages of all"),
    "knowledge.ArticleStanding": (["verified_by"], "what editors do with pages of all"),
    "wagtailcore.PageLogEntry": (["user"], "the same as the versions, as Wagtail logs it"),
    "wagtailcore.ModelLogEntry": (["user"], "what editors did with pages of all"),
    "wagtailadmin.EditingSession": (["user"], "gone when the editor's page is closed"),
    "wagtailusers.UserProfile": (["user"], "how the editor's screens look"),
    "wagtailadmin.FormState": (["user"], UNUSED), "wagtailcore.APIToken": (["user"], UNUSED),
    "wagtailcore.Comment": (["user", "resolved_by"], UNUSED), "wagtailcore.CommentReply": (["user"], UNUSED),
    "wagtailcore.PageSubscription": (["user"], UNUSED), "wagtaildocs.Document": (["uploaded_by_user"], UNUSED),
    "wagtailimages.Image": (["uploaded_by_user"], UNUSED), "wagtailcore.UploadedFile": (["uploaded_by_user"], UNUSED),
    "wagtailcore.WorkflowState": (["requested_by"], UNUSED), "wagtailcore.TaskState": (["finished_by"], UNUSED),
}  # fmt: skip


def register_all() -> None:
    register_part(
        "pages", label=_("Articles and wiki pages that you began"), place=14, show=pages,
        columns=[("wagtailcore.Page", "owner")], rows=lambda taker: Page.objects.filter(owner=taker.user),
    )  # fmt: skip
    register_part(
        "page-versions", label=_("Versions of articles and wiki pages that you wrote"), place=15, show=versions,
        columns=[("wagtailcore.Revision", "user")], rows=lambda taker: Revision.objects.filter(user=taker.user),
    )  # fmt: skip
    register_part(
        "article-votes", label=_("Articles that you judged"), place=30, show=votes,
        columns=[("knowledge.ArticleVote", "user")], rows=lambda taker: ArticleVote.objects.filter(user=taker.user),
    )  # fmt: skip
    for label, (names, why) in LEFT_OUT.items():
        register_left_out(label, names, why)


def pages_of(taker: Taker, ids: Iterable[int]) -> dict[int, Row]:
    """The title and address of articles and wiki pages, of those that they may read now; two queries."""
    wanted, told = set(ids), {}
    for model in (ArticlePage, WikiPage):
        for page in model.objects.visible_to(taker.viewer).filter(pk__in=wanted).order_by():
            told[page.pk] = {"title": page.title, "address": settings.SITE_URL + page.get_absolute_url()}
    return told


def pages(taker: Taker, rows: Sequence[Page]) -> list[Row]:
    found = pages_of(taker, (row.pk for row in rows))
    return [
        {"title": row.draft_title, "page": row.pk, "address": found.get(row.pk, {}).get("address"),
         "began_at": row.first_published_at or row.latest_revision_created_at}
        for row in rows
    ]  # fmt: skip


def versions(taker: Taker, rows: Sequence[Revision]) -> list[Row]:
    """Many write in one text: a version is in the copy while they may read the page, or where they began it."""
    ids = {row.pk: int(row.object_id) for row in rows if str(row.object_id).isdigit()}
    found = pages_of(taker, ids.values())
    begun = set(Page.objects.filter(owner=taker.user, pk__in=set(ids.values())).values_list("pk", flat=True))
    comments = dict(WikiEdit.objects.filter(revision__in=list(ids)).values_list("revision", "comment"))
    return [
        found.get(ids[row.pk], {}) | {"page": ids[row.pk], "at": row.created_at, "comment": comments.get(row.pk)}
        | (_words(row) if ids[row.pk] in found or ids[row.pk] in begun else {})
        for row in rows if row.pk in ids
    ]  # fmt: skip


def _words(row: Revision) -> Row:
    content = row.content if isinstance(row.content, dict) else {}
    return {"title": content.get("title"), "summary": content.get("summary"), "text": content.get("body")}


def votes(taker: Taker, rows: Sequence[ArticleVote]) -> list[Row]:
    found = pages_of(taker, (row.article_id for row in rows))
    return [
        found.get(row.article_id, {}) | {"page": row.article_id, "is_helpful": row.is_helpful, "at": row.created_at}
        for row in rows
    ]
