"""Support articles, through the services and over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from accounts.errors import Conflict, NotAllowed
from accounts.events.models import Event
from accounts.viewer import system_viewer
from knowledge.models import ArticlePage, ArticleStanding
from knowledge.services import article_create, article_publish, article_unpublish, article_update, article_verify
from tests.factories.knowledge import make_article, make_section
from tests.factories.people import make_user, viewer

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2024, 3, 1, 9, 30, tzinfo=UTC)


def test_article_create_keeps_date_author_and_renders_markdown():
    author = make_user("sanne", is_agent=True)
    section = make_section()

    article = article_create(
        viewer=system_viewer(), section=section, title="Reset a hub", body="## Steps\n\n1. Press **reset**.",
        summary="How to start over.", tags=["Hub", "reset", "hub"], author=author, at=LONG_AGO,
    )

    article = ArticlePage.objects.get(pk=article.pk)
    assert (article.first_published_at, article.last_published_at, article.owner) == (LONG_AGO, LONG_AGO, author)
    assert article.live_revision.user == author and article.live_revision.created_at == LONG_AGO
    assert not article.has_unpublished_changes
    assert '<h2 id="h-steps">' in article.html and "<strong>reset</strong>" in article.html
    assert article.tag_list == ["hub", "reset"]
    event = Event.objects.get(name="article.published")
    assert (event.actor_id, event.target_id, event.created_at) == (author.pk, article.pk, LONG_AGO)


def test_article_create_by_a_customer_is_refused_and_writes_nothing():
    section = make_section()

    with pytest.raises(NotAllowed):
        article_create(viewer=viewer(make_user()), section=section, title="Mine", body="Text")

    assert not ArticlePage.objects.exists()
    assert not Event.objects.filter(name__startswith="article.").exists()


def test_article_create_by_staff_outside_a_private_section_is_refused():
    section = make_section(audience="groups")

    with pytest.raises(NotAllowed):
        article_create(viewer=viewer(make_user(is_agent=True)), section=section, title="Mine", body="Text")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"body": "   "}, "body"),
        ({"body": "x" * 200_001}, "body"),
        ({"body": "a\0b"}, "body"),
        ({"summary": "x" * 301}, "summary"),
        ({"summary": "a\0b"}, "summary"),
        ({"slug": "not a slug!"}, "slug"),
    ],
)
def test_article_create_with_bad_input_names_the_field_and_writes_nothing(fields, wrong):
    section = make_section()

    with pytest.raises(ValidationError) as refused:
        make_article(section, **fields)

    assert wrong in refused.value.message_dict
    assert not ArticlePage.objects.exists()


def test_article_create_twice_with_one_title_gives_two_addresses():
    section = make_section()

    first, second = make_article(section, title="Reset"), make_article(section, title="Reset")

    assert first.get_absolute_url() != second.get_absolute_url()


def test_article_create_in_the_wiki_is_refused():
    with pytest.raises(ValidationError) as refused:
        make_article(make_section(index="wiki"))

    assert "section" in refused.value.message_dict


def test_article_titled_in_symbols_alone_still_gets_an_address(client):
    article = make_article(title="🙂🙂")

    assert client.get(article.get_absolute_url()).status_code == 200


def test_article_in_another_script_is_served_at_its_own_words(client):
    article = make_article(title="Сброс хаба")

    assert client.get(article.get_absolute_url()).status_code == 200


def test_article_update_changes_text_and_keeps_the_first_date(client):
    article = make_article(at=LONG_AGO)

    article_update(viewer=system_viewer(), article=article, title="Better title", body="Better *words*.")

    changed = ArticlePage.objects.get(pk=article.pk)
    assert changed.first_published_at == LONG_AGO < changed.last_published_at
    assert "<em>words</em>" in client.get(changed.get_absolute_url()).content.decode()
    assert changed.revisions.count() == 2


def test_article_update_while_a_draft_waits_is_a_conflict():
    article = make_article(body="Live words.")
    draft = ArticlePage.objects.get(pk=article.pk)
    draft.body = "Draft words."
    draft.save_revision()

    with pytest.raises(Conflict):
        article_update(viewer=system_viewer(), article=article, body="Other words.")

    assert ArticlePage.objects.get(pk=article.pk).body == "Live words."


def test_draft_is_never_shown_until_it_is_published(client):
    article = make_article(body="Live words.")
    draft = ArticlePage.objects.get(pk=article.pk)
    draft.body = "Draft words."
    draft.save_revision()
    assert b"Draft words" not in client.get(article.get_absolute_url()).content

    article_publish(viewer=system_viewer(), article=draft)

    assert b"Draft words" in client.get(article.get_absolute_url()).content
    assert Event.objects.filter(name="article.published", target_id=article.pk).count() == 2


def test_article_unpublish_answers_404_everywhere_even_to_its_author(client):
    author = make_user(is_agent=True)
    article = make_article(author=author)

    article_unpublish(viewer=viewer(author), article=ArticlePage.objects.get(pk=article.pk))

    client.force_login(author)
    assert client.get(article.get_absolute_url()).status_code == 404
    assert client.get(f"/api/v1/articles/{article.pk}").status_code == 404
    assert client.post(article.get_absolute_url() + "helpful/", {"helpful": "yes"}).status_code == 404
    assert Event.objects.filter(name="article.unpublished", target_id=article.pk, actor_id=author.pk).exists()


def test_deleted_article_leaves_an_event_for_the_search():
    article = make_article()

    ArticlePage.objects.get(pk=article.pk).delete()

    assert Event.objects.filter(name="article.unpublished", target_id=article.pk).exists()


def test_article_verify_shows_who_checked_it_and_when(client):
    agent = make_user(is_agent=True, display_name="Sanne Visser")
    article = make_article()

    article_verify(viewer=viewer(agent), article=article, at=LONG_AGO)

    assert "Sanne Visser" in client.get(article.get_absolute_url()).content.decode()
    assert ArticleStanding.objects.get(article=article).verified_at == LONG_AGO


def test_verifying_over_http_is_for_staff(client):
    article = make_article()
    client.force_login(make_user())

    assert client.post(article.get_absolute_url() + "verify/").status_code == 403
    assert not ArticleStanding.objects.exists()


def test_article_page_shows_its_parts(client):
    section = make_section("Networks")
    body = "Intro.\n\n## One\n\ntext\n\n### Deep\n\ntext\n\n## Two\n\n<script>alert(1)</script>"
    article = make_article(section, title="Choose a channel", summary="Pick the quiet one.", body=body)

    page = client.get(article.get_absolute_url()).content.decode()

    assert '<link rel="canonical" href="http://127.0.0.1:8000/kb/networks/choose-a-channel/">' in page
    assert '<meta name="description" content="Pick the quiet one.">' in page
    assert 'href="#h-deep"' in page
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page
    assert "wagtailadmin" not in page and "/cms/" not in page


def test_editors_get_a_link_to_edit_where_their_rights_reach(client):
    agent = make_user(is_agent=True)
    client.force_login(agent)

    page = client.get(make_article().get_absolute_url()).content.decode()

    assert "/cms/pages/" in page


def test_empty_pages_say_so(client):
    make_section("Networks")

    assert b"No articles yet." in client.get("/kb/").content
    assert b"Nothing here yet" in client.get("/kb/networks/").content
    assert b"The wiki is empty" in client.get("/wiki/").content


@pytest.mark.parametrize("address", ["/kb/nothing/", "/kb/nothing/here/", "/wiki/nothing/", "/wiki/nothing/here/",
                                     "/wiki/nothing/here/history/", "/site/", "/kb/a%00b/", "/kb/%F0%28/"])
def test_unknown_addresses_answer_404(client, address):
    assert client.get(address).status_code == 404


def test_section_list_answers_any_page_number(client):
    section = make_section()
    make_article(section)

    for number in ["0", "-1", "99999999999999999999", "x", "2"]:
        assert client.get(section.get_absolute_url(), {"page": number}).status_code == 200
