"""Support articles: written, changed, published, checked and judged helpful or not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import LogContext

from accounts.errors import Conflict, NotAllowed
from accounts.events import services as events
from accounts.models import User
from accounts.viewer import Viewer
from knowledge import policies
from knowledge.models import ArticlePage, ArticleStanding, ArticleVote, SectionPage
from knowledge.services.pages import author_id_of, insert_live, locked_section, user_of, write_live
from knowledge.tree import KB


@transaction.atomic
def article_create(
    *,
    viewer: Viewer,
    section: SectionPage,
    title: str,
    body: str,
    summary: str = "",
    slug: str = "",
    product: str = "",
    tags: Iterable[str] = (),
    language: str = "",
    author: User | None = None,
    at: datetime | None = None,
    imported_from: str = "",
) -> ArticlePage:
    """Write and publish an article; `body` is Markdown, `language` a code, empty for the section's.

    Raises NotAllowed unless the viewer is staff who may read the section, ValidationError naming the wrong field.
    """
    _authorise(viewer, section)
    if section.index != KB:
        raise ValidationError({"section": _("This is a section of the wiki; choose one of the support articles.")})

    article = ArticlePage(
        title=title, slug=slug, summary=summary, body=body, product=product, tags=", ".join(tags), language=language,
        imported_from=imported_from,
    )
    at = at or timezone.now()
    insert_live(article, parent=locked_section(section), author_id=author_id_of(viewer, author), at=at)

    events.record(
        "article.published", actor=author_id_of(viewer, author), target=("article", article.pk),
        data={"section": section.pk, "first": True}, at=at,
    )
    return article


@transaction.atomic
def article_update(
    *, viewer: Viewer, article: ArticlePage, author: User | None = None, at: datetime | None = None, **changes: str
) -> ArticlePage:
    """Change a published article's title, summary, body, product, tags, language or slug, and publish it.

    Raises NotAllowed, ValidationError, and Conflict while a draft of it waits in /cms/.
    """
    section = article.get_parent().specific
    _authorise(viewer, section)
    article = ArticlePage.objects.select_for_update(of=("self",)).get(pk=article.pk)
    if article.has_unpublished_changes:
        raise Conflict(_("A draft of this article waits in the editor. Publish or discard it first."))

    for name in changes.keys() & {"title", "summary", "body", "product", "tags", "language", "slug"}:
        setattr(article, name, changes[name])
    at = at or timezone.now()
    write_live(article, author_id=author_id_of(viewer, author), at=at)

    events.record(
        "article.published", actor=author_id_of(viewer, author), target=("article", article.pk),
        data={"section": section.pk}, at=at,
    )
    return article


@transaction.atomic
def article_publish(*, viewer: Viewer, article: ArticlePage) -> ArticlePage:
    """Publish the newest draft. The event comes from Wagtail's signal (`knowledge.receivers`)."""
    _authorise(viewer, article.get_parent().specific)

    user = user_of(viewer)
    with LogContext(user=user):
        article.get_latest_revision().publish(user=user, skip_permission_checks=True)

    return ArticlePage.objects.get(pk=article.pk)


@transaction.atomic
def article_unpublish(*, viewer: Viewer, article: ArticlePage) -> ArticlePage:
    """Take an article back to a draft; readers get 404 at once. The event comes from Wagtail's signal."""
    _authorise(viewer, article.get_parent().specific)

    user = user_of(viewer)
    with LogContext(user=user):
        UnpublishPageAction(article, user=user).execute(skip_permission_checks=True)

    return article


@transaction.atomic
def article_verify(*, viewer: Viewer, article: ArticlePage, at: datetime | None = None) -> ArticleStanding:
    """Say that the text was checked and is right today."""
    _authorise(viewer, article.get_parent().specific)

    standing, _created = ArticleStanding.objects.update_or_create(
        article=article, defaults={"verified_at": at or timezone.now(), "verified_by_id": viewer.user_id}
    )

    events.record("article.verified", actor=viewer, target=("article", article.pk), at=at)
    return standing


@transaction.atomic
def article_vote_helpful(
    *, viewer: Viewer, article: ArticlePage, is_helpful: bool, visitor: str = ""
) -> ArticleStanding:
    """Answer “Was this helpful?”: one answer a person, or a visitor (`visitor`: 32 characters from a signed cookie).

    Answering again changes the answer. Raises NotAllowed for nobody at all.
    """
    if not viewer.is_signed_in and len(visitor) != 32:
        raise NotAllowed(_("Allow cookies, or sign in, to answer this."))
    who = {"user_id": viewer.user_id} if viewer.is_signed_in else {"user_id": None, "visitor": visitor}
    standing = _locked_standing(article)

    vote, created = ArticleVote.objects.get_or_create(article=article, **who, defaults={"is_helpful": is_helpful})
    if not created and vote.is_helpful == is_helpful:
        return standing
    if not created:
        ArticleVote.objects.filter(pk=vote.pk).update(is_helpful=is_helpful)

    _count(standing, is_helpful, +1)
    if not created:
        _count(standing, not is_helpful, -1)
    standing.refresh_from_db()

    events.record("article.voted", actor=viewer, target=("article", article.pk), data={"is_helpful": is_helpful})
    return standing


def _authorise(viewer: Viewer, section: SectionPage) -> None:
    if not policies.can_write_articles(viewer, section):
        raise NotAllowed(_("Only staff write support articles."))


def _locked_standing(article: ArticlePage) -> ArticleStanding:
    ArticleStanding.objects.get_or_create(article=article)
    return ArticleStanding.objects.select_for_update().get(article=article)


def _count(standing: ArticleStanding, is_helpful: bool, by: int) -> None:
    name = "helpful_count" if is_helpful else "unhelpful_count"
    ArticleStanding.objects.filter(pk=standing.pk).update(**{name: F(name) + by})
