"""What the search hears of articles and wiki pages, and what it may show."""

from __future__ import annotations

import pytest

from accounts.events import services as events
from accounts.viewer import system_viewer, viewer_for
from knowledge.models import ArticlePage, SectionPage, WikiPage
from knowledge.services import article_unpublish, article_update, article_vote_helpful, wiki_page_update
from search.models import DirtyMark
from search.sources import source_for
from tests.factories.knowledge import make_article, make_section, make_wiki_page
from tests.factories.people import make_user, viewer

pytestmark = pytest.mark.django_db


def marked(kind: str) -> set[int]:
    """The ids that wait to be indexed, taken off the list."""
    rows = DirtyMark.objects.filter(kind=kind)
    ids = set(rows.values_list("object_id", flat=True))
    rows.delete()
    return ids


def test_every_change_of_an_article_marks_it_even_in_an_import():
    with events.quietly():
        article = make_article()
    assert marked("article") == {article.pk}

    article_update(viewer=system_viewer(), article=article, body="New words.")
    assert marked("article") == {article.pk}

    article_vote_helpful(viewer=viewer(make_user()), article=article, is_helpful=True)
    assert marked("article") == {article.pk}

    article_unpublish(viewer=system_viewer(), article=ArticlePage.objects.get(pk=article.pk))
    assert marked("article") == {article.pk}


def test_move_and_delete_mark_the_article():
    article = make_article()
    marked("article")

    ArticlePage.objects.get(pk=article.pk).move(SectionPage.objects.get(pk=make_section().pk), pos="last-child")
    assert marked("article") == {article.pk}

    ArticlePage.objects.get(pk=article.pk).delete()
    assert marked("article") == {article.pk}


def test_renamed_section_marks_all_in_it():
    section = make_section()
    articles = {make_article(section).pk, make_article(section).pk}
    make_article()
    marked("article")

    page = SectionPage.objects.get(pk=section.pk)
    page.title = "New name"
    page.save_revision().publish()

    assert marked("article") == articles


def test_wiki_edits_mark_the_page():
    page = make_wiki_page()
    assert marked("wiki") == {page.pk}

    wiki_page_update(viewer=system_viewer(), page=page, title=page.title, body="More.")

    assert marked("wiki") == {page.pk}


def test_documents_carry_the_sections_token_and_plain_text():
    section = make_section("Networks", audience="staff")
    article = make_article(section, title="Channels", body="Pick **one** & <b>", tags=["wifi"], summary="Quiet ones.")
    hidden = make_article(section)
    article_unpublish(viewer=system_viewer(), article=ArticlePage.objects.get(pk=hidden.pk))

    source = source_for("article")
    documents = list(source.documents([article.pk, hidden.pk, 999_999]))

    assert list(source.ids()) == [article.pk]
    assert [document.id for document in documents] == [article.pk]
    document = documents[0]
    assert (document.audience, document.body) == ((section.token,), "Pick one & <b>")
    assert (document.container, document.container_name, document.tags) == ("networks", "Networks", ("wifi",))


@pytest.mark.parametrize("kind", ["article", "wiki"])
def test_cards_are_given_only_to_those_who_may_read(kind):
    index, make = ("kb", make_article) if kind == "article" else ("wiki", make_wiki_page)
    public, private = make(make_section(index=index)), make(make_section(index=index, audience="staff"))
    ids = [public.pk, private.pk]

    assert set(source_for(kind).cards(ids, viewer_for(None))) == {public.pk}
    assert set(source_for(kind).cards(ids, viewer(make_user(is_agent=True)))) == set(ids)


@pytest.mark.parametrize("kind", ["article", "wiki"])
def test_documents_and_cards_cost_the_same_for_few_and_many(kind, django_assert_num_queries):
    index, make, model = (
        ("kb", make_article, ArticlePage) if kind == "article" else ("wiki", make_wiki_page, WikiPage)
    )
    for _ in range(6):
        make(make_section(index=index), author=make_user())
    ids, nobody = list(model.objects.values_list("pk", flat=True)), viewer_for(None)

    for chosen in (ids[:1], ids):
        with django_assert_num_queries(2):
            list(source_for(kind).documents(chosen))
        with django_assert_num_queries(2):
            source_for(kind).cards(chosen, nobody)
