"""A generated community with a unique word in everything that not everybody may read.

Built by the services only, from a seed: spaces and sections of every audience and some more by chance, with the same
contents each. `secrets` maps each word to the personas who may see it; whoever else meets it found a leak.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field, replace
from typing import Any

from accounts import services as accounts
from accounts.events.worker import drain
from accounts.models import ApiToken, Audience, Organisation, User
from accounts.viewer import Viewer, system_viewer
from community.cases.models import Case
from community.forums.models import Post, Topic
from community.moderation.models import ReviewDecision, ReviewItem
from community.spaces.models import Space, SpaceMembership
from community.spaces.services import member_add, member_remove
from knowledge.models import ArticlePage, SectionPage, WikiPage
from knowledge.services import editor_set
from tests.factories.people import make_group, make_user, viewer
from tests.leaks.people import Persona, Place, personas

COMMON = "lanterns"  # stands in everything, so that a search for it would find everything
ROLES = {
    "agent": {"is_agent": True}, "moderator": {"is_moderator": True}, "manager": {"is_manager": True},
    "admin": {"is_superuser": True, "is_staff": True},
}  # fmt: skip
Who = frozenset[str]


@dataclass
class World:
    """Things are found by name: the name of their place, or that and what is special about them ("groups removed")."""

    seed: int = 0
    personas: dict[str, Persona] = field(default_factory=personas)
    people: dict[str, User] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, Who] = field(default_factory=dict)
    groups: dict[str, Any] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    spaces: dict[str, Space] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    ideas: dict[str, Topic] = field(default_factory=dict)
    happenings: dict[str, Topic] = field(default_factory=dict)
    snippets: dict[str, Topic] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    sections: dict[str, SectionPage] = field(default_factory=dict)
    articles: dict[str, ArticlePage] = field(default_factory=dict)
    pages: dict[str, WikiPage] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    reviews: dict[str, ReviewItem] = field(default_factory=dict)
    decisions: dict[str, ReviewDecision] = field(default_factory=dict)
    keys: dict[str, ApiToken] = field(default_factory=dict)
    documents: dict[str, Any] = field(default_factory=dict)
    uploads: dict[str, Any] = field(default_factory=dict)
    conversations: dict[str, Any] = field(default_factory=dict)

    def plant(self, name: str, who: Who) -> str:
        """A text with a word of its own that only `who` may see."""
        word = "zq" + "".join(char for char in name if char.isalnum()).lower()
        assert word not in self.secrets, word
        self.secrets[word] = who
        return f"{word} {COMMON}"

    def words_in(self, text: str) -> set[str]:
        """The planted words in a text in lower case, but for those that only begin a longer planted word there."""
        tokens = set(re.findall(r"zq[a-z0-9]*", text))
        begun = tokens - self.secrets.keys()
        return tokens - begun | {word for token in begun for word in self.secrets if word in token}

    def word(self, name: str, who: Who) -> str:
        """The bare word, where a text takes no spaces."""
        return self.plant(name, who).split()[0]

    def readers(self, place: Place, *, is_space: bool = True) -> Who:
        return frozenset(p.name for p in self.personas.values() if p.may_read(place, is_space=is_space))

    def reviewers(self, place: Place) -> Who:
        return frozenset(p.name for p in self.personas.values() if p.may_review(place))

    def staff(self, place: Place, *, is_space: bool = True) -> Who:
        """Staff who read the place."""
        return frozenset(name for name in self.readers(place, is_space=is_space) if self.personas[name].roles)

    @property
    def desk(self) -> Who:
        return frozenset(p.name for p in self.personas.values() if p.works_at_desk)

    @property
    def everyone(self) -> Who:
        return frozenset(self.personas)

    def keys_of(self, *names: str) -> Who:
        """These people and their API tokens that read what is only theirs."""
        also = {p.name for p in self.personas.values() if p.of in names and not p.reads_as_everyone}
        return frozenset(names) | also

    def members(self, group: str) -> Who:
        """Who is in a group and reads what is theirs."""
        who = self.personas.values()
        return frozenset(p.name for p in who if group in p.groups and p.is_active and not p.reads_as_everyone)

    def only(self, *names: str) -> World:
        """The part of it whose things are named after these, such as the places `groups` and `staff`."""
        parts = (
            "spaces", "topics", "ideas", "happenings", "snippets", "posts", "sections", "articles", "pages", "tags",
            "reviews", "decisions", "uploads",
        )  # fmt: skip
        kept = {
            part: {key: thing for key, thing in getattr(self, part).items() if key.startswith(names)} for part in parts
        }
        return replace(self, **kept)

    def viewer(self, persona: str) -> Viewer:
        return viewer(self.people.get(persona))


def build(seed: int = 0, *, extra: int = 0) -> World:
    """Everything, with the events delivered and the search index up to date; `extra` spaces and sections by chance."""
    from tests.leaks import planting

    world, dice = World(seed), random.Random(seed)
    _people(world)
    for place in [*_fixed_places(), *(_chance_place(number, dice) for number in range(extra))]:
        world.places[place.name] = place
        planting.plant_space(world, place)
    for place in world.places.values():
        if place.parent is None:  # sections have no parts
            planting.plant_knowledge(world, place)
    planting.plant_cases(world)
    planting.plant_external(world)
    planting.plant_conversations(world)
    planting.plant_rest(world)
    drain()
    _leave(world)
    drain()
    return world


def _people(world: World) -> None:
    world.organisations = {
        name: accounts.organisation_create(
            viewer=system_viewer(), name=world.plant(f"organisation {name}", frozenset()), slug=f"{name}-works",
            plan=world.plant(f"plan {name}", frozenset()),
        )
        for name in ("lumen", "umbra")
    }  # fmt: skip
    # Those who choose the readers of a section choose among the groups.
    choosers = frozenset(p.name for p in world.personas.values() if p.roles & {"manager", "admin"})
    world.groups = {
        name: make_group(world.plant(f"group {name}", choosers | world.members(name)))
        for name in ("insiders", "pilots")
    }
    for persona in world.personas.values():
        if persona.name != "anonymous" and not persona.is_token:
            world.people[persona.name] = _person(world, persona)
    world.people["writer"] = make_user("writerperson", trust_level=2, **ROLES["admin"])
    world.people["flagger"] = make_user("flaggerperson", trust_level=2)
    for name, organisation in world.organisations.items():
        who = {p.name for p in world.personas.values() if p.organisation == name and p.is_active}
        for noun in ("organisation", "plan"):
            world.secrets[f"zq{noun}{organisation.slug.removesuffix('-works')}"] = frozenset(who) | world.desk


def _person(world: World, persona: Persona) -> User:
    """As they were before anybody left anything."""
    name, roles = persona.name.replace("-", ""), {}
    for role in persona.roles:
        roles |= ROLES[role]
    own = world.keys_of(persona.name) if persona.is_active else frozenset()
    user = make_user(
        f"{name}person", email=f"{world.word(f'mail {name}', own | world.desk)}@people.example",
        trust_level=persona.trust_level, is_active=persona.is_active, **roles,
        organisation=world.organisations.get(
            "lumen" if persona.name == "ex-colleague" else persona.organisation
        ),
    )  # fmt: skip
    groups = set(persona.groups) | ({"insiders"} if persona.name == "ex-insider" else set())
    user.groups.add(*(world.groups[group] for group in groups))
    editor_set(user=user)
    return user


def _fixed_places() -> list[Place]:
    named = {Audience.GROUPS: {"groups": frozenset({"insiders"})},
             Audience.ORGANISATIONS: {"organisations": frozenset({"lumen"})}}  # fmt: skip
    places = [Place(audience.value, audience.value, **named.get(audience, {})) for audience in Audience]
    chosen = next(place for place in places if place.name == Audience.GROUPS)
    return [*places, Place("groupspart", Audience.PUBLIC.value, parent=chosen)]  # open itself, in what is closed


def _chance_place(number: int, dice: random.Random) -> Place:
    some = lambda names: frozenset(name for name in names if dice.random() < 0.5)  # noqa: E731
    return Place(
        f"chance{number}", dice.choice([Audience.GROUPS, Audience.ORGANISATIONS, *Audience]),
        groups=some(["insiders", "pilots"]), organisations=some(["lumen", "umbra"]),
    )  # fmt: skip


def _leave(world: World) -> None:
    """The former ones go, after they have read, written and been told of what they may not see any more."""
    system = system_viewer()
    member_remove(viewer=system, space=world.spaces[Audience.GROUPS], user=world.people["ex"])
    accounts.group_remove_member(viewer=system, group=world.groups["insiders"], user=world.people["ex-insider"])
    left = world.people["ex-colleague"]
    accounts.organisation_set(viewer=system, user=left, organisation=world.organisations["umbra"])
    for persona in world.personas.values():
        if persona.is_token:
            user = world.people[persona.of]
            row, token = accounts.token_create(
                viewer=viewer(user), user=user, scopes=persona.scopes,
                name=world.word(f"name of {persona.name}", frozenset({persona.of})),
            )  # fmt: skip
            world.tokens[persona.name], world.keys[persona.name] = token, row


def join(world: World, space: Space) -> None:
    """Those who were put into a space by name, the one who leaves it later too."""
    system, name = system_viewer(), space.slug.removesuffix("-space")
    for persona in world.personas.values():
        if persona.is_token:
            continue
        if name in persona.joined or (persona.name == "ex" and name == Audience.GROUPS):
            member_add(viewer=system, space=space, user=world.people[persona.name])
        if name in persona.reviews:
            role = SpaceMembership.Role.REVIEWER
            member_add(viewer=system, space=space, user=world.people[persona.name], role=role)
