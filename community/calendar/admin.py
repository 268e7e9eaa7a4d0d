"""Events in the admin: to look at; what changes goes through the pages, so that those who go are told."""

from django.contrib import admin

from accounts.admin import ShownOnly
from community.calendar.models import CalendarEvent


@admin.register(CalendarEvent)
class CalendarEventAdmin(ShownOnly):
    list_display = ["topic", "starts_at", "zone", "going_count", "cancelled_at"]
    list_select_related = ["topic"]
    search_fields = ["topic__title"]
