"""The verbs of topics and posts; nothing else writes their tables."""

from community.forums.services.archive import ReplyRow, topic_import
from community.forums.services.follows import follow_automatically, topic_follow, topic_mark_read
from community.forums.services.posts import post_edit, post_vote, reply_create
from community.forums.services.recount import recount_space, recount_topic
from community.forums.services.solutions import solution_accept, solution_clear
from community.forums.services.status import content_set_status
from community.forums.services.topics import topic_close, topic_create, topic_move, topic_pin, topic_reopen

__all__ = [
    "ReplyRow",
    "content_set_status",
    "follow_automatically",
    "post_edit",
    "post_vote",
    "recount_space",
    "recount_topic",
    "reply_create",
    "solution_accept",
    "solution_clear",
    "topic_close",
    "topic_create",
    "topic_follow",
    "topic_import",
    "topic_mark_read",
    "topic_move",
    "topic_pin",
    "topic_reopen",
]
