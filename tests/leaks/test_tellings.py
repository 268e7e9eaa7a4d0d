"""One rule told four ways over the generated world: row filter, predicate, tokens, and the facts of who people are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from accounts.api.permissions import limited
from accounts.viewer import Viewer, viewer_for
from community.calendar import policies as calendar
from community.calendar.models import CalendarEvent
from community.cases import policies as cases
from community.cases.models import Case, CaseMessage
from community.direct import policies as direct
from community.direct.models import Conversation, Message
from community.forums import policies as forums
from community.forums.models import Post, Topic
from community.ideas import policies as ideas
from community.ideas.models import Idea
from community.moderation.models import ReviewItem
from community.moderation.policies import can_see_item
from community.moderation.querysets import review_token
from community.notifications.live import groups
from community.notifications.models import Notification
from community.snippets import policies as snippets
from community.snippets.models import Snippet
from community.spaces import policies as spaces
from community.spaces.models import Space
from knowledge import policies as knowledge
from knowledge.models import ArticlePage, SectionPage, WikiPage
from search.external import policies as external
from search.external.models import ExternalRecord, ExternalSource
from tests.leaks.world import World

pytestmark = pytest.mark.django_db
# kind: the rows, the predicate, the audience
TOLD: dict[str, tuple[Any, Callable, Callable]] = {
    "space": (Space.objects, spaces.can_see, spaces.audience),
    "topic": (Topic.objects, forums.can_see_topic, forums.topic_audience),
    "post": (Post.objects.select_related("topic"), forums.can_see_post, forums.post_audience),
    "idea": (Idea.objects.select_related("topic"), ideas.can_see, ideas.audience),
    "event": (CalendarEvent.objects.select_related("topic"), calendar.can_see, calendar.audience),
    "snippet": (Snippet.objects.select_related("topic"), snippets.can_see, snippets.audience),
    "section": (SectionPage.objects, knowledge.can_see, knowledge.audience),
    "article": (ArticlePage.objects, knowledge.can_see, knowledge.audience),
    "wiki page": (WikiPage.objects, knowledge.can_see, knowledge.audience),
    "case": (Case.objects, cases.can_see, cases.audience),
    "case message": (CaseMessage.objects.select_related("case"), cases.can_see_message, cases.message_audience),
    "external source": (ExternalSource.objects, external.can_see, external.audience),
    "external record": (ExternalRecord.objects.select_related("source"), external.can_see, external.audience),
    "review": (ReviewItem.objects, can_see_item, lambda item: {review_token(item.container)}),
    "conversation": (Conversation.objects, direct.can_see, direct.audience),
    "message": (Message.objects.select_related("conversation"), direct.can_see_message, direct.message_audience),
    "notification": (
        Notification.objects, lambda viewer, row: viewer.reads_own and row.user_id == viewer.user_id,
        lambda row: {f"user:{row.user_id}"},
    ),
}  # fmt: skip


def viewers(world: World) -> dict[str, Viewer]:
    found = {}
    for persona in world.personas.values():
        user = world.people.get(persona.of or persona.name)
        found[persona.name] = limited(user, set(persona.scopes)) if user and persona.is_token else viewer_for(user)
    return found


def disagreements(world: World) -> list[str]:
    wrong = []
    things = {kind: list(rows.all()) for kind, (rows, _can, _audience) in TOLD.items()}
    for name, viewer in viewers(world).items():
        for kind, (rows, can_see, audience) in TOLD.items():
            by_row = set(rows.all().visible_to(viewer).values_list("pk", flat=True))
            by_predicate = {thing.pk for thing in things[kind] if can_see(viewer, thing)}
            by_tokens = {thing.pk for thing in things[kind] if viewer.tokens & set(audience(thing))}
            if not by_row == by_predicate == by_tokens:
                wrong.append(f"{kind} for {name}: rows {by_row}, predicate {by_predicate}, tokens {by_tokens}")
            wrong += [f"{kind} {pk} for {name}" for pk in by_row ^ expected(world, kind, name, by_row)]
        wrong += [f"group {group} for {name}" for group in _groups_told_wrong(world, name, viewer)]
    return wrong


def expected(world: World, kind: str, name: str, told: set[int]) -> set[int]:
    """What the facts say of the things that the world knows by name; the others as they were told."""
    persona = world.personas[name]
    facts: dict[str, dict[int, bool]] = {
        "space": {space.pk: persona.may_read(world.places[key]) for key, space in world.spaces.items()},
        "section": {
            page.pk: persona.may_read(world.places[key.split()[0]], is_space=False)
            for key, page in world.sections.items()
        },
        "topic": {topic.pk: _may(world, name, key, "title", " topic") for key, topic in world.topics.items()},
        "idea": {topic.pk: _may(world, name, key.removesuffix(" merged") if "merged" not in key else "public", "idea")
                 for key, topic in world.ideas.items()},
        "event": {topic.pk: _may(world, name, key, "event") for key, topic in world.happenings.items()},
        "snippet": {topic.pk: _may(world, name, key, "snippet") for key, topic in world.snippets.items()},
        "post": {post.pk: _may(world, name, key.replace(" first", " body"), "") for key, post in world.posts.items()},
        "case": {case.pk: name in world.secrets[f"zq{key}casesubject"] for key, case in world.cases.items()},
        "article": {
            page.pk: "draft" not in key and persona.may_read(world.places[key.split()[0]], is_space=False)
            for key, page in world.articles.items()
        },
    }  # fmt: skip
    facts["conversation"] = {
        talk.pk: name in world.secrets["zqtalk" if key == "two" else "zqteamtalk"]
        for key, talk in world.conversations.items()
    }
    known = facts.get(kind, {})
    return {pk for pk in told if pk not in known} | {pk for pk, may in known.items() if may}


def _may(world: World, name: str, key: str, plain: str, special: str = "") -> bool:
    """Whether the persona is among the readers of the word that was planted for this thing."""
    if key == "public own":
        return name in world.secrets["zqowntopic"]
    word = key + (special if " " in key else f" {plain}")
    return name in world.secrets["zq" + "".join(char for char in word if char.isalnum()).lower()]


def _groups_told_wrong(world: World, name: str, viewer: Viewer) -> list[str]:
    """The socket's groups that this viewer may watch and should not, or the other way round."""
    may = {f"topic.{topic.pk}": _may(world, name, key, "title", " topic") for key, topic in world.topics.items()}
    for key, space in world.spaces.items():
        may[f"review.{space.pk}"] = world.personas[name].may_review(world.places[key])
    may |= {f"user.{user.pk}": user.pk == viewer.user_id for user in world.people.values()}
    for key, space in world.spaces.items():
        may[f"space.{space.pk}"] = world.personas[name].may_read(world.places[key])
    may |= {
        f"conversation.{talk.pk}": name in world.secrets["zqtalk" if key == "two" else "zqteamtalk"]
        for key, talk in world.conversations.items()
    }
    guesses = ["access", "staff", "members", "public", "role.agent", "case.1", "topic.0", "review.999", "space.999"]
    may |= dict.fromkeys(guesses, False)
    return [group for group, should in may.items() if groups.may_watch(viewer, group) != should]


def test_rule_when_told_four_ways_then_all_agree(world):
    assert disagreements(world) == []
