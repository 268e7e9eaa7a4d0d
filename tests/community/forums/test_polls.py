"""Polls: made with a topic or later, voted in until they close, counts shown only when they may be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.errors import Conflict, NotAllowed
from accounts.services import token_create
from community.forums.models import Poll, PollVote, Post, Topic
from community.forums.services import content_set_status, poll_close, poll_create, poll_vote
from community.forums.services.polls import PollInput, recount_poll
from community.forums.source import TopicSource
from tests.community.moderation.test_races import at_once
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import client_of, make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db
LUNCH = PollInput("What for lunch?", ["Soup", "Bread", "Nothing"])


def make_poll(author=None, **fields) -> Poll:
    author = author or make_user()
    post = make_reply(make_topic(), author=author)
    asked = {"question": LUNCH.question, "options": LUNCH.options} | fields
    return poll_create(viewer=viewer(author), post=post, asked=PollInput(**asked))


def _ids(poll: Poll) -> list[int]:
    return list(poll.options.values_list("pk", flat=True))


def _counts(poll: Poll) -> tuple[list[int], int]:
    return list(poll.options.values_list("vote_count", flat=True)), Poll.objects.get(pk=poll.pk).voter_count


def test_vote_when_changed_and_taken_back_then_counts_follow_and_a_recount_changes_nothing() -> None:
    poll, mara, jonas = make_poll(most=2), viewer(make_user()), viewer(make_user())
    soup, bread, nothing = _ids(poll)
    poll_vote(viewer=mara, poll=poll, options=[soup, bread])
    poll_vote(viewer=jonas, poll=poll, options=[bread, bread])
    assert _counts(poll) == ([1, 2, 0], 2)

    poll_vote(viewer=mara, poll=poll, options=[nothing])
    poll_vote(viewer=jonas, poll=poll, options=[])

    assert _counts(poll) == ([0, 0, 1], 1)
    recount_poll(Poll.objects.get(pk=poll.pk))
    assert _counts(poll) == ([0, 0, 1], 1)


def test_vote_when_too_many_foreign_closed_or_hidden_then_refused_and_nothing_stays() -> None:
    author = make_user()
    poll, other, who = make_poll(author), make_poll(), viewer(make_user())
    for options in (_ids(poll)[:2], _ids(other)[:1], [0]):
        with pytest.raises(ValidationError) as refused:
            poll_vote(viewer=who, poll=poll, options=options)
        assert list(refused.value.message_dict) == ["options"]
    with pytest.raises(NotAllowed):
        poll_close(viewer=who, poll=poll)
    poll_close(viewer=viewer(author), poll=poll)
    content_set_status(actor_id=None, target=other.post, status="removed")
    for closed in (poll, other):
        with pytest.raises(NotAllowed):
            poll_vote(viewer=who, poll=closed, options=_ids(closed)[:1])

    assert not PollVote.objects.exists()


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("question", {"question": " "}), ("question", {"question": "x" * 201}), ("options", {"options": ["a", " "]}),
        ("options", {"options": ["Soup", "soup "]}), ("options", {"options": [str(n) for n in range(21)]}),
        ("options", {"options": ["a", "b" * 121]}), ("most", {"most": 4}), ("most", {"most": 0}),
        ("results", {"results": "never"}), ("closes_at", {"closes_at": timezone.now() - timedelta(days=1)}),
        ("closes_at", {"closes_at": timezone.now() + timedelta(days=900)}),
    ],
    ids=lambda value: value if isinstance(value, str) else next(iter(value)),
)  # fmt: skip
def test_create_when_a_field_is_wrong_then_it_is_named_and_nothing_stays(field: str, asked: dict) -> None:
    with pytest.raises(ValidationError) as refused:
        make_poll(**asked)

    assert list(refused.value.message_dict) == [field] and not Poll.objects.exists()
    assert not Post.objects.filter(has_poll=True).exists()


def test_create_when_not_the_author_or_a_second_time_then_refused() -> None:
    poll = make_poll()
    with pytest.raises(NotAllowed):
        poll_create(viewer=viewer(make_user(trust_level=4)), post=make_reply(make_topic()), asked=LUNCH)
    with pytest.raises(Conflict):
        poll_create(viewer=viewer(make_user(is_moderator=True)), post=poll.post, asked=LUNCH)


@pytest.mark.parametrize(("results", "before", "after"), [("always", 1, 1), ("voted", 0, 1), ("closed", 0, 0)])
def test_results_when_asked_for_then_pages_and_api_show_them_by_the_rule(results: str, before: int, after: int) -> None:
    poll, who = make_poll(results=results, is_public=True), make_user()
    first = make_user(display_name="Zora First")
    poll_vote(viewer=viewer(first), poll=poll, options=_ids(poll)[:1])
    client, address = client_of(who), f"/api/v1/posts/{poll.post_id}/poll"

    def shown() -> tuple[bool, bool, bool]:
        _row, token = token_create(viewer=viewer(who), user=who, scopes=["read"])
        answer = Client().get(address, headers={"Authorization": f"Bearer {token}"}).json()
        page = client.get(poll.post.topic.get_absolute_url()).content.decode()
        names = client.get(f"/posts/{poll.post_id}/poll/").content.decode()
        return "count" in answer["options"][0], "100 %" in page or "50 %" in page, "Zora First" in names

    assert shown() == (bool(before),) * 3
    client.post(f"/posts/{poll.post_id}/poll/", {"act": "vote", "option": _ids(poll)[1]})
    assert shown() == (bool(after),) * 3
    Poll.objects.update(closes_at=timezone.now())
    assert shown() == (True,) * 3


def test_form_when_a_topic_is_started_with_a_poll_then_both_stand_or_neither() -> None:
    space, who = make_space(), make_user()
    client, address = client_of(who), f"/s/{space.slug}/new/"
    sent = {"kind": "question", "title": "Where do we eat?", "body": "Say so.", "key": "k1", "question": "Where?"}

    refused = client.post(address, sent | {"options": "Here"})
    assert refused.status_code == 400 and "one a line" in refused.content.decode() and not Topic.objects.exists()

    made = client.post(address, sent | {"options": "Here\nThere\n", "most": 1, "results": "always"})
    again = client.post(address, sent | {"options": "Here\nThere\n", "most": 1, "results": "always"})
    assert made.url == again.url and Poll.objects.count() == 1
    page = client.get(made.url).content.decode()
    assert "<legend>Where?</legend>" in page and 'type="radio"' in page
    row = client.post(f"/posts/{Poll.objects.get().post_id}/poll/", {"option": "x"}, headers={"HX-Request": "true"})
    assert row.status_code == 400 and "options of this poll" in row.content.decode()


def test_api_when_a_poll_is_made_and_voted_in_then_it_is_read_with_the_posts() -> None:
    author = make_user()
    post = make_reply(make_topic(), author=author)
    _row, token = token_create(viewer=viewer(author), user=author, scopes=["read", "write"])
    client, address = Client(headers={"Authorization": f"Bearer {token}"}), f"/api/v1/posts/{post.pk}/poll"
    assert client.get(address).status_code == 404

    made = client.post(address, {"question": "Lunch?", "options": ["Soup", "Bread"]}, "application/json")
    assert made.status_code == 201
    voted = client.put(address, {"options": [made.json()["options"][0]["id"]]}, "application/json").json()
    assert voted["voter_count"] == 1 and voted["options"][0] | {"id": 0} == {
        "id": 0, "text": "Soup", "is_mine": True, "count": 1,
    }  # fmt: skip
    listed = client.get(f"/api/v1/topics/{post.topic_id}/posts").json()["results"][1]["poll"]
    assert listed == voted
    assert client.delete(address).json()["is_open"] is False


def test_page_when_polls_are_on_it_then_one_statement_reads_them_all(django_assert_num_queries) -> None:
    from community.forums.selectors import post_page, topic_for_page

    author, topic = make_user(), make_topic()
    for _ in range(3):
        poll_create(viewer=viewer(author), post=make_reply(topic, author=author), asked=LUNCH)
    topic = topic_for_page(viewer(author), topic.pk)
    post_page(viewer(author), topic, 1)
    who = viewer(author)

    with django_assert_num_queries(2):
        shown = [post.poll_shown for post in post_page(who, topic, 1).posts]
    assert [poll is not None for poll in shown] == [False, True, True, True]


@pytest.mark.django_db(transaction=True)
def test_votes_when_many_come_at_once_then_counts_equal_the_rows() -> None:
    poll, people = make_poll(), [viewer(make_user()) for _ in range(6)]
    soup, bread, _nothing = _ids(poll)
    jobs = [
        lambda who=who, pk=pk: poll_vote(viewer=who, poll=poll, options=[pk]) for who in people for pk in (soup, bread)
    ]

    results = at_once(jobs)

    assert [result for result in results if isinstance(result, Exception)] == []
    counts, voters = _counts(poll)
    assert voters == 6 and sum(counts) == PollVote.objects.count() == 6


def test_words_of_a_poll_when_searched_then_its_topic_is_found_where_it_is_read() -> None:
    topic = make_topic(title="What shall we plant?")
    poll_create(
        viewer=viewer(topic.author), post=topic.posts.get(number=1),
        asked=PollInput("Which xyquince bush?", ["Early xymedlar", "Late xydamson"]),
    )  # fmt: skip
    later = make_reply(topic)
    poll_create(viewer=viewer(later.author), post=later, asked=PollInput("And xysorrel below?", ["Yes", "No"]))
    document = TopicSource().documents([topic.pk])[0]

    assert "Which xyquince bush?" in document.body and "Early xymedlar" in document.body
    assert "And xysorrel below?" in document.replies and "xysorrel" not in document.body


def test_documents_when_topics_hold_polls_then_the_statements_are_the_same(django_assert_num_queries) -> None:
    topics = [make_poll().post.topic_id for _time in range(3)]
    for some in (topics[:1], topics):
        with django_assert_num_queries(4):
            TopicSource().documents(some)


def test_piece_when_an_open_page_asks_again_then_it_is_the_poll_as_this_reader_may_know_it() -> None:
    poll, mara, jonas = make_poll(results="voted"), make_user(), make_user()
    poll_vote(viewer=viewer(mara), poll=poll, options=_ids(poll)[:1])

    address = f"/posts/{poll.post_id}/poll/"
    seen = [client_of(who).get(address, headers={"HX-Request": "true"}).content.decode() for who in (mara, jonas)]

    assert "1 person voted." in seen[0] and "Vote to see the results." in seen[1]
    assert all("<html" not in page and f'data-poll="{poll.post_id}"' in page for page in seen)
