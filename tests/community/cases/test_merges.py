"""Cases of a topic go along when it is merged, its followers too, and both come back with it."""

from __future__ import annotations

import pytest

from accounts.events.models import Event
from accounts.events.worker import drain
from community.cases.events import follow_merge
from community.cases.models import CaseLink
from community.cases.services import case_link
from community.forums.models import TopicFollow
from community.forums.services import topic_follow
from community.forums.services.acts import Options, act_undo, topics_act
from tests.factories.cases import make_agent, make_case
from tests.factories.forums import make_reply, make_topic
from tests.factories.people import make_user, viewer

pytestmark = pytest.mark.django_db


def linked(topic) -> set[int]:
    return set(CaseLink.objects.filter(topic=topic).values_list("case", flat=True))


def followers(topic) -> set[str]:
    return set(TopicFollow.objects.filter(topic=topic, is_muted=False).values_list("user__username", flat=True))


def test_cases_and_followers_when_topics_are_merged_then_go_along_and_come_back() -> None:
    agent, moderator = make_agent(), make_user("mo", is_moderator=True)
    source, target = make_topic(author=make_user("ada")), make_topic(author=make_user("bo"))
    make_reply(source, author=make_user("cy"))
    make_reply(target, author=make_user("di"))
    topic_follow(viewer=viewer(make_user("fan")), topic=source, on=True)
    topic_follow(viewer=viewer(make_user("muted")), topic=source, on=False)
    for person in ("bo", "di"):  # they follow both, each on their own account
        topic_follow(viewer=viewer(type(agent).objects.get(username=person)), topic=source, on=True)
    own, both, other = make_case(agent=agent), make_case(agent=agent), make_case(agent=agent)
    for case, topic in ((own, source), (both, source), (both, target), (other, target)):
        case_link(viewer=viewer(agent), case=case, topic=topic)
    drain()

    act = topics_act(viewer=viewer(moderator), topics=[source], act="merge", options=Options(other=target))
    drain()

    assert linked(target) == {own.pk, both.pk, other.pk}
    assert followers(target) == {"ada", "bo", "cy", "di", "fan"}
    follow_merge(Event.objects.get(name="topic.merged"))  # delivered twice is once
    assert CaseLink.objects.count() == 5

    act_undo(viewer=viewer(moderator), act=act)
    drain()

    assert (linked(source), linked(target)) == ({own.pk, both.pk}, {both.pk, other.pk})
    assert followers(target) == {"bo", "di"}
    assert followers(source) == {"ada", "bo", "cy", "di", "fan"}


def test_merge_when_heard_of_after_it_was_undone_then_links_nothing() -> None:
    agent, moderator = make_agent(), make_user(is_moderator=True)
    source, target = make_topic(), make_topic()
    case_link(viewer=viewer(agent), case=make_case(agent=agent), topic=source)

    act = topics_act(viewer=viewer(moderator), topics=[source], act="merge", options=Options(other=target))
    act_undo(viewer=viewer(moderator), act=act)
    drain()

    assert linked(target) == set()


def test_reply_when_written_into_the_merged_topic_then_its_author_follows_it_after_the_undo() -> None:
    moderator, fan = make_user(is_moderator=True), make_user("fan")
    source, target = make_topic(), make_topic()
    topic_follow(viewer=viewer(fan), topic=source, on=True)
    act = topics_act(viewer=viewer(moderator), topics=[source], act="merge", options=Options(other=target))

    make_reply(target, author=fan)
    act_undo(viewer=viewer(moderator), act=act)

    assert "fan" in followers(target)
