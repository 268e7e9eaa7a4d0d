"""Lists of topics for somebody who comes back: new, unread, top by period, pages of tags, and what open lists hear."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from community.forums.selectors import topic_page
from community.forums.services import post_vote, topic_follow, topic_mark_read
from community.notifications.live.groups import may_watch
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def _shown(person, **which) -> set[int]:
    return {topic.pk for topic in topic_page(viewer(person), **which).topics}


def test_new_when_read_or_own_or_old_then_left_out() -> None:
    reader, space = make_user(), make_space()
    fresh, read = make_topic(space=space), make_topic(space=space)
    make_topic(space=space, author=reader)
    make_topic(space=space, at=timezone.now() - timedelta(days=3))
    topic_mark_read(viewer=viewer(reader), topic=read, number=1)

    assert _shown(reader, tab="new") == {fresh.pk}


def test_unread_when_grown_since_reading_then_shown_but_not_muted_or_never_opened_or_for_a_whisper() -> None:
    reader, agent = make_user(), make_user(is_agent=True)
    grown, muted, whispered, _unopened = (make_topic() for _ in range(4))
    for topic in (grown, muted, whispered):
        topic_mark_read(viewer=viewer(reader), topic=topic, number=1)
    topic_follow(viewer=viewer(reader), topic=muted, on=False)
    for topic in (grown, muted):
        make_reply(topic)
    make_reply(whispered, author=agent, is_whisper=True)

    assert _shown(reader, tab="unread") == {grown.pk}
    assert _shown(None, tab="unread") == set()


def test_top_when_a_period_is_chosen_then_only_what_was_alive_in_it() -> None:
    now = timezone.now()
    week, old = make_topic(at=now - timedelta(days=2)), make_topic(at=now - timedelta(days=400))
    post_vote(viewer=viewer(make_user()), post=old.posts.get(), on=True)

    assert _shown(None, tab="top", period="week") == {week.pk}
    assert _shown(None, tab="top", period="nonsense") == {week.pk}
    assert [topic.pk for topic in topic_page(viewer(None), tab="top", period="all").topics] == [old.pk, week.pk]
    page = Client().get("/topics/?tab=top&period=week").content.decode()
    assert 'href="?tab=top&amp;period=week" aria-current="true"' in page


def test_tag_page_when_a_tab_is_empty_then_still_there_but_an_unseen_tag_is_not() -> None:
    make_topic(tags=["wifi"])
    make_topic(tags=["secret"], space=make_space(audience="staff"), author=make_user(is_agent=True))

    assert Client().get("/tags/wifi/?tab=solved").status_code == 200
    assert Client().get("/tags/secret/").status_code == Client().get("/tags/nothing/").status_code == 404


@pytest.mark.parametrize("audience", ["public", "staff"])
def test_open_list_when_watched_then_only_by_those_who_may_read_the_space(audience: str) -> None:
    space = make_space(audience=audience)

    assert may_watch(viewer(make_user()), f"space.{space.pk}") == (audience == "public")
    assert may_watch(viewer(make_user(is_agent=True)), f"space.{space.pk}")


def test_list_page_when_signed_in_then_says_which_spaces_it_hears_of() -> None:
    space, client = make_space(), Client()
    make_topic(space=space)
    client.force_login(make_user(), backend="allauth.account.auth_backends.AuthenticationBackend")

    assert f'data-live-list="{space.pk}"' in client.get(space.get_absolute_url()).content.decode()
    assert "data-live-list" not in Client().get(space.get_absolute_url()).content.decode()
