"""Every page and list costs the same number of queries, however much there is."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.viewer import system_viewer
from knowledge.models import ArticlePage, WikiPage
from knowledge.services import article_verify, article_vote_helpful, wiki_page_update
from tests.factories.knowledge import make_article, make_section, make_wiki_page
from tests.factories.people import make_user, viewer

pytestmark = pytest.mark.django_db
ANONYMOUS, SIGNED_IN = 8, 12


def grow() -> None:
    """More of everything: sections, pages, writers, votes, edits."""
    for index in ("kb", "wiki"):
        section = make_section(index=index)
        for _ in range(4):
            if index == "kb":
                article = make_article(section, author=make_user())
                article_vote_helpful(viewer=viewer(make_user()), article=article, is_helpful=True)
                article_verify(viewer=viewer(make_user(is_superuser=True)), article=article)
            else:
                page = make_wiki_page(section, author=make_user())
                wiki_page_update(viewer=viewer(make_user()), page=page, title=page.title, body="More.")


def cost(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection, ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def addresses() -> dict[str, Callable[[], str]]:
    article = lambda: ArticlePage.objects.order_by("pk").first().get_absolute_url()  # noqa: E731
    page = lambda: WikiPage.objects.order_by("pk").first().get_absolute_url()  # noqa: E731
    return {
        "kb": lambda: "/kb/",
        "section": lambda: article().rsplit("/", 2)[0] + "/",
        "article": article,
        "wiki": lambda: "/wiki/",
        "wiki section": lambda: page().rsplit("/", 2)[0] + "/",
        "wiki page": page,
        "history": lambda: page() + "history/",
        "change": lambda: page() + "history/2/",
        "api list": lambda: "/api/v1/articles",
    }


@pytest.mark.parametrize(("who", "most"), [("anonymous", ANONYMOUS), ("signed in", SIGNED_IN)])
def test_pages_cost_a_constant_number_of_queries(client, who, most):
    grow()
    if who == "signed in":
        client.force_login(make_user(organisation=None))
    pages = {name: address() for name, address in addresses().items()}
    for address in pages.values():
        client.get(address)  # content types and the like are cached from here on
    few = {name: cost(client, address) for name, address in pages.items()}
    grow()
    grow()

    many = {name: cost(client, address) for name, address in pages.items()}

    assert many == few
    assert max(many.values()) <= most, many


def test_list_of_a_section_is_capped(client):
    section = make_section()
    for _ in range(25):
        make_article(section)

    assert client.get(section.get_absolute_url()).content.count(b"How to.") == 20
    assert client.get(section.get_absolute_url(), {"page": 2}).content.count(b"How to.") == 5
    assert b"All 25 articles" in client.get("/kb/").content


def test_system_viewer_sees_every_section():
    make_article(make_section(audience="staff"))

    assert ArticlePage.objects.visible_to(system_viewer()).count() == 1
