"""What waits, what was parked and what people look for, for operators. Read only, but for trying parked ones again."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from search.models import DirtyMark, EngineHold, SearchLog


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(DirtyMark)
class DirtyMarkAdmin(ReadOnlyAdmin):
    list_display = ("engine", "kind", "object_id", "state", "attempts", "next_attempt_at", "last_error")
    list_filter = ("state", "engine", "kind")
    actions = ("try_again",)

    @admin.action(description=_("Try again now"))
    def try_again(self, request: HttpRequest, queryset: QuerySet[DirtyMark]) -> None:
        queryset.update(state=DirtyMark.State.WAITING, attempts=0)


@admin.register(EngineHold)
class EngineHoldAdmin(ReadOnlyAdmin):
    list_display = ("engine", "failures", "until", "last_error")


@admin.register(SearchLog)
class SearchLogAdmin(ReadOnlyAdmin):
    list_display = ("text", "count", "engine", "is_degraded", "took_ms", "clicked_kind", "clicked_rank", "created_at")
    list_filter = ("engine", "is_degraded")
    search_fields = ("text",)
