"""Who may change a post, for how long, and what somebody is told who may not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.errors import NotAllowed
from community.forums.models import Post
from community.forums.services import post_edit, post_set_locked, post_set_wiki, topic_close
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import client_of, make_user, viewer

pytestmark = pytest.mark.django_db


def _edit(user, post: Post, body: str = "Hold it for a minute.") -> Post:
    return post_edit(viewer=viewer(user), post=Post.objects.select_related("topic").get(pk=post.pk), body=body)


@pytest.mark.parametrize(
    ("level", "hours", "may"), [(0, 23, True), (1, 25, False), (2, 24 * 29, True), (3, 24 * 31, False)]
)
def test_edit_when_time_has_passed_then_the_trust_level_says_how_much(level: int, hours: int, may: bool) -> None:
    author = make_user(trust_level=level)
    post = make_reply(make_topic(), author=author, at=timezone.now() - timedelta(hours=hours))

    if may:
        assert _edit(author, post).version == 2
        return
    with pytest.raises(NotAllowed, match="24 hours" if level < 2 else "30 days"):
        _edit(author, post)
    refused = client_of(author).get(f"/posts/{post.pk}/edit/")
    assert refused.status_code == 403 and "ask a moderator" in refused.content.decode()
    assert f"/posts/{post.pk}/edit/" not in client_of(author).get(post.topic.get_absolute_url()).content.decode()


def test_wiki_post_when_opened_then_known_people_edit_it_and_newcomers_and_strangers_do_not() -> None:
    author, known, newcomer = make_user(), make_user(trust_level=1), make_user(trust_level=0)
    post = make_reply(make_topic(), author=author, at=timezone.now() - timedelta(hours=2))
    with pytest.raises(NotAllowed):
        post_set_wiki(viewer=viewer(known), post=post, on=True)
    with pytest.raises(NotAllowed):
        _edit(known, post)

    assert client_of(author).post(f"/posts/{post.pk}/rules/", {"act": "wiki"}).status_code == 302

    assert _edit(known, post).edited_by_id == known.pk
    with pytest.raises(NotAllowed, match="wiki post"):
        _edit(newcomer, post)
    Post.objects.filter(pk=post.pk).update(created_at=timezone.now() - timedelta(days=400))
    assert _edit(author, post, "Two minutes.").version == 3  # nobody's time is over there
    history = client_of(known).get(f"/posts/{post.pk}/history/").content.decode()
    assert "Opened to others" in history and str(author) in history


def test_locked_post_when_its_author_edits_then_refused_with_the_reason_and_moderators_may() -> None:
    author, moderator = make_user(), make_user(is_moderator=True)
    post = make_reply(make_topic(), author=author)
    with pytest.raises(NotAllowed):
        post_set_locked(viewer=viewer(author), post=post, on=True)
    post_set_wiki(viewer=viewer(author), post=post, on=True)
    post_set_locked(viewer=viewer(moderator), post=post, on=True)

    for who in (author, make_user(trust_level=4)):
        with pytest.raises(NotAllowed, match="Staff have locked"):
            _edit(who, post)
    with pytest.raises(NotAllowed):
        post_set_wiki(viewer=viewer(author), post=Post.objects.select_related("topic").get(pk=post.pk), on=False)
    assert _edit(moderator, post).version == 2
    page = client_of(moderator).get(f"/posts/{post.pk}/history/").content.decode()
    assert "Locked by staff" in page and 'value="unlock"' in page


def test_edit_when_the_topic_is_closed_then_refused_and_told_why() -> None:
    author = make_user()
    topic = make_topic(author=author)
    post = topic.posts.get(number=1)
    topic_close(viewer=viewer(make_user(is_moderator=True)), topic=topic)

    with pytest.raises(NotAllowed, match="topic is closed"):
        _edit(author, post)


def test_rules_when_the_act_is_unknown_then_the_field_is_named() -> None:
    post = make_reply(make_topic())

    refused = client_of(make_user(is_moderator=True)).post(f"/posts/{post.pk}/rules/", {"act": "burn"})

    assert refused.status_code == 400 and "lock or unlock" in refused.content.decode()
