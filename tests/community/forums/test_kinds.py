"""Problems, which are solved as questions are, and praise, which is not; lists of one kind."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.errors import NotAllowed
from community.forums import jsonld
from community.forums.models import Kind, Topic
from community.forums.selectors import topic_for_page, topic_page
from community.forums.services import solution_accept
from community.forums.source import TopicSource
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def test_problem_when_answered_and_accepted_then_it_goes_the_way_of_a_question() -> None:
    reporter = make_user()
    problem = make_topic(kind="problem", author=reporter)
    assert (problem.state, str(problem.look.label), str(problem.look.verb)) == ("open", "Problem", "reported by")
    assert [topic.pk for topic in topic_page(viewer(None), tab="unanswered").topics] == [problem.pk]

    reply = make_reply(problem)
    solution_accept(viewer=viewer(reporter), topic=problem, post=reply)

    problem.refresh_from_db()
    assert (problem.state, problem.look_name) == ("solved", "problem-solved")
    assert [topic.pk for topic in topic_page(viewer(None), tab="solved").topics] == [problem.pk]


def test_praise_when_replied_to_then_nothing_is_an_answer_and_no_list_asks_for_one() -> None:
    giver = make_user()
    praise = make_topic(kind="praise", author=giver)
    with pytest.raises(NotAllowed):
        solution_accept(viewer=viewer(giver), topic=praise, post=make_reply(praise))

    assert (praise.state, praise.look.icon) == ("praise", "heart")
    assert topic_page(viewer(None), tab="unsolved").topics == []


@pytest.mark.parametrize("kind", ["problem", "praise"])
def test_structured_data_when_it_is_no_question_then_a_posting(kind: str) -> None:
    made = make_topic(kind=kind)
    topic = topic_for_page(viewer(None), made.pk)

    assert topic is not None
    assert jsonld.data_of(topic, list(topic.posts.all()))["@type"] == "DiscussionForumPosting"


def test_search_when_a_problem_is_open_then_its_state_is_problem_until_it_is_solved() -> None:
    reporter = make_user()
    problem = make_topic(kind="problem", author=reporter)
    source = TopicSource()
    assert [document.state for document in source.documents([problem.pk])] == ["problem"]

    solution_accept(viewer=viewer(reporter), topic=problem, post=make_reply(problem))

    assert [document.state for document in source.documents([problem.pk])] == ["solved"]
    assert "problem" in source.state_labels


def test_list_when_narrowed_to_a_kind_then_it_alone_and_older_ones_stay_of_it(django_assert_num_queries) -> None:
    space = make_space()
    problems = [make_topic(space=space, kind="problem").pk for _ in range(21)]
    make_topic(space=space, kind="praise")

    anybody = viewer(None)
    with django_assert_num_queries(2):
        page = topic_page(anybody, kind="problem")
    rest = topic_page(anybody, kind="problem", cursor=page.older)

    assert {topic.pk for topic in [*page.topics, *rest.topics]} == set(problems)
    shown = Client().get("/topics/?kind=problem").content.decode()
    assert 'href="?tab=latest&amp;kind=problem" aria-current="true"' in shown
    assert f"&amp;kind=problem&amp;older={page.older}" in shown
    assert len(topic_page(viewer(None), kind="nonsense").topics) == 20


def test_list_of_a_space_when_it_takes_one_kind_then_no_choice_of_kinds() -> None:
    space = make_space(kinds=["question"])

    assert "kind=" not in Client().get(space.get_absolute_url()).content.decode()


def test_ask_form_when_the_space_takes_them_then_problem_and_praise_are_offered_and_kept(client: Client) -> None:
    person, space = make_user(), make_space(slug="hubs", kinds=["question", "problem", "praise"])
    client.force_login(person)
    assert "Problem" in client.get("/s/hubs/new/").content.decode()

    sent = {"kind": "praise", "title": "It just works", "body": "Every night.", "tags": "", "key": "k1"}
    client.post("/s/hubs/new/", sent)
    refused = client.post("/s/hubs/new/", sent | {"kind": "announcement", "key": "k2"})

    assert refused.status_code == 400
    assert list(Topic.objects.filter(space=space).values_list("kind", flat=True)) == [Kind.PRAISE]
