"""Snippets in the admin: to look at; versions are saved through the pages, so that they are kept."""

from django.contrib import admin

from community.snippets.models import Snippet


@admin.register(Snippet)
class SnippetAdmin(admin.ModelAdmin):
    list_display = ["topic", "language", "number", "use_count", "changed_at"]
    list_filter = ["language"]
    list_select_related = ["topic"]
    search_fields = ["topic__title"]

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
