"""Flagging and deciding. A target's status changes here and nowhere else, through its room's handler."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import Conflict, NotAllowed
from accounts.events import services as events
from accounts.text import clean_line
from accounts.viewer import Viewer
from community.moderation import policies, scoring
from community.moderation.handlers import ReviewHandler, handler_for
from community.moderation.models import Flag, Reason, ReviewDecision, ReviewItem

NOTE_LIMIT: Final = 500
UNDO_FOR: Final = timedelta(minutes=10)
FLAGS_AN_HOUR: Final = 10
FLAGS_AN_HOUR_TRUSTED: Final = 60
STATUS_OF: Final = {"keep": "published", "remove": "removed"}
STATE_OF: Final = {"keep": ReviewItem.State.KEPT, "remove": ReviewItem.State.REMOVED}


@transaction.atomic
def flag_create(
    *, viewer: Viewer, target: tuple[str, int], reason: str, note: str = "", at: datetime | None = None
) -> Flag:
    """Report something to the moderators; an item that was kept before is open again.

    Raises Http404 for what the viewer may not see, NotAllowed for the anonymous, one's own content and too many flags
    in an hour, ValidationError({"reason" | "note" | "target": …}) for a bad reason, a missing note, a second flag.
    """
    handler = handler_for(target[0])
    if not viewer.is_signed_in:
        raise NotAllowed(_("Sign in to flag this."))
    author_id = handler.author_id(target[1])
    if author_id == viewer.user_id and handler.load([target[1]], viewer):
        raise NotAllowed(_("This is your own. Edit it, or ask a moderator to remove it."))
    if not handler.may_flag(viewer, target[1]):
        raise Http404
    now = at or timezone.now()
    _check_rate(viewer, now)

    reason, note = _clean_flag(reason, note)

    item = _item_for_update(handler, target, author_id, now)
    if item.flags.filter(reporter_id=viewer.user_id).exists():
        raise ValidationError({"target": _("You flagged this before. A moderator will look at it, or has already.")})
    flag = Flag.objects.create(
        item=item, reporter_id=viewer.user_id, reason=reason, note=note, created_at=now,
        weight=scoring.weight_of(viewer, reason),
    )

    _recount(item)

    events.record("flag.created", actor=viewer, target=target, data=_facts(item, reason=reason), at=at)
    return flag


@transaction.atomic
def rule_flag_create(
    *, target: tuple[str, int], rule: str, reason: str, note: str = "", weight: float = 1.0, at: datetime | None = None
) -> Flag:
    """A rule, not a person, asks for a look. The same rule speaks once an item; a second time changes nothing."""
    handler = handler_for(target[0])
    now = at or timezone.now()
    reason, note = _clean_flag(reason, note or rule)

    item = _item_for_update(handler, target, handler.author_id(target[1]), now)
    flag, created = Flag.objects.get_or_create(
        item=item, rule=rule[:60], defaults={"reason": reason, "note": note, "weight": weight, "created_at": now}
    )
    if not created:
        return flag

    _recount(item)

    events.record("flag.created", target=target, data=_facts(item, reason=reason, rule=flag.rule), at=at)
    return flag


@transaction.atomic
def review_decide(
    *, viewer: Viewer, item: ReviewItem, action: str, version: int, note: str = "", at: datetime | None = None
) -> ReviewDecision:
    """Keep or remove the target; a decided item may be decided again, which restores or removes.

    Closes all open flags. Raises NotAllowed, ValidationError({"action": …}) and, when someone was faster, Conflict
    that says who decided what.
    """
    handler, item = _authorised(viewer, item)

    note = clean_line(note, field="note", limit=NOTE_LIMIT, required=False)
    if action not in STATUS_OF:
        raise ValidationError({"action": _("Choose keep or remove.")})
    if item.version != version:
        raise Conflict(_what_happened(item))
    if item.state == STATE_OF[action]:
        raise ValidationError({"action": _("This is so already; nothing was changed.")})
    card = handler.load([item.target_id], viewer).get(item.target_id)
    if card is None:
        raise Http404
    now = at or timezone.now()

    decision = ReviewDecision.objects.create(
        item=item, action=action, note=note, by_id=viewer.user_id, state_before=item.state,
        status_before=card.status, created_at=now, undo_until=now + UNDO_FOR,
    )
    handler.apply(item.target_id, STATUS_OF[action], viewer.user_id)
    reason = _main_reason(item)
    flaggers = _close_flags(item, decision)
    item.decided_at, item.decided_by_id = now, viewer.user_id
    _move_on(item, STATE_OF[action])

    events.record(
        "review.decided", actor=viewer, target=(item.target_type, item.target_id), at=at,
        data=_facts(
            item, decision=decision.pk, action=action, reason=reason, flaggers=flaggers, author=item.author_id,
            status_before=card.status,
        ),
    )
    return decision


@transaction.atomic
def review_undo(*, viewer: Viewer, decision: ReviewDecision) -> ReviewItem:
    """Take the last decision on an item back, within ten minutes: content, flags and item are as before.

    Any of its moderators may. Raises NotAllowed, and Conflict when it is too late or something came after.
    """
    handler, item = _authorised(viewer, decision.item)

    decision = ReviewDecision.objects.select_for_update().get(pk=decision.pk)
    now = timezone.now()
    if decision.undone_at is not None:
        raise Conflict(_("%(name)s has undone this already.") % {"name": decision.undone_by or _("Somebody")})
    if now > decision.undo_until:
        raise Conflict(_("Ten minutes are over. Decide again instead: open it under “Decided”."))
    if item.decisions.filter(pk__gt=decision.pk, undone_at=None).exists() or item.state != STATE_OF[decision.action]:
        raise Conflict(_what_happened(item))

    handler.apply(item.target_id, decision.status_before, viewer.user_id)
    decision.undone_at, decision.undone_by_id = now, viewer.user_id
    decision.save(update_fields=["undone_at", "undone_by"])
    decision.flags.update(state=Flag.State.OPEN, closed_by=None)
    before = item.decisions.filter(undone_at=None).exclude(pk=decision.pk).first()
    item.decided_at, item.decided_by = (before.created_at, before.by) if before else (None, None)
    _recount(item)
    _move_on(item, decision.state_before)

    events.record(
        "review.undone", actor=viewer, target=(item.target_type, item.target_id),
        data=_facts(item, decision=decision.pk, action=decision.action, author=item.author_id),
    )
    return item


@transaction.atomic
def containers_refresh() -> int:
    """Open items follow their targets to another space; returns how many moved."""
    moved = 0
    for item in ReviewItem.objects.open().select_for_update():
        try:
            container = handler_for(item.target_type).container_token(item.target_id)
        except Http404:
            continue
        if container != item.container:
            ReviewItem.objects.filter(pk=item.pk).update(container=container)
            moved += 1
    return moved


def _facts(item: ReviewItem, **more: object) -> dict[str, object]:
    return {"item": item.pk, "container": item.container, **more}


def _clean_flag(reason: str, note: str) -> tuple[str, str]:
    if reason not in Reason.values:
        raise ValidationError({"reason": _("Choose one of: %s.") % ", ".join(Reason.values)})
    try:
        return reason, clean_line(note, field="note", limit=NOTE_LIMIT, required=reason == Reason.OTHER)
    except ValidationError as error:
        if reason == Reason.OTHER and not str(note).strip():
            raise ValidationError({"note": _("Say in a few words what is wrong.")}) from error
        raise


def _check_rate(viewer: Viewer, now: datetime) -> None:
    most = FLAGS_AN_HOUR_TRUSTED if viewer.is_staff or viewer.trust_level >= 2 else FLAGS_AN_HOUR
    recent = Flag.objects.filter(reporter_id=viewer.user_id, created_at__gt=now - timedelta(hours=1)).count()
    if recent >= most:
        raise NotAllowed(_("You flagged a lot in the last hour. Please wait a little; moderators see what you sent."))


def _item_for_update(
    handler: ReviewHandler, target: tuple[str, int], author_id: int | None, now: datetime
) -> ReviewItem:
    """The target's item, locked and open; whoever loses the race to create it takes the winner's."""
    rows = ReviewItem.objects.of(*target).select_for_update().order_by("-pk")
    item = rows.first()
    if item is None:
        try:
            with transaction.atomic():
                return ReviewItem.objects.create(
                    target_type=target[0], target_id=target[1], container=handler.container_token(target[1]),
                    author_id=author_id, created_at=now, opened_at=now,
                )
        except IntegrityError:
            item = rows.get(state=ReviewItem.State.OPEN)
    if not item.is_open:
        item.opened_at = now
        _move_on(item, ReviewItem.State.OPEN)
    return item


def _authorised(viewer: Viewer, item: ReviewItem) -> tuple[ReviewHandler, ReviewItem]:
    """The handler and the locked row, for those who review where the target is now."""
    handler = handler_for(item.target_type)
    if not policies.can_decide(viewer, handler.container_token(item.target_id)):
        raise NotAllowed(_("Only the moderators of this space decide here."))
    return handler, ReviewItem.objects.select_for_update(of=("self",)).select_related("decided_by").get(pk=item.pk)


def _recount(item: ReviewItem) -> None:
    """Weight and number of what is open; the version moves so that an open page knows."""
    flags = item.flags.filter(state=Flag.State.OPEN)
    item.score = round(flags.aggregate(total=Sum("weight"))["total"] or 0.0, 1)
    item.flag_count = flags.count()
    item.save(update_fields=["score", "flag_count"])


def _close_flags(item: ReviewItem, decision: ReviewDecision) -> list[int]:
    """Settle the open flags by this decision; returns the people behind them."""
    flags = item.flags.filter(state=Flag.State.OPEN)
    flaggers = [pk for pk in flags.values_list("reporter_id", flat=True) if pk]
    state = Flag.State.UPHELD if decision.action == ReviewDecision.Action.REMOVE else Flag.State.DECLINED
    flags.update(state=state, closed_by=decision)
    return sorted(flaggers)


def _move_on(item: ReviewItem, state: str) -> None:
    item.state = state
    item.version += 1
    item.save(update_fields=["state", "version", "opened_at", "decided_at", "decided_by"])


def _main_reason(item: ReviewItem) -> str:
    """The reason with the most weight among all flags, for the author."""
    weights = item.flags.order_by().values("reason").annotate(total=Sum("weight")).order_by("-total", "reason")
    return weights[0]["reason"] if weights else Reason.OTHER


def _what_happened(item: ReviewItem) -> str:
    name = str(item.decided_by) if item.decided_by else _("Somebody")
    match item.state:
        case ReviewItem.State.KEPT:
            return _("%(name)s has kept this in the meantime. Nothing was changed by you.") % {"name": name}
        case ReviewItem.State.REMOVED:
            return _("%(name)s has removed this in the meantime. Nothing was changed by you.") % {"name": name}
    return _("This changed in the meantime: it is open again. Look at it once more.")
