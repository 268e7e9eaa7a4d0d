"""Two at once: nobody's words are lost, and no two pages take one place."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection
from wagtail.models import Page

from accounts.errors import Conflict
from accounts.viewer import system_viewer
from knowledge.models import ArticlePage, ArticleStanding, SiteRootPage, WikiEdit, WikiPage
from knowledge.services import article_vote_helpful, wiki_page_update
from tests.factories.knowledge import make_article, make_section, make_wiki_page
from tests.factories.people import make_user, viewer

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """What each call gave, or the error that it raised."""
    start, results = Barrier(len(calls)), [None] * len(calls)

    def run(place: int, call: Callable[[], object]) -> None:
        start.wait(60)
        try:
            results[place] = call()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_fixed_pages_stand_again_after_a_flush():
    assert SiteRootPage.objects.get().get_children().count() == 2


def test_of_two_edits_from_one_version_one_wins_and_one_is_told():
    page = make_wiki_page(body="One.")

    def edit(body: str) -> Callable[[], WikiPage]:
        return lambda: wiki_page_update(viewer=system_viewer(), page=page, title=page.title, body=body, version=1)

    results = at_once(edit("Mine."), edit("Yours."))

    assert sum(isinstance(result, Conflict) for result in results) == 1
    assert list(WikiEdit.objects.filter(page=page).values_list("number", flat=True)) == [2, 1]


def test_pages_made_at_once_take_places_of_their_own():
    section = make_section()

    results = at_once(*[lambda: make_article(section, title="Same title") for _ in range(4)])

    assert [result for result in results if not isinstance(result, ArticlePage)] == []
    assert ArticlePage.objects.values("path").distinct().count() == 4
    assert ArticlePage.objects.values("slug").distinct().count() == 4
    assert Page.find_problems() == ([], [], [], [], [])


def test_answers_given_at_once_are_all_counted():
    article = make_article()
    people = [viewer(make_user()) for _ in range(4)]

    at_once(*[
        lambda one=one: article_vote_helpful(viewer=one, article=article, is_helpful=True) for one in people
    ])

    assert ArticleStanding.objects.get(article=article).helpful_count == 4
