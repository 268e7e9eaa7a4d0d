"""Kept pieces: rendered once for the same values, never for others, with slots that are each request's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.template import engines
from django.test import Client

from accounts import fragments
from accounts.fragments import Shelf, filled, slot
from community.forums.services import post_edit, post_vote, topic_move
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def renders(monkeypatch) -> Iterator[list[str]]:
    """The names of the pieces that were really rendered."""
    seen: list[str] = []

    def render(name: str, context: dict) -> str:
        seen.append(name)
        return engines["django"].from_string("<p>{{ word }} {{ csrf_token }}</p>").render(context)

    monkeypatch.setattr(fragments, "render_to_string", render)
    fragments.shelf.clear()
    yield seen
    fragments.shelf.clear()


def test_piece_when_asked_again_then_rendered_once_with_each_request_in_its_slots(renders):
    first = filled("a.html", {"word": "<b>"}, {"csrf_token": lambda: "one"})
    second = filled("a.html", {"word": "<b>"}, {"csrf_token": lambda: "two"})

    assert (first, second) == ("<p>&lt;b&gt; one</p>", "<p>&lt;b&gt; two</p>")
    assert renders == ["a.html"]


def test_piece_when_a_value_language_or_template_differs_then_rendered_anew(renders):
    filled("a.html", {"word": "x"}, {})
    filled("a.html", {"word": "y"}, {})
    filled("b.html", {"word": "x"}, {})

    assert renders == ["a.html", "a.html", "b.html"]


def test_piece_when_debugging_then_rendered_each_time(renders, settings):
    settings.DEBUG = True
    filled("a.html", {"word": "x"}, {})
    filled("a.html", {"word": "x"}, {})

    assert renders == ["a.html", "a.html"]


def test_slot_when_a_text_speaks_of_slots_then_nothing_is_put_there(renders):
    assert filled("a.html", {"word": "slot csrf_token end"}, {"csrf_token": lambda: "t"}) == (
        "<p>slot csrf_token end t</p>"
    )
    assert slot("csrf_token") not in filled("a.html", {"word": "x"}, {"csrf_token": lambda: "t"})


def test_shelf_when_full_then_what_was_used_longest_ago_goes_and_giants_are_not_kept():
    shelf = Shelf(most=300)
    shelf.put(("a",), ("x" * 100,))
    shelf.put(("b",), ("x" * 100,))
    shelf.get(("a",))
    shelf.put(("c",), ("x" * 150,))
    shelf.put(("giant",), ("x" * 70_000,))

    assert [shelf.get((key,)) is not None for key in ("a", "b", "c", "giant")] == [True, False, True, False]


def _signed_in(user) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user, backend=BACKEND)
    return client


@pytest.mark.django_db
def test_topic_page_when_kept_for_one_then_the_other_gets_tokens_and_rights_of_their_own():
    topic = make_topic()
    reply = make_reply(topic)
    author, reader = _signed_in(reply.author), _signed_in(make_user())
    address = topic.get_absolute_url()
    own, others = (client.get(address).content.decode() for client in (author, reader))

    assert f"/posts/{reply.pk}/edit/" in own and f"/posts/{reply.pk}/edit/" not in others
    assert f"/posts/{reply.pk}/vote/" in others and f"/posts/{reply.pk}/vote/" not in own
    token = others.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    voted = reader.post(f"/posts/{reply.pk}/vote/", {"on": "1", "csrfmiddlewaretoken": token})
    assert voted.status_code == 302
    assert token not in author.get(address).content.decode()


@pytest.mark.django_db
def test_pages_when_something_changes_then_no_piece_is_stale():
    topic, reader = make_topic(), make_user()
    reply = make_reply(topic)
    client, address = Client(), topic.get_absolute_url()
    client.get(address)

    post_edit(viewer=viewer(reply.author), post=reply, body="Quite other words")
    post_vote(viewer=viewer(reader), post=reply, on=True)
    reply.author.display_name = "Renamed Since"
    reply.author.save()
    page = client.get(address).content.decode()

    assert "Quite other words" in page
    assert "Renamed Since" in page
    assert page.partition(f'id="post-{reply.number}"')[2].count("</svg>1</span>") == 1


@pytest.mark.django_db
def test_list_when_a_topic_moves_where_a_reader_may_not_follow_then_its_kept_line_is_gone():
    topic, hidden = make_topic(title="A line that is kept"), make_space(audience="staff")
    client = Client()
    assert "A line that is kept" in client.get("/topics/").content.decode()

    topic_move(viewer=viewer(make_user(is_superuser=True)), topic=topic, space=hidden)

    assert "A line that is kept" not in client.get("/topics/").content.decode()
