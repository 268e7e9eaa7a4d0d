"""The seam to Wagtail: what editors do in /cms/ becomes the same events that our own services record.

Each receiver runs in the writer's transaction or right after Wagtail's own write.
"""

from __future__ import annotations

from typing import Any, Final

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, Revision
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from accounts.events import services as events
from accounts.events.models import Event
from accounts.events.registry import subscribe
from accounts.models import User
from knowledge.models import ArticlePage, SectionPage, WikiPage
from knowledge.services.editors import editor_set, editors_group
from knowledge.services.site import tree_ensure
from knowledge.services.wiki import edit_add

_NOUNS: Final = {ArticlePage: "article", WikiPage: "wiki", SectionPage: "section"}


def connect(config: AppConfig) -> None:
    page_published.connect(published, dispatch_uid="knowledge.published")
    page_unpublished.connect(unpublished, dispatch_uid="knowledge.unpublished")
    post_page_move.connect(moved, dispatch_uid="knowledge.moved")
    page_slug_changed.connect(renamed, dispatch_uid="knowledge.renamed")
    post_migrate.connect(migrated, sender=config, dispatch_uid="knowledge.migrated")
    subscribe("user.role_changed", role_changed, name="knowledge.editors", when="now")
    subscribe("user.joined", joined, name="knowledge.new_editors", when="now")


def published(sender: type[Page], instance: Page, revision: Revision, **kwargs: Any) -> None:
    if isinstance(instance, WikiPage) and instance.live:
        edit_add(instance, revision)
    if instance.live:
        _record("published", sender, instance, fallback_actor=revision.user_id)


def unpublished(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """Also sent before a live page is deleted, while its id is still known."""
    _record("unpublished", sender, instance)


def moved(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    _record("moved", sender, instance)


def renamed(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    """A new address: links and cards follow."""
    _record("moved", sender, instance)


def role_changed(event: Event) -> None:
    user = User.objects.filter(pk=event.target_id).first()
    if user:
        editor_set(user=user)


def joined(event: Event) -> None:
    """People may be made with their roles; most have none, and those who are imported never."""
    if event.data.get("imported"):
        return
    user = User.objects.filter(pk=event.target_id).first()
    if user and user.roles:
        editor_set(user=user)


def migrated(sender: AppConfig, using: str = "default", apps: Any = None, **kwargs: Any) -> None:
    """After `migrate` (and after a flush in the tests) the fixed pages and the editors' group stand."""
    if apps is None or _is_current(apps):
        tree_ensure()
        editors_group()


def _is_current(apps: Any) -> bool:
    """False while only a part of the migrations has run, as in a migration test."""
    try:
        apps.get_model("knowledge", "SiteRootPage")
    except LookupError:
        return False
    return True


def _record(verb: str, kind: type[Page], page: Page, *, fallback_actor: int | None = None) -> None:
    noun = _NOUNS.get(kind)
    if noun is None:
        return
    user = get_active_log_context().user
    events.record(f"{noun}.{verb}", actor=user.pk if user else fallback_actor, target=(noun, page.pk))
