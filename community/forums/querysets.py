"""The row filters of topics and posts, and the adjectives that lists are made of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Aggregate, Exists, F, OuterRef, Q

from accounts.ignoring.models import Ignore
from accounts.viewer import Viewer
from community.forums.kinds import SOLVABLE
from community.spaces.models import Space


def status_rule(viewer: Viewer, space: str, author: str = "author") -> Q:
    """Which statuses a viewer sees: published for all, pending for its author, everything for the space's reviewers.

    `space` and `author` are the lookups of the space's and the author's id, as seen from the filtered model.
    """
    rule = Q(status="published")
    if viewer.reads_own:
        rule |= Q(status="pending", **{author: viewer.user_id})
    review = viewer.ids("review")
    if review:
        rule |= Q(**{f"{space}__in": review})
    return rule


NAMES = ("username", "display_name", "avatar")


class TopicQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """The row filter; its twins are `policies.can_see_topic` and `policies.topic_audience`."""
        return self.filter(space_id__in=viewer.ids("space")).filter(status_rule(viewer, "space_id"))

    def within(self, space: int) -> Self:
        """Of a space and its parts; `visible_to` leaves out those that the viewer may not read."""
        spaces = Space.objects.order_by().filter(Q(pk=space) | Q(parent=space))
        return self.filter(space__in=spaces.values("pk"))

    def published(self) -> Self:
        return self.filter(status="published")

    def talks(self) -> Self:
        """Without ideas, which have a board of their own."""
        return self.exclude(kind="idea")

    def listed_for(self, viewer: Viewer) -> Self:
        """Without unlisted ones, which are reached by their address alone; those who moderate them find them."""
        return self.filter(Q(is_unlisted=False) | Q(space_id__in=viewer.ids("review")))

    def heard_by(self, viewer: Viewer) -> Self:
        """Without what the viewer mutes by space or tag and what people began whom they ignore; their own stays.

        For lists of what is new. Each part is a filter of its own, so that the order of a list is walked as before.
        """
        if not viewer.reads_own:
            return self
        mutes: models.Manager = self.model._meta.apps.get_model("forums.Mute")._default_manager
        spaces = mutes.filter(user=viewer.user_id, tag=None).order_by().values("space")
        muted = Space.objects.order_by().filter(Q(pk__in=spaces) | Q(parent__in=spaces)).values("pk")
        tagged = mutes.filter(user=viewer.user_id, tag__topics=OuterRef("pk"))
        people = Ignore.objects.in_force().ignored().filter(owner=viewer.user_id).order_by().values("person")
        return self.filter(
            Q(author=viewer.user_id) | ~(Q(space__in=muted) | Q(author__in=people) | Exists(tagged))
        )

    def questions(self) -> Self:
        """What can be solved: questions, and problems."""
        return self.filter(kind__in=SOLVABLE)

    def unanswered(self) -> Self:
        return self.questions().filter(reply_count=0, solution=None, duplicate_of=None)

    def unsolved(self) -> Self:
        return self.questions().filter(solution=None, duplicate_of=None)

    def solved(self) -> Self:
        return self.questions().exclude(solution=None)

    def in_queue(self, name: str, now: datetime) -> Self:
        """The questions of a helpers' queue, after Kitsune's: what waits for a helper, for the asker, or for nobody."""
        questions = self.questions()
        waiting = questions.filter(solution=None, is_closed=False)
        match name:
            case "attention":  # the asker spoke last, this week
                waiting = waiting.filter(last_poster=F("author"), needs_info_since=None)
                return waiting.filter(last_posted_at__gte=now - timedelta(days=7))
            case "recent":
                return waiting.filter(reply_count=0, created_at__gte=now - timedelta(hours=24))
            case "needs-info":
                return waiting.exclude(needs_info_since=None)
            case "responded":
                return waiting.filter(reply_count__gt=0, needs_info_since=None).exclude(last_poster=F("author"))
        return questions.filter(Q(is_closed=True) | ~Q(solution=None))

    def latest_first(self) -> Self:
        return self.order_by("-last_posted_at", "-pk")

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")

    def for_list(self) -> Self:
        """With what a row of a list shows: space, people and tags, in a constant number of queries."""
        return self.select_related("space", "author", "last_poster", "solution__author").prefetch_related("tags")


    def for_lines(self) -> Self:
        """As `for_list`, with just the columns that `shown.row` reads: a page of lines loads a hundred rows."""
        people = [f"{who}__{name}" for who in ("author", "last_poster", "solution__author") for name in NAMES]
        return self.for_list().only(
            "kind", "title", "slug", "status", "is_closed", "is_pinned", "is_unlisted", "created_at", "last_posted_at",
            "reply_count", "last_post_number", "last_shown_number", "vote_count", "needs_info_since",
            "space__name", "space__colour", "space__slug", "space__language", "author", "last_poster",
            "solution__author", *people,
        )  # fmt: skip


class Joined(Aggregate):
    """The texts of a group in one, with a space between them; of both databases."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, ' ')"
    output_field = models.CharField()

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)


class PostQuerySet(models.QuerySet):
    def visible_to(self, viewer: Viewer) -> Self:
        """The row filter; its twins are `policies.can_see_post` and `policies.post_audience`."""
        review = Q(topic__space_id__in=viewer.ids("review"))
        topic = Q(topic__status="published")
        aloud = Q(is_whisper=False)
        if viewer.reads_own:
            topic |= Q(topic__status="pending", topic__author=viewer.user_id)
        if viewer.is_staff:
            aloud |= Q(status="published", topic__status="published") | review
        rows = self.filter(topic__space_id__in=viewer.ids("space")).filter(status_rule(viewer, "topic__space_id"))
        return rows.filter(topic | review).filter(aloud)

    def published(self) -> Self:
        return self.filter(status="published")

    def said_aloud(self) -> Self:
        return self.filter(is_whisper=False)

    def for_page(self) -> Self:
        """With what a post shows of its author and of the post it answers."""
        return self.select_related("author", "edited_by", "reply_to__author")

    def for_pieces(self) -> Self:
        """With just the columns that `shown.post` and the policies read; the source of a text is not among them."""
        people = [f"{who}__{name}" for who in ("author", "reply_to__author") for name in NAMES]
        roles = [f"author__{name}" for name in ("headline", "is_superuser", "is_agent", "is_moderator", "is_manager")]
        return self.select_related("author", "reply_to__author").only(
            "number", "html", "status", "is_whisper", "created_at", "edited_at", "vote_count", "topic_id", "author",
            "reactions", "is_wiki", "is_locked", "has_poll",
            "reply_to__number", "reply_to__topic", "reply_to__author", "reply_to__status",
            "reply_to__is_whisper", *people, *roles,
        )  # fmt: skip
