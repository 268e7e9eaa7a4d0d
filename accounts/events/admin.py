"""The operator's view of the log and of errands that were given up on, with a way to try them again."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.events.models import Delivery, Event
from accounts.events.services import replay_parked


class LogAdmin(admin.ModelAdmin):
    """Append-only: nothing is added, changed or deleted here."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Event)
class EventAdmin(LogAdmin):
    """Who did what, when, to what."""

    list_display = ["name", "actor_id", "target_type", "target_id", "is_quiet", "created_at"]
    list_filter = ["is_quiet", "target_type"]
    search_fields = ["name"]
    ordering = ["-pk"]


@admin.register(Delivery)
class DeliveryAdmin(LogAdmin):
    """Errands of subscribers; the parked ones failed too often and wait for someone to look."""

    list_display = ["subscriber", "event", "state", "attempts", "next_attempt_at", "last_error"]
    list_filter = ["state", "subscriber"]
    list_select_related = ["event"]
    ordering = ["-pk"]
    actions = ["replay"]

    @admin.action(description="Try the parked errands of these subscribers again", permissions=["view"])
    def replay(self, request: HttpRequest, queryset: Any) -> None:
        if not request.user.is_superuser:  # type: ignore[union-attr]
            raise PermissionDenied
        names = queryset.filter(state=Delivery.State.PARKED).values_list("subscriber", flat=True).distinct().order_by()
        count = sum(replay_parked(subscriber=name) for name in names)
        self.message_user(request, _("%d errands will be tried again.") % count, messages.SUCCESS)
