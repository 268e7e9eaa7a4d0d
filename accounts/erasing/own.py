"""The rules for what the floor itself keeps: accounts, addresses, keys, mails, sessions, the log."""

from __future__ import annotations

from importlib import import_module
from itertools import islice
from typing import Final

from allauth.account.internal.flows.login import _AUTHENTICATION_METHODS_USER_SESSION_KEY
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db.models import Q

from accounts.erasing.names import Traces
from accounts.erasing.rules import (
    PIECE,
    leave_empty,
    let_go,
    register_errand,
    register_link,
    register_text,
)
from accounts.models import OutboundEmail

PROGRESS: Final = "accounts.erasing.sessions:{}"


def register_all() -> None:
    """Called once the tables are known."""
    register_link("accounts.ApiToken", "user", let_go)
    register_link("account.EmailAddress", "user", let_go)
    register_link("accounts.User_groups", "user", let_go)
    register_link("accounts.User_user_permissions", "user", let_go)
    register_link("admin.LogEntry", "user", let_go)
    register_link("drafts.Draft", "owner", let_go)
    register_link("ignoring.Ignore", "owner", let_go)
    register_link("ignoring.Ignore", "person", let_go)
    register_link("erasing.LegalHold", "person", let_go)
    register_link("erasing.LegalHold", "set_by", leave_empty)
    register_text("accounts.User", "headline", "about", "about_html")
    register_text("accounts.ApiToken", "name")
    register_text("admin.LogEntry", "object_repr", "change_message")
    register_text("drafts.Draft", "title", "body", "tags")
    register_text("erasing.LegalHold", "reason")
    register_text("events.Event", "data")
    register_text("events.Delivery", "last_error")
    register_errand("mails", mails_go)
    register_errand("log entries", log_entries_go)
    register_errand("sessions", sessions_go)


def mails_go(traces: Traces) -> bool:
    """Mails to them; and mails to others that went out and name them, or that wait and surely name them.

    Nobody misses these: the bell says the same, and its words are made anew each time.
    """
    rows = OutboundEmail.objects.filter(traces.held_in(("recipient", "subject", "text")) | _plainly(traces))
    found = rows.defer("message").order_by("pk").iterator(chunk_size=PIECE)
    doomed = list(islice((row.pk for row in found if _names(traces, row)), PIECE))
    OutboundEmail.objects.filter(pk__in=doomed).delete()
    return len(doomed) == PIECE


def _plainly(traces: Traces) -> Q:
    """The product's own mails say a name as it is."""
    found = Q()
    for name in sorted(traces.plain):
        found |= Q(subject__contains=name) | Q(text__contains=name)
    return found


def _names(traces: Traces, mail: OutboundEmail) -> bool:
    if mail.recipient.lower() in traces.emails:
        return True
    text = f"{mail.subject}\n{mail.text}"
    if mail.state == OutboundEmail.State.WAITING:
        return traces.neutral(text) != text
    return traces.is_named_in(text)


def log_entries_go(traces: Traces) -> bool:
    """Django admin's lines about the person call them by their name; the events keep what was done."""
    lines = LogEntry.objects.filter(content_type__app_label="accounts", object_id=str(traces.person_id))
    lines.filter(content_type__model="user").delete()
    return False


def sessions_go(traces: Traces) -> bool:
    """Their sign-ins, in the table and in the cache: a session holds the address that it began with.

    Those too that wait for the second step, of which nobody but allauth's record says whose they are.
    """
    place = PROGRESS.format(traces.person_id)
    after = cache.get(place, "")
    rows = list(Session.objects.filter(session_key__gt=after).order_by("session_key")[:PIECE])
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for row in rows:
        held = row.get_decoded()
        if str(traces.person_id) in (held.get(SESSION_KEY), held.get(_AUTHENTICATION_METHODS_USER_SESSION_KEY)):
            store(row.session_key).delete()
    if len(rows) < PIECE:
        cache.delete(place)
        return False
    cache.set(place, rows[-1].session_key, 3600)
    return True
