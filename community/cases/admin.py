"""Cases in the admin: to look at. Work happens at the desk, where customers are told and history is kept."""

from django.contrib import admin

from community.cases.models import Case


@admin.register(Case)
class CaseAdmin(admin.ModelAdmin):
    list_display = ["number", "subject", "status", "priority", "customer", "organisation", "owner", "updated_at"]
    list_filter = ["status", "priority"]
    list_select_related = ["customer", "organisation", "owner"]
    search_fields = ["number", "subject"]

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
