"""Who is looking: a frozen value built once a request, and all that permission code may ask.

Rooms add audience tokens by `register_token_provider` in their `AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User

STAFF_ROLES = frozenset({"moderator", "agent", "manager", "admin"})


@dataclass(frozen=True, slots=True)
class Viewer:
    """`tokens` say what may be read, `roles` what may be done; both are empty-handed by default.

    Tokens: `public`, `members`, `user:5`, `org:7`, `team:3` (a group), `staff`, `role:agent`, and those that rooms
    register: `space:12`, `section:4`. A compound `space:12/user:5` names one person inside one container.
    """

    user_id: int | None = None
    username: str = ""
    name: str = ""
    roles: frozenset[str] = frozenset()
    trust_level: int = 0
    organisation_id: int | None = None
    tokens: frozenset[str] = frozenset({"public"})
    group_ids: frozenset[int] = field(default_factory=frozenset)

    @property
    def is_signed_in(self) -> bool:
        return self.user_id is not None

    @property
    def reads_own(self) -> bool:
        """Whether what is only theirs may be read; an API token without the scope `private` may not."""
        return f"user:{self.user_id}" in self.tokens

    @property
    def is_staff(self) -> bool:
        return bool(self.roles & STAFF_ROLES)

    @property
    def is_moderator(self) -> bool:
        return bool(self.roles & {"moderator", "admin"})

    @property
    def is_agent(self) -> bool:
        return bool(self.roles & {"agent", "admin"})

    @property
    def is_manager(self) -> bool:
        return bool(self.roles & {"manager", "admin"})

    @property
    def is_admin(self) -> bool:
        return "admin" in self.roles

    def ids(self, container: str) -> frozenset[int]:
        """The ids of the containers of one kind that this viewer may read: `viewer.ids("space")`."""
        return _ids_in(self.tokens, f"{container}:")

    def may_read(self, audience: Iterable[str]) -> bool:
        """Whether any of the audience's tokens is held."""
        return not self.tokens.isdisjoint(audience)


@lru_cache(maxsize=1_000)
def _ids_in(tokens: frozenset[str], prefix: str) -> frozenset[int]:
    return frozenset(int(t[len(prefix) :]) for t in tokens if t.startswith(prefix) and t[len(prefix) :].isdigit())


ANONYMOUS = Viewer()
TokenProvider = Callable[[Viewer], Iterable[str]]
_providers: list[TokenProvider] = []


def register_token_provider(provider: TokenProvider) -> None:
    """Add a source of tokens. It gets a Viewer that holds the basic tokens and returns the further ones."""
    if provider not in _providers:
        _providers.append(provider)


def viewer_for(user: User | None, *, roles: frozenset[str] | None = None) -> Viewer:
    """The Viewer of a user row, or of nobody; an inactive user is nobody. Costs one query a provider.

    `roles` stands in for the staff roles that the person holds: none at all, for a key that may not use them.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return _with_provided(ANONYMOUS)
    group_ids = frozenset(user.groups.values_list("pk", flat=True))
    tokens = {"public", "members", f"user:{user.pk}", *(f"team:{pk}" for pk in group_ids)}
    if user.organisation_id:
        tokens.add(f"org:{user.organisation_id}")
    roles = user.roles if roles is None else roles
    if roles:
        tokens |= {"staff", *(f"role:{role}" for role in roles)}
    return _with_provided(
        Viewer(
            user_id=user.pk,
            username=user.username,
            name=user.display_name or user.username,
            roles=roles,
            trust_level=user.trust_level,
            organisation_id=user.organisation_id,
            tokens=frozenset(tokens),
            group_ids=group_ids,
        )
    )


def system_viewer() -> Viewer:
    """The product itself, for commands and imports: an admin without an account."""
    base = Viewer(
        roles=frozenset({"admin"}), trust_level=4, tokens=frozenset({"public", "members", "staff", "role:admin"})
    )
    return _with_provided(base)


def _with_provided(viewer: Viewer) -> Viewer:
    tokens = set(viewer.tokens)
    for provider in _providers:
        tokens.update(provider(viewer))
    return replace(viewer, tokens=frozenset(tokens))
