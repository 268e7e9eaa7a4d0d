"""Events in the admin: to look at; what changes goes through the pages, so that those who go are told."""

from django.contrib import admin

from community.calendar.models import CalendarEvent


@admin.register(CalendarEvent)
class CalendarEventAdmin(admin.ModelAdmin):
    list_display = ["topic", "starts_at", "zone", "going_count", "cancelled_at"]
    list_select_related = ["topic"]
    search_fields = ["topic__title"]

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
