"""The only writers of people, organisations, groups and tokens."""

from accounts.services.avatars import avatar_remove, avatar_set
from accounts.services.organisations import group_add_member, group_remove_member, organisation_create, organisation_set
from accounts.services.people import profile_update, role_set, user_create
from accounts.services.tokens import token_create, token_revoke

__all__ = [
    "avatar_remove",
    "avatar_set",
    "group_add_member",
    "group_remove_member",
    "organisation_create",
    "organisation_set",
    "profile_update",
    "role_set",
    "token_create",
    "token_revoke",
    "user_create",
]
