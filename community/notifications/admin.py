"""A look at who was told what; nothing can be changed here."""

from django.contrib import admin

from accounts.admin import ShownOnly
from community.notifications.models import Notification


@admin.register(Notification)
class NotificationAdmin(ShownOnly):
    list_display = ["user", "number", "kind", "thread", "count", "created_at", "read_at", "hidden_at"]
    list_filter = ["kind"]
    list_select_related = ["user"]
    search_fields = ["=user__username"]
