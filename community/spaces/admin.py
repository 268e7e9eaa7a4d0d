from django.contrib import admin

from community.spaces.models import Space, SpaceMembership


class MembershipInline(admin.TabularInline):
    model = SpaceMembership
    extra = 0
    raw_id_fields = ["user"]


@admin.register(Space)
class SpaceAdmin(admin.ModelAdmin):
    list_display = ["name", "audience", "position", "topic_count", "is_archived"]
    list_filter = ["audience", "is_archived"]
    prepopulated_fields = {"slug": ["name"]}
    filter_horizontal = ["audience_groups", "audience_organisations"]
    readonly_fields = ["parent"]  # two levels, which the service keeps
    inlines = [MembershipInline]
