"""What search engines read of a topic: schema.org's QAPage for a question, DiscussionForumPosting for all else.

Never both. Fields and rules after Google's "Q&A" and "Discussion forum" structured data; a person who left is a Person
without an address.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.text import plain_text
from community.forums.models import Post, Topic

MOST_TEXT: Final = 5_000


def data_of(topic: Topic, posts: Sequence[Post]) -> dict[str, Any]:
    """The data for a page of a topic, for the tag `structured_data`; `posts` are those of the page."""
    aloud = [post for post in posts if post.status == "published" and not post.is_whisper]
    shown = _question(topic, aloud) if topic.is_question else _talk(topic, aloud)
    return {"@context": "https://schema.org"} | shown


def _question(topic: Topic, posts: Sequence[Post]) -> dict[str, Any]:
    answers = [post for post in posts if not post.is_first]
    accepted = [_answer(post) for post in answers if post.pk == topic.solution_id]
    question = {
        "@type": "Question", "name": topic.title, "answerCount": topic.reply_count, "upvoteCount": topic.vote_count,
        "datePublished": topic.created_at.isoformat(), "author": _person(topic.author), "url": _address(topic),
        "suggestedAnswer": [_answer(post) for post in answers if post.pk != topic.solution_id],
    }  # fmt: skip
    if not accepted and topic.solution is not None and topic.solution.status == "published":
        accepted = [_answer(topic.solution)]  # it stands on another page
    if accepted:
        question["acceptedAnswer"] = accepted[0]
    return {"@type": "QAPage", "mainEntity": question | _text(posts)}


def _talk(topic: Topic, posts: Sequence[Post]) -> dict[str, Any]:
    comments = [_comment(post) for post in posts if not post.is_first]
    shown = {
        "@type": "DiscussionForumPosting", "headline": topic.title, "url": _address(topic),
        "datePublished": topic.created_at.isoformat(), "author": _person(topic.author),
        "commentCount": topic.reply_count, "comment": comments,
        "interactionStatistic": {
            "@type": "InteractionCounter", "interactionType": "https://schema.org/LikeAction",
            "userInteractionCount": max(topic.vote_count, 0),
        },
    }  # fmt: skip
    return shown | _text(posts)


def _text(posts: Sequence[Post]) -> dict[str, str]:
    """The topic's own text, on its first page."""
    return {"text": plain_text(posts[0].html)[:MOST_TEXT]} if posts and posts[0].is_first else {}


def _answer(post: Post) -> dict[str, Any]:
    return _comment(post) | {"@type": "Answer"}


def _comment(post: Post) -> dict[str, Any]:
    return {
        "@type": "Comment", "text": plain_text(post.html)[:MOST_TEXT], "datePublished": post.created_at.isoformat(),
        "url": _address(post), "upvoteCount": post.vote_count, "author": _person(post.author),
    }  # fmt: skip


def _person(user: User | None) -> dict[str, str]:
    if user is None:
        return {"@type": "Person", "name": _("Someone who left")}
    return {"@type": "Person", "name": str(user), "url": settings.SITE_URL + user.get_absolute_url()}


def _address(thing: Topic | Post) -> str:
    return settings.SITE_URL + thing.get_absolute_url()
