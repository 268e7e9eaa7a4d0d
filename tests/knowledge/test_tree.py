"""The fixed pages, and what Wagtail leaves for the worker."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from wagtail.models import Page, Site

from accounts.viewer import system_viewer
from knowledge import tasks
from knowledge.models import ArticlePage, KnowledgeIndexPage, SectionPage, SiteRootPage, WikiIndexPage
from knowledge.services import article_create, tree_ensure
from knowledge.services.editors import EDITORS
from tests.factories.knowledge import make_article, make_section

pytestmark = pytest.mark.django_db


def test_migrated_database_holds_our_site_and_no_welcome_page():
    assert [page.url_path for page in Page.objects.filter(depth__gt=1).order_by("path")] == [
        "/site/", "/site/kb/", "/site/wiki/",
    ]
    assert Site.objects.get().root_page_id == SiteRootPage.objects.get().pk
    assert {KnowledgeIndexPage.objects.get().live, WikiIndexPage.objects.get().live} == {True}


def test_wagtails_stock_groups_are_gone():
    assert list(Group.objects.values_list("name", flat=True)) == [EDITORS]


def test_tree_ensure_twice_changes_nothing_and_repairs_what_is_missing():
    before = list(Page.objects.values_list("pk", "path", "url_path"))
    tree_ensure()
    assert list(Page.objects.values_list("pk", "path", "url_path")) == before

    WikiIndexPage.objects.get().delete()
    tree_ensure()

    assert WikiIndexPage.objects.get().url_path == "/site/wiki/"


def test_address_comes_from_site_url_whatever_wagtails_site_says(settings):
    Site.objects.update(hostname="elsewhere.example", port=8080)
    Site.clear_site_root_paths_cache()
    settings.SITE_URL = "https://community.example"

    article = make_article(make_section("Networks"), title="Channels")

    assert article.full_url == "https://community.example/kb/networks/channels/"
    assert article.url == "/kb/networks/channels/"


def test_worker_runs_what_wagtail_left_and_cms_finds_the_page():
    make_article(title="Zanzibar")
    assert DBTaskResult.objects.ready().exists()

    while tasks.run_waiting():
        pass

    assert not DBTaskResult.objects.ready().exists()
    assert not DBTaskResult.objects.failed().exists()
    assert [page.title for page in Page.objects.search("zanzibar")] == ["Zanzibar"]


def test_schedules_run():
    tasks.publish_scheduled()
    tasks.prune()


def test_articles_made_from_stale_sections_take_places_of_their_own():
    section = make_section()
    copies = [SectionPage.objects.get(pk=section.pk) for _ in range(3)]

    for number, copy in enumerate(copies):
        article_create(viewer=system_viewer(), section=copy, title=f"Article {number}", body="Words.")

    assert ArticlePage.objects.values("path").distinct().count() == 3
    assert Page.find_problems() == ([], [], [], [], [])


def test_task_of_a_worker_that_is_gone_starts_over_three_times_and_then_fails():
    make_article(title="Zanzibar")
    task = DBTaskResult.objects.ready().first()
    for tries in (1, 2, 3):
        task.claim("a worker that is killed now")
        assert tasks.reap() == 0, "it may still be running"
        DBTaskResult.objects.filter(pk=task.pk).update(started_at=timezone.now() - tasks.STUCK_AFTER * 2)

        assert tasks.reap() == 1
        task.refresh_from_db()
        assert task.status == ("READY" if tries < 3 else "FAILED")
