"""/cms/: who gets in, what editors can do there, and that Wagtail's side doors are shut."""

from __future__ import annotations

import pytest
from django.http import Http404
from django.test import Client
from django.urls import reverse
from wagtail.models import PageViewRestriction

from accounts.events import services as events
from accounts.events.models import Event
from accounts.models import User
from accounts.services import user_create
from accounts.viewer import system_viewer
from knowledge.models import ArticlePage, SectionPage, WikiEdit, WikiPage
from knowledge.services import editor_set, editors_sync, section_set_audience
from tests.factories.knowledge import make_article, make_section, make_wiki_page
from tests.factories.people import make_group, make_user

pytestmark = pytest.mark.django_db
COMMENTS = {f"comments-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
FIELDS = {"summary": "", "product": "", "tags": "", "language": "en", "go_live_at": "", "expire_at": ""} | COMMENTS


def make_editor(**fields) -> User:
    user = make_user(**({"is_agent": True} | fields))
    editor_set(user=user)
    return user


def cms_addresses(article: ArticlePage) -> list[str]:
    """Every kind of page that Wagtail serves about a page, and the lists that could name it."""
    section, home = article.get_parent(), "/cms/"
    about = [
        "", "edit/", "history/", "copy/", "move/", "delete/", "unpublish/", "privacy/", "usage/", "edit/preview/",
        "view_draft/", "workflow/status/", "convert_alias/", f"revisions/{article.latest_revision_id}/view/",
        f"revisions/{article.latest_revision_id}/revert/",
        f"revisions/compare/earliest...{article.latest_revision_id}/",
        f"move/{section.pk}/confirm/", "set_position/", "reorder/", "results/", "history/results/",
    ]
    lists = [
        "", "pages/", f"pages/{section.pk}/", f"pages/add/knowledge/articlepage/{section.pk}/",
        f"pages/{section.pk}/add_subpage/", "pages/search/", f"pages/search/?q={article.title}",
        f"pages/search/results/?q={article.title}", "choose-page/", f"choose-page/{section.pk}/",
        f"choose-page/search/?q={article.title}", "api/main/pages/", f"api/main/pages/{article.pk}/",
        f"api/main/pages/?child_of={section.pk}&for_explorer=1", "reports/site-history/", "reports/aging-pages/",
        "reports/locked/", "reports/page-types-usage/", "reports/workflow/", "sections/", "sections/new/",
        f"sections/{section.pk}/", "jsi18n/", "sprite/", f"choose-page/chosen-multiple/?id={article.pk}",
        f"choose-page/{article.pk}/", f"choose-page/?page_type=knowledge.articlepage&q={article.title}",
        f"bulk/wagtailcore/page/publish/?id={article.pk}", "pages/usage/knowledge/articlepage/",
        f"bulk/wagtailcore/page/delete/?id={article.pk}",
        f"bulk/wagtailcore/page/move/?id={article.pk}", f"pages/{section.pk}/?q={article.title}",
        f"editing-sessions/ping/wagtailcore/page/{article.pk}/1/",
    ]
    return [home + part for part in lists] + [f"/cms/pages/{article.pk}/{part}" for part in about]


def test_anonymous_are_sent_to_the_one_sign_in(client):
    article = make_article()

    for address in cms_addresses(article):
        answer = client.get(address)
        assert answer.status_code == 302 and answer.url.startswith("/accounts/login/"), address
    assert client.get("/cms/login/").url == "/accounts/login/"


def test_no_other_form_takes_a_password(client):
    make_editor(username="sanne", is_superuser=True)
    data = {"username": "sanne@people.example", "login": "sanne@people.example", "password": "correct horse"}

    for address in ["/cms/login/", "/_util/login/", "/cms/password_reset/"]:
        client.get(address)
        client.post(address, data)
        assert "_auth_user_id" not in client.session, address
    assert client.get("/_util/login/").status_code == 404


def test_members_find_nothing_in_cms(client):
    article = make_article()
    client.force_login(make_user(trust_level=4))

    for address in cms_addresses(article):
        assert client.get(address).status_code == 404, address
        assert client.post(address).status_code in {404, 405}, address


def test_members_cannot_write_by_way_of_cms(client):
    section = make_section()
    article = make_article(section, body="Live words.")
    client.force_login(make_user())

    data = FIELDS | {"title": "x", "slug": "x", "body": "y", "action-publish": "1"}
    client.post(f"/cms/pages/add/knowledge/articlepage/{section.pk}/", data)
    client.post(f"/cms/pages/{article.pk}/edit/", data)
    client.post(f"/cms/pages/{article.pk}/delete/")
    client.post(f"/cms/pages/{article.pk}/unpublish/")

    assert ArticlePage.objects.get().body == "Live words." and ArticlePage.objects.get().live


@pytest.mark.parametrize(
    "part",
    ["users/", "users/add/", "groups/", "images/", "images/add/", "documents/", "collections/", "snippets/",
     "redirects/", "sites/", "locales/", "workflows/list/", "account/tokens/"],
)
def test_what_is_not_used_of_wagtail_is_closed_even_to_admins(client, part):
    client.force_login(make_user(is_superuser=True))

    assert client.get("/cms/" + part).status_code == 404


def test_wagtail_api_and_documents_are_not_there(client):
    for address in ["/api/v2/pages/", "/api/main/pages/", "/documents/1/x.pdf", "/images/1/"]:
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("role", ["is_agent", "is_moderator", "is_manager", "is_superuser"])
def test_every_staff_role_gets_into_cms(client, role):
    make_section()
    client.force_login(make_editor(**({"is_agent": False} | {role: True})))

    assert client.get("/cms/").status_code == 200
    assert client.get("/cms/pages/").status_code in {200, 302}


def test_changed_role_opens_and_closes_cms_at_once(client):
    person = make_user()
    client.force_login(person)
    assert client.get("/cms/").status_code == 404

    User.objects.filter(pk=person.pk).update(is_agent=True)
    with events.quietly():
        events.record("user.role_changed", target=person)
    assert client.get("/cms/").status_code == 200

    User.objects.filter(pk=person.pk).update(is_agent=False)
    events.record("user.role_changed", target=person)
    assert client.get("/cms/").status_code == 404


def test_person_made_with_a_role_is_an_editor_from_the_start(client):
    agent = user_create(viewer=system_viewer(), username="sanne", display_name="Sanne", roles=["agent"])
    member = user_create(viewer=system_viewer(), username="mara", display_name="Mara")

    client.force_login(agent)

    assert client.get("/cms/").status_code == 200
    assert not member.groups.exists()


def test_editors_sync_makes_the_group_hold_exactly_the_staff():
    agent, left, member = make_user(is_agent=True), make_user(is_manager=True, is_active=False), make_user()
    editor_set(user=make_user(is_moderator=True))

    assert editors_sync() == 2

    assert agent.groups.exists() and not left.groups.exists() and not member.groups.exists()


def test_editor_writes_and_publishes_an_article(client):
    section = make_section("Networks")
    editor = make_editor()
    client.force_login(editor)
    add = f"/cms/pages/add/knowledge/articlepage/{section.pk}/"
    form = client.get(add).content.decode()
    assert 'data-limit="200000"' in form and "knowledge/limit.js" in form

    data = FIELDS | {"title": "Channels", "slug": "channels", "tags": "Wifi, hub"}
    data["body"] = "Pick **one**.<script>x</script>"
    client.post(add, data)
    draft = ArticlePage.objects.get()
    assert not draft.live and client.get("/kb/networks/channels/").status_code == 404
    client.post(f"/cms/pages/{draft.pk}/edit/", data | {"action-publish": "action-publish"})

    page = client.get("/kb/networks/channels/").content.decode()
    assert "<strong>one</strong>" in page and "<script>x" not in page
    assert ArticlePage.objects.get().tags == "wifi, hub"
    event = Event.objects.get(name="article.published")
    assert (event.actor_id, event.target_type, event.target_id) == (editor.pk, "article", draft.pk)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("body", "x" * 200_001, "at most 200000 characters"),
        ("body", "", "Fill this in."),
        ("body", "a\u202eb", "U+202E"),
        ("body", "a\0b", "Null characters"),
        ("title", "x" * 201, "the most is 200"),
    ],
)
def test_editor_sees_what_is_wrong_beside_the_field(client, field, value, says):
    article = make_article(body="Live words.")
    client.force_login(make_editor())
    data = FIELDS | {"title": article.title, "slug": article.slug, "body": "Fine.", field: value, "action-publish": "1"}

    answer = client.post(f"/cms/pages/{article.pk}/edit/", data)

    assert answer.status_code == 200
    assert says in answer.content.decode()
    assert ArticlePage.objects.get().body == "Live words."


