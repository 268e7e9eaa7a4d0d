"""Lists under the caret: the best few, and never of what the writer may not see."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils.html import escape

from accounts.events.worker import drain
from accounts.models import Audience
from accounts.viewer import viewer_for
from community.forums.completions import completions
from community.forums.unfold import cards_at
from search.engines import primary
from tests.factories.forums import make_reply, make_topic
from tests.factories.knowledge import make_article, make_wiki_page
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
    topic = make_topic(title="Zeppelins [all] flicker at noon")
    hidden = make_topic(space=make_space(audience=Audience.STAFF), author=agent, title="Zeppelins recall plan")
    drain()
    primary().refresh()

    assert values(writer, "[[", "zeppelins") == [f"[Zeppelins \\[all\\] flicker at noon]({topic.get_absolute_url()})"]
    assert any(hidden.get_absolute_url() in value for value in values(agent, "[[", "zeppelins"))


def test_list_when_asked_over_http_then_is_a_list_box_and_safe() -> None:
    client = Client()
    assert client.get("/write/suggest/?key=@&q=a").status_code == 302
    make_user("mara", display_name="Mara <b>Lind")
    client.force_login(make_user())

    page = client.get("/write/suggest/", {"key": "@", "q": "mara"}).content.decode()
    assert 'role="listbox"' in page and 'data-value="@mara"' in page and "Mara &lt;b&gt;Lind" in page
    assert client.get("/write/suggest/", {"key": "@", "q": "a\0" * 99}).status_code == 200


def test_link_when_it_leads_to_something_readable_then_a_card_comes_else_nothing(django_assert_max_num_queries) -> None:
    agent, reader = make_user(is_agent=True), make_user()
    topic = make_topic(title="Lamps flicker at noon")
    reply = make_reply(topic)
    hidden = make_topic(space=make_space(audience=Audience.STAFF), author=agent, title="Lamps recall plan")
    article = make_article(title="Reset a lamp")
    page = make_wiki_page(title="Words we use")
    paths = [f"/t/{topic.pk}/old-words/?post=2", f"/posts/{reply.pk}/", article.get_absolute_url()]
    paths += [page.get_absolute_url(), hidden.get_absolute_url(), "/t/999999/x/", "https://evil.example/t/1/"]
    paths += ["/kb/a\0/b/"]
    client = Client()
    client.force_login(reader)

    shown = client.get("/unfold/", {"u": paths}).content.decode()

    for path, title in zip(paths, ["Lamps flicker at noon"] * 2 + ["Reset a lamp", "Words we use"], strict=False):
        assert f'data-for="{escape(path)}"' in shown and title in shown
    assert "recall" not in shown and "evil" not in shown and shown.count("data-for") == 4
    client.force_login(agent)
    assert "Lamps recall plan" in client.get("/unfold/", {"u": paths}).content.decode()
    staff = viewer(agent)
    with django_assert_max_num_queries(6):
        cards_at(staff, [f"/t/{topic.pk}/", f"/posts/{reply.pk}/", hidden.get_absolute_url()])
