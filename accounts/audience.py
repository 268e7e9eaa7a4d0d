"""The audience rule of containers, told once and used by spaces and by sections.

`readable_by` is the row filter, `may_read_container` the predicate, `tokens_of` what viewers carry.
A container is read by: everyone (public), the signed-in (members), the members of a chosen group and those who
joined (groups), the people of a chosen organisation and all staff (organisations), staff (staff); an admin reads all.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from accounts.models import Audience, Audienced
from accounts.viewer import Viewer


def readable_by(viewer: Viewer, *, joined: Q | None = None) -> Q:
    """The row filter over a model that is `Audienced`; `joined` finds the rows that the viewer joined by name.

    May match a row more than once through its groups: use with `distinct()`, in a union or inside a subquery.
    """
    if viewer.is_admin:
        return Q()
    rule = Q(audience=Audience.PUBLIC)
    if not viewer.is_signed_in:
        return rule
    rule |= Q(audience=Audience.MEMBERS) | Q(audience=Audience.GROUPS, audience_groups__user=viewer.user_id)
    if joined is not None:
        rule |= Q(audience=Audience.GROUPS) & joined
    if viewer.organisation_id:
        rule |= Q(audience=Audience.ORGANISATIONS, audience_organisations=viewer.organisation_id)
    if viewer.is_staff:
        rule |= Q(audience__in=[Audience.STAFF, Audience.ORGANISATIONS])
    return rule


def may_read_container(viewer: Viewer, container: Audienced, *, joined: bool = False) -> bool:
    """The predicate twin of `readable_by` for one row; reads the row's groups or organisations where they matter."""
    if viewer.is_admin or container.audience == Audience.PUBLIC:
        return True
    if not viewer.is_signed_in:
        return False
    match container.audience:
        case Audience.MEMBERS:
            return True
        case Audience.GROUPS:
            return joined or container.audience_groups.filter(pk__in=viewer.group_ids).exists()
        case Audience.ORGANISATIONS:
            return viewer.is_staff or container.audience_organisations.filter(pk=viewer.organisation_id).exists()
        case Audience.STAFF:
            return viewer.is_staff
    return False  # an audience that this code does not know is closed


def tokens_of(viewer: Viewer, prefix: str, ids: Iterable[int]) -> set[str]:
    """The tokens of the containers with these ids, which are all that the viewer may read.

    `space:12`; for the signed-in also `space:12/user:5`, for staff also `space:12/staff`: a compound token stands for
    “may read the container and is that person (or staff)”, which is how pending posts and whispers are told.
    """
    plain = {f"{prefix}:{pk}" for pk in ids}
    tokens = set(plain)
    if viewer.is_signed_in:
        tokens |= {f"{token}/user:{viewer.user_id}" for token in plain}
    if viewer.is_staff:
        tokens |= {f"{token}/staff" for token in plain}
    return tokens
