"""The verbs of ideas: suggest, vote, decide, merge; and the recount that proves their counters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.events import services as events
from accounts.text import LIMITS, clean_source, render_markdown
from accounts.viewer import Viewer
from community.forums import services as forums
from community.forums.models import Kind, Topic
from community.ideas import policies
from community.ideas.models import Idea, IdeaStatus, IdeaStatusChange, IdeaVote
from community.spaces.models import Space


@transaction.atomic
def idea_create(
    *,
    viewer: Viewer,
    space: Space,
    title: str,
    body: str,
    tags: Iterable[str] = (),
    at: datetime | None = None,
    idempotency_key: str = "",
) -> Idea:
    """Suggest an idea; whoever suggests it votes for it.

    Raises NotAllowed where ideas are not taken, ValidationError by field: title, body, tags.
    """
    topic = forums.topic_create(
        viewer=viewer, space=space, kind=Kind.IDEA, title=title, body=body, tags=tags, at=at,
        idempotency_key=idempotency_key,
    )
    idea = idea_of(topic)
    return idea_vote(viewer=viewer, idea=idea, on=True, at=at) if policies.can_vote(viewer, idea) else idea


@transaction.atomic
def idea_of(topic: Topic) -> Idea:
    """The idea of a topic of kind idea, made when it is not there yet; called for every such topic as it is created."""
    idea, is_new = Idea.objects.select_related("topic").get_or_create(topic=topic)

    if is_new:
        data = {"space": topic.space_id}
        events.record("idea.created", actor=topic.author_id, target=idea, at=topic.created_at, data=data)
    return idea


@transaction.atomic
def idea_vote(*, viewer: Viewer, idea: Idea, on: bool, at: datetime | None = None) -> Idea:
    """Vote for an idea or take the vote back; twice counts once. Raises NotAllowed when it takes no votes."""
    if not policies.can_vote(viewer, idea):
        raise NotAllowed(_("This idea takes no votes from you."))

    # The row lock makes the vote and its counter one step, so that parallel clicks stay one vote.
    locked = Idea.objects.select_for_update(of=("self",)).select_related("topic").get(pk=idea.pk)
    if on:
        when = {"created_at": at or timezone.now()}
        _vote, changed = IdeaVote.objects.get_or_create(idea=locked, user_id=viewer.user_id, defaults=when)
    else:
        changed = bool(IdeaVote.objects.filter(idea=locked, user_id=viewer.user_id).delete()[0])
    if not changed:
        return locked

    Idea.objects.filter(pk=locked.pk).update(vote_count=F("vote_count") + (1 if on else -1))
    locked.refresh_from_db(fields=["vote_count"])

    events.record("idea.voted", actor=viewer, target=locked, at=at, data={"on": on, "space": locked.topic.space_id})
    return locked


@transaction.atomic
def idea_set_status(
    *, viewer: Viewer, idea: Idea, status: str, note: str = "", at: datetime | None = None
) -> Idea:
    """Decide about an idea and say why (Markdown); voters are told. The same status without a note changes nothing.

    Raises NotAllowed unless the viewer is staff, ValidationError by field: status, note.
    """
    if not policies.can_set_status(viewer, idea):
        raise NotAllowed(_("Only staff decide about ideas."))
    if status not in IdeaStatus.values:
        raise ValidationError({"status": _("Choose one of: %s.") % ", ".join(IdeaStatus.values)})
    source = clean_source(note, field="note", limit=LIMITS["note"], required=False)
    locked = Idea.objects.select_for_update(of=("self",)).select_related("topic").get(pk=idea.pk)
    before = locked.status
    if status == before and not source:
        return locked

    now = at or timezone.now()
    change = IdeaStatusChange.objects.create(
        idea=locked, before=before, after=status, note=source, html=render_markdown(source, field="note"),
        changed_by_id=viewer.user_id, changed_at=now,
    )
    locked.status, locked.status_changed_at = status, now
    locked.save(update_fields=["status", "status_changed_at"])

    data = {"before": before, "after": status, "change": change.pk, "space": locked.topic.space_id}
    events.record("idea.status_changed", actor=viewer, target=locked, data=data, at=now)
    return locked


@transaction.atomic
def idea_merge(*, viewer: Viewer, idea: Idea, into: Idea) -> Idea:
    """Say that an idea is the same as another: its votes move there, each person counting once, and it takes no more.

    Raises NotAllowed unless staff who see both, ValidationError({"into": …}) for itself or an idea merged already.
    """
    if not (policies.can_set_status(viewer, idea) and policies.can_set_status(viewer, into)):
        raise NotAllowed(_("Only staff merge ideas."))
    if idea.pk == into.pk:
        raise ValidationError({"into": _("Choose another idea than this one.")})
    # Locked in the order of their ids, so that two merges at once cannot wait for each other.
    both = Idea.objects.select_for_update(of=("self",)).select_related("topic").filter(pk__in=[idea.pk, into.pk])
    rows = {row.pk: row for row in both.order_by("pk")}
    source, target = rows[idea.pk], rows[into.pk]
    if source.merged_into_id or target.merged_into_id:
        raise ValidationError({"into": _("One of the two is merged already. Choose the idea that it was merged into.")})

    known = IdeaVote.objects.filter(idea=target).values("user_id")
    IdeaVote.objects.filter(idea=source).exclude(user_id__in=known).update(idea=target)
    IdeaVote.objects.filter(idea=source).delete()
    target.imported_votes += source.imported_votes
    source.imported_votes, source.merged_into = 0, target
    source.save(update_fields=["imported_votes", "merged_into"])
    target.save(update_fields=["imported_votes"])

    recount_ideas(Idea.objects.filter(pk__in=[source.pk, target.pk]))
    target.refresh_from_db(fields=["vote_count"])

    data = {"into": target.pk, "space": source.topic.space_id}
    events.record("idea.merged", actor=viewer, target=source, data=data)
    return target


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision of an imported idea; `note` is Markdown."""

    before: str
    after: str
    note: str
    by_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IdeaRow:
    """What an imported topic of kind idea was elsewhere.

    `votes` are all of them; `voter_ids` those whose voters are known. `merged_into` is another topic of kind idea.
    """

    topic: Topic
    status: str = IdeaStatus.NEW
    votes: int = 0
    at: datetime | None = None
    voter_ids: Iterable[int] = ()
    decisions: Sequence[DecisionRow] = ()
    merged_into: Topic | None = None


