"""A small community with a unique word in everything that not everybody may read.

Built by the services only. `secrets` maps each word to the personas who may see it; whoever else meets it found a leak.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from accounts.events.worker import drain
from accounts.models import Audience, User
from accounts.viewer import Viewer
from community.cases.models import Case
from community.cases.services import case_create, case_link, message_add
from community.forums.models import Post, Topic
from community.forums.services import content_set_status, reply_create, topic_create
from community.ideas.services import idea_create
from community.moderation.models import ReviewDecision, ReviewItem
from community.moderation.services import flag_create, review_decide
from community.spaces.models import Space
from community.spaces.services import member_add, member_remove
from knowledge.models import ArticlePage, SectionPage, WikiPage
from knowledge.services import article_create, section_create, wiki_page_create
from tests.factories.people import make_group, make_organisation, make_user, viewer
from tests.factories.spaces import make_space

STAFF = frozenset({"agent", "moderator", "manager", "admin"})
PERSONAS = ("anonymous", "member", "ex", "private", "customer", "agent", "moderator", "manager", "admin")
SIGNED_IN = frozenset(PERSONAS) - {"anonymous"}
READERS = {
    Audience.PUBLIC: frozenset(PERSONAS),
    Audience.MEMBERS: SIGNED_IN,
    Audience.GROUPS: frozenset({"private", "admin"}),
    Audience.ORGANISATIONS: STAFF | {"customer"},
    Audience.STAFF: STAFF,
}
DESK = frozenset({"agent", "manager", "admin"})
REVIEWERS = frozenset({"moderator", "admin"})
COMMON = "lanterns"  # stands in everything, so that a search for it would find everything


@dataclass
class World:
    people: dict[str, User] = field(default_factory=dict)
    secrets: dict[str, frozenset[str]] = field(default_factory=dict)
    spaces: dict[str, Space] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    ideas: dict[str, Topic] = field(default_factory=dict)
    articles: dict[str, ArticlePage] = field(default_factory=dict)
    pages: dict[str, WikiPage] = field(default_factory=dict)
    sections: dict[str, SectionPage] = field(default_factory=dict)
    reviews: list[ReviewItem] = field(default_factory=list)
    decisions: list[ReviewDecision] = field(default_factory=list)
    case: Case = field(default=None)  # type: ignore[assignment]
    tags: list[str] = field(default_factory=list)

    def plant(self, name: str, who: frozenset[str]) -> str:
        """A text with a word of its own that only `who` may see."""
        word = "zq" + "".join(char for char in name if char.isalnum()).lower()
        assert word not in self.secrets, word
        self.secrets[word] = who
        return f"{word} {COMMON}"

    def hidden(self) -> World:
        """The part of it that is closed to all but a chosen group."""
        name = Audience.GROUPS
        only = {
            part: {name: getattr(self, part)[name]}
            for part in ("spaces", "topics", "posts", "ideas", "articles", "pages")
        }
        sections = {key: section for key, section in self.sections.items() if key.startswith(name)}
        return replace(self, **only, sections=sections, tags=[])

    def viewer(self, persona: str) -> Viewer:
        return viewer(self.people.get(persona))


def build() -> World:
    """Everything, with the events delivered and the search index up to date."""
    world = World()
    _people(world)
    for audience in Audience:
        _space(world, audience)
    for audience in Audience:
        _knowledge(world, audience)
    _hidden_in_the_open(world)
    _case(world)
    _review(world)
    drain()
    member_remove(viewer=world.viewer("writer"), space=world.spaces[Audience.GROUPS], user=world.people["ex"])
    drain()
    return world


def _people(world: World) -> None:
    roles: dict[str, dict[str, Any]] = {
        "agent": {"is_agent": True},
        "moderator": {"is_moderator": True},
        "manager": {"is_manager": True},
        "admin": {"is_superuser": True, "is_staff": True},
        "writer": {"is_superuser": True, "is_staff": True},
    }
    for persona in (*PERSONAS[1:], "writer", "target"):
        world.people[persona] = make_user(f"{persona}person", trust_level=2, **roles.get(persona, {}))
    mail = world.plant("target mail", DESK).split()[0]
    target = world.people["target"]
    target.email = f"{mail}@people.example"
    target.save(update_fields=["email"])
    world.group, world.organisation = make_group("Insiders"), make_organisation("Lumen Works")  # type: ignore[attr-defined]
    world.people["private"].groups.add(world.group)  # type: ignore[attr-defined]
    customer = world.people["customer"]
    customer.organisation = world.organisation  # type: ignore[attr-defined]
    customer.save(update_fields=["organisation"])


def _closed(world: World, audience: str) -> dict[str, Any]:
    fields: dict[str, Any] = {"audience": audience}
    if audience == Audience.GROUPS:
        fields["groups"] = [world.group.pk]  # type: ignore[attr-defined]
    if audience == Audience.ORGANISATIONS:
        fields["organisations"] = [world.organisation.pk]  # type: ignore[attr-defined]
    return fields


def _space(world: World, audience: str) -> None:
    who = READERS[Audience(audience)]
    space = make_space(
        world.plant(f"{audience} space name", who),
        slug=f"{audience}-space",
        purpose=world.plant(f"{audience} purpose", who),
        **_closed(world, audience),
    )
    world.spaces[audience] = space
    writer = world.viewer("writer")
    if audience == Audience.GROUPS:
        member_add(viewer=writer, space=space, user=world.people["ex"])
    tag = world.plant(f"{audience} tag", who).split()[0]
    world.tags.append(tag)
    topic = topic_create(
        viewer=writer,
        space=space,
        kind="question",
        title=world.plant(f"{audience} title", who),
        body=world.plant(f"{audience} body", who),
        tags=[tag],
    )
    world.topics[audience] = topic
    if audience == Audience.GROUPS:
        reply_create(viewer=world.viewer("ex"), topic=topic, body=world.plant("what ex said", who))
        topic.refresh_from_db()
    mention = f"@{world.people['ex'].username} "
    world.posts[audience] = reply_create(
        viewer=writer, topic=topic, body=mention + world.plant(f"{audience} reply", who)
    )
    idea = idea_create(
        viewer=writer,
        space=space,
        title=world.plant(f"{audience} idea", who),
        body=world.plant(f"{audience} wish", who),
    )
    world.ideas[audience] = idea.topic


def _knowledge(world: World, audience: str) -> None:
    who, writer, closed = READERS[Audience(audience)], world.viewer("writer"), _closed(world, audience)
    for index in ("kb", "wiki"):
        world.sections[f"{audience} {index}"] = section_create(
            viewer=writer,
            index=index,
            title=world.plant(f"{audience} {index} section", who),
            intro=world.plant(f"{audience} {index} intro", who),
            slug=f"{audience}-{index}",
            **closed,
        )
    writer = world.viewer("writer")  # with the tokens of the new sections
    world.articles[audience] = article_create(
        viewer=writer,
        section=world.sections[f"{audience} kb"],
        title=world.plant(f"{audience} article", who),
        summary=world.plant(f"{audience} summary", who),
        body=world.plant(f"{audience} text", who),
        slug=f"{audience}-article",
    )
    world.pages[audience] = wiki_page_create(
        viewer=writer,
        section=world.sections[f"{audience} wiki"],
        title=world.plant(f"{audience} page", who),
        body=world.plant(f"{audience} page text", who),
        slug=f"{audience}-page",
        comment=world.plant(f"{audience} page comment", who),
    )


def _hidden_in_the_open(world: World) -> None:
    """What waits, was removed, is whispered or is not published, in places that everybody reads."""
    writer, space = world.viewer("writer"), world.spaces[Audience.PUBLIC]
    open_topic = world.topics[Audience.PUBLIC]
    by = world.people["writer"].pk
    for status in ("pending", "removed"):
        topic = topic_create(
            viewer=writer,
            space=space,
            kind="question",
            title=world.plant(f"{status} topic", REVIEWERS),
            body=world.plant(f"{status} topic body", REVIEWERS),
        )
        content_set_status(actor_id=by, target=topic, status=status)
        world.topics[status] = topic
        post = reply_create(viewer=writer, topic=_again(open_topic), body=world.plant(f"{status} reply", REVIEWERS))
        content_set_status(actor_id=by, target=post, status=status)
        world.posts[status] = post
    world.posts["whisper"] = reply_create(
        viewer=writer, topic=_again(open_topic), body=world.plant("whisper", STAFF), is_whisper=True
    )
    draft = article_create(
        viewer=writer,
        section=world.sections[f"{Audience.PUBLIC} kb"],
        title=world.plant("draft article", STAFF),
        body=world.plant("draft text", STAFF),
        slug="draft-article",
    )
    draft.unpublish()
    world.articles["draft"] = draft


def _case(world: World) -> None:
    agent, parties = world.viewer("agent"), DESK | {"customer"}
    world.case = case_create(
        viewer=agent,
        customer=world.people["customer"],
        subject=world.plant("case subject", parties),
        body=world.plant("case message", parties),
    )
    message_add(viewer=agent, case=world.case, body=world.plant("case note", DESK), is_internal=True)
    case_link(viewer=agent, case=world.case, topic=_again(world.topics[Audience.PUBLIC]))


def _review(world: World) -> None:
    flagger = viewer(world.people["target"])
    for name in (Audience.PUBLIC, Audience.MEMBERS):
        flag = flag_create(
            viewer=flagger,
            target=("post", world.posts[name].pk),
            reason="other",
            note=world.plant(f"{name} flag note", REVIEWERS),
        )
        world.reviews.append(flag.item)
    item = world.reviews[1]
    item.refresh_from_db()
    decision = review_decide(
        viewer=world.viewer("moderator"),
        item=item,
        action="keep",
        version=item.version,
        note=world.plant("decision note", REVIEWERS),
    )
    world.decisions.append(decision)


def _again(topic: Topic) -> Topic:
    topic.refresh_from_db()
    return topic
