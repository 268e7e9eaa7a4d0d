"""A look at who was told what; nothing can be changed here."""

from django.contrib import admin

from community.notifications.models import Notification


@admin.register(Notification)
class NotificationAdmin(admin.ModelAdmin):
    list_display = ["user", "number", "kind", "thread", "count", "created_at", "read_at", "hidden_at"]
    list_filter = ["kind"]
    list_select_related = ["user"]
    search_fields = ["=user__username"]

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
