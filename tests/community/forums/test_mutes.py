"""Muting a space or a tag, and lists without those whom one ignores: what is told, what is listed, what stays."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.errors import NotAllowed
from accounts.events.models import Event
from accounts.events.worker import drain
from accounts.ignoring.services import person_ignore
from accounts.models import User
from accounts.services import token_create
from community.forums.models import Mute, Tag, Topic, TopicFollow, TopicRead
from community.forums.mutes import mutes_of
from community.forums.selectors import topic_page
from community.forums.services import mutes, space_mute, tag_mute, topic_follow
from community.notifications.models import Notification
from config.frontpage import topics as front
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import client_of, make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db
LISTS = ("latest", "newest", "new", "top", "unread")


def listed(user: User, tab: str, **where: object) -> set[int]:
    return {topic.pk for topic in topic_page(viewer(user), tab=tab, **where).topics}  # type: ignore[arg-type]


def told(user: User) -> list[str]:
    drain()
    return sorted(Notification.objects.filter(user=user).values_list("kind", flat=True))


@pytest.mark.parametrize("tab", LISTS)
def test_lists_when_muted_or_begun_by_the_ignored_then_without_them_but_with_ones_own(tab: str) -> None:
    mara, troll = make_user(), make_user()
    loud, calm = make_space(), make_space()
    part = make_space(parent=loud)
    noisy = [make_topic(space=loud), make_topic(space=part), make_topic(space=calm, tags=["wifi", "lamp"])]
    rude = make_topic(space=calm, author=troll)
    make_reply(rude)
    own, fine, orphan = make_topic(space=loud, author=mara), make_topic(space=calm), make_topic(space=calm)
    Topic.objects.filter(pk=orphan.pk).update(author=None)
    everything = {topic.pk for topic in (*noisy, rude, own, fine, orphan)}
    if tab == "unread":
        TopicRead.objects.filter(user=mara).delete()  # one's own is read from the start
        TopicRead.objects.bulk_create(TopicRead(topic_id=pk, user=mara, last_post_number=0) for pk in everything)
    before = listed(mara, tab)
    assert everything - {own.pk} <= before

    space_mute(viewer=viewer(mara), space=loud, on=True)
    tag_mute(viewer=viewer(mara), tag=Tag.objects.get(name="lamp"), on=True)
    person_ignore(viewer=viewer(mara), person=troll, level="ignored")

    assert before - listed(mara, tab) == {*(topic.pk for topic in noisy), rude.pk}
    assert listed(troll, tab) == (everything if tab in ("latest", "newest", "top") else listed(troll, tab))
    assert noisy[0].pk in listed(mara, "latest", space=loud) and noisy[2].pk in listed(mara, "latest", tag="lamp")
    assert rude.pk in listed(mara, "latest", space=calm)

    space_mute(viewer=viewer(mara), space=loud, on=False)
    assert before - listed(mara, tab) == {noisy[2].pk, rude.pk}


def test_front_page_when_muted_then_its_latest_is_without_and_its_questions_are_not() -> None:
    mara, space = make_user(), make_space()
    topic = make_topic(space=space)
    space_mute(viewer=viewer(mara), space=space, on=True)

    assert topic.pk not in {one.pk for one in front(viewer(mara), "latest").topics}
    assert topic.pk in {one.pk for one in front(viewer(mara), "unanswered").topics}  # as many as its tab counts
    assert topic.pk in {one.pk for one in front(viewer(None), "latest").topics}


@pytest.mark.parametrize("what", ["space", "whole", "tag"])
def test_telling_when_muted_then_no_replies_and_mentions_until_heard_again(what: str) -> None:
    mara, writer = make_user("mara"), make_user(trust_level=1)
    whole = make_space()
    space = make_space(parent=whole)
    topic = make_topic(space=space, author=writer, tags=["lamp"])
    topic_follow(viewer=viewer(mara), topic=topic, on=True)
    other = make_topic(space=make_space(), author=writer, body="You, @mara?")

    def mute(on: bool) -> None:
        if what == "tag":
            tag_mute(viewer=viewer(mara), tag=Tag.objects.get(name="lamp"), on=on)
        else:
            space_mute(viewer=viewer(mara), space=space if what == "space" else whole, on=on)

    mute(True)
    make_reply(topic, author=writer)
    make_reply(topic, author=writer, body="And you, @mara?")
    make_topic(space=space, author=writer, tags=["lamp"], body="Here too, @mara.")
    assert told(mara) == ["mention"]
    assert Notification.objects.get(user=mara).target_id == other.posts.get().pk

    mute(False)
    make_reply(topic, author=writer)
    assert told(mara) == ["mention", "reply"]
    assert TopicFollow.objects.get(topic=topic, user=mara).is_muted is False


def test_page_when_a_space_and_a_tag_are_muted_then_says_so_and_settings_take_it_back() -> None:
    mara, space = make_user(), make_space("Lamps", slug="lamps")
    make_topic(space=space, tags=["night"])
    browser = client_of(mara)
    assert b">Mute<" in browser.get("/s/lamps/").content

    browser.post("/s/lamps/mute/", {"on": "1"})
    answer = browser.post("/tags/night/mute/", {"on": "1"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/tags/night/" and b">Muted<" in answer.content
    assert b">Muted<" in browser.get("/s/lamps/").content
    page = browser.get("/settings/ignored/").content.decode()
    assert "Lamps" in page and "#night" in page

    back = browser.post("/s/lamps/mute/", {"on": "0", "next": "/settings/ignored/"})
    assert back["Location"] == "/settings/ignored/" and b">Mute<" in browser.get("/s/lamps/").content
    assert b"Mute<" not in Client().get("/s/lamps/").content
    assert not Event.objects.filter(name__contains="mute").exists()


def test_mutes_when_the_space_is_closed_to_somebody_then_are_not_shown_and_nothing_hidden_can_be_muted() -> None:
    mara, agent = make_user(), make_user(is_agent=True)
    space, inside = make_space(), make_space(slug="inside", audience="staff")
    make_topic(space=inside, author=agent, tags=["secret"])
    space_mute(viewer=viewer(mara), space=space, on=True)
    browser = client_of(mara)

    with pytest.raises(NotAllowed):
        space_mute(viewer=viewer(mara), space=inside, on=True)
    for path in ("/s/inside/mute/", "/tags/secret/mute/"):
        assert browser.post(path, {"on": "1"}).status_code == 404
    for path in ("spaces/inside", "tags/secret"):
        assert browser.put(f"/api/v1/muted/{path}").status_code == 404
    Mute.objects.create(user=mara, space=inside, created_at=space.created_at)
    Mute.objects.create(user=mara, tag=Tag.objects.get(name="secret"), created_at=space.created_at)

    assert [row.space for row in mutes_of(viewer(mara))] == [space]
    assert len(mutes_of(viewer(agent))) == 0


def test_api_when_muted_then_as_the_pages_do_and_only_with_a_private_token(monkeypatch) -> None:
    mara = make_user()
    make_topic(space=make_space(slug="lamps"), tags=["night"])
    api = client_of(mara)

    assert api.put("/api/v1/muted/spaces/lamps").json() == {"space": "lamps", "is_muted": True}
    assert api.put("/api/v1/muted/tags/night").status_code == 200
    assert api.get("/api/v1/muted").json() == {"spaces": ["lamps"], "tags": ["night"]}
    _row, secret = token_create(viewer=viewer(mara), user=mara, name="Script", scopes=["read", "write"])
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert Client().get("/api/v1/muted", **bearer).json() == {"spaces": [], "tags": []}
    assert Client().put("/api/v1/muted/spaces/lamps", **bearer).status_code == 403
    assert api.delete("/api/v1/muted/tags/night").status_code == 204
    assert api.get("/api/v1/muted").json() == {"spaces": ["lamps"], "tags": []}
    assert Client().get("/api/v1/muted").status_code == 401

    monkeypatch.setattr(mutes, "MOST", 1)
    with pytest.raises(ValidationError, match="Hear of some of them again"):
        tag_mute(viewer=viewer(mara), tag=Tag.objects.get(name="night"), on=True)


def test_lists_when_things_are_muted_then_cost_the_statements_that_they_cost_before() -> None:
    mara, spaces = make_user(), [make_space() for _ in range(3)]
    make_topic(space=spaces[0], tags=["lamp"])

    def cost(tab: str) -> int:
        with CaptureQueriesContext(connection) as counted:
            topic_page(viewer(mara), tab=tab)
        return len(counted)

    before = [cost(tab) for tab in LISTS]
    for space in spaces[1:]:
        space_mute(viewer=viewer(mara), space=space, on=True)
    tag_mute(viewer=viewer(mara), tag=Tag.objects.get(name="lamp"), on=True)
    Topic.objects.all().delete()
    make_topic(space=spaces[0], author=mara)

    assert [cost(tab) for tab in LISTS] <= before


def test_open_list_when_something_is_muted_then_asks_what_of_the_news_is_in_it(client) -> None:
    mara, loud, calm, hidden = make_user(), make_space(), make_space(), make_space(audience="staff")
    other = make_topic(space=calm)
    quiet = [make_topic(space=loud), make_topic(space=calm, tags=["wifi"])]
    quiet.append(make_topic(space=hidden, author=make_user(is_agent=True)))
    client.force_login(mara, backend="allauth.account.auth_backends.AuthenticationBackend")
    asked = f"/topics/heard/?t=x&t={'9' * 5_000}&t={2**40}&" + "&".join(f"t={topic.pk}" for topic in (*quiet, other))
    assert "data-heard" not in client.get("/topics/").content.decode()

    space_mute(viewer=viewer(mara), space=loud, on=True)
    tag_mute(viewer=viewer(mara), tag=Tag.objects.get(name="wifi"), on=True)

    assert 'data-heard="/topics/heard/"' in client.get("/topics/").content.decode()
    assert "data-heard" not in client.get(loud.get_absolute_url()).content.decode()
    assert client.get(asked).json() == {"heard": [other.pk]}
    client.logout()
    assert client.get(asked).status_code == 302
