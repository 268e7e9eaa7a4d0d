"""What a poll asks and offers is found in its topic, by who may read it."""

from __future__ import annotations

import pytest

from accounts.models import Audience
from community.forums.services import poll_create
from community.forums.services.polls import PollInput
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space
from tests.search.conftest import titles

pytestmark = pytest.mark.django_db


def test_poll_when_its_words_are_searched_then_its_topic_is_found_where_it_is_read(find) -> None:
    open_topic = make_topic(title="What shall we plant?")
    agent = make_user(is_agent=True)
    closed = make_topic(title="For us alone", space=make_space(audience=Audience.STAFF), author=agent)
    for post in (make_reply(open_topic), closed.posts.get(number=1)):
        asked = PollInput("Which xyquince bush?", ["Early xymedlar", "Late xydamson"])
        poll_create(viewer=viewer(post.author), post=post, asked=asked)

    for word in ("xyquince", "xymedlar"):
        assert titles(find(word)) == ["What shall we plant?"], word
        assert sorted(titles(find(word, viewer=viewer(agent)))) == ["For us alone", "What shall we plant?"], word
