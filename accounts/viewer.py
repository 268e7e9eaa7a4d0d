"""Who is looking: a frozen value built once a request, and all that permission code may ask.

Rooms add audience tokens by `register_token_source` in their `AppConfig.ready()`; one statement asks them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import QuerySet

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
    ignored_ids: frozenset[int] = field(default_factory=frozenset)  # the people whose words are folded

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

    def ignores(self, person_id: int | None) -> bool:
        """Whether what this person writes is folded for the viewer."""
        return person_id in self.ignored_ids

    def may_read(self, audience: Iterable[str]) -> bool:
        """Whether any of the audience's tokens is held."""
        return not self.tokens.isdisjoint(audience)


@lru_cache(maxsize=1_000)
def _ids_in(tokens: frozenset[str], prefix: str) -> frozenset[int]:
    return frozenset(int(t[len(prefix) :]) for t in tokens if t.startswith(prefix) and t[len(prefix) :].isdigit())


ANONYMOUS = Viewer()
TokenRow = tuple[int, str]
TokenRows = Callable[[Viewer], "QuerySet"]
_GROUPS, _IGNORED = -1, -2
Tokens = Callable[[Viewer, list[TokenRow]], Iterable[str]]
_sources: list[tuple[TokenRows, Tokens]] = []


def register_token_source(rows: TokenRows, tokens: Tokens) -> None:
    """Add a source of tokens. `rows` makes a `values_list` of numbers and words for a Viewer that holds the basic
    tokens, from nothing but what `prepared.asked` allows; `tokens` makes tokens of what it found."""
    if (rows, tokens) not in _sources:
        _sources.append((rows, tokens))


def viewer_for(user: User | None, *, roles: frozenset[str] | None = None) -> Viewer:
    """The Viewer of a user row, or of nobody; an inactive user is nobody. Costs one statement.

    `roles` stands in for the staff roles that the person holds: none at all, for a key that may not use them.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return _with_tokens(ANONYMOUS)
    tokens = {"public", "members", f"user:{user.pk}"}
    if user.organisation_id:
        tokens.add(f"org:{user.organisation_id}")
    roles = user.roles if roles is None else roles
    if roles:
        tokens |= {"staff", *(f"role:{role}" for role in roles)}
    return _with_tokens(
        Viewer(
            user_id=user.pk,
            username=user.username,
            name=user.display_name or user.username,
            roles=roles,
            trust_level=user.trust_level,
            organisation_id=user.organisation_id,
            tokens=frozenset(tokens),
        )
    )


def system_viewer() -> Viewer:
    """The product itself, for commands and imports: an admin without an account."""
    base = Viewer(
        roles=frozenset({"admin"}), trust_level=4, tokens=frozenset({"public", "members", "staff", "role:admin"})
    )
    return _with_tokens(base)


def _with_tokens(viewer: Viewer) -> Viewer:
    """The viewer with their groups, and with what the sources give them."""
    from accounts.prepared import asked  # which stands on this module

    found: dict[int, list[TokenRow]] = {}
    for source, number, word in asked("accounts.tokens", _all_rows, viewer):
        found.setdefault(source, []).append((number, word))
    groups = frozenset(number for number, _word in found.get(_GROUPS, ()))
    tokens = {*viewer.tokens, *(f"team:{pk}" for pk in groups)}
    for place, (_rows, make) in enumerate(_sources):
        tokens.update(make(viewer, found.get(place, [])))
    ignored = frozenset(number for number, _word in found.get(_IGNORED, ()))
    return replace(viewer, tokens=frozenset(tokens), group_ids=groups, ignored_ids=ignored)


def _all_rows(viewer: Viewer) -> QuerySet:
    """The rows of all sources, each with its place in `_sources`, the viewer's groups and whom they ignore."""
    from django.contrib.auth.models import Group
    from django.db.models import CharField, IntegerField, Value

    from accounts.ignoring.selectors import token_rows

    def numbered(rows: QuerySet, place: int) -> QuerySet:
        number, word = rows._fields or ("pk", "")  # type: ignore[attr-defined]
        return rows.annotate(source=Value(place, output_field=IntegerField())).values_list("source", number, word)

    parts = [numbered(rows(viewer), place) for place, (rows, _make) in enumerate(_sources)]
    if viewer.is_signed_in:
        groups = Group.objects.filter(user=viewer.user_id).annotate(word=Value("", output_field=CharField()))
        parts.append(numbered(groups.order_by().values_list("pk", "word"), _GROUPS))
        parts.append(numbered(token_rows(viewer), _IGNORED))
    return parts[0].union(*parts[1:])
