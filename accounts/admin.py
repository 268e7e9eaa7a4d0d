"""Django's admin for the operator: people and where they belong are changed through the services, the rest is shown."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts import services
from accounts.models import ApiToken, Organisation, OutboundEmail, User
from accounts.services.people import ROLES
from accounts.viewer import viewer_for


class ShownOnly(admin.ModelAdmin):
    """Rows that only services write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    """Name, company, groups and roles of a person; each change is a service call and stands in the log."""

    list_display = [
        "display_name",
        "username",
        "email",
        "organisation",
        "role_label",
        "trust_level",
        "is_active",
        "date_joined",
    ]
    list_filter = ["is_moderator", "is_agent", "is_manager", "is_superuser", "is_active", "trust_level"]
    search_fields = ["display_name", "username", "email"]
    list_select_related = ["organisation"]
    autocomplete_fields = ["organisation"]
    filter_horizontal = ["groups"]
    fields = [
        "username", "email", "display_name", "headline", "about", "organisation", "groups",
        *ROLES.values(), "trust_level", "is_active", "date_joined", "last_login",
    ]  # fmt: skip
    readonly_fields = ["username", "email", "trust_level", "is_active", "date_joined", "last_login"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        viewer, wanted, user = viewer_for(request.user), form.cleaned_data, User.objects.get(pk=obj.pk)  # type: ignore[arg-type]
        services.profile_update(
            viewer=viewer,
            user=user,
            display_name=wanted["display_name"],
            headline=wanted["headline"],
            about=wanted["about"],
        )
        services.organisation_set(viewer=viewer, user=user, organisation=wanted["organisation"])
        for role, field in ROLES.items():
            if not (role == "admin" and user.pk == viewer.user_id):  # nobody locks themselves out here
                services.role_set(viewer=viewer, user=user, role=role, on=wanted[field])

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        viewer, user = viewer_for(request.user), form.instance  # type: ignore[arg-type]
        before, after = set(user.groups.all()), set(form.cleaned_data["groups"])
        for group in after - before:
            services.group_add_member(viewer=viewer, group=group, user=user)
        for group in before - after:
            services.group_remove_member(viewer=viewer, group=group, user=user)


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):
    """Added through the service; the plan comes from the CRM."""

    list_display = ["name", "slug", "plan", "created_at"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        made = services.organisation_create(
            viewer=viewer_for(request.user), name=obj.name, slug=obj.slug, plan=obj.plan
        )  # type: ignore[arg-type]
        obj.pk = made.pk


@admin.register(ApiToken)
class ApiTokenAdmin(ShownOnly):
    """Who holds keys; an admin can revoke them."""

    list_display = ["prefix", "user", "name", "scopes", "created_at", "last_used_at", "revoked_at"]
    list_select_related = ["user"]
    exclude = ["digest"]
    actions = ["revoke"]

    @admin.action(description="Revoke the chosen tokens", permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: Any) -> None:
        viewer = viewer_for(request.user)  # type: ignore[arg-type]
        if not viewer.is_admin:
            raise PermissionDenied
        for token in queryset.select_related("user"):
            services.token_revoke(viewer=viewer, token=token)


@admin.register(OutboundEmail)
class OutboundEmailAdmin(ShownOnly):
    """Mails that wait, went out or failed. Their links are secrets, so the text is not shown."""

    list_display = ["subject", "recipient", "state", "attempts", "created_at", "sent_at", "last_error"]
    list_filter = ["state"]
    exclude = ["message", "text"]


class NamedGroupAdmin(GroupAdmin):
    """Groups open spaces and sections; Django's permissions in them matter only for /cms/."""

    list_display = ["name"]


admin.site.unregister(Group)
admin.site.register(Group, NamedGroupAdmin)
admin.site.site_header = admin.site.site_title = "Threadwell"
