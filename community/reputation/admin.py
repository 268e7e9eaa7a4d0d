"""Standings in the admin: to look at; they are rebuilt from what they count."""

from django.contrib import admin

from community.reputation.models import Standing


@admin.register(Standing)
class StandingAdmin(admin.ModelAdmin):
    list_display = ["user", "points", "solutions", "helpful_votes", "accepted_others", "ideas_shipped", "counted_at"]
    list_select_related = ["user"]
    search_fields = ["user__username", "user__display_name"]

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
