"""The only writers of spaces, their settings and their people."""

from community.spaces.services.members import member_add, member_remove
from community.spaces.services.spaces import space_change, space_create, space_set_audience

__all__ = ["member_add", "member_remove", "space_change", "space_create", "space_set_audience"]
