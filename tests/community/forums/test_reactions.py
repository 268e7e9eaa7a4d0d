"""Emoji under posts: who may, how often, what is counted, who is told, and what pages and the API show."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.events.worker import drain
from accounts.services import token_create
from community.forums.models import Post, PostReaction
from community.forums.reactions import counts_in, most_a_day, offered, reaction
from community.forums.selectors import post_page, topic_for_page
from community.forums.services import content_set_status, post_react, post_vote
from community.forums.services.recount import recount_reactions
from community.notifications.models import Notification
from community.notifications.selectors import for_page
from tests.community.moderation.test_races import at_once
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import client_of, make_user, viewer

pytestmark = pytest.mark.django_db


def _counts(post: Post) -> dict[str, int]:
    return dict(counts_in(Post.objects.get(pk=post.pk).reactions))


def test_react_when_twice_and_taken_back_then_each_counts_once_and_votes_stay() -> None:
    post, mara, jonas = make_reply(make_topic()), make_user(), make_user()
    post_vote(viewer=viewer(mara), post=post, on=True)
    for who, name in ((mara, "heart"), (mara, "heart"), (mara, "tada"), (jonas, "heart")):
        post_react(viewer=viewer(who), post=post, name=name, on=True)
    assert _counts(post) == {"heart": 2, "tada": 1}

    post_react(viewer=viewer(mara), post=post, name="heart", on=False)
    post_react(viewer=viewer(mara), post=post, name="heart", on=False)

    assert _counts(post) == {"heart": 1, "tada": 1} and Post.objects.get(pk=post.pk).vote_count == 1
    assert recount_reactions() == 0
    Post.objects.filter(pk=post.pk).update(reactions="heart:7")
    assert recount_reactions() == 1 and _counts(post) == {"heart": 1, "tada": 1}


def test_react_when_own_hidden_unknown_or_removed_then_refused_and_nothing_stays(settings) -> None:
    author, other = make_user(), make_user()
    post = make_reply(make_topic(), author=author)
    with pytest.raises(NotAllowed):
        post_react(viewer=viewer(author), post=post, name="heart", on=True)
    with pytest.raises(NotAllowed):
        post_react(viewer=viewer(None), post=post, name="heart", on=True)
    for name in ("bomb", "", "x" * 500):
        with pytest.raises(ValidationError) as refused:
            post_react(viewer=viewer(other), post=post, name=name, on=True)
        assert "thumbsup" in refused.value.message_dict["name"][0]
    content_set_status(actor_id=None, target=post, status="removed")
    with pytest.raises(NotAllowed):
        post_react(viewer=viewer(other), post=Post.objects.get(pk=post.pk), name="heart", on=True)

    assert not PostReaction.objects.exists()
    settings.REACTIONS = ["rocket", "no-emoji-has-this-name"]
    assert [one.sign for one in offered()] == ["🚀"] and reaction("heart").label == "red heart"


@pytest.mark.parametrize(("level", "most"), [(0, 50), (1, 50), (2, 75), (3, 100), (4, 150)])
def test_react_when_the_day_is_used_up_then_refused_until_it_is_over(level: int, most: int, monkeypatch) -> None:
    who = make_user(trust_level=level)
    assert most_a_day(viewer(who)) == most
    monkeypatch.setattr("community.forums.reactions.A_DAY", 2)
    posts = [make_reply(make_topic()) for _ in range(7)]
    done = most_a_day(viewer(who))
    for post in posts[:done]:
        post_react(viewer=viewer(who), post=post, name="heart", on=True)

    with pytest.raises(ValidationError) as refused:
        post_react(viewer=viewer(who), post=posts[done], name="heart", on=True)
    assert str(done) in refused.value.message_dict["name"][0]

    PostReaction.objects.update(created_at=timezone.now() - timedelta(days=1, seconds=1))
    post_react(viewer=viewer(who), post=posts[done], name="heart", on=True)


def test_react_when_several_people_do_then_the_author_has_one_message_with_a_count() -> None:
    author = make_user()
    post = make_reply(make_topic(), author=author)
    drain()
    for name in ("Ada", "Bo", "Cy"):
        post_react(viewer=viewer(make_user(display_name=name)), post=post, name="heart", on=True)
    again = viewer(make_user(display_name="Di"))
    for on in (True, False, True):
        post_react(viewer=again, post=post, name="tada", on=on)
    drain()

    lines = for_page(viewer(author)).lines
    assert [(line.row.kind, line.row.count) for line in lines] == [("reaction", 4)]
    assert lines[0].message.text.startswith("🎉 Di and 3 others reacted")
    assert not Notification.objects.exclude(user=author).filter(kind="reaction").exists()


def test_page_when_a_post_has_reactions_then_each_is_a_button_that_works_without_script() -> None:
    post, who = make_reply(make_topic()), make_user(display_name="Ada")
    client = client_of(who)
    address = f"/posts/{post.pk}/reactions/"

    assert client.post(address, {"add": "heart"}).url == post.get_absolute_url()
    page = client.get(post.topic.get_absolute_url()).content.decode()
    assert 'name="remove" value="heart" aria-pressed="true" aria-label="red heart, 1"' in page
    other = client_of(make_user()).get(post.topic.get_absolute_url()).content.decode()
    assert 'name="add" value="heart" aria-pressed="false" aria-label="red heart, 1"' in other
    nobody = Client().get(post.topic.get_absolute_url()).content.decode()
    assert 'aria-label="red heart">❤️</span>1' in nobody and 'value="heart"' not in nobody
    row = client.post(address, {"remove": "heart"}, headers={"HX-Request": "true"}).content.decode()
    assert "red heart, 1" not in row and "<html" not in row
    assert client.post(address, {"add": "bomb"}).status_code == 400


def test_who_when_asked_then_names_people_to_those_who_read_the_post_only() -> None:
    post, who = make_reply(make_topic()), make_user(display_name="Ada")
    post_react(viewer=viewer(who), post=post, name="heart", on=True)

    assert "Ada" in Client().get(f"/posts/{post.pk}/reactions/").content.decode()
    content_set_status(actor_id=None, target=post, status="removed")
    assert Client().get(f"/posts/{post.pk}/reactions/").status_code == 404


def test_pieces_when_a_post_is_read_then_its_reactions_come_in_the_same_statement(django_assert_num_queries) -> None:
    post, who = make_reply(make_topic()), make_user()
    for name in ("heart", "tada"):
        post_react(viewer=viewer(who), post=post, name=name, on=True)
    reader = viewer(who)
    topic = topic_for_page(reader, post.topic_id)
    post_page(reader, topic, 1)

    with django_assert_num_queries(1):
        found = post_page(reader, topic, 1).posts[1]
    assert (found.reactions, set(found.reacted.split())) == ("heart:1 tada:1", {"heart", "tada"})


def test_api_when_used_then_counts_and_people_and_problems_name_the_field() -> None:
    post, who = make_reply(make_topic()), make_user("ada")
    _row, token = token_create(viewer=viewer(who), user=who, scopes=["read", "write"])
    headers = {"Authorization": f"Bearer {token}"}
    client, address = Client(headers=headers), f"/api/v1/posts/{post.pk}/reactions"

    assert client.post(address, {"name": "eyes"}, "application/json").json()["reactions"] == {"eyes": 1}
    assert client.get(address).json()["results"] == [{"name": "eyes", "people": ["ada"]}]
    assert client.get(f"/api/v1/topics/{post.topic_id}/posts").json()["results"][1]["reactions"] == {"eyes": 1}
    wrong = client.post(address, {"name": "bomb"}, "application/json")
    assert wrong.status_code == 400 and "name" in wrong.content.decode()
    assert client.delete(f"{address}?name=eyes").json()["reactions"] == {}
    assert Client().post(address, {"name": "eyes"}, "application/json").status_code in {401, 403}


@pytest.mark.django_db(transaction=True)
def test_reactions_when_many_come_at_once_then_counts_equal_the_rows() -> None:
    post, people = make_reply(make_topic()), [viewer(make_user()) for _ in range(6)]
    jobs = [
        lambda who=who, name=name: post_react(viewer=who, post=post, name=name, on=True)
        for who in people for name in ("heart", "heart", "tada")
    ]  # fmt: skip

    results = at_once(jobs)

    assert [result for result in results if isinstance(result, Exception)] == []
    assert _counts(post) == {"heart": 6, "tada": 6} and PostReaction.objects.filter(post=post).count() == 12
