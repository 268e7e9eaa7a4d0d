"""Polls in posts: made, voted in until they close, closed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Conflict, NotAllowed
from accounts.events import services as events
from accounts.text import all_of, clean_line
from accounts.viewer import Viewer
from community.forums import policies
from community.forums.models import Poll, PollOption, PollVote, Post, Results

MOST_OPTIONS: Final = 20
FURTHEST: Final = timedelta(days=2 * 365)


@dataclass(frozen=True, slots=True)
class PollInput:
    """What somebody asks: `most` is how many options a person may choose; `closes_at` None never closes by itself."""

    question: str
    options: Sequence[str]
    most: int = 1
    results: str = Results.ALWAYS
    is_public: bool = False
    closes_at: datetime | None = None


@transaction.atomic
def poll_create(*, viewer: Viewer, post: Post, asked: PollInput) -> Poll:
    """Put a poll into a post of one's own, or of a space that one moderates.

    A post has one poll: raises Conflict for a second one. NotAllowed for who may not change the post, ValidationError
    by field: question, options (2 to 20, all different), most, results, closes_at (to come, within two years).
    """
    if not policies.can_ask_poll(viewer, post):
        raise NotAllowed(_("You can put polls only into posts of your own, while you may change them."))
    question, options = clean_poll(asked)
    locked = Post.objects.select_for_update().get(pk=post.pk)
    if locked.has_poll:
        raise Conflict(_("This post has a poll already."))

    poll = Poll.objects.create(
        post=locked, question=question, most=asked.most, results=asked.results, is_public=asked.is_public,
        closes_at=asked.closes_at,
    )  # fmt: skip
    rows = [PollOption(poll=poll, position=position, text=text) for position, text in enumerate(options, start=1)]
    PollOption.objects.bulk_create(rows)
    locked.has_poll = True
    locked.save(update_fields=["has_poll"])

    _record("post.poll_created", viewer, locked)
    return poll


def clean_poll(asked: PollInput) -> tuple[str, list[str]]:
    """The checked question and options; raises as `poll_create`."""
    texts = all_of({
        "question": lambda: clean_line(asked.question, field="question"), "options": lambda: _options(asked.options)
    })  # fmt: skip
    options = texts["options"]
    if not 1 <= asked.most <= len(options):
        raise ValidationError({"most": _("Let people choose 1 to %s options.") % len(options)})
    if asked.results not in Results.values:
        raise ValidationError({"results": _("Choose one of: %s.") % ", ".join(Results.values)})
    now = timezone.now()
    if asked.closes_at is not None and not now < asked.closes_at <= now + FURTHEST:
        raise ValidationError({"closes_at": _("Choose a time to come, within two years.")})
    return texts["question"], options


def _options(given: Sequence[str]) -> list[str]:
    options = [clean_line(text, field="options", limit=120, required=False) for text in given]
    options = [text for text in options if text]
    if not 2 <= len(options) <= MOST_OPTIONS:
        raise ValidationError({"options": _("Write 2 to %s options, one a line.") % MOST_OPTIONS})
    if len({text.casefold() for text in options}) < len(options):
        raise ValidationError({"options": _("Two of the options are the same.")})
    return options


@transaction.atomic
def poll_vote(*, viewer: Viewer, poll: Poll, options: Iterable[int]) -> Poll:
    """Choose options by their numbers in place of what one chose before; none takes it back.

    Raises NotAllowed when it is closed or not theirs to read, ValidationError({"options": …}) for too many or others'.
    """
    # The row lock makes the choices and their counts one step; whoever comes next sees both.
    locked = Poll.objects.select_for_update().select_related("post__topic").get(pk=poll.pk)
    if not policies.can_vote_in(viewer, locked):
        raise NotAllowed(_("This poll is closed."))
    chosen = set(options)
    rows = list(PollOption.objects.filter(poll=locked))
    if not chosen <= {row.pk for row in rows}:
        raise ValidationError({"options": _("Choose among the options of this poll.")})
    if len(chosen) > locked.most:
        raise ValidationError({"options": _("Choose %s at most.") % locked.most})

    mine = PollVote.objects.filter(option__poll=locked, user_id=viewer.user_id)
    before = set(mine.values_list("option_id", flat=True))
    if before == chosen:
        return locked
    mine.exclude(option__in=chosen).delete()
    now = timezone.now()
    new = [PollVote(option_id=pk, user_id=viewer.user_id, created_at=now) for pk in sorted(chosen - before)]
    PollVote.objects.bulk_create(new)

    recount_poll(locked)

    _record("post.poll_voted", viewer, locked.post)
    return locked


def recount_poll(poll: Poll) -> None:
    """Set the counts of a poll and its options from who chose what."""
    votes = PollVote.objects.filter(option__poll=poll).order_by()
    counts = dict(votes.values_list("option").annotate(n=Count("pk")))
    options = list(PollOption.objects.filter(poll=poll))
    for option in options:
        option.vote_count = counts.get(option.pk, 0)
    PollOption.objects.bulk_update(options, ["vote_count"])
    poll.voter_count = votes.aggregate(n=Count("user", distinct=True))["n"]
    poll.save(update_fields=["voter_count"])


@transaction.atomic
def poll_close(*, viewer: Viewer, poll: Poll) -> Poll:
    """End it now. Raises NotAllowed but for the post's author and moderators. Twice changes nothing."""
    locked = Poll.objects.select_for_update().select_related("post__topic").get(pk=poll.pk)
    if not policies.can_close_poll(viewer, locked):
        raise NotAllowed(_("Only who asked and moderators close a poll."))
    if not locked.is_open():
        return locked

    locked.closes_at = timezone.now()
    locked.save(update_fields=["closes_at"])

    _record("post.poll_closed", viewer, locked.post)
    return locked


def _record(name: str, viewer: Viewer, post: Post) -> None:
    events.record(name, actor=viewer, target=post, data={"topic": post.topic_id, "number": post.number})
