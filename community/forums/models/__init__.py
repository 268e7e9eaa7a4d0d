"""Topics and the posts in them. Written only by `community.forums.services`."""

from community.forums.models.act import PostMove, TopicAct, TopicActRow, TopicTimer
from community.forums.models.bookmark import Bookmark
from community.forums.models.follow import TopicFollow, TopicRead
from community.forums.models.mute import Mute
from community.forums.models.poll import Poll, PollOption, PollVote, Results
from community.forums.models.post import Post, PostRevision, PostVote
from community.forums.models.reaction import PostReaction
from community.forums.models.read_before import ReadBefore
from community.forums.models.status import Status
from community.forums.models.tag import Tag
from community.forums.models.topic import PLURALS, Kind, Topic

__all__ = [
    "PLURALS",
    "Bookmark",
    "Kind",
    "Mute",
    "Poll",
    "PollOption",
    "PollVote",
    "Post",
    "PostMove",
    "PostReaction",
    "PostRevision",
    "PostVote",
    "ReadBefore",
    "Results",
    "Status",
    "Tag",
    "Topic",
    "TopicAct",
    "TopicActRow",
    "TopicFollow",
    "TopicRead",
    "TopicTimer",
]