def idea_wrap(**fields) -> Idea:
    """Give one imported topic what it had elsewhere; `fields` are those of IdeaRow. Raises as `ideas_wrap`."""
    return ideas_wrap(rows=[IdeaRow(**fields)])[0]


@transaction.atomic
def ideas_wrap(*, rows: Sequence[IdeaRow]) -> list[Idea]:
    """Give imported topics of kind idea what they had elsewhere: status, votes, decisions; once is enough.

    Raises ValidationError by field (status, note); then nothing of any row is stored.
    """
    changes = {row.topic.pk: _decisions(row) for row in rows}

    with events.quietly():
        ideas = ideas_of([row.topic for row in rows] + [row.merged_into for row in rows if row.merged_into])
        IdeaVote.objects.bulk_create(
            [
                IdeaVote(idea_id=row.topic.pk, user_id=pk, created_at=row.topic.created_at)
                for row in rows for pk in sorted({*row.voter_ids})
            ],
            ignore_conflicts=True,
        )  # fmt: skip
        IdeaStatusChange.objects.bulk_create([change for row in rows for change in changes[row.topic.pk]])
        wrapped = [_wrapped(ideas[row.topic.pk], row) for row in rows]
        fields = ["status", "imported_votes", "vote_count", "status_changed_at", "merged_into"]
        Idea.objects.bulk_update(wrapped, fields, batch_size=200)
        if recount_ideas(Idea.objects.filter(pk__in=[idea.pk for idea in wrapped])):
            for idea in wrapped:  # it had voters of its own here
                idea.refresh_from_db(fields=["vote_count"])

        for row, idea in zip(rows, wrapped, strict=True):
            data = {"status": row.status, "space": row.topic.space_id}
            events.record("idea.imported", target=idea, data=data, at=row.at)
    return wrapped


