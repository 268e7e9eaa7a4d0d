"""Which forums anyone may read, by phpBB's own tables of permissions; what they do not open goes to staff."""

from __future__ import annotations

from typing import Final

from config.archive.foreign.phpbb.sql import Values

_READ: Final = "f_read"
_NOBODY: Final = "1"  # the user that phpBB calls Anonymous
_YES, _NEVER = "1", "0"


class Access:
    """Groups, roles and options as they come by; small tables, kept in memory."""

    def __init__(self) -> None:
        self.groups: set[str] = set()
        self.option = ""
        self.roles: dict[str, set[str]] = {}
        self.grants: list[Values] = []
        self.has_tables = False

    def keep(self, table: str, values: Values) -> None:
        """One row of a table of permissions."""
        if table == "acl_options" and values.get("auth_option") == _READ:
            self.option = values.get("auth_option_id") or ""
        elif table == "acl_roles_data":
            role = f"{values.get('role_id')}:{values.get('auth_option_id')}"
            self.roles.setdefault(role, set()).add(values.get("auth_setting") or "")
        elif table == "acl_groups":
            self.has_tables = True
            self.grants.append(values)
        elif table.endswith("group") and values.get("user_id") == _NOBODY:
            self.groups.add(values.get("group_id") or "")

    def is_open(self, forum: int) -> bool:
        """Whether one who is not signed in may read it. A dump without the tables says nothing: then it is."""
        if not self.has_tables:
            return True
        said: set[str] = set()
        for grant in self.grants:
            if grant.get("forum_id") != str(forum) or grant.get("group_id") not in self.groups:
                continue
            if grant.get("auth_role_id", "0") not in {"0", None, ""}:
                said |= self.roles.get(f"{grant['auth_role_id']}:{self.option}", set())
            elif grant.get("auth_option_id") == self.option:
                said.add(grant.get("auth_setting") or "")
        return _YES in said and _NEVER not in said
