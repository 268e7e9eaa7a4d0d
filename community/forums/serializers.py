"""What the API takes in and gives out for topics and posts."""

from __future__ import annotations

from django.conf import settings
from rest_framework import serializers

from accounts.text import LIMITS
from community.forums.models import Post, Topic, TopicAct
from community.forums.polls import show_poll
from community.forums.reactions import counts_in


class TopicInput(serializers.Serializer):
    """Only types are checked here; lengths and words are the service's, which pages use too."""

    space = serializers.SlugField(max_length=60)
    kind = serializers.CharField(max_length=20, default="question")
    title = serializers.CharField(max_length=LIMITS["body"], trim_whitespace=False)
    body = serializers.CharField(trim_whitespace=False)
    tags = serializers.ListField(child=serializers.CharField(max_length=200), max_length=20, default=list)


class PostInput(serializers.Serializer):
    body = serializers.CharField(trim_whitespace=False)
    reply_to = serializers.IntegerField(min_value=1, required=False)
    is_whisper = serializers.BooleanField(default=False)


class SolutionInput(serializers.Serializer):
    post = serializers.IntegerField(min_value=1, help_text="The number of the post, as in `results[].number`.")


class ReactionInput(serializers.Serializer):
    name = serializers.CharField(max_length=40, help_text="The name of an emoji, as `offered` lists them.")


class PollIn(serializers.Serializer):
    question = serializers.CharField(trim_whitespace=False)
    options = serializers.ListField(child=serializers.CharField(max_length=2_000), max_length=100)
    most = serializers.IntegerField(default=1)
    results = serializers.CharField(max_length=20, default="always")
    is_public = serializers.BooleanField(default=False)
    closes_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class PollChoice(serializers.Serializer):
    options = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), max_length=20, help_text="None: take it back."
    )


class EditRulesInput(serializers.Serializer):
    is_wiki = serializers.BooleanField(required=False)
    is_locked = serializers.BooleanField(required=False)


class ActInput(serializers.Serializer):
    """One act on up to 100 topics; what else it needs is named as in the pages' forms."""

    topics = serializers.ListField(child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), max_length=100)
    act = serializers.CharField(max_length=20)
    space = serializers.SlugField(max_length=60, required=False)
    other = serializers.CharField(max_length=300, required=False, help_text="The id or the address of another topic.")
    until = serializers.DateTimeField(required=False)
    minutes = serializers.IntegerField(min_value=0, max_value=10_080, required=False)
    notice = serializers.CharField(max_length=500, required=False, allow_blank=True)


class SplitInput(serializers.Serializer):
    posts = serializers.ListField(child=serializers.IntegerField(min_value=2, max_value=2**31 - 1), max_length=500)
    title = serializers.CharField(max_length=LIMITS["body"], default="")
    into = serializers.CharField(max_length=300, required=False, help_text="The id or the address of a topic.")


def show_act(act: TopicAct) -> dict:
    """What an act of moderators changed."""
    topics = list(act.rows.values_list("topic", flat=True))
    return {"id": act.pk, "act": act.act, "topics": topics, "is_undone": act.undone_at is not None}


def show_topic(topic: Topic) -> dict:
    """A topic as the API gives it; `tags` must be prefetched, `space` and `author` selected."""
    return {
        "id": topic.pk,
        "url": settings.SITE_URL + topic.get_absolute_url(),
        "space": topic.space.slug,
        "kind": topic.kind,
        "title": topic.title,
        "state": topic.state,
        "tags": [tag.name for tag in topic.tags.all()],
        "author": topic.author.username if topic.author else None,
        "created_at": topic.created_at,
        "last_posted_at": topic.last_posted_at,
        "reply_count": topic.reply_count,
        "vote_count": topic.vote_count,
        "is_closed": topic.is_closed,
        "is_archived": topic.is_archived,
        "notice": topic.notice,
        "is_solved": topic.is_solved,
        "status": topic.status,
    }


def show_post(post: Post) -> dict:
    """A post as the API gives it."""
    return {
        "id": post.pk,
        "number": post.number,
        "author": post.author.username if post.author else None,
        "body": post.body,
        "html": post.html,
        "created_at": post.created_at,
        "edited_at": post.edited_at,
        "vote_count": post.vote_count,
        "reactions": dict(counts_in(post.reactions)),
        "poll": show_poll(getattr(post, "poll_shown", None)),
        "is_wiki": post.is_wiki,
        "is_locked": post.is_locked,
        "is_whisper": post.is_whisper,
        "is_solution": post.topic.solution_id == post.pk,
        "status": post.status,
        "url": settings.SITE_URL + post.get_absolute_url(),
    }
