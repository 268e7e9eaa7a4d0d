"""What happens around belonging to a space, told to those it concerns: who asks, who was let in, who is invited."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from accounts.events.models import Event
from accounts.events.registry import subscribe
from accounts.models import User
from accounts.viewer import Viewer
from community.notifications import services
from community.notifications.models import Notification
from community.notifications.registry import Message, register_message
from community.spaces.models import Space, SpaceInvitation, SpaceRequest
from community.spaces.policies import can_manage_people
from community.spaces.selectors import deciders

Answer = dict[int, Message]


def register() -> None:
    """Called once, by the room's AppConfig."""
    register_message("space.asked", "user-plus", resolve_asked)
    register_message("space.let_in", "door-open", _of_space(lambda: _("You belong to “%(space)s” now.")))
    register_message("space.declined", "door-closed", _of_space(lambda: _("You were not let into “%(space)s”.")))
    register_message("space.invited", "mail-open", resolve_invited)
    subscribe("space.asked", tell_of_asked, name="notifications.space-asked")
    for name in ("space.let_in", "space.declined"):
        subscribe(name, tell_of_decision, name=f"notifications.{name.replace('.', '-')}")
    subscribe("space.invited", tell_of_invited, name="notifications.space-invited")


def tell_of_asked(event: Event) -> None:
    """The space's reviewers; where it has none, the admins."""
    space_id = event.target_id or 0
    _tell(event, deciders(space_id), ("spacerequest", event.data["request"]), thread=f"space:{space_id}")


def tell_of_decision(event: Event) -> None:
    """Whoever asked; who decided is for the reviewers to know."""
    _tell(event, [event.data["user"]], ("space", event.target_id or 0), has_actor=False)


def tell_of_invited(event: Event) -> None:
    _tell(event, [event.data["user"]], ("spaceinvitation", event.data["invitation"]))


def _tell(
    event: Event, user_ids: Iterable[int], target: tuple[str, int], *, thread: str = "", has_actor: bool = True
) -> None:
    services.notify(
        kind=event.name, user_ids=user_ids, actor_id=event.actor_id if has_actor else None, target=target,
        key=f"{event.name}:{event.pk}", thread=thread, at=event.created_at,
    )  # fmt: skip


def resolve_asked(viewer: Viewer, rows: list[Notification]) -> Answer:
    """Only what still waits, for those who still decide."""
    found = SpaceRequest.objects.filter(pk__in={row.target_id for row in rows}, declined_at=None)
    asked = {one.pk: one for one in found.select_related("space", "user")}
    told: Answer = {}
    for row in rows:
        one = asked.get(row.target_id)
        if one is not None and can_manage_people(viewer, one.space):
            text = _("%(name)s asks to join “%(space)s”") % {"name": one.user, "space": one.space.name}
            told[row.pk] = Message(
                text=text, url=f"{one.space.get_absolute_url()}members/", actor_name=str(one.user), excerpt=one.note,
                where=one.space.name,
            )  # fmt: skip
    return told


def resolve_invited(viewer: Viewer, rows: list[Notification]) -> Answer:
    """One's own invitations while they are open: to nobody else does the space exist."""
    found = SpaceInvitation.objects.visible_to(viewer).open().filter(pk__in={row.target_id for row in rows})
    told: Answer = {}
    for invitation in found.select_related("space", "invited_by"):
        inviter: User | None = invitation.invited_by
        values = {"name": inviter or _("Somebody"), "space": invitation.space.name}
        message = Message(
            text=_("%(name)s invites you to “%(space)s”") % values, url=invitation.get_absolute_url(),
            actor_name=str(inviter or ""),
        )  # fmt: skip
        told |= {row.pk: message for row in rows if row.target_id == invitation.pk}
    return told


def _of_space(wording: Callable[[], str]) -> Callable[[Viewer, list[Notification]], Answer]:
    """A sentence about a space that the viewer may read."""

    def resolve(viewer: Viewer, rows: list[Notification]) -> Answer:
        spaces = Space.objects.visible_to(viewer).in_bulk({row.target_id for row in rows})
        return {
            row.pk: Message(text=wording() % {"space": space.name}, url=space.get_absolute_url(), where=space.name)
            for row in rows if (space := spaces.get(row.target_id)) is not None
        }  # fmt: skip

    return resolve
