"""Lists under the caret: the best few, and never of what the writer may not see."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.events.worker import drain
from accounts.models import Audience
from accounts.viewer import viewer_for
from community.forums.completions import completions
from tests.factories.forums import make_topic
from tests.factories.people import make_user, viewer
from tests.factories.spaces import make_space

pytestmark = pytest.mark.django_db


def values(person, key: str, text: str) -> list[str]:
    return [line.value for line in completions(viewer(person) if person else viewer_for(None), key, text)]


def test_people_when_begun_then_by_username_and_name_without_those_who_left() -> None:
    writer = make_user("writer")
    make_user("mara", display_name="Mara Lindqvist")
    make_user("jonas", display_name="Jonas Marten")
    make_user("marc", is_active=False)

    assert values(writer, "@", "mar") == ["@jonas", "@mara"]
    assert values(writer, "@", "lind") == ["@mara"]
    assert values(None, "@", "mar") == values(writer, "@", "") == values(writer, "?", "mar") == []


def test_tags_when_begun_then_only_those_of_topics_that_the_writer_sees() -> None:
    writer, agent = make_user(), make_user(is_agent=True)
    make_topic(tags=["wifi", "wired"])
    make_topic(tags=["wired"])
    make_topic(space=make_space(audience=Audience.STAFF), author=agent, tags=["wind-tunnel"])

    assert values(writer, "#", "wi") == ["[#wired](/tags/wired/)", "[#wifi](/tags/wifi/)"]
    assert "[#wind-tunnel](/tags/wind-tunnel/)" in values(agent, "#", "wi")


def test_emoji_when_begun_then_the_sign_itself_is_put_in() -> None:
    writer = make_user()
    assert values(writer, ":", "tada")[0] == "🎉" and "👍" in values(writer, ":", "thumbsup")
    assert len(values(writer, ":", "a")) == 8 and values(writer, ":", "qqqq") == []


def test_links_when_begun_then_titles_that_the_writer_sees_with_their_addresses() -> None:
    writer, agent = make_user(), make_user(is_agent=True)
    topic = make_topic(title="Lamps [all] flicker at noon")
    hidden = make_topic(space=make_space(audience=Audience.STAFF), author=agent, title="Lamps recall plan")
    drain()

    assert values(writer, "[[", "lamps") == [f"[Lamps \\[all\\] flicker at noon]({topic.get_absolute_url()})"]
    assert any(hidden.get_absolute_url() in value for value in values(agent, "[[", "lamps"))


def test_list_when_asked_over_http_then_is_a_list_box_and_safe() -> None:
    client = Client()
    assert client.get("/write/suggest/?key=@&q=a").status_code == 302
    make_user("mara", display_name="Mara <b>Lind")
    client.force_login(make_user())

    page = client.get("/write/suggest/", {"key": "@", "q": "mara"}).content.decode()
    assert 'role="listbox"' in page and 'data-value="@mara"' in page and "Mara &lt;b&gt;Lind" in page
    assert client.get("/write/suggest/", {"key": "@", "q": "a\0" * 99}).status_code == 200