def test_editor_previews_unsaved_text_made_safe(client):
    article = make_article()
    client.force_login(make_editor())
    preview = f"/cms/pages/{article.pk}/edit/preview/"
    data = FIELDS | {"title": "Seen before", "slug": article.slug, "body": "Soon **bold** <script>alert(1)</script>"}

    assert client.post(preview, data).json()["is_valid"]
    page = client.get(preview).content.decode()

    assert "Seen before" in page and "<strong>bold</strong>" in page and "<script>alert" not in page


def test_revision_with_forged_html_is_rendered_anew_when_published(client):
    article = make_article(body="Live words.")
    revision = ArticlePage.objects.get().save_revision()
    revision.content["html"] = "<script>alert(1)</script>"
    revision.save()

    revision.publish()

    assert "<script>alert" not in client.get(article.get_absolute_url()).content.decode()


def test_wiki_page_published_in_cms_becomes_a_version(client):
    page = make_wiki_page(body="One.")
    client.force_login(make_editor())

    client.post(
        f"/cms/pages/{page.pk}/edit/",
        {"title": page.title, "slug": page.slug, "body": "Two.", "action-publish": "action-publish"} | COMMENTS,
    )

    assert WikiPage.objects.get().body == "Two."
    assert list(WikiEdit.objects.values_list("number", flat=True)) == [2, 1]


