from django.contrib import admin

from accounts.uploads.models import Upload


@admin.register(Upload)
class UploadAdmin(admin.ModelAdmin):
    """To look at: services write."""

    list_display = ["name", "kind", "size", "owner", "created_at", "expires_at"]
    list_filter = ["kind"]
    search_fields = ["name", "owner__username"]
    list_select_related = ["owner"]
    exclude = ["text"]

    def get_queryset(self, request):
        return super().get_queryset(request).for_page()

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
