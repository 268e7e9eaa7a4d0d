"""The only writers of spaces, their settings and their people."""

from community.spaces.services.archive import MemberRow, RequestRow, memberships_import, requests_import
from community.spaces.services.invitations import (
    address_confirmed,
    address_invite,
    digest_of,
    invitation_accept,
    invitation_decline,
    invitation_withdraw,
    person_invite,
)
from community.spaces.services.joining import request_decide, space_ask, space_join
from community.spaces.services.members import member_add, member_remove
from community.spaces.services.spaces import space_change, space_create, space_set_audience

__all__ = [
    "MemberRow",
    "RequestRow",
    "address_confirmed",
    "address_invite",
    "digest_of",
    "invitation_accept",
    "invitation_decline",
    "invitation_withdraw",
    "member_add",
    "member_remove",
    "memberships_import",
    "person_invite",
    "request_decide",
    "requests_import",
    "space_ask",
    "space_change",
    "space_create",
    "space_join",
    "space_set_audience",
]