def crawl(client: Client, article: ArticlePage) -> list[tuple[str, str]]:
    """The addresses of /cms/ whose answer names the private section, tells its text or links to the article."""
    telling = ("Zanzibar", "quokka", f"/cms/pages/{article.pk}/edit/", f"/cms/pages/{article.get_parent().pk}/edit/")
    found = []
    for address in cms_addresses(article):
        page = client.get(address, follow=True).content.decode()
        found += [(address, word) for word in telling if word in page and word not in address]
    return found


def test_editor_learns_nothing_of_a_section_for_chosen_groups(client):
    section = make_section("Zanzibar partners", audience="groups", groups=[make_group().pk])
    article = make_article(section, title="Prices", body="quokka", summary="quokka")
    make_article(make_section())
    client.force_login(make_editor())

    assert crawl(client, article) == []

    data = FIELDS | {"title": "x", "slug": "x", "body": "y", "action-publish": "1"}
    client.post(f"/cms/pages/{article.pk}/edit/", data)
    client.post(f"/cms/pages/add/knowledge/articlepage/{section.pk}/", data)
    client.post(f"/cms/pages/{article.pk}/delete/")
    assert list(ArticlePage.objects.in_section(section).values_list("title", "live")) == [("Prices", True)]


def test_section_that_closes_leaves_the_editors_reach_and_comes_back(client):
    section = make_section("Zanzibar")
    article = make_article(section, body="quokka")
    client.force_login(make_editor())
    assert client.get(f"/cms/pages/{article.pk}/edit/").status_code == 200

    section_set_audience(viewer=system_viewer(), section=section, audience="groups")
    assert crawl(client, article) == []

    section_set_audience(viewer=system_viewer(), section=section, audience="staff")
    assert client.get(f"/cms/pages/{article.pk}/edit/").status_code == 200


def test_manager_opens_a_section_and_says_who_reads_it(client):
    group = make_group("Partners")
    client.force_login(make_editor(is_agent=False, is_manager=True))
    assert client.get("/cms/sections/").status_code == 200
    form = {"index": "kb", "title": "Partner prices", "intro": "For partners.", "audience": "staff"}

    assert client.post("/cms/sections/new/", form).status_code == 302
    section = SectionPage.objects.get()
    assert (section.get_absolute_url(), section.audience) == ("/kb/partner-prices/", "staff")
    assert client.post("/cms/sections/new/", form | {"title": "x" * 81}).status_code == 400

    assert client.post(f"/cms/sections/{section.pk}/", {"audience": "groups", "groups": [group.pk]}).status_code == 302
    section.refresh_from_db()
    assert section.audience == "groups" and list(section.audience_groups.all()) == [group]


def test_agents_do_not_set_audiences(client):
    section = make_section(audience="staff")
    client.force_login(make_editor())

    assert client.get("/cms/sections/").status_code == 404
    assert client.post(f"/cms/sections/{section.pk}/", {"audience": "public"}).status_code == 404

    section.refresh_from_db()
    assert section.audience == "staff"


def test_wagtails_own_privacy_cannot_be_set_because_it_would_not_be_heard(client):
    article = make_article()
    client.force_login(make_user(is_superuser=True))

    client.post(f"/cms/pages/{article.pk}/privacy/", {"restriction_type": "login"})

    assert not PageViewRestriction.objects.exists()


def test_wagtails_serve_shows_nothing(client):
    article = make_article(make_section("Networks"), title="Channels", body="quokka")
    serve = reverse("wagtail_serve", args=["kb/networks/channels/"])

    assert serve == article.get_absolute_url()  # our view stands first at that address
    for address in ["/site/kb/networks/channels/", "/kb/networks/channels/x/", f"/pages/{article.pk}/"]:
        assert b"quokka" not in client.get(address).content
    with pytest.raises(Http404):
        article.serve(None)


def test_search_in_cms_bears_odd_input(client):
    make_article()
    client.force_login(make_editor())

    for text in ['"', "'", "   ", "a AND (", "%00", "*", "x" * 500]:
        assert client.get("/cms/pages/search/", {"q": text}).status_code == 200, text