@transaction.atomic
def ideas_lead(*, targets: Mapping[int, str]) -> set[int]:
    """Say of imported ideas, by id, that they were merged into those with these source keys, which came in after them.

    A target that is here already stays. Returns the ids of those whose target there is.
    """
    keys = set(targets.values())
    here = dict(Idea.objects.filter(topic__imported_from__in=keys).values_list("topic__imported_from", "pk"))
    ideas = Idea.objects.select_for_update(of=("self",)).select_related("topic").order_by("pk").in_bulk(targets)
    led = [idea for pk, idea in ideas.items() if here.get(targets[pk], pk) != pk]
    for idea in led:
        idea.merged_into_id = idea.merged_into_id or here[targets[idea.pk]]
    Idea.objects.bulk_update(led, ["merged_into"], batch_size=200)

    with events.quietly():
        for idea in led:
            events.record("idea.imported", target=idea, data={"status": idea.status, "space": idea.topic.space_id})
    return {idea.pk for idea in led}


def ideas_of(topics: Iterable[Topic]) -> dict[int, Idea]:
    """The ideas of many topics of kind idea, by id; made where they are not there yet."""
    by_id = {topic.pk: topic for topic in topics}
    here = {idea.pk: idea for idea in Idea.objects.select_related("topic").filter(pk__in=by_id)}
    made = [Idea(topic=topic) for pk, topic in by_id.items() if pk not in here]
    Idea.objects.bulk_create(made)

    for idea in made:
        topic = idea.topic
        data = {"space": topic.space_id}
        events.record("idea.created", actor=topic.author_id, target=idea, at=topic.created_at, data=data)
    return here | {idea.topic_id: idea for idea in made}


def _decisions(row: IdeaRow) -> list[IdeaStatusChange]:
    words = {row.status, *(one.before for one in row.decisions), *(one.after for one in row.decisions)}
    if not words <= {*IdeaStatus.values}:
        raise ValidationError({"status": _("Choose one of: %s.") % ", ".join(IdeaStatus.values)})
    rendered = [decision_note(one.note) for one in row.decisions]
    return [
        IdeaStatusChange(
            idea_id=row.topic.pk, before=one.before, after=one.after, note=note, html=html, changed_by_id=one.by_id,
            changed_at=one.at,
        )
        for one, (note, html) in zip(row.decisions, rendered, strict=True)
    ]  # fmt: skip


def decision_note(note: str) -> tuple[str, str]:
    """The checked note of an imported decision and its safe HTML. Raises ValidationError({"note": …})."""
    source = clean_source(note, field="note", limit=LIMITS["note"], required=False)
    return source, render_markdown(source, field="note")


def _wrapped(idea: Idea, row: IdeaRow) -> Idea:
    known = len({*row.voter_ids})
    idea.status, idea.status_changed_at = row.status, row.at
    idea.imported_votes = max(row.votes - known, 0)
    idea.vote_count = idea.imported_votes + known
    idea.merged_into_id = row.merged_into.pk if row.merged_into else None
    return idea


def recount_ideas(ideas=None) -> int:
    """Rebuild the vote counters from the votes, imported ones included; returns how many were wrong."""
    rows = (Idea.objects.all() if ideas is None else ideas).annotate(votes_now=Count("votes") + F("imported_votes"))
    wrong = list(rows.filter(~Q(vote_count=F("votes_now"))))
    for idea in wrong:
        Idea.objects.filter(pk=idea.pk).update(vote_count=idea.votes_now)
    return len(wrong)
