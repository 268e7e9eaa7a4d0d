"""The verbs of cases; nothing else writes their tables."""

from community.cases.services.cases import case_assign, case_create, case_set_priority, case_set_status
from community.cases.services.links import case_link, case_unlink, links_merge, links_unmerge
from community.cases.services.messages import message_add, system_line_add

__all__ = [
    "case_assign", "case_create", "case_link", "case_set_priority", "case_set_status", "case_unlink", "links_merge",
    "links_unmerge", "message_add", "system_line_add",
]
