"""What erasing a person does to topics, posts and all that hangs on them.

Their posts stay without a name, or lose every word where that was wished. Votes that they gave stay counted, as those
of an import are: by nobody who is known. Choices in polls and reactions show who gave them, so they go.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F
from django.utils.translation import gettext as _

from accounts.erasing.rules import Rows, leave_empty, let_go, register_link, register_text, register_words
from accounts.events import services as events
from accounts.text import render_markdown
from accounts.uploads.models import UploadUse
from community.forums.models import Poll, Post, PostReaction, PostRevision, PostVote, Status, Topic
from community.forums.services.polls import recount_poll
from community.forums.services.reactions import reactions_now
from community.forums.services.status import content_set_status
from search import outbox

OWN = ("Bookmark", "TopicRead", "TopicFollow", "Mute")


def register_all() -> None:
    register_words("forums.Post", "author", posts_blank)
    register_link("forums.Post", "author", leave_empty, changed=_posts_changed)
    register_link("forums.Post", "edited_by", leave_empty, changed=_posts_changed)
    register_link("forums.PostRevision", "replaced_by", leave_empty)
    for field in ("author", "last_poster", "solved_by", "taken_by"):
        register_link("forums.Topic", field, leave_empty, changed=_topics_changed)
    register_link("forums.TopicAct", "by", leave_empty)
    register_link("forums.TopicTimer", "set_by", leave_empty)
    for name in OWN:
        register_link(f"forums.{name}", "user", let_go)
    register_link("forums.PostVote", "user", votes_stay_counted)
    register_link("forums.PostReaction", "user", reactions_go)
    register_link("forums.PollVote", "user", choices_go)
    register_text("forums.Post", "body", "html", changed=_posts_changed)
    register_text("forums.PostRevision", "body", "title")
    register_text("forums.Topic", "title", "slug", "notice", changed=_topics_changed)
    register_text("forums.TopicActRow", "changes")
    register_text("forums.Poll", "question", changed=_polls_changed)
    register_text("forums.PollOption", "text", changed=_options_changed)


def posts_blank(rows: Rows, field: str) -> None:
    """No word of these posts stays. A reply is removed; a topic too, but where others wrote in it: theirs stands."""
    ids = [post.pk for post in rows]
    PostRevision.objects.filter(post__in=ids).delete()
    Poll.objects.filter(post__in=ids).delete()
    for post in rows:
        source = _("The author took this text back.")
        is_shared = post.is_first and _others_wrote_in(post)
        if post.is_first:
            title = _("Taken back by its author")
            Topic.objects.filter(pk=post.topic_id).update(title=title, slug=Topic.slug_for(title), notice="")
        blank = {"body": source, "html": render_markdown(source), "has_poll": False}
        Post.objects.filter(pk=post.pk).update(**blank)
        if not is_shared:
            content_set_status(actor_id=None, target=Post.objects.get(pk=post.pk), status=Status.REMOVED)
    _posts_changed(rows)


def _others_wrote_in(post: Post) -> bool:
    return Post.objects.filter(topic_id=post.topic_id, number__gt=1).exclude(author_id=post.author_id).exists()


def votes_stay_counted(rows: Rows, field: str) -> None:
    """As votes of people who are not known here."""
    for vote in rows:
        Post.objects.filter(pk=vote.post_id).update(imported_votes=F("imported_votes") + 1)
    PostVote.objects.filter(pk__in=[vote.pk for vote in rows]).delete()


def reactions_go(rows: Rows, field: str) -> None:
    PostReaction.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for post_id in sorted({row.post_id for row in rows}):
        Post.objects.filter(pk=post_id).update(reactions=reactions_now(post_id))


def choices_go(rows: Rows, field: str) -> None:
    polls = Poll.objects.filter(options__votes__in=rows).distinct()
    touched = list(polls.select_related("post"))
    let_go(rows, field)
    for poll in touched:
        recount_poll(poll)


def _posts_changed(rows: Rows) -> None:
    uses = UploadUse.objects.filter(target_type="post", target_id__in=[post.pk for post in rows])
    outbox.mark("attachment", uses.values_list("pk", flat=True))
    _tell(post.topic_id for post in rows)


def _topics_changed(rows: Rows) -> None:
    _tell(topic.pk for topic in rows)


def _polls_changed(rows: Rows) -> None:
    _tell(Post.objects.filter(pk__in=[poll.post_id for poll in rows]).values_list("topic", flat=True))


def _options_changed(rows: Rows) -> None:
    _polls_changed(list(Poll.objects.filter(pk__in={option.poll_id for option in rows})))


def _tell(topic_ids: Iterable[int]) -> None:
    """Search reads these topics anew, and what is kept of their pages is passed over."""
    for pk in sorted(set(topic_ids)):
        events.record("topic.name_erased", target=("topic", pk))
