"""Topics and the posts in them. Written only by `community.forums.services`."""

from community.forums.models.follow import TopicFollow, TopicRead
from community.forums.models.post import Post, PostRevision, PostVote
from community.forums.models.status import Status
from community.forums.models.tag import Tag
from community.forums.models.topic import Kind, Topic

__all__ = ["Kind", "Post", "PostRevision", "PostVote", "Status", "Tag", "Topic", "TopicFollow", "TopicRead"]
