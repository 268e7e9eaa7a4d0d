"""“Searches like this”: others' searches that led to what is shown, and no word that cannot be read there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Audience
from community.forums.services import post_edit
from search import alike
from search.models import SearchLog
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


@pytest.fixture
def lantern(index):
    """A lantern that all may read about, and a hidden topic beside it."""
    topic = make_topic(title="Lantern flickers", body="It goes dark when the wind is strong.")
    make_reply(topic, body="Tighten its screw.")
    hidden = make_space(audience=Audience.STAFF)
    make_topic(space=hidden, author=make_user(is_manager=True), title="Lantern recall", body="Batch zanzibar burns.")
    index()
    return topic


def opened(text: str, topic, *, times: int = 2, days: int = 1) -> None:
    at = timezone.now() - timedelta(days=days)
    SearchLog.objects.bulk_create(
        SearchLog(text=text, count=1, engine="database", clicked_kind="topic", clicked_id=topic.pk, clicked_rank=1,
                  clicked_at=at, created_at=at)
        for _ in range(times)
    )  # fmt: skip


def told(client: Client, **data) -> list[str]:
    page = client.get("/search/", {"q": "lantern", **data})
    return page.context["alike"]


def test_page_when_others_came_here_by_other_words_then_offers_these_the_most_usual_first(client: Client, lantern):
    opened("dark in strong winds", lantern)
    opened("how do i tighten the screw", lantern, times=3)
    opened("lantern", lantern)

    html = client.get("/search/", {"q": "Lantern"}).content.decode()

    assert told(client) == ["how do i tighten the screw", "dark in strong winds"]
    assert "Searches like this" in html and '<a href="?q=dark%20in%20strong%20winds">' in html


def test_search_when_it_led_to_a_later_hit_then_has_to_share_a_word(client: Client, index, lantern):
    for number in range(3):
        make_topic(title=f"Lantern lantern {number}", body="Lantern.")
    last = make_topic(title="A roof", body="Rain comes in beside the lantern and many other things that hang there.")
    index()
    hits = client.get("/search/", {"q": "lantern"}).context["results"].items
    assert last.pk in {item.card.id for item in hits[alike.FIRST :]}
    opened("rain roof", last)
    opened("roof lantern", last)

    assert told(client) == ["roof lantern"]


@pytest.mark.parametrize("text", ["lantern zanzibar", "lantern mara@people.example", "-wind lantern", "is the it"])
def test_search_when_it_says_more_than_what_is_shown_then_is_kept_back(client: Client, lantern, text):
    opened(text, lantern, times=5)

    assert told(client) == []


def test_search_when_its_word_was_taken_out_of_the_topic_then_is_kept_back_at_once(client: Client, lantern):
    opened("tighten the screw", lantern)
    assert told(client) == ["tighten the screw"]

    reply = lantern.posts.get(number=2)
    post_edit(viewer=viewer(reply.author), post=reply, body="It was the wick.")

    assert told(client) == []


def test_search_when_it_was_rare_long_ago_or_led_to_another_kind_then_is_left_out(client: Client, lantern):
    opened("strong wind", lantern, times=1)
    opened("goes dark", lantern, days=200)
    opened("wind", lantern)
    SearchLog.objects.filter(text="wind").update(clicked_kind="article")

    assert told(client) == []


def test_searches_when_the_page_is_not_the_first_then_are_not_told_again(client: Client, lantern):
    opened("strong wind", lantern)
    results = client.get("/search/", {"q": "lantern"}).context["results"]
    assert alike.alike(results) == ["strong wind"]

    results.query = replace(results.query, page=2)

    assert alike.alike(results) == []


def test_searches_when_there_are_many_then_cost_one_statement_and_four_are_told(
    client: Client, lantern, django_assert_max_num_queries
):
    for word in ("dark", "wind", "strong", "screw", "tighten", "flickers"):
        opened(word, lantern)

    with django_assert_max_num_queries(30) as seen:
        assert len(told(client)) == 4

    assert sum("search_searchlog" in query["sql"] and "SELECT" in query["sql"] for query in seen.captured_queries) == 1
