"""What the floor itself holds about a person: the profile, addresses, keys, sign-ins, drafts, mails, the log."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.drafts.contexts import spots
from accounts.drafts.models import Draft
from accounts.events.models import Event
from accounts.ignoring.models import Ignore
from accounts.models import ApiToken, OutboundEmail, User
from accounts.services.avatars import FOLDER
from accounts.takeout.models import Takeout
from accounts.takeout.parts import Row, Taker, register_files, register_left_out, register_part

PLACE: Final = 100  # what people keep to themselves stands after what they wrote


def register_all() -> None:
    """Called once the tables are known."""
    register_part(
        "profile", label=_("Profile"), place=0, rows=lambda taker: User.objects.filter(pk=taker.user.pk), show=profile,
        columns=[("accounts.User_groups", "user")],
    )  # fmt: skip
    register_part(
        "addresses", label=_("E-mail addresses"), place=1, show=addresses, columns=[("account.EmailAddress", "user")],
        rows=lambda taker: EmailAddress.objects.filter(user=taker.user),
    )  # fmt: skip
    register_part(
        "drafts", label=_("Drafts"), place=PLACE, show=drafts, columns=[("drafts.Draft", "owner")],
        rows=lambda taker: Draft.objects.filter(owner=taker.user),
    )  # fmt: skip
    register_part(
        "ignored", label=_("People you mute or ignore"), place=PLACE, show=ignored,
        columns=[("ignoring.Ignore", "owner")],
        rows=lambda taker: Ignore.objects.filter(owner=taker.user).select_related("person"),
    )  # fmt: skip
    register_part(
        "tokens", label=_("API tokens"), place=PLACE, show=tokens, columns=[("accounts.ApiToken", "user")],
        rows=lambda taker: ApiToken.objects.filter(user=taker.user),
    )  # fmt: skip
    register_part("sign-ins", label=_("Where you are signed in"), place=PLACE, rows=sessions, show=sign_ins)
    register_part("mails", label=_("Mails that we sent you"), place=PLACE, rows=mails_of, show=mails)
    register_part("events", label=_("What was logged"), place=PLACE + 1, rows=events_of, show=events)
    register_part(
        "copies", label=_("Copies of your data"), place=PLACE, show=copies, columns=[("takeout.Takeout", "person")],
        rows=lambda taker: Takeout.objects.filter(person=taker.user),
    )  # fmt: skip
    register_files(picture)
    _leave_out()


def _leave_out() -> None:
    register_left_out("accounts.User_user_permissions", ["user"], "rights in Django's admin, not used here")
    register_left_out("admin.LogEntry", ["user"], "what staff changed of others in Django's admin")
    register_left_out("ignoring.Ignore", ["person"], "who ignores somebody is for them alone to know")
    register_left_out("erasing.LegalHold", ["person"], "that there is one is told where one erases; why is for staff")
    register_left_out("erasing.LegalHold", ["set_by"], "what staff did about somebody else")
    register_left_out("takeout.Takeout", ["asked_by"], "what staff did for somebody else")


def profile(taker: Taker, rows: Sequence[User]) -> list[Row]:
    return [
        {
            "title": str(user), "username": user.username, "email": user.email, "headline": user.headline,
            "address": settings.SITE_URL + user.get_absolute_url(), "joined_at": user.date_joined,
            "last_sign_in_at": user.last_login, "trust_level": user.get_trust_level_display(),
            "roles": sorted(user.roles), "company": user.organisation.name if user.organisation else None,
            "groups": list(user.groups.order_by("name").values_list("name", flat=True)),
            "is_closed": not user.is_active, "picture": f"files/{_picture(user)}" if user.avatar else None,
            "brought_from": user.imported_from, "text": user.about,
        }
        for user in rows
    ]  # fmt: skip


def picture(taker: Taker) -> Iterable[tuple[str, str]]:
    """The picture of the profile."""
    if taker.user.avatar:
        yield _picture(taker.user), f"{FOLDER}/{taker.user.avatar}"


def _picture(user: User) -> str:
    return f"picture.{user.avatar.rpartition('.')[2]}"


def addresses(taker: Taker, rows: Sequence[EmailAddress]) -> list[Row]:
    return [{"title": row.email, "is_confirmed": row.verified, "is_primary": row.primary} for row in rows]


def drafts(taker: Taker, rows: Sequence[Draft]) -> list[Row]:
    """Where it would stand, while they may see that."""
    found = spots(taker.viewer, {row.context for row in rows})
    return [
        {
            "title": row.title, "for": found[row.context].label if row.context in found else None, "tags": row.tags,
            "begun_at": row.created_at, "saved_at": row.updated_at, "text": row.body,
        }
        for row in rows
    ]  # fmt: skip


def ignored(taker: Taker, rows: Sequence[Ignore]) -> list[Row]:
    return [
        {"title": f"@{row.person.username}", "level": row.level, "since": row.created_at, "until": row.until}
        for row in rows
    ]


def tokens(taker: Taker, rows: Sequence[ApiToken]) -> list[Row]:
    """Nothing by which one could be used."""
    return [
        {
            "title": row.name, "scopes": row.scopes, "made_at": row.created_at, "last_used_at": row.last_used_at,
            "ended_at": row.revoked_at,
        }
        for row in rows
    ]  # fmt: skip


def sessions(taker: Taker) -> QuerySet[Session]:
    """Of everybody: whose one is stands inside it."""
    return Session.objects.filter(expire_date__gt=timezone.now())


def sign_ins(taker: Taker, rows: Sequence[Any]) -> list[Row]:
    own = [row for row in rows if row.get_decoded().get(SESSION_KEY) == str(taker.user.pk)]
    return [{"ends_at": row.expire_date} for row in own]


def mails_of(taker: Taker) -> QuerySet[OutboundEmail]:
    emails = {email for email in EmailAddress.objects.filter(user=taker.user).values_list("email", flat=True)}
    wanted = Q(recipient__iexact=taker.user.email) if taker.user.email else Q(pk__in=[])
    for email in sorted(emails):
        wanted |= Q(recipient__iexact=email)
    return OutboundEmail.objects.filter(wanted).defer("message", "text")


def mails(taker: Taker, rows: Sequence[OutboundEmail]) -> list[Row]:
    """That they went out, and where to. Their texts lie in the person's own mailbox; here they may hold keys."""
    return [
        {"title": row.recipient, "queued_at": row.created_at, "sent_at": row.sent_at, "state": row.state}
        for row in rows
    ]


def events_of(taker: Taker) -> QuerySet[Event]:
    """What they did, and what was done with their account; about what others did with their things, see there."""
    about = Q(target_type="user", target_id=taker.user.pk, name__startswith="user.")
    return Event.objects.filter(Q(actor_id=taker.user.pk) | about).defer("data")


def events(taker: Taker, rows: Sequence[Event]) -> list[Row]:
    """Without who else it was."""
    return [
        {
            "title": row.name, "at": row.created_at, "what": " ".join(filter(None, [row.target_type, _number(row)])),
            "is_by_you": row.actor_id == taker.user.pk,
        }
        for row in rows
    ]  # fmt: skip


def _number(row: Event) -> str:
    return str(row.target_id) if row.target_id is not None else ""


def copies(taker: Taker, rows: Sequence[Takeout]) -> list[Row]:
    return [
        {"asked_at": row.asked_at, "is_asked_by_you": row.asked_by_id == taker.user.pk, "ready_at": row.ready_at,
         "fetched_at": row.fetched_at, "state": row.state}
        for row in rows
    ]  # fmt: skip
