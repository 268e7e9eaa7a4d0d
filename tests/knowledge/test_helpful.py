"""“Was this helpful?”: one answer a reader, counted right."""

from __future__ import annotations

import random

import pytest

from accounts.errors import NotAllowed
from accounts.viewer import viewer_for
from knowledge.models import ArticleStanding, ArticleVote
from knowledge.services import article_vote_helpful, recount_articles
from tests.factories.knowledge import make_article, make_section
from tests.factories.people import make_user, viewer

pytestmark = pytest.mark.django_db


def counts(article) -> tuple[int, int]:
    standing = ArticleStanding.objects.get(article=article)
    return standing.helpful_count, standing.unhelpful_count


def test_answers_are_one_a_person_and_may_be_changed():
    article, person = make_article(), make_user()

    article_vote_helpful(viewer=viewer(person), article=article, is_helpful=True)
    article_vote_helpful(viewer=viewer(person), article=article, is_helpful=True)
    assert counts(article) == (1, 0)
    article_vote_helpful(viewer=viewer(person), article=article, is_helpful=False)

    assert counts(article) == (0, 1)


def test_nobody_without_a_cookie_is_refused():
    article = make_article()

    with pytest.raises(NotAllowed):
        article_vote_helpful(viewer=viewer_for(None), article=article, is_helpful=True)

    assert not ArticleVote.objects.exists()


def test_visitor_answers_without_javascript_and_is_remembered(client):
    article = make_article()
    address = article.get_absolute_url() + "helpful/"

    answer = client.post(address, {"helpful": "yes"})
    client.post(address, {"helpful": "yes"})

    assert answer.url == article.get_absolute_url() + "#helpful"
    assert answer.cookies["reader"]["httponly"] and answer.cookies["reader"]["samesite"] == "Lax"
    assert counts(article) == (1, 0)
    assert "Good to hear" in client.get(article.get_absolute_url()).content.decode()


def test_forged_cookie_is_a_new_visitor(client):
    article = make_article()
    client.cookies["reader"] = "a" * 32 + ":forged:signature"

    client.post(article.get_absolute_url() + "helpful/", {"helpful": "no"})

    assert ArticleVote.objects.get().visitor != "a" * 32
    assert counts(article) == (0, 1)


def test_htmx_gets_the_piece_alone(client):
    article = make_article()

    answer = client.post(article.get_absolute_url() + "helpful/", {"helpful": "no"}, headers={"HX-Request": "true"})

    assert answer.content.decode().lstrip().startswith("<section")


def test_answering_about_a_private_article_is_404_and_counts_nothing(client):
    article = make_article(make_section(audience="members"))

    assert client.post(article.get_absolute_url() + "helpful/", {"helpful": "yes"}).status_code == 404
    assert client.get(article.get_absolute_url() + "helpful/").status_code == 405
    assert not ArticleVote.objects.exists()


def test_recount_changes_nothing_after_any_sequence_and_repairs_what_is_wrong():
    chance = random.Random(3)
    articles = [make_article() for _ in range(3)]
    people = [viewer(make_user()) for _ in range(4)] + [viewer_for(None)]
    for _ in range(60):
        article_vote_helpful(
            viewer=chance.choice(people), article=chance.choice(articles), is_helpful=chance.random() < 0.5,
            visitor=chance.choice(["a", "b"]) * 32,
        )
    before = [counts(article) for article in articles]

    assert recount_articles() == 0
    assert [counts(article) for article in articles] == before

    ArticleStanding.objects.filter(article=articles[0]).update(helpful_count=99)
    assert recount_articles() == 1
    assert counts(articles[0]) == before[0]
