"""The pages of ideas: board, roadmap, suggesting, voting without script, deciding on the topic's page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.events.models import Event
from community.ideas.models import Idea, IdeaVote
from community.ideas.services import idea_set_status
from tests.factories.ideas import make_idea
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def test_board_lists_what_is_open_and_hides_what_is_decided(client):
    space, staff = make_space(), make_user(is_manager=True)
    open_idea = make_idea(space=space, title="Mute a single room")
    shipped = make_idea(space=space, title="Export as CSV")
    idea_set_status(viewer=viewer(staff), idea=shipped, status="shipped")

    page = client.get("/ideas/").content.decode()
    done = client.get("/ideas/?status=shipped").content.decode()

    assert open_idea.topic.title in page and shipped.topic.title not in page
    assert shipped.topic.title in done and open_idea.topic.title not in done


def test_board_in_every_order_and_with_words_finds_the_idea(client):
    idea = make_idea(title="Mute a single room", tags=["quiet-hours"])
    make_idea(title="Export energy data")

    for sort in ("trending", "top", "new", "nonsense"):
        assert idea.topic.title in client.get(f"/ideas/?sort={sort}&q=quiet-hours").content.decode()
    page = client.get("/ideas/?q=single+room").content.decode()
    assert idea.topic.title in page and "Export energy data" not in page


@pytest.mark.parametrize("query", ["?page=abc", "?page=999", "?status=%00", "?space=%00x", "?q=%00%00", "?sort=%F0%9F"])
def test_board_answers_whatever_the_address_holds(client, query):
    make_idea()

    assert client.get("/ideas/" + query).status_code == 200


def test_board_shows_nothing_of_a_private_space_to_outsiders(client):
    staff = make_user(is_agent=True)
    idea = make_idea(space=make_space(name="Backstage", audience="staff"), author=staff, title="Secret roadmap wish")
    client.force_login(make_user())

    pages = [client.get(url).content.decode() for url in ("/ideas/", "/ideas/roadmap/", "/ideas/?q=secret")]
    vote = client.post(f"/ideas/{idea.pk}/vote/", {"on": "1"})

    assert not any("Secret" in page or "Backstage" in page for page in pages)
    assert vote.status_code == 404
    assert "Open ideas<span" not in pages[0]


def test_board_of_forty_ideas_costs_as_many_queries_as_one_of_two(client, django_assert_max_num_queries):
    space, reader = make_space(), make_user()
    client.force_login(reader)
    for _number in range(2):
        make_idea(space=space, tags=["a", "b"])
    client.get("/ideas/")
    with django_assert_max_num_queries(20) as few:
        client.get("/ideas/")
    for _number in range(18):
        make_idea(space=space, tags=["a", "b"], votes=1)

    with django_assert_max_num_queries(len(few)):
        client.get("/ideas/")


def test_roadmap_has_three_columns_in_constant_queries(client, django_assert_max_num_queries):
    space, staff = make_space(), viewer(make_user(is_manager=True))
    staff = viewer(make_user(is_manager=True))
    for status in ("planned", "in_progress", "shipped", "declined"):
        for _number in range(3):
            idea_set_status(viewer=staff, idea=make_idea(space=space, title=f"An idea that is {status}"), status=status)
    client.get("/ideas/roadmap/")

    with django_assert_max_num_queries(22):
        page = client.get("/ideas/roadmap/").content.decode()

    assert page.count("An idea that is planned</a>") == 3
    assert page.count("An idea that is in_progress</a>") == 3
    assert page.count("An idea that is shipped</a>") == 3
    assert "An idea that is declined" not in page


def test_create_page_asks_the_anonymous_to_sign_in(client):
    answer = client.get("/ideas/new/")

    assert answer.status_code == 302 and "/accounts/login/" in answer.url


def test_create_puts_the_idea_on_the_board_with_a_vote(client):
    space, person = make_space(), make_user()
    client.force_login(person)

    answer = client.post("/ideas/new/", {
        "title": "Let me mute a room", "body": "It **rings** at night.", "space": space.slug, "tags": "quiet, night",
        "key": "k1",
    })

    idea = Idea.objects.get()
    assert answer.status_code == 302 and answer.url == idea.get_absolute_url()
    assert idea.vote_count == 1 and IdeaVote.objects.get().user_id == person.pk
    assert sorted(tag.name for tag in idea.topic.tags.all()) == ["night", "quiet"]


def test_create_sent_twice_makes_one_idea(client):
    space = make_space()
    client.force_login(make_user())
    fields = {"title": "Let me mute a room", "body": "It rings.", "space": space.slug, "tags": "", "key": "the-same"}

    client.post("/ideas/new/", fields)
    client.post("/ideas/new/", fields)

    assert Idea.objects.count() == 1 and Idea.objects.get().vote_count == 1


@pytest.mark.parametrize(("field", "value"), [
    ("title", ""), ("title", "abc"), ("title", "x" * 201), ("title", "NUL\0 here"), ("body", ""),
    ("body", "x" * 32_001), ("tags", "a,b,c,d,e,f"), ("space", "nowhere"),
])
def test_create_with_bad_input_names_the_field_and_stores_nothing(client, field, value):
    space = make_space()
    client.force_login(make_user())
    fields = {"title": "Let me mute a room", "body": "It rings.", "space": space.slug, "tags": "", "key": "k"}

    answer = client.post("/ideas/new/", fields | {field: value})

    assert answer.status_code == 400
    assert answer.context["form"].errors.get(field)
    assert not Idea.objects.exists()


def test_vote_works_without_script_and_goes_back_to_where_it_was(client):
    idea = make_idea()
    client.force_login(make_user())

    answer = client.post(f"/ideas/{idea.pk}/vote/", {"on": "1", "next": "/ideas/?sort=top"})
    elsewhere = client.post(f"/ideas/{idea.pk}/vote/", {"on": "0", "next": "https://evil.example/"})

    idea.refresh_from_db()
    assert answer.url == "/ideas/?sort=top"
    assert elsewhere.url == idea.get_absolute_url()
    assert idea.vote_count == 1


def test_vote_with_htmx_answers_the_box_alone(client):
    idea = make_idea()
    client.force_login(make_user())

    answer = client.post(f"/ideas/{idea.pk}/vote/", {"on": "1"}, headers={"HX-Request": "true"})

    html = answer.content.decode()
    assert 'aria-pressed="true"' in html and "<b>2</b>" in html and "<html" not in html


def test_vote_of_the_anonymous_leads_to_signing_in(client):
    idea = make_idea()

    answer = client.post(f"/ideas/{idea.pk}/vote/", {"on": "1"})

    idea.refresh_from_db()
    assert answer.status_code == 302 and "/accounts/login/" in answer.url
    assert idea.vote_count == 1


def test_topic_page_of_an_idea_shows_votes_status_and_what_staff_said(client):
    idea = make_idea(votes=2)
    staff = viewer(make_user(is_manager=True))
    idea_set_status(viewer=staff, idea=idea, status="planned", note="With **4.4**, in spring.")

    page = client.get(idea.get_absolute_url()).content.decode()

    assert "Planned" in page and "<strong>4.4</strong>" in page and "<b>3</b>" in page
    assert reverse("ideas:status", args=[idea.pk]) not in page


def test_staff_decide_on_the_topic_page(client):
    idea = make_idea()
    client.force_login(make_user(is_agent=True))
    assert reverse("ideas:status", args=[idea.pk]) in client.get(idea.get_absolute_url()).content.decode()

    answer = client.post(f"/ideas/{idea.pk}/status/", {"idea-status": "planned", "idea-note": "In spring."})

    idea.refresh_from_db()
    assert answer.status_code == 302 and idea.status == "planned"
    assert idea.status_changes.get().note == "In spring."


def test_customer_cannot_decide(client):
    idea = make_idea()
    client.force_login(make_user())

    answer = client.post(f"/ideas/{idea.pk}/status/", {"idea-status": "shipped", "idea-note": ""})

    idea.refresh_from_db()
    assert answer.status_code == 403
    assert idea.status == "new" and not Event.objects.filter(name="idea.status_changed").exists()


def test_similar_ideas_show_while_writing_and_never_private_ones(client):
    make_idea(title="Mute a single room at night")
    make_idea(space=make_space(audience="staff"), author=make_user(is_agent=True), title="Mute a single room secretly")
    client.force_login(make_user())

    html = client.get("/ideas/similar/?title=mute+a+single+room").content.decode()

    assert "secretly" not in html
