"""Counts tell: what is written where somebody may not read changes no byte of what they are shown."""

from __future__ import annotations

import pytest

from accounts.events.worker import drain
from accounts.models import Audience
from accounts.viewer import system_viewer
from community.cases.services import case_create
from community.forums.models import Topic
from community.forums.services import post_vote, reply_create, topic_create
from community.ideas.services import idea_create, idea_vote
from community.moderation.services import flag_create
from community.spaces.services import member_add
from knowledge.services import article_create, article_vote_helpful, wiki_page_create
from tests.factories.spaces import make_space
from tests.leaks.browse import Visitor, different, masked
from tests.leaks.table import PAGES
from tests.leaks.world import COMMON, World

pytestmark = pytest.mark.django_db
# Their answers hold something made for each answer, or are asked for elsewhere.
LEFT_OUT = {"search:click", "api:openapi", "accounts:mails", "accent", "favicon"}


def looks(world: World, name: str) -> dict[str, bytes]:
    """What this persona is shown at every address of what everybody may read."""
    visitor, part = Visitor(world, name), world.only("public", "own")
    part.topics = {key: topic for key, topic in part.topics.items() if " " not in key}
    part.posts = {key: post for key, post in part.posts.items() if key.endswith((" first", " reply"))}
    paths = [path for line, found in PAGES.items() if line not in LEFT_OUT for path in found(part)]
    return {path: masked(visitor.get(path)) for path in filter(visitor.opens, dict.fromkeys(paths))}


def write_what_is_hidden(world: World) -> None:
    """Topics, replies, votes, tags, ideas, articles, members, flags and cases in the place of chosen groups; a whisper
    and a topic that is removed at once in the open; a space more."""
    writer, private, insider = world.viewer("writer"), world.viewer("private"), world.viewer("invited")
    space = world.spaces[Audience.GROUPS]
    tags = [world.tags["public"], "zq-hidden-tag"]
    for number in range(3):
        topic = topic_create(
            viewer=private, space=space, kind="question", title=f"Hidden {number} {COMMON}", body=COMMON, tags=tags
        )
        if number < 2:  # the last one waits for an answer
            post = reply_create(viewer=insider, topic=topic, body=f"{COMMON} again")
            post_vote(viewer=private, post=post, on=True)
    flag_create(viewer=private, target=("post", post.pk), reason="spam")
    idea = idea_create(viewer=private, space=space, title=f"Hidden idea {COMMON}", body=COMMON, tags=tags)
    idea_vote(viewer=insider, idea=idea, on=True)
    member_add(viewer=system_viewer(), space=space, user=world.people["flagger"])
    make_space("Hidden space", slug="hidden-space", audience=Audience.STAFF)
    for index, make in (("kb", article_create), ("wiki", wiki_page_create)):
        section = world.sections[f"{Audience.GROUPS} {index}"]
        page = make(viewer=system_viewer(), section=section, title=f"Hidden {index} {COMMON}", body=COMMON)
        if index == "kb":
            article_vote_helpful(viewer=private, article=page, is_helpful=True)
    case_create(viewer=world.viewer("agent"), customer=world.people["rival"], subject=COMMON, body=COMMON)
    open_topic = Topic.objects.get(pk=world.topics[Audience.PUBLIC].pk)
    reply_create(viewer=writer, topic=open_topic, body=f"Whispered {COMMON}", is_whisper=True)
    drain()


@pytest.mark.parametrize("name", ["anonymous", "member", "key-writes"])
def test_answers_when_hidden_things_are_added_then_stay_the_same_to_the_byte(world, name):
    looks(world, name)  # reading leaves marks of one's own: read topics, recent searches
    before = looks(world, name)
    write_what_is_hidden(world)
    after = looks(world, name)

    changed = [f"{path}: {different(before[path], after[path])}" for path in before if before[path] != after[path]]
    assert not changed, "\n".join(changed)
