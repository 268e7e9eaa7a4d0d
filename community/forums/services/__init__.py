"""The verbs of topics and posts; nothing else writes their tables."""

from community.forums.services.acts import Options, act_undo, split_act, topics_act
from community.forums.services.archive import ReplyRow, TopicRow, topics_import
from community.forums.services.bookmarks import bookmark_remove, bookmark_set, bookmarks_remind
from community.forums.services.curation import (
    topic_archive,
    topic_mark_duplicate,
    topic_set_notice,
    topic_slow,
    topic_unlist,
)
from community.forums.services.edit_rules import post_set_locked, post_set_wiki
from community.forums.services.follows import follow_automatically, topic_follow, topic_mark_read
from community.forums.services.helping import topic_needs_info, topic_release, topic_take
from community.forums.services.mutes import MuteRow, mutes_import, space_mute, tag_mute
from community.forums.services.nudges import askers_nudge
from community.forums.services.polls import poll_close, poll_create, poll_vote
from community.forums.services.posts import post_edit, post_vote, reply_create
from community.forums.services.reactions import post_react
from community.forums.services.recount import recount_space, recount_topic
from community.forums.services.regroup import posts_move, topic_merge, topic_split
from community.forums.services.solutions import solution_accept, solution_clear
from community.forums.services.status import content_set_status
from community.forums.services.timers import timers_run, topic_bump, topic_set_timer
from community.forums.services.topics import topic_close, topic_create, topic_move, topic_pin, topic_reopen, topic_texts

__all__ = [
    "MuteRow",
    "Options",
    "ReplyRow",
    "TopicRow",
    "act_undo",
    "askers_nudge",
    "bookmark_remove",
    "bookmark_set",
    "bookmarks_remind",
    "content_set_status",
    "follow_automatically",
    "mutes_import",
    "poll_close",
    "poll_create",
    "poll_vote",
    "post_edit",
    "post_react",
    "post_set_locked",
    "post_set_wiki",
    "post_vote",
    "posts_move",
    "recount_space",
    "recount_topic",
    "reply_create",
    "solution_accept",
    "solution_clear",
    "space_mute",
    "split_act",
    "tag_mute",
    "timers_run",
    "topic_archive",
    "topic_bump",
    "topic_close",
    "topic_create",
    "topic_follow",
    "topic_mark_duplicate",
    "topic_mark_read",
    "topic_merge",
    "topic_move",
    "topic_needs_info",
    "topic_pin",
    "topic_release",
    "topic_reopen",
    "topic_set_notice",
    "topic_set_timer",
    "topic_slow",
    "topic_split",
    "topic_take",
    "topic_texts",
    "topic_unlist",
    "topics_act",
    "topics_import",
]
