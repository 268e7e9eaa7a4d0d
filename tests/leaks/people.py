"""Who walks through the generated world, as plain facts; and the rule, told once more from those facts alone.

Nothing here asks the product: `may_read` and the others are what its row filters, predicates and tokens must equal.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from accounts.models import Audience

DESK_ROLES = frozenset({"agent", "manager", "admin"})


@dataclass(frozen=True)
class Place:
    """A space or a section and whom it names."""

    name: str
    audience: str
    groups: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    parent: Place | None = None


@dataclass(frozen=True)
class Persona:
    """`joined` and `reviews` name spaces. With `scopes` it is an API token of the persona `of`."""

    name: str
    roles: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    organisation: str = ""
    joined: frozenset[str] = frozenset()
    reviews: frozenset[str] = frozenset()
    trust_level: int = 2
    is_active: bool = True
    of: str = ""
    scopes: frozenset[str] = field(default_factory=frozenset)

    @property
    def is_token(self) -> bool:
        return bool(self.of)

    @property
    def is_signed_in(self) -> bool:
        return self.name != "anonymous" and self.is_active

    def may_read(self, place: Place, *, is_space: bool = True) -> bool:
        """Whether the place lets this persona in, and the one that it is part of, too."""
        above = place.parent is None or self.may_read(place.parent)
        return above and self._is_let_in(place, is_space=is_space)

    def _is_let_in(self, place: Place, *, is_space: bool) -> bool:
        """Whether the audience of the place names this persona; sections have no members by name."""
        if "admin" in self.roles or place.audience == Audience.PUBLIC:
            return True
        if not self.is_signed_in or self.reads_as_everyone:
            return False
        match place.audience:
            case Audience.MEMBERS:
                return True
            case Audience.GROUPS:
                is_named = is_space and place.name in (self.joined | self.reviews)
                return bool(self.groups & place.groups) or is_named
            case Audience.ORGANISATIONS:
                return bool(self.roles) or self.organisation in place.organisations
        return bool(self.roles)

    @property
    def reads_as_everyone(self) -> bool:
        return self.is_token and "private" not in self.scopes

    def may_review(self, place: Place) -> bool:
        """Whether what waits, was removed or was flagged in the space is for them."""
        return self.may_read(place) and (bool(self.roles & {"moderator", "admin"}) or place.name in self.reviews)

    @property
    def works_at_desk(self) -> bool:
        return bool(self.roles & DESK_ROLES)

    def as_token(self, name: str, *scopes: str) -> Persona:
        """The same person through an API token: without `staff` no role and no reviewing."""
        keeps_staff = {"private", "staff"} <= set(scopes)
        return Persona(
            name, roles=self.roles if keeps_staff else frozenset(), groups=self.groups,
            organisation=self.organisation, joined=self.joined | self.reviews,
            reviews=self.reviews if keeps_staff else frozenset(), of=self.name, scopes=frozenset(scopes),
        )


def personas() -> dict[str, Persona]:
    """Everyone, as they stand when the walk begins: those who left a space, a group or a company have left it."""
    insiders, lumen = frozenset({"insiders"}), "lumen"
    private = Persona("private", groups=insiders)
    agent = Persona("agent", roles=frozenset({"agent"}))
    people = [
        Persona("anonymous"),
        Persona("newcomer", trust_level=0),
        Persona("member"),
        private,
        Persona("invited", joined=frozenset({Audience.GROUPS})),
        Persona("ex"),
        Persona("ex-insider"),
        Persona("ex-colleague", organisation="umbra"),
        Persona("customer", organisation=lumen),
        Persona("colleague", organisation=lumen),
        Persona("rival", organisation="umbra"),
        Persona("suspended", groups=insiders, organisation=lumen, is_active=False),
        Persona("reviewer", reviews=frozenset({Audience.PUBLIC})),
        agent,
        Persona("moderator", roles=frozenset({"moderator"})),
        Persona("manager", roles=frozenset({"manager"})),
        Persona("admin", roles=frozenset({"admin"})),
        private.as_token("key-reads", "read", "private"),
        private.as_token("key-writes", "read", "write"),
        agent.as_token("key-of-agent", "read", "write", "private"),
    ]
    return {person.name: person for person in people}
