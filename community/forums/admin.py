"""Django's admin shows topics and posts; changing them is for services, so everything is read-only."""

from django.contrib import admin

from community.forums.models import Post, Topic


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False


@admin.register(Topic)
class TopicAdmin(ReadOnly):
    list_display = ["title", "space", "kind", "status", "reply_count", "last_posted_at"]
    list_filter = ["space", "kind", "status"]
    search_fields = ["title"]
    list_select_related = ["space"]


@admin.register(Post)
class PostAdmin(ReadOnly):
    list_display = ["topic", "number", "author", "status", "created_at"]
    list_filter = ["status"]
    list_select_related = ["topic", "author"]
