"""What a person was told, in the copy of their data; and the telling that the copy is ready."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.events.models import Event
from accounts.events.registry import subscribe
from accounts.takeout.parts import Row, Taker, register_left_out, register_part
from accounts.viewer import Viewer
from community.notifications import selectors, services
from community.notifications.models import Notification
from community.notifications.registry import Message, register_message


def register_all() -> None:
    register_part(
        "notifications", label=gettext_lazy("Notifications"), place=80, show=notifications,
        columns=[("notifications.Notification", "user")],
        rows=lambda taker: Notification.objects.filter(user=taker.user).select_related("actor"),
    )  # fmt: skip
    register_left_out("notifications.Notification", ["actor"], "what others were told")
    register_left_out("notifications.Inbox", ["user"], "the number of the last notification")
    register_message("takeout.ready", "package-check", resolve_ready)
    subscribe("user.takeout_ready", tell_ready, name="notifications.takeout-ready")


def notifications(taker: Taker, rows: Sequence[Notification]) -> list[Row]:
    """Texts are made anew, as the list of notifications does: what they may not see any more says nothing."""
    lines = {line.row.pk: line.message for line in selectors.resolved(taker.viewer, rows)}
    return [
        {
            "title": lines[row.pk].text if row.pk in lines else None,
            "address": settings.SITE_URL + lines[row.pk].url if row.pk in lines else None,
            "kind": row.kind, "at": row.created_at, "read_at": row.read_at,
        }
        for row in rows
    ]  # fmt: skip


def tell_ready(event: Event) -> None:
    services.notify(
        kind="takeout.ready", user_ids=[event.target_id or 0], actor_id=None, target=("user", event.target_id or 0),
        key=f"takeout:{event.data['takeout']}", thread="takeout", at=event.created_at,
    )  # fmt: skip


def resolve_ready(viewer: Viewer, rows: list[Notification]) -> dict[int, Message]:
    """Their own, on which the password is asked for."""
    message = Message(text=_("The copy of your data is ready."), url=reverse("takeout:own"))
    return {row.pk: message for row in rows if row.target_id == viewer.user_id}
