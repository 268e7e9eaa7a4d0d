"""Ideas in the admin: to look at; what changes goes through the pages, so that voters are told."""

from django.contrib import admin

from community.ideas.models import Idea, IdeaStatusChange


class ChangeInline(admin.TabularInline):
    model = IdeaStatusChange
    extra = 0
    can_delete = False
    readonly_fields = ["before", "after", "note", "changed_by", "changed_at"]

    def has_add_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Idea)
class IdeaAdmin(admin.ModelAdmin):
    list_display = ["topic", "status", "vote_count", "status_changed_at"]
    list_filter = ["status"]
    list_select_related = ["topic"]
    search_fields = ["topic__title"]
    readonly_fields = ["topic", "status", "merged_into", "status_changed_at", "vote_count", "imported_votes"]
    inlines = [ChangeInline]

    def has_add_permission(self, request) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False
