"""Ideas over the API: the contract's paths, bad input by field, nothing private."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from community.ideas.models import Idea
from tests.factories.ideas import make_idea
from tests.factories.people import make_user
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db
GOOD = {"title": "Let me mute a room", "body": "It **rings**.", "tags": ["quiet"]}


@pytest.fixture
def api() -> APIClient:
    return APIClient()


def test_list_tells_what_the_board_shows(api):
    idea = make_idea(votes=2, tags=["quiet"])

    answer = api.get("/api/v1/ideas").json()

    assert answer["total"] == 1
    found = answer["results"][0]
    assert (found["id"], found["votes"], found["voted"], found["status"]) == (idea.pk, 3, False, "new")
    assert found["url"].endswith(idea.get_absolute_url()) and found["tags"] == ["quiet"]


@pytest.mark.parametrize(("query", "field"), [("sort=loud", "sort"), ("status=gone", "status"), ("page=0", "page")])
def test_list_names_the_field_of_a_bad_filter(api, query, field):
    answer = api.get(f"/api/v1/ideas?{query}")

    assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"
    assert field in answer.json()["errors"]


def test_create_answers_the_idea_with_its_vote(api):
    space = make_space()
    api.force_login(make_user())

    answer = api.post("/api/v1/ideas", GOOD | {"space": space.slug}, format="json")

    assert answer.status_code == 201
    assert answer.json()["votes"] == 1 and answer.json()["voted"] is True
    read = api.get(f"/api/v1/ideas/{answer.json()['id']}").json()
    assert "<strong>rings</strong>" in read["html"] and read["changes"] == []


@pytest.mark.parametrize(("change", "field"), [
    ({"title": ""}, "title"), ({"title": "abc"}, "title"), ({"body": ""}, "body"), ({"space": "nowhere"}, "space"),
    ({"tags": ["a", "b", "c", "d", "e", "f"]}, "tags"), ({"tags": "quiet"}, "tags"), ({"body": 35_000 * "x"}, "body"),
])
def test_create_with_bad_input_names_the_field_and_stores_nothing(api, change, field):
    space = make_space()
    api.force_login(make_user())

    answer = api.post("/api/v1/ideas", GOOD | {"space": space.slug} | change, format="json")

    assert answer.status_code == 400
    assert any(name.split(".")[0] == field for name in answer.json()["errors"])
    assert not Idea.objects.exists()


def test_vote_and_unvote_over_the_api(api):
    idea = make_idea()
    api.force_login(make_user())

    first, again = api.post(f"/api/v1/ideas/{idea.pk}/vote"), api.post(f"/api/v1/ideas/{idea.pk}/vote")
    back = api.delete(f"/api/v1/ideas/{idea.pk}/vote")

    assert (first.json()["votes"], again.json()["votes"], back.json()["votes"]) == (2, 2, 1)


def test_anonymous_reads_but_does_not_vote_or_suggest(api):
    idea = make_idea()

    assert api.get(f"/api/v1/ideas/{idea.pk}").status_code == 200
    assert api.post(f"/api/v1/ideas/{idea.pk}/vote").status_code == 401
    assert api.post("/api/v1/ideas", GOOD, format="json").status_code == 401
    idea.refresh_from_db()
    assert idea.vote_count == 1


def test_only_staff_decide(api):
    idea = make_idea()
    api.force_login(make_user())
    refused = api.patch(f"/api/v1/ideas/{idea.pk}", {"status": "planned"}, format="json")
    api.force_login(make_user(is_agent=True))
    decided = api.patch(f"/api/v1/ideas/{idea.pk}", {"status": "planned", "note": "In spring."}, format="json")

    assert refused.status_code == 403
    assert decided.json()["status"] == "planned"


def test_idea_of_a_private_space_does_not_exist_for_others(api):
    idea = make_idea(space=make_space(audience="staff"), author=make_user(is_agent=True))
    api.force_login(make_user())

    assert api.get("/api/v1/ideas").json()["total"] == 0
    assert api.get(f"/api/v1/ideas/{idea.pk}").status_code == 404
    assert api.post(f"/api/v1/ideas/{idea.pk}/vote").status_code == 404


def test_unknown_id_wrong_method_and_broken_json_are_problems(api):
    api.force_login(make_user())

    assert api.get("/api/v1/ideas/999999").status_code == 404
    assert api.put("/api/v1/ideas/999999").status_code == 405
    broken = api.generic("POST", "/api/v1/ideas", b"{", content_type="application/json")
    assert broken.status_code == 400 and broken["Content-Type"] == "application/problem+json"


def test_list_of_twenty_costs_what_a_list_of_two_costs(api, django_assert_max_num_queries):
    space, person = make_space(), make_user()
    api.force_login(person)
    for _number in range(2):
        make_idea(space=space, tags=["a"])
    with django_assert_max_num_queries(14) as few:
        api.get("/api/v1/ideas")
    for _number in range(18):
        make_idea(space=space, tags=["a", "b"], votes=1)

    with django_assert_max_num_queries(len(few)):
        api.get("/api/v1/ideas")
