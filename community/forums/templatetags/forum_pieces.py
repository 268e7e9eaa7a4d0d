"""Lines and posts as pieces that are rendered once (`accounts.fragments`)."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from accounts import fragments
from accounts.templatetags.threadwell import kept_piece
from accounts.text import excerpt
from community.forums import shown
from community.forums.forms import PostForm
from community.forums.kinds import LOOKS
from community.forums.models import Post, Topic
from community.forums.reactions import offered
from community.forums.tongues import spoken
from search.templatetags.search_pieces import lang

register = template.Library()


@register.filter
def beginning(html: str, length: int = 200) -> str:
    """The first words of a rendered text, as plain text: `striptags` would leave entities to be escaped again."""
    return excerpt(html, length)


@register.filter
def spoken_in(topic: Topic, text: str) -> str:
    """` lang="de"` for a text of a topic in a language that is not the page's; else nothing."""
    return lang(spoken(topic, text))


@register.simple_tag(takes_context=True)
def topic_line(context: template.Context, topic: Topic, in_space: Any = None) -> SafeString:
    """A line of a list of topics; inside a space its name is left out."""
    row = shown.row(topic, in_space=bool(in_space))
    may_select = context.get("selecting") and topic.space_id in context["viewer"].ids("review")
    values = {"topic": row, "select": topic.pk if may_select else 0}
    return kept_piece(context, "components/topic_row.html", values, more=lambda: {"look": LOOKS[row.look]})


@register.simple_tag(takes_context=True)
def post_piece(context: template.Context, post: Post) -> SafeString:
    """A post of the topic in the context, with what the viewer may do with it."""
    flags = {name: bool(context.get(name)) for name in ("can_moderate", "can_accept")}
    mine = shown.mine(context["viewer"], post, **flags)
    values = {
        "post": shown.post(post, context["topic"]), "mine": mine, "poll": post.poll_shown,
        "offered": offered() if mine.may_vote else (),
    }  # fmt: skip
    return kept_piece(context, "forums/_post.html", values)


@register.simple_tag(takes_context=True)
def empty_reply(context: template.Context) -> SafeString:
    """The form for a reply that nobody has begun; its key is new for every reader."""
    topic = context["topic"]
    values = {"pk": topic.pk, "is_solved": topic.is_solved, "can_whisper": bool(context.get("can_whisper"))}
    return kept_piece(
        context, "forums/_reply_form.html", values,
        more=lambda: {"form": PostForm(initial={"key": fragments.slot("key")})},
    )  # fmt: skip
